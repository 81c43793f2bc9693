"""A program and the trace of one claim come in; the account of the claim goes out."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from jiugao.explain.lists import list_tests
from jiugao.explain.model import (
    Account,
    Alternative,
    Amount,
    Application,
    BenefitAccount,
    LimitState,
    PartAccount,
    Paying,
    Rounding,
    Threshold,
    Undone,
    UsedParameter,
    Who,
)
from jiugao.explain.passages import passage
from jiugao.explain.registers import ClaimValues
from jiugao.explain.slices import scaled, slices
from jiugao.program.body import NO_DAY
from jiugao.program.dates import date
from jiugao.program.encode import digest

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from jiugao.explain.model import Begun
    from jiugao.explain.trace import BenefitTrace, Trace
    from jiugao.program.body import Benefit, Choice, Figures, Program

TOTAL_COLUMN = "medfee_sumamt"


def account(program: Program, trace: Trace, opening: Sequence[Begun] = ()) -> Account:
    """Everything about one claim, by the program's own words and places.

    `opening`: what the claim's year begins with.
    """
    values = ClaimValues(program, trace.registers)
    applied = values
    if trace.registers_applied:
        # What benefits pay is one amount for both ways of judging the claim.
        both = zip(trace.registers_applied, trace.registers, strict=True)
        applied = ClaimValues(program, [o if a is None else a for a, o in both])
    steps = {step.benefit: step for step in trace.benefits}
    told = []
    for position, _benefit in enumerate(program.benefits):
        step = steps.get(position)
        if step is None:
            told.append(untouched(program, trace, values, position))
        else:
            seen = applied if step.applied else values
            told.append(benefit_account(program, trace, step, seen))
    return Account(
        policy=program.policy.name,
        policy_code=program.policy.code,
        citation=program.policy.citation,
        digest=digest(program),
        settings=tuple(sorted(program.settings.items())),
        person=trace.row.person,
        settlement=trace.row.settlement,
        day=date(trace.day),
        year=trace.year,
        year_begins=program.years.begins(trace.year),
        role=trace.role,
        reject=trace.reject,
        original=trace.row.original,
        total=values.column(TOTAL_COLUMN),
        who=who(program, trace),
        benefits=tuple(told) if trace.role in {"settled", "reversed"} else (),
        burden=trace.burden,
        excess=trace.excess,
        undone=tuple(
            Undone(benefit.name, before, after)
            for benefit, (before, after) in zip(
                program.benefits, trace.undone, strict=False
            )
        ),
        paying=paying(program, trace),
        opening=tuple(opening),
    )


def paying(program: Program, trace: Trace) -> Paying | None:
    """To whom and by when, where the policy says so of this claim."""
    if trace.paying is None:
        return None
    payee, due, excess, replaced = trace.paying
    if payee == 0 and due == NO_DAY:
        return None
    name = program.payees[payee - 1] if payee else None
    rest = 0
    telling = program.outputs.paying
    if replaced and telling is not None and trace.role != "reversal":
        paid = sum(b.paid for b in trace.benefits if b.benefit in telling.benefits)
        rest = paid - replaced - excess
    return Paying(name, None if due == NO_DAY else date(due), excess, replaced, rest)


def alternative(program: Program, step: BenefitTrace) -> Alternative | None:
    """What a benefit of a choice offered."""
    if step.offered is None:
        return None
    choice = choice_of(program, step)
    place = passage(program, choice.place)
    return Alternative(choice.by, step.offered, step.taken, place)


def choice_of(program: Program, step: BenefitTrace) -> Choice:
    """The choice that an alternative belongs to."""
    return next(c for c in program.choices if step.benefit in c.benefits)


def who(program: Program, trace: Trace) -> Who:
    """The class that the claim is judged by, and what else the person held."""
    chosen = trace.standing
    named = program.classes[chosen] if chosen >= 0 else None
    window = trace.window
    held = [n for n in range(len(program.identities)) if trace.held >> n & 1]
    labels = [found.any_of for found in program.classes if found.lifetime]
    return Who(
        day=date(trace.day),
        standing=named.name if named else None,
        table=program.standing,
        held=tuple(program.identities[n] for n in held),
        for_life=tuple(
            program.identities[n] for n in held if any(row >> n & 1 for row in labels)
        ),
        passed_over=tuple(program.classes[c].name for c in trace.also),
        best_of=any(choice.whole is not None for choice in program.choices),
        application=Application(
            date(window.day),
            program.classes[window.standing].name,
            date(window.first),
            date(window.last),
            window.before,
        )
        if window
        else None,
        passage=passage(program, named.place) if named else None,
    )


def untouched(
    program: Program, trace: Trace, values: ClaimValues, position: int
) -> BenefitAccount:
    """A benefit that does not apply, or that waits for the year's end."""
    benefit = program.benefits[position]
    row = values.row(position)
    chosen = values.values[row] if row is not None else None
    deferred = benefit.settle == "year_end" and bool(chosen)
    parts = base_of(values, position) if deferred else ()
    return BenefitAccount(
        name=benefit.name,
        code=benefit.code,
        payer=benefit.payer,
        passage=passage(program, benefit.place),
        outcome="deferred" if deferred else "not_applicable",
        reason=None if deferred else why_not(benefit, trace, values, row),
        settle=benefit.settle,
        in_words="",
        scope="year",
        expense=benefit.expense,
        less=benefit.less,
        base_of=parts,
        base=max(Fraction(0), sum((p.amount for p in parts), Fraction(0))),
        year_base=None,
        threshold=None,
        slices=(),
        bands_by="year",
        accrues=Fraction(0),
        room=None,
        limits=(),
        uncovered=0,
        cut=None,
        rounding=None,
        paid=0,
        parameters=(),
        lists=list_tests(program, values, position, date(trace.day)),
        figure_passages=(),
    )


