"""Policies of `rules/` on files as an office has them: settled, and every total balances."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from pyarrow import parquet

from jiugao.cli.group import jiugao

RULES = Path(__file__).parents[2] / "rules"


def settle(
    folder: str, tmp_path: Path, tables: dict[str, str], *more: str
) -> dict[str, Any]:
    """A run with the sample parameters; the money of its manifest, verified."""
    call: list[str] = ["run", str(RULES / folder), "-q", *more]
    call += ["--parameters", str(RULES / folder / "parameters.sample.toml")]
    for name, text in tables.items():
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
        call += [f"--{name}", str(tmp_path / f"{name}.csv")]
    done = CliRunner().invoke(jiugao, [*call, "-o", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    checked = CliRunner().invoke(jiugao, ["verify", str(tmp_path / "out")])
    assert checked.exit_code == 0, checked.output
    manifest = json.loads((tmp_path / "out/manifest.json").read_text("utf-8"))
    money: dict[str, Any] = manifest["money"]
    return money


def test_liaoning_three_payers_a_drug_and_a_township_prescription(
    tmp_path: Path,
) -> None:
    stay = "P1,1,2019-03-01 08:00:00,21,20000,17000,9350,3000,500,2400,400,200,400,H1,SAMPLE-D01,,,"
    drug = "P1,2,2019-03-02 08:00:00,41,1234.56,0,0,0,0,0,0,0,0,SAMPLE-P01,SAMPLE-D01,1234.56,SAMPLE-X01,H1"
    other = "P1,3,2019-03-03 08:00:00,41,100,0,0,0,0,0,0,0,0,SAMPLE-P01,SAMPLE-D01,100,SAMPLE-X01,H2"
    head = (
        "psn_no,setl_id,setl_time,med_type,medfee_sumamt,inscp_scp_amt,hifp_pay,maf_pay,"
        "scd_reim_pay,necessary_ownpay,medins_unreasonable_out,psn_unreasonable_out,"
        "hosp_part_amt,fixmedins_code,dise_no,rx_ownpay,drug_code,rx_fixmedins_code"
    )
    money = settle(
        "liaoning_2018",
        tmp_path,
        {
            "claims": f"{head}\n{stay}\n{drug}\n{other}\n",
            "people": "psn_no,psn_idet_type,begndate,enddate\nP1,医疗补充保险参保人,2018-10-01,\n",
            "institutions": "fixmedins_code,medins_admin_level,designated,in_area\n"
            "H1,county,1,1\nH2,township,1,1\nSAMPLE-P01,,1,1\n",
        },
    )
    assert money["psn_burden"] == "1856.91"
    assert money["benefits"]["institution_share"] == "400.00"
    assert money["hospital"] == "0.00"


def test_zaozhuang_five_layers_by_day_of_discharge(tmp_path: Path) -> None:
    head = (
        "psn_no,setl_id,setl_time,enddate,med_type,medfee_sumamt,inscp_scp_amt,hifp_pay,"
        "medins_waiver,medins_waiver_in,cmr_supplement_pay,cmr_supplement_in"
    )
    rows = (
        "P1,1,2019-02-03 08:00:00,2019-02-01,21,50000,42000,29000,3000,2000,6000,3000",
        "P1,2,2020-01-03 08:00:00,2019-12-31,21,12000,12000,8000,0,0,0,0",
    )
    money = settle(
        "zaozhuang_2019",
        tmp_path,
        {
            "claims": "\n".join([head, *rows, ""]),
            "people": "psn_no,psn_idet_type,begndate,enddate\nP1,贫困人口,2018-01-01,\n",
        },
    )
    # 8,000 and 4,000 are left, both of 2019: (12,000 - 5,000) x 70 %
    assert money["benefits"] == {"reassistance": "4900.00"}
    assert money["psn_burden"] == "11100.00"


def shares(
    folder: str, tmp_path: Path, enrolment: str, *, period: bool = False
) -> dict[tuple[str, ...], str]:
    """Indicators of a settled folder: (name, group[, period]) -> value and judgement."""
    (tmp_path / "enrolment.csv").write_text(enrolment, "utf-8")
    call = ["funds", str(RULES / folder), "--results", str(tmp_path / "out")]
    call += ["--parameters", str(RULES / folder / "parameters.sample.toml")]
    call += ["--enrolment", str(tmp_path / "enrolment.csv")]
    call += ["--people", str(tmp_path / "people.csv"), "-o", str(tmp_path / "funds")]
    done = CliRunner().invoke(jiugao, call)
    assert done.exit_code == 0, done.output
    path = tmp_path / "funds/indicators.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {
        (
            r["name"],
            r["institution"] or r["area"],
            *([r["period"]] if period else ()),
        ): (f"{r['value']} {r['state']}")
        for r in rows
    }


def test_zaozhuang_what_is_to_be_looked_into(tmp_path: Path) -> None:
    head = (
        "psn_no,setl_id,setl_time,enddate,med_type,setl_type,medfee_sumamt,inscp_scp_amt,"
        "hifp_pay,insu_admdvs,fix_blng_admdvs"
    )
    settle(
        "zaozhuang_2019",
        tmp_path,
        {
            "claims": f"{head}\n"
            "P1,1,2019-02-03 08:00:00,2019-02-01,21,2,5000,4000,3000,370402,370403\n"
            "P1,2,2019-03-03 08:00:00,2019-03-01,21,1,5000,4000,3000,370402,370402\n"
            "P1,3,2019-04-03 08:00:00,2019-04-01,21,1,5000,4000,3000,370402,370102\n"
            "P9,4,2019-04-03 08:00:00,2019-04-01,21,1,5000,4000,3000,370402,370402\n",
            "people": "psn_no,psn_idet_type,begndate,enddate\nP1,贫困人口,2018-01-01,\n",
        },
    )
    found = shares(
        "zaozhuang_2019",
        tmp_path,
        "psn_no,insutype,insu_admdvs,begndate,enddate,psn_contribution,subsidy_paid,"
        "aid_covered,chronic_eligible,chronic_card\n"
        "P1,390,370402,2019-01-01,2019-12-31,250,250,1,1,1\n"
        "P2,390,370402,2019-01-01,2019-12-31,250,249.99,1,1,0\n"
        "P3,390,370402,2019-01-01,2019-12-31,250,250,0,0,0\n"
        "P4,390,370402,2019-01-01,2019-12-31,250,250,1,0,0\n",
    )
    # in the city and of a poor person: two stays, one of them through the network
    assert found["一站式结算", "370402"] == "0.5000 missed"
    assert found["政府代缴到位", "370402"] == "0.7500 missed"
    assert found["慢性病纳入", "370402"] == "0.5000 missed"
    assert found["医疗救助覆盖", "370402"] == "0.7500 missed"
    assert found["基本医保覆盖", "370402"] == "1.0000 met"


def test_liaocheng_what_institutions_charge_outside_the_catalogue(
    tmp_path: Path,
) -> None:
    head = (
        "psn_no,setl_id,setl_time,med_type,medfee_sumamt,inscp_scp_amt,fulamt_ownpay_amt,"
        "hifp_pay,fixmedins_code"
    )
    settle(
        "liaocheng_2022",
        tmp_path,
        {
            "claims": f"{head}\n"
            "P1,1,2023-02-03 08:00:00,21,1000,800,200,500,H1\n"
            "P1,2,2023-03-03 08:00:00,21,3000,2900,100,500,H1\n"
            "P9,3,2023-03-03 08:00:00,21,1000,100,900,50,H1\n"
            "P1,4,2023-04-03 08:00:00,21,1000,800,200,500,H2\n",
            "people": "psn_no,psn_idet_type,begndate,enddate\nP1,低保对象,2018-01-01,\n",
        },
        "--close-year",
    )
    found = shares("liaocheng_2022", tmp_path, "psn_no,begndate\nP1,2023-01-01\n")
    # 300 of 4,000; who is not assisted does not count; 12 % is the sample's target
    assert found["目录外占比", "H1"] == "0.0750 met"
    assert found["目录外占比", "H2"] == "0.2000 missed"


def test_xianning_two_parts_the_institution_and_two_bills_before_payment(
    tmp_path: Path,
) -> None:
    head = (
        "psn_no,setl_id,setl_time,med_type,insutype,medfee_sumamt,fulamt_ownpay_amt,preselfpay_amt,"
        "inscp_scp_amt,hifp_pay,hifmi_pay,necessary_ownpay,hosp_part_amt,fixmedins_code"
    )
    rows = (
        "P1,1,2017-06-01 08:00:00,21,390,50000,8000,0,42000,25000,5000,8000,1500,H1",
        "P2,2,2017-03-19 08:00:00,21,390,5000,0,500,4500,2000,0,0,0,H1",
        "P2,3,2017-03-20 08:00:00,21,390,20000,4000,0,16000,10000,0,4000,0,H2",
        "P3,4,2017-06-01 08:00:00,21,390,3000,0,0,3000,0,0,0,0,H1",
    )
    money = settle(
        "xianning_2017",
        tmp_path,
        {
            "claims": "\n".join([head, *rows, ""]),
            "people": "psn_no,psn_idet_type,begndate,enddate\n"
            "P1,一类,2016-01-01,2016-12-31\nP2,二类,,\nP3,建档立卡贫困人口,2016-01-01,\n",
            "institutions": "fixmedins_code,medins_admin_level,designated,in_area\n"
            "H1,city,1,1\nH2,city,1,0\n",
        },
    )
    # P1 is E16. P2 had 3,000 of its own before the supplement was there, and then left the
    # city: 6,000 x 70 % and 2,000 x 50 %, none of it from the hospital.
    assert money["benefits"] == {
        "supplement": "16800.00",
        "institution_share": "1500.00",
    }
    assert money["hospital"] == "0.00"
    assert money["psn_burden"] == "17700.00"
    found = shares(
        "xianning_2017",
        tmp_path,
        "psn_no,insutype,insu_admdvs,begndate,enddate,psn_contribution,subsidy_paid\n"
        "P1,390,421202,2017-01-01,2017-12-31,180,90\n"
        "P2,390,421202,2017-01-01,2017-12-31,180,89.99\n",
    )
    assert found["目录外占比", "H2"] == "0.2000 missed"
    assert found["财政补贴到位", "421202"] == "0.5000 missed"
    assert found["参保率", "421202"] == "1.0000 met"


def test_liaoning_premium_by_county_or_by_city(tmp_path: Path) -> None:
    """LN-3.2: two counties of one city, one head and two."""
    head = "psn_no,setl_id,setl_time,med_type,medfee_sumamt,inscp_scp_amt,insu_admdvs"
    tables = {
        "claims": f"{head}\nP1,1,2019-03-01 08:00:00,21,100,100,210122\n",
        "people": "psn_no,psn_idet_type,begndate,enddate\nP1,医疗补充保险参保人,2018-10-01,\n",
    }
    listed = [
        f"P{n},390,{area},2019-01-01,2019-12-31,2019-01-01"
        for n, area in enumerate(("210122", "210123", "210123"), 1)
    ]
    enrolled = "\n".join(
        ["psn_no,insutype,insu_admdvs,begndate,enddate,notice_date", *listed, ""]
    )
    (tmp_path / "enrolment.csv").write_text(enrolled, "utf-8")
    found = {}
    for reading in ("县级", "市级"):
        place, chosen = tmp_path / reading, ("--set", f"统筹口径={reading}")
        place.mkdir()
        settle("liaoning_2018", place, tables, *chosen)
        policy, out = RULES / "liaoning_2018", place / "funds"
        call = [
            "funds", policy, "--results", place / "out", "--enrolment",
            tmp_path / "enrolment.csv", "--parameters",
            policy / "parameters.sample.toml", *chosen, "-o", out,
        ]  # fmt: skip
        done = CliRunner().invoke(jiugao, [str(word) for word in call])
        assert done.exit_code == 0, done.output
        with (out / "statement.csv").open(encoding="utf-8-sig", newline="") as stream:
            rows = [r for r in csv.DictReader(stream) if r["item"] == "保费"]
        found[reading] = {r["area"]: r["amount"] for r in rows if not r["bearer"]}
    assert found["县级"] == {"210122": "100.00", "210123": "200.00"}
    assert found["市级"] == {"2101": "300.00"}


def test_xianning_looks_whether_lower_layers_tilt(tmp_path: Path) -> None:
    """XN-Y5: H1 pays the poor ten points more above half the deductible, H2 does not."""
    head = "psn_no,setl_id,setl_time,med_type,medfee_sumamt,inscp_scp_amt,act_pay_dedc,hifp_pay,hifmi_pay,fixmedins_code,insutype"
    tables = {
        "claims": f"{head}\n"
        "P1,1,2017-04-01 08:00:00,21,10000.01,10000.01,250,7605,0,H1,390\n"
        "P1,2,2017-05-01 08:00:00,21,20000,20000,500,13260,0,H2,390\n"
        "P2,3,2017-04-01 08:00:00,21,10000,10000,500,6460,0,H1,390\n"
        "P2,4,2017-05-01 08:00:00,21,20000,20000,500,13260,0,H2,390\n"
        # Neither outpatient care nor employees are in what is compared.
        "P1,5,2017-06-01 08:00:00,14,1000,1000,900,0,0,H1,390\n"
        "P2,6,2017-06-01 08:00:00,14,1000,1000,0,1000,0,H1,390\n"
        "P3,7,2017-06-01 08:00:00,21,20000,20000,900,0,0,H1,310\n"
        "P4,8,2017-06-01 08:00:00,21,20000,20000,0,20000,0,H1,310\n",
        "people": "psn_no,psn_idet_type,begndate,enddate\n"
        "P1,一类,2017-01-01,\nP3,一类,2017-01-01,\n",
        "institutions": "fixmedins_code,medins_admin_level,designated,in_area\n"
        "H1,county,1,1\nH2,county,1,1\n",
    }
    chosen = ("--set", "大病核对口径=给出起付线")
    settle("xianning_2017", tmp_path, tables, *chosen)
    years = parquet.read_table(tmp_path / "out/years.parquet").to_pylist()
    # 55 % of what is above 6,000 of 2,395.01 + 6,740 + 1,000 is due, nothing was paid
    warned = {r["psn_no"] for r in years if r["critical_not_halved.warned"]}
    assert warned == {"P1"}
    policy = RULES / "xianning_2017"
    enrolled = "psn_no,insutype,insu_admdvs,begndate,enddate,psn_contribution\nP1,390,421202,2017-01-01,,180\n"
    (tmp_path / "enrolment.csv").write_text(enrolled, "utf-8")
    call = [
        "funds", policy, "--results", tmp_path / "out", "--enrolment",
        tmp_path / "enrolment.csv", "--parameters", policy / "parameters.sample.toml",
        *chosen, "-o", tmp_path / "funds",
    ]  # fmt: skip
    done = CliRunner().invoke(jiugao, [str(word) for word in call])
    assert done.exit_code == 0, done.output
    path = tmp_path / "funds/indicators.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        found = {
            (r["indicator"], r["institution"]): (r["value"], r["state"])
            for r in csv.DictReader(stream)
        }
    assert found["inpatient_tilt", "H1"] == ("0.1000", "met")
    assert found["inpatient_tilt", "H2"] == ("0.0000", "missed")
    assert found["deductible_tilt", "H1"] == ("-250.0000", "met")
    assert found["deductible_tilt", "H2"] == ("0.0000", "missed")


def test_mengjin_both_benefits_are_what_the_insurer_paid(tmp_path: Path) -> None:
    """MJ-2.2: 450 inpatient and 600 outpatient against one head's 110."""
    head = "psn_no,setl_id,setl_time,med_type,medfee_sumamt,inscp_scp_amt,special_outpatient,fixmedins_code,insu_admdvs"
    tables = {
        "claims": f"{head}\n"
        "P1,1,2019-03-01 08:00:00,21,1000,1000,0,H1,410322\n"
        "P1,2,2019-04-01 08:00:00,14,1000,1000,1,H1,410322\n",
        "people": "psn_no,psn_idet_type,begndate,enddate\nP1,建档立卡贫困人口,2018-01-01,\n",
        "institutions": "fixmedins_code,medins_admin_level,designated,in_area\nH1,county,1,1\n",
    }
    settle("mengjin_2018", tmp_path, tables)
    enrolment = "psn_no,insutype,insu_admdvs,begndate,enddate,notice_date\nP1,390,410322,2019-01-01,2019-12-31,2019-01-01\n"
    shares("mengjin_2018", tmp_path, enrolment)
    path = tmp_path / "funds/statement.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    found = {r["item"]: r["amount"] or r["exact"] for r in rows if not r["bearer"]}
    assert found["赔付"] == "1050.00"
    assert found["保费"] == "110.00"
    assert found["超支"] == "940.00"
