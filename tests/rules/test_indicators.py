"""What shipped policies hold figures against: targets and floors, as domain.md states."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from tests.rules.test_runs import settle, shares

from jiugao.cli.options import file_settings
from jiugao.compile import compile_policy
from jiugao.diagnostics import RulesError
from jiugao.policy import model

RULES = Path(__file__).parents[2] / "rules"
WHOLE = ("at_least", Fraction(1))
TARGETS = {
    "zaozhuang_2019": {
        "basic_coverage": WHOLE,
        "critical_coverage": WHOLE,
        "aid_coverage": WHOLE,
        "subsidised": WHOLE,
        "chronic_identified": WHOLE,
        "one_stop": WHOLE,
    },
    "xianning_2017": {
        "enrolled": WHOLE,
        "visits_in_county": ("at_least", Fraction(9, 10)),
        "stays_in_county": ("at_least", Fraction(9, 10)),
        "insurance_growth": ("not_over", Fraction(1, 10)),
        "cost_growth": ("not_over", "生产总值增长"),
        "in_range_share": ("at_least", Fraction(85, 100)),
        "out_share": ("not_over", Fraction(1, 10)),
        "subsidised": WHOLE,
        "inpatient_tilt": ("at_least", Fraction(1, 10)),
        "deductible_tilt": ("below", Fraction(0)),
    },
    "liaocheng_2022": {"out_of_catalogue": ("not_over", "目录外占比目标")},
}


@pytest.mark.parametrize("folder", TARGETS)
def test_targets(folder: str) -> None:
    found = {}
    for indicator in compile_policy(
        RULES / folder, for_examples=True
    ).policy.indicators:
        (aim,) = indicator.aims
        threshold = aim.threshold
        assert threshold is not None
        match threshold.amount:
            case model.Const(value=value):
                found[indicator.code] = (threshold.operator.value, value)
            case model.ParameterRef(parameter=parameter):
                found[indicator.code] = (threshold.operator.value, parameter.name)
    assert found == TARGETS[folder]


def test_xianning_two_years(tmp_path: Path) -> None:
    """XN-Y1 to XN-Y4: at the target, and short of it."""
    head = (
        "psn_no,setl_id,setl_time,med_type,medfee_sumamt,inscp_scp_amt,fulamt_ownpay_amt,"
        "hifp_pay,hifmi_pay,fixmedins_code,insu_admdvs,fix_blng_admdvs"
    )
    tables = {
        "claims": f"{head}\n"
        "P1,1,2017-04-01 08:00:00,21,10000,8450,1050,4000,500,H1,421221,421221\n"
        "P1,2,2017-04-02 08:00:00,11,1000,900,50,300,0,H1,421221,421221\n"
        "P2,3,2017-04-03 08:00:00,21,10000,8400,1100,4000,0,H2,421221,420102\n"
        "P1,4,2018-04-01 08:00:00,21,22701,20000,0,9680,0,H1,421221,421221\n",
        "people": "psn_no,psn_idet_type,begndate,enddate\nP1,一类,2017-01-01,\n",
    }
    settle("xianning_2017", tmp_path, tables)
    found = shares(
        "xianning_2017",
        tmp_path,
        "psn_no,insutype,insu_admdvs,begndate,enddate,psn_contribution,subsidy_paid\n"
        "P1,390,421221,2017-01-01,2017-12-31,180,90\n"
        "P2,310,421221,2017-01-01,2017-12-31,180,89.99\n",
        period=True,
    )
    assert found["县域内就诊率", "421221", "2017"] == "0.6667 missed"
    assert found["县域内住院率", "421221", "2017"] == "0.5000 missed"
    assert found["县域内住院率", "421221", "2018"] == "1.0000 met"
    assert found["基本医疗占比", "H1", "2017-04"] == "0.8500 met"
    assert found["基本医疗占比", "H2", "2017-04"] == "0.8400 missed"
    assert found["目录外占比", "H1", "2017-04"] == "0.1000 met"
    assert found["目录外占比", "H2", "2017-04"] == "0.1100 missed"
    assert found["医保费用增长", "", "2018"] == "0.1000 met"
    assert found["医疗费用增长", "", "2018"] == "0.0810 missed"
    assert found["参保率", "421221", "2017"] == "0.5000 missed"
    assert found["财政补贴到位", "421221", "2017"] == "0.5000 missed"


@pytest.mark.parametrize(
    ("folder", "name", "allowed", "less", "clause"),
    [
        ("liaoning_2018", "报销比例", "80%", "79.99%", "LN-2.6"),
        ("liaoning_2018", "保费标准", "100元", "99.99元", "LN-3.2"),
        ("xianning_2017", "参保补贴比例", "50%", "49.99%", "XN-Y4"),
    ],
)
def test_floors(folder: str, name: str, allowed: str, less: str, clause: str) -> None:
    """Figures of which a circular gives the least."""
    given = file_settings(RULES / folder / "parameters.sample.toml", "en")
    compile_policy(RULES / folder, settings={**given, name: allowed})
    with pytest.raises(RulesError) as refused:
        compile_policy(RULES / folder, settings={**given, name: less})
    (found,) = refused.value.diagnostics.errors
    assert found.code == "E671"
    assert clause in found.arguments["clauses"]
