"""The groups of examples that were run come in; what they reach and miss goes out.

What can be reached is read from every program that was run: the policy as it stands and
as the examples' own settings make it. The same branch under two settings counts once.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from jiugao import engine
from jiugao.explain.account import account
from jiugao.explain.slices import scaled
from jiugao.explain.trace import Row, read_trace
from jiugao.explain.words import percent, yuan
from jiugao.program.dates import date
from jiugao.program.encode import decode
from jiugao.testing.carried import carried_hits, carried_targets
from jiugao.testing.fund_cases import fund_hits, fund_targets
from jiugao.testing.report import Coverage, Part, Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from fractions import Fraction

    from jiugao.compile import Compiled
    from jiugao.explain.model import Account, BenefitAccount
    from jiugao.program.body import Benefit, Figures, Program
    from jiugao.testing.run import Group

Key = tuple[Part, str, str]


def coverage_of(compiled: Compiled, groups: Sequence[Group]) -> Coverage:
    """Everything that the policy's examples can reach, with how often they do."""
    possible: dict[Key, None] = {}
    hits: Counter[Key] = Counter()
    programs = [decode(compiled.program_bytes)]
    programs += [decode(g.compiled.program_bytes) for g in groups]
    for program in programs:
        possible.update(dict.fromkeys(program_targets(program)))
    for key in reading_targets(compiled):
        possible[key] = None
    for group, program in zip(groups, programs[1:], strict=True):
        hits.update(reading_hits(group))
        hits.update(outcome_hits(group))
        hits.update(claim_hits(group, program))
        hits.update(fund_hits(group.statements.values()))
        hits.update(carried_hits(group.examples, program))
    return Coverage(tuple(Target(*key, hits[key]) for key in possible))


def program_targets(program: Program) -> Iterable[Key]:
    """Classes, branches, bands, deductibles, limits, stretches of time, warnings."""
    for standing in program.classes:
        yield Part.CLASS, "", standing.name
    for benefit in program.benefits:
        for figures in benefit.figures:
            yield Part.ROW, benefit.name, figures.note
            yield from figure_targets(benefit, figures)
    for stretch in stretches(program):
        yield Part.REGIME, "", stretch
    for warning in program.warnings:
        yield Part.WARNING, warning.name, "是"
        yield Part.WARNING, warning.name, "否"
    for subsidy in program.subsidies:
        yield Part.SUBSIDY, subsidy.name, "＞0"
        yield Part.SUBSIDY, subsidy.name, "0"
    yield from fund_targets(program)
    yield from carried_targets(program)


def figure_targets(benefit: Benefit, figures: Figures) -> Iterable[Key]:
    """The bands that pay, the deductible or gate, and each limit of a row."""
    for lower, upper, numerator in figures.bands:
        assert lower is not None
        assert numerator is not None
        low = scaled(lower, benefit.base_scale)
        high = None if upper is None else scaled(upper, benefit.base_scale)
        rate = scaled(numerator, benefit.rate_scale)
        if rate and not below_deductible(figures, upper):
            yield band_key(benefit.name, figures.note, low, high, rate)
    if figures.parts is not None:
        for part, each in zip(benefit.parts, figures.parts.rates, strict=True):
            if each:
                share = scaled(each, benefit.rate_scale)
                yield part_key(benefit.name, figures.note, part.name, share)
    if figures.deductible or figures.gate:
        yield Part.DEDUCTIBLE, benefit.name, figures.note
    for limit in figures.limits:
        yield (
            Part.LIMIT,
            benefit.name,
            limit_words(figures.note, limit[0], int(limit[-1])),
        )


def below_deductible(figures: Figures, upper: int | None) -> bool:
    """Whether a band ends before anything is paid."""
    deductible = figures.deductible
    return bool(deductible and upper is not None and upper <= int(deductible[0]))


def band_key(owner: str, note: str, low: object, high: object, rate: object) -> Key:
    """A band in words: from, to, rate."""
    to = "" if high is None else yuan(high)  # type: ignore[arg-type]
    return Part.BAND, owner, f"{note} {yuan(low)}–{to} {percent(rate)}"  # type: ignore[arg-type]


def part_key(owner: str, note: str, part: str, rate: Fraction) -> Key:
    """A part in words, with its rate."""
    return Part.BAND, owner, f"{note} {part} {percent(rate)}".strip()


def limit_words(note: str, period: object, fen: int) -> str:
    """A limit in words."""
    return f"{note} {yuan(fen)}" if period != "shared" else f"{note} ={yuan(fen)}"


def stretches(program: Program) -> list[str]:
    """The stretches of days, from the first day of force, in which no figure changes."""
    first = program.force.counts_from or program.force.claims_from
    days = [first, *(d for d in program.change_days if d > first)]
    return [date(d).isoformat() for d in days]


def reading_targets(compiled: Compiled) -> Iterable[Key]:
    """Every option of every reading."""
    for parameter in compiled.policy.parameters:
        for option in parameter.options:
            yield Part.READING, parameter.name, option


def reading_hits(group: Group) -> Iterable[Key]:
    """The options under which the group's examples ran."""
    for parameter in group.compiled.policy.parameters:
        if parameter.options:
            yield Part.READING, parameter.name, parameter.option


def outcome_hits(group: Group) -> Iterable[Key]:
    """Classes, warnings and subsidies, from the answers."""
    for row in group.answers.rows.values():
        if row.standing is not None:
            yield Part.CLASS, "", row.standing
    for (_, _, name), given in group.answers.warned.items():
        yield Part.WARNING, name, "是" if given else "否"
    for (_, _, name), fen in group.answers.subsidies.items():
        yield Part.SUBSIDY, name, "＞0" if fen else "0"


def claim_hits(group: Group, program: Program) -> Iterable[Key]:
    """Branches, bands, deductibles, limits and stretches that the claims reach."""
    tables = group.tables
    runnable = engine.Program.load(group.compiled.program_bytes)
    for place in range(tables.claims.num_rows):
        raw = engine.trace(runnable, tables.given(), place)
        told = account(program, read_trace(raw, Row("", "")))
        yield from account_hits(told, program)


def account_hits(told: Account, program: Program) -> Iterable[Key]:
    """What one claim reaches."""
    if told.role == "rejected":
        return
    day = told.who.day.isoformat()
    reached = [s for s in stretches(program) if s <= day]
    if reached:
        yield Part.REGIME, "", reached[-1]
    if told.who.best_of:
        yield from ((Part.CLASS, "", name) for name in told.who.passed_over)
    for benefit in told.benefits:
        if benefit.outcome != "not_applicable":
            yield from benefit_hits(benefit)


def benefit_hits(benefit: BenefitAccount) -> Iterable[Key]:
    """What one benefit on one claim reaches."""
    note = benefit.in_words
    yield Part.ROW, benefit.name, note
    for piece in benefit.slices:
        yield band_key(benefit.name, note, piece.lower, piece.upper, piece.rate)
    for part in benefit.parts:
        if part.accrues:
            yield part_key(benefit.name, note, part.name, part.rate)
    threshold = benefit.threshold
    if threshold is not None and threshold.before < threshold.amount:
        yield Part.DEDUCTIBLE, benefit.name, note
    for limit in benefit.limits:
        if limit.after >= limit.amount:
            period = "shared" if limit.shared else limit.period
            yield Part.LIMIT, benefit.name, limit_words(note, period, limit.amount)
