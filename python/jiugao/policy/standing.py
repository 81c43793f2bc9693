"""Written standing tables come in; the classes in force, highest first, go out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.diagnostics import Diagnostics, Related
from jiugao.policy import model
from jiugao.policy.expressions import Typing
from jiugao.policy.fold import never
from jiugao.policy.gather import Gathered, Placed, cite
from jiugao.policy.identities import check_identities, identities_elsewhere
from jiugao.policy.scope import Place
from jiugao.syntax import tree

if TYPE_CHECKING:
    from jiugao.policy.inputs import Columns
    from jiugao.policy.scope import Scope
    from jiugao.source import Span

# Ten years: what a program may hold.
LONGEST_LOOKBACK = 120


@dataclass(frozen=True)
class Who:
    """The standing table, all names of its lines, and every identity declared."""

    standing: model.Standing | None
    name: str | None
    classes: tuple[str, ...]
    identities: tuple[str, ...]


def read_standing(
    gathered: Gathered, columns: Columns, scope: Scope, found: Diagnostics
) -> Who:
    """The one standing table, and identities from everywhere they are declared."""
    tables = gathered.of(tree.Standing)
    for again in tables[1:]:
        first = Related(tables[0].node.name.span, "first")
        found.add("E620", again.node.name.span, first, name=again.node.name.text)
    rows = tables[0].node.rows if tables else ()
    declared = [i.text for row in rows for i in (*row.identities, *row.excepted)]
    if columns.people is not None:
        declared.extend(columns.people.codes.values())
    if not declared:
        declared.extend(identities_elsewhere(gathered))
    else:
        check_identities(gathered, declared, found)
    identities = tuple(dict.fromkeys(declared))
    if not tables:
        return Who(None, None, (), identities)
    standing = read_table(tables[0], scope, found)
    classes = tuple(dict.fromkeys(row.name.text for row in rows))
    return Who(standing, tables[0].node.name.text, classes, identities)


def read_table(
    placed: Placed[tree.Standing], scope: Scope, found: Diagnostics
) -> model.Standing:
    """The lines in force under the chosen readings."""
    node = placed.node
    typing = Typing(scope, found, Place.READING)
    default = placed.cited(node.citation)
    classes: list[model.Class] = []
    unread = False
    for row in node.rows:
        if row.condition is not None:
            condition = typing.condition(row.condition)
            unread = unread or condition is None
            if never(condition):
                continue
        classes.append(read_row(row, default, found))
    if not unread:  # else it is open which rows are in force
        report_twice(classes, found)
    if node.best_of is not None:
        report_not_held_together(node.name.text, classes, found)
    elif len(classes) > 1 and not node.highest_only:
        found.add("E621", node.name.span, name=node.name.text)
    return model.Standing(
        node.name.text, tuple(classes), default, node.span, node.best_of
    )


def report_not_held_together(
    table: str, classes: list[model.Class], found: Diagnostics
) -> None:
    """E624: classes of 择优 are held by day, side by side; asked for or for life is not.

    An application brings accounts of its own, and labels for life exclude each other.
    """
    for one in classes:
        if one.on_application is not None or one.lifetime:
            found.add("E624", one.span, name=one.name, table=table)


def read_row(
    row: tree.StandingRow, default: model.Cited | None, found: Diagnostics
) -> model.Class:
    """One class."""
    application = None
    if row.lifetime and (row.on_application or row.lookback_months is not None):
        found.add("E623", row.span, name=row.name.text)
    elif row.on_application:
        months = row.lookback_months or 0
        if months > LONGEST_LOOKBACK:
            found.add("E626", row.span, name=row.name.text, months=str(months))
        application = model.OnApplication(months, row.once_a_year, row.unclassed_only)
    elif row.lookback_months is not None or row.once_a_year:
        found.add("E622", row.span, name=row.name.text)
    return model.Class(
        name=row.name.text,
        identities=tuple(i.text for i in row.identities),
        excepted=tuple(i.text for i in row.excepted),
        on_application=application,
        cited=cite(row.citation) or default,
        span=row.span,
        lifetime=row.lifetime,
    )


def report_twice(classes: list[model.Class], found: Diagnostics) -> None:
    """A class written twice, or an identity in a row that it can never lead to.

    That is where an earlier row names it and leaves out nobody whom this row takes. A
    label for life names its class, so it stands in one such row only.
    """
    names: dict[str, Span] = {}
    held: dict[str, list[model.Class]] = {}
    for one in classes:
        if one.name in names:
            found.add(
                "E204", one.span, Related(names[one.name], "first"), name=one.name
            )
        names.setdefault(one.name, one.span)
        for identity in one.identities:
            before = held.setdefault(identity, [])
            for other in before:
                for_life = other.lifetime and one.lifetime
                if for_life or set(other.excepted) <= set(one.excepted):
                    first = Related(other.span, "first")
                    found.add("E411", one.span, first, key=identity)
                    break
            before.append(one)
