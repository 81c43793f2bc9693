"""Text columns that lists ask about: every flavour, blanks, unknown and many codes."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from jiugao.compile import compile_sources
from jiugao.engine import Program, StreamError, Tables, settle
from jiugao.engine.counter import Counter
from jiugao.source import Source
from tests.border.ground import RULES, claims, fen

INPUT = '  输入 病种 (dise_no): 文本{default}\n  名录 大病 来自 "a.csv"\n  费用'
MANY = [f"XA{n:06}" for n in range(3_500)]


def program(codes: list[str], default: str = ' 缺省 ""') -> Program:
    text = RULES.replace("  费用", INPUT.format(default=default), 1)
    text = text.replace("(住院类)", "(住院类) 且 病种 属于 大病")
    rows = "".join(f"{code},2023-01-01,2023-04-15\n" for code in codes)
    sources = [Source("a.rules", text), Source("a.csv", f"code,from,to\n{rows}")]
    return Program.load(compile_sources(sources).program_bytes)


def paid(column: Any, codes: list[str], **more: Any) -> list[int]:
    table = claims() if column is None else claims(dise_no=column)
    return fen(settle(program(codes, **more), Tables(table)).table())


LISTED = ["M01", None, "M01"]
FIRST_ONLY = [700_000, 0, 0]  # the third claim is after the list's last day


@pytest.mark.parametrize(
    "column",
    [
        pa.array(LISTED),
        pa.array(LISTED, pa.large_string()),
        pa.array(LISTED, pa.string_view()),
        pa.array(LISTED).dictionary_encode(),
        pa.array([" M01 ", "", "M01"]),
        pa.array(["M01", "M0", "m01"]),
        pa.array(["M01", "M01x", "另一种病"]),
    ],
    ids=lambda a: str(a.type),
)
def test_a_text_in_every_form(column: pa.Array) -> None:
    assert paid(column, ["M01", "M02"]) == FIRST_ONLY


def test_numbers_are_the_texts_they_are_written_as() -> None:
    assert paid(pa.array([101, 102, 101], pa.int64()), ["101"]) == FIRST_ONLY


def test_a_missing_column() -> None:
    assert paid(None, ["M01"]) == [0, 0, 0]
    assert paid(None, ["M01"], default=' 缺省 "M01"') == [700_000, 2_300_000, 0]
    with pytest.raises(StreamError) as refused:
        paid(None, ["M01"], default="")
    assert refused.value.code == "D916"


def test_thousands_of_codes() -> None:
    assert paid(pa.array([MANY[-1], MANY[0], MANY[7]]), MANY) == [700_000, 2_300_000, 0]
    assert paid(pa.array(["XA003500", "", "XA"]), MANY) == [0, 0, 0]


def test_at_the_counter() -> None:
    counter = Counter(program(MANY))
    account = counter.account([("特困人员", None, None)])
    amounts = {"medfee_sumamt": 10_000_00, "inscp_scp_amt": 10_000_00, "med_type": "21"}
    for number, (code, due) in enumerate([(MANY[5], 7_000_00), ("XB", 0), (None, 0)]):
        values = amounts | ({} if code is None else {"dise_no": code})
        done = account.settle("2023-03-01", f"s{number}", values)
        assert done.benefits["aid"] == due
