"""Findings as text and JSON: places, marks under wide characters, related places."""

from __future__ import annotations

import json

import pytest

from jiugao.diagnostics import Diagnostics, Related, render_json, render_text
from jiugao.diagnostics.text import columns, snippet
from jiugao.source import Source, Span

SOURCE = Source("甲.rules", "方案 甲 (a) {\n\t费用 政策范围 = Ａ\u200b + b\n}\n")


def span(text: str) -> Span:
    start = SOURCE.text.index(text)
    return Span(SOURCE, start, start + len(text))


def findings() -> Diagnostics:
    found = Diagnostics()
    found.add("E110", span("Ａ"), name="Ａ")
    found.add("E115", span("{"), Related(span("}"), "here"))
    return found


def test_text_in_chinese() -> None:
    assert (
        render_text(findings(), "zh")
        == """\
甲.rules:1:10: 错误 E115: 这个“{”没有配对的“}”
    1 | 方案 甲 (a) {
      |             ^
  办法：在它的内容写完处补上“}”
  甲.rules:3:1: 到这里还没有收尾
    3 | }
      | -

甲.rules:2:12: 错误 E110: 名称“Ａ”以数字开头
    2 |     费用 政策范围 = Ａ· + b
      |                     ^^
  办法：加引号写成「Ａ」；数字和文字若是两样东西，中间空一格"""
    )


def test_text_in_english() -> None:
    assert render_text(findings(), "en").splitlines()[0] == (
        "甲.rules:1:10: error E115: this “{” has no matching “}”"
    )
    assert "  way out: add “}” where what it opens ends" in render_text(
        findings(), "en"
    )


def test_colour_only_where_asked() -> None:
    assert "\x1b" not in render_text(findings())
    assert "\x1b[1;31m错误 E115\x1b[0m" in render_text(findings(), colour=True)


def test_a_finding_without_a_place_is_told_too() -> None:
    found = Diagnostics()
    found.add("D902", None, file="a.csv", line="3")
    assert render_text(found, "en").startswith("error D902: a.csv line 3")
    assert json.loads(render_json(found))["diagnostics"][0]["place"] is None


def test_warnings_are_told_as_such() -> None:
    found = Diagnostics()
    found.add("W704", None, name="甲", amount="1", day="2023-01-01")
    assert not found.errors
    assert json.loads(render_json(Diagnostics()))["diagnostics"] == []


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("abc", 3),
        ("方案", 4),
        ("（）", 4),
        ("\t", 4),
        ("é", 1),
        ("e\u0301", 1),
        ("\u200b", 1),
    ],
)
def test_width_in_a_terminal(text: str, width: int) -> None:
    assert columns(text) == width


def test_marks_stay_on_the_first_line_and_are_at_least_one() -> None:
    whole = Span(SOURCE, 0, len(SOURCE.text))
    line, marks = snippet(whole)
    assert len(marks) == columns(line)
    nothing = Span(SOURCE, 3, 3)
    assert snippet(nothing)[1].endswith("| " + " " * 5 + "^^")


def test_json_tells_everything_in_both_languages() -> None:
    data = json.loads(render_json(findings()))
    assert data["schema"] == "jiugao.diagnostics/1"
    first, second = data["diagnostics"]
    assert first == {
        "code": "E110",
        "severity": "error",
        "place": {
            "file": "甲.rules", "line": 2, "column": 12, "end_line": 2, "end_column": 13,
            "offset": 22, "length": 1,
        },
        "cause": {"zh": "名称“Ａ”以数字开头", "en": "the name “Ａ” begins with a digit"},
        "way_out": first["way_out"],
        "related": [],
    }  # fmt: skip
    assert second["related"][0]["label"] == {
        "zh": "到这里还没有收尾",
        "en": "still open here",
    }
    assert second["related"][0]["place"]["line"] == 3


def test_the_same_finding_counts_once() -> None:
    found = findings()
    found.extend(findings())
    found.add("E110", span("Ａ"), name="Ａ")
    assert [d.code for d in found].count("E110") == 1
