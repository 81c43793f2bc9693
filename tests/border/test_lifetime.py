"""Labels for life: no day changes them, and two of them cannot be settled."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pyarrow as pa
import pytest

from jiugao.compile import compile_policy
from jiugao.engine import (
    Counter,
    Options,
    Program,
    Settlement,
    StreamError,
    Tables,
    settle,
    subsidies,
)
from tests.border.ground import RULES, claims, fen
from tests.border.test_persons import people

LABELS = """
    一类: 「2016年初留存贫困人口」、一类 终身
    二类: 低保对象、二类 终身
    三类: 特困人员
"""
SUBSIDY = """
  待遇 资助 (premium_aid) 按 参保 {
    依据 "二"
    基数 个人缴费
    择优
    按 身份 { 一类: 比例 100%；低保对象: 定额 200元 }
    支付方 医疗救助基金
  }
}
"""


@cache
def labelled() -> Program:
    head, rest = RULES.split("    一类: 特困人员\n")
    rules = (
        head
        + LABELS.lstrip("\n")
        + rest[rest.index("  }\n") :].removesuffix("}\n")
        + SUBSIDY
    )
    rules = rules.replace("特困人员；7010", "特困人员；01 一类；7010")
    return Program.load(compile_policy(rules).program_bytes)


def run(table: pa.Table, held: pa.Table | None = None) -> Settlement:
    return settle(labelled(), Tables(table, people=held), Options())


def test_a_label_is_held_whatever_its_days() -> None:
    held = people(
        ("a", "2016年初留存贫困人口", "2016-01-01", "2016-12-31"),
        ("a", "特困人员", "2023-01-01", None),
        ("b", "二类", "2030-01-01", None),
    )
    settled = run(claims(psn_idet_type=None), held).table()
    assert settled["standing"].to_pylist() == ["一类", "一类", "二类"]
    assert fen(settled) == [700_000, 2_300_000, 850_000]


def test_other_identities_keep_their_days() -> None:
    held = people(("a", "特困人员", "2023-04-01", None), ("b", "特困人员", None, None))
    settled = run(claims(psn_idet_type=None), held).table()
    assert settled["standing"].to_pylist() == [None, "三类", "三类"]


def test_two_labels_of_one_row_are_one_class() -> None:
    held = people(
        ("a", "一类", "2016-01-01", None),
        ("a", "01", "2017-01-01", None),
        ("a", "2016年初留存贫困人口", None, None),
    )
    settlement = run(claims(psn_idet_type=None), held)
    assert settlement.table()["standing"].to_pylist() == ["一类", "一类", None]
    assert settlement.totals()["merged_intervals"] == 1


def test_labels_of_two_rows_reject_the_persons_claims() -> None:
    held = people(
        ("a", "一类", "2016-01-01", "2016-12-31"),
        ("a", "二类", "2023-01-01", None),
        ("b", "7010", None, None),
    )
    settlement = run(claims(psn_idet_type=None), held)
    settled = settlement.table()
    assert settled["reject"].to_pylist() == ["D976", "D976", None]
    assert settled["reject_column"].to_pylist() == [None, None, None]
    assert fen(settled) == [0, 0, 850_000]
    assert settlement.totals()["rejected"] == 2
    assert settlement.years().table()["psn_no"].to_pylist() == ["b"]


def test_an_interval_that_runs_backwards_is_still_an_error() -> None:
    held = people(("a", "一类", "2023-02-01", "2023-01-01"))
    settled = run(claims(psn_idet_type=None), held).table()
    assert settled["reject"].to_pylist() == ["D961", "D961", None]


@pytest.mark.parametrize(
    ("on_claims", "standings", "rejects"),
    [
        (["一类", None, "二类"], ["一类", "一类", "二类"], [None, None, None]),
        (["特困人员", "一类", None], ["一类", "一类", None], [None, None, None]),
        (["一类", "7010", "7010"], [None, None, "二类"], ["D976", "D976", None]),
        (["一类", "01、7010", None], [None, None, None], ["D976", "D976", None]),
    ],
)
def test_labels_on_claims_are_the_persons(
    on_claims: list[str | None],
    standings: list[str | None],
    rejects: list[str | None],
) -> None:
    settled = run(claims(psn_idet_type=on_claims)).table()
    assert settled["standing"].to_pylist() == standings
    assert settled["reject"].to_pylist() == rejects


def test_subsidies_see_them_likewise() -> None:
    held = people(
        ("a", "一类", "2016-01-01", "2016-12-31"),
        ("b", "低保对象", "2030-01-01", None),
        ("c", "二类", None, None),
        ("c", "一类", "2016-01-01", "2016-12-31"),
    )
    rows = pa.table(
        {
            "psn_no": ["a", "b", "c"],
            "begndate": pa.array([dt.date(2023, 5, 1)] * 3, pa.date32()),
            "notice_date": pa.array([None] * 3, pa.date32()),
            "psn_contribution": pa.array([38_000] * 3, pa.int64()),
        }
    )
    found = subsidies(labelled(), rows, held).table()
    assert fen(found, "premium_aid") == [38_000, 20_000, 0]
    assert found["reject"].to_pylist() == [None, None, "D976"]
    own = rows.append_column(
        "psn_idet_type", pa.array(["一类、特困人员", None, "一类、二类"])
    )
    found = subsidies(labelled(), own).table()
    assert fen(found, "premium_aid") == [38_000, 0, 0]
    assert found["reject"].to_pylist() == [None, None, "D976"]


def test_a_counter_sees_them_likewise() -> None:
    counter = Counter(labelled())
    account = counter.account([("一类", "2016-01-01", "2016-12-31")])
    values = {"med_type": "21", "medfee_sumamt": 1_000_000, "inscp_scp_amt": 1_000_000}
    assert account.settle("2023-03-01", "s1", values).benefits["aid"] == 700_000
    with pytest.raises(StreamError) as refused:
        counter.account([("一类", None, "2016-12-31"), ("7010", "2023-01-01", None)])
    assert refused.value.code == "D976"
