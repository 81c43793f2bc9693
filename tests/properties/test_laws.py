"""What every result keeps, whatever the policy: the bill is shared out exactly, nothing
is paid twice, and the order of claims matters only where the compiler says so."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING, Any

import pytest

from jiugao.policy import model
from jiugao.syntax.tree import Period
from tests.oracle import Held, Result, YearRow
from tests.properties import machine
from tests.properties.cases import draw_policy
from tests.properties.lists import compile_text
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


@pytest.mark.parametrize("seed", range(20))
def test_who_is_in_one_class_is_paid_as_by_the_highest_only(seed: int) -> None:
    """身份 择优 differs from 就高不重复 only for persons in several classes."""
    drawn = draw_policy(
        f"classes {seed}", lambda policy: any(c.whole for c in policy.policy.choices)
    )
    policy = drawn.policy.policy
    assert policy.standing is not None
    head = f"类别 择优 {'按次' if policy.standing.best_of is Period.CLAIM else '按年'}"
    highest = compile_text(drawn.text.replace(head, "类别 就高不重复"))
    draw = random.Random(seed)
    years = draw_years(policy, seed, 500)
    claims = [
        {k: v for k, v in claim.items() if k != "identities"} for claim in years.claims
    ]
    alone = [i for c in policy.standing.classes for i in c.identities]
    who = [Held(person, draw.choice(alone)) for person in {c["psn_no"] for c in claims}]
    here = Years(claims, who, [])
    by_class = machine.run(drawn.policy.program_bytes, policy, here)
    plain = machine.run(highest.program_bytes, highest.policy, here)
    wholes = {c.whole.code: c for c in policy.choices if c.whole is not None}
    code = {b.name: b.code for b in policy.benefits}
    paid = 0
    for one, other in zip(by_class.rows, plain.rows, strict=True):
        for name, fen in other.payments.items():
            classes = wholes[name].benefits if name in wholes else ()
            codes = [code[c] for c in classes] or [name]
            assert sum(one.payments[c] for c in codes) == fen, (one, other, drawn.text)
            paid += bool(fen)
        assert one.burden == other.burden
    assert paid


@pytest.mark.parametrize("seed", range(12))
def test_of_a_single_claim_the_best_of_what_each_class_alone_is_paid(seed: int) -> None:
    """What 择优 takes is the most that 就高不重复 pays to a person of one of the classes."""
    drawn = next(
        drawn
        for drawn in (
            draw_policy(f"single {seed} {again}", first_by_class)
            for again in range(200)
        )
        if not any(word in drawn.text for word in ("倾斜", "属于 (身份", "除外"))
    )
    policy = drawn.policy.policy
    assert policy.standing is not None
    way = "按次" if policy.standing.best_of is Period.CLAIM else "按年"
    plain = drawn.text.replace(f"类别 择优 {way}", "类别 就高不重复")
    highest = compile_text(plain)
    choice = next(c for c in policy.choices if c.benefits[0] == policy.benefits[0].name)
    assert choice.whole is not None
    code = {b.name: b.code for b in policy.benefits}
    years = draw_years(policy, seed, 600)
    firsts = {c["psn_no"]: c for c in reversed(years.claims) if not c["init_setl_id"]}
    claims = in_order(
        policy,
        [{k: v for k, v in c.items() if k != "identities"} for c in firsts.values()],
    )
    rows = [one.identities[0] for one in policy.standing.classes]
    both = [Held(person, identity) for person in firsts for identity in rows]
    best = machine.run(drawn.policy.program_bytes, policy, Years(claims, both, []))
    alone = [
        machine.run(
            highest.program_bytes,
            highest.policy,
            Years(claims, [Held(person, identity) for person in firsts], []),
        )
        for identity in rows
    ]
    paid = 0
    for row, *others in zip(best.rows, *(one.rows for one in alone), strict=True):
        if row.role != "settled":
            continue
        most = max(other.payments[choice.whole.code] for other in others)
        assert sum(row.payments[code[c]] for c in choice.benefits) == most, drawn.text
        paid += most
    assert paid


def first_by_class(policy: Compiled) -> bool:
    """Whether the first benefit of the chain is chosen by class."""
    chosen = [c.benefits for c in policy.policy.choices if c.whole is not None]
    return any(policy.policy.benefits[0].name in benefits for benefits in chosen)
