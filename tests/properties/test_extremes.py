"""Amounts near the ends of 64 bits: the machine agrees to the fen or says which claim is
too large; it never wraps."""

from __future__ import annotations

import random

import pytest

from tests.oracle import evaluate
from tests.properties import compare, machine
from tests.properties.cases import draw_policy
from tests.properties.years import Years, draw_years


def swollen(years: Years, draw: random.Random) -> Years:
    """The same claims with some amounts many times larger."""
    claims = []
    for claim in years.claims:
        times = 10 ** draw.choice((0, 0, 0, 6, 9, 11, 12, 13))
        claims.append(
            {
                column: min(value * times, 2**63 - 1)
                if type(value) is int and value
                else value
                for column, value in claim.items()
            }
        )
    return Years(claims, years.held, years.applications)


@pytest.mark.parametrize("part", range(4))
def test_large_amounts_agree_or_are_refused(part: int) -> None:
    agreed = stopped = 0
    for seed in range(part * 40, part * 40 + 40):
        policy = draw_policy(f"large {seed}").policy
        draw = random.Random(seed)
        whole = swollen(draw_years(policy.policy, seed, 120), draw)
        for person in dict.fromkeys(claim["psn_no"] for claim in whole.claims):
            years = whole.of({person})
            try:
                found = machine.run(policy.program_bytes, policy.policy, years)
            except machine.StoppedError as error:
                (fault,) = error.args
                assert fault[0] == "run", fault
                stopped += 1
                continue
            oracle = evaluate(
                policy.policy,
                years.claims,
                years.held,
                years.applications,
                close_year=True,
            )
            assert compare.differences(found, oracle) == [], (seed, person)
            agreed += 1
    assert agreed > 100
    assert stopped > 20
