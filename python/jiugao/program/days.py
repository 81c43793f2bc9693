"""An expression that no claim changes comes in; its values by day go out.

Parameters, constants and the judged day itself make such expressions; so does the
standing where a class is given. They are worked out when a policy is compiled, once for
each stretch of days over which nothing in them changes.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING, assert_never

from jiugao.dataclass import dataclass
from jiugao.policy import model
from jiugao.program.dates import number
from jiugao.program.refusals import refuse
from jiugao.syntax.tree import Operator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Value = Fraction | bool | str | dt.date
DAY = dt.timedelta(days=1)
COMPARISONS: dict[Operator, Callable[[Value, Value], bool]] = {
    Operator.OVER: lambda a, b: b < a,  # type: ignore[operator]
    Operator.AFTER: lambda a, b: b < a,  # type: ignore[operator]
    Operator.AT_LEAST: lambda a, b: b <= a,  # type: ignore[operator]
    Operator.NOT_OVER: lambda a, b: a <= b,  # type: ignore[operator]
    Operator.BELOW: lambda a, b: a < b,  # type: ignore[operator]
    Operator.BEFORE: lambda a, b: a < b,  # type: ignore[operator]
    Operator.IS: lambda a, b: a == b,
}


class UnknownError(Exception):
    """A parameter has no value on the day."""


@dataclass(frozen=True)
class At:
    """A day, and a class of the standing where one is given (None: no standing)."""

    day: dt.date
    standing: str | None = None


@dataclass(frozen=True)
class Piece:
    """A value from `start` on, until the next piece; None: a parameter has none."""

    start: dt.date
    value: Value | None


def number_or_none(day: dt.date | None) -> int | None:
    """A day's number, or none."""
    return None if day is None else number(day)


def parts(expression: model.Expression) -> tuple[model.Expression, ...]:
    """The expressions directly inside one."""
    match expression:
        case model.Binary():
            return (expression.left, expression.right)
        case model.Not() | model.InSet() | model.InList():
            return (expression.operand,)
        case model.Conditional():
            return (expression.value, expression.condition)
        case model.Smaller() | model.Excess():
            return (expression.left, expression.right)
        case (
            model.Const() | model.InputRef() | model.ParameterRef() | model.AmountRef()
            | model.StandingRef() | model.HoldsIdentity() | model.DayRef()
            | model.YearFigure()
        ):  # fmt: skip
            return ()
    assert_never(expression)


def fixed(expression: model.Expression, *, standing: bool = False) -> bool:
    """Whether no claim changes it; with `standing`, a given class may.

    The judged day counts as fixed only where it is compared: there its effect is a
    change of value on known days.
    """
    match expression:
        case (
            model.InputRef() | model.AmountRef() | model.HoldsIdentity()
            | model.DayRef() | model.InList() | model.YearFigure()
        ):  # fmt: skip
            return False
        case model.StandingRef():
            return standing
        case model.Binary(operator=operator) if operator in COMPARISONS:
            sides = (side for side in parts(expression) if not _has_day(side))
            return all(fixed(side, standing=standing) for side in sides)
        case _:
            return all(fixed(part, standing=standing) for part in parts(expression))


def parameters(expression: model.Expression) -> frozenset[str]:
    """Names of the parameters in it."""
    own = (
        {expression.parameter.name}
        if isinstance(expression, model.ParameterRef)
        else set[str]()
    )
    return frozenset(own).union(*map(parameters, parts(expression)))


def worth(expression: model.Expression, at: At) -> Value:
    """The value; `UnknownError` where a parameter has none on the day."""
    match expression:
        case model.Const():
            return expression.value
        case model.ParameterRef():
            return in_force(expression, at.day)
        case model.StandingRef():
            return at.standing or ""
        case model.DayRef():
            return at.day
        case model.Binary():
            return worth_of_two(expression, at)
        case model.Not():
            return not worth(expression.operand, at)
        case model.InSet():
            return worth(expression.operand, at) in expression.members
        case model.Conditional():
            if worth(expression.condition, at):
                return worth(expression.value, at)
            return Fraction(0)
        case model.Smaller():
            left, right = worth(expression.left, at), worth(expression.right, at)
            return left if COMPARISONS[Operator.NOT_OVER](left, right) else right
        case model.Excess():
            left, right = worth(expression.left, at), worth(expression.right, at)
            assert isinstance(left, Fraction)
            assert isinstance(right, Fraction)
            return max(left - right, Fraction(0))
        case (
            model.InputRef() | model.AmountRef() | model.HoldsIdentity()
            | model.InList() | model.YearFigure()
        ):  # fmt: skip
            raise TypeError("an expression that a claim changes")
    assert_never(expression)


