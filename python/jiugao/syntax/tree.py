"""The syntax tree: what the author wrote, with places, before any name means anything.

One node a construct, the same for both spellings. Amounts are exact: money in yuan,
rates as fractions of one, both `Fraction`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from fractions import Fraction

    from jiugao.source import Span


class Unit(StrEnum):
    """What a literal counts; the lexer reads it off the unit that ends the amount."""

    MONEY = "money"  # 5000元, 1.5万元: value in yuan
    RATE = "rate"  # 70%: value 7/10
    POINTS = "points"  # 5个百分点: value 1/20
    COUNT = "count"  # 12
    TEXT = "text"
    FLAG = "flag"  # 是, 否


class Period(StrEnum):
    """Over what a deductible or a limit is counted."""

    YEAR = "year"  # 年度, 每人每年
    CLAIM = "claim"  # 每次
    LIFETIME = "lifetime"  # 终身


class Operator(StrEnum):
    """Operators of the one expression grammar, for amounts and conditions."""

    ADD = "+"
    SUB = "-"
    MUL = "*"
    DIV = "/"
    AND = "and"
    OR = "or"
    IS = "is"
    IN = "in"
    OVER = "over"  # 超过 >
    NOT_OVER = "not_over"  # 不超过 <=
    AT_LEAST = "at_least"  # 达到, 不低于 >=
    BELOW = "below"  # 低于 <
    BEFORE = "before"  # 早于
    AFTER = "after"  # 晚于


# --- expressions -----------------------------------------------------------------------


@dataclass(frozen=True)
class Name:
    """A name as written; `quoted` when it stood in 「」."""

    span: Span
    text: str
    quoted: bool = False


@dataclass(frozen=True)
class Literal:
    """An exact amount, a text or a truth value."""

    span: Span
    unit: Unit
    value: Fraction | str | bool


@dataclass(frozen=True)
class Date:
    """A calendar day."""

    span: Span
    value: dt.date


@dataclass(frozen=True)
class Duration:
    """12个月, 30日, 2年."""

    span: Span
    count: int
    unit: str  # "day" | "month" | "year"


@dataclass(frozen=True)
class Binary:
    """`left operator right`."""

    span: Span
    operator: Operator
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Not:
    """非 condition."""

    span: Span
    operand: Expression


@dataclass(frozen=True)
class Members:
    """A、B、C (in brackets after 属于): names or literals."""

    span: Span
    items: tuple[Expression, ...]


@dataclass(frozen=True)
class When:
    """`value 当 condition`: the value where the condition holds, else nothing (0)."""

    span: Span
    value: Expression
    condition: Expression


@dataclass(frozen=True)
class AtMost:
    """`value 至多 cap`: the smaller of the two."""

    span: Span
    value: Expression
    cap: Expression


@dataclass(frozen=True)
class InExcessOf:
    """`value 超出 floor`: by how much the value is more than the other, else nothing."""

    span: Span
    value: Expression
    floor: Expression


@dataclass(frozen=True)
class LastYear:
    """`上年 NAME`: a dated figure as of the year before the benefit year."""

    span: Span
    name: Name


@dataclass(frozen=True)
class LevelRange:
    """`县级以上` as a key of a table: this code and (`upward`) those after it.

    县级以下 is this code and those before it, in the order in which the input lists them.
    """

    span: Span
    level: Name
    upward: bool


@dataclass(frozen=True)
class Total:
    """`合计 amount`, `计数 全部` or `计数 (condition)`: over the rows of a group."""

    span: Span
    counted: bool
    value: Expression | None  # of a count: the condition; None: 全部


@dataclass(frozen=True)
class YearOnYear:
    """`同比 total`: by how much it grew since the year before."""

    span: Span
    value: Expression


Expression = (
    Name | Literal | Date | Duration | Binary | Not | Members | When | AtMost | InExcessOf
    | LastYear | LevelRange | Total | YearOnYear
)  # fmt: skip


# --- where it is written ---------------------------------------------------------------


@dataclass(frozen=True)
class Citation:
    """依据 "三（四）1" 条款 LC-3.5, LC-3.6."""

    span: Span
    text: str
    clauses: tuple[str, ...]


# --- policy head -----------------------------------------------------------------------


@dataclass(frozen=True)
class Force:
    """施行 start [至 end] [，追溯 lookback] [，累计 自 counted].

    A name is a parameter that gives the day.
    """

    span: Span
    start: Date | Name
    end: Date | Name | None
    lookback: Date | None
    clauses: tuple[str, ...] = ()
    condition: Expression | None = (
        None  # 当 READING 是 …: in force under that reading only
    )
    citation: Citation | None = None  # its clauses are also in `clauses`
    counted: Date | None = None  # 累计 自: totals begin before payment does


@dataclass(frozen=True)
class Year:
    """年度 自然年度 按 结算时间: which year a claim's totals belong to."""

    span: Span
    kind: str  # "calendar"
    by: Name


