"""Every way of going wrong is told by its code, its place, its cause and a way out.

A bad file is named after the one code that it shows; what is told about it stands beside
it, in zh and en:   JIUGAO_GOLDEN=write pytest tests/language/syntax   writes them again
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from jiugao import syntax
from jiugao.diagnostics import render_text
from jiugao.diagnostics.shape import codes
from jiugao.source import Source
from jiugao.syntax import parse

BAD = sorted((Path(__file__).parent / "bad").glob("*.rules"))
ROOM = Path(syntax.__file__).parent


def told(text: str) -> list[tuple[str, str]]:
    _, found = parse(Source("t.rules", text))
    return [(d.code, d.span.text) for d in found if d.span]


@pytest.mark.parametrize("path", BAD, ids=[p.stem for p in BAD])
def test_bad_is_told_in_two_languages(path: Path) -> None:
    document, found = parse(Source(path.name, path.read_text("utf-8")))
    assert document is None
    assert {d.code for d in found} == {path.name[:4]}, render_text(found)
    for language in ("zh", "en"):
        golden = path.with_suffix(f".{language}.txt")
        text = render_text(found, language) + "\n"
        if os.environ.get("JIUGAO_GOLDEN") == "write":
            golden.write_text(text, "utf-8")
        assert text == golden.read_text("utf-8")


def test_every_code_of_the_parser_has_a_bad_file_and_a_place_in_the_code() -> None:
    own = {code for code in codes() if code.startswith("E1")}
    written = "".join(p.read_text("utf-8") for p in ROOM.rglob("*.py"))
    assert own == {path.name[:4] for path in BAD}
    assert own == set(re.findall(r'"(E1\d\d)"', written)) - {"E125"}


def test_one_run_tells_of_mistakes_in_every_item() -> None:
    text = """方案 甲 (a) {
  费用 乙 等于 丙
  待遇 丁 (d) {
    起付钱 5000元，比咧 70%
    支付方
    按 类别 {
      一类 比例 70%
      二类: 比例 70%，限饿 3万元
    }
    实付 甲 +
  }
  算例 "戊" {
    结算 2023-02-30 普通住院
    申清 2023-01-01 因病致贫
  }
  身份类别 { 一类: 甲 }
}
"""
    assert told(text) == [
        ("E114", "2023-02-30"),
        ("E101", "等于"),
        ("E103", "起付钱"),
        ("E103", "比咧"),
        ("E136", "支付方"),
        ("E117", "一类 比例"),
        ("E103", "限饿"),
        ("E136", "+"),
        ("E103", "申清"),
        ("E104", "身份类别"),
    ]


def test_a_policy_of_a_later_version_is_told_so_and_nothing_else() -> None:
    text = """方案 再保险 (re) {
  费用 政策范围内 = 符合政策范围金额
  待遇 住院 (inpatient) {
    基数 目录内费用
    结转
    支付方 承保机构
  }
  名录 病种 来自 "diseases.csv"
  参数 上限 = 3万元 锁定
  不计算 MJ-6.1 "没有数字"
}
"""
    assert told(text) == [("E105", "结转")]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("起付钱 5000元", "E103"),
        ("比例 按医疗机构级别 { 乡级: 60% }", "E104"),
        ("支付方", "E136"),
        ("年度限额 20万", "E113"),
        ("收款方 当 兜底", "E102"),
    ],
)
def test_a_mistake_is_told_once_and_costs_nothing_after_it(
    line: str, code: str
) -> None:
    around = "  待遇 乙 (b) {{\n    {}\n    比例 70%\n  }}\n"
    text = f"方案 甲 (a) {{\n{around.format(line)}{around.format('不享受')}}}\n"
    assert [c for c, _ in told(text)] == [code]


def test_english_is_told_in_english_words() -> None:
    text = "policy x (x) {\n  benefit y (y) {\n    deductable 5 yuan\n  }\n}\n"
    _, found = parse(Source("t.rules", text))
    (only,) = found
    assert only.way_out("en") == "did you mean “deductible”?"


def test_a_file_of_another_kind_is_refused_without_a_crash() -> None:
    for text in (
        "<html></html>",
        "a,b,c\n1,2,3\n",
        "{}",
        "}}}}",
        "((((",
        "「「「",
        '"',
    ):
        document, found = parse(Source("t.rules", text))
        assert document is None
        assert found.errors