def why_not(
    benefit: Benefit, trace: Trace, values: ClaimValues, row: int | None
) -> str:
    """Why a benefit does not apply to the claim."""
    if row is not None and values.values[row]:
        return "before_application" if trace.window else "not_in_force"
    if row is not None and values.condition_fails(row):
        return "condition"
    if benefit.by_standing and trace.standing < 0:
        return "before_application" if trace.window else "no_standing"
    return "not_entitled"


def benefit_account(
    program: Program, trace: Trace, step: BenefitTrace, values: ClaimValues
) -> BenefitAccount:
    """One benefit on the claim, step by step."""
    benefit = program.benefits[step.benefit]
    base = scaled(step.base, benefit.base_scale)
    before, after = (scaled(s, benefit.base_scale) for s in step.s)
    figures = benefit.figures[step.row - 1]
    outcome = "counted" if step.counted else "paid" if step.paid else "nothing"
    parts = part_accounts(benefit, figures, step, values)
    by_claim = figures.bands_by == "claim"
    start, end = (Fraction(0), base) if by_claim else (before, after)
    scale, rates = benefit.base_scale, benefit.rate_scale
    return BenefitAccount(
        name=benefit.name,
        code=benefit.code,
        payer=benefit.payer,
        passage=passage(program, benefit.place),
        outcome=outcome,
        reason=None,
        settle=benefit.settle,
        in_words=figures.note,
        scope="application" if step.applied else "year",
        expense=" + ".join(p.name for p in benefit.parts) or benefit.expense,
        less=() if benefit.parts else benefit.less,
        base_of=base_of(values, step.benefit),
        base=base,
        year_base=(before, after),
        threshold=threshold(program, benefit, figures, start, end),
        slices=slices(figures, start, end, scale, rates),
        bands_by=figures.bands_by,
        accrues=scaled(step.accrues, scale + rates),
        room=step.room,
        limits=limit_states(program, figures, step),
        uncovered=step.uncovered,
        cut=step.cut,
        rounding=rounding(benefit, step),
        paid=step.paid,
        parameters=parameters(program, figures, judged_day(trace, step)),
        lists=list_tests(program, values, step.benefit, judged_day(trace, step)),
        figure_passages=tuple(
            (name, passage(program, place)) for name, place in figures.places.items()
        ),
        alternative=alternative(program, step),
        parts=parts,
        uneven=uneven(figures, step, parts, values),
    )