def unknown(expression: model.Expression, day: dt.date) -> bool:
    """Whether a parameter in it has no value on a day."""
    match expression:
        case model.ParameterRef():
            try:
                in_force(expression, day)
            except UnknownError:
                return True
            return False
        case _:
            return any(unknown(part, day) for part in parts(expression))


def worth_of_two(node: model.Binary, at: At) -> Value:
    """Arithmetic, comparison or logic."""
    left = worth(node.left, at)
    match node.operator:
        case Operator.AND:
            return bool(left) and bool(worth(node.right, at))
        case Operator.OR:
            return bool(left) or bool(worth(node.right, at))
        case _:
            right = worth(node.right, at)
    compared = COMPARISONS.get(node.operator)
    if compared is not None:
        return compared(left, right)
    if isinstance(left, dt.date) and isinstance(right, Fraction):
        return shifted(node, left, int(right))
    assert isinstance(left, Fraction)
    assert isinstance(right, Fraction)
    return calculated(node.operator, left, right)


def shifted(node: model.Binary, day: dt.date, count: int) -> dt.date:
    """So many days later or earlier, on the calendar."""
    try:
        days = dt.timedelta(days=count)
        return day + days if node.operator is Operator.ADD else day - days
    except OverflowError:
        refuse("E314", node.span, text=node.span.text)


def calculated(operator: Operator, left: Fraction, right: Fraction) -> Fraction:
    """Exact arithmetic."""
    match operator:
        case Operator.ADD:
            return left + right
        case Operator.SUB:
            return left - right
        case Operator.MUL:
            return left * right
        case Operator.DIV:
            return left / right
        case _:
            raise TypeError(f"{operator} in a checked policy")


def in_force(ref: model.ParameterRef, day: dt.date) -> Value:
    """A parameter's value on a day, or on the last day of the year before."""
    asked = ref.asked(day)
    for dated in ref.parameter.values:
        begun = dated.start is None or dated.start <= asked
        if begun and (dated.end is None or asked <= dated.end):
            return dated.value
    raise UnknownError(ref.parameter.name)


def edges(expression: model.Expression) -> frozenset[dt.date]:
    """Days on which the value may change: each the first of a stretch."""
    match expression:
        case model.ParameterRef():
            found = {d.start for d in expression.parameter.values if d.start}
            found |= {
                d.end + DAY
                for d in expression.parameter.values
                if d.end and d.end < dt.date.max
            }
            return frozenset(expression.counts_from(d) for d in found)
        case model.Binary(left=left, right=right) if _has_day(left) or _has_day(right):
            inside = edges(left) | edges(right)
            against = right if _has_day(left) else left
            stops = _dates(against, inside)
            return inside | stops | {d + DAY for d in stops if d < dt.date.max}
        case _:
            return edges_of_all(parts(expression))


def edges_of_all(expressions: Iterable[model.Expression]) -> frozenset[dt.date]:
    """Days on which one of several values may change."""
    return frozenset[dt.date]().union(*map(edges, expressions))


def _has_day(expression: model.Expression) -> bool:
    return isinstance(expression, model.DayRef)


def _dates(expression: model.Expression, inside: frozenset[dt.date]) -> set[dt.date]:
    """Every date that the other side of a comparison with the judged day takes."""
    if _has_day(expression) or not fixed(expression):
        return set()
    found = set()
    for day in {dt.date.min, *inside}:
        try:
            value = worth(expression, At(day))
        except (UnknownError, OverflowError, ValueError):
            continue
        if isinstance(value, dt.date):
            found.add(value)
    return found


def stretches(
    days: frozenset[dt.date], first: dt.date, last: dt.date | None
) -> tuple[dt.date, ...]:
    """The first days of the stretches between `first` and `last`."""
    inner = {d for d in days if first < d and (last is None or d <= last)}
    return (first, *sorted(inner))


def pieces(
    expression: model.Expression, first: dt.date, last: dt.date | None
) -> tuple[Piece, ...]:
    """The values from `first` to `last`, neighbours different."""

    def joined(found: tuple[Piece, ...], day: dt.date) -> tuple[Piece, ...]:
        try:
            value: Value | None = worth(expression, At(day))
        except UnknownError:
            value = None
        if found and found[-1].value == value:
            return found
        return (*found, Piece(day, value))

    return reduce(joined, stretches(edges(expression), first, last), ())
