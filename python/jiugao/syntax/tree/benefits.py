"""Benefits and what is set in them; choices and indicators."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.syntax.tree.expressions import Citation

if TYPE_CHECKING:
    from jiugao.source import Span
    from jiugao.syntax.tree.expressions import Date, Expression, Name, Operator, Period


@dataclass(frozen=True)
class Applies:
    """适用 condition."""

    span: Span
    condition: Expression


@dataclass(frozen=True)
class Base:
    """基数 expense 扣除 a、b [至多 cap [按年] | 超出 floor].

    `amount` holds 至多 and 超出 around the expense, wherever they were written.
    """

    span: Span
    amount: Expression
    less: tuple[Name, ...]
    by_year: bool = False  # 按年: 至多 holds the year's totals against each other


@dataclass(frozen=True)
class BasePart:
    """name: expense 扣除 … — one part of a base in parts."""

    span: Span
    name: Name
    base: Base


@dataclass(frozen=True)
class BaseParts:
    """基数 { parts }."""

    span: Span
    parts: tuple[BasePart, ...]


@dataclass(frozen=True)
class Counting:
    """累计 自 start [当 reading]: this benefit's totals begin before payment does."""

    span: Span
    start: Date
    condition: Expression | None


@dataclass(frozen=True)
class Sharing:
    """先 甲 后 乙 | 按比例 | 按时间: how parts use up one deductible."""

    span: Span
    way: str  # "in_order" | "pro_rata" | "by_date"
    parts: tuple[Name, ...] = ()


@dataclass(frozen=True)
class Deductible:
    """起付线: amount None is 不设; period None was not written (an error later)."""

    span: Span
    amount: Expression | None
    period: Period | None
    sharing: Sharing | None = None


@dataclass(frozen=True)
class Gate:
    """门槛: all or nothing, at (达到) or over (超过) an amount."""

    span: Span
    amount: Expression
    operator: Operator
    period: Period | None


@dataclass(frozen=True)
class Rate:
    """比例 r."""

    span: Span
    rate: Expression


@dataclass(frozen=True)
class PartRate:
    """目录内 90%."""

    span: Span
    part: Name
    rate: Expression


@dataclass(frozen=True)
class PartRates:
    """比例 目录内 90%，目录外 70%."""

    span: Span
    rates: tuple[PartRate, ...]


@dataclass(frozen=True)
class Band:
    """One row of bands: from `lower` (None: from where the row before ends) to `upper`."""

    span: Span
    lower: Expression | None
    upper: Expression | None
    rate: Expression


@dataclass(frozen=True)
class Bands:
    """分段 累计 | 每次 { rows }."""

    span: Span
    by: Period | None  # YEAR: position on the year's base; CLAIM: on the claim's own
    rows: tuple[Band, ...]


@dataclass(frozen=True)
class Limit:
    """限额: an own one with its period, or names of shared ones; amount None is 不设."""

    span: Span
    amount: Expression | None
    period: Period | None
    shared: tuple[Name, ...] = ()


@dataclass(frozen=True)
class Fixed:
    """定额 amount."""

    span: Span
    amount: Expression


@dataclass(frozen=True)
class NotEntitled:
    """不享受."""

    span: Span


@dataclass(frozen=True)
class ByRow:
    """`key、key: settings` of a table; keys empty is 其余."""

    span: Span
    keys: tuple[Expression, ...]
    settings: tuple[Setting, ...]
    citation: Citation | None = None


@dataclass(frozen=True)
class By:
    """[figure] 按 subject { rows }: the one table, the only conditional.

    `figure` is "rate", "deductible", "limit", ... where the table follows a figure's
    keyword (比例 按 级别 {...}); its rows then hold that one figure.
    """

    span: Span
    figure: str | None
    subject: Expression
    rows: tuple[ByRow, ...]


class Change(Enum):
    """What a tilt does to a figure; the value is the keyword's token."""

    RAISED = "RAISED"
    LOWERED = "LOWERED"
    NONE = "UNSET"
    SET = ""  # 比例 80%: no word


