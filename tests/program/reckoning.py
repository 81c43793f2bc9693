"""Rows of figures come in; what a base is worth, and what a limit leaves, goes out."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiugao.program.body import Figures
    from tests.program.accounts import Account, Year


def rounded(amount: Fraction, mode: str, unit: int) -> int:
    """To the fen or yuan; what is below 0 as its opposite."""
    if amount < 0:
        return -rounded(-amount, mode, unit)
    units = amount / unit
    match mode:
        case "half_up":
            return floor(units + Fraction(1, 2)) * unit
        case "half_even":
            return round(units) * unit
        case _:
            return floor(units) * unit


def slice_of(figures: Figures, before: int, base: int) -> int:
    """What the slice of a claim's base above the deductible is worth."""
    taken = 0
    if figures.deductible:
        amount, period = figures.deductible
        left = int(amount) if period == "claim" else max(int(amount) - before, 0)
        taken = min(left, base)
    start = 0 if figures.bands_by == "claim" else before
    low, high = start + taken, start + base
    worth = 0
    for lower, upper, rate in figures.bands:
        assert lower is not None
        assert rate is not None
        top = high if upper is None else min(high, upper)
        worth += rate * max(0, top - max(low, lower))
    return worth


def reached(figures: Figures, base: int) -> bool:
    """Whether the gate opens; without one it is open."""
    if figures.gate is None:
        return True
    amount, operator, _ = figures.gate
    return base > int(amount) if operator == "over" else base >= int(amount)


def yearly(figures: Figures, base: int) -> int:
    """What a year's base is worth."""
    return slice_of(figures, 0, base) if reached(figures, base) else 0


def added(figures: Figures, before: int, base: int) -> int:
    """e of a claim."""
    if figures.gate is not None and figures.gate[2] == "year":
        return yearly(figures, before + base) - yearly(figures, before)
    if base < 0 and reached(figures, base):
        by_claim = figures.deductible and figures.deductible[1] == "claim"
        by_claim = by_claim or (figures.bands_by == "claim" and len(figures.bands) > 1)
        return 0 if by_claim else -slice_of(figures, before + base, -base)
    return slice_of(figures, before, base) if reached(figures, base) else 0


def worth(figures: Figures, totals: Sequence[int]) -> list[Fraction]:
    """f of every part."""
    shares = figures.parts
    assert shares is not None
    sizes = [max(0, total) for total in totals]
    line = int(figures.deductible[0]) if figures.deductible else 0
    if shares.sharing == "pro_rata":
        whole = sum(sizes)
        over = Fraction(max(0, whole - line), whole) if whole else Fraction(0)
        return [r * s * over for r, s in zip(shares.rates, sizes, strict=True)]
    left = line
    for part in shares.order or range(len(sizes)):
        taken = min(left, sizes[part])
        sizes[part] -= taken
        left -= taken
    return [Fraction(r * s) for r, s in zip(shares.rates, sizes, strict=True)]


def part_added(
    figures: Figures, before: Sequence[int], bases: Sequence[int]
) -> list[Fraction]:
    """e of every part."""
    shares, by_claim = figures.parts, figures.bands_by == "claim"
    assert shares is not None
    if shares.sharing == "by_date":
        line = int(figures.deductible[0]) if figures.deductible else 0
        start = [0 if by_claim else max(0, total) for total in before]
        at = sum(start)
        found = []
        for position, rate in enumerate(shares.rates):
            since = 0 if by_claim else before[position]
            base = max(0, since + bases[position]) - start[position]
            found.append(Fraction(rate * (max(line, at + base) - max(line, at))))
            at += base
        return found
    if by_claim:
        return worth(figures, bases)
    after = [was + base for was, base in zip(before, bases, strict=True)]
    both = zip(worth(figures, after), worth(figures, before), strict=True)
    return [late - early for late, early in both]


def taken_off(amounts: list[Fraction], floors: Sequence[int], most: Fraction) -> None:
    """Down to a sum of `most`, the last first, none below its floor."""
    over = sum(amounts) - most
    for part in reversed(range(len(amounts))):
        taken = max(Fraction(0), min(over, amounts[part] - floors[part]))
        amounts[part] -= taken
        over -= taken


def room(limit: tuple[int | str, ...], account: Account, year: Year) -> int:
    """What a limit leaves."""
    kind, *rest = limit
    if kind == "shared":
        return int(rest[1]) - year.used.get(int(rest[0]), 0)
    return int(rest[0]) - (account.paid if kind == "year" else 0)


def book(figures: Figures, paid: int, year: Year) -> None:
    """Use up the shared limits."""
    for kind, *rest in figures.limits:
        if kind == "shared":
            year.used[int(rest[0])] = year.used.get(int(rest[0]), 0) + paid
