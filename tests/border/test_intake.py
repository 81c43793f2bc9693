"""Raw columns become exact typed ones; every bad cell is named, no row is lost."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from jiugao.engine import RawColumn, StreamError, intake


def typed(columns: dict[str, Any], *wanted: RawColumn) -> pa.Table:
    return intake(pa.table(columns), wanted, "f.csv").table()


def findings(table: pa.Table) -> list[list[tuple[str, str, str]] | None]:
    return [
        None if row is None else [(f["column"], f["code"], f["value"]) for f in row]
        for row in table["_findings"].to_pylist()
    ]


@pytest.mark.parametrize(
    ("kind", "cells", "values", "arrow", "bad"),
    [
        ("money", ["1", "-0.05", "", "x", "1.234"], [100, -5, None, None, None], pa.int64(),
         {3: ("D952", "x"), 4: ("D953", "1.234")}),
        ("day", ["2023-01-31", "20230201", None, "2023-02-29", "soon"],
         [dt.date(2023, 1, 31), dt.date(2023, 2, 1), None, None, None], pa.date32(),
         {3: ("D954", "2023-02-29"), 4: ("D954", "soon")}),
        ("time", ["2023-01-31 08:30:00", "2023/2/1", " ", "25:00", "1"],
         [dt.datetime(2023, 1, 31, 8, 30), dt.datetime(2023, 2, 1), None, None, None],
         pa.timestamp("us"), {3: ("D954", "25:00"), 4: ("D954", "1")}),
        ("flag", ["1", "否", "", "2", "maybe"], [True, False, None, None, None], pa.bool_(),
         {3: ("D955", "2"), 4: ("D955", "maybe")}),
        ("count", ["12", "0", None, "1.5", "many"], [12, 0, None, None, None], pa.int64(),
         {3: ("D956", "1.5"), 4: ("D956", "many")}),
        ("code", ["21", " 11 ", "", "99", "2 1"], ["21", "11", None, None, None], pa.string(),
         {3: ("D957", "99"), 4: ("D957", "2 1")}),
        ("text", ["a", " b ", "", None, "\u3000"], ["a", "b", None, None, None], pa.string(), {}),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "flavour", [pa.string(), pa.large_string(), pa.string_view(), "dictionary"]
)
def test_every_kind_from_every_flavour_of_text(
    kind: str, cells: list[str], values: list[Any], arrow: pa.DataType,
    bad: dict[int, tuple[str, str]], flavour: Any,
) -> None:  # fmt: skip
    array = pa.array(cells, pa.string())
    array = (
        array.dictionary_encode() if flavour == "dictionary" else array.cast(flavour)
    )
    codes = ["21", "11"] if kind == "code" else []
    table = typed({"c": array}, RawColumn("c", kind, codes=codes))
    assert table["c"].type == arrow
    assert table["c"].to_pylist() == values
    assert findings(table) == [
        [("c", *bad[row])] if row in bad else None for row in range(len(cells))
    ]


def test_blanks_are_wrong_only_where_something_is_required() -> None:
    columns = {"a": ["", "1", None], "b": [" ", "x", None], "c": ["", "", "7"]}
    table = typed(
        columns,
        RawColumn("a", "money", required=True),
        RawColumn("b", "text", required=True),
        RawColumn("c", "count"),
        RawColumn("d", "money", default="2.50"),
        RawColumn("e", "code", default="21"),
    )
    assert findings(table) == [
        [("a", "D951", ""), ("b", "D951", "")],
        None,
        [("a", "D951", ""), ("b", "D951", "")],
    ]
    assert table["d"].to_pylist() == [250] * 3
    assert table["e"].to_pylist() == ["21"] * 3


def test_typed_columns_pass_exactly() -> None:
    columns = {
        "money": pa.array([Decimal("1.50"), None], pa.decimal128(16, 2)),
        "fen": pa.array([150, None], pa.int64()),
        "more": pa.array([Decimal("1.5000"), Decimal("1.5001")], pa.decimal128(16, 4)),
        "code": pa.array([21, None], pa.int16()),
        "day": pa.array([dt.datetime(2023, 1, 1, 23), None]),
        "flag": pa.array([True, None]),
    }
    table = typed(
        columns,
        *(RawColumn(name, "money") for name in ("money", "fen", "more")),
        RawColumn("code", "code", codes=["21"]),
        RawColumn("day", "day"),
        RawColumn("flag", "flag"),
    )
    assert [table[c].to_pylist() for c in ("money", "fen", "more")] == [[150, None]] * 3
    assert table["code"].to_pylist() == ["21", None]
    assert table["day"].to_pylist() == [dt.date(2023, 1, 1), None]
    assert table["flag"].to_pylist() == [True, None]
    assert findings(table) == [None, [("more", "D953", "1.5001")]]


def test_spellings_are_tried_in_order_and_rows_keep_their_place() -> None:
    table = typed(
        {"inscp_amt": ["1", "oops", "3"], "psn_no": ["a", "b", "c"]},
        RawColumn("psn_no", "text", required=True),
        RawColumn("inscp_scp_amt", "money", spellings=["inscp_amt"], required=True),
    )
    assert table.column_names == ["psn_no", "inscp_scp_amt", "_findings"]
    assert table["inscp_scp_amt"].to_pylist() == [100, None, 300]
    assert findings(table)[1] == [("inscp_scp_amt", "D952", "oops")]


def test_columns_that_cannot_be_taken_are_refused_by_file() -> None:
    with pytest.raises(StreamError) as refused:
        typed({"a": [1.5]}, RawColumn("a", "money"))
    assert refused.value.code == "D904"
    assert "f.csv" in refused.value.diagnostic.cause("zh")
    for values, kind in (
        ([[1]], "text"),
        ([1.5], "day"),
        ([dt.date(2023, 1, 1)], "count"),
    ):
        with pytest.raises(StreamError) as refused:
            typed({"a": values}, RawColumn("a", kind))
        assert refused.value.code == "D908"
    with pytest.raises(StreamError) as refused:
        typed({"a": ["1"]}, RawColumn("b", "money", required=True))
    assert refused.value.code == "D903"


def test_batches_stay_as_they_are() -> None:
    table = pa.table({"a": [str(n) for n in range(1000)]})
    reader = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(128))
    batches = list(intake(reader, [RawColumn("a", "money")], "f.csv"))
    assert [len(b) for b in batches] == [128] * 7 + [104]
    assert pa.Table.from_batches(batches)["a"].to_pylist() == [
        n * 100 for n in range(1000)
    ]
