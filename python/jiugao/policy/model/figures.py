"""Expenses, and figures as decision tables: deductibles, rates, limits."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass

if TYPE_CHECKING:
    from jiugao.policy.model.expressions import Cited, Expression
    from jiugao.source import Span
    from jiugao.syntax.tree import Operator, Period


@dataclass(frozen=True)
class Term:
    """条件: a condition with a name. Rules that name it hold the condition itself."""

    name: str
    cited: Cited | None
    span: Span


@dataclass(frozen=True)
class Expense:
    """A part of the bill.

    Its amount is worked out, then what is carved out of it (expenses with `out_of` =
    this one) is taken off; never below zero.
    """

    name: str
    code: str
    out_of: str | None
    amount: Expression
    cited: Cited | None
    span: Span


@dataclass(frozen=True)
class Paid:
    """Another system's payment out of an expense; an input, not recomputed."""

    name: str
    code: str
    out_of: str
    amount: Expression
    cited: Cited | None
    span: Span


@dataclass(frozen=True)
class SharedLimit:
    """A limit that several benefits draw on, of the person's benefit year."""

    name: str
    amount: Expression  # constants and parameters only
    period: Period
    cited: Cited | None
    span: Span


class SharingWay(Enum):
    """How the parts of a base use up one deductible."""

    IN_ORDER = "in_order"  # 先 甲 后 乙: on the totals, the first part first
    PRO_RATA = "pro_rata"  # 按比例: on the totals, by their sizes
    BY_DATE = "by_date"  # 按时间: as the claims come, within one in the base's order


@dataclass(frozen=True)
class Sharing:
    """`parts` in order for IN_ORDER (checked: every part once), else empty."""

    way: SharingWay
    parts: tuple[str, ...]
    span: Span


@dataclass(frozen=True)
class Deductible:
    """Marginal: only the base above `amount` counts. None: 不设."""

    amount: Expression | None
    period: Period  # YEAR | CLAIM
    span: Span
    cited: Cited | None = None
    sharing: Sharing | None = None  # of several parts, where there is an amount


@dataclass(frozen=True)
class Gate:
    """All or nothing: pays only once the base reaches (AT_LEAST) or passes (OVER)."""

    amount: Expression
    operator: Operator
    period: Period
    span: Span
    cited: Cited | None = None


@dataclass(frozen=True)
class Band:
    """Base from `lower` to `upper` (None: no end) is paid at `rate`."""

    lower: Expression
    upper: Expression | None
    rate: Expression
    span: Span


@dataclass(frozen=True)
class Rates:
    """Bands, or a plain rate: one band from 0 without end, for which `by` says nothing.

    Positions are on the year's base (deductible included) or on the claim's own.
    """

    bands: tuple[Band, ...]
    by: Period  # YEAR | CLAIM
    span: Span
    cited: Cited | None = None


@dataclass(frozen=True)
class PartRate:
    """The rate of one part."""

    part: str
    rate: Expression
    span: Span


@dataclass(frozen=True)
class PartRates:
    """A rate for every part of the base, in the base's order (once checked)."""

    rates: tuple[PartRate, ...]
    span: Span
    cited: Cited | None = None


@dataclass(frozen=True)
class Limit:
    """The most that is paid: own with its period, or drawn from the `shared` one.

    Amount None: 不设, or the shared limit's own.
    """

    amount: Expression | None
    period: Period
    shared: str | None
    span: Span
    cited: Cited | None = None


@dataclass(frozen=True)
class Fixed:
    """定额: the amount itself (premium subsidies)."""

    amount: Expression
    span: Span
    cited: Cited | None = None


@dataclass(frozen=True)
class NotEntitled:
    """不享受: the benefit does not apply here."""

    span: Span


Value = Deductible | Gate | Rates | PartRates | tuple[Limit, ...] | Fixed


@dataclass(frozen=True)
class Arm:
    """One row of a decision table.

    `keys`: code texts, class names, or booleans; `others` for 其余. Checked: no two arms
    match, every value has one (for a standing, "no standing" is always not entitled).
    """

    keys: frozenset[str | bool]
    others: bool
    body: Table | Leaf | NotEntitled
    span: Span


@dataclass(frozen=True)
class Table:
    """按 subject: choose the arm that holds the subject's value.

    The subject is a StandingRef, a CODE InputRef or any FLAG expression; tables by a
    reading are decided by now. A tilt is a Table on HoldsIdentity with arms True and
    False.
    """

    subject: Expression
    arms: tuple[Arm, ...]
    span: Span


@dataclass(frozen=True)
class Leaf:
    """The figure in force where the tables above lead."""

    value: Value
    span: Span


Figure = Table | Leaf | NotEntitled
