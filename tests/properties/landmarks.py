"""A checked policy comes in; the amounts and days that it names go out."""

from __future__ import annotations

import datetime as dt

from jiugao.policy import model
from tests.oracle.walk import nodes


def amounts_in(policy: model.Policy) -> list[int]:
    """Every amount of money in the rules, in whole fen, at most 30 million."""
    found = set()
    for node in nodes((policy.benefits, policy.shared_limits, policy.parameters)):
        match node:
            case model.Const(kind=model.Kind.MONEY, value=value):
                found.add(int(value))  # type: ignore[arg-type]
            case model.Parameter(kind=model.Kind.MONEY, values=values):
                found.update(int(dated.value) for dated in values)  # type: ignore[arg-type]
    return sorted(amount for amount in found if 0 < amount <= 30_000_000)


def days_in(policy: model.Policy) -> list[dt.date]:
    """Every day on which some rule may change."""
    found = set()
    for node in nodes(
        (policy.benefits, policy.expenses, policy.paid, policy.parameters)
    ):
        match node:
            case model.Const(kind=model.Kind.DATE, value=dt.date() as value):
                found.add(value)
            case model.Dated(start=start, end=end):
                found.update(day for day in (start, end) if day is not None)
    return sorted(found)


def columns_of(expression: model.Expression) -> list[model.Input]:
    """The columns that an expression reads."""
    return [
        node.input for node in nodes(expression) if isinstance(node, model.InputRef)
    ]
