"""What a policy names before it pays: days in force, persons, inputs, figures, expenses."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass

if TYPE_CHECKING:
    from jiugao.source import Span
    from jiugao.syntax.tree.expressions import (
        Citation,
        Date,
        Expression,
        Name,
        Operator,
        Period,
    )


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
    """年度 自然年度 | 自 start 按 结算时间: which year a claim's totals belong to."""

    span: Span
    start: Date | Name | None  # its month and day begin a year; None: 1 January
    by: Name
    condition: Expression | None = None  # 当 READING 是 …: under that reading only


@dataclass(frozen=True)
class CarriedTotal:
    """new = old: what is named here goes on from what the other policy calls so."""

    span: Span
    name: Name
    old: Name  # a code of a benefit or an indicator there, or the name of a limit


@dataclass(frozen=True)
class Carried:
    """承接 name (code) [当 …] { new = old }: totals of a policy that this one replaces."""

    span: Span
    name: Name
    code: str
    totals: tuple[CarriedTotal, ...]
    condition: Expression | None = None  # 当 READING 是 …: under that reading only
    citation: Citation | None = None


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


class Lock(Enum):
    """Who may give a parameter or a list no other value than the one written."""

    EVERYONE = "everyone"  # 锁定
    OVERLAYS = "overlays"  # 对细则锁定: --set may, whoever runs the policy itself


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
    lock: Lock | None = None
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
    lock: Lock | None = None
    declared: Citation | None = None  # by the base, where an overlay names the file


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


@dataclass(frozen=True)
class NotComputed:
    """不计算 LC-5.2 "reason"."""

    span: Span
    clauses: tuple[str, ...]
    reason: str
