"""The counter, claim by claim, against the year's run: rows in order, totals in any order."""

from __future__ import annotations

import random
from itertools import groupby
from typing import Any

import pyarrow as pa
import pytest

from jiugao.engine import Account, Counter, EngineError, StreamError
from tests.border.ground import fen, program, run, year

AMOUNTS = ("medfee_sumamt", "inscp_scp_amt", "hifp_pay", "med_type")


def account(
    counter: Counter, person: str, people: pa.Table, asked: pa.Table
) -> Account:
    """The person's account; identities that the policy does not name are left out."""
    known = ("7131", "低保对象")
    held = [
        (row["psn_idet_type"], row["begndate"], row["enddate"])
        for row in people.to_pylist()
        if row["psn_no"] == person and row["psn_idet_type"] in known
    ]
    applications = [
        (row["apply_date"], row["psn_idet_type"])
        for row in asked.to_pylist()
        if row["psn_no"] == person
    ]
    return counter.account(held, applications)


def pay(account: Account, row: dict[str, Any]) -> int | None:
    """What the claim pays; None where it is refused."""
    values = {name: row[name] for name in AMOUNTS}
    try:
        paid = account.settle(
            row["setl_time"], row["setl_id"], values, row["init_setl_id"]
        )
    except StreamError:
        return None
    return paid.benefits["aid"]


@pytest.mark.parametrize("seed", range(3))
def test_in_order_every_row_is_that_of_the_year(seed: int) -> None:
    claims, people, asked = year(persons=60, seed=seed)
    settled = run(claims, people=people).table()
    roles = settled["role"].to_pylist()
    expected = [
        None if role == "rejected" else paid
        for role, paid in zip(roles, fen(settled), strict=True)
    ]
    counter = Counter(program())
    nobody = asked.slice(0, 0)
    got: list[int | None] = []
    for person, rows in groupby(claims.to_pylist(), key=lambda row: row["psn_no"]):
        mine = account(counter, person, people, nobody)
        got += [pay(mine, row) for row in rows]
    assert got == expected
    assert "reversal" in roles


@pytest.mark.parametrize("seed", range(3))
def test_in_any_order_the_account_comes_to_the_year(seed: int) -> None:
    claims, people, asked = year(persons=60, seed=seed)
    chance = random.Random(seed)
    counter = Counter(program())
    for person, group in groupby(claims.to_pylist(), key=lambda row: row["psn_no"]):
        rows = [row for row in group if row["init_setl_id"] is None]
        settlement = run(
            pa.Table.from_pylist(rows, claims.schema), people=people, applications=asked
        )
        due = sum(fen(settlement.table())) + sum(
            fen(settlement.years().table(), "aid.lookback")
        )
        mine = account(counter, person, people, asked)
        chance.shuffle(rows)
        assert sum(pay(mine, row) or 0 for row in rows) == due, person


CLAIM = {"med_type": "21", "medfee_sumamt": 1_000_000, "inscp_scp_amt": 1_000_000}


def test_a_refused_claim_leaves_the_account_as_it_was() -> None:
    mine = Counter(program()).account([("特困人员", None, None)])
    huge = 9_000_000_000_000_000_000
    refused: list[tuple[type[Exception], str, dict[str, Any]]] = [
        (StreamError, "D935", {"values": CLAIM | {"med_type": "99"}}),
        (StreamError, "D935", {"values": CLAIM | {"inscp_scp_amt": "1.005"}}),
        (StreamError, "D935", {"time": "2023-02-30"}),
        (StreamError, "D941", {"values": {"med_type": "21"}}),
        (StreamError, "D966", {"time": "2022-12-31"}),
        (StreamError, "D967", {"undoes": "s0"}),
        (
            EngineError,
            "D934",
            {"values": CLAIM | {"medfee_sumamt": huge, "inscp_scp_amt": huge}},
        ),
    ]
    for kind, code, changed in refused:
        call = {"time": "2023-01-02", "setl_id": "s1", "values": CLAIM} | changed
        with pytest.raises(kind) as error:
            mine.settle(**call)
        assert error.value.code == code  # type: ignore[attr-defined]
    assert mine.settle("2023-01-02", "s1", CLAIM).benefits == {"aid": 700_000}
    with pytest.raises(StreamError) as again:
        mine.settle("2023-01-03", "s1", CLAIM)
    assert again.value.code == "D942"


def test_a_float_is_no_amount() -> None:
    mine = Counter(program()).account()
    with pytest.raises(StreamError) as refused:
        mine.settle("2023-01-02", "s1", CLAIM | {"inscp_scp_amt": 10_000.0})  # type: ignore[dict-item]
    assert refused.value.code == "D812"


def test_identities_and_days_that_cannot_be() -> None:
    counter = Counter(program())
    for held in [
        ("没有这种身份", None, None),
        ("7131", "2023-13-01", None),
        ("7131", "2023-02-01", "2023-01-01"),
    ]:
        with pytest.raises(StreamError) as refused:
            counter.account([held])
        assert refused.value.code == "D935"
