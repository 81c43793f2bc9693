"""What a rule says of one claim, one person or one day, and where it is written."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass

if TYPE_CHECKING:
    import datetime as dt
    from fractions import Fraction

    from jiugao.source import Span


class Unit(Enum):
    """What a literal counts; the lexer reads it off the unit that ends the amount."""

    MONEY = "money"  # 5000元, 1.5万元: value in yuan
    RATE = "rate"  # 70%: value 7/10
    POINTS = "points"  # 5个百分点: value 1/20
    COUNT = "count"  # 12
    TEXT = "text"
    FLAG = "flag"  # 是, 否


class Period(Enum):
    """Over what a deductible or a limit is counted."""

    YEAR = "year"  # 年度, 每人每年
    CLAIM = "claim"  # 每次
    LIFETIME = "lifetime"  # 终身


class Operator(Enum):
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


@dataclass(frozen=True)
class Citation:
    """依据 "三（四）1" 条款 LC-3.5, LC-3.6."""

    span: Span
    text: str
    clauses: tuple[str, ...]
