"""Inputs, parameters and lists, and expressions over them, typed."""

from __future__ import annotations

from dataclasses import field
from enum import Enum
from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.years import CALENDAR

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from fractions import Fraction

    from jiugao.source import Source, Span
    from jiugao.syntax.tree import Operator
    from jiugao.years import Years


class Kind(Enum):
    """What a value is; kinds never mix silently."""

    MONEY = "money"  # fen
    RATE = "rate"  # 7/10 for 70%
    COUNT = "count"
    DATE = "date"
    TEXT = "text"
    CODE = "code"  # of one input
    FLAG = "flag"
    STANDING = "standing"  # a class of the standing table


@dataclass(frozen=True)
class Cited:
    """Where a rule is written: the passage, its clause ids, and the place in the file."""

    text: str
    clauses: tuple[str, ...]
    span: Span


@dataclass(frozen=True)
class Input:
    """A column that claims (or another table) bring.

    A column of an institution that another code of the claim names (来自 机构 按 code) is
    `code.column`.

    `required`: no default, the column must be there. For CODE, `codes` maps each known
    code to its label, in written order; the position is the code's number everywhere.
    """

    name: str
    column: str
    kind: Kind
    table: str  # "claims" | "institutions" | "enrolment"
    required: bool
    default: Fraction | str | bool | dt.date | None
    codes: Mapping[str, str] = field(default_factory=dict)
    span: Span | None = None
    cited: Cited | None = None
    alternatives: tuple[str, ...] = ()  # other spellings of the column
    ascending: bool = False  # its codes stand in order, the lowest first


@dataclass(frozen=True)
class Dated:
    """A value in force from `start` to `end`, both included; None is open."""

    start: dt.date | None
    end: dt.date | None
    value: Fraction | dt.date | str | bool
    cited: Cited | None
    span: Span
    published: dt.date | None = None


@dataclass(frozen=True)
class Parameter:
    """A dated figure or a reading. A reading (options) is a constant text by now.

    Every day of the force has a value, except that the values may stop before an open
    force does (W707): a claim judged after the last of them has no figure and is
    refused, never extrapolated. `code` is its English name, for callers' settings.
    """

    name: str
    kind: Kind
    values: tuple[Dated, ...]  # ordered, without overlap
    options: tuple[str, ...]
    assumption: str | None
    to_be_set: bool  # 待定: its value came (or must come) from the caller
    cited: Cited | None
    span: Span
    code: str | None = None
    declared: Cited | None = None  # by the base, where an overlay sets it

    @property
    def option(self) -> str:
        """The option chosen, of a reading."""
        [chosen] = self.values
        return str(chosen.value)


@dataclass(frozen=True)
class Listed:
    """A code on a list from `start` to `end`, both included; None is open."""

    code: str
    label: str
    start: dt.date | None
    end: dt.date | None
    origin: str  # where the row says that it comes from
    row: int  # of the file, its line of column names being 1
    span: Span


@dataclass(frozen=True)
class CodeList:
    """A list of codes with dates (名录 … 来自); its rows by code and day.

    Periods of one code do not overlap. `source` None: 待定, and not given.
    """

    name: str
    rows: tuple[Listed, ...]
    source: Source | None
    cited: Cited | None
    span: Span
    declared: Cited | None = None  # by the base, where an overlay names the file


@dataclass(frozen=True)
class Const:
    """A constant of its kind (CODE: the code's text)."""

    kind: Kind
    value: Fraction | str | bool | dt.date
    span: Span


@dataclass(frozen=True)
class InputRef:
    """The claim's (or enrolment row's) value of an input."""

    kind: Kind
    input: Input
    span: Span


@dataclass(frozen=True)
class ParameterRef:
    """The parameter's value on the day by which the claim is judged.

    `last_year`: the value in force on the last day of the year before the benefit year,
    of which `years` are.
    """

    kind: Kind
    parameter: Parameter
    span: Span
    last_year: bool = False
    years: Years = CALENDAR

    def asked(self, day: dt.date) -> dt.date:
        """The day whose value a claim of `day` reads."""
        return self.years.before(day) if self.last_year else day

    def counts_from(self, day: dt.date) -> dt.date:
        """The claim day from which a value that begins on `day` is read."""
        return self.years.first(self.years.of(day) + 1) if self.last_year else day


@dataclass(frozen=True)
class AmountRef:
    """A claim's amount of an expense, of a payment made elsewhere, or of a benefit.

    An expense is whole, before payments; a benefit earlier in the chain is what it pays
    on this claim.
    """

    kind: Kind  # MONEY
    of: str  # "expense" | "paid" | "benefit"
    name: str
    span: Span


@dataclass(frozen=True)
class StandingRef:
    """The claim's standing: a class name, or none."""

    kind: Kind
    span: Span


@dataclass(frozen=True)
class HoldsIdentity:
    """Whether the person holds any of these identities on the day."""

    kind: Kind  # FLAG
    identities: tuple[str, ...]
    span: Span


@dataclass(frozen=True)
class DayRef:
    """The day by which the claim is judged: its date, or the application day."""

    kind: Kind  # DATE
    span: Span


@dataclass(frozen=True)
class Binary:
    """Exact arithmetic and comparisons. BEFORE/AFTER/OVER... on DATE, MONEY, COUNT, RATE.

    MUL: RATE x MONEY, COUNT x MONEY, RATE x RATE. DIV only inside indicators.
    IS compares equal kinds.
    """

    kind: Kind
    operator: Operator
    left: Expression
    right: Expression
    span: Span


@dataclass(frozen=True)
class Not:
    """Negation."""

    kind: Kind
    operand: Expression
    span: Span


@dataclass(frozen=True)
class InSet:
    """Whether a CODE, TEXT or STANDING value is one of `members`.

    Members are code texts, texts as written, or class names.
    """

    kind: Kind  # FLAG
    operand: Expression
    members: frozenset[str]
    span: Span


@dataclass(frozen=True)
class InList:
    """Whether a TEXT or CODE input is on a dated list on the day of the claim."""

    kind: Kind  # FLAG
    operand: InputRef
    listed: CodeList
    span: Span


@dataclass(frozen=True)
class Conditional:
    """`value 当 condition`, else zero."""

    kind: Kind
    value: Expression
    condition: Expression
    span: Span


@dataclass(frozen=True)
class Smaller:
    """至多: the smaller of two amounts."""

    kind: Kind
    left: Expression
    right: Expression
    span: Span


@dataclass(frozen=True)
class YearFigure:
    """A figure of a whole year or month, in funds and indicators only.

    `of`: "row" (heads, an amount or a share of the fund), "bearer" (all that it bears in
    the fund), "benefit" (what it paid), "total" (of rows of an indicator). With
    `last_year` that of the year before.
    """

    kind: Kind
    of: str
    name: str
    span: Span
    last_year: bool = False


@dataclass(frozen=True)
class Excess:
    """超出: by how much the left amount is more than the right, else nothing."""

    kind: Kind
    left: Expression
    right: Expression
    span: Span


Expression = (
    Const | InputRef | ParameterRef | AmountRef | StandingRef | HoldsIdentity | DayRef
    | Binary | Not | InSet | InList | Conditional | Smaller | Excess | YearFigure
)  # fmt: skip
