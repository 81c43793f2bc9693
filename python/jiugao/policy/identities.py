"""Identities named anywhere in a policy come in; findings on strange ones go out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from jiugao.diagnostics import Related
from jiugao.policy.nearest import nearest, report_unknown
from jiugao.syntax import tree
from jiugao.syntax.nearest import distance

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jiugao.diagnostics import Diagnostics
    from jiugao.policy import model
    from jiugao.policy.gather import Gathered
    from jiugao.source import Span

TELLING = 3  # 一类 and 二类 differ by design; of longer names one letter may be wrong


def identity_names(gathered: Gathered) -> list[tree.Name]:
    """The identities that tilts, premium subsidies and examples name."""
    names: list[tree.Name] = []
    for benefit in gathered.of(tree.Benefit):
        for setting in benefit.node.settings:
            match setting:
                case tree.Tilt(who=who):
                    names.extend(who)
                case tree.By(rows=rows) if benefit.node.table is not None:
                    keys = [k for row in rows for k in row.keys]
                    names.extend(k for k in keys if isinstance(k, tree.Name))
                case _:
                    pass
    for example in gathered.of(tree.Example):
        for line in example.node.lines:
            match line:
                case tree.ExampleIdentity(identities=held):
                    names.extend(held)
                case tree.ExampleApplication(identity=asked):
                    names.append(asked)
                case _:
                    pass
    return names


def identities_elsewhere(gathered: Gathered) -> list[str]:
    """Without a standing table or a code list, naming an identity declares it."""
    return [name.text for name in identity_names(gathered)]


def in_table(gathered: Gathered) -> list[tree.Name]:
    """The identities that rows of the standing table name, held or excepted."""
    rows = (row for placed in gathered.of(tree.Standing) for row in placed.node.rows)
    return [name for row in rows for name in (*row.identities, *row.excepted)]


def check_identities(
    gathered: Gathered, declared: Sequence[str], found: Diagnostics
) -> None:
    """Identities named in tilts, subsidies and examples must be declared."""
    places = first_places(in_table(gathered))
    for name in identity_names(gathered):
        if name.text not in declared:
            near = nearest(name.text, declared)
            where = declared_at(places.get(near) if near else None)
            report_unknown(found, name.span, name.text, declared, *where)


def first_places(names: Iterable[tree.Name]) -> dict[str, Span]:
    """Where each name stands first."""
    places: dict[str, Span] = {}
    for name in names:
        places.setdefault(name.text, name.span)
    return places


def warn_of_identities(
    gathered: Gathered, people: model.Input | None, found: Diagnostics
) -> None:
    """W714, W715: identities of the standing table that may be misspelt.

    The table declares what it names, so that a wrong letter makes an identity that
    nobody holds. A name that stands once, and nowhere else, beside one of the table's
    that differs by a letter and is met more often; or a name that no code leads to.
    """
    written = in_table(gathered)
    count = Counter(name.text for name in written)
    rules = (n for node, n in gathered.named if not isinstance(node, tree.Standing))
    elsewhere = frozenset[str]().union(*rules)
    labels = frozenset(people.codes.values()) if people else frozenset[str]()
    known = elsewhere | labels
    sure = {name for name in (*count, *labels) if name in known or count[name] > 1}
    places = first_places(written)
    for text, place in places.items():
        if text in sure:
            continue
        near = next((other for other in sorted(sure) if one_letter(text, other)), None)
        if near is not None:
            where = declared_at(places.get(near))
            found.add("W714", place, *where, name=text, nearest=near)
        elif labels and people is not None:
            found.add("W715", place, *declared_at(people.span), name=text)


def declared_at(place: Span | None) -> tuple[Related, ...]:
    """The place of a declaration, where there is one."""
    return () if place is None else (Related(place, "declared"),)


def one_letter(name: str, other: str) -> bool:
    """Whether two names, long enough to tell, differ by one letter."""
    long = min(len(name), len(other)) >= TELLING
    return long and distance(name, other) == 1
