"""The text of a literal comes in (5000元, 70%, 2023年1月1日); its exact value goes out."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from typing import TYPE_CHECKING

from jiugao.syntax.tree import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable

MONEY_UNITS = {
    "元": 1, "百元": 100, "千元": 1_000, "万元": 10_000, "百万元": 1_000_000,
    "千万元": 10_000_000, "亿元": 100_000_000, "yuan": 1,
}  # fmt: skip
RATE_UNITS = {"%": 100, "‰": 1000}
POINT_UNITS = ("个百分点", "百分点", "points", "point")
DURATION_UNITS = {
    "个月": "month", "月": "month", "日": "day", "天": "day", "年": "year",
    "months": "month", "month": "month", "days": "day", "day": "day",
    "years": "year", "year": "year",
}  # fmt: skip

NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
# Letters that make up names; a unit written in letters ends where none follows.
LETTER = r"A-Za-z_·〇㐀-䶿一-鿿豈-﫿𠀀-𲎯"
# That one of them follows, or a letter of another script, which is told as such: categories
# compile ten milliseconds faster than so many ranges.
GOES_ON = r"[^\W0-9]|·"


# Between a number and its unit a space may stand, a new line not.
GAP = r"[ \t\u3000\u00a0]*"


def _any(units: Iterable[str]) -> str:
    words = sorted(units, key=len, reverse=True)
    return "|".join(re.escape(w) for w in words)


HAN_UNITS = [u for u in (*MONEY_UNITS, *RATE_UNITS, *POINT_UNITS) if not u.isascii()]
LATIN_UNITS = [u for u in (*MONEY_UNITS, *POINT_UNITS) if u.isascii()]
# A unit that touches its number ends the amount whatever follows (5000元比例70%); one
# after a space counts only as a whole word or before a splitting word.
SPLIT_WORDS = "以上|以内|以下|超过|不超过|达到|不低于|低于|扣除|的部分|至|且|或"
# Parts of the one expression for tokens. Every set of letters in it takes two milliseconds
# to compile: so an end of a word stands once for several.
AMOUNT = (
    rf"{NUMBER}"
    rf"(?:%|{_any(HAN_UNITS)}|"
    rf"{GAP}(?:%|‰|(?:{_any(HAN_UNITS)})(?={SPLIT_WORDS})|"
    rf"(?:{_any(HAN_UNITS)}|(?:{_any(LATIN_UNITS)})(?![0-9]))(?!{GOES_ON})))"
)
DURATION = rf"\d+{GAP}(?:{_any(DURATION_UNITS)})"  # and no letter or digit after it
DATE = (
    rf"\d{{4}}(?:{GAP}年{GAP}\d{{1,2}}{GAP}月{GAP}\d{{1,2}}{GAP}日"
    r"|-\d{1,2}-\d{1,2}(?!\d)|/\d{1,2}/\d{1,2}(?!\d)|\.\d{1,2}\.\d{1,2}(?!\d))"
)
NO_DAY = dt.date(1970, 1, 1)  # in place of a day that the calendar lacks
UNIT = re.compile(rf"^({NUMBER})\s*(.*)$")


def exact(number: str) -> Fraction:
    """20,000.50 as a fraction."""
    # Fraction reads texts too, by a pattern of its own: most of what an amount took.
    whole, _, part = number.replace(",", "").partition(".")
    return Fraction(int(whole + part), 10 ** len(part))


def amount(text: str) -> tuple[Unit, Fraction] | None:
    """The unit and value of an amount; money in yuan, rates as fractions of one."""
    match = UNIT.match(text)
    if match is None:
        return None
    number, unit = exact(match[1]), match[2]
    if unit in MONEY_UNITS:
        return Unit.MONEY, number * MONEY_UNITS[unit]
    if unit in POINT_UNITS:
        return Unit.POINTS, number / 100
    if unit in RATE_UNITS:
        return Unit.RATE, number / RATE_UNITS[unit]
    return None


def date(text: str) -> dt.date | None:
    """The day, or None where the calendar has none such."""
    year, month, day = (int(n) for n in re.findall(r"\d+", text))
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def duration(text: str) -> tuple[int, str] | None:
    """The count and the unit (day, month, year) of 12个月, 30日, 2 years."""
    match = re.match(r"^(\d+)\s*(.*)$", text)
    if match is None or match[2] not in DURATION_UNITS:
        return None
    return int(match[1]), DURATION_UNITS[match[2]]
