"""From the bill to Mengjin's reinsurance: Henan's three layers, then the county's.

What the first policy pays becomes the columns that the second one deducts.
"""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from jiugao.cli.group import jiugao

RULES = Path(__file__).parents[2] / "rules"
PAID = {
    "basic": "hifp_pay",
    "critical_illness": "hifmi_pay",
    "supplement": "supplement_pay",
}
LINES = {"T": 200, "C": 400, "P": 1500}  # the deductible that a stay leaves
PEOPLE = "psn_no,psn_idet_type,begndate,enddate\n" + "".join(
    f"{p},建档立卡贫困人口,2017-01-01,\n" for p in ("A", "B", "C")
)
INSTITUTIONS = """\
fixmedins_code,medins_admin_level,designated,in_area
T,township,1,1
C,county,1,1
P,province,1,0
"""
# person, settlement, day, institution, grade, total, in scope
BILLS = (
    ("A", "1", "2018-10-15", "T", "10", "6000", "5500"),
    ("B", "2", "2018-10-15", "C", "05", "30000", "30000"),
    ("C", "3", "2018-10-15", "P", "02", "120000", "120000"),
)
# By hand: basic, critical illness, supplement, reinsurance, and what the person bears.
#   A  600 × 70 % + 4,700 × 90 %; 850 left; (850 - 200) × 60 %
#   B  1,100 × 63 % + 28,500 × 83 %; 5,652 left: 2,000 × 30 % + 652 × 40 %;
#      (4,791.20 - 400) × 45 %
#   C  5,500 × 50 % + 113,000 × 68 %; 40,410 left: 32,910 × 80 %; 14,082 left:
#      600 + 2,000 + 4,082 × 50 %; (9,441 - 1,500) × 45 %
DUE = {
    "1": ("4650.00", "0.00", "0.00", "390.00", "960.00"),
    "2": ("24348.00", "0.00", "860.80", "1976.04", "2815.16"),
    "3": ("79590.00", "26328.00", "4641.00", "3573.45", "5867.55"),
}


def call(*arguments: str | Path) -> None:
    done = CliRunner().invoke(jiugao, [str(a) for a in arguments])
    assert done.exit_code == 0, done.output


def run(folder: Path, place: str, claims: Path, out: str) -> Path:
    given = RULES / place / "parameters.sample.toml"
    more = ["--parameters", given] if given.exists() else []
    beside = (
        "--people",
        folder / "people.csv",
        "--institutions",
        folder / "institutions.csv",
    )
    call(
        "run",
        RULES / place,
        "-q",
        *more,
        "--claims",
        claims,
        *beside,
        "-o",
        folder / out,
    )
    call("verify", folder / out)
    return folder / out


@pytest.fixture
def bills(tmp_path: Path) -> Path:
    (tmp_path / "people.csv").write_text(PEOPLE, "utf-8")
    (tmp_path / "institutions.csv").write_text(INSTITUTIONS, "utf-8")
    head = "psn_no,setl_id,setl_time,fixmedins_code,hosp_lv,medfee_sumamt,inscp_scp_amt,med_type,act_pay_dedc"
    rows = [",".join((*bill, "21", str(LINES[bill[3]]))) for bill in BILLS]
    (tmp_path / "bills.csv").write_text("\n".join([head, *rows, ""]), "utf-8")
    return tmp_path


def with_layers(folder: Path, claims: Path, results: Path) -> Path:
    """The bills again, with what the lower layers paid in the platform's columns."""
    shown = ", ".join(f"r.{code} AS {column}" for code, column in PAID.items())
    columns = duckdb.read_csv(str(claims), all_varchar=True).columns
    own = ", ".join(f"c.{name}" for name in columns if name not in PAID.values())
    out = folder / "with_layers.csv"
    duckdb.sql(
        f"COPY (SELECT {own}, {shown} FROM read_csv('{claims}', all_varchar = true) c"
        f" JOIN '{results / 'settlements.parquet'}' r USING (setl_id)) TO '{out}' (HEADER)"
    )
    return out


def test_three_bills_by_hand(bills: Path) -> None:
    claims = bills / "bills.csv"
    lower = run(bills, "henan_2017", claims, "henan")
    upper = run(bills, "mengjin_2018", with_layers(bills, claims, lower), "mengjin")
    first = {
        r["setl_id"]: r
        for r in pq.read_table(lower / "settlements.parquet").to_pylist()
    }
    second = {
        r["setl_id"]: r
        for r in pq.read_table(upper / "settlements.parquet").to_pylist()
    }
    for bill in BILLS:
        one, other = first[bill[1]], second[bill[1]]
        found = (
            *(one[c] for c in PAID),
            other["reinsurance_inpatient"],
            other["psn_burden"],
        )
        assert tuple(str(f) for f in found) == DUE[bill[1]]
        assert sum(found) == Decimal(bill[5])


def test_a_sample_year_goes_through_both(tmp_path: Path) -> None:
    """Every yuan of every bill is paid once: by the layers, the reinsurance or the person."""
    henan = RULES / "henan_2017"
    call(
        "sample",
        henan,
        "--people",
        "3000",
        "--seed",
        "5",
        "--errors",
        "0",
        "-o",
        tmp_path,
    )
    lower = run(tmp_path, "henan_2017", tmp_path / "claims.csv", "henan")
    claims = with_layers(tmp_path, tmp_path / "claims.csv", lower)
    with claims.open(encoding="utf-8", newline="") as stream:
        stays = [r for r in csv.DictReader(stream) if r["med_type"] in ("21", "23")]
    assert len(stays) > 300
    upper = run(tmp_path, "mengjin_2018", claims, "mengjin")
    below = json.loads((lower / "manifest.json").read_text("utf-8"))
    above = json.loads((upper / "manifest.json").read_text("utf-8"))
    assert below["rows"]["rejected"] == above["rows"]["rejected"] == 0
    assert above["rows"]["read"] == below["rows"]["read"]
    paid = Decimal(above["money"]["benefits"]["reinsurance_inpatient"])
    assert paid > 0
    burdens = [Decimal(m["money"]["psn_burden"]) for m in (below, above)]
    assert burdens[0] - burdens[1] == paid