@dataclass(frozen=True)
class TiltEdit:
    """One amendment of a tilt: 起付线 降低 50%, 各段 提高 5个百分点, 年度限额 不设."""

    span: Span
    figure: str  # "deductible" | "bands" | "rate" | "limit"
    change: Change
    amount: Expression | None
    period: Period | None


@dataclass(frozen=True)
class Tilt:
    """倾斜 who { edits }: better figures for those who hold one of these identities."""

    span: Span
    who: tuple[Name, ...]
    edits: tuple[TiltEdit, ...]
    citation: Citation | None


@dataclass(frozen=True)
class Settle:
    """结算 按次 | 年终 | 按次，年终补差 [多退少补]."""

    span: Span
    mode: str  # "per_claim" | "year_end" | "per_claim_year_end_top_up"
    claw_back: bool = False


@dataclass(frozen=True)
class Rounding:
    """舍入: half_up | half_even | truncate, cumulative or each claim, fen or yuan."""

    span: Span
    mode: str
    each: bool
    unit: str  # "fen" | "yuan"


@dataclass(frozen=True)
class Payer:
    """支付方 name."""

    span: Span
    name: Name


@dataclass(frozen=True)
class Payee:
    """收款方 name [归垫 [至多] outlay] [当 condition]: who receives the payment.

    With `reimbursing` it makes good what that column says was already laid out;
    `at_most`: and what is above is the person's.
    """

    span: Span
    name: Name
    reimbursing: Name | None
    at_most: bool
    condition: Expression | None


@dataclass(frozen=True)
class DueBy:
    """期限 day [当 condition]: the last day on which the payment is in time."""

    span: Span
    day: Expression
    condition: Expression | None


@dataclass(frozen=True)
class Actual:
    """实付 columns: what was really paid, for reconciliation."""

    span: Span
    amount: Expression


@dataclass(frozen=True)
class Replaces:
    """代替 已付 name 当 condition: this benefit computes what is otherwise given."""

    span: Span
    name: Name
    condition: Expression


@dataclass(frozen=True)
class BestOf:
    """择优: of the identities or alternatives, the one that pays most."""

    span: Span
    by: Period | None


Setting = (
    Citation | Applies | Base | BaseParts | Deductible | Gate | Rate | PartRates | Bands
    | Limit | Fixed | NotEntitled | By | Tilt | Settle | Rounding | Payer | Payee | DueBy
    | Actual | Replaces | BestOf | Counting
)  # fmt: skip


@dataclass(frozen=True)
class Benefit:
    """待遇 name (code) { settings }; `table` 参保 for a premium subsidy."""

    span: Span
    name: Name
    code: str | None
    table: Name | None
    settings: tuple[Setting, ...]


@dataclass(frozen=True)
class Choice:
    """择优 按次|按年 { a、b }: of these benefits the one that pays most."""

    span: Span
    by: Period  # CLAIM | YEAR
    benefits: tuple[Name, ...]
    citation: Citation | None


@dataclass(frozen=True)
class Indicator:
    """指标 name (code) 按 人、年 = totals，目标 [按 subject { rows }]: watched."""

    span: Span
    name: Name
    code: str | None
    by: tuple[Name, ...]
    amount: Expression  # of totals (合计, 计数), their ratios and growth
    target: Target | TargetTable
    citation: Citation | None


@dataclass(frozen=True)
class Target:
    """不超过 50% × 上年 收入: the indicator warns where this does not hold."""

    span: Span
    operator: Operator
    amount: Expression | None  # None: 不享受, not watched
    pending: bool = False  # 待定: watched, and no target is known yet


@dataclass(frozen=True)
class TargetRow:
    """`key: target`; keys empty is 其余."""

    span: Span
    keys: tuple[Expression, ...]
    target: Target


@dataclass(frozen=True)
class TargetTable:
    """目标 按 subject { rows }."""

    span: Span
    subject: Expression
    rows: tuple[TargetRow, ...]
