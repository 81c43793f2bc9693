"""One layout: the meaning is kept, comments are kept, and twice is the same as once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.language.format.trees.documents import documents
from tests.language.notation import bare
from tests.language.syntax import samples

from jiugao.diagnostics import render_text
from jiugao.diagnostics.text import columns
from jiugao.source import Source
from jiugao.syntax import parse, tree
from jiugao.syntax.format import expressions, format_document, layout
from jiugao.syntax.format.comments import tidy

ROOT = Path(__file__).parents[3]
CORPUS = [
    *sorted(ROOT.glob("rules/*/*.rules")),
    *sorted(ROOT.glob("python/jiugao/profile/*.rules")),
    *sorted(ROOT.glob("tests/language/*/good/*.rules")),
]
LAYOUT = Path(__file__).with_name("layout.rules")
SPELLINGS = ("zh", "en", "keep")


def read(text: str) -> tree.Document:
    document, found = parse(Source("t.rules", text))
    assert document is not None, render_text(found, "en") + "\n" + text
    return document


def comments(document: tree.Document) -> Counter[str]:
    return Counter(tidy(c.text) for c in document.comments)


@pytest.mark.parametrize("keywords", SPELLINGS)
@pytest.mark.parametrize("path", CORPUS, ids=[p.stem for p in CORPUS])
def test_files_keep_meaning_and_comments(path: Path, keywords: str) -> None:
    document = read(path.read_text("utf-8"))
    once = format_document(document, keywords)
    again = read(once)
    assert bare(again) == bare(document)
    assert comments(again) == comments(document)
    assert format_document(again, keywords) == once


@pytest.mark.parametrize("keywords", SPELLINGS)
@pytest.mark.parametrize("path", CORPUS, ids=[p.stem for p in CORPUS])
def test_lines_continued_anywhere_mean_the_same(
    path: Path, keywords: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = read(path.read_text("utf-8"))
    monkeypatch.setattr(layout, "WIDTH", 30)
    monkeypatch.setattr(expressions, "LONG", 12)
    once = format_document(document, keywords)
    again = read(once)
    assert bare(again) == bare(document)
    assert format_document(again, keywords) == once


def test_a_long_expression_is_continued() -> None:
    names = [f"很长的一个费用名称之{c}" for c in "甲乙丙丁戊己"]
    amounts = f"({' + '.join(names)}) 至多 ({' + '.join(reversed(names))})"
    kinds = f"医疗类别 属于 ({'、'.join(names[:2])})"
    text = f"方案 长 (long) {{\n  费用 乙 (b) = ({amounts}) 当 ({kinds} 且 非 ({kinds} 或 {kinds}))\n}}\n"
    once = format_document(read(text), "zh")
    assert max(columns(line) for line in once.splitlines()) <= layout.WIDTH
    assert bare(read(once)) == bare(read(text))


@pytest.mark.parametrize("figure", ["起付线", "限额", "比例", "各段"])
@pytest.mark.parametrize("period", ["年度", "每次", "终身"])
def test_a_period_touches_only_what_it_is_one_word_with(
    period: str, figure: str
) -> None:
    """The lexer takes 年度起付线 apart and no 年度各段."""
    edit = f"倾斜 甲类 {{ {period} {figure} 提高 5% }}"
    text = f"方案 甲 (a) {{\n  待遇 甲 {{\n    按 乙 {{ 其余: {edit} }}\n  }}\n}}\n"
    assert bare(read(format_document(read(text), "zh"))) == bare(read(text))


@given(documents, st.sampled_from(("zh", "en")))
def test_any_tree_is_written_and_read_back(
    document: tree.Document, keywords: str
) -> None:
    once = format_document(document, keywords)
    again = read(once)
    assert bare(again) == bare(document)
    assert format_document(again, keywords) == once


@settings(max_examples=40)
@given(st.data(), st.sampled_from((samples.ZH, samples.EN)))
def test_comments_anywhere_stay(data: st.DataObject, text: str) -> None:
    lines = text.splitlines()
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(lines) - 1))
        note = data.draw(st.sampled_from(("# 注", "#注 2", "＃ 三", "#")))
        match data.draw(st.sampled_from(("alone", "after", "blank"))):
            case "alone":
                lines.insert(at, data.draw(st.sampled_from(("", "    "))) + note)
            case "after":
                lines[at] = lines[at] if "#" in lines[at] else f"{lines[at]}  {note}"
            case _:
                lines.insert(at, "")
    document = read("\n".join(lines))
    once = format_document(document)
    again = read(once)
    assert bare(again) == bare(document)
    assert comments(again) == comments(document)
    assert format_document(again) == once


@settings(max_examples=30)
@given(st.randoms(use_true_random=False))
def test_the_authors_spaces_do_not_matter(random: Random) -> None:
    def spaced(char: str) -> str:
        # A new line after } may begin a citation of the policy's own.
        ways = [char, f" {char}", f"{char} ", f"{char}\n"]
        return random.choice(ways[:3] if char == "}" else ways)

    text = "".join(spaced(c) if c in "{}；" else c for c in samples.ZH)
    document = read(text)
    assert bare(document) == bare(read(samples.ZH))
    assert bare(read(format_document(document))) == bare(document)


def test_the_layout_is_this() -> None:
    text = LAYOUT.read_text("utf-8")
    assert format_document(read(text)) == text


def test_carelessly_written_rules_come_out_as_the_layout() -> None:
    careless = """\
