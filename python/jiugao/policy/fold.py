"""A typed expression comes in; the same with what is known at compile time worked out.

Only truth values and the zeros that conditions leave are folded: amounts stay as the
author wrote them.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, assert_never

from jiugao.policy import model
from jiugao.syntax.tree import Operator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jiugao.source import Span

FLAG = model.Kind.FLAG


def true(span: Span) -> model.Const:
    """A condition that always holds."""
    return model.Const(FLAG, True, span)


def false(span: Span) -> model.Const:
    """A condition that never holds."""
    return model.Const(FLAG, False, span)


def known(expression: model.Expression | None) -> bool | None:
    """The truth value, where it is known at compile time."""
    match expression:
        case model.Const(value=bool() as value):
            return value
        case _:
            return None


def never(condition: model.Expression | None) -> bool:
    """Whether a condition is known not to hold."""
    match condition:
        case model.Const(value=False):
            return True
        case _:
            return False


def left_open(condition: model.Expression | None) -> model.Expression | None:
    """The condition; none where it is known to hold."""
    match condition:
        case model.Const(value=True):
            return None
        case _:
            return condition


def negated(operand: model.Expression, span: Span) -> model.Expression:
    """Not the operand."""
    value = known(operand)
    if value is not None:
        return model.Const(FLAG, not value, span)
    return model.Not(FLAG, operand, span)


def conjunction(conditions: Iterable[model.Expression], span: Span) -> model.Expression:
    """All of the conditions."""
    whole: model.Expression = true(span)
    for condition in conditions:
        whole = folded(model.Binary(FLAG, Operator.AND, whole, condition, span))
    return whole


def zero(expression: model.Expression) -> bool:
    """Whether an amount is the constant nothing."""
    return (
        isinstance(expression, model.Const)
        and expression.kind is not FLAG
        and expression.value == 0
    )


def folded(
    expression: model.Expression, absent: frozenset[str] = frozenset()
) -> model.Expression:
    """The expression with constant conditions decided; `absent` benefits pay nothing."""
    match expression:
        case model.AmountRef(of="benefit", name=name) if name in absent:
            return model.Const(model.Kind.MONEY, Fraction(0), expression.span)
        case model.Binary():
            left = folded(expression.left, absent)
            right = folded(expression.right, absent)
            return joined(replace(expression, left=left, right=right))
        case model.Not():
            return negated(folded(expression.operand, absent), expression.span)
        case model.Conditional():
            value = folded(expression.value, absent)
            condition = folded(expression.condition, absent)
            match known(condition):
                case True:
                    return value
                case False:
                    kind, span = expression.kind, expression.span
                    return model.Const(kind, Fraction(0), span)
                case None:
                    return replace(expression, value=value, condition=condition)
        case model.Smaller() | model.Excess():
            left = folded(expression.left, absent)
            right = folded(expression.right, absent)
            return replace(expression, left=left, right=right)
        case model.InSet():
            return replace(expression, operand=folded(expression.operand, absent))
        case (
            model.Const() | model.InputRef() | model.ParameterRef()
            | model.AmountRef() | model.StandingRef() | model.HoldsIdentity()
            | model.DayRef() | model.InList() | model.YearFigure()
        ):  # fmt: skip
            return expression
        case _:
            assert_never(expression)


def joined(binary: model.Binary) -> model.Expression:
    """One operator with a constant side decided, where that side decides."""
    left, right = binary.left, binary.right
    match binary.operator, known(left), known(right):
        case (Operator.AND, False, _) | (Operator.AND, _, True):
            return left
        case (Operator.AND, _, False) | (Operator.AND, True, _):
            return right
        case (Operator.OR, True, _) | (Operator.OR, _, False):
            return left
        case (Operator.OR, _, True) | (Operator.OR, False, _):
            return right
        case ((Operator.ADD | Operator.SUB), _, _) if zero(right):
            return left
        case Operator.ADD, _, _ if zero(left):
            return right
        case _:
            return binary
