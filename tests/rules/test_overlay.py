"""A county's overlay of a shipped policy: its examples, floors, warning, and locks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jiugao.compile import compile_policy
from jiugao.diagnostics import RulesError
from jiugao.testing import lines, run_examples

RULES = Path(__file__).parents[2] / "rules"
BASE = RULES / "liaoning_2018"
OVERLAY = "county.sample.rules"


def test_its_examples_pass_and_the_deductible_is_told() -> None:
    whole = compile_policy(BASE / OVERLAY, for_examples=True)
    found = run_examples(whole, coverage=False)
    assert found.passed, "\n".join(lines(found, "zh"))
    told = [d for d in whole.diagnostics if d.code == "W711"]
    assert [d.arguments["name"] for d in told] == ["当地限制口径"]


def test_the_base_is_not_changed_by_an_overlay_beside_it() -> None:
    parameters = compile_policy(BASE, for_examples=True).policy.parameters
    values = {p.name: p.values[0].value for p in parameters if p.values}
    assert values["当地限制口径"] == "没有"


@pytest.mark.parametrize(
    ("line", "instead", "code", "clause"),
    [
        ("参数 报销比例 = 85%", "参数 报销比例 = 75%", "E671", "LN-2.6"),
        ("参数 保费标准 = 120元", "参数 保费标准 = 90元", "E671", "LN-3.2"),
        ("参数 报销比例 = 85%", "费用 另外的钱 = 医疗费总额", "E677", ""),
    ],
)
def test_what_the_province_does_not_leave_open_is_refused(
    tmp_path: Path, line: str, instead: str, code: str, clause: str
) -> None:
    folder = tmp_path / "base"
    shutil.copytree(BASE, folder)
    written = (folder / OVERLAY).read_text("utf-8")
    assert line in written
    (folder / OVERLAY).write_text(written.replace(line, instead), "utf-8")
    with pytest.raises(RulesError) as refused:
        compile_policy(folder / OVERLAY, for_examples=True)
    errors = refused.value.diagnostics.errors
    assert [d.code for d in errors] == [code]
    assert clause in errors[0].arguments.get("clauses", "")


@pytest.mark.parametrize(
    "line", ["先行自付口径 = 计入", "先行自付口径 = 不计入", "其他医保口径 = 不扣"]
)
def test_a_county_may_not_widen_what_liaocheng_covers(
    tmp_path: Path, line: str
) -> None:
    with pytest.raises(RulesError) as refused:
        compile_policy(county_of_liaocheng(tmp_path, f"参数 {line}"))
    errors = refused.value.diagnostics.errors
    assert [(d.code, d.arguments["clauses"]) for d in errors] == [("E682", ("LC-3.3",))]


def test_the_city_itself_may_take_the_other_reading(tmp_path: Path) -> None:
    wider = {"先行自付口径": "计入"}
    for path in (RULES / "liaocheng_2022", county_of_liaocheng(tmp_path, "")):
        inputs = [
            {
                column.name
                for column in compile_policy(path, settings=given).policy.inputs
            }
            for given in ({}, wider)
        ]
        assert ["先行自付金额" in names for names in inputs] == [False, True]


def county_of_liaocheng(place: Path, line: str) -> Path:
    path = place / "county.rules"
    base = RULES / "liaocheng_2022"
    text = f'细则 样例县细则 (county) 继承 "{base}" {{\n  依据 "县"\n  {line}\n}}\n'
    path.write_text(text, "utf-8")
    return path
