"""Opening balances at the border: what is refused, and persons of whom nothing else came."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from jiugao.engine import Counter, Options, Settlement, StreamError, Tables, settle
from tests.border.ground import PAID, claims, fen, program
from tests.border.test_persons import people

ROW = ("a", 2023, "aid.base", "10000.00")
PAID_ROW = ("a", 2023, "aid.paid", "7000.00")


def table(*rows: tuple[Any, int, str, str], **more: list[Any]) -> pa.Table:
    names = ("psn_no", "benefit_year", "accumulator", "amount")
    columns = zip(*rows, strict=True) if rows else [()] * 4
    return pa.table({**dict(zip(names, map(list, columns), strict=True)), **more})


def run(opening: pa.Table, rows: pa.Table | None = None, **more: Any) -> Settlement:
    tables = {k: more.pop(k) for k in ("people", "applications") if k in more}
    given = claims() if rows is None else rows
    return settle(program(), Tables(given, opening=opening, **tables), Options(**more))


def test_every_accumulator_is_told_by_name() -> None:
    told = {one["name"]: one["decimals"] for one in program().accumulators}
    assert told == {"aid.base": 2, "aid.accrued": 3, "aid.paid": 2}


def test_limits_count_what_was_paid_before() -> None:
    settled = run(table(ROW, PAID_ROW))
    # 30,000 a year, 7,000 of it before; b's account begins with nothing.
    assert fen(settled.table()) == [700_000, 1_600_000, PAID[2]]
    assert settled.opened_without_claims() == []
    a, b = settled.years().table()["aid.limit_used"].to_pylist()
    assert (str(a), str(b)) == ("30000.00", "8500.00")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (("a", 2023, "aid", "1.00"), "accumulator"),
        (("a", 2023, "aid.base", ""), "amount"),
        (("a", 2023, "aid.base", "."), "amount"),
        (("a", 2023, "aid.base", "1."), "amount"),
        (("a", 2023, "aid.base", "1.001"), "amount"),
        (("a", 2023, "aid.base", "-1"), "amount"),
        (("a", 2023, "aid.base", "1/2"), "amount"),
        (("a", 2023, "aid.base", "1e2"), "amount"),
        (("a", 2023, "aid.base", "9" * 30), "amount"),
    ],
)
def test_what_is_no_total_is_refused(
    row: tuple[str, int, str, str], column: str
) -> None:
    with pytest.raises(StreamError) as refused:
        run(table(row)).table()
    assert refused.value.code == "D935"
    assert refused.value.diagnostic.arguments["column"] == column
    with pytest.raises(StreamError):
        Counter(program()).account((), (), [row[1:]])


@pytest.mark.parametrize("amount", ["7000", "+7000.0", "7000.000", "07000.00"])
def test_an_amount_may_be_written_in_several_ways(amount: str) -> None:
    settled = run(table(ROW, ("a", 2023, "aid.paid", amount)))
    assert fen(settled.table())[1] == 1_600_000


def test_a_total_told_twice_is_refused() -> None:
    with pytest.raises(StreamError) as refused:
        run(table(ROW, ROW)).table()
    assert refused.value.code == "D997"
    with pytest.raises(StreamError):
        Counter(program()).account((), (), [ROW[1:], ROW[1:]])


def test_floats_are_no_amounts() -> None:
    columns = table(ROW).drop_columns("amount").append_column("amount", pa.array([1.5]))
    with pytest.raises(StreamError) as refused:
        run(columns).table()
    assert refused.value.code == "D908"


def test_another_year_begins_with_nothing() -> None:
    settled = run(table(*((p, 2022, a, y) for p, _, a, y in (ROW, PAID_ROW))))
    assert fen(settled.table()) == PAID
    kept = settled.years().table().to_pylist()
    assert [
        (r["psn_no"], r["benefit_year"], str(r["aid.limit_used"])) for r in kept
    ] == [
        ("a", 2022, "7000.00"),
        ("a", 2023, "30000.00"),
        ("b", 2023, "8500.00"),
    ]


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.int64(), pa.int32()]
)
@pytest.mark.parametrize("threads", [1, 2])
def test_whoever_has_no_claims_has_an_account(kind: pa.DataType, threads: int) -> None:
    numbers = pa.array(["1", "1", "2"]).cast(kind)
    rows = [(p, 2023, name, y) for p in ("1", "9") for _, _, name, y in (ROW, PAID_ROW)]
    settled = run(table(*rows), claims(psn_no=numbers), threads=threads)
    settled.table()
    assert settled.opened_without_claims() == ["9"]
    years = settled.years().table()
    assert years["psn_no"].type == kind
    assert [str(n) for n in years["psn_no"].to_pylist()] == ["1", "2", "9"]
    assert str(years["aid.limit_used"][2].as_py()) == "7000.00"
    assert str(years["aid"][2].as_py()) == "0.00"
    assert settled.totals()["persons"] == 2


def test_a_persons_totals_that_are_no_use_bar_the_claims() -> None:
    settled = run(table(ROW, broken=["1"])).table()
    assert settled["reject"].to_pylist() == ["D970", "D970", None]
    assert fen(settled) == [0, 0, PAID[2]]


def test_claims_within_the_totals_are_not_settled_again() -> None:
    settled = run(table(ROW, until=[dt.date(2023, 3, 1)])).table()
    assert settled["reject"].to_pylist() == ["D929", None, None]


def test_an_application_that_looks_into_the_totals_bars_the_claims() -> None:
    asked = pa.table(
        {
            "psn_no": ["a"],
            "apply_date": [dt.date(2024, 1, 5)],
            "psn_idet_type": ["因病致贫重病患者"],
        }
    )
    settled = run(table(ROW), applications=asked).table()
    assert settled["reject"].to_pylist() == ["D900", "D900", None]
    other = run(table(("b", 2021, *ROW[2:])), applications=asked).table()
    assert other["reject"].to_pylist() == [None, None, None]


def test_identities_of_persons_without_claims_come_from_the_table() -> None:
    """Their year can be closed; who has an interval that runs backwards has no account."""
    held = people(("9", "特困人员", "2023-05-01", "2023-04-01"))
    settled = run(table(("9", *ROW[1:])), claims(psn_idet_type=None), people=held)
    settled.table()
    assert "9" not in settled.years().table()["psn_no"].to_pylist()


def test_totals_are_those_of_the_day() -> None:
    settled = run(table(), totals_until=dt.date(2023, 4, 1))
    settled.table()
    rows = settled.accumulated().table().to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        ("a", 2023, "aid.base", "50000.00"),
        ("a", 2023, "aid.accrued", "30000.00"),
        ("a", 2023, "aid.paid", "30000.00"),
    ]
