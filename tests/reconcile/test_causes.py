"""Each cause by hand: one person, a few rows, what was paid, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from jiugao.reconcile.causes import WORDS, Cause
from jiugao.reconcile.run import Reconciled, reconcile
from jiugao.results.options import Files, Options
from tests.claims.claim_files import POLICY, Year, row

DATED = """
方案 分段的一年 (dated) {
  依据 "某文件"
  施行 2023-01-01 起
  年度 自然年度 按 结算时间
  参数 救助比例 (aid_rate) 依据 "一" { 自 2023-01-01 至 2023-06-30: 60%；自 2023-07-01: 70% }
  身份 类别 就高不重复 依据 "一" { 一类: 特困人员 }
  费用 政策范围内 (in_scope) = 符合政策范围金额 依据 "一"
  已付 基本医保 (basic) 从 政策范围内 = 统筹基金支出 依据 "一"
  待遇 医疗救助 (assistance) {
    依据 "一"
    基数 政策范围内 扣除 基本医保
    按 类别 { 一类: 起付线 不设，比例 救助比例，年度限额 不设 }
    支付方 医疗救助基金
    实付 医疗救助基金支出
  }
}
"""


@pytest.fixture
def year(tmp_path: Path) -> Year:
    return Year(tmp_path)


def paid(
    number: int, day: str, amount: str, maf: str, again: str = "0.00", **more: str
) -> dict[str, str]:
    """A claim with `amount` left after the basic fund, and what was paid on it."""
    return row(
        setl_id=f"S{number}",
        setl_time=f"2023-{day} 08:00:00",
        medfee_sumamt=amount,
        inscp_scp_amt=amount,
        hifp_pay="0.00",
        maf_pay=maf,
        reassistance_pay=again,
        **more,
    )


def held(
    year: Year,
    rows: list[dict[str, str]],
    policy: Path = POLICY,
    rounding: str | None = None,
) -> tuple[Reconciled, list[tuple[str, str, str, str, str]]]:
    """(settlement, benefit, difference, cause, root) of every adjustment."""
    claims = year.write("claims.csv", rows)
    people = year.write("people.csv", year.people)
    files = Files((str(claims),), (str(people),))
    done = reconcile(policy, files, year.folder / "out", Options(), rounding)
    assert done.summary.holds
    table = pq.read_table(year.folder / "out" / "adjustments.parquet")
    return done, [
        (
            r["setl_id"],
            r["benefit"],
            str(r["difference"]),
            r["cause"],
            r["root_setl_id"],
        )
        for r in table.to_pylist()
    ]


def test_nothing_differs(year: Year) -> None:
    _, found = held(year, [paid(1, "03-01", "10000.00", "7000.00")])
    assert found == []


def test_missing(year: Year) -> None:
    rows = [paid(1, "03-01", "10000.00", "0.00"), paid(2, "04-01", "1000.00", "700.00")]
    assert held(year, rows)[1] == [
        ("S1", "assistance", "7000.00", "missing_payment", "")
    ]


def test_twice(year: Year) -> None:
    rows = [
        paid(1, "03-01", "4000.00", "5600.00"),
        paid(2, "04-01", "1000.00", "700.00"),
    ]
    assert held(year, rows)[1] == [
        ("S1", "assistance", "-2800.00", "double_payment", "")
    ]


def test_the_lower_of_two_identities(year: Year) -> None:
    year.people.append(
        {
            "psn_no": "P1",
            "psn_idet_type": "低保边缘家庭成员",
            "begndate": "2020-01-01",
            "enddate": "",
        }
    )
    rows = [
        paid(1, "03-01", "10000.00", "3500.00"),
        paid(2, "04-01", "1000.00", "500.00"),
    ]
    assert held(year, rows)[1] == [
        ("S1", "assistance", "3500.00", "identity", ""),
        ("S2", "assistance", "200.00", "identity", ""),
    ]


def test_an_identity_known_too_late_and_what_follows(year: Year) -> None:
    year.people[0]["begndate"] = "2023-04-01"
    rows = [
        paid(1, "04-05", "10000.00", "0.00", "0.00"),
        paid(2, "06-01", "10000.00", "7000.00", "0.00"),
    ]
    assert held(year, rows)[1] == [
        ("S1", "assistance", "7000.00", "identity", ""),
        ("S2", "reassistance", "700.00", "consequence", "S1"),
    ]


def test_a_reversal_not_carried_out(year: Year) -> None:
    undone = {
        k: f"-{v}"
        for k, v in {"medfee_sumamt": "10000.00", "inscp_scp_amt": "10000.00"}.items()
    }
    rows = [
        paid(1, "02-01", "10000.00", "7000.00", refd_setl_flag="1"),
        {
            **paid(2, "03-01", "0.00", "0.00"),
            **undone,
            "init_setl_id": "S1",
            "refd_setl_flag": "1",
        },
        paid(3, "04-01", "10000.00", "7000.00", "700.00"),
    ]
    assert held(year, rows)[1] == [
        ("S2", "assistance", "-7000.00", "reversal", ""),
        ("S3", "reassistance", "-700.00", "consequence", "S2"),
    ]


def test_a_claim_that_arrived_late(year: Year) -> None:
    year.people[0]["psn_idet_type"] = "低保边缘家庭成员"
    rows = [
        paid(1, "02-01", "3000.00", "1500.00", updt_time="2023-07-01 08:00:00"),
        paid(2, "03-01", "3000.00", "0.00", updt_time="2023-03-01 08:10:00"),
    ]
    assert held(year, rows)[1] == [
        ("S1", "assistance", "-1500.00", "late_claim", ""),
        ("S2", "assistance", "1500.00", "consequence", "S1"),
    ]


def test_another_order_without_times_of_arrival(year: Year) -> None:
    year.people[0]["psn_idet_type"] = "低保边缘家庭成员"
    rows = [paid(1, "02-01", "3000.00", "1500.00"), paid(2, "03-01", "3000.00", "0.00")]
    assert [f[3] for f in held(year, rows)[1]] == ["late_claim", "consequence"]


CARD = "371521198001010014"


def test_each_number_settled_for_itself(year: Year) -> None:
    year.people[0]["psn_idet_type"] = "低保边缘家庭成员"
    rows = [
        paid(1, "02-01", "3000.00", "0.00", certno=CARD),
        paid(2, "03-01", "5000.00", "1000.00", certno=CARD, psn_no="P9"),
        paid(3, "04-01", "1000.00", "500.00", certno=CARD),
    ]
    year.people.append({**year.people[0], "psn_no": "P9"})
    assert held(year, rows)[1] == [
        ("S2", "assistance", "1500.00", "split_person", ""),
    ]


def test_an_identity_that_the_other_number_did_not_have(year: Year) -> None:
    rows = [
        paid(1, "02-01", "1000.00", "700.00", certno=CARD),
        paid(2, "03-01", "1000.00", "0.00", certno=CARD, psn_no="P9"),
        paid(3, "04-01", "1000.00", "0.00", certno=CARD, psn_no="P9"),
    ]
    assert held(year, rows)[1] == [
        ("S2", "assistance", "700.00", "split_person", ""),
        ("S3", "assistance", "700.00", "split_person", ""),
    ]


def test_two_numbers_are_no_cause_where_they_change_nothing(year: Year) -> None:
    rows = [
        paid(1, "02-01", "1000.00", "700.00", certno=CARD),
        paid(2, "03-01", "1000.00", "0.00", certno=CARD, psn_no="P9"),
        paid(3, "04-01", "1000.00", "700.00", certno=CARD, psn_no="P9"),
    ]
    year.people.append({**year.people[0], "psn_no": "P9"})
    assert held(year, rows)[1] == [
        ("S2", "assistance", "700.00", "missing_payment", "")
    ]


def test_two_numbers_that_were_paid_as_one_person(year: Year) -> None:
    rows = [
        paid(1, "02-01", "10000.00", "7000.00", certno=CARD),
        paid(2, "03-01", "10000.00", "7000.00", "700.00", certno=CARD, psn_no="P9"),
    ]
    assert held(year, rows)[1] == []


def test_a_limit_not_applied(year: Year) -> None:
    rows = [paid(1, "02-01", "100000.00", "70000.00", "17500.00")]
    assert {f[3] for f in held(year, rows)[1]} == {"limit"}


def test_a_stay_across_the_end_of_the_year(year: Year) -> None:
    year.people[0]["psn_idet_type"] = "低保边缘家庭成员"
    rows = [
        paid(1, "12-01", "10000.00", "3500.00", begndate="2023-11-25"),
        {
            **paid(2, "12-01", "4000.00", "2000.00", begndate="2023-12-28"),
            "setl_time": "2024-01-03 08:00:00",
        },
    ]
    assert held(year, rows)[1] == [("S2", "assistance", "-1500.00", "cross_year", "")]


def test_a_copy_that_was_counted(year: Year) -> None:
    year.people[0]["psn_idet_type"] = "低保边缘家庭成员"
    first = paid(1, "02-01", "2000.00", "0.00", updt_time="2023-02-01 08:10:00")
    rows = [
        first,
        {**first, "maf_pay": "500.00", "updt_time": "2023-02-02 08:10:00"},
        paid(2, "03-01", "1000.00", "500.00", updt_time="2023-03-01 08:10:00"),
    ]
    assert held(year, rows)[1] == [
        ("S1", "assistance", "-500.00", "duplicate", ""),
        ("S2", "assistance", "-500.00", "consequence", "S1"),
    ]


def test_figures_of_another_date(year: Year) -> None:
    policy = year.folder / "dated.rules"
    policy.write_text(DATED, "utf-8")
    rows = [
        paid(1, "03-01", "1000.00", "600.00"),
        paid(2, "08-01", "1000.00", "600.00"),
    ]
    for one in rows:
        del one["reassistance_pay"]
    assert held(year, rows, policy)[1] == [
        ("S2", "assistance", "100.00", "parameter_date", "")
    ]


def test_what_nothing_explains(year: Year) -> None:
    rows = [paid(1, "03-01", "10000.00", "1234.56")]
    assert held(year, rows)[1] == [("S1", "assistance", "5765.44", "other", "")]


def test_two_mistakes_in_one_year(year: Year) -> None:
    rows = [
        paid(1, "02-01", "1000.00", "0.00"),
        paid(2, "03-01", "1000.00", "1400.00"),
        paid(3, "04-01", "1000.00", "700.00"),
    ]
    assert [f[3] for f in held(year, rows)[1]] == ["missing_payment", "double_payment"]


def test_the_payers_rounding_is_a_control_total(year: Year) -> None:
    rows = [paid(n, f"{n:02d}-01", "10.05", "7.04") for n in range(1, 11)]
    plain, found = held(year, rows)
    assert len(found) > 2
    done, found = held(year, rows, rounding="each")
    assert found == []
    (assistance, _) = done.summary.balances
    assert assistance.rounding == assistance.due - assistance.paid != 0
    assert plain.summary.balances[0].rounding == 0


def test_blank_payments_are_nothing(year: Year) -> None:
    rows = [paid(1, "03-01", "10000.00", "")]
    assert held(year, rows)[1] == [
        ("S1", "assistance", "7000.00", "missing_payment", "")
    ]


def test_year_end_amounts_have_no_settlement(year: Year) -> None:
    year.people = [
        {
            "psn_no": "P1",
            "psn_idet_type": "防止返贫监测帮扶对象",
            "begndate": "2023-01-01",
            "enddate": "2023-06-30",
        },
        {
            "psn_no": "P1",
            "psn_idet_type": "低保对象",
            "begndate": "2023-07-01",
            "enddate": "",
        },
    ]
    rows = [
        paid(1, "04-01", "10000.00", "3500.00"),
        paid(2, "09-01", "10000.00", "7000.00", "2100.00"),
    ]
    assert held(year, rows)[1] == [("", "reassistance", "1050.00", "year_end", "")]


def test_every_cause_has_words() -> None:
    assert set(WORDS) == set(Cause)
    for words in WORDS.values():
        assert set(words) == {"zh", "en"}
