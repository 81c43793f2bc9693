"""To whom and by when, through files: columns, balances, what is overdue."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from jiugao.reconcile.run import reconcile
from jiugao.results.options import Files, Options
from jiugao.results.run import run
from jiugao.results.verify import verify

if TYPE_CHECKING:
    from pathlib import Path

RULES = """方案 孟津式 (mengjin_like) {
  依据 "样例"
  施行 2018-01-01 起
  年度 自然年度 按 结算时间
  参数 上线日 = 2018-09-01  依据 "六" 条款 MJ-4.11
  输入 政府兜底 (backstop): 是否 缺省 否
  输入 政府兜底支出 (backstop_pay): 金额 缺省 0元
  输入 已付再保险 (reinsurance_paid): 金额 缺省 0元
  输入 处方机构级别 (medins_admin_level): 代码 来自 机构 按 rx_fixmedins_code
  费用 政策范围内 = 符合政策范围金额
  已付 基本医保 从 政策范围内 = 统筹基金支出
  待遇 再保险 (reinsurance) {
    依据 "四" 条款 MJ-4.10
    适用 处方机构级别 不低于 县级 且 县域内 且 市域内
    基数 政策范围内 扣除 基本医保
    比例 按 医疗机构级别 { 乡级: 60%；县级以上: 45% }
    年度限额 1万元
    支付方 承保机构
    实付 已付再保险
    收款方 县政府账户 归垫 政府兜底支出 当 政府兜底 且 结算时间 早于 上线日
    期限 上线日 + 30日 当 结算时间 早于 上线日
  }
}
"""
HEAD = (
    "psn_no,setl_id,setl_time,med_type,medfee_sumamt,inscp_scp_amt,hifp_pay,"
    "fixmedins_code,rx_fixmedins_code,insu_admdvs,fix_blng_admdvs,"
    "backstop,backstop_pay,reinsurance_paid"
)
ROWS = (
    # redirected, more laid out than the benefit; unpaid
    "p1,a,2018-03-15 09:00:00,21,1000,1000,0,T,C,410322,410322,1,700,0",
    # redirected, less laid out; paid
    "p1,b,2018-04-15 09:00:00,21,1000,1000,0,T,C,410322,410322,1,100,600",
    # to the person, due too; unpaid
    "p2,c,2018-05-15 09:00:00,21,1000,1000,0,C,P,410322,410322,0,0,0",
    # after going live: no deadline; unpaid
    "p2,d,2018-10-15 09:00:00,21,1000,1000,0,C,P,410322,410322,1,0,0",
    # prescribed in a township; treated in another county; in another city
    "p3,e,2018-03-15 09:00:00,21,1000,1000,0,C,T,410322,410322,0,0,0",
    "p3,f,2018-03-16 09:00:00,21,1000,1000,0,C,C,410322,410323,0,0,0",
    # no codes of regions: the institution's in_area says it
    "p4,g,2018-03-15 09:00:00,21,1000,1000,0,C,C,,,0,0,450",
    "p4,h,2018-03-16 09:00:00,21,1000,1000,0,P,C,,410322,0,0,0",
)
PLACES = (
    "fixmedins_code,medins_admin_level,designated,in_area",
    "T,township,1,1",
    "C,county,1,1",
    "P,province,1,0",
)


def files(folder: Path) -> tuple[Path, Files]:
    """The policy and its tables."""
    rules, claims, places = (
        folder / n for n in ("mj.rules", "claims.csv", "institutions.csv")
    )
    rules.write_text(RULES, "utf-8")
    claims.write_text("\n".join((HEAD, *ROWS)) + "\n", "utf-8")
    places.write_text("\n".join(PLACES) + "\n", "utf-8")
    return rules, Files((str(claims),), institutions=(str(places),))


def test_payee_deadline_and_excess_are_columns_and_the_money_balances(
    tmp_path: Path,
) -> None:
    rules, tables = files(tmp_path)
    done = run(rules, tables, tmp_path / "out", Options())
    assert done.tally.money_balances
    assert not verify(tmp_path / "out")
    rows = {
        r["setl_id"]: r
        for r in pq.read_table(tmp_path / "out" / "settlements.parquet").to_pylist()
    }
    told = ("reinsurance", "payee", "due_by", "payee_excess", "outlay_replaced")
    due = dt.date(2018, 10, 1)
    assert {name: tuple(r[c] for c in told) for name, r in rows.items()} == {
        "a": (600, "县政府账户", due, 0, 600),
        "b": (600, "县政府账户", due, 500, 100),
        "c": (450, None, due, 0, 0),
        "d": (450, None, None, 0, 0),
        "e": (0, None, None, 0, 0),
        "f": (0, None, None, 0, 0),
        "g": (450, None, due, 0, 0),
        "h": (0, None, None, 0, 0),
    }
    assert [rows[n]["psn_burden"] for n in "abcd"] == [300, 900, 550, 550]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["falling_due"] == [
        {"due_by": "2018-10-01", "payee": "", "rows": 2, "amount": "900.00"},
        {"due_by": "2018-10-01", "payee": "县政府账户", "rows": 2, "amount": "1200.00"},
    ]


def test_at_most_the_outlay_is_the_payees_and_the_rest_the_persons(
    tmp_path: Path,
) -> None:
    rules, tables = files(tmp_path)
    rules.write_text(RULES.replace("归垫 政府", "归垫 至多 政府"), "utf-8")
    done = run(rules, tables, tmp_path / "out", Options())
    assert done.tally.money_balances
    assert not verify(tmp_path / "out")
    table = pq.read_table(tmp_path / "out" / "settlements.parquet")
    rows = {r["setl_id"]: r for r in table.to_pylist()}
    told = ("reinsurance", "payee", "payee_excess", "outlay_replaced", "psn_burden")
    assert [tuple(rows[n][c] for c in told) for n in "abc"] == [
        (600, "县政府账户", 0, 600, 300),
        (600, "县政府账户", 0, 100, 400),
        (450, None, 0, 0, 550),
    ]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    # a: 600 to the county; b: 100 to the county, 500 to the person; c and g: 450 each
    assert manifest["falling_due"] == [
        {"due_by": "2018-10-01", "payee": "", "rows": 3, "amount": "1400.00"},
        {"due_by": "2018-10-01", "payee": "县政府账户", "rows": 2, "amount": "700.00"},
    ]


def test_overdue_is_what_is_unpaid_past_its_deadline(tmp_path: Path) -> None:
    rules, tables = files(tmp_path)
    for day, rows, amount in (("2018-10-01", 0, "0.00"), ("2018-10-02", 2, "1050.00")):
        options = Options(overdue_on=dt.date.fromisoformat(day))
        done = reconcile(rules, tables, tmp_path / day, options)
        manifest = json.loads((tmp_path / day / "manifest.json").read_text("utf-8"))
        assert manifest["overdue"]["rows"] == rows
        assert manifest["overdue"]["amount"] == amount
        assert done.overdue is not None
        assert Decimal(amount) == sum(
            Decimal(line["amount"]) for line in manifest["overdue"]["lines"]
        )