def part_accounts(
    benefit: Benefit, figures: Figures, step: BenefitTrace, values: ClaimValues
) -> tuple[PartAccount, ...]:
    """Every part of a base in parts."""
    if figures.parts is None or not step.parts:
        return ()
    scale, rates = benefit.base_scale, benefit.rate_scale
    found = []
    for number, part in enumerate(step.parts):
        rate = scaled(figures.parts.rates[number], rates)
        base = scaled(part.base, scale)
        accrues = part.accrues / 10 ** (scale + rates)
        register = values.base_of_part(step.benefit, number)
        terms = () if register is None else values.terms(register)
        written = benefit.parts[number]
        found.append(
            PartAccount(
                name=written.name,
                expense=written.expense,
                less=written.less,
                base_of=tuple(Amount(t.name, t.sign * t.fen) for t in terms),
                base=base,
                year_base=(scaled(part.s[0], scale), scaled(part.s[1], scale)),
                rate=rate,
                deductible=base - accrues / rate if rate else None,
                accrues=accrues,
                accrued=(
                    part.e[0] / 10 ** (scale + rates),
                    part.e[1] / 10 ** (scale + rates),
                ),
                year_paid=part.p,
                paid=part.paid,
            )
        )
    return tuple(found)


def uneven(
    figures: Figures,
    step: BenefitTrace,
    parts: tuple[PartAccount, ...],
    values: ClaimValues,
) -> str | None:
    """Why the claim may be paid below 0, or more than it has of the expense."""
    if step.base < 0 or any(part.base < 0 for part in parts):
        return "taken_back"
    if figures.gate is not None and figures.gate[2] == "year" and step.accrues:
        line, s = int(figures.gate[0]), step.s
        open_at = (lambda x: x > line) if figures.gate[1] == "over" else line.__le__
        if open_at(s[1]) and not open_at(s[0]):
            return "gate_opened"
    if any((part.deductible or 0) < 0 for part in parts):
        return "parts_again"
    if values.capped_by_year(step.benefit):
        return "by_year"
    return None


def judged_day(trace: Trace, step: BenefitTrace) -> dt.date:
    """The day whose figures hold: the application's in its window."""
    window = trace.window
    return date(window.day if step.applied and window else trace.day)


def base_of(values: ClaimValues, benefit: int) -> tuple[Amount, ...]:
    """The amounts that a benefit's base is made of; what is taken off is negative."""
    register = values.base(benefit)
    if register is None:
        return ()
    return tuple(Amount(t.name, t.sign * t.fen) for t in values.terms(register))


def threshold(
    program: Program,
    benefit: Benefit,
    figures: Figures,
    before: Fraction,
    after: Fraction,
) -> Threshold | None:
    """The deductible or gate of the row, with the base before and after the claim."""
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
    program: Program, figures: Figures, step: BenefitTrace
) -> tuple[LimitState, ...]:
    """Each limit of the row, before and after; what is not taken uses up none of it."""
    moved = step.taken or choice_of(program, step).by == "year"
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
                after=use.after if moved else use.before,
            )
        )
    return tuple(found)


def rounding(benefit: Benefit, step: BenefitTrace) -> Rounding:
    """The exact totals before and after, and what was paid of them."""
    scale = benefit.base_scale + benefit.rate_scale
    before, after = (
        sum((part.e[when] for part in step.parts), Fraction(0)) if step.parts else e
        for when, e in enumerate(step.e)
    )
    return Rounding(
        mode=benefit.rounding.mode,
        each=benefit.rounding.each,
        unit=benefit.rounding.unit,
        exact_before=Fraction(before) / 10**scale,
        exact_after=Fraction(after) / 10**scale,
        rounded_before=step.p[0],
        rounded_after=step.p[1],
    )


def parameters(
    program: Program, figures: Figures, day: dt.date
) -> tuple[UsedParameter, ...]:
    """The parameters that the row's figures come from, as in force on the day."""
    names = figures.parameters
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
                        parameter.kind,
                        value.value,
                        start,
                        end,
                        parameter.assumption,
                        passage(program, value.place),
                    )
                )
    return tuple(found)