@dataclass(frozen=True)
class StandingRow:
    """One line of a standing table; earlier lines are higher."""

    span: Span
    name: Name
    identities: tuple[Name, ...]
    excepted: tuple[Name, ...]
    on_application: bool
    lookback_months: int | None
    once_a_year: bool
    citation: Citation | None
    condition: Expression | None = (
        None  # 当 READING 是 …: a row under that reading only
    )
    unclassed_only: bool = False  # 追溯 … 不含他类
    lifetime: bool = False  # 终身: labels for life, whatever days stand beside them


@dataclass(frozen=True)
class Standing:
    """身份 NAME 就高不重复 { rows }."""

    span: Span
    name: Name
    highest_only: bool
    rows: tuple[StandingRow, ...]
    citation: Citation | None = None
    best_of: Period | None = None  # 择优 按次 (CLAIM) | 按年 (YEAR) in its place


@dataclass(frozen=True)
class Code:
    """One code of a coded input with its label: `21 普通住院`."""

    span: Span
    value: str
    label: Name


@dataclass(frozen=True)
class Input:
    """输入 label (column [或 spelling]): kind [缺省 default] [来自 table] [{ codes }]."""

    span: Span
    name: Name
    column: str
    # 金额 money | 是否 flag | 代码 code | 日期 date | 数 count | 文本 text; words whose
    # place gives them away (kind, table, what an indicator counts by) are held in Chinese.
    kind: Name
    default: Expression | None
    table: Name | None  # 来自 机构 / 参保 ...; None = claims
    codes: tuple[Code, ...]
    citation: Citation | None
    alternatives: tuple[str, ...] = ()  # other spellings of the column: (a 或 b)
    ascending: bool = False  # 由低到高: its codes stand in order, the lowest first
    via: Name | None = None  # 来自 机构 按 column: found by another code of the claim


@dataclass(frozen=True)
class DatedValue:
    """One period of a dated parameter: 自 start [至 end]: value [公布 day]."""

    span: Span
    start: Date | None
    end: Date | None
    value: Expression
    published: Date | None
    citation: Citation | None


@dataclass(frozen=True)
class Bound:
    """不低于 | 不超过 value: no value of the parameter goes beyond it."""

    span: Span
    operator: Operator  # AT_LEAST | NOT_OVER
    value: Expression


@dataclass(frozen=True)
class Advice:
    """提示 "text": what an overlay that sets the parameter is told."""

    span: Span
    text: str


@dataclass(frozen=True)
class Parameter:
    """参数 name = value | 待定 | value 可选 a、b | { dated rows }."""

    span: Span
    name: Name
    code: str | None
    values: tuple[DatedValue, ...]  # empty: 待定
    kind: Name | None  # for 待定: 金额, 比例, 日期, 是否
    options: tuple[Name, ...]  # a reading (口径): one of these
    assumption: str | None  # 假定 "why": a figure that no circular gives
    citation: Citation | None
    bounds: tuple[Bound, ...] = ()
    locked: bool = False  # 锁定: the value written is the only one
    advice: Advice | None = None
    declared: Citation | None = None  # by the base, where an overlay sets it


