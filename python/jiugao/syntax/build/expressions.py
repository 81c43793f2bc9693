"""Expressions: literals, operators, and what may stand as a value."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from jiugao.syntax import amounts, tree
from jiugao.syntax.tokens import Token
from jiugao.syntax.tree import Operator

if TYPE_CHECKING:
    from jiugao.source import Span
    from jiugao.syntax.build.members import Context, Members

OPERATORS = {
    "PLUS": Operator.ADD, "MINUS": Operator.SUB, "TIMES": Operator.MUL,
    "DIVIDE": Operator.DIV, "AND": Operator.AND, "OR": Operator.OR, "IS": Operator.IS,
    "IN": Operator.IN, "OVER": Operator.OVER, "NOT_OVER": Operator.NOT_OVER,
    "AT_LEAST": Operator.AT_LEAST, "BELOW": Operator.BELOW, "BEFORE": Operator.BEFORE,
    "AFTER": Operator.AFTER,
}  # fmt: skip
ALL = ("全部", "all")


def binary(_: Context, span: Span, members: Members) -> tree.Binary:
    """Left operator right."""
    left, right = members.expressions()
    return tree.Binary(span, OPERATORS[members.one(Token).type], left, right)


def negated(_: Context, span: Span, members: Members) -> tree.Not:
    """非 condition."""
    (operand,) = members.expressions()
    return tree.Not(span, operand)


def when(_: Context, span: Span, members: Members) -> tree.When:
    """Value 当 condition."""
    value, condition = members.expressions()
    return tree.When(span, value, condition)


def at_most(_: Context, span: Span, members: Members) -> tree.AtMost:
    """Value 至多 cap."""
    value, cap = members.expressions()
    return tree.AtMost(span, value, cap)


def in_excess_of(_: Context, span: Span, members: Members) -> tree.InExcessOf:
    """Value 超出 floor."""
    value, floor = members.expressions()
    return tree.InExcessOf(span, value, floor)


def group(_: Context, __: Span, members: Members) -> tree.Expression:
    """( expression )."""
    (inner,) = members.expressions()
    return inner


def last_year(_: Context, span: Span, members: Members) -> tree.LastYear:
    """上年 name."""
    return tree.LastYear(span, members.one(tree.Name))


def total(_: Context, span: Span, members: Members) -> tree.Total:
    """合计 amount."""
    return tree.Total(span, counted=False, value=members.expression())


def count(_: Context, span: Span, members: Members) -> tree.Total:
    """计数 全部, 计数 (condition)."""
    value = members.expression()
    if isinstance(value, tree.Name) and value.text in ALL and not value.quoted:
        value = None
    return tree.Total(span, counted=True, value=value)


def year_on_year(_: Context, span: Span, members: Members) -> tree.YearOnYear:
    """同比 total."""
    (value,) = members.expressions()
    return tree.YearOnYear(span, value)


def members(_: Context, span: Span, members: Members) -> tree.Members:
    """( a、b )."""
    return tree.Members(span, members.expressions())


def amount(_: Context, span: Span, members: Members) -> tree.Literal:
    """5000元, 70%, 5个百分点."""
    read = amounts.amount(members.one(Token).text)
    assert read is not None, "the lexer took it for an amount"
    unit, value = read
    return tree.Literal(span, unit, value)


def number(_: Context, span: Span, members: Members) -> tree.Literal:
    """12."""
    value = amounts.exact(members.one(Token).text)
    return tree.Literal(span, tree.Unit.COUNT, value)


def negative(_: Context, span: Span, members: Members) -> tree.Literal:
    """-1050元, in an example's answer."""
    token = members.every(Token)[1]
    read = amounts.amount(token.text) if token.type == "AMOUNT" else None
    unit, value = read or (tree.Unit.COUNT, amounts.exact(token.text))
    return tree.Literal(span, unit, Fraction(-value))


def text(_: Context, span: Span, members: Members) -> tree.Literal:
    """A text in quotes."""
    return tree.Literal(span, tree.Unit.TEXT, members.one(Token).text)


def flag(_: Context, span: Span, members: Members) -> tree.Literal:
    """是, 否."""
    return tree.Literal(span, tree.Unit.FLAG, members.one(Token).type != "NO")


def duration(_: Context, span: Span, members: Members) -> tree.Duration:
    """12个月."""
    read = amounts.duration(members.one(Token).text)
    assert read is not None, "the lexer took it for a length of time"
    count, unit = read
    return tree.Duration(span, count, unit)


def standing_word(_: Context, span: Span, __: Members) -> tree.Name:
    """身份 as what a table or a condition goes by: the identities that a person holds."""
    return tree.Name(span, "身份")
