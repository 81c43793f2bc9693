"""What the instructions say is what the second evaluator pays, on random policies."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from jiugao.policy import model
from jiugao.program import dates, lower
from tests.oracle import Held, Row, YearRow, evaluate
from tests.oracle.years import last_day, year_of
from tests.program.accounts import Facts, Year
from tests.program.interpreter import moved, run
from tests.program.reckoning import rounded
from tests.program.written import checked
from tests.properties.policies import policy_text
from tests.properties.years import Years, draw_years

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jiugao.program import Program
    from jiugao.program.body import Input

POLICIES = 120
CLAIMS = 60


def held_on(program: Program, held: Iterable[Held], day: dt.date) -> int:
    return mask_of(
        program,
        {one.identity for one in held if (one.start or day) <= day <= (one.end or day)},
    )


def mask_of(program: Program, names: Iterable[str]) -> int:
    return sum(1 << program.identities.index(name) for name in names)


def standing_of(program: Program, mask: int) -> int:
    for position, found in enumerate(program.classes):
        if found.lookback is None and mask & found.any_of and not mask & found.none_of:
            return position
    return -1


def number(source: model.Input, found: Input, value: Any) -> int:
    value = source.default if value is None else value
    match source.kind:
        case model.Kind.DATE:
            day = value.date() if isinstance(value, dt.datetime) else value
            return dates.number(day)
        case model.Kind.CODE:
            return list(source.codes).index(value) if value is not None else -1
        case model.Kind.TEXT:
            return found.codes.index(value) if value in found.codes else -1
        case _:
            return int(value or 0)


class Person:
    """One person's claims, run through the program."""

    def __init__(
        self, policy: model.Policy, program: Program, held: Sequence[Held]
    ) -> None:
        self.policy, self.program, self.held = policy, program, held
        self.years: dict[int, Year] = defaultdict(Year)
        self.last: dict[int, Facts] = {}
        self.carried: dict[int, list[Facts]] = defaultdict(list)  # by the claims

    def claim(self, claim: dict[str, Any]) -> tuple[list[int], Any, Any]:
        inputs = {
            place: number(source, found, claim.get(source.column))
            for source in self.policy.inputs
            for place, found in enumerate(self.program.inputs)
            if found.column == source.column and found.table == source.table
        }
        day = claim[self.policy.year_by.column].date()
        mask = held_on(self.program, self.held, day)
        if "identities" in claim:
            mask = mask_of(self.program, claim["identities"])
        facts = Facts(inputs, dates.number(day), standing_of(self.program, mask), mask)
        year = year_of(self.policy.years, day)
        self.last[year] = facts
        if "identities" in claim:
            self.carried[year].append(facts)
        found = run(self.program, self.program.claim.code, facts, self.years[year])
        outputs = self.program.outputs
        paid = [0 if r is None else found[r][2] for r in outputs.benefits]
        assert found[outputs.burden][:2] == found[outputs.excess][:2] == ("money", 0)
        return paid, found[outputs.burden][2], found[outputs.excess][2]

    def closed(self, year: int) -> dict[str, int]:
        """Year-end amounts; on the last day of the year on which someone was entitled."""
        amounts = {benefit.code: 0 for benefit in self.program.benefits}
        for section in self.program.year:
            benefit = self.program.benefits[section.benefit]
            for facts in self.backwards(year):
                if facts.standing in benefit.entitled:
                    found = run(self.program, section.code, facts, self.years[year])
                    amounts[benefit.code] = found[section.out][2]
                    break
        for benefit, amount in moved(self.program, self.years[year]).items():
            amounts[self.program.benefits[benefit].code] += amount
        return amounts

    def backwards(self, year: int) -> Iterable[Facts]:
        if year in self.carried:
            yield from reversed(self.carried[year])
            return
        force = self.policy.force
        last = self.program.known_until.claim
        known = dt.date.max if last is None else dates.date(last)
        years = self.policy.years
        day = min(last_day(years, year), force.end or known, known)
        while year_of(years, day) == year and day >= force.claims_from:
            mask = held_on(self.program, self.held, day)
            yield Facts({}, dates.number(day), standing_of(self.program, mask), mask)
            day -= dt.timedelta(days=1)

    def watched(self, year: int) -> dict[str, tuple[Any, bool]]:
        section = self.program.watch
        found = run(self.program, section.code, self.last[year], self.years[year])
        return {
            self.program.warnings[position].code: (found[total], bool(found[flag][2]))
            for position, total, flag in section.out
        }


def for_life(
    program: Program, held: Sequence[Held], claims: list[dict[str, Any]]
) -> tuple[list[Held], list[dict[str, Any]]]:
    """What is held as the border hands it on: labels for life on every day."""
    rows = [found.any_of for found in program.classes if found.lifetime]
    labels = {
        name
        for bit, name in enumerate(program.identities)
        if any(row >> bit & 1 for row in rows)
    }
    carried: dict[str, set[str]] = defaultdict(set)
    for claim in claims:
        carried[claim["psn_no"]] |= labels & claim.get("identities", frozenset())
    return (
        [Held(h.person, h.identity) if h.identity in labels else h for h in held],
        [
            {**c, "identities": c["identities"] | carried[c["psn_no"]]}
            if "identities" in c
            else c
            for c in claims
        ],
    )


def compare(policy: model.Policy, years: Years) -> int:
    """Settle both ways; how many claims were paid something."""
    program = lower(policy)
    claims = [c for c in years.claims if c["init_setl_id"] is None]
    result = evaluate(policy, claims, years.held, close_year=True)
    rows = {row.settlement: row for row in result.rows}
    held, claims = for_life(program, years.held, claims)
    people = {
        name: Person(policy, program, [h for h in held if h.person == name])
        for name in dict.fromkeys(c["psn_no"] for c in claims)
    }
    paid = sum(
        compare_row(people[c["psn_no"]], c, rows[c["setl_id"]])
        for c in claims
        if rows[c["setl_id"]].role == "settled"
    )
    for year in result.years:
        compare_year(people[year.person], year)
    return paid


def compare_row(person: Person, claim: dict[str, Any], row: Row) -> bool:
    paid, burden, excess = person.claim(claim)
    codes = [benefit.code for benefit in person.program.benefits]
    assert dict(zip(codes, paid, strict=True)) == row.payments
    assert burden == row.burden
    assert excess == rounded(Fraction(row.excess), "half_up", 1)
    return any(paid)


def compare_year(person: Person, year: YearRow) -> None:
    closed = person.closed(year.benefit_year)
    assert closed == {code: year.year_end.get(code, 0) for code in closed}
    for code, (total, warned) in person.watched(year.benefit_year).items():
        assert total == ("money", 0, rounded(Fraction(year.sums[code]), "half_up", 1))
        assert warned is year.warned[code]


@pytest.mark.parametrize("part", range(3))
def test_random_policies(part: int) -> None:
    paid = compared = 0
    for seed in range(part * POLICIES, (part + 1) * POLICIES):
        policy = checked(policy_text(random.Random(f"program {seed}").randrange))
        if policy is None or policy.force.counted_from is not None:
            continue  # who only counts is the engine's business
        paid += compare(policy, draw_years(policy, seed, CLAIMS))
        compared += 1
    assert compared > POLICIES * 0.5
    assert paid > compared * CLAIMS / 10
