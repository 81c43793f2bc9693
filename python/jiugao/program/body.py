"""The body of a program file, as it is written: docs/machine.md says what each part means.

Lowering makes it, encode and decode carry it, listing reads it. Amounts are integers:
money of scale k is fen x 10^k, a rate a numerator over 10^k, a day is days since
1970-01-01, a class or a code its position, -1 for none.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.years import CALENDAR, Years

if TYPE_CHECKING:
    from collections.abc import Mapping

Words = tuple[int, ...]  # an opcode and its operands
NO_DAY = -719162  # 0001-01-01, which stands for no deadline


@dataclass(frozen=True)
class Place:
    """Where something is written: source, start and end; the passage; its clauses."""

    span: tuple[int, int, int] | None
    text: str
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class Header:
    """Which policy this is."""

    code: str
    name: str
    citation: str
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class SourceText:
    """One `.rules` text that the program was compiled from."""

    name: str
    sha256: str
    text: str


@dataclass(frozen=True)
class Input:
    """A column that a table brings."""

    column: str
    alternatives: tuple[str, ...]
    label: str
    kind: str
    table: str
    required: bool
    default: int | None
    codes: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Class:
    """A class of the standing table, with masks of identities."""

    name: str
    any_of: int = field(metadata={"key": "any"})
    none_of: int = field(metadata={"key": "except"})
    lookback: int | None
    unclassed_only: bool
    once_a_year: bool
    lifetime: bool
    place: Place


@dataclass(frozen=True)
class Force:
    """Days of the policy's force."""

    start: int
    end: int | None
    claims_from: int
    counts_from: int | None


@dataclass(frozen=True)
class KnownUntil:
    """The last day on which every parameter that a section needs has a value."""

    claim: int | None
    watch: int | None
    enrolment: int | None


@dataclass(frozen=True)
class SharedLimit:
    """A limit that several benefits draw on; its position is the slot."""

    name: str
    period: str


@dataclass(frozen=True)
class Rounding:
    """How the accrued amount becomes whole fen or yuan."""

    mode: str
    each: bool
    unit: int


@dataclass(frozen=True)
class Part:
    """One part of a base."""

    name: str
    expense: str
    less: tuple[str, ...]


@dataclass(frozen=True)
class PartFigures:
    """Instead of bands for a base in parts; `order` for `in_order` only."""

    rates: tuple[int, ...]
    sharing: str | None
    order: tuple[int, ...]


@dataclass(frozen=True)
class Figures:
    """One row of a benefit's figures."""

    deductible: tuple[int | str, ...] | None
    gate: tuple[int | str, ...] | None
    bands: tuple[tuple[int | None, ...], ...]
    bands_by: str
    parts: PartFigures | None
    limits: tuple[tuple[int | str, ...], ...]
    note: str
    places: Mapping[str, Place]
    parameters: tuple[str, ...]


@dataclass(frozen=True)
class Benefit:
    """One benefit and its rows of figures, row 1 first."""

    code: str
    name: str
    payer: str
    place: Place
    expense: str
    less: tuple[str, ...]
    parts: tuple[Part, ...]
    signed: bool
    counts_from: int | None
    by_standing: bool
    settle: str
    claw_back: bool
    base_scale: int
    rate_scale: int
    rounding: Rounding
    entitled: tuple[int, ...]
    actual: tuple[int, ...]
    figures: tuple[Figures, ...]


@dataclass(frozen=True)
class Whole:
    """A benefit as it was written, of which one class pays; `code`: what all paid."""

    code: str
    name: str


@dataclass(frozen=True)
class Choice:
    """Of these benefits (positions, side by side) the one that pays most.

    `whole`: they are the classes of one benefit.
    """

    by: str  # "claim" | "year"
    benefits: tuple[int, ...]
    whole: Whole | None
    place: Place


@dataclass(frozen=True)
class Table:
    """Constants for LOOKUP."""

    kind: str
    scale: int
    values: tuple[int, ...]


@dataclass(frozen=True)
class CodeList:
    """A dated list for LISTED, and the source that it was read from.

    Rows are positions among an input's codes with first and last day, none for open.
    """

    name: str
    source: int
    rows: tuple[tuple[int, int | None, int | None], ...]


@dataclass(frozen=True)
class Section:
    """A straight list of instructions."""

    registers: int
    code: tuple[Words, ...]


@dataclass(frozen=True)
class YearSection:
    """How one benefit's year is closed."""

    benefit: int
    registers: int
    code: tuple[Words, ...]
    out: int


@dataclass(frozen=True)
class WatchSection:
    """Indicators of a person's year: warning, register of the sum, of the flag."""

    registers: int
    code: tuple[Words, ...]
    out: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class EnrolmentSection:
    """Premium subsidies: the register of each."""

    registers: int
    code: tuple[Words, ...]
    out: tuple[int, ...]


@dataclass(frozen=True)
class Paying:
    """To whom and by when: `benefits` say so, and no claim comes under two of them.

    Registers of the payee (its number from 1, 0: the person), of the last day (`NO_DAY`:
    none), of what goes beyond the outlay made good, and of what of it is made good.
    """

    benefits: tuple[int, ...]
    payee: int
    due: int
    excess: int
    replaced: int


