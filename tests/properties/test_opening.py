"""A year cut at a day: what its first part came to, put before its second, changes no fen."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from jiugao.compile import compile_policy
from tests.oracle import Opening, evaluate
from tests.properties import compare, machine
from tests.properties.cases import draw_policy
from tests.properties.machine import PLAIN, Way
from tests.properties.test_agreement import COMPUTED, RULES
from tests.properties.years import Years, draw_years

if TYPE_CHECKING:
    import pyarrow as pa

    from jiugao.compile import Compiled
    from tests.oracle import Result, Row, YearRow

CLAIMS = 400


@dataclass
class Cut:
    """Years in two parts. `whole`: persons whose claims of the first part come again."""

    day: dt.date
    first: Years
    second: Years
    whole: set[str]


def cut_at(policy: Compiled, years: Years, day: dt.date) -> Cut:
    """Both parts; totals hold no claims, so what looks back on claims stays with them."""
    column = policy.policy.year_by.column

    def early(claim: dict[str, object]) -> bool:
        at = claim[column]
        assert isinstance(at, dt.datetime)
        return at.date() <= day

    before = {c["setl_id"] for c in years.claims if early(c)}
    whole = {a.person for a in years.applications}
    whole |= {
        c["psn_no"]
        for c in years.claims
        if not early(c) and c["init_setl_id"] in before
    }
    standing = policy.policy.standing
    classes = standing.classes if standing else ()
    for_life = {i for k in classes if k.lifetime for i in k.identities}
    # A label for life on a later row is on the earlier ones too.
    whole |= {
        c["psn_no"]
        for c in years.claims
        if for_life.intersection(c.get("identities", ()))
    }
    people = {c["psn_no"] for c in years.claims}
    first = years.of(people - whole)
    first = Years([c for c in first.claims if early(c)], first.held)
    late = [c for c in years.claims if not early(c) or c["psn_no"] in whole]
    return Cut(day, first, Years(late, years.held, years.applications), whole)


def openings(table: pa.Table) -> list[Opening]:
    """The table as the second evaluator takes it."""
    found: dict[tuple[str, int], dict[str, Fraction]] = defaultdict(dict)
    until: dict[tuple[str, int], dt.date] = {}
    for row in table.to_pylist():
        key = (row["psn_no"], row["benefit_year"])
        found[key][row["accumulator"]] = Fraction(row["amount"]) * 100
        until[key] = row["until"]
    return [Opening(*key, totals, until[key]) for key, totals in found.items()]


def held(one: Row, other: Row) -> bool:
    """Whether two rows pay the same."""
    same = one.role == other.role
    if same and one.role != "rejected":
        same = (one.payments, one.burden, one.excess, one.paying, one.offered) == (
            other.payments,
            other.burden,
            other.excess,
            other.paying,
            other.offered,
        )
        same = same and (one.standing, one.measures) == (other.standing, other.measures)
    return same


def by_account(result: Result) -> dict[tuple[str, int], YearRow]:
    return {
        (y.person, y.benefit_year): y for y in result.years if y.application is None
    }


def hold(policy: Compiled, years: Years, day: dt.date, way: Way = PLAIN) -> int:
    """Cut at a day, hold both parts against the whole; how many years went on."""
    program, checked = policy.program_bytes, policy.policy
    cut = cut_at(policy, years, day)
    whole = machine.run(program, checked, years, way)
    first = machine.run(program, checked, cut.first, way, close=False)
    table = machine.totals(program, checked, cut.first, day, way)
    second = machine.run(program, checked, cut.second, way, opening=table)
    begun = openings(table)
    oracle = evaluate(
        checked,
        cut.second.claims,
        cut.second.held,
        cut.second.applications,
        begun,
        close_year=True,
    )
    assert compare.differences(second, oracle) == []
    rows = {row.settlement: row for row in (*first.rows, *second.rows)}
    for row in whole.rows:
        assert held(rows[row.settlement], row), (row, rows[row.settlement])
    parts = by_account(first), by_account(second)
    last = {(r.person, r.benefit_year) for r in second.rows if r.role == "settled"}
    went_on = 0
    for key, year in by_account(whole).items():
        early, late = (part.get(key) for part in parts)
        if late is None:  # nothing accumulated before, nothing came after
            assert early is not None
            assert not any((*year.paid.values(), *year.year_end.values()))
            continue
        for code, paid in year.rows.items():
            before = early.rows[code] if early else 0
            assert before + late.rows[code] == paid, (key, code)
        if not machine.carried(years):
            # Where claims carry identities, the last entitling one may lie before the cut.
            assert late.year_end == year.year_end, key
            assert late.used == year.used, key
        for code, paid in year.paid.items():
            closed, due = late.year_end[code], year.year_end[code]
            assert late.paid[code] - closed == paid - due, (key, code)
        if key in last:
            assert late.sums == year.sums, key
            assert late.warned == year.warned, key
        went_on += early is not None and key in last
    return went_on


def a_day(policy: Compiled, years: Years, seed: int) -> dt.date:
    """A day on which somebody has a claim, mostly."""
    draw = random.Random(f"cut {seed}")
    column = policy.policy.year_by.column
    day: dt.date = draw.choice(years.claims)[column].date()
    return day + dt.timedelta(days=draw.choice((-1, 0, 0, 0, 5)))


@pytest.mark.parametrize("part", range(4))
def test_a_year_cut_at_any_day_pays_the_same(part: int) -> None:
    went_on = 0
    for seed in range(part * 15, part * 15 + 15):
        policy = draw_policy(f"opening {seed}").policy
        years = draw_years(policy.policy, seed, CLAIMS)
        went_on += hold(policy, years, a_day(policy, years, seed))
    assert went_on > 40


def test_every_way_of_running_goes_on_alike() -> None:
    went_on = 0
    for seed in range(4):
        policy = draw_policy(f"opening ways {seed}").policy
        years = draw_years(policy.policy, seed + 1, 500)
        day = a_day(policy, years, seed)
        for way in (Way(batch=1), Way(batch=97, threads=3), Way(wide=True)):
            went_on += hold(policy, years, day, way)
    assert went_on > 20


@pytest.mark.parametrize(
    ("rules", "settings"),
    [
        ("liaocheng_2022", {}),
        ("liaocheng_2022", COMPUTED),
        ("mengjin_2018", {"一站式上线日": "2019-01-01"}),
        ("xianning_2017", {}),
    ],
)
def test_circulars_cut_at_any_day(rules: str, settings: dict[str, str]) -> None:
    policy = compile_policy(RULES / rules, settings=settings)
    went_on = 0
    for seed in range(1, 4):
        years = draw_years(policy.policy, seed, 1000)
        went_on += hold(policy, years, a_day(policy, years, seed))
    assert went_on > 5


def test_a_year_cut_twice_pays_the_same() -> None:
    """What was accumulated goes through a part in which somebody has no claims."""
    rows = 0
    for seed in range(1, 9):
        policy = draw_policy(f"opening twice {seed}").policy
        years = draw_years(policy.policy, seed, 200, each=3)
        years.applications.clear()
        column = policy.policy.year_by.column
        days = sorted(c[column].date() for c in years.claims)
        one, two = days[len(days) // 3], days[2 * len(days) // 3]
        program, checked = policy.program_bytes, policy.policy
        late = cut_at(policy, years, two)
        years = years.of({c["psn_no"] for c in years.claims} - late.whole)
        late, early = cut_at(policy, years, two), cut_at(policy, years, one)
        if early.whole:
            years = years.of({c["psn_no"] for c in years.claims} - early.whole)
            late, early = cut_at(policy, years, two), cut_at(policy, years, one)
        at_once = machine.totals(program, checked, years, two)
        table = machine.totals(program, checked, years, one)
        middle = Years(
            [c for c in late.first.claims if c[column].date() > one], years.held
        )
        again = machine.totals(program, checked, middle, two, opening=table)
        sort = [(n, "ascending") for n in at_once.column_names]
        assert again.sort_by(sort) == at_once.sort_by(sort)
        rows += len(again)
    assert rows > 100
