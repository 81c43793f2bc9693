"""A text of rules comes in, one written a little differently goes out.

Changes are those of a hand that errs: words for other words, lines lost, twice or
elsewhere, brackets open, figures with other digits, and characters that look alike.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jiugao.syntax.keywords import KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

WORD = re.compile(
    r"\d[\d.,-]*|[A-Za-z_][\w-]*|[\u4e00-\u9fff]+|「[^」\n]*」|\"[^\"\n]*\"|[^\S\n]+|\n|."
)
FIGURE = re.compile(r"\d+(?:\.\d+)?")
KEYWORD_TEXTS = tuple(t for k in KEYWORDS for t in (*k.zh, *k.en))
VALUES = (
    "0元", "1元", "5000元", "10万元", "0.01元", "1.5万元", "20,000元", "9223372036854775807元", "0%", "70%", "100%", "101%",
    "5个百分点", "12", "-1", "0", "2023-01-01", "2023年1月1日", "2023-02-29", "0001-01-01", "9999-12-31", "12个月", "30日", "是", "否",
    "yes", "no", "待定", "to_be_set", "其余", "不设", "none", "不享受", "个人", "结算时间", "住院类", "一类", "5000 yuan", "70 %",
)  # fmt: skip
LOOK_ALIKES = (
    "（", "）", "｛", "｝", "：", "；", "，", "、", "％", "“", "”", "「", "」", "０", "５", "．", "－", "×", "÷", "—", "…", "\u200b", "\ufeff",
    "\u3000", "\u00a0", "\t", "\r", "\r\n", "\x00", "\x0c", "\u2028", "𠀀", "é", "'", '"', "#", "/*", "//", "{", "}", "(", ")",
)  # fmt: skip
LINES = (
    "年度 自然年度 按 结算时间", "多退少补", "结算 年终", "结算 按次，年终补差", "择优 按年", "舍入 截位 到 元", "不享受", "追溯 12个月",
    "限额 不设", "年度起付线 不设", "门槛 年度累计 超过 5000元", "结转", "#=== x.csv", "#=== b.rules", "code,label,from,to,source", "M1,病,2022-01-01,,",
    "# --set a=b", "# --set 口径=宽",
)  # fmt: skip


def changed(text: str, others: Sequence[str], random: Random) -> str:
    """The text after one to three changes."""
    for _ in range(random.choice((1, 1, 1, 1, 1, 2, 3))):
        text = random.choice(CHANGES)(text, others, random)
    return text


def word_for_word(text: str, _others: Sequence[str], random: Random) -> str:
    words = WORD.findall(text)
    places = [n for n, word in enumerate(words) if not word.isspace()]
    if not places:
        return text
    place = random.choice(places)
    kinds: tuple[Sequence[str], ...] = (
        KEYWORD_TEXTS,
        VALUES,
        [words[n] for n in places],
    )
    words[place] = random.choice(random.choice(kinds))
    return "".join(words)


def words_gone_or_twice(text: str, _others: Sequence[str], random: Random) -> str:
    words = WORD.findall(text)
    if not words:
        return text
    first = random.randrange(len(words))
    last = first + random.choice((1, 1, 2, 3, 8))
    some = words[first:last]
    match random.randrange(3):
        case 0:
            words[first:last] = []
        case 1:
            words[first:first] = some
        case _:
            words[first:last] = some[::-1]
    return "".join(words)


def a_figure(text: str, _others: Sequence[str], random: Random) -> str:
    figures = list(FIGURE.finditer(text))
    if not figures:
        return text
    one = random.choice(figures)
    new = random.choice(
        (
            "0",
            "1",
            "00",
            "0.001",
            "99999999999999999999",
            "100",
            "2023",
            str(random.randrange(10**6)),
            one.group() + "0",
        )
    )
    return text[: one.start()] + new + text[one.end() :]


def characters(text: str, _others: Sequence[str], random: Random) -> str:
    place = random.randrange(len(text) + 1)
    gone = random.choice((0, 0, 1))
    return text[:place] + random.choice(LOOK_ALIKES) + text[place + gone :]


def a_line(text: str, others: Sequence[str], random: Random) -> str:
    lines = text.split("\n")
    place = random.randrange(len(lines))
    match random.randrange(5):
        case 0:
            del lines[place]
        case 1:
            lines.insert(place, lines[random.randrange(len(lines))])
        case 2:
            other = random.randrange(len(lines))
            lines[place], lines[other] = lines[other], lines[place]
        case 3:
            lines.insert(place, random.choice(LINES))
        case _:
            lines.insert(place, random.choice(random.choice(others).split("\n")))
    return "\n".join(lines)


def a_block(text: str, others: Sequence[str], random: Random) -> str:
    """Some lines of another text, an item or a benefit often."""
    lines, theirs = text.split("\n"), random.choice(others).split("\n")
    start = random.randrange(len(theirs))
    length = random.choice((2, 4, 8, 16))
    place = random.randrange(len(lines) + 1)
    gone = random.choice((0, 0, length))
    lines[place : place + gone] = theirs[start : start + length]
    return "\n".join(lines)


def nested(text: str, _others: Sequence[str], random: Random) -> str:
    """Brackets in brackets, and expressions without end."""
    place = random.randrange(len(text) + 1)
    times = random.choice((3, 40, 400))
    opened, closed = random.choice(
        (
            ("(", ")"),
            ("{", "}"),
            ("（", "）"),
            ("非 ", ""),
            ("1元 + ", ""),
            ("按 级别 { 一档: ", " }"),
        )
    )
    return text[:place] + opened * times + closed * times + text[place:]


CHANGES: tuple[Callable[[str, Sequence[str], Random], str], ...] = (
    word_for_word, word_for_word, word_for_word, words_gone_or_twice, words_gone_or_twice,
    a_figure, characters, a_line, a_line, a_block, nested,
)  # fmt: skip
