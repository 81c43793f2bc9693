"""A program and the trace of one claim come in; the account of the claim goes out."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING

from jiugao.explain.model import (
    Account,
    Amount,
    Application,
    BenefitAccount,
    LimitState,
    Passage,
    Rounding,
    Threshold,
    Undone,
    UsedParameter,
    Who,
)
from jiugao.explain.registers import ClaimValues
from jiugao.explain.slices import scaled, slices
from jiugao.program.encode import digest

if TYPE_CHECKING:
    from jiugao.explain.trace import BenefitTrace, Trace
    from jiugao.program.body import Benefit, Figures, Place, Program

EPOCH = dt.date(1970, 1, 1)
TOTAL_COLUMN = "medfee_sumamt"


def account(program: Program, trace: Trace) -> Account:
    """Everything about one claim, by the program's own words and places."""
    values = ClaimValues(program, trace.registers)
    return Account(
        policy=program.policy.name,
        policy_code=program.policy.code,
        citation=program.policy.citation,
        digest=digest(program),
        settings=tuple(sorted(program.settings.items())),
        person=trace.person,
        settlement=trace.settlement,
        day=date(trace.day),
        year=trace.year,
        role=trace.role,
        reject=trace.reject,
        original=trace.original,
        total=values.column(TOTAL_COLUMN),
        who=who(program, trace),
        benefits=tuple(
            benefit_account(program, trace, b, values) for b in trace.benefits
        ),
        burden=trace.burden,
        excess=trace.excess,
        undone=tuple(
            Undone(benefit.name, before, after)
            for benefit, (before, after) in zip(
                program.benefits, trace.undone, strict=False
            )
        ),
    )


def date(days: int) -> dt.date:
    """Days since 1970-01-01 as a day."""
    return EPOCH + dt.timedelta(days=days)


def passage(program: Program, place: Place) -> Passage:
    """A place of the program file as file and line."""
    if place.span is None:
        return Passage(place.text, place.clauses, "", None)
    source, start, _ = place.span
    text = program.sources[source].text
    line = text.count("\n", 0, start) + 1
    return Passage(place.text, place.clauses, program.sources[source].name, line)


def who(program: Program, trace: Trace) -> Who:
    """The class that the claim is judged by, and what else the person held."""
    chosen = trace.judged_class
    named = program.classes[chosen] if chosen >= 0 else None
    window = trace.window
    return Who(
        day=date(trace.judged_day),
        standing=named.name if named else None,
        table=program.standing,
        held=tuple(program.identities[i] for i in trace.held),
        passed_over=tuple(program.classes[c].name for c in trace.also),
        application=Application(
            date(window.day),
            program.identities[window.identity],
            date(window.first),
            date(window.last),
            window.before,
        )
        if window
        else None,
        passage=passage(program, named.place) if named else None,
    )


def benefit_account(
    program: Program, trace: Trace, step: BenefitTrace, values: ClaimValues
) -> BenefitAccount:
    """One benefit on the claim, step by step."""
    benefit = program.benefits[step.benefit]
    base = scaled(step.base, benefit.base_scale)
    before, after = (scaled(s, benefit.base_scale) for s in step.s)
    figures = benefit.figures[step.row - 1] if step.row else None
    by_claim = figures is not None and figures.bands_by == "claim"
    start, end = (Fraction(0), base) if by_claim else (before, after)
    scale, rates = benefit.base_scale, benefit.rate_scale
    return BenefitAccount(
        name=benefit.name,
        code=benefit.code,
        payer=benefit.payer,
        passage=passage(program, benefit.place),
        outcome=outcome(benefit, step),
        in_words=figures.note if figures else "",
        scope=step.account,
        expense=benefit.expense,
        less=benefit.less,
        base_of=base_of(values, step.benefit),
        base=base,
        year_base=(before, after),
        threshold=threshold(program, benefit, figures, start, end),
        slices=slices(figures, start, end, scale, rates) if figures else (),
        bands_by=figures.bands_by if figures else "year",
        accrues=scaled(step.accrues, scale + rates),
        room=step.room,
        limits=limit_states(program, figures, step),
        uncovered=step.uncovered,
        cut=step.cut,
        rounding=rounding(benefit, step) if step.row else None,
        paid=step.paid,
        parameters=parameters(program, figures, date(trace.judged_day)),
        figure_passages=tuple(
            (name, passage(program, place)) for name, place in figures.places.items()
        )
        if figures
        else (),
    )


def outcome(benefit: Benefit, step: BenefitTrace) -> str:
    """What became of the benefit on this claim."""
    if not step.row:
        return "not_applicable"
    if benefit.settle == "year_end":
        return "deferred"
    return "paid" if step.paid else "nothing"


def base_of(values: ClaimValues, benefit: int) -> tuple[Amount, ...]:
    """The amounts that a benefit's base is made of; what is taken off is negative."""
    register = values.base(benefit)
    if register is None:
        return ()
    return tuple(Amount(t.name, t.sign * t.fen) for t in values.terms(register))


def threshold(
    program: Program,
    benefit: Benefit,
    figures: Figures | None,
    before: Fraction,
    after: Fraction,
) -> Threshold | None:
    """The deductible or gate of the row, with the base before and after the claim."""
    if figures is None:
        return None
    if figures.gate is not None:
        kind, name = str(figures.gate[1]), "gate"
        written, period = figures.gate[0], str(figures.gate[2])
    elif figures.deductible is not None:
        kind = name = "deductible"
        written, period = figures.deductible[0], str(figures.deductible[1])
    else:
        return None
    place = figures.places.get(name)
    return Threshold(
        kind=kind,
        amount=scaled(int(written), benefit.base_scale),
        period=period,
        before=before,
        after=after,
        passage=passage(program, place) if place else None,
    )


def limit_states(
    program: Program, figures: Figures | None, step: BenefitTrace
) -> tuple[LimitState, ...]:
    """Each limit of the row, before and after."""
    if figures is None:
        return ()
    found = []
    for use in step.limits:
        written = figures.limits[use.position]
        shared = program.limits[int(written[1])] if written[0] == "shared" else None
        found.append(
            LimitState(
                shared=shared.name if shared else None,
                period=shared.period if shared else str(written[0]),
                amount=use.amount,
                before=use.before,
                after=use.after,
            )
        )
    return tuple(found)


def rounding(benefit: Benefit, step: BenefitTrace) -> Rounding:
    """The exact totals before and after, and what was paid of them."""
    scale = benefit.base_scale + benefit.rate_scale
    return Rounding(
        mode=benefit.rounding.mode,
        each=benefit.rounding.each,
        unit=benefit.rounding.unit,
        exact_before=scaled(step.e[0], scale),
        exact_after=scaled(step.e[1], scale),
        rounded_before=step.p[0],
        rounded_after=step.p[1],
    )


def parameters(
    program: Program, figures: Figures | None, day: dt.date
) -> tuple[UsedParameter, ...]:
    """The parameters that the row's figures come from, as in force on the day."""
    names = figures.parameters if figures else ()
    found = []
    for parameter in program.parameters:
        if parameter.name not in names:
            continue
        for value in parameter.values:
            start = None if value.start is None else date(value.start)
            end = None if value.end is None else date(value.end)
            if (start is None or start <= day) and (end is None or day <= end):
                found.append(
                    UsedParameter(
                        parameter.name,
                        value.value,
                        start,
                        end,
                        parameter.assumption,
                        passage(program, value.place),
                    )
                )
    return tuple(found)
