"""What no claim changes, by day: parameters, last year's, dated conditions."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from jiugao.policy import model
from jiugao.program import days
from jiugao.program.lowering import decimal
from jiugao.syntax.tree import Operator
from tests.oracle.hand import SPAN

MONEY, DATE, FLAG = model.Kind.MONEY, model.Kind.DATE, model.Kind.FLAG
TODAY = model.DayRef(DATE, SPAN)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def parameter(*values: tuple[str | None, str | None, object]) -> model.Parameter:
    found = tuple(
        model.Dated(start and day(start), end and day(end), value, None, SPAN)  # type: ignore[arg-type]
        for start, end, value in values
    )
    return model.Parameter("income", MONEY, found, (), None, False, None, SPAN)


def ref(found: model.Parameter, *, last_year: bool = False) -> model.ParameterRef:
    return model.ParameterRef(found.kind, found, SPAN, last_year)


def shown(expression: model.Expression, first: str, last: str | None) -> list[object]:
    found = days.pieces(expression, day(first), last and day(last))  # type: ignore[arg-type]
    return [(str(piece.start), piece.value) for piece in found]


INCOME = parameter(
    ("2021-01-01", "2021-12-31", Fraction(5)),
    ("2022-01-01", "2022-06-30", Fraction(6)),
    ("2022-07-01", "2022-12-31", Fraction(7)),
)


def test_a_parameter_changes_on_its_days() -> None:
    assert shown(ref(INCOME), "2021-06-01", None) == [
        ("2021-06-01", 5),
        ("2022-01-01", 6),
        ("2022-07-01", 7),
        ("2023-01-01", None),
    ]
    assert shown(ref(INCOME), "2022-02-01", "2022-06-30") == [("2022-02-01", 6)]


def test_last_year_is_31_december_before() -> None:
    assert shown(ref(INCOME, last_year=True), "2022-01-01", None) == [
        ("2022-01-01", 5),
        ("2023-01-01", 7),
        ("2024-01-01", None),
    ]


def compared(operator: Operator, other: model.Expression) -> model.Binary:
    return model.Binary(FLAG, operator, TODAY, other, SPAN)


@pytest.mark.parametrize(
    ("operator", "true_from", "true_to"),
    [
        (Operator.BEFORE, "2022-01-01", "2022-03-31"),
        (Operator.NOT_OVER, "2022-01-01", "2022-04-01"),
        (Operator.IS, "2022-04-01", "2022-04-01"),
        (Operator.AT_LEAST, "2022-04-01", "2022-12-31"),
        (Operator.AFTER, "2022-04-02", "2022-12-31"),
    ],
)
def test_a_dated_condition(operator: Operator, true_from: str, true_to: str) -> None:
    condition = compared(operator, model.Const(DATE, day("2022-04-01"), SPAN))
    assert days.fixed(condition)
    found = days.pieces(condition, day("2022-01-01"), day("2022-12-31"))
    for number in range(365):
        now = day("2022-01-01") + number * days.DAY
        value = [piece.value for piece in found if piece.start <= now][-1]
        assert value is (day(true_from) <= now <= day(true_to))


def test_only_the_day_itself_compared_is_fixed() -> None:
    thirty = model.Const(model.Kind.COUNT, Fraction(30), SPAN)
    later = model.Binary(DATE, Operator.ADD, TODAY, thirty, SPAN)
    fixed = model.Const(DATE, day("2022-04-01"), SPAN)
    assert not days.fixed(model.Binary(FLAG, Operator.BEFORE, later, fixed, SPAN))
    month_on = model.Binary(DATE, Operator.ADD, fixed, thirty, SPAN)
    condition = compared(Operator.BEFORE, month_on)
    assert shown(condition, "2022-01-01", None) == [
        ("2022-01-01", True),
        ("2022-05-01", False),
    ]


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(35705), "35705"),
        (Fraction(7, 10), "0.7"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(1, 3), "1/3"),
    ],
)
def test_amounts_in_words(amount: Fraction, text: str) -> None:
    assert decimal(amount) == text
