"""Parsed files with a local overlay (细则) come in; the policy that they make goes out.

The overlay becomes the main policy and the base a part of it: what the overlay sets
takes the place of the base's parameters and lists, everything else is the base's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeGuard

from jiugao.dataclass import dataclass
from jiugao.diagnostics import Diagnostics, Related
from jiugao.policy.cited import cited_words
from jiugao.policy.nearest import report_unknown
from jiugao.syntax import tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiugao.source import Span

Set = tree.Parameter | tree.CodeList
# What an overlay holds as it is; all but Set and these would change the base.
KEPT = (
    tree.Citation,
    tree.NotComputed,
    tree.Example,
    tree.ExampleSetting,
    tree.ExampleList,
)


@dataclass(frozen=True)
class Declared:
    """A parameter or a list of the base, with the citation of its file."""

    node: Set
    default: tree.Citation | None

    @property
    def citation(self) -> tree.Citation | None:
        """Where the base says it."""
        return self.node.citation or self.default


def overlays_in(documents: Sequence[tree.Document]) -> tuple[tree.Overlay, ...]:
    """Every overlay of these files."""
    blocks = (block for document in documents for block in document.policies)
    return tuple(block for block in blocks if isinstance(block, tree.Overlay))


def overlaid(
    documents: Sequence[tree.Document], found: Diagnostics
) -> list[tree.Document]:
    """The files as they are, or with the one overlay set upon its base."""
    overlays = overlays_in(documents)
    if not overlays:
        return list(documents)
    overlay = overlays[0]
    for other in overlays[1:]:
        first = Related(overlay.name.span, "first")
        found.add("E679", other.name.span, first, name=other.name.text)
    base = base_of(documents)
    if base is None:
        found.add("E680", overlay.base.span, base=overlay.base.text)
        return list(documents)
    if isinstance(overlay.base, tree.Name) and overlay.base.text != base.code:
        report_unknown(found, overlay.base.span, overlay.base.text, (base.code,))
        return list(documents)
    return merged(documents, overlay, base, found)


def base_of(documents: Sequence[tree.Document]) -> tree.Policy | None:
    """The main policy of these files."""
    blocks = (block for document in documents for block in document.policies)
    mains = (b for b in blocks if isinstance(b, tree.Policy) and b.part_of is None)
    return next(mains, None)


def merged(
    documents: Sequence[tree.Document],
    overlay: tree.Overlay,
    base: tree.Policy,
    found: Diagnostics,
) -> list[tree.Document]:
    """The overlay as the main policy, the base's files as parts of it."""
    known = declared_in(documents)
    items = set_items(overlay, known, found)
    taken = {item.name.text for item in items if isinstance(item, Set)}
    named = taken | {i.name.text for i in overlay.items if is_shared_setting(i)}
    if head_of(overlay) is None:
        head = head_of(base)
        items = (head, *items) if head else items
    main = tree.Policy(overlay.span, overlay.name, overlay.code, None, items)

    def joined(block: tree.Block) -> tree.Block:
        if block is overlay:
            return main
        if not isinstance(block, tree.Policy):
            return block
        own = tuple(i for i in block.items if stays(i, taken, named))
        part = overlay.code if block is base or block.part_of == base.code else None
        return replace(block, part_of=part or block.part_of, items=own)

    return [
        replace(d, policies=tuple(joined(block) for block in d.policies))
        for d in documents
    ]


def stays(item: tree.Item, taken: set[str], named: set[str]) -> bool:
    """Whether an item of the base still holds: its examples have the base's figures."""
    if isinstance(item, Set):
        return item.name.text not in taken
    if is_shared_setting(item):
        return item.name.text not in named
    return not isinstance(item, tree.Example)


def is_shared_setting(
    item: tree.Item,
) -> TypeGuard[tree.ExampleSetting | tree.ExampleList]:
    """Whether an item sets a parameter or a list for every example."""
    return isinstance(item, tree.ExampleSetting | tree.ExampleList)


def head_of(block: tree.Block) -> tree.Citation | None:
    """The 依据 at the head of a file's policy."""
    return next((i for i in block.items if isinstance(i, tree.Citation)), None)


def declared_in(documents: Sequence[tree.Document]) -> dict[str, Declared]:
    """What the base declares, by name and code name."""
    known: dict[str, Declared] = {}
    for block in (b for d in documents for b in d.policies):
        if isinstance(block, tree.Policy):
            default = head_of(block)
            for item in (i for i in block.items if isinstance(i, Set)):
                known[item.name.text] = Declared(item, default)
                if isinstance(item, tree.Parameter) and item.code:
                    known[item.code] = known[item.name.text]
    return known


def set_items(
    overlay: tree.Overlay, known: dict[str, Declared], found: Diagnostics
) -> tuple[tree.Item, ...]:
    """The overlay's items; what it sets with all that the base says of it."""
    items: list[tree.Item] = []
    seen: dict[str, Span] = {}
    for item in overlay.items:
        if isinstance(item, KEPT):
            items.append(item)
        elif not isinstance(item, Set):
            found.add("E677", item.span, what=item.span.text.split("{")[0].strip())
        elif (base := declared(item, known, found)) is not None:
            name = base.node.name.text
            if name in seen:
                found.add(
                    "E204", item.name.span, Related(seen[name], "first"), name=name
                )
                continue
            seen[name] = item.name.span
            items.append(set_upon(item, base, found))
    return tuple(items)


def declared(
    item: Set, known: dict[str, Declared], found: Diagnostics
) -> Declared | None:
    """What the base declares under the name that an item sets."""
    same = {n: d for n, d in known.items() if isinstance(d.node, type(item))}
    name = item.name.text
    if name in known and name not in same:
        wanted, what = ("@parameter", "@list")
        if isinstance(item, tree.CodeList):
            wanted, what = what, wanted
        words = {"name": name, "what": what, "wanted": wanted}
        place = Related(known[name].node.name.span, "declared")
        found.add("E681", item.name.span, place, **words)
        return None
    if name not in same:
        report_unknown(found, item.name.span, name, same)
        return None
    return same[name]


def set_upon(item: Set, base: Declared, found: Diagnostics) -> Set:
    """An overlay's item under the base's name, kind, options, bounds and clauses."""
    check_lock(item, base, found)
    if isinstance(item, tree.CodeList) or not isinstance(base.node, tree.Parameter):
        if item.lock or (isinstance(item, tree.CodeList) and item.file is None):
            found.add("E678", item.span, name=item.name.text)
        name = replace(item.name, text=base.node.name.text)
        return replace(item, name=name, declared=base.citation)
    node = base.node
    parts = (item.options, item.bounds, item.lock, item.advice, item.code)
    if any(parts) or not item.values:
        found.add("E678", item.span, name=item.name.text)
    if node.advice is not None:
        advice = node.advice.text
        place = Related(node.advice.span, "declared")
        found.add("W711", item.span, place, name=node.name.text, advice=advice)
    return replace(
        node,
        span=item.span,
        name=replace(item.name, text=node.name.text),
        values=item.values,
        assumption=item.assumption,
        citation=item.citation,
        declared=base.citation,
        lock=None,
    )


def check_lock(item: Set, base: Declared, found: Diagnostics) -> None:
    """锁定 and 对细则锁定 of the base: an overlay sets neither."""
    node = base.node
    if node.lock is None:
        return
    code = "E673" if node.lock is tree.Lock.EVERYONE else "E682"
    place = Related(node.span, "declared")
    words = cited_words(base.citation)
    found.add(code, item.span, place, name=node.name.text, **words)
