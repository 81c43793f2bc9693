"""What a person's year holds while the interpreter runs, and what a claim brings."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass
class Account:
    """S, E and P of a benefit in a year; `applied` once a claim was in a row."""

    base: int = 0
    accrued: int = 0
    paid: int = 0
    applied: bool = False


@dataclass
class PartAccount:
    """S, E and P of one part."""

    base: int = 0
    accrued: Fraction = Fraction(0)
    paid: int = 0


@dataclass
class Year:
    """What a person's year holds."""

    accounts: dict[int, Account] = field(default_factory=dict)
    used: dict[int, int] = field(default_factory=dict)
    tallies: dict[int, int] = field(default_factory=dict)
    closed: dict[int, int] = field(default_factory=dict)  # by benefit, at year end
    # Of choices, by benefit: (base, row, uncovered) offered on the claim at hand; what it
    # is paid; and, chosen by year, the account it would have alone.
    offers: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    taken: dict[int, int] = field(default_factory=dict)
    alone: dict[int, Account] = field(default_factory=lambda: defaultdict(Account))
    # By benefit and part: its account, its base and payment on the claim.
    parts: dict[tuple[int, int], PartAccount] = field(default_factory=dict)
    bases: dict[tuple[int, int], int] = field(default_factory=dict)
    part_pays: dict[tuple[int, int], int] = field(default_factory=dict)
    caps: dict[int, tuple[int, int]] = field(default_factory=dict)  # by slot

    def account(self, benefit: int) -> Account:
        """The account of a benefit."""
        return self.accounts.setdefault(benefit, Account())


@dataclass
class Facts:
    """What a section may ask: inputs by position, day, class, identities."""

    inputs: Mapping[int, int]
    day: int
    standing: int
    held: int
