"""A typed expression comes in, a function from a moment to its exact value goes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import assert_never

from jiugao.policy import model
from jiugao.syntax.tree import Operator
from tests.oracle.exact import Fraction, own, plain
from tests.oracle.shape import Number, Value
from tests.oracle.walk import constant
from tests.oracle.years import last_day, year_of


class Moment:
    """What a rule may look at: the claim's columns, the day by which it is judged, the
    identities and the standing of that day, and the amounts worked out so far."""

    __slots__ = ("amounts", "columns", "day", "identities", "standing")

    def __init__(
        self,
        columns: dict[str, Value] | None,
        day: dt.date,
        identities: frozenset[str],
        standing: str | None,
        amounts: dict[tuple[str, str], Number],
    ) -> None:
        self.columns = columns
        self.day = day
        self.identities = identities
        self.standing = standing
        self.amounts = amounts


Meaning = Callable[[Moment], Value]


class NothingInForceError(Exception):
    """A parameter has no value on the day; the checker should not have let it pass."""


class NeedsClaimError(Exception):
    """A figure of the year end reads a claim's column."""


def in_force(parameter: model.Parameter, day: dt.date) -> Value:
    """The parameter's value on a day."""
    for dated in parameter.values:
        if (dated.start is None or dated.start <= day) and (
            dated.end is None or day <= dated.end
        ):
            return own(dated.value)  # type: ignore[return-value]
    raise NothingInForceError(f"{parameter.name} on {day}")


def _column(source: model.Input) -> Meaning:
    name, default = source.column, own(source.default)

    def read(moment: Moment) -> Value:
        if moment.columns is None:
            raise NeedsClaimError(name)
        value = moment.columns.get(name)
        return default if value is None else value

    return read


def _parameter(ref: model.ParameterRef) -> Meaning:
    parameter = ref.parameter
    if constant(parameter):
        value = own(parameter.values[0].value)
        return lambda _moment: value  # type: ignore[return-value]
    if ref.last_year:
        years = ref.years
        return lambda moment: in_force(
            parameter, last_day(years, year_of(years, moment.day) - 1)
        )
    return lambda moment: in_force(parameter, moment.day)


def _binary(node: model.Binary) -> Meaning:
    left, right = meaning(node.left), meaning(node.right)
    match node.operator:
        case Operator.ADD:
            return lambda m: added(left(m), right(m))
        case Operator.SUB:
            return lambda m: taken(left(m), right(m))
        case Operator.MUL:
            return lambda m: plain(left(m) * right(m))  # type: ignore[operator]
        case Operator.DIV:
            return lambda m: plain(Fraction(left(m)) / Fraction(right(m)))  # type: ignore[arg-type]
        case Operator.AND:
            return lambda m: left(m) and right(m)
        case Operator.OR:
            return lambda m: left(m) or right(m)
        case Operator.IS:
            return lambda m: left(m) == right(m)
        case Operator.OVER | Operator.AFTER:
            return lambda m: left(m) > right(m)  # type: ignore[operator]
        case Operator.NOT_OVER:
            return lambda m: left(m) <= right(m)  # type: ignore[operator]
        case Operator.AT_LEAST:
            return lambda m: left(m) >= right(m)  # type: ignore[operator]
        case Operator.BELOW | Operator.BEFORE:
            return lambda m: left(m) < right(m)  # type: ignore[operator]
        case Operator.IN:
            raise TypeError("a checked policy has InSet, not IN")
    assert_never(node.operator)


def added(left: Value, right: Value) -> Value:
    """Sum of two amounts, or a day so many days later."""
    if isinstance(left, dt.date):
        return left + dt.timedelta(days=int(right))  # type: ignore[arg-type]
    return left + right  # type: ignore[operator]


def taken(left: Value, right: Value) -> Value:
    """Difference of two amounts, or a day so many days earlier."""
    if isinstance(left, dt.date):
        return left - dt.timedelta(days=int(right))  # type: ignore[arg-type]
    return left - right  # type: ignore[operator]


def meaning(expression: model.Expression) -> Meaning:
    """What an expression is worth at a moment. Money is in fen."""
    match expression:
        case model.Const():
            value = own(expression.value)
            return lambda _moment: value  # type: ignore[return-value]
        case model.InputRef():
            return _column(expression.input)
        case model.ParameterRef():
            return _parameter(expression)
        case model.AmountRef():
            key = (expression.of, expression.name)
            return lambda moment: moment.amounts[key]
        case model.StandingRef():
            return lambda moment: moment.standing
        case model.HoldsIdentity():
            who = frozenset(expression.identities)
            return lambda moment: not who.isdisjoint(moment.identities)
        case model.DayRef():
            return lambda moment: moment.day
        case model.Binary():
            return _binary(expression)
        case model.Not():
            operand = meaning(expression.operand)
            return lambda moment: not operand(moment)
        case model.InSet():
            subject, members = meaning(expression.operand), expression.members
            return lambda moment: subject(moment) in members
        case model.InList():
            subject, rows = meaning(expression.operand), expression.listed.rows
            return lambda moment: any(
                row.code == subject(moment)
                and (row.start is None or row.start <= moment.day)
                and (row.end is None or moment.day <= row.end)
                for row in rows
            )
        case model.Conditional():
            amount, condition = meaning(expression.value), meaning(expression.condition)
            return lambda moment: amount(moment) if condition(moment) else 0
        case model.Smaller():
            one, other = meaning(expression.left), meaning(expression.right)
            return lambda moment: min(one(moment), other(moment))  # type: ignore[type-var]
        case model.Excess():
            whole, line = meaning(expression.left), meaning(expression.right)
            return lambda moment: max(0, whole(moment) - line(moment))  # type: ignore[operator]
        case model.YearFigure():
            raise TypeError("a figure of a year, which no row has")
    assert_never(expression)
