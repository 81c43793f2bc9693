"""A policy and random years are settled twice, by the machine and by the second evaluator.

Where they differ, the case is made small before it is shown: first the picks that made
the policy, then people, claims and amounts.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiugao.diagnostics import RulesError
from tests.oracle import evaluate
from tests.properties import compare, machine
from tests.properties.lists import compile_text
from tests.properties.policies import policy_text, replayed
from tests.properties.years import Years, draw_years

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from jiugao.compile import Compiled

LONG = os.environ.get("JIUGAO_PROPERTIES") == "long"
LONG_CLAIMS = int(os.environ.get("JIUGAO_LONG_CLAIMS", "10000000"))

# A benefit that nobody can reach, and bands whose rates mix so that one falls: what
# random writing cannot easily avoid, and the checker rightly refuses.
REFUSED_RIGHTLY = {"E617"}


@dataclass
class Tally:
    """What was compared."""

    policies: int = 0
    claims: int = 0
    paid: int = 0


def compiled(text: str) -> Compiled | None:
    """The compiled policy; None where the checker refuses it for a known good reason."""
    try:
        return compile_text(text)
    except RulesError as error:
        codes = {found.code for found in error.diagnostics.errors}
        if codes <= REFUSED_RIGHTLY:
            return None
        raise AssertionError(f"refused with {codes}:\n{text}") from error


@dataclass(frozen=True)
class Drawn:
    """A random policy that the checker takes, and the picks that made it."""

    picks: list[int]
    text: str
    policy: Compiled


def draw_policy(
    name: object, wanted: Callable[[Compiled], bool] = lambda _: True
) -> Drawn:
    """The policy of a name; another one where the checker rightly refuses it.

    `wanted`: what a policy must be like beside that.
    """
    for again in range(200):
        picks: list[int] = []
        draw = random.Random(f"{name} {again}")
        text = policy_text(recording(draw.randrange, picks))
        policy = compiled(text)
        if policy is not None and wanted(policy):
            return Drawn(picks, text, policy)
    raise AssertionError(name)


def differing(
    policy: Compiled, years: Years, way: machine.Way = machine.PLAIN
) -> list[str]:
    """Where machine and second evaluator differ."""
    oracle = evaluate(
        policy.policy, years.claims, years.held, years.applications, close_year=True
    )
    try:
        found = machine.run(policy.program_bytes, policy.policy, years, way)
    except machine.StoppedError as error:
        return [f"the machine stopped: {error}"]
    return compare.differences(found, oracle)


def hold(text: str, policy: Compiled, years: Years, tally: Tally) -> None:
    """Compare, count, and fail with a small case."""
    oracle = evaluate(
        policy.policy, years.claims, years.held, years.applications, close_year=True
    )
    found = machine.run(policy.program_bytes, policy.policy, years)
    tally.policies += 1
    tally.claims += len(oracle.rows)
    tally.paid += sum(any(row.payments.values()) for row in oracle.rows)
    if compare.differences(found, oracle):
        raise AssertionError(explained(text, policy, years))


def explained(text: str, policy: Compiled, years: Years) -> str:
    """The difference in the smallest years found for this policy."""
    small = compare.smallest(years, lambda some: differing(policy, some))
    differences = "\n".join(differing(policy, small))
    oracle = evaluate(
        policy.policy, small.claims, small.held, small.applications, close_year=True
    )
    try:
        found = machine.run(policy.program_bytes, policy.policy, small)
    except machine.StoppedError:
        found = None
    return f"{text}\n{differences}\n{compare.shown(small, found, oracle)}"


def compare_seeds(seeds: Iterable[int], claims: int) -> Iterator[Tally]:
    """One random policy and its years for each seed; what was compared so far, each time."""
    tally = Tally()
    for seed in seeds:
        drawn = draw_policy(seed)
        years = draw_years(drawn.policy.policy, seed, claims)
        try:
            hold(drawn.text, drawn.policy, years, tally)
        except (AssertionError, machine.StoppedError) as error:
            raise AssertionError(smallest_case(drawn.picks, seed, claims)) from error
        yield tally


def smallest_case(picks: list[int], seed: int, claims: int) -> str:
    """The plainest policy found that differs, on the fewest claims."""
    few = fewest(picks, lambda some: fails(replayed(some), seed, claims))
    text = replayed(few)
    policy = compiled(text)
    assert policy is not None
    years = draw_years(policy.policy, seed, claims)
    return f"seed {seed}\n{explained(text, policy, years)}"


def recording(pick: Callable[[int], int], picks: list[int]) -> Callable[[int], int]:
    """The same picks, written down."""

    def picked(n: int) -> int:
        picks.append(pick(n))
        return picks[-1]

    return picked


def fails(text: str, seed: int, claims: int) -> bool:
    """Whether a policy still differs on its years."""
    try:
        policy = compile_text(text)
    except RulesError:
        return False
    return bool(differing(policy, draw_years(policy.policy, seed, claims)))


def fewest(picks: list[int], still: Callable[[list[int]], bool]) -> list[int]:
    """Fewer and plainer picks that still fail."""
    size = len(picks)
    while size:
        start = 0
        while start < len(picks):
            shorter = picks[:start] + picks[start + size :]
            plainer = picks[:start] + [0] * len(picks[start : start + size])
            plainer += picks[start + size :]
            if still(shorter):
                picks = shorter
            elif plainer != picks and still(plainer):
                picks = plainer
            else:
                start += size
                continue
            start += 0 if picks == shorter else size
        size //= 2
    return picks
