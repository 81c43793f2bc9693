"""Figures of a year come in; amounts of funds and indicators go out, exact.

Amounts are fractions, money in fen. What is not known is an error that names it, never a
nought.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from jiugao.program.dates import number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jiugao.program.body import Node, Parameter, Program

Value = Fraction | bool | dt.date
BEFORE = "_before"
FIGURES = frozenset({"row", "bearer", "benefit", "total"})
Key = tuple[str, str]  # sort of figure and name


class UnknownFigureError(Exception):
    """A figure that has no value: `sort` is parameter, last_year or nothing."""

    def __init__(
        self, sort: str, name: str, parameter: Parameter | None = None
    ) -> None:
        self.sort, self.name, self.parameter = sort, name, parameter
        super().__init__(f"{sort}: {name}")


class DividedByNothingError(Exception):
    """A ratio without a denominator."""


@dataclass
class Figures:
    """What amounts are made of: `now` and `before` (the year before), and parameters.

    `day`: whose dated figures are read. `before` is None where that year is not known.
    """

    program: Program
    day: dt.date
    now: dict[Key, Fraction] = field(default_factory=dict)
    before: Mapping[Key, Fraction] | None = None

    def of(self, sort: str, name: str) -> Fraction:
        """A figure of the year; nothing was counted where there is none."""
        return self.now.get((sort, name), Fraction(0))

    def of_before(self, sort: str, name: str) -> Fraction:
        """A figure of the year before."""
        if self.before is None:
            raise UnknownFigureError("last_year", name)
        return self.before.get((sort, name), Fraction(0))

    def parameter(self, position: int, *, last_year: bool) -> Value:
        """A dated figure on the day, or on the last day of the benefit year before."""
        found = self.program.parameters[position]
        day = self.program.years.before(self.day) if last_year else self.day
        asked = number(day)
        for dated in found.values:
            begun = dated.start is None or dated.start <= asked
            if begun and (dated.end is None or asked <= dated.end):
                return read(found.kind, dated.value)
        raise UnknownFigureError("parameter", found.name, found)


def read(kind: str, text: str) -> Value:
    """A parameter's value from its words; money becomes fen."""
    match kind:
        case "money":
            return Fraction(text) * 100
        case "date":
            return dt.date.fromisoformat(text)
        case "flag":
            return text == "true"
        case _:
            return Fraction(text)


def constant(text: str) -> Value:
    """A constant of a node."""
    if text in ("true", "false"):
        return text == "true"
    if text.count("-") == 2:  # noqa: PLR2004  a day
        return dt.date.fromisoformat(text)
    return Fraction(text)


def amount(node: Node, figures: Figures) -> Fraction:
    """The value of a node that is a number."""
    found = value(node, figures)
    assert isinstance(found, Fraction)
    return found


def value(node: Node, figures: Figures) -> Value:
    """The value of a node."""
    op = node.op
    if op == "const":
        return constant(node.value)
    if op in ("parameter", "parameter_before"):
        return figures.parameter(int(node.value), last_year=op.endswith(BEFORE))
    if op.removesuffix(BEFORE) in FIGURES:
        if op.endswith(BEFORE):
            return figures.of_before(op.removesuffix(BEFORE), node.value)
        return figures.of(op, node.value)
    if op == "when":
        held = value(node.args[1], figures)
        return value(node.args[0], figures) if held else Fraction(0)
    return worked(op, [value(part, figures) for part in node.args])


def worked(op: str, parts: Sequence[Value]) -> Value:
    """An operator on values."""
    match op, parts:
        case "not", [one]:
            return not one
        case "and", [left, right]:
            return bool(left) and bool(right)
        case "or", [left, right]:
            return bool(left) or bool(right)
        case "is", [left, right]:
            return left == right
        case "over" | "not_over" | "at_least" | "below", [left, right]:
            return compared(op, left, right)
        case _, [Fraction() as left, Fraction() as right]:
            return calculated(op, left, right)
        case _:
            raise TypeError(f"no operator {op}")


def compared(op: str, left: Value, right: Value) -> bool:
    """An order between two values of one kind."""
    if isinstance(left, dt.date) and isinstance(right, dt.date):
        left, right = Fraction(left.toordinal()), Fraction(right.toordinal())
    assert isinstance(left, Fraction)
    assert isinstance(right, Fraction)
    return {
        "over": left > right,
        "not_over": left <= right,
        "at_least": left >= right,
        "below": left < right,
    }[op]


def calculated(op: str, left: Fraction, right: Fraction) -> Fraction:
    """Exact arithmetic."""
    match op:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "at_most":
            return min(left, right)
        case "in_excess_of":
            return max(Fraction(0), left - right)
        case "/":
            if right == 0:
                raise DividedByNothingError
            return left / right
        case _:
            raise TypeError(f"no operator {op}")


def to_the_fen(exact: Fraction) -> int:
    """Half up, away from nothing."""
    whole = int(abs(exact) + Fraction(1, 2))
    return whole if exact >= 0 else -whole