@dataclass(frozen=True)
class NameList:
    """名录 name = a、b、c: a named set of codes, expenses or payments."""

    span: Span
    name: Name
    members: tuple[Name, ...]
    citation: Citation | None


@dataclass(frozen=True)
class Term:
    """条件 name = condition: a condition that several rules name."""

    span: Span
    name: Name
    condition: Expression
    citation: Citation | None


@dataclass(frozen=True)
class FileName:
    """The file of a list, as written: 来自 "lists/drugs.csv"."""

    span: Span
    text: str


@dataclass(frozen=True)
class CodeList:
    """名录 name 来自 "file" | = 待定: codes with dates, in a file of their own."""

    span: Span
    name: Name
    file: FileName | None  # None: 待定
    citation: Citation | None


@dataclass(frozen=True)
class Expense:
    """费用 name [(code)] [从 whole] = amount."""

    span: Span
    name: Name
    code: str | None
    out_of: Name | None
    amount: Expression
    citation: Citation | None


@dataclass(frozen=True)
class Paid:
    """已付 name 从 expense = amount: what another system paid."""

    span: Span
    name: Name
    code: str | None
    out_of: Name
    amount: Expression
    citation: Citation | None


@dataclass(frozen=True)
class SharedLimit:
    """限额 name amount 每人每年: a limit that several benefits draw on."""

    span: Span
    name: Name
    amount: Expression | None
    period: Period
    citation: Citation | None


# --- benefits --------------------------------------------------------------------------


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


@dataclass(frozen=True)
class TiltEdit:
    """One amendment of a tilt: 起付线 降低 50%, 各段 提高 5个百分点, 年度限额 不设."""

    span: Span
    figure: str  # "deductible" | "bands" | "rate" | "limit"
    change: str  # "raised" | "lowered" | "none" | "set"
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
    """收款方 name [归垫 outlay] [当 condition]: who receives the payment.

    With `reimbursing` it makes good what that column says was already laid out.
    """

    span: Span
    name: Name
    reimbursing: Name | None
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


# --- funds -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Pooled:
    """统筹 按 县 | 市 [当 reading]: a statement for each area; without it one for all."""

    span: Span
    level: Name
    condition: Expression | None


@dataclass(frozen=True)
class Headcount:
    """计数 name [于 day] [当 condition] [后续 全额 | 按月 | 按日 | 不计]: of the enrolled."""

    span: Span
    name: Name
    as_of: Expression | None
    condition: Expression | None
    later: Name | None
    citation: Citation | None


@dataclass(frozen=True)
class Reckoned:
    """name = amount: what the shares of a fund are worked out from."""

    span: Span
    name: Name
    amount: Expression
    citation: Citation | None


@dataclass(frozen=True)
class SharePart:
    """承保机构 50%: who bears (or gets) what part."""

    span: Span
    name: Name
    share: Expression


@dataclass(frozen=True)
class ShareBand:
    """[edge:] parts. Without edges the one band is the whole amount."""

    span: Span
    edged: bool
    lower: Expression | None
    upper: Expression | None
    parts: tuple[SharePart, ...]


@dataclass(frozen=True)
class Share:
    """分担 name = amount [占 base] { parts, or bands of parts }."""

    span: Span
    name: Name
    amount: Expression
    of: Expression | None
    bands: tuple[ShareBand, ...]
    citation: Citation | None


FundRow = Pooled | Headcount | Reckoned | Share


@dataclass(frozen=True)
class Fund:
    """基金 name (code) { rows }."""

    span: Span
    name: Name
    code: str | None
    rows: tuple[FundRow, ...]
    citation: Citation | None


@dataclass(frozen=True)
class NotComputed:
    """不计算 LC-5.2 "reason"."""

    span: Span
    clauses: tuple[str, ...]
    reason: str


# --- examples --------------------------------------------------------------------------


# What a row's answer may tell beside amounts: token of the word -> its name in the tree.
ANSWERED = {"PAYEE": "收款方", "DUE_BY": "期限"}


