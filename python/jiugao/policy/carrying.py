"""承接 comes in; which totals of a replaced policy go on as what goes out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.diagnostics import Diagnostics, Related
from jiugao.policy import model
from jiugao.policy.completeness import shared_by
from jiugao.policy.expressions import Typing
from jiugao.policy.fold import known
from jiugao.policy.nearest import report_unknown
from jiugao.policy.scope import Place
from jiugao.syntax import tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jiugao.policy.gather import Gathered
    from jiugao.policy.scope import Scope
    from jiugao.source import Span

WANTED = "@carried"


@dataclass(frozen=True)
class Accumulating:
    """What a policy accumulates totals of, by every way of writing its name.

    A benefit with classes is one for each, with the class's number behind its code on both
    sides: what stands there in `old`. One that the readings leave out is none.
    """

    by_name: Mapping[str, tuple[model.CarriedTotal, ...]]


def accumulating(
    gathered: Gathered,
    benefits: Sequence[model.Benefit],
    choices: Sequence[model.Choice],
    limits: Sequence[model.SharedLimit],
) -> Accumulating:
    """Benefits, shared limits of a year, expenses and indicators by person and year."""
    found: dict[str, tuple[model.CarriedTotal, ...]] = {}
    codes = {b.name: b.code for b in benefits}
    wholes = {c.whole.name: c for c in choices if c.whole is not None}
    for placed in gathered.of(tree.Benefit):
        node = placed.node
        if node.table is not None:
            continue
        name, code = node.name.text, node.code or node.name.text
        whole = wholes.get(name)
        mine = [codes.get(n) for n in (whole.benefits if whole else (name,))]
        head = whole.whole.code if whole and whole.whole else ""
        totals = tuple(
            model.CarriedTotal("benefit", one, one.removeprefix(head) if head else "")
            for one in mine
            if one is not None
        )
        found[name] = found[code] = totals
    for limit in limits:
        found[limit.name] = (_of("limit", limit.name),)
    for expense in gathered.of(tree.Expense):
        name = expense.node.name.text
        found[name] = found[expense.node.code or name] = (_of("expense", name),)
    for indicator in gathered.of(tree.Indicator):
        name = indicator.node.name.text
        code = indicator.node.code or name
        if {n.text for n in indicator.node.by} == {"人", "年"}:
            found[name] = found[code] = (_of("indicator", code),)
    return Accumulating(found)


def _of(sort: str, new: str) -> model.CarriedTotal:
    return model.CarriedTotal(sort, new, "")


def read_carried(
    gathered: Gathered, scope: Scope, there: Accumulating, found: Diagnostics
) -> tuple[model.Carried, ...]:
    """Every 承接 that the chosen readings leave."""
    typing = Typing(scope, found, Place.READING)
    made: list[model.Carried] = []
    codes: dict[str, Span] = {}
    for placed in gathered.of(tree.Carried):
        node = placed.node
        totals = tuple(_totals(node, scope, there, found))
        holds = node.condition is None or known(typing.condition(node.condition))
        if not holds:
            continue
        if node.code == gathered.main.code:
            found.add("E520", node.name.span, name=node.name.text)
        elif node.code in codes:
            first = Related(codes[node.code], "first")
            found.add("E420", node.name.span, first, text=node.name.text)
        if not node.totals:
            found.add("E521", node.span, name=node.name.text)
        codes[node.code] = node.name.span
        cited = placed.cited(node.citation)
        made.append(model.Carried(node.name.text, node.code, totals, cited, node.span))
    return tuple(made)


def _totals(
    node: tree.Carried, scope: Scope, there: Accumulating, found: Diagnostics
) -> Iterator[model.CarriedTotal]:
    """Its lines; E522 for what stands twice on either side."""
    new: dict[str, Span] = {}
    old: dict[str, Span] = {}
    for line in node.totals:
        for seen, side in ((new, line.name), (old, line.old)):
            first = seen.setdefault(side.text, side.span)
            if first != side.span:
                found.add("E522", side.span, Related(first, "first"), name=side.text)
        name = line.name.text
        totals = there.by_name.get(name)
        what = scope.what(name)
        if totals is None and what is not None:
            span = line.name.span
            found.add("E306", span, name=name, what=what, wanted=WANTED)
        elif totals is None:
            report_unknown(found, line.name.span, name, there.by_name)
        for total in totals or ():
            yield replace(total, old=line.old.text + total.old)


def warn_of_carrying(policy: model.Policy, found: Diagnostics) -> None:
    """W712 where nothing can have been accumulated; W713 for a limit that begins at nothing."""
    first = policy.force.first
    begins = policy.years.first(policy.years.of(first))
    for carried in policy.carried:
        if first == begins:
            day = first.isoformat()
            found.add("W712", carried.span, name=carried.name, day=day)
        told = {(total.sort, total.new) for total in carried.totals}
        for benefit in policy.benefits:
            if ("benefit", benefit.code) not in told:
                continue
            for limit in sorted(shared_by(benefit)):
                if ("limit", limit) not in told:
                    words = {"name": benefit.name, "limit": limit}
                    found.add("W713", carried.span, **words)
