"""Identities and applications by person, and what is wrong with them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from jiugao.engine import StreamError
from tests.border.ground import PAID, claims, fen, run


def people(*rows: tuple[str, str, str | None, str | None]) -> pa.Table:
    names = ("psn_no", "psn_idet_type", "begndate", "enddate")
    return pa.Table.from_pylist(
        [dict(zip(names, row, strict=True)) for row in rows],
        pa.schema([(name, pa.string()) for name in names]),
    )


def test_intervals_include_both_ends_and_may_be_open() -> None:
    held = people(
        ("b", "7010", None, ""),
        ("a", "特困人员", "2023-03-01", "2023-03-01"),
        ("a", "低保对象", "2023-04-01", "2023-04-30"),
        ("zz", "特困人员", None, None),
        ("a", "没有这种身份", None, None),
    )
    settled = run(claims(psn_idet_type=None), people=held).table()
    assert settled["standing"].to_pylist() == ["一类", "二类", "二类"]


def test_people_count_before_identities_on_claims() -> None:
    settled = run(claims(), people=people(("a", "7131", None, None))).table()
    assert settled["standing"].to_pylist() == ["一类", "一类", None]


def test_overlapping_intervals_are_merged_and_counted() -> None:
    held = people(
        ("a", "7131", "2023-01-01", "2023-06-30"),
        ("a", "特困人员", "2023-06-30", "2023-12-31"),
        ("a", "特困人员", "2023-02-01", "2023-03-01"),
        ("b", "7010", "2023-01-01", "2023-12-31"),
        ("b", "7131", "2022-01-01", "2022-12-31"),
    )
    settlement = run(claims(psn_idet_type=None), people=held)
    assert fen(settlement.table()) == PAID
    assert settlement.totals()["merged_intervals"] == 2


@pytest.mark.parametrize(
    ("start", "end"),
    [("2023-12-31", "2023-01-01"), ("2023-02-30", None), (None, "soon")],
)
def test_a_broken_interval_rejects_the_persons_claims(
    start: str | None, end: str | None
) -> None:
    held = people(
        ("a", "别处的身份", start, end),
        ("a", "7131", None, None),
        ("b", "7010", None, None),
    )
    settlement = run(claims(psn_idet_type=None), people=held)
    settled = settlement.table()
    assert settled["reject"].to_pylist() == ["D961", "D961", None]
    assert settled["reject_column"].to_pylist() == [None, None, None]
    assert fen(settled) == [0, 0, 850_000]
    totals = settlement.totals()
    assert (totals["rows"], totals["persons"], totals["rejected"]) == (3, 2, 2)
    assert settlement.years().table()["psn_no"].to_pylist() == ["b"]


@pytest.mark.parametrize("encode", [False, True])
def test_several_identities_on_a_claim(encode: bool) -> None:
    cells = pa.array(["7010、特困人员", "低保对象,别处", None])
    cells = cells.dictionary_encode() if encode else cells
    settled = run(claims(psn_idet_type=cells)).table()
    assert settled["standing"].to_pylist() == ["一类", "二类", None]


def test_an_application_opens_a_window_of_its_own() -> None:
    asked = pa.table(
        {
            "psn_no": ["a", "b", "b"],
            "apply_date": ["2023-03-15", "not a day", "2023-01-01"],
            "psn_idet_type": ["因病致贫重病患者", "因病致贫重病患者", "别处的身份"],
        }
    )
    settlement = run(claims(psn_idet_type=None), applications=asked)
    settled = settlement.table()
    years = settlement.years().table().to_pylist()
    lumps = [int(y["aid.lookback"].scaleb(2)) for y in years if y["application"]]
    # 10,000 before the application are all under the deductible; 40,000 after it pay 60 %.
    assert lumps == [0]
    assert fen(settled) == [0, 2_000_000, 0]
    assert settlement.totals()["ignored_applications"] == 2


def test_reversals_find_their_original_in_the_person() -> None:
    changed: dict[str, Any] = {
        "psn_no": ["a"] * 3,
        "setl_id": ["s1", "s2", "s3"],
        "init_setl_id": [None, "s1", "elsewhere"],
        "psn_idet_type": ["7131"] * 3,
        "inscp_scp_amt": pa.array([1_000_000, -1_000_000, -5], pa.int64()),
        "medfee_sumamt": pa.array([1_000_000, -1_000_000, -5], pa.int64()),
    }
    settled = run(claims(**changed)).table()
    assert settled["role"].to_pylist() == ["reversed", "reversal", "rejected"]
    assert settled["reject"].to_pylist() == [None, None, "D967"]
    assert fen(settled) == [700_000, -700_000, 0]


@pytest.mark.parametrize("table", ["people", "applications"])
def test_a_column_that_a_persons_table_lacks_is_named(table: str) -> None:
    with pytest.raises(StreamError) as refused:
        run(claims(), **{table: pa.table({"psn_no": ["a"]})}).table()
    assert refused.value.code == "D903"
    assert "psn_idet_type" in refused.value.diagnostic.cause("zh")
