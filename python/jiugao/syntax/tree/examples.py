"""Examples (算例), a node a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass

if TYPE_CHECKING:
    from jiugao.source import Span
    from jiugao.syntax.tree.expressions import Date, Expression, Name
    from jiugao.syntax.tree.items import FileName


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


@dataclass(frozen=True)
class ExampleTotal:
    """A total under its name in a table of totals: "assistance.paid" 7000元."""

    span: Span
    name: str
    amount: Expression


@dataclass(frozen=True)
class ExampleCarried:
    """承接 [old_code] 至 day，"old.base" 1万元、…: what the case's year begins with.

    Without a code the totals are the policy's own.
    """

    span: Span
    code: Name | None
    until: Date
    totals: tuple[ExampleTotal, ...]


ExampleLine = (
    ExampleIdentity | ExampleApplication | ExampleClaim | ExampleReversal
    | ExampleEnrolment | ExampleExpectation | ExampleSetting | ExampleList | ExampleFund
    | ExampleCarried
)  # fmt: skip


@dataclass(frozen=True)
class Example:
    """算例 "title" { lines }: a case with its answer."""

    span: Span
    title: str
    lines: tuple[ExampleLine, ...]
