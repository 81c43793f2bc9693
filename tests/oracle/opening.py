"""What a person's year begins with: totals by name come in, the year's book has them.

Names as docs/year_end.md gives them: `CODE.base`, `CODE.paid`, …, `CODE.PART.base`,
`LIMIT.used`, `year.left.EXPENSE`, `year.uncovered`, `WARNING.sum`. What accrued and is not
told is what was paid.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from jiugao.syntax.tree import Period
from tests.oracle.exact import Fraction

if TYPE_CHECKING:
    from jiugao.policy.model import Policy
    from tests.oracle.accrual import Account, Book
    from tests.oracle.rules import Rules


@dataclass(frozen=True)
class Opening:
    """Totals (fen, exact) of one person's year; claims up to `until` are within them."""

    person: str
    year: int
    totals: Mapping[str, Fraction] = field(default_factory=dict)
    until: dt.date | None = None

    def covers(self, day: dt.date, year: int) -> bool:
        """Whether the claims of a day of some year are in the totals already."""
        return self.until is not None and year == self.year and day <= self.until

    def left(self, expense: str) -> Fraction:
        """What the claims within leave of an expense."""
        return self.totals.get(f"year.left.{expense}", Fraction(0))

    @property
    def uncovered(self) -> Fraction:
        """What the bills within have uncovered; where one expense bounds it, its rest."""
        rests = [v for k, v in self.totals.items() if k.startswith("year.left.")]
        return self.totals.get("year.uncovered", sum(rests, Fraction(0)))

    def sum(self, warning: str) -> Fraction:
        """What an indicator has added up."""
        return self.totals.get(f"{warning}.sum", Fraction(0))


def carried(policy: Policy, opening: Opening, former: str) -> Opening:
    """What a replaced policy's totals are here: those that 承接 names, and the bills' rests.

    A benefit with classes has a number behind its code, on both sides alike (`old` has it).
    """
    (told,) = (c for c in policy.carried if c.code == former)
    found: dict[str, Fraction] = {}
    for name, amount in opening.totals.items():
        for line in told.totals:
            old, new = {
                "benefit": (f"{line.old}.", f"{line.new}."),
                "indicator": (f"{line.old}.sum", f"{line.new}.sum"),
                "limit": (f"{line.old}.used", f"{line.new}.used"),
                "expense": (f"year.left.{line.old}", f"year.left.{line.new}"),
            }[line.sort]
            whole = line.sort != "benefit"
            if name == old if whole else name.startswith(old):
                found[new + name[len(old) :]] = amount
        if name.startswith("year."):
            found.setdefault(name, amount)
    return replace(opening, totals=found)


def fill(account: Account, opening: Opening, name: str) -> None:
    """S, E, P and what only counted, of the accumulators that begin with a name."""
    told = opening.totals
    account.base = told.get(f"{name}.base", Fraction(0))
    account.paid = int(told.get(f"{name}.paid", 0))
    account.accrued = told.get(f"{name}.accrued", Fraction(account.paid))


def opened(rules: Rules, opening: Opening, book: Book) -> None:
    """Put the totals into the book of their year."""
    told = opening.totals
    for benefit in rules.benefits:
        code = benefit.code
        mine = [name for name in told if name.startswith(f"{code}.")]
        if not mine:
            continue
        account = book.account(code)
        by, _ = rules.choice.get(benefit.name, (None, None))
        if benefit.parts:
            parts = book.parts_of(code, len(benefit.parts))
            for one, part in zip(parts, benefit.parts, strict=True):
                fill(one, opening, f"{code}.{part.name}")  # type: ignore[arg-type]
            account.base = sum(one.base for one in parts)
            account.paid = sum(one.paid for one in parts)
        elif by is Period.YEAR:
            fill(book.alone.account(code), opening, f"{code}.alone")
            book.alone.account(code).start = told.get(f"{code}.counted", Fraction(0))
            account.paid = int(told.get(f"{code}.paid", 0))
        else:
            fill(account, opening, code)
        account.start = told.get(f"{code}.counted", Fraction(0))
        shares = [n for n, part in enumerate(benefit.parts) if part.cap_by_year]
        if not benefit.parts and f"{code}.share1.left" in told:
            shares = [0]
        for number, part in enumerate(shares, 1):
            both = (told.get(f"{code}.share{number}.{w}", 0) for w in ("left", "most"))
            first, second = both
            alone = book.alone if by is Period.YEAR else book
            alone.bounded[code, part] = (first, second)
    for limit in rules.policy.shared_limits:
        if f"{limit.name}.used" in told:
            book.used[limit.name] = int(told[f"{limit.name}.used"])
