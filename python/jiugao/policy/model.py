"""The checked policy: names resolved, kinds known, tables complete, the chain in order.

Every later room reads this and nothing earlier: lowering makes a program of it, the
second evaluator in the tests runs it in fractions, explanations and clause tables cite
it. Amounts are exact `Fraction`s: money in fen, rates as fractions of one.

Figures (deductible, rates, limits) are decision tables whose subjects are things of a
claim's own day; the leaves hold only constants and dated parameters, so that a program
can enumerate them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from fractions import Fraction

    from jiugao.policy.fund_model import ExampleFund, Fund, Indicator
    from jiugao.source import Source, Span
    from jiugao.syntax.tree import Operator, Period


class Kind(StrEnum):
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


# --- inputs, parameters ----------------------------------------------------------------


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


# --- expressions (typed) ---------------------------------------------------------------


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

    `last_year`: the value in force on 31 December of the year before the benefit year.
    """

    kind: Kind
    parameter: Parameter
    span: Span
    last_year: bool = False


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


# --- who -------------------------------------------------------------------------------


@dataclass(frozen=True)
class OnApplication:
    """依申请 追溯 n个月 每年一次: accumulators of its own for each application.

    With `unclassed_only` (不含他类) a claim before the application's day counts only if the
    person was in no class on the claim's own day.
    """

    lookback_months: int
    once_a_year: bool
    unclassed_only: bool = False


@dataclass(frozen=True)
class Class:
    """One class of the standing table; the first that a person is in wins.

    A person is in it on a day with any of `identities` and none of `excepted`. For a
    class on application, `identities` name what the application asks for. With
    `lifetime` (终身) `identities` are labels for life: held on every day, whatever days the
    people table says; who has labels of two such classes cannot be settled.
    """

    name: str
    identities: tuple[str, ...]
    excepted: tuple[str, ...]
    on_application: OnApplication | None
    cited: Cited | None
    span: Span
    lifetime: bool = False


@dataclass(frozen=True)
class Standing:
    """The standing table, highest class first (就高不重复)."""

    name: str
    classes: tuple[Class, ...]
    cited: Cited | None
    span: Span


# --- money -----------------------------------------------------------------------------


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


# --- figures ---------------------------------------------------------------------------


class SharingWay(StrEnum):
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


class SettleMode(StrEnum):
    """When a benefit is worked out."""

    PER_CLAIM = "per_claim"
    YEAR_END = "year_end"
    PER_CLAIM_YEAR_END_TOP_UP = "per_claim_year_end_top_up"


class RoundingMode(StrEnum):
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


@dataclass(frozen=True)
class Payee:
    """Who receives a payment where `condition` holds (None: always).

    `reimburses`: the column of what was laid out already, which the payment replaces up
    to its amount; what is above goes to the payee and does not lower the burden.
    """

    name: str
    reimburses: Input | None
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


# --- examples --------------------------------------------------------------------------


@dataclass(frozen=True)
class ExampleRow:
    """One settlement of an example: values by input column, kinds as the inputs say."""

    label: str
    day: dt.date
    values: Mapping[str, Fraction | str | bool | dt.date]
    reverses: str | None
    expected: Mapping[str, Fraction]  # benefit name or 个人 -> fen, on this row
    span: Span
    payee: str | None = None  # expected too
    due_by: dt.date | None = None


@dataclass(frozen=True)
class ExampleEnrolment:
    """One enrolment row of an example."""

    day: dt.date
    values: Mapping[str, Fraction | str | bool | dt.date]
    expected: Mapping[str, Fraction]
    span: Span


@dataclass(frozen=True)
class ExampleIdentity:
    """An identity held from … to …, both included."""

    identity: str
    start: dt.date | None
    end: dt.date | None


@dataclass(frozen=True)
class Example:
    """A case with its answer.

    `expected`: totals of all rows at the counter (benefit name, 个人 -> fen; a warning's
    name -> 1 or 0); `year_end`: by year, amounts of the close. `settings`: parameters set
    for this case, which is then compiled with them.
    """

    title: str
    identities: tuple[ExampleIdentity, ...]
    applications: tuple[tuple[dt.date, str], ...]
    rows: tuple[ExampleRow, ...]
    enrolments: tuple[ExampleEnrolment, ...]
    funds: tuple[ExampleFund, ...]
    expected: Mapping[str, tuple[Fraction, Span]]
    year_end: Mapping[tuple[int | None, str], tuple[Fraction, Span]]
    settings: Mapping[str, str]
    span: Span


# --- the whole -------------------------------------------------------------------------


@dataclass(frozen=True)
class Force:
    """In force from `start` to `end` (None: open), for claims from `claims_from` on.

    Claims from `counted_from` on, where there is such a day, count in totals before that.
    """

    start: dt.date
    end: dt.date | None
    claims_from: dt.date
    clauses: tuple[str, ...]
    span: Span
    counted_from: dt.date | None = None  # 累计 自: counted from, paid only later

    @property
    def first(self) -> dt.date:
        """The first day whose claims change anything."""
        return self.counted_from or self.claims_from


@dataclass(frozen=True)
class NotComputed:
    """A clause that no rule carries, and why."""

    clauses: tuple[str, ...]
    reason: str
    span: Span


@dataclass(frozen=True)
class Policy:
    """One circular, checked.

    `benefits` are in chain order (what a benefit deducts comes before it), ties in
    written order; those that the readings leave out are not there.
    """

    name: str
    code: str
    cited: Cited
    force: Force
    year_by: Input  # the DATE input that decides day, order and benefit year
    identities: tuple[str, ...]  # every identity named anywhere; position = bit number
    identity_codes: Mapping[str, str]  # code in the people table -> identity
    standing: Standing | None
    # Those that some rule reads; always with the total charge (medfee_sumamt), the
    # institution's part (hosp_part_amt), `year_by` and every fund column.
    inputs: tuple[Input, ...]
    parameters: tuple[Parameter, ...]
    expenses: tuple[Expense, ...]  # in an order in which each can be worked out
    paid: tuple[Paid, ...]
    shared_limits: tuple[SharedLimit, ...]
    benefits: tuple[Benefit, ...]
    subsidies: tuple[Subsidy, ...]
    warnings: tuple[Warning_, ...]
    funds: tuple[Fund, ...]
    indicators: tuple[Indicator, ...]  # those by institution, area, month or year
    fund_columns: tuple[Input, ...]  # fund payments on a claim row (of the profile)
    examples: tuple[Example, ...]
    not_computed: tuple[NotComputed, ...]
    sources: tuple[Source, ...]
    # Constructs ("kind:name") that make the year's total depend on the order of claims,
    # for a person whose standing stays the same in the year and whose claims are never
    # cut as "already covered". Empty: proven free of it.
    order_dependent: tuple[str, ...]
    choices: tuple[Choice, ...] = ()
    terms: tuple[Term, ...] = ()
    # Benefits that the chosen readings leave out: they carry their clauses all the same.
    left_out: tuple[Benefit, ...] = ()
    lists: tuple[CodeList, ...] = ()  # those that come from files
