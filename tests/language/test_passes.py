"""Single passes of the checker on nodes, where a whole policy would show too little."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from itertools import product

import pytest

from jiugao.policy import model
from jiugao.policy.conditions import Fact, alternatives, both, possible
from jiugao.policy.fold import folded, known
from jiugao.policy.parameters import parse_setting
from jiugao.policy.regimes import change_days, value_on
from jiugao.source import Source, Span
from jiugao.syntax.tree import Operator

HERE = Span(Source("-", ""), 0, 0)
FLAG, MONEY = model.Kind.FLAG, model.Kind.MONEY
LEVEL = model.Input("级别", "level", model.Kind.CODE, "claims", True, None)
SERIOUS = model.Input("重病", "serious", FLAG, "claims", True, None)
OPEN = model.InputRef(FLAG, SERIOUS, HERE)


def const(value: bool | Fraction | dt.date, kind: model.Kind = FLAG) -> model.Const:
    return model.Const(kind, value, HERE)


def money(fen: int) -> model.Const:
    return const(Fraction(fen), MONEY)


def join(
    operator: Operator,
    left: model.Expression,
    right: model.Expression,
    kind: model.Kind = FLAG,
) -> model.Binary:
    return model.Binary(kind, operator, left, right, HERE)


def level(*codes: str) -> model.InSet:
    subject = model.InputRef(model.Kind.CODE, LEVEL, HERE)
    return model.InSet(FLAG, subject, frozenset(codes), HERE)


def day(operator: Operator, *date: int) -> model.Binary:
    ref = model.DayRef(model.Kind.DATE, HERE)
    return join(operator, ref, const(dt.date(*date), model.Kind.DATE))


def can_hold(*conditions: model.Expression) -> bool:
    ways: list[tuple[Fact, ...]] = [()]
    for condition in conditions:
        ways = both(ways, alternatives(condition))
    return bool(ways)


@pytest.mark.parametrize("sides", list(product((True, False, None), repeat=2)))
def test_folding_decides_what_can_be_decided(
    sides: tuple[bool | None, bool | None],
) -> None:
    left, right = (OPEN if side is None else const(side) for side in sides)
    no = [s for s in sides if s is False]
    yes = [s for s in sides if s is True]
    both_sides = folded(join(Operator.AND, left, right))
    either = folded(join(Operator.OR, left, right))
    assert known(both_sides) is (False if no else True if len(yes) == 2 else None)
    assert known(either) is (True if yes else False if len(no) == 2 else None)
    if None in sides and not no:
        assert (both_sides == OPEN) == bool(yes)
    if None in sides and not yes:
        assert (either == OPEN) == bool(no)


def test_folding_leaves_amounts_but_not_zeros() -> None:
    given, nothing = money(5), money(0)
    assert folded(join(Operator.ADD, given, nothing, MONEY)) == given
    assert folded(join(Operator.ADD, nothing, given, MONEY)) == given
    assert folded(join(Operator.SUB, given, nothing, MONEY)) == given
    whole = join(Operator.ADD, given, money(1), MONEY)
    assert folded(whole) == whole
    taken = join(Operator.SUB, nothing, given, MONEY)
    assert folded(taken) == taken
    assert folded(join(Operator.SUB, given, money(1), MONEY)) != given


def test_folding_conditionals_and_negations() -> None:
    value = money(5)
    never = model.Conditional(MONEY, value, model.Not(FLAG, const(True), HERE), HERE)
    always = model.Conditional(MONEY, value, model.Not(FLAG, const(False), HERE), HERE)
    open_one = model.Conditional(MONEY, value, OPEN, HERE)
    assert folded(never) == money(0)
    assert folded(always) == value
    assert folded(open_one) == open_one


def test_benefits_left_out_pay_nothing() -> None:
    ref = model.AmountRef(MONEY, "benefit", "救助", HERE)
    given = model.AmountRef(MONEY, "paid", "救助", HERE)
    assert folded(ref, frozenset({"救助"})) == money(0)
    assert folded(ref, frozenset({"再救助"})) == ref
    assert folded(given, frozenset({"救助"})) == given
    smaller = model.Smaller(MONEY, ref, money(3), HERE)
    gone = folded(smaller, frozenset({"救助"}))
    assert isinstance(gone, model.Smaller)
    assert gone.left == money(0)


@pytest.mark.parametrize(
    ("conditions", "possible_together"),
    [
        ((level("1"), level("1", "2")), True),
        ((level("1"), level("2")), False),
        ((level("1", "2"), level("2", "3"), level("3", "1")), False),
        ((level("1", "2"), level("2", "3"), level("2")), True),
        ((level("1"), model.Not(FLAG, level("1"), HERE)), False),
        ((model.Not(FLAG, level("1"), HERE), level("1", "2")), True),
        ((model.Not(FLAG, level("1"), HERE), model.Not(FLAG, level("2"), HERE)), True),
        ((OPEN, model.Not(FLAG, OPEN, HERE)), False),
        ((join(Operator.OR, level("1"), level("2")), level("2")), True),
        ((join(Operator.OR, level("1"), level("2")), level("3")), False),
        ((model.Not(FLAG, join(Operator.OR, level("1"), OPEN), HERE), OPEN), False),
        ((model.Not(FLAG, join(Operator.AND, level("1"), OPEN), HERE), OPEN), True),
        ((day(Operator.BEFORE, 2024, 1, 1), day(Operator.AFTER, 2023, 12, 31)), False),
        ((day(Operator.BEFORE, 2024, 1, 1), day(Operator.AFTER, 2023, 12, 30)), True),
        (
            (
                model.Not(FLAG, day(Operator.BEFORE, 2024, 1, 1), HERE),
                model.Not(FLAG, day(Operator.AFTER, 2024, 1, 1), HERE),
            ),
            True,
        ),
        (
            (
                model.Not(FLAG, day(Operator.BEFORE, 2024, 1, 2), HERE),
                model.Not(FLAG, day(Operator.AFTER, 2024, 1, 1), HERE),
            ),
            False,
        ),
        ((const(False), OPEN), False),
    ],
)
def test_conditions_together(
    conditions: tuple[model.Expression, ...], possible_together: bool
) -> None:
    assert can_hold(*conditions) == possible_together
    assert can_hold(*reversed(conditions)) == possible_together


def test_three_facts_of_one_subject() -> None:
    one, two = Fact("x", frozenset("ab")), Fact("x", frozenset("bc"))
    assert possible((one, two))
    assert not possible((one, two, Fact("x", frozenset("ac"))))
    assert not possible((one, two, Fact("x", None, frozenset("b"))))
    assert possible((one, Fact("y", frozenset("c")), two))


def dated(*values: tuple[int, int]) -> model.Parameter:
    """A figure of each year."""
    rows = tuple(
        model.Dated(
            dt.date(year, 1, 1), dt.date(year, 12, 31), Fraction(fen), None, HERE
        )
        for year, fen in values
    )
    return model.Parameter("收入", MONEY, rows, (), None, False, None, HERE)


FORCE = model.Force(dt.date(2023, 3, 1), None, dt.date(2023, 3, 1), (), HERE)


def test_last_year_reads_the_last_day_of_the_year_before() -> None:
    income = dated((2021, 1), (2022, 2), (2023, 3))
    now = model.ParameterRef(MONEY, income, HERE)
    before = model.ParameterRef(MONEY, income, HERE, last_year=True)
    for date in (dt.date(2023, 1, 1), dt.date(2023, 12, 31)):
        assert value_on(now, date) == 3
        assert value_on(before, date) == 2
    assert value_on(now, dt.date(2024, 1, 1)) is None
    assert value_on(before, dt.date(2024, 1, 1)) == 3


def test_last_day_before_decides_not_the_day_after_nor_the_month_before() -> None:
    late = model.Dated(
        dt.date(2022, 12, 31), dt.date(2022, 12, 31), Fraction(7), None, HERE
    )
    one = model.Parameter("收入", MONEY, (late,), (), None, False, None, HERE)
    ref = model.ParameterRef(MONEY, one, HERE, last_year=True)
    assert value_on(ref, dt.date(2023, 5, 5)) == 7


def test_days_of_change_within_the_force() -> None:
    income = dated((2022, 2), (2023, 3), (2024, 4))
    now = model.ParameterRef(MONEY, income, HERE)
    before = model.ParameterRef(MONEY, income, HERE, last_year=True)
    first = dt.date(2023, 3, 1)
    assert change_days([now], FORCE) == (
        first, dt.date(2024, 1, 1), dt.date(2025, 1, 1),
    )  # fmt: skip
    assert change_days([before], FORCE) == (
        first, dt.date(2024, 1, 1), dt.date(2025, 1, 1), dt.date(2026, 1, 1),
    )  # fmt: skip
    ending = model.Force(first, dt.date(2024, 1, 1), first, (), HERE)
    assert change_days([now], ending) == (first, dt.date(2024, 1, 1))


def test_amounts_on_a_day() -> None:
    at = dt.date(2023, 1, 1)
    assert value_on(model.Smaller(MONEY, money(3), money(5), HERE), at) == 3
    assert value_on(model.Smaller(MONEY, money(5), OPEN, HERE), at) is None
    assert value_on(model.Smaller(MONEY, OPEN, money(5), HERE), at) is None
    assert value_on(join(Operator.ADD, money(5), money(3), MONEY), at) == 8
    assert value_on(join(Operator.SUB, money(5), money(3), MONEY), at) == 2
    assert value_on(join(Operator.MUL, money(5), money(3), MONEY), at) == 15


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("3", model.Kind.COUNT, 3),
        ("3元", model.Kind.COUNT, None),
        ("3", MONEY, 300),
        ("3元", MONEY, 300),
        ("3%", MONEY, None),
        ("3", model.Kind.RATE, None),
        ("3%", model.Kind.RATE, Fraction(3, 100)),
    ],
)
def test_a_value_is_set_in_the_unit_of_its_kind(
    text: str, kind: model.Kind, value: Fraction | None
) -> None:
    assert parse_setting(text, kind) == value


def test_too_many_alternatives_say_nothing() -> None:
    many = [(Fact("standing", frozenset({f"{n}"})),) for n in range(400)]
    assert both(many, many) == [()]
    assert both(many[:2], many[:2]) == many[:2]


def test_alternatives_are_told_apart_up_to_a_number() -> None:
    """Of 256 ways those that cannot be are left out; of more nothing is said."""

    def ways(count: int, name: str) -> list[tuple[Fact, ...]]:
        return [(Fact(f"{name} {n}", frozenset((True,))),) for n in range(count)]

    assert len(both(ways(16, "a"), ways(16, "b"))) == 256
    assert both(ways(257, "a"), ways(1, "b")) == [()]
