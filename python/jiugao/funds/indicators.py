"""Totals of groups come in; indicators held against their targets go out, exact."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from jiugao.funds.amounts import (
    DividedByNothingError,
    Figures,
    UnknownFigureError,
    amount,
    compared,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jiugao.funds.folders import Group, Totals
    from jiugao.program.body import Aim, Indicator, Program
    from jiugao.years import Years

ENROLMENT = "enrolment"


class State(StrEnum):
    """How a group stands to its target."""

    MET = "met"
    MISSED = "missed"
    PENDING = "pending"  # no target is known
    NOT_WATCHED = "not_watched"
    NO_VALUE = "no_value"  # nothing to divide by, or no year before


@dataclass(frozen=True)
class Reading:
    """One indicator in one group. Money is in fen."""

    indicator: Indicator
    group: Group
    value: Fraction | None
    operator: str
    target: Fraction | None
    state: State


def readings(
    program: Program,
    indicator: Indicator,
    now: Totals,
    before: Mapping[Group, dict[str, Fraction]],
) -> Iterator[Reading]:
    """Every group's value against its target; `before` brings groups of other years."""
    years = {group.year for group in before} | {group.year for group in now}
    for group, totals in now.items():
        earlier = None
        if group.year - 1 in years:
            past = group.before()
            found = now.get(past) or before.get(past) or {}
            earlier = {("total", name): exact for name, exact in found.items()}
        figures = Figures(
            program,
            last_of(group.period, program.years),
            {("total", name): exact for name, exact in totals.items()},
            earlier,
        )
        yield reading(indicator, group, figures)


def last_of(period: str, years: Years) -> dt.date:
    """The last day of a benefit year or of a month."""
    if not period[5:]:
        return years.last(int(period))
    year, month = int(period[:4]), int(period[5:])
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def reading(indicator: Indicator, group: Group, figures: Figures) -> Reading:
    """One group."""
    aim = aim_of(indicator, group.subject)
    operator = aim.operator if aim else ""
    try:
        exact = amount(indicator.value, figures)
    except (DividedByNothingError, UnknownFigureError):
        return Reading(indicator, group, None, operator, None, State.NO_VALUE)
    if aim is None or (aim.amount is None and not aim.pending):
        return Reading(indicator, group, exact, operator, None, State.NOT_WATCHED)
    if aim.amount is None:
        return Reading(indicator, group, exact, "", None, State.PENDING)
    try:
        target = amount(aim.amount, figures)
    except UnknownFigureError:
        return Reading(indicator, group, exact, operator, None, State.PENDING)
    met = State.MET if compared(operator, exact, target) else State.MISSED
    return Reading(indicator, group, exact, operator, target, met)


def aim_of(indicator: Indicator, subject: str) -> Aim | None:
    """The aim of a code, or the one for all the rest."""
    for aim in indicator.aims:
        if subject in aim.keys:
            return aim
    return next((aim for aim in indicator.aims if aim.others), None)
