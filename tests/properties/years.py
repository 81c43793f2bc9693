"""A checked policy and a seed come in; persons with their claims of some years go out.

Everything is drawn from one `random.Random`, so a seed says all. Days crowd around the
policy's own dates and year ends; amounts crowd around its own figures, a fen to each side.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any

from jiugao.policy import model
from tests.oracle import Application, Held
from tests.oracle.years import first_day
from tests.properties.landmarks import amounts_in, columns_of, days_in
from tests.properties.lists import CODES

STANDARD = {"medfee_sumamt", "inscp_scp_amt", "hosp_part_amt"}


@dataclass
class Years:
    """Claims (as the second evaluator takes them), identities and applications."""

    claims: list[dict[str, Any]] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)

    def of(self, people: set[str]) -> Years:
        """The same years of some of the people."""
        return Years(
            [c for c in self.claims if c["psn_no"] in people],
            [h for h in self.held if h.person in people],
            [a for a in self.applications if a.person in people],
        )


class _Drawing:
    """The draws of one file."""

    def __init__(self, policy: model.Policy, seed: int) -> None:
        self.random = random.Random(seed)
        self.policy = policy
        self.figures = amounts_in(policy)
        self.first = policy.force.first
        last = self.first + dt.timedelta(days=2 * 365 + 40)
        self.last = min(last, policy.force.end or last) + dt.timedelta(days=20)
        own = [day for day in days_in(policy) if self.first <= day <= self.last]
        every = range(self.first.year, self.last.year + 1)
        ends = [dt.date(year, 12, 31) for year in every]
        begin = policy.years
        if (begin.month, begin.day) != (1, 1):
            ends += [first_day(begin, year) for year in every]
        self.marks = own + ends + [self.first, self.last]
        self.columns = [i for i in policy.inputs if i.table != "enrolment"]
        self.funds = {i.column for i in policy.fund_columns}
        self.read = {i.column for p in policy.paid for i in columns_of(p.amount)}
        classes = policy.standing.classes if policy.standing else ()
        self.asked = [i for k in classes if k.on_application for i in k.identities]

    # --- days and amounts ---

    def day(self) -> dt.date:
        """A day of the policy's years; a third of them near a day that matters."""
        draw = self.random
        if draw.random() < 0.33:
            return draw.choice(self.marks) + dt.timedelta(
                days=draw.choice((-1, 0, 0, 1))
            )
        return self.first + dt.timedelta(
            days=draw.randrange(-10, (self.last - self.first).days)
        )

    def near(self, day: dt.date) -> dt.date:
        """A day some weeks around another."""
        return day + dt.timedelta(days=self.random.randrange(-60, 61))

    def amount(self, most: int) -> int:
        """An amount in fen up to `most`."""
        draw = self.random
        kind = draw.random()
        if kind < 0.08:
            return 0
        if kind < 0.2:
            return min(most, draw.randrange(1, 12))
        if kind < 0.4 and self.figures:
            figure = draw.choice(self.figures) + draw.choice((-1, 0, 0, 1))
            return max(0, min(most, figure))
        return draw.randrange(most + 1)

    # --- people ---

    def identities(self, person: str) -> list[Held]:
        """Up to four intervals, open at either end or not, some for one day."""
        draw = self.random
        found = []
        for _ in range(draw.choice((0, 1, 1, 2, 2, 2, 3, 4))):
            if not self.policy.identities:
                break
            start = self.day() if draw.random() < 0.5 else None
            end = self.day() if draw.random() < 0.4 else None
            if draw.random() < 0.05:
                end = start
            if start and end and end < start:
                start, end = end, start
            found.append(Held(person, draw.choice(self.policy.identities), start, end))
        return found

    def carry(self, claims: list[dict[str, Any]]) -> None:
        """Identities on the claims: mostly those of the person, sometimes others."""
        draw = self.random
        all_of_them = self.policy.identities
        usual = draw.sample(
            all_of_them, min(len(all_of_them), draw.choice((0, 1, 1, 2)))
        )
        for claim in claims:
            other = draw.sample(
                all_of_them, min(len(all_of_them), draw.choice((0, 1, 2)))
            )
            claim["identities"] = frozenset(usual if draw.random() < 0.7 else other)

    def applications(self, person: str) -> list[Application]:
        """Now and then one, sometimes several."""
        draw = self.random
        if not self.asked or draw.random() < 0.25:
            return []
        count = draw.choice((1, 1, 1, 2, 3))
        return [
            Application(person, self.day(), draw.choice(self.asked))
            for _ in range(count)
        ]

    # --- claims ---

    def claims(self, person: str, count: int) -> list[dict[str, Any]]:
        """One person's claims, some on one day, then reversals of some of them."""
        draw = self.random
        most = draw.choice((120, 5_000, 50_000, 500_000, 3_000_000))
        if self.figures and draw.random() < 0.5:
            most = max(10, 2 * draw.choice(self.figures))
        most = min(most, 30_000_000)
        found: list[dict[str, Any]] = []
        days: list[dt.date] = []
        for number in range(count):
            pace = draw.random()
            if days and pace < 0.15:
                day = draw.choice(days)
            elif days and pace < 0.6:
                day = self.near(draw.choice(days))
            else:
                day = self.day()
            days.append(day)
            found.append(self.claim(person, number, day, most))
        self.reversals(found, person)
        return found

    def claim(
        self, person: str, number: int, day: dt.date, most: int
    ) -> dict[str, Any]:
        """An ordinary claim."""
        draw = self.random
        time = dt.time(
            draw.choice((0, 8, 8, 23)), draw.choice((0, 30)), draw.choice((0, 59))
        )
        claim: dict[str, Any] = {
            "psn_no": person,
            "setl_id": f"{draw.choice('aZ19')}{draw.randrange(100)}{person}-{number}",
            "init_setl_id": None,
        }
        scope = self.amount(most)
        out_of_scope = 0 if draw.random() < 0.5 else self.amount(most // 3)
        paid = 0
        for column in self.columns:
            claim[column.column] = self.value(column, scope, most)
            if column.column in self.funds and claim[column.column]:
                paid += claim[column.column]
        claim["inscp_scp_amt"] = scope
        claim["medfee_sumamt"] = max(scope + out_of_scope, paid)
        if draw.random() < 0.05:  # a bill that others have nearly covered
            claim["medfee_sumamt"] = max(paid, scope * draw.randrange(4) // 4)
        if draw.random() < 0.95:
            claim["hosp_part_amt"] = 0
        claim[self.policy.year_by.column] = dt.datetime.combine(day, time)
        return claim

    def value(self, column: model.Input, scope: int, most: int) -> object:
        """A value for a column."""
        draw = self.random
        if not column.required and draw.random() < 0.1:
            return None
        match column.kind:
            case model.Kind.MONEY if column.column in self.funds:
                often = 0.5 if column.column in self.read else 0.06
                if draw.random() > often:
                    return 0
                share = draw.choice((10, 30, 50, 50, 70, 100))
                return scope * share // 100 + (draw.random() < 0.02) * 7
            case model.Kind.MONEY:
                return self.amount(most if draw.random() < 0.3 else max(1, scope))
            case model.Kind.FLAG:
                return draw.random() < 0.6
            case model.Kind.CODE:
                return draw.choice(list(column.codes))
            case model.Kind.DATE:
                return self.day()
            case model.Kind.COUNT:
                return draw.randrange(5)
            case model.Kind.TEXT:
                return draw.choice(CODES)
            case _:
                return "x"

    def reversals(self, found: list[dict[str, Any]], person: str) -> None:
        """Reversals of some claims; a few name nothing, or come too early or twice."""
        draw = self.random
        day_column = self.policy.year_by.column
        for number, original in enumerate(list(found)):
            if draw.random() > 0.08:
                continue
            for again in range(1 if draw.random() < 0.9 else 2):
                time = original[day_column] + dt.timedelta(
                    days=draw.choice((0, 0, 1, 5, 40, 200, 300)),
                    seconds=draw.randrange(2),
                )
                if draw.random() < 0.05:
                    time -= dt.timedelta(days=20)
                row = {
                    key: 0 if isinstance(v, int) else v for key, v in original.items()
                }
                row |= {
                    "setl_id": f"{draw.choice('aZ19')}r{person}-{number}-{again}",
                    "init_setl_id": original["setl_id"]
                    if draw.random() < 0.97
                    else "no such",
                    day_column: time,
                }
                found.append(row)


def draw_years(policy: model.Policy, seed: int, claims: int, each: int = 12) -> Years:
    """About `claims` claims, `each` of a person on average, in the order a run asks for.

    In one file of five the claims themselves carry the identities (`identities`).
    """
    drawing = _Drawing(policy, seed)
    years = Years()
    number = 0
    while len(years.claims) < claims:
        number += 1
        person = f"p{number:05}"
        own = drawing.claims(person, 1 + drawing.random.randrange(2 * each - 1))
        if seed % 5 == 0:
            drawing.carry(own)
        else:
            years.held.extend(drawing.identities(person))
        years.claims.extend(in_order(policy, own))
        years.applications.extend(drawing.applications(person))
    return years


def in_order(
    policy: model.Policy, claims: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """One person's claims by (full time, settlement id as bytes)."""
    column = policy.year_by.column
    return sorted(claims, key=lambda claim: (claim[column], claim["setl_id"].encode()))
