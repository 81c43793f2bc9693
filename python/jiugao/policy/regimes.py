"""Dated figures come in; days on which they change, and amounts on a day, go out."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING

from jiugao.policy import model
from jiugao.policy.walk import parameters_in
from jiugao.syntax.tree import Operator

if TYPE_CHECKING:
    from collections.abc import Iterable

ONE_DAY = dt.timedelta(days=1)


def dated_on(parameter: model.Parameter, day: dt.date) -> model.Dated | None:
    """The value in force on a day."""
    for dated in parameter.values:
        after = dated.start is None or dated.start <= day
        if after and (dated.end is None or day <= dated.end):
            return dated
    return None


def value_on(expression: model.Expression, day: dt.date) -> Fraction | None:
    """An amount of constants and parameters on a day; None where there is none."""
    match expression:
        case model.Const(value=Fraction() as constant):
            return constant
        case model.ParameterRef(parameter=parameter):
            dated = dated_on(parameter, expression.asked(day))
            value = dated.value if dated is not None else None
            return value if isinstance(value, Fraction) else None
        case model.Binary(operator=operator):
            left = value_on(expression.left, day)
            right = value_on(expression.right, day)
            if left is None or right is None:
                return None
            match operator:
                case Operator.ADD:
                    return left + right
                case Operator.SUB:
                    return left - right
                case Operator.MUL:
                    return left * right
                case _:
                    return None
        case model.Smaller():
            left = value_on(expression.left, day)
            right = value_on(expression.right, day)
            return None if left is None or right is None else min(left, right)
        case model.Excess():
            left = value_on(expression.left, day)
            right = value_on(expression.right, day)
            if left is None or right is None:
                return None
            return max(left - right, Fraction(0))
        case _:
            return None


def change_days(
    expressions: Iterable[model.Expression], force: model.Force
) -> tuple[dt.date, ...]:
    """Days of the force on which a figure named may differ from the day before.

    The first is the first day on which claims count.
    """
    days = {force.first}
    for expression in expressions:
        for ref in parameters_in(expression):
            for dated in ref.parameter.values:
                starts = [dated.start, dated.end + ONE_DAY if dated.end else None]
                days |= {ref.counts_from(d) for d in starts if d is not None}
    end = force.end or dt.date.max
    return tuple(sorted(d for d in days if force.first <= d <= end))
