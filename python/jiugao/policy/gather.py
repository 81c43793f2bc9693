"""Parsed files come in; the items of one policy go out, with their files' citations."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

from jiugao.dataclass import dataclass
from jiugao.diagnostics import Diagnostics, Related
from jiugao.policy import model
from jiugao.policy.nearest import report_unknown
from jiugao.syntax import tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiugao.source import Source

N = TypeVar("N", bound=tree.Item)


@dataclass(frozen=True)
class Placed(Generic[N]):
    """An item with the citation of its file."""

    node: N
    default: model.Cited | None

    def cited(self, own: tree.Citation | None) -> model.Cited | None:
        """The item's own citation, else its file's."""
        return cite(own) or self.default


@dataclass(frozen=True)
class Gathered:
    """The policy's head and all items that belong to it, file by file."""

    main: tree.Policy
    cited: model.Cited | None
    placed: tuple[Placed[tree.Item], ...]
    profiles: tuple[tree.Profile, ...]
    sources: tuple[Source, ...]

    def of(self, kind: type[N]) -> tuple[Placed[N], ...]:
        """The items of one kind, in written order."""
        return tuple(
            Placed(p.node, p.default) for p in self.placed if isinstance(p.node, kind)
        )

    @cached_property
    def named(self) -> tuple[tuple[tree.Item, frozenset[str]], ...]:
        """Every item, and the names written anywhere inside it."""
        return tuple((p.node, names_in(p.node)) for p in self.placed)


def names_in(node: object) -> frozenset[str]:
    """Every name written anywhere inside a node."""
    names, left = set(), [node]
    while left:
        one = left.pop()
        if isinstance(one, tuple):
            left.extend(one)
        elif isinstance(one, tree.Name):
            names.add(one.text)
        else:
            kind: type = type(one)
            left.extend([getattr(one, part) for part in parts_of(kind)])
    return frozenset(names)


@cache
def parts_of(kind: type) -> tuple[str, ...]:
    """What nodes of a kind are made of, but for their place in the text."""
    made = fields(kind) if is_dataclass(kind) else ()
    return tuple(part.name for part in made if part.name != "span")


def cite(citation: tree.Citation | None) -> model.Cited | None:
    """A citation as later rooms read it."""
    if citation is None:
        return None
    return model.Cited(citation.text, citation.clauses, citation.span)


def gather(
    documents: Sequence[tree.Document],
    profile: tree.Profile,
    files: Sequence[Source],
    found: Diagnostics,
) -> Gathered | None:
    """One policy with the files that join it (属于), or None with what is wrong."""
    policies = [p for d in documents for p in d.policies if isinstance(p, tree.Policy)]
    profiles = [p for d in documents for p in d.policies if isinstance(p, tree.Profile)]
    mains = [p for p in policies if p.part_of is None]
    if not mains:
        found.add("E614", documents[0].span if documents else None)
        return None
    main = mains[0]
    for other in mains[1:]:
        declared = Related(main.name.span, "first")
        found.add("E615", other.name.span, declared, name=other.name.text)
    placed: list[Placed[tree.Item]] = []
    for policy in policies:
        if policy.part_of is not None and policy.part_of != main.code:
            span = policy.name.span
            report_unknown(found, span, policy.part_of, (main.code,))
        elif policy is main or policy.part_of is not None:
            default = head_citation(policy)
            placed.extend(Placed(item, default) for item in policy.items)
    sources = tuple(dict.fromkeys((*(d.span.source for d in documents), *files)))
    return Gathered(
        main, head_citation(main), tuple(placed), (profile, *profiles), sources
    )


def head_citation(policy: tree.Policy) -> model.Cited | None:
    """The 依据 that stands at the head of a file's policy."""
    heads = [item for item in policy.items if isinstance(item, tree.Citation)]
    return cite(heads[0]) if heads else None
