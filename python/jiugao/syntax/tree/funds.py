"""Funds: what comes in, what is paid, who bears the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass

if TYPE_CHECKING:
    from jiugao.source import Span
    from jiugao.syntax.tree.expressions import Citation, Expression, Name


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
