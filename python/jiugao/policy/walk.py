"""An expression or a figure comes in; what it names comes out."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, assert_never

from jiugao.policy import fund_model, model
from jiugao.source import Span
from jiugao.syntax.tree import Period

if TYPE_CHECKING:
    from collections.abc import Iterator


def parts(expression: model.Expression) -> Iterator[model.Expression]:
    """The expression and everything inside it."""
    yield expression
    match expression:
        case model.Binary() | model.Smaller() | model.Excess():
            yield from parts(expression.left)
            yield from parts(expression.right)
        case model.Not() | model.InSet() | model.InList():
            yield from parts(expression.operand)
        case model.Conditional():
            yield from parts(expression.value)
            yield from parts(expression.condition)
        case (
            model.Const() | model.InputRef() | model.ParameterRef()
            | model.AmountRef() | model.StandingRef() | model.HoldsIdentity()
            | model.DayRef() | model.YearFigure()
        ):  # fmt: skip
            pass
        case _:
            assert_never(expression)


def amounts_in(expression: model.Expression) -> Iterator[model.AmountRef]:
    """Expenses, payments and benefits named."""
    return (p for p in parts(expression) if isinstance(p, model.AmountRef))


def benefits_in(expression: model.Expression) -> Iterator[str]:
    """Benefits named."""
    for part in parts(expression):
        match part:
            case model.AmountRef(of="benefit", name=name):
                yield name
            case _:
                pass


def inputs_in(expression: model.Expression) -> Iterator[model.Input]:
    """Columns named."""
    return (p.input for p in parts(expression) if isinstance(p, model.InputRef))


def parameters_in(expression: model.Expression) -> Iterator[model.ParameterRef]:
    """Dated figures named."""
    return (p for p in parts(expression) if isinstance(p, model.ParameterRef))


def lists_in(expression: model.Expression) -> Iterator[model.CodeList]:
    """Lists from files named."""
    return (p.listed for p in parts(expression) if isinstance(p, model.InList))


def value_expressions(value: model.Value) -> Iterator[model.Expression]:
    """The amounts and rates of one leaf."""
    match value:
        case model.Deductible(amount=amount):
            if amount is not None:
                yield amount
        case model.Gate(amount=amount) | model.Fixed(amount=amount):
            yield amount
        case model.PartRates(rates=rates):
            yield from (one.rate for one in rates)
        case model.Rates(bands=bands):
            for band in bands:
                yield band.lower
                if band.upper is not None:
                    yield band.upper
                yield band.rate
        case tuple():
            yield from (limit.amount for limit in value if limit.amount is not None)
        case _:
            assert_never(value)


def figure_expressions(figure: model.Figure) -> Iterator[model.Expression]:
    """Subjects of the tables and everything in the leaves."""
    match figure:
        case model.Table(subject=subject, arms=arms):
            yield subject
            for arm in arms:
                yield from figure_expressions(arm.body)
        case model.Leaf(value=value):
            yield from value_expressions(value)
        case model.NotEntitled():
            pass
        case _:
            assert_never(figure)


def leaves(figure: model.Figure) -> Iterator[model.Leaf]:
    """The leaves of a figure."""
    match figure:
        case model.Table(arms=arms):
            for arm in arms:
                yield from leaves(arm.body)
        case model.Leaf():
            yield figure
        case model.NotEntitled():
            pass
        case _:
            assert_never(figure)


def counted_over(value: model.Value) -> Period | None:
    """The period of whose base it matters how much there is; none: of none."""
    match value:
        case model.Deductible(amount=amount, period=period) if amount is not None:
            return period
        case model.Rates(bands=(_, _, *_), by=period):
            return period
        case _:
            return None


def figures_of(benefit: model.Benefit) -> tuple[model.Figure, ...]:
    """Every figure of a benefit."""
    gate = (benefit.gate,) if benefit.gate is not None else ()
    return (benefit.deductible, *gate, benefit.rates, benefit.limits)


def benefit_expressions(benefit: model.Benefit) -> Iterator[model.Expression]:
    """Everything a benefit reads."""
    if benefit.applies is not None:
        yield benefit.applies
    for part in benefit.bases:
        yield from (bound for bound in (part.cap, part.floor) if bound is not None)
    for figure in figures_of(benefit):
        yield from figure_expressions(figure)


def payee_expressions(benefit: model.Benefit) -> Iterator[model.Expression]:
    """What says to whom a benefit is paid, and by when."""
    for payee in benefit.payees:
        if payee.condition is not None:
            yield payee.condition
    for due in benefit.due:
        yield due.day
        if due.condition is not None:
            yield due.condition


def policy_expressions(policy: model.Policy) -> Iterator[model.Expression]:
    """Everything that some live rule of the policy reads."""
    yield from (e.amount for e in policy.expenses)
    yield from (p.amount for p in policy.paid)
    yield from (limit.amount for limit in policy.shared_limits)
    for benefit in policy.benefits:
        yield from benefit_expressions(benefit)
        yield from payee_expressions(benefit)
    for subsidy in policy.subsidies:
        yield subsidy.base
        if subsidy.applies is not None:
            yield subsidy.applies
        for one in subsidy.alternatives:
            yield from (e for e in (one.rate, one.fixed) if e is not None)
    for warning in policy.warnings:
        yield warning.amount
        thresholds = (*warning.targets.by_class.values(), warning.targets.others)
        yield from (t.amount for t in thresholds if t is not None and t.amount)
    yield from row_expressions(policy)


def row_expressions(policy: model.Policy) -> Iterator[model.Expression]:
    """What indicators and funds read of single rows: totals, subjects, who is counted."""
    for indicator in policy.indicators:
        yield from (total.value for total in indicator.totals)
        if indicator.subject is not None:
            yield indicator.subject
    for fund in policy.funds:
        for row in fund.rows:
            if isinstance(row, fund_model.Headcount) and row.condition is not None:
                yield row.condition


def equal(first: object, second: object) -> bool:
    """Whether two expressions say the same, wherever they stand."""
    if isinstance(first, Span):
        return True
    if is_dataclass(first) and type(first) is type(second):
        names = [f.name for f in fields(first)]
        return all(equal(getattr(first, n), getattr(second, n)) for n in names)
    return first == second
