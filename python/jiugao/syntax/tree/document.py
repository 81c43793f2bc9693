"""The whole of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.syntax.tree.benefits import Benefit, Choice, Indicator
from jiugao.syntax.tree.examples import Example, ExampleList, ExampleSetting
from jiugao.syntax.tree.expressions import Citation
from jiugao.syntax.tree.funds import Fund
from jiugao.syntax.tree.items import (
    Carried,
    CodeList,
    Expense,
    Force,
    Input,
    NameList,
    NotComputed,
    Paid,
    Parameter,
    SharedLimit,
    Standing,
    Term,
    Year,
)

if TYPE_CHECKING:
    from jiugao.source import Span
    from jiugao.syntax.tree.expressions import Name
    from jiugao.syntax.tree.items import FileName


Item = (
    Citation | Force | Year | Carried | Standing | Input | Parameter | NameList | CodeList | Term
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
