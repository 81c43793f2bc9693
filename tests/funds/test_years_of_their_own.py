"""Funds, months and opening balances of benefit years that begin on 1 July."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiugao.compile import compile_policy
from jiugao.program import decode, listing
from tests.funds.test_funds import call, rows, stated

POLICY = """\
方案 样例 (sample) {
  依据 "样例文件"
  施行 2018-07-01 起
  年度 自 2018-07-01 起 按 结算时间
  身份 类别 { 一类: 建档立卡贫困人口 }
  费用 政策范围内 = 符合政策范围金额
  待遇 补充保险 (supplement) {
    依据 "三"
    适用 类别 是 一类
    基数 政策范围内
    年度起付线 1000元，比例 50%，年度限额 不设
    支付方 承保机构
  }
  基金 专户 (account) {
    依据 "四"
    统筹 按 县
    计数 参保人数 后续 按月
    赔付 = 补充保险
    分担 保费 = 120元 × 参保人数 { 县级财政 100% }
    分担 结余 = 保费 - 赔付 { 承保机构 100% }
  }
  指标 自费占比 (outside) 按 月 = 合计 全自费金额 / 合计 医疗费总额，目标 不超过 10%  依据 "五"
  指标 费用增长 (growth) 按 年 = 同比 合计 医疗费总额，目标 不超过 10%  依据 "五"
}
"""
# 30 June 2019 is of the year 2018, the day after of 2019.
CLAIMS = """\
psn_no,setl_id,setl_time,med_type,medfee_sumamt,inscp_scp_amt,fulamt_ownpay_amt,insu_admdvs,init_setl_id
p1,s1,2018-07-01 00:00:00,21,2000.00,2000.00,100.00,410322,
p1,s2,2019-06-30 23:59:59,21,1000.00,1000.00,200.00,410322,
p1,s3,2019-07-01 00:00:00,21,3000.00,2000.00,0.00,410322,
"""
PEOPLE = "psn_no,psn_idet_type,begndate,enddate\np1,建档立卡贫困人口,2018-01-01,\n"
# Twelve months; from 16 September: ten, that month included; after 30 June: none.
ENROLMENT = """\
psn_no,insutype,insu_admdvs,begndate,enddate,notice_date
p1,390,410322,2018-01-01,,
p2,390,410322,2018-09-16,2019-06-30,
p3,390,410322,2019-07-01,,
"""


@pytest.fixture
def year(tmp_path: Path) -> Path:
    texts = {
        "policy.rules": POLICY,
        "claims.csv": CLAIMS,
        "people.csv": PEOPLE,
        "enrolment.csv": ENROLMENT,
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def tables(year: Path) -> tuple[str | Path, ...]:
    return "--claims", year / "claims.csv", "--people", year / "people.csv"


def test_statements_and_growth_by_those_years_months_by_the_calendar(
    year: Path,
) -> None:
    policy, results = year / "policy.rules", year / "results"
    call("run", policy, *tables(year), "-o", results)
    out, people = year / "funds", year / "people.csv"
    call(
        "funds", policy, "--results", results, "--enrolment", year / "enrolment.csv",
        "--people", people, "-o", out,
    )  # fmt: skip
    told = stated(out)
    # 2018: 2000 and 1000 over a deductible of 1000, one half; 12 and 10 months of heads.
    assert told["2018", "410322", "赔付", ""] == "1000.00"
    assert told["2018", "410322", "参保人数", ""] == "11/6"
    assert told["2018", "410322", "保费", ""] == "220.00"
    # 2019: the deductible is new, p2 is gone, p3 is there.
    assert told["2019", "410322", "赔付", ""] == "500.00"
    assert told["2019", "410322", "参保人数", ""] == "2"
    found = {(r["indicator"], r["period"]): r["exact"] for r in rows(out, "indicators")}
    assert found["outside", "2018-07"] == "1/20"
    assert found["outside", "2019-06"] == "1/5"
    assert found["outside", "2019-07"] == "0"
    assert found["growth", "2019"] == "0"  # 3000 and 3000
    assert found["growth", "2018"] == ""


@pytest.mark.parametrize(
    ("number", "until", "code"),
    [  # D929: what is already in the balance, here the claims of 2018
        ("2018", "2019-06-30", "D929"),
        ("2019", "2019-06-30", "D998"),
        ("2017", "", "D998"),
    ],
)
def test_opening_balances_are_of_those_years(
    year: Path, number: str, until: str, code: str
) -> None:
    head = "psn_no,benefit_year,accumulator,amount,until"
    line = f"p1,{number},supplement.base,500.00,{until}"
    opening = year / "opening.csv"
    opening.write_text(f"{head}\n{line}\n", "utf-8")
    more = (*tables(year), "--opening", opening, "-o", year / "results")
    done = call("run", year / "policy.rules", *more, code=4)
    assert {c for c in ("D929", "D998") if c in done.output} == {code}


def test_the_listing_says_when_years_begin() -> None:
    program = decode(compile_policy(POLICY).program_bytes)
    assert "07-01" in listing(program, "zh").splitlines()[1]
    calendar = POLICY.replace("自 2018-07-01 起 按", "自然年度 按")
    plain = decode(compile_policy(calendar).program_bytes)
    assert "01-01" not in listing(plain, "zh").splitlines()[1]
