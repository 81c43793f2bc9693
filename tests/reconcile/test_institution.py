"""An institution as payer: its column held against what it must bear, its amount by payer
and in the flow of the bill, never twice."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from jiugao.reconcile.run import reconcile
from jiugao.results.options import Files, Options
from jiugao.results.verify import verify

POLICY = Path(__file__).parents[2] / "rules/xianning_2017"
HEAD = (
    "psn_no,setl_id,setl_time,med_type,insutype,medfee_sumamt,fulamt_ownpay_amt,inscp_scp_amt,"
    "hifp_pay,hifmi_pay,necessary_ownpay,hosp_part_amt,supplement_paid,fixmedins_code"
)
# E16 three times: rightly paid; the hospital bore nothing; it bore more than its half.
BILL = "21,390,50000,8000,42000,25000,5000,8000"
ROWS = (
    f"P1,1,2017-06-01 08:00:00,{BILL},1500,11600,H1",
    f"P2,2,2017-06-01 08:00:00,{BILL},0,11600,H1",
    f"P3,3,2017-06-01 08:00:00,{BILL},1600,11600,H2",
)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    tables = {
        "claims": "\n".join([HEAD, *ROWS, ""]),
        "people": "psn_no,psn_idet_type,begndate,enddate\nP1,一类,,\nP2,一类,,\nP3,一类,,\n",
        "institutions": "fixmedins_code,medins_admin_level,designated,in_area\n"
        "H1,city,1,1\nH2,county,1,1\n",
    }
    paths = {name: tmp_path / f"{name}.csv" for name in tables}
    for name, text in tables.items():
        paths[name].write_text(text, "utf-8")
    files = Files(*((str(paths[name]),) for name in tables))
    done = reconcile(POLICY, files, tmp_path / "out", Options())
    assert done.outcome.tally.money_balances
    assert verify(tmp_path / "out") == []
    return tmp_path / "out"


def test_it_owes_what_it_did_not_bear(out: Path) -> None:
    rows = pq.read_table(out / "adjustments.parquet").to_pylist()
    told = {r["setl_id"]: (r["benefit"], r["payer"], r["difference"]) for r in rows}
    assert told == {
        "2": ("institution_share", "医疗机构", Decimal("1500.00")),
        "3": ("institution_share", "医疗机构", Decimal("-100.00")),
    }


def test_its_amount_stands_by_payer_and_by_institution(out: Path) -> None:
    book = openpyxl.load_workbook(out / "summary.xlsx")
    payers = {r[0]: r[1:] for r in book["按支付方"].iter_rows(values_only=True)}
    assert payers["医疗机构"] == (4500, 3100, 1400, 1500, -100, 2)
    where = {r[0]: r[1:] for r in book["按医疗机构"].iter_rows(values_only=True)}
    assert where["H1"] == (26_200, 24_700, 1500, 1500, 0, 1)  # the supplement too
    assert where["H2"] == (13_100, 13_200, -100, 0, -100, 1)


def test_the_bill_is_shared_out_once(out: Path) -> None:
    book = openpyxl.load_workbook(out / "summary.xlsx")
    flow = list(book["费用由谁负担"].iter_rows(min_row=2, values_only=True))
    assert flow == [
        ("医疗费总额", 150_000),
        ("基本医保统筹基金支出", 75_000),
        ("居民大病保险资金支出", 15_000),
        ("补充保险", 34_800),
        ("超比例目录外", 4_500),
        ("个人负担", 20_700),
    ]
