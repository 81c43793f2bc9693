"""What every result keeps, whatever the policy: the bill is shared out exactly, nothing
is paid twice, and the order of claims matters only where the compiler says so."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING, Any

import pytest

from jiugao.policy import model
from tests.oracle import Held, Result, YearRow
from tests.properties import machine
from tests.properties.cases import draw_policy
from tests.properties.years import Years, draw_years, in_order

if TYPE_CHECKING:
    from jiugao.compile import Compiled


def policy_of(name: str) -> Compiled:
    """A random policy by name."""
    return draw_policy(name).policy


def bills(policy: Compiled, years: Years) -> dict[str, int]:
    """What each claim leaves after payers that are no benefit of the policy, in fen.

    What somebody laid out (归垫) is paid by another, as a fund column is.
    """
    named = {c.column for b in policy.policy.benefits for c in b.actual}
    columns = {c.column for c in policy.policy.fund_columns if c.column not in named}
    payees = (payee for b in policy.policy.benefits for payee in b.payees)
    others = columns | {p.reimburses.column for p in payees if p.reimburses is not None}
    left = {}
    for claim in years.claims:
        paid = sum(claim[column] or 0 for column in [*others, "hosp_part_amt"])
        left[claim["setl_id"]] = (claim["medfee_sumamt"] or 0) - paid
    return left


@pytest.mark.parametrize("seed", range(30))
def test_every_bill_is_shared_out_exactly(seed: int) -> None:
    policy = policy_of(f"laws {seed}")
    years = draw_years(policy.policy, seed, 800)
    result = machine.run(policy.program_bytes, policy.policy, years)
    left = bills(policy, years)
    undone = {
        c["setl_id"]: c["init_setl_id"] for c in years.claims if c["init_setl_id"]
    }
    for row in result.rows:
        if row.role == "rejected":
            continue
        bill = left[row.settlement]
        if row.role == "reversal":
            bill = -left[undone[row.settlement]]
        # A payment that makes an outlay good, or passes it, leaves the burden as it was.
        apart = row.paying.replaced + row.paying.excess
        assert sum(row.payments.values()) - apart + row.burden == bill, row
        if row.role != "reversal":
            # What adds up over the year (signed) may take back on a claim.
            kept = [b.code for b in policy.policy.benefits if not b.signed]
            assert all(row.payments[code] >= 0 for code in kept), row
            assert row.burden >= min(0, bill), row
    held_to_limits(policy, result)


def held_to_limits(policy: Compiled, result: Result) -> None:
    """A shared limit is used by exactly what is paid under it, and never passed where
    its amount stands still."""
    shared = {limit.name for limit in policy.policy.shared_limits}
    for year in result.years:
        assert set(year.used) == shared
        assert all(amount >= 0 for amount in year.used.values()), year


def closes_applications(policy: Compiled) -> bool:
    """Whether year ends are worked out both for the year and for an application: a bill
    that counts in both bounds each of the two, not yet their sum."""
    return any(
        b.by_standing and b.settle is not model.SettleMode.PER_CLAIM
        for b in policy.policy.benefits
    ) and any(k.on_application for k in policy.policy.standing.classes)


@pytest.mark.parametrize("seed", range(20))
def test_a_person_and_year_are_never_paid_more_than_their_bills(seed: int) -> None:
    policy = next(
        policy
        for policy in (policy_of(f"more {seed} {again}") for again in range(50))
        if policy.policy.standing and not closes_applications(policy)
    )
    years = draw_years(policy.policy, seed, 800)
    result = machine.run(policy.program_bytes, policy.policy, years)
    left = bills(policy, years)
    total: dict[str, int] = {}
    apart: dict[str, int] = {}  # what went in the place of an outlay, or beyond it
    for row in result.rows:
        gone = row.paying.replaced + row.paying.excess
        apart[row.person] = apart.get(row.person, 0) + gone
        if row.role == "settled":
            total[row.person] = total.get(row.person, 0) + max(0, left[row.settlement])
    for person, bill in total.items():
        own = [year for year in result.years if year.person == person]
        paid = sum(total_of(y) for y in own)
        assert paid - apart[person] <= bill, person


def total_of(year: YearRow) -> int:
    """All that an account was paid."""
    return sum(year.total(code) for code in year.rows)


def shuffled(policy: Compiled, years: Years, draw: random.Random) -> Years:
    """The claims of each person in another order of one and the same day."""
    column = policy.policy.year_by.column
    found: list[dict[str, Any]] = []
    people: dict[str, list[dict[str, Any]]] = {}
    for claim in years.claims:
        people.setdefault(claim["psn_no"], []).append(claim)
    for own in people.values():
        times = draw.sample(range(len(own)), len(own))
        day = dt.datetime(2022, 6, 1)
        moved = [
            {**claim, column: day + dt.timedelta(minutes=time)}
            for claim, time in zip(own, times, strict=True)
        ]
        found += in_order(policy.policy, moved)
    return Years(found, years.held, [])


@pytest.mark.parametrize("seed", range(60))
def test_order_of_claims_matters_only_where_the_compiler_says_so(seed: int) -> None:
    policy = next(
        policy
        for policy in (policy_of(f"order {seed} {again}") for again in range(200))
        if not policy.policy.order_dependent
    )
    draw = random.Random(seed)
    years = draw_years(policy.policy, seed, 500)
    generous = [
        {k: v for k, v in claim.items() if k != "identities"}  # standing stays the same
        | {"init_setl_id": None, "medfee_sumamt": 10**10, "hosp_part_amt": 0}
        for claim in years.claims
        if not claim["init_setl_id"]
    ]
    who = [
        Held(person, draw.choice(policy.policy.identities))
        for person in {claim["psn_no"] for claim in generous}
        if policy.policy.identities
    ]
    totals = []
    for _ in range(3):
        mixed = shuffled(policy, Years(generous, who, []), draw)
        result = machine.run(policy.program_bytes, policy.policy, mixed)
        totals.append(
            {(y.person, y.benefit_year): (y.rows, y.year_end) for y in result.years}
        )
    assert totals[0] == totals[1] == totals[2]
