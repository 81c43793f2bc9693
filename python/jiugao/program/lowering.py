"""A checked policy comes in, its program goes out; what has no program is refused."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from jiugao.policy import model
from jiugao.program import body, days
from jiugao.program.caps import at_most, hold
from jiugao.program.chain import ClaimSection
from jiugao.program.closing import watch_section, year_sections
from jiugao.program.dates import number
from jiugao.program.expressions import whole
from jiugao.program.funds import funds_of, indicators_of, measured
from jiugao.program.isa import SPECS, Op
from jiugao.program.pools import KINDS, Pools
from jiugao.program.refusals import refuse
from jiugao.program.subsidies import enrolment_section

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jiugao.program.builder import Made

COMPILER = "jiugao 1"  # changes when equal policies begin to give other programs


def lower(
    policy: model.Policy, settings: Mapping[str, str] | None = None
) -> body.Program:
    """The program of a policy; `settings` are the ones it was checked with.

    Raises RulesError (E48x) for what a program cannot hold.
    """
    asked = policy.standing.span if policy.standing else policy.cited.span
    at_most("identities", len(policy.identities), "IDENTITIES", asked)
    pools = Pools(policy)
    for found in (*policy.inputs, policy.year_by, *policy.fund_columns):
        pools.input(found)
    claim, made, outputs, measures = claim_section(policy, pools)
    benefits = tuple(
        benefit_of(claim, position) for position in range(len(policy.benefits))
    )
    year, year_debug = year_sections(claim)
    watch, watch_debug = watch_section(claim)
    enrolment, counted, enrolment_debug = enrolment_section(policy, pools)
    program = body.Program(
        compiler=COMPILER,
        policy=body.Header(
            policy.code, policy.name, policy.cited.text, policy.cited.clauses
        ),
        settings=dict(settings or {}),
        sources=tuple(
            body.SourceText(s.name, s.digest, s.text) for s in policy.sources
        ),
        inputs=tuple(input_of(pools, found) for found in pools.inputs),
        day_input=pools.input(policy.year_by),
        fund_columns=tuple(pools.input(i) for i in claim.funds),
        identities=policy.identities,
        identity_codes={
            code: policy.identities.index(name)
            for code, name in policy.identity_codes.items()
            if name in policy.identities
        },
        standing=policy.standing.name if policy.standing else None,
        classes=tuple(class_of(pools, found) for found in pools.classes),
        force=force_of(policy.force),
        known_until=known_until(pools),
        change_days=(),
        order_dependent=policy.order_dependent,
        limits=tuple(limit_of(limit) for limit in policy.shared_limits),
        benefits=benefits,
        choices=tuple(choice_of(policy, pools, found) for found in policy.choices),
        tables=tuple(pools.tables),
        sets=tuple(pools.sets),
        dates=tuple(pools.dates),
        lists=tuple(pools.lists),
        tallies=tuple(pools.tallies),
        claim=body.Section(made.registers, made.code),
        year=year,
        watch=watch,
        enrolment=enrolment,
        outputs=outputs,
        payees=claim.paying.names,
        warnings=tuple(
            body.Warned(w.code, w.name, pools.place(w.cited, w.span))
            for w in policy.warnings
        ),
        subsidies=tuple(subsidy_of(pools, found) for found in policy.subsidies),
        measures=(*measures, *counted),
        funds=funds_of(policy, pools),
        indicators=indicators_of(policy, pools),
        parameters=tuple(parameter_of(pools, found) for found in policy.parameters),
        debug=(*made.debug, *year_debug, *watch_debug, *enrolment_debug),
        carried=tuple(
            body.Carried(
                one.code,
                one.name,
                tuple(body.CarriedTotal(t.sort, t.new, t.old) for t in one.totals),
                pools.place(one.cited, one.span),
            )
            for one in policy.carried
        ),
        years=policy.years,
    )
    return hold(policy, compacted(program))


def claim_section(
    policy: model.Policy, pools: Pools
) -> tuple[ClaimSection, Made, body.Outputs, tuple[body.Measure, ...]]:
    """The claim section, finished, with its output registers."""
    claim = ClaimSection(policy, pools)
    for position, benefit in enumerate(policy.benefits):
        claim.settle(position, benefit)
    burden, excess = claim.burden(), claim.excess()
    claim.tally_year(burden)
    paid = [register for register in claim.paid if register is not None]
    told = claim.paying.told()
    shown = measured(policy, "claim", claim.expressions)
    made = claim.builder.made([*paid, burden, excess, *told, *shown.registers()])
    place = made.renumbered
    outputs = body.Outputs(
        tuple(None if r is None else place[r.number] for r in claim.paid),
        place[burden.number],
        place[excess.number],
        claim.paying.outputs([place[r.number] for r in told]),
    )
    return claim, made, outputs, shown.made(made.renumbered, pools)


def benefit_of(claim: ClaimSection, position: int) -> body.Benefit:
    """A benefit with its rows of figures."""
    benefit, pools = claim.policy.benefits[position], claim.pools
    figures, scale = claim.figures[position], claim.base_scales[position]
    rows, rate_scale = figures.written(scale)
    return body.Benefit(
        code=benefit.code,
        name=benefit.name,
        payer=benefit.payer,
        place=pools.place(benefit.cited, benefit.span),
        expense=benefit.expense,
        less=benefit.less,
        parts=tuple(body.Part(p.name, p.expense, p.less) for p in benefit.parts),
        signed=benefit.signed,
        counts_from=days.number_or_none(benefit.counted_from),
        by_standing=benefit.by_standing,
        settle=benefit.settle.value,
        claw_back=benefit.claw_back,
        base_scale=scale,
        rate_scale=rate_scale,
        rounding=body.Rounding(
            benefit.rounding.mode.value, benefit.rounding.each, benefit.rounding.unit
        ),
        entitled=tuple(sorted(figures.entitled)),
        actual=tuple(pools.input(found) for found in benefit.actual),
        figures=rows,
    )


def choice_of(policy: model.Policy, pools: Pools, found: model.Choice) -> body.Choice:
    """A choice with its benefits' positions."""
    positions = {b.name: n for n, b in enumerate(policy.benefits)}
    benefits = tuple(positions[name] for name in found.benefits)
    whole = None
    if found.whole is not None:
        whole = body.Whole(found.whole.code, found.whole.name)
    place = pools.place(found.cited, found.span)
    return body.Choice(found.by.value, benefits, whole, place)


