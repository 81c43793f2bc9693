"""Who holds what on which day, and which applications are accepted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.oracle.years import last_day, year_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jiugao.policy import model
    from tests.oracle.opening import Opening
    from tests.oracle.rules import Rules
    from tests.oracle.shape import Application, Held, Value


@dataclass(frozen=True)
class Accepted:
    """An accepted application with its class and window."""

    day: dt.date
    klass: model.Class
    start: dt.date
    year: int
    end: dt.date  # the last day of the application's year


@dataclass
class Arrived:
    """A row of the claims file in the person's order."""

    settlement: str
    day: dt.date
    columns: dict[str, Value]
    reverses: str | None
    identities: frozenset[str] | None = None  # where the row itself carries them


def labels(rules: Rules, identities: Iterable[str]) -> frozenset[str]:
    """Those of some identities that are held for life (终身)."""
    rows = [k.identities for k in rules.classes if k.lifetime]
    return frozenset(i for i in identities if any(i in row for row in rows))


def conflict(rules: Rules, identities: Iterable[str]) -> bool:
    """Whether there are labels of two 终身 rows among them: no claim can be settled."""
    held = set(identities)
    rows = [k for k in rules.classes if k.lifetime and held.intersection(k.identities)]
    return len(rows) > 1


class Person:
    """Who holds what on which day, and which applications are accepted."""

    def __init__(
        self,
        rules: Rules,
        held: Sequence[Held],
        applications: Sequence[Application],
        openings: Sequence[Opening] = (),
    ) -> None:
        self.rules = rules
        self.held = held
        self.openings = openings
        self.for_life = labels(rules, {h.identity for h in held})
        self._on: dict[dt.date, frozenset[str]] = {}
        self.accepted = self._accept(applications)

    def identities(self, day: dt.date) -> frozenset[str]:
        """The identities held on a day: labels for life, and others where the day is in
        an interval, both ends included."""
        if day not in self._on:
            self._on[day] = self.for_life | frozenset(
                h.identity
                for h in self.held
                if (h.start is None or h.start <= day)
                and (h.end is None or day <= h.end)
            )
        return self._on[day]

    def known(self, day: dt.date) -> bool:
        """Whether every figure that claims in force need has a value on a day."""
        until, end = self.rules.known_until, self.rules.policy.force.end
        if until is None or (end is not None and until >= end):
            return True
        return day <= until

    def in_force(self, day: dt.date) -> bool:
        """Whether claims of a day are paid at all."""
        force = self.rules.policy.force
        return force.claims_from <= day and (force.end is None or day <= force.end)

    def counts(self, benefit: model.Benefit, day: dt.date) -> bool:
        """Whether a claim of a day, before payments begin, counts in a benefit."""
        first = benefit.counted_from
        return first is not None and first <= day < self.rules.policy.force.claims_from

    def counted(self, day: dt.date) -> bool:
        """Whether it counts in any."""
        return any(self.counts(benefit, day) for benefit in self.rules.benefits)

    def _accept(self, applications: Sequence[Application]) -> list[Accepted]:
        accepted: list[Accepted] = []
        for application in sorted(applications, key=lambda a: a.day):
            klass = next(
                (
                    k
                    for k in self.rules.classes
                    if k.on_application and application.identity in k.identities
                ),
                None,
            )
            if klass is None or klass.on_application is None:
                continue
            day, terms = application.day, klass.on_application
            if any(a.klass is klass and a.day == day for a in accepted):
                continue  # the same application told twice
            years = self.rules.policy.years
            year = year_of(years, day)
            again = any(a.klass is klass and a.year == year for a in accepted)
            excepted = not self.identities(day).isdisjoint(klass.excepted)
            if (
                self.in_force(day)
                and self.known(day)
                and not excepted
                and not (terms.once_a_year and again)
            ):
                months = day.year * 12 + day.month - 1 - terms.lookback_months
                start = dt.date(months // 12, months % 12 + 1, 1)
                accepted.append(
                    Accepted(day, klass, start, year, last_day(years, year))
                )
        return accepted

    def standing(
        self, day: dt.date, identities: frozenset[str]
    ) -> tuple[str | None, Accepted | None]:
        """The first class that the person is in on a day, and its application if any."""
        for klass in self.rules.classes:
            if klass.on_application is not None:
                running = [
                    a
                    for a in self.accepted
                    if a.klass is klass and a.day <= day <= a.end
                ]
                if running:
                    return klass.name, running[-1]
            elif not identities.isdisjoint(klass.identities) and identities.isdisjoint(
                klass.excepted
            ):
                return klass.name, None
        return None, None

    def in_some_window(self, day: dt.date) -> bool:
        """Whether an accepted application covers the day."""
        return any(a.start <= day <= a.end for a in self.accepted)
