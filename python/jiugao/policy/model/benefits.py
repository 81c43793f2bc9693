"""Benefits with how they are settled, choices, subsidies, indicators by person."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from jiugao.policy.model.expressions import Cited, Expression, Input
    from jiugao.policy.model.figures import Figure
    from jiugao.source import Span
    from jiugao.syntax.tree import Operator, Period


class SettleMode(Enum):
    """When a benefit is worked out."""

    PER_CLAIM = "per_claim"
    YEAR_END = "year_end"
    PER_CLAIM_YEAR_END_TOP_UP = "per_claim_year_end_top_up"


class RoundingMode(Enum):
    """How a part of a fen (or yuan) is settled."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    TRUNCATE = "truncate"


@dataclass(frozen=True)
class Rounding:
    """To `unit` fen (1 or 100); `each`: every claim's own amount, not the cumulative."""

    mode: RoundingMode = RoundingMode.HALF_UP
    each: bool = False
    unit: int = 1

    @property
    def holds_back(self) -> bool:
        """Whether what one claim does not get a later one may."""
        return self.unit != 1 or self.mode is RoundingMode.HALF_EVEN


@dataclass(frozen=True)
class Payee:
    """Who receives a payment where `condition` holds (None: always).

    `reimburses`: the column of what was laid out already, which the payment replaces up
    to its amount; what is above goes to the payee and does not lower the burden, or
    (`at_most`) is the person's and does.
    """

    name: str
    reimburses: Input | None
    at_most: bool
    condition: Expression | None
    span: Span


@dataclass(frozen=True)
class DueBy:
    """The last day on which a payment is in time, where `condition` holds."""

    day: Expression  # DATE
    condition: Expression | None
    span: Span


@dataclass(frozen=True)
class Part:
    """One part of a base: what is left of an expense, cut or counted from an amount.

    Of what is left after `less`: at most `cap` (至多), on each claim or (按年) total
    against total over the year; or what is above `floor` (超出).
    """

    name: str  # empty for a base that is not in parts
    expense: str
    less: tuple[str, ...]
    cap: Expression | None
    cap_by_year: bool
    floor: Expression | None
    span: Span
    # Of `less`, the benefits that may pay on one claim for another: after them what is
    # left adds up over the year and may fall below nought on a claim.
    moving: tuple[str, ...] = ()


@dataclass(frozen=True)
class Benefit:
    """One benefit, every figure a decision table (or a leaf).

    `by_standing`: some figure depends on the standing; such a benefit keeps
    accumulators per application for claims of a class on application. Not entitled in
    any one figure means the benefit does not apply to the claim at all.
    """

    name: str
    code: str
    applies: Expression | None
    expense: str
    less: tuple[str, ...]  # payments and earlier benefits taken off the expense
    base_cap: Expression | None  # 至多: base is the smaller of this and what is left
    deductible: Figure
    gate: Figure | None
    rates: Figure
    limits: Figure
    settle: SettleMode
    claw_back: bool
    rounding: Rounding
    payer: str
    actual: tuple[Input, ...]  # columns whose sum was really paid
    by_standing: bool
    cited: Cited
    span: Span
    payees: tuple[Payee, ...] = ()  # the first whose condition holds; none: the person
    due: tuple[DueBy, ...] = ()  # likewise
    base_floor: Expression | None = None  # 超出
    cap_by_year: bool = False  # 至多 … 按年
    # A base in parts: `expense` is then the first part's, `less` what any deducts.
    parts: tuple[Part, ...] = ()
    by_institution: bool = False  # the institution that treated bears it
    # Claims from this day on count in the totals, before payment begins (累计 自).
    counted_from: dt.date | None = None
    moving: tuple[str, ...] = ()  # as in a Part

    @property
    def signed(self) -> bool:
        """Whether its base may fall below nought on a claim."""
        return any(part.moving for part in self.bases)

    @property
    def bases(self) -> tuple[Part, ...]:
        """The parts of the base; one without a name where it is not in parts."""
        whole = Part(
            "", self.expense, self.less, self.base_cap, self.cap_by_year,
            self.base_floor, self.span, self.moving,
        )  # fmt: skip
        return self.parts or (whole,)

    def paid_from(self, expense: str) -> tuple[int, ...]:
        """Which parts pay out of an expense; none where the whole payment counts."""
        named = (n for n, part in enumerate(self.parts) if part.expense == expense)
        return tuple(named)


@dataclass(frozen=True)
class Whole:
    """A benefit as it was written, where its classes are the alternatives (身份 择优).

    `classes`: each class by name, with the alternative that it is.
    """

    name: str
    code: str
    classes: Mapping[str, str]


@dataclass(frozen=True)
class Choice:
    """择优: of these benefits the one that pays most; ties go to the first.

    `by` CLAIM: on every claim the highest payment is taken. YEAR: a claim pays what the
    best year so far pays more than was paid, and the year's end moves what others paid
    to the winner.
    """

    by: Period  # CLAIM | YEAR
    benefits: tuple[str, ...]  # in written order, side by side in the chain
    cited: Cited | None
    span: Span
    whole: Whole | None = None


@dataclass(frozen=True)
class Subsidy:
    """A premium subsidy on the enrolment table, stateless, one row a person.

    Pays the best alternative (择优 over the identities held on the enrolment's notice
    day, or else its begin day): `rates` share of `base`, or `fixed`; never more than
    `base`.
    """

    name: str
    code: str
    applies: Expression | None
    base: Expression
    alternatives: tuple[SubsidyAlternative, ...]
    payer: str
    rounding: Rounding
    actual: tuple[Input, ...]
    cited: Cited
    span: Span


@dataclass(frozen=True)
class SubsidyAlternative:
    """For those who hold one of `identities`: a rate of the base or a fixed amount."""

    identities: tuple[str, ...]
    rate: Expression | None
    fixed: Expression | None
    cited: Cited | None
    span: Span


@dataclass(frozen=True)
class Warning_:  # noqa: N801 - Warning is a name of Python itself
    """指标 by person and year, warned of where its target does not hold.

    The sum of `amount` over the year's claims is held against the threshold of the
    standing on the last claim's day.
    """

    name: str
    code: str
    amount: Expression
    targets: ThresholdTable
    cited: Cited
    span: Span


@dataclass(frozen=True)
class Threshold:
    """The target `sum operator amount` (NOT_OVER: warns above); None: not watched."""

    operator: Operator
    amount: Expression | None
    span: Span


@dataclass(frozen=True)
class ThresholdTable:
    """Thresholds by class name; `others` for no standing and for the rest."""

    by_class: Mapping[str, Threshold]
    others: Threshold | None
    span: Span
