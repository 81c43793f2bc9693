"""A policy that names no column of what was paid, and has no description beside it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from jiugao.claims.findings import DataError
from jiugao.reconcile.run import reconcile
from jiugao.results.options import Files, Options
from jiugao.results.run import run
from jiugao.sample.generate import Wanted, sample

PLAIN = """方案 惠民保 (plain) {
  依据 "产品方案" 条款 P-1
  施行 2026-01-01 至 2026-12-31
  年度 自然年度 按 结算时间
  费用 医保内 = 符合政策范围金额
  已付 基本医保 从 医保内 = 统筹基金支出
  待遇 住院内 (inside) {
    依据 "保障一" 条款 P-2
    适用 医疗类别 是 普通住院
    基数 医保内 扣除 基本医保
    年度起付线 2000元，比例 80%，年度限额 100万元
    支付方 保险公司
  }
}
"""


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "plain.rules"
    path.write_text(PLAIN, "utf-8")
    return path


def test_a_sample_is_of_a_year_in_force(policy: Path, tmp_path: Path) -> None:
    made = sample(policy, Wanted(300, 1), tmp_path / "year")
    with (made.folder / "claims.csv").open(encoding="utf-8") as stream:
        years = {row["setl_time"][:4] for row in csv.DictReader(stream)}
    assert "2026" in years
    assert years <= {"2025", "2026", "2027"}
    done = run(policy, claims_of(made.folder), tmp_path / "out", Options())
    assert done.tally.roles["settled"] > 0


def test_there_is_no_place_for_a_mistake(policy: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        sample(policy, Wanted(300, 1, errors=0.1), tmp_path / "year")
    assert refused.value.diagnostic.code == "D927"
    assert not list((tmp_path / "year").iterdir())


def test_there_is_nothing_to_hold_against(policy: Path, tmp_path: Path) -> None:
    made = sample(policy, Wanted(300, 1), tmp_path / "year")
    with pytest.raises(DataError) as refused:
        reconcile(policy, claims_of(made.folder), tmp_path / "out", Options())
    assert refused.value.diagnostic.code == "D927"


def claims_of(folder: Path) -> Files:
    return Files(claims=(str(folder / "claims.csv"),))
