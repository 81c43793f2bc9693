"""A base in parts: what the totals of the parts are worth, and what a claim pays each.

One deductible D for all parts. On totals T₁ … Tₙ part i is worth rᵢ·(Tᵢ − dᵢ), where
the dᵢ sum to min(D, ΣT): in turn (先 … 后), or in the ratio of the totals (按比例). 按时间:
the money of all parts stands in one line, as it came, and its first D is worth nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, floor
from typing import TYPE_CHECKING

from jiugao.policy.model import SharingWay
from tests.oracle.accrual import Book, consume, room, rounded
from tests.oracle.exact import Fraction

if TYPE_CHECKING:
    from jiugao.policy.model import Rounding
    from tests.oracle.figures import Figures
    from tests.oracle.shape import Number


@dataclass(frozen=True)
class Shares:
    """A rate for each part and how they share the deductible; `order` as positions."""

    rates: tuple[Number, ...]
    way: SharingWay | None
    order: tuple[int, ...]


@dataclass
class PartAccount:
    """One part's total, what it earned (exact) and what it was paid."""

    base: Number = 0
    accrued: Number = 0
    paid: int = 0


@dataclass
class Cut:
    """What a row's amounts lose, the last part first."""

    amounts: list[Number]
    floors: Sequence[Number] = field(default_factory=list)

    def to(self, most: Number) -> None:
        """Bring the sum down to `most`, no amount below its floor."""
        floors = self.floors or [0] * len(self.amounts)
        over = sum(self.amounts) - most
        for i in reversed(range(len(self.amounts))):
            taken = max(0, min(over, self.amounts[i] - floors[i]))
            self.amounts[i] -= taken
            over -= taken


def absorbed(shares: Shares, line: Number, totals: Sequence[Number]) -> list[Number]:
    """d of each part."""
    sizes = [max(0, total) for total in totals]
    used = min(line, sum(sizes))
    if shares.way is SharingWay.PRO_RATA:
        whole = sum(sizes)
        return [Fraction(size) * used / whole if whole else 0 for size in sizes]
    taken: list[Number] = [0] * len(sizes)
    for part in shares.order or range(len(sizes)):
        taken[part] = min(used, sizes[part])
        used -= taken[part]
    return taken


def worth(shares: Shares, line: Number, totals: Sequence[Number]) -> list[Number]:
    """f of each part."""
    taken = absorbed(shares, line, totals)
    above = (max(0, t) - d for t, d in zip(totals, taken, strict=True))
    return [rate * part for rate, part in zip(shares.rates, above, strict=True)]


def in_line(
    shares: Shares, line: Number, before: Sequence[Number], after: Sequence[Number]
) -> list[Number]:
    """What each part's stretch of the line is worth beyond the first `line` of it.

    A part of which more was taken than there is has no place in the line.
    """
    found: list[Number] = []
    at = sum(total for total in before if total > 0)
    for rate, was, now in zip(shares.rates, before, after, strict=True):
        stretch = max(0, now) - max(0, was)
        found.append(rate * (max(line, at + stretch) - max(line, at)))
        at += stretch
    return found


def earned(
    figures: Figures, before: Sequence[Number], bases: Sequence[Number]
) -> list[Number]:
    """e of each part."""
    shares, line = figures.parts, figures.deductible
    assert shares is not None
    by_claim = figures.by_claim
    after = [was + base for was, base in zip(before, bases, strict=True)]
    if shares.way is SharingWay.BY_DATE:
        start, end = ([0] * len(bases), bases) if by_claim else (before, after)
        return in_line(shares, line, start, end)
    if by_claim:
        return worth(shares, line, bases)
    old, new = worth(shares, line, before), worth(shares, line, after)
    return [late - early for late, early in zip(new, old, strict=True)]


def pay_parts(
    figures: Figures,
    book: Book,
    benefit: str,
    bases: Sequence[Number],
    uncovered: Number,
    rounding: Rounding,
) -> list[int]:
    """What a claim pays each part; totals, earned, paid and the limits move on."""
    account = book.account(benefit)
    parts = book.parts_of(benefit, len(bases))
    added = earned(figures, [part.base for part in parts], bases)
    left = room(figures, book, account)
    accrued = [
        max(0, part.accrued + more) for part, more in zip(parts, added, strict=True)
    ]
    if left is not None and sum(accrued) > account.paid + left:
        Cut(accrued, [part.paid for part in parts]).to(account.paid + left)
    payments = in_fen(parts, accrued, rounding)
    if sum(added) >= 0:
        if sum(payments) < 0:
            payments = [0] * len(parts)
        payments = there_is(parts, bases, payments)
    cut = Cut(list(payments))
    if left is not None:
        cut.to(floor(left))
    covered = sum(cut.amounts) > uncovered
    if covered:
        cut.to(floor(uncovered))
    paid = [int(amount) for amount in cut.amounts]
    for part, base, exact, payment in zip(parts, bases, accrued, paid, strict=True):
        part.base += base
        part.paid += payment
        part.accrued = part.paid if covered or rounding.each else exact
    account.base += sum(bases)
    consume(figures, book, account, sum(paid))
    return paid


def there_is(
    parts: Sequence[PartAccount], bases: Sequence[Number], payments: Sequence[int]
) -> list[int]:
    """Within each part's year and within the claim, in fen begun: rounding pays no more."""
    within: list[Number] = [
        min(payment, max(0, ceil(part.base + base) - part.paid))
        for part, base, payment in zip(parts, bases, payments, strict=True)
    ]
    Cut(within).to(sum(ceil(max(0, base)) for base in bases))
    return [int(payment) for payment in within]


def in_fen(
    parts: Sequence[PartAccount], accrued: Sequence[Number], rounding: Rounding
) -> list[int]:
    """Rounded so that the parts sum to the whole: the parts up to each are one amount."""
    payments = []
    sum_before: Number = 0
    for part, exact in zip(parts, accrued, strict=True):
        own = exact - part.paid if rounding.each else exact
        share = rounded(sum_before + own, rounding) - rounded(sum_before, rounding)
        sum_before += own
        payments.append(share if rounding.each else share - part.paid)
    return payments