方案   聊城市医疗救助（liaocheng_2022）{ 依据 “实施方案” ； 施行 2023年1月1日起  #从年初起
年度   自然年度 按 结算时间
身份 救助类别 就高不重复{一类：特困人员，孤儿；二类：低保边缘家庭成员}


# 医疗救助
# 第一层
待遇 医疗救助（assistance）｛
    基数 政策范围内扣除基本医保，大病保险
    按 救助类别｛一类：起付线 不设 比例70％ 年度限额3 万元；二类：年度起付线3000元，比例 50%，年度限额 15,000元｝  # 三（四）
    分段累计｛5000元以上至10万元的部分：65％；10万元以上：85％｝
    支付方 医疗救助基金
｝
}"""
    assert (
        format_document(read(careless))
        == """\
方案 聊城市医疗救助 (liaocheng_2022) {
  依据 "实施方案"
  施行 2023-01-01 起  # 从年初起
  年度 自然年度 按 结算时间

  身份 救助类别 就高不重复 {
    一类: 特困人员、孤儿
    二类: 低保边缘家庭成员
  }

  # 医疗救助
  # 第一层
  待遇 医疗救助 (assistance) {
    基数 政策范围内 扣除 基本医保、大病保险
    按 救助类别 {
      一类: 起付线 不设，比例 70%，年度限额 3万元
      二类: 年度起付线 3000元，比例 50%，年度限额 15,000元
    }  # 三（四）
    分段 累计 { 5000元以上至10万元: 65%；10万元以上: 85% }
    支付方 医疗救助基金
  }
}
"""
    )


def test_keep_writes_each_statement_in_its_own_spelling() -> None:
    text = "方案 甲 (a) {\n  expense 乙 = 丙 + 5 yuan\n  费用 丁 = 乙 - 1.5万元\n}\n"
    assert format_document(read(text), "keep") == text
    assert "费用 乙 = 丙 + 5元" in format_document(read(text), "zh")
    assert "expense 丁 = 乙 - 15000 yuan" in format_document(read(text), "en")


def test_lines_are_no_wider_than_they_need_be() -> None:
    for path in CORPUS:
        for line in format_document(read(path.read_text("utf-8"))).splitlines():
            # What is wider than the page holds one text, list or row that has no joint.
            if columns(line) > 100:
                assert any(mark in line for mark in ('"', "、", "，", "#", "(")), line
