"""Every snippet means what a reader takes it to mean, or is refused with a way out."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.language.notation import show

from jiugao.compile import compile_sources
from jiugao.diagnostics import RulesError
from jiugao.source import Source
from jiugao.syntax import parse, tree

CASES = tomllib.loads(Path(__file__).with_name("cases.toml").read_text("utf-8"))["case"]
OF_A_POLICY = re.compile("施行|待遇|参数")
KINDS = [c for c in CASES if "then" in c]
# What the checker wants besides the setting that it is to refuse.
FIGURES = {
    "起付线|deductible": "起付线 不设",
    "比例|rate|分段|bands": "比例 70%",
    "限额|limit": "年度限额 不设",
}


def placed(text: str) -> str:
    """The snippet inside a policy, or inside its benefit."""
    if OF_A_POLICY.match(text):
        return f"方案 甲 (a) {{\n{text}\n}}"
    return f"方案 甲 (a) {{\n  待遇 乙 (b) {{\n    {text}\n  }}\n}}\n"


def meaning(policy: tree.Policy | tree.Profile) -> str:
    """What the snippet came to: the settings around it, or the item."""
    (item,) = policy.items
    if isinstance(item, tree.Benefit) and item.name.text == "乙":
        return show(item.settings)[1:-1]
    return show(item)


@pytest.mark.parametrize("case", CASES, ids=[c["trap"] for c in CASES])
def test_snippet_means_or_is_refused(case: dict[str, Any]) -> None:
    document, found = parse(Source("case.rules", placed(case["text"])))
    if "means" in case:
        assert document is not None, [d.cause("en") for d in found]
        assert meaning(document.policies[0]) == case["means"]
        return
    assert document is None
    told = [[d.code, d.span.text] for d in found if d.span]
    assert told == case["refused"]
    assert next(iter(found)).way_out("zh") == case["way_out"]


@pytest.mark.parametrize("case", KINDS, ids=[c["trap"] for c in KINDS])
def test_checker_refuses_what_is_wrong_in_kind(case: dict[str, Any]) -> None:
    rest = [f for word, f in FIGURES.items() if not re.search(word, case["text"])]
    row = "，".join([case["text"], *rest])
    text = f"""方案 甲 (a) {{
      依据 "样例"
      施行 2023-01-01 起
      年度 自然年度 按 结算时间
      身份 救助类别 就高不重复 {{ 一类: 特困人员 }}
      费用 政策范围内 = 符合政策范围金额
      待遇 乙 (b) {{ 基数 政策范围内，按 救助类别 {{ 一类: {row} }}，支付方 丙 }}
    }}"""
    with pytest.raises(RulesError) as refused:
        compile_sources([Source("case.rules", text)])
    assert {d.code for d in refused.value.diagnostics.errors} == {case["then"]}


def test_no_snippet_is_answered_with_the_general_message() -> None:
    codes = {code for c in CASES for code, _ in c.get("refused", ())}
    assert codes
    assert "E101" not in codes
