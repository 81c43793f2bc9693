"""Days as a program counts them: since 1970-01-01."""

from __future__ import annotations

import datetime as dt

EPOCH = dt.date(1970, 1, 1)


def number(day: dt.date) -> int:
    """A day's number."""
    return (day - EPOCH).days


def date(number: int) -> dt.date:
    """The day of a number."""
    return EPOCH + dt.timedelta(days=number)