@dataclass(frozen=True)
class Assignment:
    """`name amount` in an example."""

    span: Span
    name: Name
    value: Expression
    part: Name | None = None  # of a fund's share `name`: this bearer's part
    last_year: bool = False  # 上年 name amount, of a fund


@dataclass(frozen=True)
class ExampleIdentity:
    """身份 a、b [自 day] [至 day]."""

    span: Span
    identities: tuple[Name, ...]
    start: Date | None
    end: Date | None


@dataclass(frozen=True)
class ExampleApplication:
    """申请 day identity."""

    span: Span
    date: Date
    identity: Name


@dataclass(frozen=True)
class ExampleClaim:
    """结算 [label] day kind，name amount，... [应得 name amount，...]."""

    span: Span
    label: str | None  # 结算 "甲" 2023-03-01 ...
    date: Date
    facts: tuple[Name | Assignment, ...]  # a bare name is a code's label or a true flag
    expected: tuple[Assignment, ...]


@dataclass(frozen=True)
class ExampleReversal:
    """撤销 "甲" day [应得 ...]."""

    span: Span
    label: str
    date: Date
    expected: tuple[Assignment, ...]


@dataclass(frozen=True)
class ExampleEnrolment:
    """参保 day，个人缴费 380元 [应得 ...]."""

    span: Span
    date: Date
    facts: tuple[Name | Assignment, ...]
    expected: tuple[Assignment, ...]


@dataclass(frozen=True)
class ExampleExpectation:
    """[年终] 应得 name amount，...: over all rows of the case, or at the close of a year."""

    span: Span
    year_end: bool
    year: int | None
    expected: tuple[Assignment, ...]


@dataclass(frozen=True)
class ExampleSetting:
    """参数 name = value: a reading or an open figure set for this case.

    As an item (算例 参数 …) it is set for every case that does not set it itself.
    """

    span: Span
    name: Name
    value: Expression


@dataclass(frozen=True)
class ExampleList:
    """名录 name 来自 "file": an open list given for this case.

    As an item (算例 名录 …) it is given for every case that does not give it itself.
    """

    span: Span
    name: Name
    file: FileName


@dataclass(frozen=True)
class ExampleFund:
    """基金 name [2018年]，参保人数 9000，… 应得 …: a year of a fund from given totals."""

    span: Span
    name: Name
    year: int | None
    facts: tuple[Name | Assignment, ...]
    expected: tuple[Assignment, ...]


ExampleLine = (
    ExampleIdentity | ExampleApplication | ExampleClaim | ExampleReversal
    | ExampleEnrolment | ExampleExpectation | ExampleSetting | ExampleList | ExampleFund
)  # fmt: skip


@dataclass(frozen=True)
class Example:
    """算例 "title" { lines }: a case with its answer."""

    span: Span
    title: str
    lines: tuple[ExampleLine, ...]


Item = (
    Citation | Force | Year | Standing | Input | Parameter | NameList | CodeList | Term
    | Expense | Paid | SharedLimit | Benefit | Choice | Fund | Indicator | NotComputed
    | Example | ExampleSetting | ExampleList
)  # fmt: skip


@dataclass(frozen=True)
class Policy:
    """方案 name (code) [属于 main] { items }; 属于 joins the items to another policy."""

    span: Span
    name: Name
    code: str
    part_of: str | None
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Overlay:
    """细则 name (code) 继承 base { items }: a base with parameters and lists of a place.

    The base is told by its code (a file beside this one) or by where it is.
    """

    span: Span
    name: Name
    code: str
    base: Name | FileName
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Profile:
    """数据标准 name (code) { inputs and lists }: the columns every policy may name."""

    span: Span
    name: Name
    code: str
    items: tuple[Input | NameList, ...]


Block = Policy | Profile | Overlay


@dataclass(frozen=True)
class Comment:
    """A comment and where it stands, kept for the formatter."""

    span: Span
    text: str


@dataclass(frozen=True)
class Document:
    """One `.rules` file."""

    span: Span
    policies: tuple[Block, ...]
    comments: tuple[Comment, ...]
