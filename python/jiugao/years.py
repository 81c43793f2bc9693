"""A day comes in, its benefit year goes out: years begin on one day of the calendar.

The number of a benefit year is that of the calendar year in which it begins. That day is
never 29 February, which most years do not have.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Years:
    """Years that begin on a day of a month."""

    month: int = 1
    day: int = 1

    @property
    def calendar(self) -> bool:
        """Whether they are calendar years."""
        return (self.month, self.day) == (1, 1)

    def of(self, day: dt.date) -> int:
        """The benefit year of a day."""
        return day.year - ((day.month, day.day) < (self.month, self.day))

    def first(self, year: int) -> dt.date:
        """The first day of a benefit year, as far as the calendar has days."""
        if year < dt.MINYEAR:
            return dt.date.min
        if year > dt.MAXYEAR:
            return dt.date.max
        return dt.date(year, self.month, self.day)

    def last(self, year: int) -> dt.date:
        """Its last day, as far as the calendar has days."""
        if year >= dt.MAXYEAR:
            return dt.date.max
        return self.first(year + 1) - ONE_DAY

    def begins(self, year: int) -> dt.date | None:
        """Its first day for people to read; calendar years need not say it."""
        return None if self.calendar else self.first(year)

    def before(self, day: dt.date) -> dt.date:
        """The last day of the benefit year before that of a day."""
        first = self.first(self.of(day))
        return first if first == dt.date.min else first - ONE_DAY

    def sql(self, day: str) -> str:
        """SQL of the benefit year of a day."""
        if self.calendar:
            return f"year({day})"
        begun = self.month * 100 + self.day
        return f"(year({day}) - (month({day}) * 100 + day({day}) < {begun})::INT)"


CALENDAR = Years()
