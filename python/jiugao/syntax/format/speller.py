"""Nodes' words come in; how they are written in one spelling goes out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jiugao.syntax import amounts, tree
from jiugao.syntax.keywords import COUNTED_BY, PLACE_WORDS, spelling
from jiugao.syntax.tokens import TWIN, plain_name

if TYPE_CHECKING:
    from fractions import Fraction

    from jiugao.source import Span

PLACE_WORDS_EN = {zh: en for en, zh in PLACE_WORDS.items()}
COUNTED_BY_EN = {zh: en for en, zh in COUNTED_BY.items()}
WAN, YI = 10_000, 100_000_000
DURATIONS = {"day": ("日", "day"), "month": ("个月", "month"), "year": ("年", "year")}


class Spellers:
    """Which speller writes a statement."""

    def __init__(self, keywords: str) -> None:
        self.fixed = None if keywords == "keep" else Speller(keywords)
        self.zh, self.en = Speller("zh"), Speller("en")

    def of(self, span: Span) -> Speller:
        """The speller of the statement that begins here."""
        if self.fixed is not None:
            return self.fixed
        first = span.source.text[span.start : span.start + 1]
        return self.en if first.isascii() and first.isalpha() else self.zh


class Speller:
    """Writes keywords, names and literals in Chinese or in English."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.zh = language == "zh"
        self.comma = "，" if self.zh else ", "
        self.enum = "、" if self.zh else ", "
        self.row = "；" if self.zh else "; "

    def __call__(self, token: str) -> str:
        """A keyword."""
        return spelling(token, self.language)

    def name(self, name: tree.Name) -> str:
        """A name, in 「」 where it was or has to be."""
        if name.quoted or not plain_name(name.text):
            return f"「{name.text}」"
        return name.text

    def names(self, names: tuple[tree.Name, ...]) -> str:
        """Names joined."""
        return self.enum.join(self.name(n) for n in names)

    def place_word(self, name: tree.Name) -> str:
        """The kind or table of an input; how a fund is pooled."""
        return name.text if self.zh else PLACE_WORDS_EN.get(name.text, name.text)

    def counted_by(self, name: tree.Name) -> str:
        """What an indicator is counted by."""
        if name.quoted or name.text not in COUNTED_BY_EN:
            return self.name(name)
        return name.text if self.zh else COUNTED_BY_EN[name.text]

    def answered(self, name: tree.Name) -> str:
        """What an answer is about: 个人 is the person's part."""
        if name.text == "个人" and not name.quoted and not self.zh:
            return PLACE_WORDS_EN[name.text]
        for word, told in tree.ANSWERED.items():
            if name.text == told and not name.quoted:
                return self(word)
        return self.name(name)

    def payer(self, name: tree.Name) -> str:
        """Who pays; 医疗机构 is the institution that treated."""
        if name.text == COUNTED_BY["institution"] and not name.quoted and not self.zh:
            return "institution"
        return self.name(name)

    def text(self, text: str) -> str:
        """A text in quotes."""
        return f'"{text}"' if '"' not in text else f"“{text}”"

    def date(self, date: tree.Date) -> str:
        """A day."""
        return date.value.isoformat()

    def duration(self, node: tree.Duration) -> str:
        """12个月, 12 months."""
        zh, en = DURATIONS[node.unit]
        return (
            f"{node.count}{zh}" if self.zh else f"{node.count} {plural(en, node.count)}"
        )

    def literal(self, node: tree.Literal) -> str:
        """An amount as it was written where that is in this spelling, else anew."""
        match node.unit:
            case tree.Unit.TEXT:
                return self.text(str(node.value))
            case tree.Unit.FLAG:
                return self("YES" if node.value else "NO")
            case _:
                return self.as_written(node) or self.amount(node)

    def as_written(self, node: tree.Literal) -> str | None:
        """The author's own digits, if they mean the same in this spelling."""
        text = "".join(node.span.text.translate(TWIN).split())
        sign = -1 if text.startswith("-") else 1
        digits = text.lstrip("-")
        latin = re.search("[a-z]", digits)
        if latin:
            digits = f"{digits[: latin.start()]} {digits[latin.start() :]}"
        han = not digits.isascii()
        if (latin and self.zh) or (han and not self.zh):
            return None
        if node.unit is tree.Unit.COUNT:
            plain = re.fullmatch(amounts.NUMBER, digits)
            same = plain is not None and amounts.exact(digits) * sign == node.value
        else:
            read = amounts.amount(digits)
            same = read is not None and (read[0], read[1] * sign) == (
                node.unit, node.value,
            )  # fmt: skip
        return f"-{digits}" if same and sign < 0 else digits if same else None

    def amount(self, node: tree.Literal) -> str:
        """An amount from its value alone."""
        assert not isinstance(node.value, str | bool)
        sign = "-" if node.value < 0 else ""
        value = abs(node.value)
        match node.unit:
            case tree.Unit.MONEY:
                return sign + self.money(value)
            case tree.Unit.RATE:
                return f"{sign}{decimal(value * 100)}%"
            case tree.Unit.POINTS:
                points = decimal(value * 100)
                return (
                    f"{sign}{points}个百分点" if self.zh else f"{sign}{points} points"
                )
            case _:
                return sign + decimal(value)

    def money(self, yuan: Fraction) -> str:
        """5000元, 1.5万元, 2亿元; 15000 yuan."""
        if not self.zh:
            return f"{decimal(yuan)} yuan"
        for size, unit in ((YI, "亿元"), (WAN, "万元")):
            if yuan >= size and (yuan * 100 / size).denominator == 1:
                return f"{decimal(yuan / size)}{unit}"
        return f"{decimal(yuan)}元"


def plural(word: str, count: int) -> str:
    """1 month, 12 months."""
    return word if count == 1 else f"{word}s"


def decimal(value: Fraction) -> str:
    """An exact decimal without trailing zeros."""
    whole, rest = divmod(value, 1)
    if not rest:
        return str(whole)
    digits = ""
    while rest:
        digit, rest = divmod(rest * 10, 1)
        digits += str(digit)
    return f"{whole}.{digits}"