def input_of(pools: Pools, found: model.Input) -> body.Input:
    """An input with its default as a number of its kind."""
    kind = KINDS.get(found.kind)
    if kind is None:
        refuse("E489", found.span, what=found.name)
    codes = tuple(pools.codes(found))
    default: int | None = None
    match found.default:
        case None:
            pass
        case str() as text:
            default = codes.index(text) if text in codes else None
        case value:
            default = whole(value, 0)
    return body.Input(
        found.column, found.alternatives, found.name, kind, found.table,
        found.required, default, codes, tuple(pools.codes(found).values()),
    )  # fmt: skip


def class_of(pools: Pools, found: model.Class) -> body.Class:
    """A class with its identities as masks."""
    asked = found.on_application
    return body.Class(
        found.name,
        pools.mask(found.identities),
        pools.mask(found.excepted),
        asked.lookback_months if asked else None,
        asked.unclassed_only if asked else False,
        asked.once_a_year if asked else False,
        found.lifetime,
        pools.place(found.cited, found.span),
    )


def force_of(force: model.Force) -> body.Force:
    """The days of the force."""
    return body.Force(
        number(force.start),
        days.number_or_none(force.end),
        number(force.claims_from),
        days.number_or_none(force.counted_from),
    )


def known_until(pools: Pools) -> body.KnownUntil:
    """How far each kind of section can be judged."""

    def until(prefixes: tuple[str, ...]) -> int | None:
        found = [
            known.until
            for section, known in pools.known.items()
            if section.split(":")[0] in prefixes and known.until is not None
        ]
        return days.number_or_none(min(found, default=None))

    return body.KnownUntil(
        until(("claim", "year")), until(("watch",)), until(("enrolment",))
    )


