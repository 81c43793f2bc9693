"""The policy's head comes in; its force, its year and what it does not compute go out."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeVar

from jiugao.diagnostics import Diagnostics, Related
from jiugao.policy import model
from jiugao.policy.completeness import report_open
from jiugao.policy.expressions import Typing
from jiugao.policy.fold import known
from jiugao.policy.nearest import report_unknown
from jiugao.policy.scope import Place
from jiugao.syntax import tree
from jiugao.years import CALENDAR, Years

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiugao.policy.gather import Gathered, Placed
    from jiugao.policy.inputs import Columns
    from jiugao.policy.scope import Scope


Head = TypeVar("Head", tree.Force, tree.Year)
LEAP_DAY = (2, 29)


def read_force(
    gathered: Gathered, scope: Scope, found: Diagnostics
) -> model.Force | None:
    """The one 施行 that holds under the chosen readings."""
    live, unread = under_readings(gathered.of(tree.Force), scope, found)
    node = next(iter(live), None)
    if node is None:
        if not unread:
            name = gathered.main.name
            found.add("E603", name.span, name=name.text)
        return None
    start = day_of(node.start, scope, found)
    end = day_of(node.end, scope, found) if node.end else None
    if start is None or (node.end is not None and end is None):
        return None
    claims_from = node.lookback.value if node.lookback else start
    if end is not None and end < start:
        found.add("E618", node.span, name=gathered.main.name.text)
        return None
    if claims_from > start:
        assert node.lookback is not None
        found.add("E619", node.lookback.span)
    counted = node.counted.value if node.counted else None
    if node.counted is not None and counted is not None and counted >= claims_from:
        words = {"day": counted.isoformat(), "start": claims_from.isoformat()}
        words["name"] = gathered.main.name.text
        found.add("E455", node.counted.span, **words)
        counted = None
    return model.Force(start, end, claims_from, node.clauses, node.span, counted)


def under_readings(
    placed: Sequence[Placed[Head]], scope: Scope, found: Diagnostics
) -> tuple[list[Head], bool]:
    """The items that the chosen readings leave, and whether one could not be told.

    There is to be one; E420 for more.
    """
    typing = Typing(scope, found, Place.READING)
    live: list[Head] = []
    unread = False
    for node in (one.node for one in placed):
        if node.condition is not None:
            condition = typing.condition(node.condition)
            unread = unread or condition is None
            if not known(condition):
                continue
        live.append(node)
    for again in live[1:]:
        first = Related(live[0].span, "first")
        found.add("E420", again.span, first, text=again.span.text)
    return live, unread


def day_of(
    written: tree.Date | tree.Name, scope: Scope, found: Diagnostics
) -> dt.date | None:
    """A day of the head: written out, or the one day that a parameter gives."""
    if isinstance(written, tree.Date):
        return written.value
    parameter = scope.parameters.get(written.text)
    if parameter is None:
        if written.text in scope.unread:
            return None
        what = scope.what(written.text)
        if what is None:
            report_unknown(found, written.span, written.text, scope.parameters)
        else:
            words = {"name": written.text, "what": what, "wanted": "@parameter"}
            found.add("E306", written.span, **words)
        return None
    if parameter.kind is not model.Kind.DATE:
        kind = f"@{parameter.kind.value}"
        declared = Related(parameter.span, "declared")
        found.add("E301", written.span, declared, wanted="@date", found=kind)
        return None
    match parameter.values:
        case ():
            report_open(parameter, found)
            return None
        case (model.Dated(value=dt.date() as day),):
            return day
        case _:
            found.add("E640", written.span, name=parameter.name)
            return None


def read_year(
    gathered: Gathered, columns: Columns, scope: Scope, found: Diagnostics
) -> tuple[model.Input | None, Years]:
    """The date that decides a claim's day and benefit year, and when years begin."""
    live, unread = under_readings(gathered.of(tree.Year), scope, found)
    year = next(iter(live), None)
    if year is None:
        if not unread:
            name = gathered.main.name
            found.add("E604", name.span, name=name.text)
        return None, CALENDAR
    years = read_years(year, scope, found)
    by = year.by
    dates = {n: i for n, i in columns.claims.items() if i.kind is model.Kind.DATE}
    if by.text in dates:
        return dates[by.text], years
    if by.text in columns.claims:
        kind = f"@{columns.claims[by.text].kind.value}"
        found.add("E301", by.span, wanted="@date", found=kind)
    else:
        report_unknown(found, by.span, by.text, dates)
    return None, years


def read_years(node: tree.Year, scope: Scope, found: Diagnostics) -> Years:
    """Years that begin on the month and day of a date; never on 29 February."""
    day = day_of(node.start, scope, found) if node.start is not None else None
    if node.start is None or day is None:
        return CALENDAR
    if (day.month, day.day) == LEAP_DAY:
        found.add("E642", node.start.span, day=day.isoformat())
        return CALENDAR
    return Years(day.month, day.day)


def read_not_computed(gathered: Gathered) -> tuple[model.NotComputed, ...]:
    """不计算: clauses with the reason why no rule carries them."""
    nodes = (p.node for p in gathered.of(tree.NotComputed))
    return tuple(model.NotComputed(n.clauses, n.reason, n.span) for n in nodes)
