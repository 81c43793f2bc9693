"""The account of one claim: what was looked at, step by step, ready to be told.

Money is in fen: `int` where it was paid or counted in fen, `Fraction` where it is exact
before rounding. Rates are fractions of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from fractions import Fraction


@dataclass(frozen=True)
class Passage:
    """Where a rule is written: the circular's passage, clause ids, the file and line."""

    text: str
    clauses: tuple[str, ...]
    file: str
    line: int | None


@dataclass(frozen=True)
class UsedParameter:
    """A dated figure that the claim's figures come from, as in force on the day."""

    name: str
    kind: str  # "money" (yuan) | "rate" (a decimal) | "count" | "date" | …
    value: str
    start: dt.date | None
    end: dt.date | None
    assumption: str | None
    passage: Passage


@dataclass(frozen=True)
class ListTest:
    """A code held against a dated list, and the row that lists it on the day, if any."""

    name: str
    input: str
    holds: bool
    code: str | None  # None: on no list that the policy asks about
    label: str
    file: str
    line: int | None
    start: dt.date | None
    end: dt.date | None
    origin: str
    passage: Passage


@dataclass(frozen=True)
class Amount:
    """A named amount of the claim."""

    name: str
    amount: Fraction


@dataclass(frozen=True)
class Threshold:
    """A deductible or gate, and how far the base (year's or claim's) has come."""

    kind: str  # "deductible" | "at_least" | "over"
    amount: Fraction
    period: str  # "year" | "claim"
    before: Fraction
    after: Fraction
    passage: Passage | None

    @property
    def used_now(self) -> Fraction:
        """How much of a deductible this claim uses up."""
        return min(self.after, self.amount) - min(self.before, self.amount)


@dataclass(frozen=True)
class Slice:
    """Part of the claim's base that one band pays."""

    lower: Fraction
    upper: Fraction | None
    rate: Fraction
    part: Fraction

    @property
    def pays(self) -> Fraction:
        """What the band gives, exact."""
        return self.rate * self.part


@dataclass(frozen=True)
class LimitState:
    """A limit, before and after the claim. `shared`: its name, or None for an own one."""

    shared: str | None
    period: str
    amount: int
    before: int
    after: int

    @property
    def left(self) -> int:
        """What it still allows; never below zero."""
        return max(0, self.amount - self.after)


@dataclass(frozen=True)
class Rounding:
    """One rounding: the exact totals before and after, and what they round to."""

    mode: str
    each: bool
    unit: int
    exact_before: Fraction
    exact_after: Fraction
    rounded_before: int
    rounded_after: int


@dataclass(frozen=True)
class PartAccount:
    """One part of a base on the claim.

    `deductible`: how much of it the claim takes up here; below 0, gives back. None where
    the rate is 0 and nothing shows it.
    """

    name: str
    expense: str
    less: tuple[str, ...]
    base_of: tuple[Amount, ...]
    base: Fraction
    year_base: tuple[Fraction, Fraction]
    rate: Fraction
    deductible: Fraction | None
    accrues: Fraction
    accrued: tuple[Fraction, Fraction]
    year_paid: tuple[int, int]
    paid: int


@dataclass(frozen=True)
class BenefitAccount:
    """One benefit on the claim, by the steps of a benefit (language reference)."""

    name: str
    code: str
    payer: str
    passage: Passage
    outcome: str  # "paid" | "nothing" | "not_applicable" | "deferred" | "counted"
    reason: (
        str | None
    )  # not applicable: "condition" | "no_standing" | "not_entitled" | …
    settle: str  # "per_claim" | "year_end" | "per_claim_year_end_top_up"
    in_words: str  # the row of figures, in the author's words
    scope: str  # "year" | "application": whose totals
    expense: str
    less: tuple[str, ...]
    base_of: tuple[Amount, ...]  # signed; their sum is the base where it is not below 0
    base: Fraction
    year_base: tuple[Fraction, Fraction] | None  # before, after
    threshold: Threshold | None
    slices: tuple[Slice, ...]
    bands_by: str
    accrues: Fraction
    room: int | None
    limits: tuple[LimitState, ...]
    uncovered: int
    cut: str | None  # None | "limit" | "covered"
    rounding: Rounding | None
    paid: int
    parameters: tuple[UsedParameter, ...]
    lists: tuple[ListTest, ...]
    figure_passages: tuple[tuple[str, Passage], ...]
    alternative: Alternative | None = None
    parts: tuple[PartAccount, ...] = ()
    # Why the row may be below 0, or above what its own bill has left for it:
    # "gate_opened" | "parts_again" | "taken_back" | "by_year"
    uneven: str | None = None


@dataclass(frozen=True)
class Alternative:
    """A benefit of a choice: by claim what it would pay, by year what it would have."""

    by: str  # "claim" | "year"
    offered: int
    taken: bool
    passage: Passage


@dataclass(frozen=True)
class Paying:
    """To whom a claim is paid (None: the person) and by when.

    `excess`: what the payee gets beyond the outlay made good; `replaced`: what of it is;
    `rest`: what is above the outlay and the person's.
    """

    payee: str | None
    due_by: dt.date | None
    excess: int
    replaced: int
    rest: int


@dataclass(frozen=True)
class Application:
    """The application whose window takes the claim."""

    day: dt.date
    standing: str
    first: dt.date
    last: dt.date
    before: bool  # the claim came before it: paid in the one sum


@dataclass(frozen=True)
class Who:
    """The class chosen, what it rests on, and the classes passed over.

    With `best_of` the person is in all of them, and each is an alternative.
    """

    day: dt.date
    standing: str | None
    table: str | None
    held: tuple[str, ...]
    for_life: tuple[str, ...]  # of these, the labels that no day changes
    passed_over: tuple[str, ...]
    application: Application | None
    passage: Passage | None
    best_of: bool = False


@dataclass(frozen=True)
class Undone:
    """A reversal: a benefit's year before and after the year was replayed without it."""

    benefit: str
    before: int
    after: int


@dataclass(frozen=True)
class Begun:
    """A total that the person's year begins with, and the row that tells it.

    `amount` fen; `benefit` its name, None for what is no benefit's own.
    """

    accumulator: str
    benefit: str | None
    kind: str  # "base" | "accrued" | "paid" | "counted" | "used" | "total"
    amount: Fraction
    file: str
    row: int
    carried: str | None = None  # from which policy, and what it is called there


@dataclass(frozen=True)
class Account:
    """Everything about one claim."""

    policy: str
    policy_code: str
    citation: str
    digest: str
    settings: tuple[tuple[str, str], ...]
    person: str
    settlement: str
    day: dt.date
    year: int
    role: str  # "settled" | "reversed" | "reversal" | "rejected"
    original: str | None
    total: Fraction | None  # None: the program does not read the total charge
    who: Who
    benefits: tuple[BenefitAccount, ...]
    burden: int
    excess: int
    undone: tuple[Undone, ...]
    paying: Paying | None = None
    reject: str | None = None  # the code that says why the claim was rejected
    opening: tuple[Begun, ...] = ()
    year_begins: dt.date | None = None  # where it is not a calendar year: its first day
