"""How a run is cut, typed and spread over threads changes nothing."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from tests.properties import machine
from tests.properties.cases import compiled, draw_policy
from tests.properties.machine import PLAIN, Way
from tests.properties.policies import replayed
from tests.properties.years import Years, draw_years

WAYS = (
    Way(batch=1),
    Way(batch=7),
    Way(batch=1_000_000),
    Way(threads=2),
    Way(threads=3, batch=100),
    Way(money="decimal"),
    Way(money="text"),
    Way(day="timestamp"),
    Way(person="number"),
    Way(wide=True, threads=2),
)


@pytest.mark.parametrize("seed", range(12))
def test_every_way_gives_the_same_fen(seed: int) -> None:
    policy = draw_policy(f"ways {seed}").policy
    years = draw_years(policy.policy, seed, 1500)
    plain = machine.run(policy.program_bytes, policy.policy, years, PLAIN)
    for way in WAYS:
        other = machine.run(policy.program_bytes, policy.policy, years, way)
        assert other.rows == plain.rows, way
        assert other.years == plain.years, way


@pytest.mark.parametrize("seed", range(6))
def test_persons_do_not_touch_each_other(seed: int) -> None:
    policy = draw_policy(f"apart {seed}").policy
    years = draw_years(policy.policy, seed, 600)
    together = machine.run(policy.program_bytes, policy.policy, years)
    people = list(dict.fromkeys(claim["psn_no"] for claim in years.claims))
    halves = (set(people[::2]), set(people[1::2]))
    for half in halves:
        apart = machine.run(policy.program_bytes, policy.policy, years.of(half))
        assert apart.rows == [row for row in together.rows if row.person in half]
        assert apart.years == [year for year in together.years if year.person in half]


@pytest.mark.parametrize("seed", range(6))
def test_order_of_the_people_table_is_nothing(seed: int) -> None:
    policy = draw_policy(f"people {seed}").policy
    years = draw_years(policy.policy, seed, 600)
    draw = random.Random(seed)
    mixed = Years(
        years.claims,
        draw.sample(years.held, len(years.held)),
        draw.sample(years.applications, len(years.applications)),
    )
    once = machine.run(policy.program_bytes, policy.policy, years)
    again = machine.run(policy.program_bytes, policy.policy, mixed)
    assert once.rows == again.rows
    assert once.years == again.years


def test_a_batch_of_nothing_but_rejects() -> None:
    policy = compiled(replayed([]))
    assert policy is not None
    years = draw_years(policy.policy, 1, 20)
    column = policy.policy.year_by.column
    long_ago = dt.timedelta(days=20 * 365)
    early = [{**claim, column: claim[column] - long_ago} for claim in years.claims]
    found = machine.run(policy.program_bytes, policy.policy, Years(early))
    assert {row.role for row in found.rows} == {"rejected"}
    assert not found.years
