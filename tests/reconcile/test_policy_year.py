"""A year that begins on 1 July, from files to results: every column goes by it."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from jiugao.diagnostics import RulesError
from jiugao.reconcile.run import reconcile
from jiugao.results.accounts import accounts
from jiugao.results.options import Files, Options
from jiugao.results.policy import load_policy
from jiugao.results.run import run
from jiugao.sample.generate import Wanted, sample
from tests.claims.claim_files import Year, row

TEXT = """
方案 保险年度 (policy_year) {
  依据 "某文件"
  施行 2022-07-01 起
  年度 自 2018-07-01 起 按 结算时间
  身份 类别 就高不重复 依据 "一" { 一类: 特困人员 }
  费用 政策范围内 (in_scope) = 符合政策范围金额 依据 "一"
  已付 基本医保 (basic) 从 政策范围内 = 统筹基金支出 依据 "一"
  待遇 医疗救助 (assistance) {
    依据 "一"
    基数 政策范围内 扣除 基本医保
    按 类别 { 一类: 年度起付线 1000元，比例 50%，年度限额 3000元 }
    支付方 医疗救助基金
    实付 医疗救助基金支出
  }
}
"""


@pytest.fixture
def year(tmp_path: Path) -> Year:
    (tmp_path / "policy.rules").write_text(TEXT, "utf-8")
    return Year(tmp_path)


def claim(number: int, time: str, maf: str, **more: str) -> dict[str, str]:
    """Of 6,000 yuan in scope nothing is paid by the basic fund."""
    return row(
        setl_id=f"S{number}",
        setl_time=time,
        medfee_sumamt="6000.00",
        inscp_scp_amt="6000.00",
        hifp_pay="0.00",
        maf_pay=maf,
        **more,
    )


def files(year: Year, rows: list[dict[str, str]]) -> Files:
    claims = year.write("claims.csv", rows)
    return Files((str(claims),), (str(year.write("people.csv", year.people)),))


def found(year: Year, rows: list[dict[str, str]]) -> list[tuple[str, str, str, int]]:
    """(settlement, difference, cause, year) of every adjustment."""
    out = year.folder / "out"
    done = reconcile(year.folder / "policy.rules", files(year, rows), out, Options())
    assert done.summary.holds
    return [
        (a["setl_id"], str(a["difference"]), a["cause"], a["benefit_year"])
        for a in pq.read_table(out / "adjustments.parquet").to_pylist()
    ]


def test_a_year_begins_with_the_deductible_and_the_whole_limit(year: Year) -> None:
    rows = [
        claim(1, "2023-06-30 23:59:59", "2500.00", year="2022"),
        claim(2, "2023-07-01 00:00:00", "2500.00", year="2023"),
        claim(3, "2024-06-30 08:00:00", "500.00", year="2023"),
    ]
    assert found(year, rows) == []


def test_a_stay_across_30_june_counted_in_the_year_of_admission(year: Year) -> None:
    rows = [
        claim(1, "2023-06-01 08:00:00", "2500.00", begndate="2023-05-25"),
        claim(2, "2023-07-03 08:00:00", "500.00", begndate="2023-06-25"),
    ]
    assert found(year, rows) == [("S2", "2000.00", "cross_year", 2023)]


def test_new_year_is_no_crossing(year: Year) -> None:
    rows = [
        claim(1, "2023-12-01 08:00:00", "2500.00", begndate="2023-11-25"),
        claim(2, "2024-01-03 08:00:00", "500.00", begndate="2023-12-25"),
    ]
    assert found(year, rows) == []


def test_the_year_of_a_row_is_held_against_the_benefit_year(year: Year) -> None:
    rows = [
        claim(1, "2023-06-30 08:00:00", "0.00", year="2023"),
        claim(2, "2023-07-01 08:00:00", "0.00", year="2023"),
    ]
    out = year.folder / "out"
    run(year.folder / "policy.rules", files(year, rows), out, Options(control=True))
    with (out / "warnings.csv").open(encoding="utf-8-sig", newline="") as stream:
        said = [r for r in csv.DictReader(stream) if r["code"] == "D983"]
    assert [(r["row"], r["value"]) for r in said] == [
        ("2", "2023")
    ]  # the first, below the head


def test_an_account_says_which_year(year: Year) -> None:
    rows = [claim(1, "2023-06-30 08:00:00", "0.00")]
    given = files(year, rows)
    policy = load_policy(year.folder / "policy.rules", {})
    told = accounts(policy, given, Options(), year.folder, person="P1")
    assert (told.claims[0].year, str(told.claims[0].year_begins)) == (
        2022,
        "2022-07-01",
    )
    assert str(told.years[0].year_begins) == "2022-07-01"


def test_a_sample_is_of_calendar_years(year: Year) -> None:
    with pytest.raises(RulesError) as refused:
        sample(year.folder / "policy.rules", Wanted(10, 1), year.folder / "sample")
    assert [d.code for d in refused.value.diagnostics] == ["E643"]
