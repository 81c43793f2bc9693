"""A policy replaced inside a year: what the old one accumulated goes on under the new one."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from jiugao.compile import compile_policy
from jiugao.explain import as_text
from jiugao.reconcile.run import reconcile
from jiugao.results.accounts import accounts
from jiugao.results.options import Files, Options
from jiugao.results.policy import load_policy
from jiugao.results.run import run
from jiugao.results.totals import write_totals
from jiugao.results.verify import verify
from tests.claims.claim_files import row
from tests.oracle import Held, Opening, evaluate

if TYPE_CHECKING:
    from pathlib import Path

    from tests.claims.claim_files import Year

JUNE = dt.date(2023, 6, 30)
RULES = """\
方案 {name} ({code}) {{
  依据 "{name}" 条款 T-1
  施行 {days}
  年度 自然年度 按 结算时间
  身份 类别 就高不重复 {{ 一类: 特困人员；二类: 低保边缘家庭成员 }}
  费用 政策范围内 = 符合政策范围金额
  限额 合计限额 20000元 每人每年
  待遇 救助 (assistance) {{
    依据 "一" 条款 T-2
    基数 政策范围内
    按 类别 {{
      一类: 年度起付线 1000元，比例 {rate}，限额 合计限额
      二类: 年度起付线 3000元，比例 50%，限额 合计限额
    }}
    支付方 医疗救助基金
    实付 医疗救助基金支出
  }}
}}
"""


@pytest.fixture
def policies(tmp_path: Path) -> tuple[Path, Path]:
    """60 % up to June, 80 % from July; deductible and limit are of the year."""
    old, new = tmp_path / "old.rules", tmp_path / "new.rules"
    days = "2023-01-01 至 2023-06-30"
    old.write_text(
        RULES.format(name="旧办法", code="old", days=days, rate="60%"), "utf-8"
    )
    days = "2023-07-01 起"
    new.write_text(
        RULES.format(name="新办法", code="new", days=days, rate="80%"), "utf-8"
    )
    return old, new


def stay(number: int, day: str, yuan: str, paid: str) -> dict[str, str]:
    return row(
        setl_id=f"S{number}", setl_time=f"{day} 08:00:00", medfee_sumamt=yuan,
        inscp_scp_amt=yuan, hifp_pay="0.00", maf_pay=paid,
    )  # fmt: skip


# Old: 10,800 − 1,000 at 60 % = 5,880. New: 15,000 at 80 % = 12,000, then 20,000 − 17,880.
FIRST = [stay(1, "2023-03-01", "800.00", "0.00"), stay(2, "2023-06-30", "10000.00", "5880.00")]  # fmt: skip
SECOND = [stay(3, "2023-07-01", "15000.00", "12000.00"), stay(4, "2023-12-01", "9000.00", "2120.00")]  # fmt: skip


def test_deductible_and_limit_go_on(year: Year, policies: tuple[Path, Path]) -> None:
    old, new = policies
    people = year.write("people.csv", year.people)
    first = year.write("first.csv", FIRST)
    second = year.write("second.csv", SECOND)
    table = year.folder / "totals.csv"
    before = Files((str(first),), (str(people),))
    written = write_totals(old, before, JUNE, table, Options())
    assert written.persons == 1
    assert "合计限额.used,5880.00" in table.read_text("utf-8")
    after = Files((str(second),), (str(people),), opening=(str(table),))
    done = run(new, after, year.folder / "out", Options())
    paid = pq.read_table(done.folder / "settlements.parquet")["assistance"].to_pylist()
    assert [str(fen) for fen in paid] == ["12000.00", "2120.00"]
    (record,) = pq.read_table(done.folder / "years.parquet").to_pylist()
    assert (str(record["合计限额.used"]), str(record["合计限额.left"])) == (
        "20000.00",
        "0.00",
    )
    assert verify(done.folder) == []
    for policy, files, folder in ((old, before, "r1"), (new, after, "r2")):
        held = reconcile(policy, files, year.folder / folder, Options())
        found = pq.read_table(held.outcome.folder / "adjustments.parquet")
        assert found.num_rows == 0
    scratch = year.folder / "scratch"
    scratch.mkdir()
    told = accounts(load_policy(new, {}), after, Options(), scratch, settlement="S4")
    text = as_text(told.claims[0], "zh")
    assert "期初余额 合计限额已用" in text
    assert "5,880.00" in text


def test_the_second_evaluator_says_the_same(policies: tuple[Path, Path]) -> None:
    _, new = policies
    begun = Opening(
        "P1",
        2023,
        {
            "assistance.base": Fraction(10800_00),
            "assistance.paid": Fraction(5880_00),
            "合计限额.used": Fraction(5880_00),
        },
        JUNE,
    )
    claims = [
        {
            "psn_no": "P1", "setl_id": c["setl_id"], "init_setl_id": None,
            "setl_time": dt.datetime.fromisoformat(c["setl_time"]),
            "medfee_sumamt": int(float(c["medfee_sumamt"]) * 100),
            "inscp_scp_amt": int(float(c["inscp_scp_amt"]) * 100),
        }
        for c in SECOND
    ]  # fmt: skip
    found = evaluate(
        compile_policy(new).policy, claims, [Held("P1", "特困人员")], (), [begun]
    )
    assert [one.payments["assistance"] for one in found.rows] == [12000_00, 2120_00]


def test_from_nothing_the_new_one_takes_its_deductible_again(
    year: Year, policies: tuple[Path, Path]
) -> None:
    people = year.write("people.csv", year.people)
    second = year.write("second.csv", SECOND)
    files = Files((str(second),), (str(people),))
    done = run(policies[1], files, year.folder / "out", Options())
    paid = pq.read_table(done.folder / "settlements.parquet")["assistance"].to_pylist()
    assert [str(fen) for fen in paid] == ["11200.00", "7200.00"]
