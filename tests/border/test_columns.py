"""Every flavour of a column means the same, or is refused or rejected by name."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from jiugao.compile import compile_policy
from jiugao.engine import EngineError, Program, StreamError, Tables, settle
from tests.border.ground import PAID, claims, fen, run

YUAN = ["10000", "40000.0", "20000.00"]
DECIMALS = [Decimal(y) for y in YUAN]


def rejected(table: pa.Table) -> list[tuple[str | None, str | None]]:
    return list(
        zip(
            table["reject"].to_pylist(), table["reject_column"].to_pylist(), strict=True
        )
    )


@pytest.mark.parametrize(
    "amounts",
    [
        pa.array(YUAN),
        pa.array(YUAN, pa.large_string()),
        pa.array(YUAN, pa.string_view()),
        pa.array(YUAN).dictionary_encode(),
        pa.array([" 10000 ", "+40000", "020000.000"]),
        pa.array(DECIMALS, pa.decimal32(7, 2)),
        pa.array(DECIMALS, pa.decimal64(18, 2)),
        pa.array(DECIMALS, pa.decimal64(18, 1)),
        pa.array(DECIMALS, pa.decimal128(18, 2)),
        pa.array(DECIMALS, pa.decimal128(38, 0)),
        pa.array(DECIMALS, pa.decimal128(38, 6)),
        pa.array([1_000_000, 4_000_000, 2_000_000], pa.int64()),
    ],
    ids=lambda a: str(a.type),
)
def test_money_in_every_exact_form(amounts: pa.Array) -> None:
    settled = run(claims(inscp_scp_amt=amounts)).table()
    assert fen(settled) == PAID
    assert settled["aid"].type == pa.decimal64(18, 2)


@pytest.mark.parametrize("kind", [pa.float64(), pa.float32()])
def test_float_amounts_are_refused_with_the_way_out(kind: pa.DataType) -> None:
    with pytest.raises(StreamError) as refused:
        run(claims(inscp_scp_amt=pa.array([1.0, 2.0, 3.0], kind))).table()
    assert refused.value.code == "D904"
    assert "inscp_scp_amt" in refused.value.diagnostic.cause("zh")
    assert "decimal" in refused.value.diagnostic.way_out("en")


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("inscp_scp_amt", pa.array([True, False, True])),
        ("inscp_scp_amt", pa.array([1, 2, 3], pa.int32())),
        ("setl_time", pa.array([1, 2, 3], pa.int64())),
        ("psn_no", pa.array([1.0, 2.0, 3.0])),
        ("med_type", pa.array([21.0, 21.0, 21.0])),
        ("medfee_sumamt", pa.array([[1], [2], [3]])),
    ],
)
def test_types_that_cannot_be_the_column(column: str, values: pa.Array) -> None:
    with pytest.raises(StreamError) as refused:
        run(claims(**{column: values})).table()
    assert refused.value.code == "D908"
    assert column in str(refused.value)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (None, "D951"),
        ("", "D951"),
        ("  ", "D951"),
        ("abc", "D952"),
        ("1e3", "D952"),
        ("1,000", "D952"),
        ("9999999999999999", "D952"),
        ("1.005", "D953"),
    ],
)
def test_a_bad_amount_rejects_its_row_alone(cell: str | None, code: str) -> None:
    amounts = pa.array([cell, "10000", "20000"])
    settled = run(claims(inscp_scp_amt=amounts)).table()
    assert rejected(settled) == [(code, "inscp_scp_amt"), (None, None), (None, None)]
    assert fen(settled) == [0, 700_000, 850_000]
    assert settled["role"].to_pylist() == ["rejected", "settled", "settled"]
    assert settled["setl_id"].to_pylist() == ["s1", "s2", "s3"]


def test_decimals_beyond_the_fen_reject_their_row() -> None:
    amounts = pa.array([Decimal("0.001"), Decimal(10000), None], pa.decimal128(20, 3))
    settled = run(claims(inscp_scp_amt=amounts)).table()
    assert [code for code, _ in rejected(settled)] == ["D953", None, "D951"]


@pytest.mark.parametrize(
    "times",
    [
        pa.array(["2023-03-01", "20230401", "2023/5/1"]),
        pa.array(["2023-03-01 08:00:00", "2023-04-01T00:00", "2023-05-01 23:59:59.5"]),
        *(
            pa.array(
                [dt.datetime(2023, m, 1, 9) for m in (3, 4, 5)], pa.timestamp(unit)
            )
            for unit in ("s", "ms", "us", "ns")
        ),
        pa.array([dt.date(2023, m, 1) for m in (3, 4, 5)], pa.date64()),
    ],
    ids=lambda a: str(a.type),
)
def test_days_in_every_form(times: pa.Array) -> None:
    settled = run(claims(setl_time=times)).table()
    assert fen(settled) == PAID
    assert settled["benefit_year"].to_pylist() == [2023, 2023, 2023]


def test_a_bad_day_rejects_its_row() -> None:
    settled = run(claims(setl_time=["2023-02-30", None, "2023-05-01"])).table()
    assert rejected(settled) == [
        ("D954", "setl_time"),
        ("D951", "setl_time"),
        (None, None),
    ]


@pytest.mark.parametrize(
    "codes",
    [
        pa.array(["21", "21", "21"]),
        pa.array(["21", "21", "21"]).dictionary_encode(),
        pa.array([21, 21, 21]),
        pa.array([21, 21, 21], pa.int8()),
        pa.array(["普通住院", "21", "普通住院"]),
    ],
    ids=lambda a: str(a.type),
)
def test_codes_as_text_number_or_label(codes: pa.Array) -> None:
    assert fen(run(claims(med_type=codes)).table()) == PAID


@pytest.mark.parametrize("encode", [False, True])
def test_an_unknown_code_rejects_its_row(encode: bool) -> None:
    codes = pa.array(["21", "99", None])
    settled = run(
        claims(med_type=codes.dictionary_encode() if encode else codes)
    ).table()
    assert rejected(settled) == [
        (None, None),
        ("D957", "med_type"),
        ("D951", "med_type"),
    ]


@pytest.mark.parametrize(
    "persons",
    [
        pa.array([1, 1, 2]),
        pa.array([1, 1, 2], pa.uint16()),
        pa.array(["1", "1", "2"], pa.large_string()),
        pa.array(["1", "1", "2"], pa.string_view()),
        pa.array(["1", "1", "2"]).dictionary_encode(),
    ],
    ids=lambda a: str(a.type),
)
def test_persons_by_number_or_text(persons: pa.Array) -> None:
    held = pa.table(
        {
            "psn_no": ["1", "2"],
            "psn_idet_type": [7131, 7010],
            "begndate": ["", None],
            "enddate": pa.nulls(2),
        }
    )
    settlement = run(claims(psn_no=persons, psn_idet_type=None), people=held)
    settled = settlement.table()
    assert fen(settled) == PAID
    assert settled["psn_no"].type == persons.type
    assert settlement.years().table()["psn_no"].to_pylist() == persons.to_pylist()[1:]


def test_a_person_without_a_number_is_refused() -> None:
    with pytest.raises(StreamError) as refused:
        run(claims(psn_no=["a", None, "b"])).table()
    assert (refused.value.code, refused.value.row) == ("D933", 2)


def test_columns_go_by_other_names_and_constants() -> None:
    table = claims(med_type=None, medfee_sumamt=None).rename_columns({"psn_no": "人员"})
    columns = {"psn_no": "人员", "medfee_sumamt": "inscp_scp_amt"}
    settled = run(table, columns=columns, constants={"med_type": "21"}).table()
    assert fen(settled) == PAID
    assert settled.column_names[:2] == ["人员", "setl_id"]


def test_both_spellings_of_a_column() -> None:
    table = claims().rename_columns({"inscp_scp_amt": "inscp_amt"})
    assert fen(run(table).table()) == PAID


@pytest.mark.parametrize(
    ("changed", "more", "code"),
    [
        ({"psn_no": None}, {}, "D903"),
        ({"setl_time": None}, {}, "D903"),
        ({"inscp_scp_amt": None}, {}, "D916"),
        ({}, {"passthrough": ["nowhere"]}, "D903"),
        ({"med_type": None}, {"constants": {"med_type": "77"}}, "D935"),
    ],
)
def test_what_is_missing_is_named_before_anything_is_read(
    changed: dict[str, Any], more: dict[str, Any], code: str
) -> None:
    with pytest.raises(StreamError) as refused:
        run(claims(**changed), **more)
    assert refused.value.code == code


def test_passthrough_keeps_columns_as_they_are() -> None:
    extra = pa.array([[1], [], None], pa.list_(pa.int64()))
    settled = run(claims(file=extra), passthrough=["file", "psn_no"]).table()
    assert settled.column_names[:3] == ["psn_no", "setl_id", "file"]
    assert (
        settled["file"]
        .combine_chunks()
        .equals(pa.chunked_array([extra]).combine_chunks())
    )


def test_an_amount_that_does_not_fit_names_the_claim() -> None:
    huge = pa.array([0, 9_000_000_000_000_000_000, 0], pa.int64())
    with pytest.raises(EngineError) as stopped:
        run(claims(inscp_scp_amt=huge, medfee_sumamt=huge)).table()
    assert (stopped.value.code, stopped.value.row, stopped.value.claim) == (
        "D934",
        2,
        "s2",
    )


def test_details_name_the_row_of_figures_and_the_cut() -> None:
    settled = run(claims(), details=True).table()
    assert settled["aid.figure"].to_pylist() == [1, 1, 2]
    assert settled["aid.cuts"].to_pylist() == [0, 2, 0]


def test_a_policy_without_a_standing_table() -> None:
    rules = """
    policy plain (plain) {
      source "x" clauses PL-1
      effective 2023-01-01 onward
      annual calendar_year by setl_time
      expense in_scope = inscp_scp_amt
      benefit half (half) { source "y" base in_scope rate 50%, annual limit none payer office }
    }
    """
    program = Program.load(compile_policy(rules).program_bytes)
    settled = settle(program, Tables(claims())).table()
    assert fen(settled, "half") == [500_000, 2_000_000, 1_000_000]
    assert settled["standing"].to_pylist() == [None] * 3
