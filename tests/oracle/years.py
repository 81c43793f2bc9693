"""When benefit years begin comes in; the year of a day and the days of a year go out.

Written from docs/language.md: a year has the number of the calendar year it begins in.
"""

from __future__ import annotations

import datetime as dt
from typing import Protocol

A_DAY = dt.timedelta(days=1)


class Begin(Protocol):
    """The month and the day on which years begin."""

    @property
    def month(self) -> int:
        """From 1."""
        ...

    @property
    def day(self) -> int:
        """Of the month."""
        ...


def first_day(begin: Begin, year: int) -> dt.date:
    """The day on which a benefit year begins."""
    return dt.date(year, begin.month, begin.day)


def last_day(begin: Begin, year: int) -> dt.date:
    """The day before the next one begins."""
    if year == dt.MAXYEAR:
        return dt.date.max
    return first_day(begin, year + 1) - A_DAY


def year_of(begin: Begin, day: dt.date) -> int:
    """The benefit year that a day is in."""
    begun = (day.month, day.day) >= (begin.month, begin.day)
    return day.year if begun else day.year - 1
