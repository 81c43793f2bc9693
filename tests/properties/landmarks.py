"""A checked policy comes in; the amounts and days that it names go out."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

from jiugao.policy import model

if TYPE_CHECKING:
    from collections.abc import Iterator


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


def nodes(root: object) -> Iterator[object]:
    """All parts of a policy, at any depth."""
    if isinstance(root, tuple | list):
        for part in root:
            yield from nodes(part)
    elif isinstance(root, model.Input | model.Cited) or not dataclasses.is_dataclass(
        root
    ):
        return
    elif type(root).__module__ == model.__name__:
        yield root
        for one in dataclasses.fields(root):
            yield from nodes(getattr(root, one.name))
