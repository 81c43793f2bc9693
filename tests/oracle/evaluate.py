"""A checked policy, claims, identities and applications in; rows and years out."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

from tests.oracle.closing import close
from tests.oracle.person import Accepted, Arrived, Person, conflict, labels
from tests.oracle.rules import Rules
from tests.oracle.shape import (
    Application,
    Claim,
    Held,
    Number,
    Paying,
    Result,
    Row,
    YearRow,
)
from tests.oracle.watched import warnings
from tests.oracle.world import Settled, World
from tests.oracle.years import year_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jiugao.policy import model
    from tests.oracle.opening import Opening


def evaluate(
    policy: model.Policy,
    claims: Sequence[Claim],
    identities: Iterable[Held] = (),
    applications: Iterable[Application] = (),
    openings: Iterable[Opening] = (),
    *,
    close_year: bool = False,
) -> Result:
    """Settle claims by the meaning of the language.

    A claim has `psn_no`, `setl_id`, `init_setl_id` (empty for an ordinary claim), the
    policy's columns by name (money in fen, flags as bool, codes as text, None: missing)
    and the day column as a date or a time. `identities` on a claim, a set of identity
    names, stands for the people table. `openings`: what a person's years begin with. Rows
    come out by person in order of first appearance, in order of (time, settlement id bytes)
    within a person.
    """
    rules = Rules(policy)
    by_person: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_person[str(claim["psn_no"])].append(claim)
    held: dict[str, list[Held]] = defaultdict(list)
    for interval in identities:
        held[interval.person].append(interval)
    asked: dict[str, list[Application]] = defaultdict(list)
    for application in applications:
        asked[application.person].append(application)
    begun: dict[str, list[Opening]] = defaultdict(list)
    for opening in openings:
        begun[opening.person].append(opening)
    result = Result([], [])
    for name in dict.fromkeys((*by_person, *begun)):
        own = by_person[name]
        person = Person(rules, held[name], asked[name], begun[name])
        rows, years = of_person(person, name, own, close_year=close_year)
        result.rows.extend(rows)
        result.years.extend(years)
    return result


def of_person(
    person: Person, name: str, claims: Sequence[Claim], *, close_year: bool
) -> tuple[list[Row], list[YearRow]]:
    """All rows and years of one person."""
    told = _Telling(person, name)
    rows = in_order(person.rules.policy, claims)
    held = {h.identity for h in person.held}.union(*(r.identities or () for r in rows))
    if conflict(person.rules, held):
        why = "labels of two rows for life"
        return [Row(name, r.settlement, "rejected", reason=why) for r in rows], []
    carried = labels(person.rules, held)
    for arrived in rows:
        if arrived.identities is not None:
            arrived.identities |= carried
        if arrived.reverses:
            told.reverse(arrived)
        else:
            told.settle(arrived)
    return told.rows, told.years(close_year=close_year)


def in_order(policy: model.Policy, claims: Sequence[Claim]) -> list[Arrived]:
    """The claims by (full time, settlement id as bytes)."""
    found = []
    for claim in claims:
        at = claim[policy.year_by.column]
        assert isinstance(at, dt.date)
        time = at if isinstance(at, dt.datetime) else dt.datetime.combine(at, dt.time())
        settlement = str(claim["setl_id"])
        arrived = Arrived(
            settlement,
            time.date(),
            {**claim, policy.year_by.column: time.date()},
            str(claim["init_setl_id"]) if claim.get("init_setl_id") else None,
            claim.get("identities"),  # type: ignore[arg-type]
        )
        found.append(((time, settlement.encode()), arrived))
    found.sort(key=lambda pair: pair[0])
    return [arrived for _, arrived in found]


class _Telling:
    """The rows of a person as they arise, and the world as it stands."""

    def __init__(self, person: Person, name: str) -> None:
        self.person, self.name = person, name
        self.world = World(person)
        self.rows: list[Row] = []
        self.of: dict[str, Row] = {}
        self.live: list[Arrived] = []
        self.first_look_back: dict[object, dict[str, int]] = {}

    def settle(self, claim: Arrived) -> None:
        """An ordinary claim."""
        row = Row(self.name, claim.settlement, "settled")
        self.rows.append(row)
        year = year_of(self.person.rules.policy.years, claim.day)
        if any(opening.covers(claim.day, year) for opening in self.person.openings):
            row.role, row.reason = "rejected", "within the opening balance"
            return
        if not self.person.known(claim.day):
            row.role, row.reason = "rejected", "no figures for the day"
            return
        day = claim.day
        counts = self.person.counted(day) or self.person.in_some_window(day)
        if not self.person.in_force(day) and not counts:
            row.role, row.reason = "rejected", "outside the policy's dates"
            return
        settled = self.world.take(claim)
        self.remember_look_back()
        self.live.append(claim)
        self.of[claim.settlement] = row
        row.benefit_year = self.world.year(claim.day)
        fill(row, settled)

    def remember_look_back(self) -> None:
        """What an application paid on its day stays so; later changes are on rows."""
        for application, lump in self.world.look_back.items():
            self.first_look_back.setdefault(application, lump)

    def reverse(self, reversal: Arrived) -> None:
        """Undo a claim: the world without it, less the world with it."""
        row = Row(self.name, reversal.settlement, "reversal")
        self.rows.append(row)
        original = self.of.get(reversal.reverses or "")
        if original is None or original.role != "settled":
            row.role, row.reason = (
                "rejected",
                "no such claim to reverse, or reversed before",
            )
            return
        self.world.open_applications(reversal.day)
        self.remember_look_back()
        before, taken = self.world.paid(), self.world.settled
        self.live = [c for c in self.live if c.settlement != reversal.reverses]
        settled = self.world.settled
        undone = next(s for s in settled if s.claim.settlement == reversal.reverses)
        self.world = World(self.person)
        for claim in self.live:
            self.world.take(claim)
        self.world.open_applications(reversal.day)
        after = self.world.paid()
        original.role = "reversed"
        row.benefit_year, row.standing = original.benefit_year, original.standing
        row.payments = {code: after[code] - before[code] for code in before}
        row.charge, row.other_payers = -original.charge, -original.other_payers
        row.burden = row.charge - row.other_payers - self.undo(undone, row)
        row.excess = -original.excess
        undone = next(s for s in taken if s.claim.settlement == reversal.reverses)
        kept = {code: -fen for code, fen in row.payments.items()}
        counted = self.world.measured(undone.claim, original.standing, kept)
        row.measures = {name: -amount for name, amount in counted.items()}

    def undo(self, undone: Settled, row: Row) -> Number:
        """What a reversal takes back is the payee's that it was paid to."""
        rules, paying = self.person.rules, Paying()
        covers: Number = 0
        own = self.world.moment(undone.claim, undone.claim.day, undone.standing)
        for benefit in rules.benefits:
            payment = -row.payments[benefit.code]
            covers -= rules.tell(benefit, own, payment, paying)
            own.amounts["benefit", benefit.name] = payment
        row.paying = Paying(paying.payee, None, -paying.excess, -paying.replaced)
        return covers

    def years(self, *, close_year: bool) -> list[YearRow]:
        """A record for every benefit year with rows, and for every application."""
        self.world.open_applications(dt.date.max)
        self.remember_look_back()
        closed = close(self.world) if close_year else {}
        codes = [benefit.code for benefit in self.person.rules.benefits]
        found: dict[tuple[int, object], YearRow] = {
            (opening.year, None): YearRow(
                self.name, opening.year, rows=dict.fromkeys(codes, 0)
            )
            for opening in self.person.openings
        }
        for row in self.rows:
            if row.benefit_year is not None:
                year = found.setdefault(
                    (row.benefit_year, None), YearRow(self.name, row.benefit_year)
                )
                for code in codes:
                    year.rows[code] = year.rows.get(code, 0) + row.payments[code]
        for application, lump in self.first_look_back.items():
            assert isinstance(application, Accepted)
            key = (application.year, application)
            found[key] = YearRow(
                self.name, application.year, application.day, look_back=lump
            )
        for (number, application), year in found.items():
            book_key = number if application is None else application
            year.year_end = closed.get(book_key, {})  # type: ignore[arg-type]
            book = self.world.books.get(book_key)  # type: ignore[arg-type]
            if book is not None:
                year.used = dict(book.used)
                year.paid = {
                    code: account.paid for code, account in book.accounts.items()
                }
            if application is None:
                warnings(self.world, number, year)
        return list(found.values())


def fill(row: Row, settled: Settled) -> None:
    """Put a settled claim's amounts on its row."""
    charge = settled.claim.columns.get("medfee_sumamt") or 0
    row.standing = settled.standing
    row.payments = dict(settled.payments)
    row.measures = dict(settled.measures)
    row.burden, row.excess = settled.burden, settled.excess
    row.paying = settled.paying
    row.offered = dict(settled.offered)
    row.charge = charge  # type: ignore[assignment]
    covers = sum(row.payments.values()) - row.paying.excess - row.paying.replaced
    row.other_payers = row.charge - row.burden - covers
