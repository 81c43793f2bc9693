"""What is summed up beside the rows, and the month in which each counts: as the rows say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from jiugao.engine import StreamError
from tests.border.ground import claims, run, year

SUMMED = ("medfee_sumamt", "other")


def one_of(rows: Iterable[dict[str, Any]], column: str) -> int:
    return sum(row[column] or 0 for row in rows)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("batch", [7, 9000])
def test_sums_are_those_of_the_rows(batch: int, threads: int) -> None:
    table, people, applications = year(persons=1500, seed=11)
    # Some other payments are blank, and some rows cannot be read at all.
    blank = [None if n % 5 == 0 else n - 100 for n in range(len(table))]
    table = table.append_column("other", pa.array(blank, pa.int64()))
    kinds = table["med_type"].to_pylist()
    kinds = [None if n % 41 == 0 else kind for n, kind in enumerate(kinds)]
    at = table.column_names.index("med_type")
    table = table.set_column(at, "med_type", pa.array(kinds, pa.string()))
    settlement = run(
        pa.RecordBatchReader.from_batches(table.schema, table.to_batches(batch)),
        people=people,
        applications=applications,
        threads=threads,
        passthrough=SUMMED,
        summed=SUMMED,
    )
    rows = [r for r in settlement.table().to_pylist() if r["reject"] is None]
    assert 0 < len(rows) < len(table)
    undone = [row for row in rows if row["role"] != "settled"]
    assert undone
    told = {c: (one_of(rows, c), one_of(undone, c)) for c in SUMMED}
    assert settlement.sums() == told
    without = sum(row["standing"] is None for row in rows)
    assert settlement.totals()["without_standing"] == without > 0


def test_amounts_of_two_decimals_are_summed_up_too() -> None:
    amounts = [Decimal("1.25"), None, Decimal(3)]
    other = pa.array(amounts, pa.decimal64(18, 2))
    settlement = run(claims(other=other), summed=["other"])
    settlement.table()
    assert settlement.sums() == {"other": (425, 0)}
    assert run(claims(), summed=()).table() is not None


@pytest.mark.parametrize("kind", [pa.string(), pa.int32(), pa.decimal64(18, 3)])
def test_other_columns_are_not_summed_up(kind: pa.DataType) -> None:
    with pytest.raises(StreamError) as refused:
        run(claims(other=pa.nulls(3, kind)), summed=["other"])
    assert refused.value.code == "D908"
    with pytest.raises(StreamError) as refused:
        run(claims(), summed=["other"])
    assert refused.value.code == "D903"


@pytest.mark.parametrize("blank", [False, True])
def test_a_reversal_counts_in_the_month_of_what_it_undoes(blank: bool) -> None:
    days = [(2023, 1, 31), (2023, 2, 1), (2024, 2, 29), (2024, 12, 31), (2024, 3, 5)]
    fen = [100_000, 7, 0, -100_000, -5]
    changed: dict[str, Any] = {
        "psn_no": ["a", "a", "a", "a", "b"],
        "setl_id": ["s1", "s2", "s3", "s4", "s5"],
        "init_setl_id": [None, None, None, "s1", "elsewhere"],
        "setl_time": [dt.datetime(*day, 23, 59) for day in days],
        "med_type": ["21", None if blank else "21", "21", "21", "21"],
        "psn_idet_type": ["7131"] * 5,
        "inscp_scp_amt": pa.array(fen, pa.int64()),
        "medfee_sumamt": pa.array(fen, pa.int64()),
    }
    settled = run(claims(**changed), months=True).table()
    good = [r for r in settled.to_pylist() if r["reject"] is None]
    months = {row["setl_id"]: row["month"] for row in good}
    assert months == {
        "s1": dt.date(2023, 1, 1),
        **({} if blank else {"s2": dt.date(2023, 2, 1)}),
        "s3": dt.date(2024, 2, 1),
        "s4": dt.date(2023, 1, 1),
    }
    assert "month" not in run(claims(**changed)).table().column_names
