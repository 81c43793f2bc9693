"""An amount in fen comes in; it as Chinese vouchers and letters write it goes out (大写)."""

from __future__ import annotations

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")


def in_capitals(fen: int) -> str:
    """Such as 壹仟零伍拾元伍角整, 叁佰元零伍分, 负玖元整."""
    sign = "负" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    jiao, odd = divmod(rest, 10)
    whole = f"{_yuan(yuan)}元" if yuan or not rest else ""
    if odd:
        middle = f"{DIGITS[jiao]}角" if jiao else ("零" if yuan else "")
        return f"{sign}{whole}{middle}{DIGITS[odd]}分"
    part = f"{DIGITS[jiao]}角" if jiao else ""
    return f"{sign}{whole}{part}整"


def _yuan(number: int) -> str:
    if number == 0:
        return DIGITS[0]
    groups: list[int] = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    text = ""
    for place in reversed(range(len(groups))):
        group = groups[place]
        if not group:
            continue
        gap = text and (group < 1000 or not groups[place + 1])  # noqa: PLR2004  four digits
        text += ("零" if gap else "") + _group(group) + GROUPS[place]
    return text


def _group(number: int) -> str:
    text, gap = "", False
    for place in reversed(range(4)):
        digit = number // 10**place % 10
        if digit:
            text += (DIGITS[0] if gap and text else "") + DIGITS[digit] + PLACES[place]
        gap = not digit
    return text
