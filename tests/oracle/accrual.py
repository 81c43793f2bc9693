"""The rule of a benefit: a claim's base and the figures come in, a payment goes out."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from math import ceil, floor
from typing import TYPE_CHECKING

from jiugao.policy.model import Rounding, RoundingMode
from jiugao.syntax.tree import Period
from tests.oracle.exact import Fraction

if TYPE_CHECKING:
    from tests.oracle.figures import Figures
    from tests.oracle.parts import PartAccount
    from tests.oracle.shape import Number

HALF = Fraction(1, 2)


@dataclass
class Account:
    """One benefit's S (base so far), E (accrued, exact) and P (paid, fen)."""

    base: Number = 0
    accrued: Number = 0
    paid: int = 0
    start: Number = 0  # of the base, what came before payments began


@dataclass
class Book:
    """What a person's benefit year (or application) accumulates."""

    accounts: dict[str, Account] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)  # by shared limit
    parts: dict[str, list[PartAccount]] = field(default_factory=dict)
    # By benefit and part: the year's totals that 至多 … 按年 holds against each other.
    bounded: dict[tuple[str, int], tuple[Number, Number]] = field(default_factory=dict)
    _alone: list[Book] = field(default_factory=list)

    @property
    def alone(self) -> Book:
        """What alternatives chosen by year would have had, each paid alone."""
        if not self._alone:
            self._alone.append(Book())
        return self._alone[0]

    def account(self, benefit: str) -> Account:
        """The account of a benefit, opened at zero."""
        if benefit not in self.accounts:
            self.accounts[benefit] = Account()
        return self.accounts[benefit]

    def copy(self) -> Book:
        """The same totals once more, to try a payment on."""
        return Book(
            {name: copy(account) for name, account in self.accounts.items()},
            dict(self.used),
            {
                name: [copy(part) for part in parts]
                for name, parts in self.parts.items()
            },
            dict(self.bounded),
            [book.copy() for book in self._alone],
        )

    def parts_of(self, benefit: str, count: int) -> list[PartAccount]:
        """The accounts of a benefit's parts."""
        from tests.oracle.parts import PartAccount  # noqa: PLC0415

        return self.parts.setdefault(benefit, [PartAccount() for _ in range(count)])

    def bound(self, key: tuple[str, int], left: Number, cap: Number) -> Number:
        """By how much a claim raises the lesser of two totals of the year."""
        first, second = self.bounded.get(key, (0, 0))
        after = (first + left, second + max(0, cap))
        self.bounded[key] = after
        return min(after) - min(first, second)


def rounded(amount: Number, rounding: Rounding) -> int:
    """To the fen or yuan, the way the policy says; what is below 0 as its opposite."""
    if isinstance(amount, int) and rounding.unit == 1:
        return amount
    if amount < 0:
        return -rounded(-amount, rounding)
    units = Fraction(amount) / rounding.unit
    match rounding.mode:
        case RoundingMode.HALF_UP:
            return floor(units + HALF) * rounding.unit
        case RoundingMode.HALF_EVEN:
            return round(units) * rounding.unit
        case RoundingMode.TRUNCATE:
            return floor(units) * rounding.unit


def room(figures: Figures, book: Book, account: Account) -> Number | None:
    """What the limits leave for a claim; None where nothing limits it."""
    left = []
    for cap in figures.caps:
        if cap.shared is not None:
            left.append(cap.amount - book.used.get(cap.shared, 0))
        elif cap.period is Period.CLAIM:
            left.append(cap.amount)
        else:
            left.append(cap.amount - account.paid)
    return max(0, min(left)) if left else None


def due_at_close(
    figures: Figures, book: Book, account: Account, rounding: Rounding
) -> int:
    """min(gφ(S), Lφ) rounded, and no more than shared limits have room for."""
    due = figures.yearly(account.base, account.start)
    most: list[Number] = []
    for cap in figures.caps:
        if cap.shared is not None:
            left = max(0, cap.amount - book.used.get(cap.shared, 0))
            most.append(account.paid + left)
        elif cap.period is not Period.CLAIM:
            most.append(cap.amount)
    least = min(most, default=due)
    payable = rounded(min(due, least), rounding)
    return min(payable, floor(least)) if most else payable


def at_hand(figures: Figures, account: Account, base: Number) -> int:
    """What is left for a claim to be paid from, in fen begun: rounding pays nothing beyond.

    Its own base, or the year's where a gate lets the year's base be paid at once.
    """
    if figures.gate is not None and figures.gate[2] is not Period.CLAIM:
        return max(0, ceil(account.base + base) - account.paid)
    return max(0, ceil(base))


def consume(figures: Figures, book: Book, account: Account, payment: int) -> None:
    """Book a payment under the benefit and under every shared limit it names."""
    account.paid += payment
    for cap in figures.caps:
        if cap.shared is not None:
            book.used[cap.shared] = book.used.get(cap.shared, 0) + payment


def pay(
    figures: Figures,
    book: Book,
    benefit: str,
    base: Number,
    uncovered: Number,
    rounding: Rounding,
) -> int:
    """What a claim pays; S, E, P and the limits move on."""
    account = book.account(benefit)
    added = figures.added_by(account.base, base, account.start)
    left = room(figures, book, account)
    accrued = account.accrued + added
    if left is not None:
        accrued = min(accrued, account.paid + left)
    accrued = max(0, accrued)  # nothing is taken back beyond what was earned
    if rounding.each:
        payment = rounded(accrued - account.paid, rounding)
    else:
        payment = rounded(accrued, rounding) - account.paid
    if left is not None:
        payment = min(payment, floor(left))  # rounding to the yuan may pass a limit
    if added >= 0:
        payment = max(payment, 0)  # ... and, after a cut, fall behind what was paid
        payment = min(payment, at_hand(figures, account, base))
    if payment > uncovered:  # the bill has no more: "already covered"
        payment = floor(uncovered)
        accrued = account.paid + payment
    if rounding.each:
        accrued = account.paid + payment
    account.base += base
    account.accrued = accrued
    consume(figures, book, account, payment)
    return payment