def limit_of(limit: model.SharedLimit) -> body.SharedLimit:
    """A shared limit."""
    if limit.period.value == "lifetime":
        refuse("E483", limit.span, what=limit.span.text)
    return body.SharedLimit(limit.name, limit.period.value)


def subsidy_of(pools: Pools, found: model.Subsidy) -> body.Subsidy:
    """A premium subsidy."""
    return body.Subsidy(
        found.code, found.name, found.payer,
        tuple(pools.input(column) for column in found.actual),
        pools.place(found.cited, found.span),
    )  # fmt: skip


def parameter_of(pools: Pools, found: model.Parameter) -> body.Parameter:
    """A parameter with its values in words."""
    return body.Parameter(
        found.name,
        found.kind.value,
        found.assumption,
        tuple(
            body.ParameterValue(
                days.number_or_none(dated.start),
                days.number_or_none(dated.end),
                in_words(found.kind, dated.value),
                pools.place(dated.cited or found.cited, dated.span),
            )
            for dated in found.values
        ),
        pools.place(found.cited, found.span),
    )


def in_words(kind: model.Kind, value: days.Value) -> str:
    """A value as text: yuan and rates as decimals, days as 2023-01-01."""
    match value:
        case bool():
            return "true" if value else "false"
        case Fraction():
            amount = value / 100 if kind is model.Kind.MONEY else value
            return decimal(amount)
        case _:
            return str(value)


def decimal(amount: Fraction) -> str:
    """An exact decimal, or a fraction where there is none."""
    scale = next((k for k in range(19) if (amount * 10**k).denominator == 1), None)
    if scale is None:
        return str(amount)
    digits = str(abs(int(amount * 10**scale))).rjust(scale + 1, "0")
    sign = "-" if amount < 0 else ""
    return sign + (f"{digits[:-scale]}.{digits[-scale:]}" if scale else digits)


def compacted(program: body.Program) -> body.Program:
    """Without the tables, sets and days that no instruction kept; with the change days."""
    code = [*program.claim.code, *program.watch.code, *program.enrolment.code]
    code += [words for section in program.year for words in section.code]
    used = {
        kind: used_positions(code, kind) for kind in ("table", "set", "dates", "list")
    }

    def fitted(words: body.Words) -> body.Words:
        op, *operands = words
        kinds = (kind for _, kind in SPECS[Op(op)].operands)
        moved = (
            used[kind].index(value) if kind in used else value
            for value, kind in zip(operands, kinds, strict=True)
        )
        return (op, *moved)

    def section_fitted(found: Iterable[body.Words]) -> tuple[body.Words, ...]:
        return tuple(fitted(words) for words in found)

    dates = tuple(program.dates[i] for i in used["dates"])
    return replace(
        program,
        tables=tuple(program.tables[i] for i in used["table"]),
        sets=tuple(program.sets[i] for i in used["set"]),
        lists=tuple(program.lists[i] for i in used["list"]),
        dates=dates,
        change_days=tuple(sorted({day for listed in dates for day in listed})),
        claim=replace(program.claim, code=section_fitted(program.claim.code)),
        year=tuple(replace(s, code=section_fitted(s.code)) for s in program.year),
        watch=replace(program.watch, code=section_fitted(program.watch.code)),
        enrolment=replace(
            program.enrolment, code=section_fitted(program.enrolment.code)
        ),
    )


def used_positions(code: list[body.Words], wanted: str) -> list[int]:
    """Positions of one pool that instructions name, rising."""
    return sorted(
        {
            value
            for op, *operands in code
            for value, (_, kind) in zip(operands, SPECS[Op(op)].operands, strict=True)
            if kind == wanted
        }
    )
