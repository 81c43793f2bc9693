"""A part of a checked policy comes in; everything inside it goes out, one by one."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

from jiugao.policy import model
from tests.oracle.years import last_day, year_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def nodes(root: object) -> Iterator[object]:
    """All parts of a part, at any depth; inputs and citations are not entered."""
    if isinstance(root, tuple | list):
        for part in root:
            yield from nodes(part)
    elif isinstance(root, model.Input | model.Cited) or not dataclasses.is_dataclass(
        root
    ):
        return
    elif type(root).__module__.startswith(model.__name__):
        yield root
        for one in dataclasses.fields(root):
            yield from nodes(getattr(root, one.name))


def by_day(*rules: object) -> bool:
    """Whether anything that the rules read depends on the day."""
    return any(
        isinstance(node, model.DayRef)
        or (isinstance(node, model.ParameterRef) and not constant(node.parameter))
        for node in nodes(rules)
    )


def constant(parameter: model.Parameter) -> bool:
    """Whether a parameter has one value for all days."""
    first = parameter.values[0]
    return len(parameter.values) == 1 and first.start is first.end is None


def known_until(*rules: object) -> dt.date | None:
    """The last day for which every parameter that the rules read has a value."""
    ends = []
    for node in nodes(rules):
        if isinstance(node, model.ParameterRef):
            end = node.parameter.values[-1].end
            if end is not None and node.last_year:
                year = year_of(node.years, end)
                whole = end == last_day(node.years, year)
                end = last_day(node.years, year + (1 if whole else 0))
            if end is not None:
                ends.append(end)
    return min(ends, default=None)
