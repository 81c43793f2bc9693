"""Policies of `rules/` on files as an office has them: settled, and every total balances."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from jiugao.cli.group import jiugao

RULES = Path(__file__).parents[2] / "rules"


def settle(folder: str, tmp_path: Path, tables: dict[str, str]) -> dict[str, Any]:
    """A run with the sample parameters; the money of its manifest, verified."""
    call: list[str] = ["run", str(RULES / folder), "-q"]
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
