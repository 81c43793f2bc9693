"""A number in Chinese characters comes in (五千元, 百分之七十, 三成五); digits go out."""

from __future__ import annotations

import re
from fractions import Fraction

DIGITS = dict(
    zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, *range(3, 10)), strict=True)
)
TENS = {"十": 10, "百": 100, "千": 1000}
WAN = 10_000
WHOLES = {"亿": 100_000_000, "万": WAN}
NUMBER = r"[零〇一二两三四五六七八九十百千万亿点]+"
UNITS = r"元|个百分点|个月|周岁"
TENTHS = r"成[一二三四五六七八九半]?"
NUMERAL = re.compile(
    rf"(?:百分之(?P<rate>{NUMBER})|(?P<tenths>[一二两三四五六七八九]{TENTHS})"
    rf"|(?P<number>{NUMBER})(?P<unit>{UNITS}))$"
)
OPEN = re.compile(r"[百千万亿][一二两三四五六七八九]$")  # 五百五: 505 or 550?
# 2成: tenths counted in digits.
COUNTED = re.compile(rf"{TENTHS}$")


def in_digits(text: str) -> str | None:
    """The number as the language writes it, with its unit; None where it is none."""
    match = NUMERAL.match(text)
    if match is None:
        return None
    if match["tenths"]:
        return f"{tenths(DIGITS[text[0]], text[1:])}%"
    value = number(match["rate"] or match["number"])
    if value is None:
        return None
    unit = "%" if match["rate"] else match["unit"]
    if unit == "元" and value >= WAN and value % 1000 == 0:
        value, unit = value / WAN, "万元"
    return f"{written(value)}{unit}"


def tenths(count: Fraction | int, rest: str) -> str:
    """三成五 is 35 %, a tenth being ten; 半 is half of one."""
    last = rest.removeprefix("成")
    more = 5 if last == "半" else DIGITS.get(last, 0)
    return written(Fraction(count) * 10 + more)


def number(text: str) -> Fraction | None:
    """一万五千 as 15000, 一点五 as 1.5, 一点五万 as 15000."""
    whole, point, rest = text.partition("点")
    value = counted(whole)
    if value is None or not point:
        return value
    decimals = rest.rstrip("万亿")
    if not decimals or any(c not in DIGITS for c in decimals):
        return None
    parts = Fraction(
        int("".join(str(DIGITS[c]) for c in decimals)), 10 ** len(decimals)
    )
    times = 1
    for unit in rest[len(decimals) :]:
        times *= WHOLES[unit]
    return (value + parts) * times


def counted(text: str) -> Fraction | None:
    """A whole number; None where digits and units do not go together."""
    if not text:
        return None
    if all(c in DIGITS for c in text):  # 二〇: digit by digit
        return Fraction(int("".join(str(DIGITS[c]) for c in text)))
    if OPEN.search(text):
        return None
    for unit, times in WHOLES.items():
        many, found, rest = text.rpartition(unit)
        if found:
            before, after = counted(many), counted(rest) if rest else Fraction(0)
            if before is None or after is None:
                return None
            return before * times + after
    return in_thousands(text)


def in_thousands(text: str) -> Fraction | None:
    """三千零五十 as 3050."""
    total = 0
    digit: int | None = None
    for c in text:
        if c in TENS:
            total += (1 if digit is None else digit) * TENS[c]
            digit = None
        elif digit:
            return None
        else:
            digit = DIGITS[c]
    return Fraction(total + (digit or 0))


def written(value: Fraction) -> str:
    """A decimal without noughts at its end."""
    whole, rest = divmod(value, 1)
    decimals = ""
    while rest:
        digit, rest = divmod(rest * 10, 1)
        decimals += str(digit)
    return f"{whole}.{decimals}" if decimals else str(whole)