@dataclass(frozen=True)
class Outputs:
    """Registers of the claim section that become result columns."""

    benefits: tuple[int | None, ...]
    burden: int
    excess: int
    paying: Paying | None


@dataclass(frozen=True)
class Warned:
    """An indicator that warns."""

    code: str
    name: str
    place: Place


@dataclass(frozen=True)
class Subsidy:
    """A premium subsidy."""

    code: str
    name: str
    payer: str
    actual: tuple[int, ...]
    place: Place


@dataclass(frozen=True)
class Measure:
    """A register shown beside the results of every row, for totals of groups."""

    name: str
    section: str  # "claim" | "enrolment"
    kind: str  # "money" | "flag" | "code"
    scale: int
    register: int
    place: Place


@dataclass(frozen=True)
class Node:
    """An amount of a fund or an indicator, worked out from figures of a year.

    `op`: const (a fraction), parameter and parameter_before (a position), row, bearer,
    benefit, total and the same with _before (a name), or an operator.
    """

    op: str
    value: str
    args: tuple[Node, ...]


@dataclass(frozen=True)
class SharePart:
    """What a bearer bears of a band: "rate" or "money"."""

    bearer: str
    kind: str
    share: Node


@dataclass(frozen=True)
class ShareBand:
    """Parts of the amount between two edges."""

    lower: Node
    upper: Node | None
    parts: tuple[SharePart, ...]


@dataclass(frozen=True)
class FundRow:
    """A row of a fund: "heads", "amount" or "share"; money is in fen.

    Of heads: the day (none: the year's first in force), the measure of the condition and
    how later entries count. `of`: the base of the edges of bands.
    """

    sort: str
    name: str
    kind: str
    day: Node | None
    condition: str | None
    later: str | None
    amount: Node | None
    of: Node | None
    bands: tuple[ShareBand, ...]
    place: Place


@dataclass(frozen=True)
class Fund:
    """A fund; rows in an order in which each can be worked out."""

    code: str
    name: str
    pooled: str  # "all" | "county" | "city"
    rows: tuple[FundRow, ...]
    place: Place


@dataclass(frozen=True)
class Aim:
    """What the value is held against where the subject has one of these codes."""

    keys: tuple[str, ...]
    others: bool
    operator: str
    amount: Node | None
    pending: bool


@dataclass(frozen=True)
class Indicator:
    """An indicator of groups: "institution", "area", and "month" or "year"."""

    code: str
    name: str
    table: str  # "claims" | "enrolment"
    by: tuple[str, ...]
    totals: tuple[str, ...]  # measures
    value: Node
    kind: str
    subject: str | None  # a measure
    codes: tuple[str, ...]  # of the subject, by position
    aims: tuple[Aim, ...]
    place: Place


@dataclass(frozen=True)
class CarriedTotal:
    """`sort`: "benefit" or "indicator" (codes), "limit" or "expense" (names)."""

    sort: str
    new: str
    old: str


@dataclass(frozen=True)
class Carried:
    """A policy that this one replaces, and which totals of it go on."""

    code: str
    name: str
    totals: tuple[CarriedTotal, ...]
    place: Place


@dataclass(frozen=True)
class ParameterValue:
    """A value in words (yuan, decimals) and the days of its force."""

    start: int | None
    end: int | None
    value: str
    place: Place


@dataclass(frozen=True)
class Parameter:
    """A dated figure or a reading, for explanations."""

    name: str
    kind: str
    assumption: str | None
    values: tuple[ParameterValue, ...]
    place: Place


@dataclass(frozen=True)
class Debug:
    """What one instruction is, in the author's words."""

    section: str
    index: int
    role: str
    label: str
    place: Place


@dataclass(frozen=True)
class Program:
    """The whole body."""

    compiler: str
    policy: Header
    settings: Mapping[str, str]
    sources: tuple[SourceText, ...]
    inputs: tuple[Input, ...]
    day_input: int
    fund_columns: tuple[int, ...]
    identities: tuple[str, ...]
    identity_codes: Mapping[str, int]
    standing: str | None
    classes: tuple[Class, ...]
    force: Force
    known_until: KnownUntil
    change_days: tuple[int, ...]
    order_dependent: tuple[str, ...]
    limits: tuple[SharedLimit, ...]
    benefits: tuple[Benefit, ...]
    choices: tuple[Choice, ...]
    tables: tuple[Table, ...]
    sets: tuple[tuple[int, ...], ...]
    dates: tuple[tuple[int, ...], ...]
    lists: tuple[CodeList, ...]
    tallies: tuple[int, ...]
    claim: Section
    year: tuple[YearSection, ...]
    watch: WatchSection
    enrolment: EnrolmentSection
    outputs: Outputs
    payees: tuple[str, ...]
    warnings: tuple[Warned, ...]
    subsidies: tuple[Subsidy, ...]
    measures: tuple[Measure, ...]
    funds: tuple[Fund, ...]
    indicators: tuple[Indicator, ...]
    parameters: tuple[Parameter, ...]
    debug: tuple[Debug, ...]
    carried: tuple[Carried, ...] = field(default=(), metadata={"omitted": True})
    years: Years = field(
        default=CALENDAR, metadata={"key": "year_begins", "omitted": True}
    )
