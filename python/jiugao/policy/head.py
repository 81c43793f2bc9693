"""The policy's head comes in; its force, its year and what it does not compute go out."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from jiugao.diagnostics import Diagnostics, Related
from jiugao.policy import model
from jiugao.policy.completeness import report_open
from jiugao.policy.expressions import Typing
from jiugao.policy.fold import known
from jiugao.policy.nearest import report_unknown
from jiugao.policy.scope import Place
from jiugao.syntax import tree

if TYPE_CHECKING:
    from jiugao.policy.gather import Gathered
    from jiugao.policy.inputs import Columns
    from jiugao.policy.scope import Scope


def read_force(
    gathered: Gathered, scope: Scope, found: Diagnostics
) -> model.Force | None:
    """The one 施行 that holds under the chosen readings."""
    typing = Typing(scope, found, Place.READING)
    live: list[tree.Force] = []
    unread = False
    for placed in gathered.of(tree.Force):
        node = placed.node
        if node.condition is not None:
            condition = typing.condition(node.condition)
            unread = unread or condition is None
            if condition is None or not known(condition):
                continue
        live.append(node)
    if not live:
        if not unread:
            name = gathered.main.name
            found.add("E603", name.span, name=name.text)
        return None
    for again in live[1:]:
        first = Related(live[0].span, "first")
        found.add("E420", again.span, first, text=again.span.text)
    node = live[0]
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


def day_of(
    written: tree.Date | tree.Name, scope: Scope, found: Diagnostics
) -> dt.date | None:
    """A day of the force: written out, or the one day that a parameter gives."""
    if isinstance(written, tree.Date):
        return written.value
    parameter = scope.parameters.get(written.text)
    if parameter is None:
        what = scope.what(written.text)
        if what is not None and written.text not in scope.unread:
            words = {"name": written.text, "what": what, "wanted": "@parameter"}
            found.add("E306", written.span, **words)
        elif written.text not in scope.unread:
            report_unknown(found, written.span, written.text, scope.parameters)
        return None
    if parameter.kind is not model.Kind.DATE:
        kind = f"@{parameter.kind.value}"
        declared = Related(parameter.span, "declared")
        found.add("E301", written.span, declared, wanted="@date", found=kind)
        return None
    if not parameter.values:
        report_open(parameter, found)
        return None
    value = parameter.values[0].value
    if len(parameter.values) > 1 or not isinstance(value, dt.date):
        found.add("E640", written.span, name=parameter.name)
        return None
    return value


def read_year(
    gathered: Gathered, columns: Columns, found: Diagnostics
) -> model.Input | None:
    """The date that decides a claim's day and benefit year."""
    years = gathered.of(tree.Year)
    if not years:
        found.add("E604", gathered.main.name.span, name=gathered.main.name.text)
        return None
    for again in years[1:]:
        first = Related(years[0].node.span, "first")
        found.add("E420", again.node.span, first, text=again.node.span.text)
    by = years[0].node.by
    dates = {n: i for n, i in columns.claims.items() if i.kind is model.Kind.DATE}
    if by.text in dates:
        return dates[by.text]
    if by.text in columns.claims:
        kind = f"@{columns.claims[by.text].kind.value}"
        found.add("E301", by.span, wanted="@date", found=kind)
    else:
        report_unknown(found, by.span, by.text, dates)
    return None


def read_not_computed(gathered: Gathered) -> tuple[model.NotComputed, ...]:
    """不计算: clauses with the reason why no rule carries them."""
    nodes = (p.node for p in gathered.of(tree.NotComputed))
    return tuple(model.NotComputed(n.clauses, n.reason, n.span) for n in nodes)
