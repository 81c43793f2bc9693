"""The machine pays what the second evaluator pays, to the fen, on every row and year."""

from __future__ import annotations

import itertools
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiugao.compile import compile_policy
from tests.properties.cases import (
    LONG,
    LONG_CLAIMS,
    Tally,
    compare_seeds,
    compiled,
    hold,
)
from tests.properties.policies import policies
from tests.properties.years import draw_years

PARTS = 4
POLICIES = 170  # of each part, times CLAIMS: more than 300,000 claims in the gate
CLAIMS = 500
LONG_EACH = 2_000  # of a policy in the long run: a policy costs as much as 300 claims


def tell(capsys: pytest.CaptureFixture[str], what: str, tally: Tally) -> None:
    """Say what was compared, also where output is captured."""
    with capsys.disabled():
        sys.stdout.write(f"\n{what}: no difference in {tally}\n")
        sys.stdout.flush()


@pytest.mark.parametrize("part", range(PARTS))
def test_random_policies_on_random_years(
    part: int, capsys: pytest.CaptureFixture[str]
) -> None:
    seeds = range(part * POLICIES, (part + 1) * POLICIES)
    *_, tally = compare_seeds(seeds, CLAIMS)
    tell(capsys, f"part {part}", tally)
    assert tally.policies == POLICIES
    assert tally.claims * PARTS >= 300_000
    assert tally.paid * 5 > tally.claims


@settings(
    max_examples=100,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(policies(), st.integers(0, 2**32))
def test_policies_that_shrink(text: str, seed: int) -> None:
    policy = compiled(text)
    if policy is not None:
        hold(text, policy, draw_years(policy.policy, seed, 60), Tally())


RULES = Path(__file__).parents[2] / "rules"
COMPUTED = {
    "大病保险来源": "测算",
    "职工大额起付线": "1万元",
    "职工大额比例": "80%",
    "职工大额限额": "30万元",
    "特药起付线": "2万元",
    "特药比例": "60%",
    "特药限额": "20万元",
}


@pytest.mark.parametrize("settings_", [{}, COMPUTED], ids=["given", "computed"])
def test_liaocheng_on_random_years(settings_: dict[str, str]) -> None:
    policy = compile_policy(RULES / "liaocheng_2022", settings=settings_)
    tally = Tally()
    for seed in range(8):
        years = draw_years(policy.policy, seed, 2_000)
        hold(policy.policy.name, policy, years, tally)
    assert tally.paid * 30 > tally.claims


@pytest.mark.long
@pytest.mark.skipif(not LONG, reason="10 million claims: make long")
@pytest.mark.parametrize("part", range(PARTS))
def test_ten_million_claims(part: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Seeds never used before; as many policies as it takes."""
    first = (int(time.time()) * PARTS + part) * 1_000_000
    began = time.monotonic()
    told = 0
    for tally in compare_seeds(itertools.count(first), LONG_EACH):
        done = tally.claims * PARTS >= LONG_CLAIMS
        if done or tally.policies >= told + 25:
            told = tally.policies
            rate = tally.claims / (time.monotonic() - began)
            tell(capsys, f"from seed {first}, {rate:.0f} claims/s", tally)
        if done:
            break
    assert tally.claims * PARTS >= LONG_CLAIMS
