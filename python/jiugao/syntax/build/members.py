"""What a rule matched comes in; its parts by sort go out."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from jiugao.dataclass import dataclass
from jiugao.source import Source, Span
from jiugao.syntax import tree
from jiugao.syntax.tokens import Token
from jiugao.syntax.wording import words_for

if TYPE_CHECKING:
    from jiugao.diagnostics import Diagnostics

T = TypeVar("T")


class Members(list[object]):
    """The tokens and nodes of one rule, in written order."""

    def every(self, kind: type[T]) -> tuple[T, ...]:
        """All members of a sort."""
        return tuple([m for m in self if isinstance(m, kind)])

    def maybe(self, kind: type[T]) -> T | None:
        """The first member of a sort, if there is one."""
        for member in self:
            if isinstance(member, kind):
                return member
        return None

    def one(self, kind: type[T]) -> T:
        """The first member of a sort, which the grammar makes sure of."""
        found = self.maybe(kind)
        assert found is not None, kind
        return found

    def expressions(self) -> tuple[tree.Expression, ...]:
        """All members that are expressions."""
        return tuple([m for m in self if isinstance(m, tree.Expression)])

    def expression(self) -> tree.Expression | None:
        """The first member that is an expression."""
        return next(iter(self.expressions()), None)

    def day(self) -> tree.Date | tree.Name:
        """The first day, written out or by the name of the parameter that gives it."""
        return next(m for m in self if isinstance(m, tree.Date | tree.Name))

    def token(self, *kinds: str) -> Token | None:
        """The first token of one of these kinds."""
        for member in self:
            if isinstance(member, Token) and member.type in kinds:
                return member
        return None

    def has(self, *kinds: str) -> bool:
        """Whether there is a token of one of these kinds."""
        return self.token(*kinds) is not None


@dataclass(frozen=True)
class Context:
    """What every building function may need: the source, and where to report."""

    source: Source
    found: Diagnostics

    def span(self, token: Token) -> Span:
        """Where a token stands."""
        return Span(self.source, token.start, token.end)

    def twice(self, span: Span, token: str) -> None:
        """Report what stands twice, by the words for a kind of token."""
        zh, en = words_for(token)
        self.found.add("E123", span, word_zh=zh, word_en=en)


# Parts that only the rule around them understands.


@dataclass(frozen=True)
class Clauses:
    """条款 ids."""

    ids: tuple[str, ...]


@dataclass(frozen=True)
class Coded:
    """(code): the English name."""

    text: str


@dataclass(frozen=True)
class Columns:
    """(column 或 spelling)."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class PartOf:
    """属于 main."""

    text: str


@dataclass(frozen=True)
class Extended:
    """The base of an overlay."""

    base: tree.Name | tree.FileName


@dataclass(frozen=True)
class Names:
    """Names joined by 、."""

    items: tuple[tree.Name, ...]


@dataclass(frozen=True)
class Excepted:
    """除外 names."""

    items: tuple[tree.Name, ...]


@dataclass(frozen=True)
class Options:
    """可选 names."""

    items: tuple[tree.Name, ...]


@dataclass(frozen=True)
class Less:
    """扣除 names."""

    items: tuple[tree.Name, ...]


@dataclass(frozen=True)
class Start:
    """自 day."""

    date: tree.Date


@dataclass(frozen=True)
class End:
    """至 day."""

    date: tree.Date


@dataclass(frozen=True)
class Until:
    """至 day, or the parameter that gives the day."""

    day: tree.Date | tree.Name


@dataclass(frozen=True)
class Beginning:
    """自 day, or the parameter that gives the day."""

    day: tree.Date | tree.Name


@dataclass(frozen=True)
class Lookback:
    """追溯 day."""

    date: tree.Date


@dataclass(frozen=True)
class Counted:
    """累计 自 day."""

    date: tree.Date


@dataclass(frozen=True)
class Published:
    """公布 day."""

    date: tree.Date


@dataclass(frozen=True)
class Months:
    """追溯 12个月 [不含他类]."""

    count: int
    unclassed_only: bool


@dataclass(frozen=True)
class Condition:
    """当 condition."""

    expression: tree.Expression


@dataclass(frozen=True)
class Kind:
    """金额, 代码 …."""

    name: tree.Name


@dataclass(frozen=True)
class Table:
    """来自 table, or 按 table."""

    name: tree.Name


@dataclass(frozen=True)
class Via:
    """按 column: the code by which another table is looked up."""

    name: tree.Name


@dataclass(frozen=True)
class Outlay:
    """归垫 [至多] column."""

    name: tree.Name
    at_most: bool


@dataclass(frozen=True)
class Default:
    """缺省 value."""

    value: tree.Expression


@dataclass(frozen=True)
class Codes:
    """{ code rows }."""

    rows: tuple[tree.Code, ...]


@dataclass(frozen=True)
class Given:
    """= value."""

    value: tree.Expression


@dataclass(frozen=True)
class ToBeSet:
    """= 待定 (kind)."""

    kind: tree.Name | None


@dataclass(frozen=True)
class Assumed:
    """假定 "why"."""

    text: str


@dataclass(frozen=True)
class DatedValues:
    """{ dated rows }."""

    rows: tuple[tree.DatedValue, ...]


@dataclass(frozen=True)
class Keys:
    """The keys of a table's row; none: 其余."""

    items: tuple[tree.Expression, ...]


@dataclass(frozen=True)
class Edge:
    """From where to where a band goes."""

    lower: tree.Expression | None
    upper: tree.Expression | None


@dataclass(frozen=True)
class Cap:
    """至多 amount [按年] or (`over`) 超出 amount, after 扣除."""

    amount: tree.Expression
    over: bool = False
    by_year: bool = False


@dataclass(frozen=True)
class FigureRow:
    """A row of a table that follows a figure's keyword; the figure decides later."""

    span: Span
    keys: tuple[tree.Expression, ...]
    members: Members


@dataclass(frozen=True)
class FigureTable:
    """按 subject { rows } after a figure's keyword."""

    span: Span
    subject: tree.Expression
    rows: tuple[FigureRow, ...]


@dataclass(frozen=True)
class Facts:
    """The facts of a claim or an enrolment."""

    items: tuple[tree.Name | tree.Assignment, ...]


@dataclass(frozen=True)
class Expected:
    """应得 on the row itself."""

    items: tuple[tree.Assignment, ...]


@dataclass(frozen=True)
class Part:
    """A bearer's part of a fund's share, in an answer."""

    name: tree.Name
    value: tree.Expression
