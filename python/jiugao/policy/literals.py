"""A written literal comes in; its kind and its exact value go out."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from jiugao.policy import model
from jiugao.syntax import tree

if TYPE_CHECKING:
    from jiugao.diagnostics import Diagnostics

KINDS = {
    "金额": model.Kind.MONEY, "money": model.Kind.MONEY,
    "是否": model.Kind.FLAG, "flag": model.Kind.FLAG,
    "代码": model.Kind.CODE, "code": model.Kind.CODE,
    "日期": model.Kind.DATE, "date": model.Kind.DATE,
    "数": model.Kind.COUNT, "count": model.Kind.COUNT,
    "文本": model.Kind.TEXT, "text": model.Kind.TEXT,
}  # fmt: skip
PARAMETER_KINDS = {**KINDS, "比例": model.Kind.RATE, "rate": model.Kind.RATE}
UNITS = {
    tree.Unit.MONEY: model.Kind.MONEY, tree.Unit.RATE: model.Kind.RATE,
    tree.Unit.POINTS: model.Kind.RATE, tree.Unit.COUNT: model.Kind.COUNT,
    tree.Unit.TEXT: model.Kind.TEXT, tree.Unit.FLAG: model.Kind.FLAG,
}  # fmt: skip

Value = Fraction | dt.date | str | bool


def kind_word(value: tree.Expression) -> str:
    """The word for what a written value is."""
    match value:
        case tree.Literal(unit=unit):
            return f"@{UNITS[unit].value}"
        case tree.Date():
            return "@date"
        case _:
            return "@other"


def literal_kind(value: tree.Expression, found: Diagnostics) -> model.Kind | None:
    """The kind of a literal; a parameter holds nothing else."""
    match value:
        case tree.Literal(unit=unit):
            return UNITS[unit]
        case tree.Date():
            return model.Kind.DATE
        case _:
            found.add("E307", value.span)
            return None


def literal_value(value: tree.Expression, found: Diagnostics) -> Value:
    """Money in fen, rates as fractions of one, days as days."""
    match value:
        case tree.Literal(unit=tree.Unit.MONEY):
            return fen_of(value, found)
        case tree.Literal(value=exact):
            return exact
        case tree.Date(value=day):
            return day
        case _:
            return Fraction(0)


def fen_of(money: tree.Literal, found: Diagnostics) -> Fraction:
    """An amount of money in fen, of which there are no parts."""
    assert isinstance(money.value, Fraction)
    fen = money.value * 100
    if fen.denominator != 1:
        found.add("E309", money.span)
    return fen


def percent(rate: Fraction) -> str:
    """A written rate (0.205) in hundredths: 20.5."""
    exact = Decimal(rate.numerator) / Decimal(rate.denominator) * 100
    return f"{exact.normalize():f}"


def option_name(item: tree.Expression) -> str | None:
    """A label, an option or a code as written."""
    match item:
        case tree.Name(text=text):
            return text
        case tree.Literal(unit=tree.Unit.TEXT, value=str() as text):
            return text
        case tree.Literal(unit=tree.Unit.COUNT):
            return item.span.text
        case tree.Literal(unit=tree.Unit.FLAG):
            return item.span.text
        case _:
            return None
