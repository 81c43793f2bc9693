"""The checked funds and indicators: what a year is summed up to, and who bears it.

Part of the checked policy (`model`). Amounts are `model.Expression`s over the figures of
a year (`model.YearFigure`), constants and parameters; money in fen.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from jiugao.policy.model import Cited, Expression, Kind, Threshold
    from jiugao.source import Span


class Pooling(Enum):
    """For what areas a fund has a statement each."""

    ALL = "all"  # one for everybody
    COUNTY = "county"  # by the region of insurance
    CITY = "city"  # by its first four digits


class Later(Enum):
    """How those count who enter after the day of the list."""

    FULL = "full"  # one head
    BY_MONTH = "by_month"  # the months left, the month of entry included, of 12
    BY_DAY = "by_day"  # the days left, the day of entry included, of the year's
    NOT_COUNTED = "not_counted"


@dataclass(frozen=True)
class Headcount:
    """Persons enrolled on a day of the year (None: its first day in force)."""

    name: str
    as_of: Expression | None  # DATE, of constants and parameters
    condition: Expression | None  # on the enrolment row
    later: Later
    cited: Cited
    span: Span

    @property
    def kind(self) -> Kind:
        """Always a count."""
        from jiugao.policy.model import Kind  # noqa: PLC0415  the two refer to each other

        return Kind.COUNT


@dataclass(frozen=True)
class Amount:
    """A figure that shares are worked out from; exact, and may be below zero."""

    name: str
    amount: Expression
    cited: Cited
    span: Span

    @property
    def kind(self) -> Kind:
        """That of the amount."""
        return self.amount.kind


@dataclass(frozen=True)
class Part:
    """What a bearer bears: a rate of the band, or an amount."""

    bearer: str
    share: Expression
    span: Span


@dataclass(frozen=True)
class Band:
    """The part of the amount from `lower` to `upper` (None: no end).

    Edges are rates of the share's base where it has one (占), else amounts.
    """

    lower: Expression
    upper: Expression | None
    parts: tuple[Part, ...]
    span: Span


@dataclass(frozen=True)
class Share:
    """An amount (below 0 counts 0), to the fen, divided among bearers."""

    name: str
    amount: Expression
    of: Expression | None
    bands: tuple[Band, ...]
    cited: Cited
    span: Span

    @property
    def kind(self) -> Kind:
        """Always money."""
        return self.amount.kind

    @property
    def bearers(self) -> tuple[str, ...]:
        """Who bears something, in written order."""
        named = (part.bearer for band in self.bands for part in band.parts)
        return tuple(dict.fromkeys(named))


Row = Headcount | Amount | Share


@dataclass(frozen=True)
class Fund:
    """A fund; rows in an order in which each can be worked out."""

    name: str
    code: str
    pooled: Pooling
    rows: tuple[Row, ...]
    cited: Cited
    span: Span

    @property
    def shares(self) -> tuple[Share, ...]:
        """What is divided."""
        return tuple(row for row in self.rows if isinstance(row, Share))


@dataclass(frozen=True)
class Total:
    """A sum of an amount over rows, or the number of rows that meet a condition."""

    name: str  # unique among the policy's totals: INDICATOR.1
    kind: Kind  # MONEY, or COUNT where `value` is a condition
    table: str  # "claims" | "enrolment"
    value: Expression
    span: Span


@dataclass(frozen=True)
class Aim:
    """The target where the subject has one of `keys`; `threshold` None: not watched.

    `pending`: watched, and no target is known (待定).
    """

    keys: frozenset[str]
    others: bool
    threshold: Threshold
    pending: bool


@dataclass(frozen=True)
class Indicator:
    """指标 by institution, area, month or year, over claims or the enrolled.

    `value` is of totals, their ratios and growth. With a `subject` (a code of the rows)
    groups are cut by it too, and each has the aim of its code.
    """

    name: str
    code: str
    table: str
    by: tuple[str, ...]  # of "institution", "area", and "month" or "year"
    totals: tuple[Total, ...]
    value: Expression
    subject: Expression | None
    aims: tuple[Aim, ...]
    cited: Cited
    span: Span


@dataclass(frozen=True)
class ExampleFund:
    """A year of a fund, from given figures: what comes of it.

    `given` and `expected` by name of a row; `last_year` by row or bearer; `expected` also
    by bearer, and by row and bearer.
    """

    fund: str
    year: int | None
    given: Mapping[str, Fraction]
    last_year: Mapping[str, Fraction]
    expected: Mapping[tuple[str, str | None], tuple[Fraction, Span]]
    span: Span
