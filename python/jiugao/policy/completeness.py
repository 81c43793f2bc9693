"""The typed policy comes in; findings on what is missing or of no use go out.

Figures without a value, limits nobody draws on, benefits nothing reaches.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from jiugao.policy.cited import cited_words
from jiugao.policy.conditions import Fact, both, reach
from jiugao.policy.regimes import ONE_DAY, dated_on
from jiugao.policy.walk import (
    amounts_in,
    benefit_expressions,
    leaves,
    lists_in,
    parameters_in,
    policy_expressions,
)
from jiugao.syntax import tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jiugao.diagnostics import Diagnostics
    from jiugao.policy import model
    from jiugao.policy.gather import Gathered


def check_use(gathered: Gathered, found: Diagnostics) -> None:
    """Limits and parameters that nothing in the file names (examples aside)."""
    cases = (tree.Example, tree.ExampleSetting, tree.ExampleList)
    named = [(n, names) for n, names in gathered.named if not isinstance(n, cases)]
    for node, _ in named:
        elsewhere = (names for other, names in named if other is not node)
        match node:
            case tree.SharedLimit(name=name):
                if not any(name.text in names for names in elsewhere):
                    found.add("E616", node.span, name=name.text)
            case tree.Term(name=name):
                if not any(name.text in names for names in elsewhere):
                    found.add("W709", node.span, name=name.text)
            case tree.Parameter(name=name, code=code):
                known = {name.text, code}
                if not any(known & names for names in elsewhere):
                    found.add("W706", node.span, name=name.text)
            case _:
                pass


def check_pools(
    benefits: Sequence[model.Benefit],
    limits: Sequence[model.SharedLimit],
    found: Diagnostics,
) -> None:
    """W703: a shared limit that one benefit alone draws on, whatever the claim.

    Drawn on by some rows of the benefit only, it counts those: no limit of its own does;
    and beside another shared limit it says which lies inside which.
    """
    for limit in limits:
        drawn = [b for b in benefits if limit.name in shared_by(b)]
        if len(drawn) == 1 and always_alone(drawn[0], limit.name):
            found.add("W703", limit.span, name=limit.name, benefit=drawn[0].name)


def always_alone(benefit: model.Benefit, limit: str) -> bool:
    """Whether every row of a benefit draws on one shared limit and no other."""
    every = (leaf.value for leaf in leaves(benefit.limits))
    named = ({v.shared for v in value if v.shared} for value in every if value)  # type: ignore[union-attr]
    return all(names == {limit} for names in named)


def shared_by(benefit: model.Benefit) -> frozenset[str]:
    """The shared limits that a benefit draws on."""
    drawn: set[str] = set()
    for leaf in leaves(benefit.limits):
        if isinstance(leaf.value, tuple):
            drawn |= {v.shared for v in leaf.value if v.shared is not None}
    return frozenset(drawn)


def check_reached(
    benefits: Sequence[model.Benefit], force: model.Force, found: Diagnostics
) -> None:
    """E617: a benefit whose condition and tables no claim of the force can meet."""
    days = Fact("day", start=force.first, end=force.end or dt.date.max)
    for benefit in benefits:
        if not both(reach(benefit), [(days,)]):
            found.add("E617", benefit.span, name=benefit.name)


def check_deducted(policy: model.Policy, found: Diagnostics) -> None:
    """W708: a payment that no benefit deducts; W705: one from another expense."""
    benefits, paid = policy.benefits, policy.paid
    named = {name for b in benefits for name in b.less}
    expressions = [e for b in benefits for e in benefit_expressions(b)]
    expressions += [w.amount for w in policy.warnings]
    named |= {a.name for e in expressions for a in amounts_in(e)}
    for payment in paid:
        if payment.name not in named:
            found.add("W708", payment.span, name=payment.name)
    sources: dict[str, tuple[str, ...]] = {p.name: (p.out_of,) for p in paid}
    sources |= {b.name: tuple(part.expense for part in b.bases) for b in benefits}
    for benefit in benefits:
        for part in benefit.bases:
            for name in part.less:
                source = sources.get(name, (part.expense,))
                if part.expense not in source:
                    found.add(
                        "W705",
                        benefit.span,
                        benefit=benefit.name,
                        name=name,
                        source=tuple(source),
                        expense=part.expense,
                    )


def check_parameters(policy: model.Policy, found: Diagnostics) -> None:
    """Figures that live rules read have a value on every day of the force."""
    seen: set[tuple[str, bool]] = set()
    paying = policy_expressions(replace(policy, warnings=()))
    judging = {ref.parameter.name for e in paying for ref in parameters_in(e)}
    for expression in policy_expressions(policy):
        for ref in parameters_in(expression):
            key = (ref.parameter.name, ref.last_year)
            if key in seen:
                continue
            seen.add(key)
            if not ref.parameter.values:
                report_open(ref.parameter, found)
            else:
                late = "W707" if ref.parameter.name in judging else "W710"
                check_days(ref, policy.force, late, found)


def report_open(parameter: model.Parameter, found: Diagnostics) -> None:
    """E607 with the clause that leaves the figure open."""
    words = cited_words(parameter.cited)
    found.add("E607", parameter.span, name=parameter.name, **words)


def check_lists(policy: model.Policy, found: Diagnostics) -> None:
    """E658: a list that a live rule asks for and nobody gave."""
    asked = (one for e in policy_expressions(policy) for one in lists_in(e))
    for listed in {one.name: one for one in asked if one.source is None}.values():
        words = cited_words(listed.cited)
        found.add("E658", listed.span, name=listed.name, **words)


def check_days(
    ref: model.ParameterRef, force: model.Force, late: str, found: Diagnostics
) -> None:
    """E606 for a hole; `late` where an open force outlives the figures."""
    parameter = ref.parameter
    first = ref.asked(force.first)
    last = ref.asked(force.end) if force.end else None
    for hole_from, hole_to in holes(parameter, first, last):
        day, until = hole_from.isoformat(), "—" if hole_to is None else str(hole_to)
        words = {"name": parameter.name, "start": day, "end": until}
        # A force without an end outlives every figure.
        code = late if hole_to is None else "E606"
        found.add(code, parameter.span, **words)


def holes(
    parameter: model.Parameter, first: dt.date, last: dt.date | None
) -> Iterator[tuple[dt.date, dt.date | None]]:
    """Spans of days from `first` to `last` without a value; None is open."""
    day = first
    while last is None or day <= last:
        dated = dated_on(parameter, day)
        if dated is None:
            starts = [d.start for d in parameter.values if d.start and d.start > day]
            if not starts:
                yield day, last
                return
            until = min(starts) - ONE_DAY
            yield day, until if last is None else min(until, last)
            day = until + ONE_DAY
        elif dated.end is None:
            return
        else:
            day = dated.end + ONE_DAY
