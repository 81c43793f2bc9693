"""A person's live claims come in one by one; what each pays goes out.

A `World` is the person's time with a given set of live claims. A reversal builds a new
world without the claim it names: what differs from the old world is what it pays.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from math import floor
from typing import TYPE_CHECKING

from jiugao.policy import model
from jiugao.syntax.tree import Period
from tests.oracle.accrual import Book, pay
from tests.oracle.exact import Fraction
from tests.oracle.expressions import Moment
from tests.oracle.opening import opened
from tests.oracle.parts import pay_parts
from tests.oracle.person import Accepted, Arrived, Person
from tests.oracle.rules import Amounts
from tests.oracle.shape import Paying
from tests.oracle.years import year_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.oracle.shape import Number


@dataclass
class Settled:
    """A claim in a world: what it paid, and what its bill still has uncovered."""

    claim: Arrived
    standing: str | None
    in_force: bool
    payments: dict[str, int] = field(default_factory=dict)
    by_part: dict[str, list[int]] = field(default_factory=dict)
    uncovered: Number = 0
    burden: Number = 0
    excess: Number = 0
    counted: Accepted | None = None
    looked_back: dict[str, int] = field(default_factory=dict)
    paying: Paying = field(default_factory=Paying)
    chosen: dict[str, int] = field(default_factory=dict)  # of alternatives, by name
    offered: dict[str, int] = field(default_factory=dict)  # likewise, by code
    measures: dict[str, Number] = field(default_factory=dict)
    amounts: Amounts | None = None  # judged on its own day
    applied: Amounts | None = (
        None  # judged on the day of the application that counts it
    )


Key = int | Accepted


def note_parts(
    amounts: dict[tuple[str, str], Number], benefit: model.Benefit, paid: list[int]
) -> None:
    """Put what each part was paid where later benefits find it."""
    for part, payment in zip(benefit.parts, paid, strict=False):
        amounts["part", f"{benefit.name}/{part.name}"] = payment


class World:
    """A person's time with the claims that were not reversed."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.rules = person.rules
        self.books: dict[Key, Book] = {}
        self.settled: list[Settled] = []
        for opening in person.openings:
            opened(self.rules, opening, self.book(opening.year))
        self.opened: list[Accepted] = []
        self.look_back: dict[Accepted, dict[str, int]] = {}

    def book(self, key: Key) -> Book:
        """The book of a benefit year or of an application."""
        return self.books.setdefault(key, Book())

    def paid(self) -> dict[str, int]:
        """All that every benefit has paid in this world, over all books."""
        total = {benefit.code: 0 for benefit in self.rules.benefits}
        for book in self.books.values():
            for code, account in book.accounts.items():
                total[code] += account.paid
        return total

    def year(self, day: dt.date) -> int:
        """The benefit year of a day."""
        return year_of(self.rules.policy.years, day)

    # --- a claim ---

    def moment(self, claim: Arrived, day: dt.date, standing: str | None) -> Moment:
        """What the rules see of a claim, judged on a day."""
        identities = claim.identities
        if identities is None:
            identities = self.person.identities(day)
        amounts = Amounts(self.rules)
        moment = Moment(claim.columns, day, identities, standing, amounts)
        amounts.moment = moment
        return moment

    def take(self, claim: Arrived) -> Settled:
        """Settle a claim after those already taken."""
        self.open_applications(claim.day)
        rules, day = self.rules, claim.day
        identities = claim.identities
        if identities is None:
            identities = self.person.identities(day)
        standing, application = self.person.standing(day, identities)
        own = self.moment(claim, day, standing)
        applied = (
            own
            if application is None
            else self.moment(claim, application.day, standing)
        )
        one = Settled(claim, standing, self.person.in_force(day), counted=application)
        one.uncovered = self.not_paid_elsewhere(claim)
        one.burden = one.uncovered
        one.amounts, one.applied = own.amounts, applied.amounts  # type: ignore[assignment]
        one.excess = rules.excess(own.amounts) if one.in_force else 0  # type: ignore[arg-type]
        for benefit in rules.benefits:
            of_application = application is not None and benefit.by_standing
            payment = 0
            by_part: list[int] = []
            if one.in_force or of_application:
                book = self.book(
                    application if of_application and application else self.year(day)
                )
                moment = applied if of_application else own
                by_part = self.payment(benefit, moment, book, one, own)
                payment = sum(by_part)
            elif self.person.counts(benefit, day):
                book = self.book(self.year(day))
                self.count(benefit, own, book)
                if rules.choice.get(benefit.name, (None,))[0] is Period.YEAR:
                    self.count(benefit, own, book.alone)
            for each in (own, applied):
                each.amounts["benefit", benefit.name] = payment
                note_parts(each.amounts, benefit, by_part)
            one.payments[benefit.code] = payment
            one.by_part[benefit.code] = by_part
            if self.chosen_together(benefit, one, own):
                continue
            covers = rules.tell(benefit, own, payment, one.paying)
            one.burden -= covers
            one.uncovered = max(0, one.burden)
        one.measures = self.measured(claim, one.standing, one.payments)
        self.settled.append(one)
        return one

    def measured(
        self, claim: Arrived, standing: str | None, payments: dict[str, int]
    ) -> dict[str, Number]:
        """What the claim adds to each total of indicators, where it was paid so much."""
        found: dict[str, Number] = {}
        if not self.rules.totals:
            return found
        moment = self.moment(claim, claim.day, standing)
        for benefit in self.rules.benefits:
            moment.amounts["benefit", benefit.name] = payments[benefit.code]
        for name, amount in self.rules.totals:
            value = amount(moment)
            assert isinstance(value, int | Fraction)
            found[name] = int(value) if isinstance(value, bool) else value
        return found

    def not_paid_elsewhere(self, claim: Arrived) -> Number:
        """Total charge less every payer that is not a benefit of this policy."""
        columns = (*self.rules.institution, *self.rules.funds, *self.rules.outlays)
        total = claim.columns.get("medfee_sumamt") or 0
        paid = [claim.columns.get(column) or 0 for column in dict.fromkeys(columns)]
        return total - sum(paid)  # type: ignore[operator, arg-type]

    def payment(
        self,
        benefit: model.Benefit,
        moment: Moment,
        book: Book,
        one: Settled,
        own: Moment,
    ) -> list[int]:
        """What a benefit pays on a claim, by part; of alternatives, what is chosen."""

        def left(of: model.Benefit) -> Number:
            return one.burden + (self.rules.outlay(of, own) or 0)

        choice = self.rules.choice.get(benefit.name)
        if choice is None:
            return self.settle(benefit, moment, book, left(benefit))
        by, members = choice
        if benefit is members[0]:
            choose = self.best_claim if by is Period.CLAIM else self.best_year
            one.chosen |= choose(members, moment, book, left, one.offered)
        return [one.chosen[benefit.name]]

    def chosen_together(
        self, benefit: model.Benefit, one: Settled, own: Moment
    ) -> bool:
        """Alternatives come off the bill when the last of them has been paid."""
        choice = self.rules.choice.get(benefit.name)
        if choice is None:
            return False
        _, members = choice
        if benefit is members[-1]:
            for member in members:
                payment = one.payments[member.code]
                covers = self.rules.tell(member, own, payment, one.paying)
                one.burden -= covers
                one.uncovered = max(0, one.burden)
        return True

    def best_claim(
        self,
        members: list[model.Benefit],
        moment: Moment,
        book: Book,
        left: Callable[[model.Benefit], Number],
        offered: dict[str, int],
    ) -> dict[str, int]:
        """择优 按次: the one that pays most on this claim; the others' base counts."""
        would = {
            b.name: sum(self.settle(b, moment, book.copy(), left(b))) for b in members
        }
        able = [b for b in members if self.rules.entitled(b, moment) is not None]
        winner = max(able, key=lambda b: would[b.name], default=None)  # ties: the first
        for member in members:
            offered[member.code] = would[member.name]
            if member is winner:
                self.settle(member, moment, book, left(member))
            elif self.rules.entitled(member, moment) is not None:
                bases = self.rules.bases(member, moment, moment.amounts, book)  # type: ignore[arg-type]
                book.account(member.code).base += sum(bases)
        return {b.name: would[b.name] if b is winner else 0 for b in members}

    def best_year(
        self,
        members: list[model.Benefit],
        moment: Moment,
        book: Book,
        left: Callable[[model.Benefit], Number],
        offered: dict[str, int],
    ) -> dict[str, int]:
        """择优 按年: what the best year so far pays more than was paid."""
        for member in members:
            self.settle(member, moment, book.alone, left(member))
        worth = {b.name: book.alone.account(b.code).paid for b in members}
        offered |= {b.code: worth[b.name] for b in members}
        winner = max(members, key=lambda b: worth[b.name])
        payment = 0
        if self.rules.entitled(winner, moment) is not None:
            so_far = sum(book.account(b.code).paid for b in members)
            payment = worth[winner.name] - so_far
            payment = min(payment, floor(max(0, left(winner))))
            book.account(winner.code).paid += payment
        return {b.name: payment if b is winner else 0 for b in members}

    def moved(self, book: Book, found: dict[str, int]) -> None:
        """At the end of a year chosen by year, what others paid becomes the winner's."""
        for by, members in self.rules.choices:
            if by is Period.CLAIM:
                continue
            winner = max(members, key=lambda b: book.alone.account(b.code).paid)
            for member in members:
                if member is not winner:
                    account = book.account(member.code)
                    found[member.code] -= account.paid
                    found[winner.code] += account.paid
                    book.account(winner.code).paid += account.paid
                    account.paid = 0

    def settle(
        self, benefit: model.Benefit, moment: Moment, book: Book, uncovered: Number
    ) -> list[int]:
        """One benefit of one claim: what each part of its base is paid."""
        figures = self.rules.entitled(benefit, moment)
        if figures is None:
            return []
        bases = self.rules.bases(benefit, moment, moment.amounts, book)  # type: ignore[arg-type]
        if benefit.settle is model.SettleMode.YEAR_END:
            book.account(benefit.code).base += bases[0]
            return []
        open_ = max(0, uncovered)
        if benefit.parts:
            return pay_parts(
                figures, book, benefit.code, bases, open_, benefit.rounding
            )
        return [pay(figures, book, benefit.code, bases[0], open_, benefit.rounding)]

    def count(self, benefit: model.Benefit, moment: Moment, book: Book) -> None:
        """A claim from before payments begin: its base counts, and that is all."""
        if self.rules.entitled(benefit, moment) is None:
            return
        bases = self.rules.bases(benefit, moment, moment.amounts, book)  # type: ignore[arg-type]
        account = book.account(benefit.code)
        account.base += sum(bases)
        account.start += sum(bases)
        if benefit.parts:
            parts = book.parts_of(benefit.code, len(bases))
            for part, base in zip(parts, bases, strict=True):
                part.base += base

    # --- applications ---

    def open_applications(self, until: dt.date) -> None:
        """Pay, in one sum, what each application up to a day looks back on."""
        for application in self.person.accepted:
            if application.day <= until and application not in self.opened:
                self.opened.append(application)
                self.look_back[application] = self.pay_back(application)

    def pay_back(self, application: Accepted) -> dict[str, int]:
        """Claims before the application, by the figures of its day."""
        lump = {benefit.code: 0 for benefit in self.rules.benefits}
        for one in self.settled:
            if not application.start <= one.claim.day < application.day:
                continue
            elsewhere = any(
                one.payments[b.code] != 0 for b in self.rules.benefits if b.by_standing
            )
            if one.counted is not None or elsewhere:
                continue
            asked = application.klass.on_application
            if asked and asked.unclassed_only and one.standing is not None:
                continue  # in another class on its own day, whatever that paid
            one.counted = application
            self.count_back(one, application)
            for code, payment in one.looked_back.items():
                lump[code] += payment
        return lump

    def count_back(self, one: Settled, application: Accepted) -> None:
        """One claim of the window; what other benefits paid on it stands."""
        moment = self.moment(one.claim, application.day, application.klass.name)
        for benefit in self.rules.benefits:
            payment, by_part = one.payments[benefit.code], one.by_part[benefit.code]
            if benefit.by_standing:
                by_part = self.back(benefit, moment, self.book(application), one)
                payment = sum(by_part)
                one.looked_back[benefit.code] = payment
                if benefit.name not in self.rules.choice:
                    one.uncovered = max(0, one.uncovered - payment)
            moment.amounts["benefit", benefit.name] = payment
            note_parts(moment.amounts, benefit, by_part)
        one.amounts = one.applied = moment.amounts  # type: ignore[assignment]

    def back(
        self, benefit: model.Benefit, moment: Moment, book: Book, one: Settled
    ) -> list[int]:
        """What a benefit pays on a claim that an application looks back on."""

        def left(_: model.Benefit) -> Number:
            return one.uncovered

        choice = self.rules.choice.get(benefit.name)
        if choice is None:
            return self.settle(benefit, moment, book, one.uncovered)
        by, members = choice
        if benefit is members[0]:
            choose = self.best_claim if by is Period.CLAIM else self.best_year
            one.chosen |= choose(members, moment, book, left, {})
        payment = one.chosen[benefit.name]
        if benefit is members[-1]:
            paid = sum(one.chosen[b.name] for b in members)
            one.uncovered = max(0, one.uncovered - paid)
        return [payment]
