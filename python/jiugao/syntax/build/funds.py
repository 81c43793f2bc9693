"""Funds: how they are pooled, heads, amounts and who bears what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.syntax import amounts, tree
from jiugao.syntax.build.members import (
    Coded,
    Condition,
    Context,
    Edge,
    Expected,
    Facts,
    Members,
)  # fmt: skip
from jiugao.syntax.keywords import PLACE_WORDS
from jiugao.syntax.tokens import Token

if TYPE_CHECKING:
    from jiugao.source import Span


@dataclass(frozen=True)
class AsOf:
    """于 day."""

    day: tree.Expression


@dataclass(frozen=True)
class Later:
    """后续 全额."""

    name: tree.Name


@dataclass(frozen=True)
class Of:
    """占 base."""

    base: tree.Expression


def fund(context: Context, span: Span, members: Members) -> tree.Fund:
    """基金 name (code) { rows }."""
    cited = members.every(tree.Citation)
    if len(cited) > 1:
        context.twice(span, "SOURCE")
    code = members.maybe(Coded)
    return tree.Fund(
        span,
        members.one(tree.Name),
        code.text if code else None,
        tuple(m for m in members if isinstance(m, tree.FundRow)),
        cited[0] if cited else None,
    )


def pooled(context: Context, span: Span, members: Members) -> tree.Pooled:
    """统筹 按 县 [当 reading]."""
    token = members.every(Token)[2]
    condition = members.maybe(Condition)
    return tree.Pooled(
        span, placed(context, token), condition.expression if condition else None
    )


def placed(context: Context, token: Token) -> tree.Name:
    """A word known by its place, as the tree holds it."""
    return tree.Name(context.span(token), PLACE_WORDS.get(token.text, token.text))


def headcount(_: Context, span: Span, members: Members) -> tree.Headcount:
    """计数 name [于 day] [当 condition] [后续 …]."""
    day, condition = members.maybe(AsOf), members.maybe(Condition)
    later = members.maybe(Later)
    return tree.Headcount(
        span,
        members.one(tree.Name),
        day.day if day else None,
        condition.expression if condition else None,
        later.name if later else None,
        members.maybe(tree.Citation),
    )


def as_of(_: Context, __: Span, members: Members) -> AsOf:
    """于 day."""
    return AsOf(members.expressions()[0])


def later(context: Context, _: Span, members: Members) -> Later:
    """后续 全额."""
    return Later(placed(context, members.every(Token)[1]))


def of(_: Context, __: Span, members: Members) -> Of:
    """占 base."""
    return Of(members.expressions()[0])


def reckoned(_: Context, span: Span, members: Members) -> tree.Reckoned:
    """Name = amount."""
    name, amount = members.expressions()
    assert isinstance(name, tree.Name)
    return tree.Reckoned(span, name, amount, members.maybe(tree.Citation))


def share(_: Context, span: Span, members: Members) -> tree.Share:
    """分担 name = amount [占 base] { … }."""
    name, amount = members.expressions()
    assert isinstance(name, tree.Name)
    base, parts = members.maybe(Of), members.every(tree.SharePart)
    bands = members.every(tree.ShareBand)
    if parts:
        whole = tree.ShareBand(parts[0].span, False, None, None, parts)
        bands = (whole,)
    return tree.Share(
        span, name, amount, base.base if base else None, bands,
        members.maybe(tree.Citation),
    )  # fmt: skip


def share_band(_: Context, span: Span, members: Members) -> tree.ShareBand:
    """edge: parts."""
    edge = members.one(Edge)
    parts = members.every(tree.SharePart)
    return tree.ShareBand(span, True, edge.lower, edge.upper, parts)


def share_part(_: Context, span: Span, members: Members) -> tree.SharePart:
    """承保机构 50%."""
    name, part = members.expressions()
    assert isinstance(name, tree.Name)
    return tree.SharePart(span, name, part)


def example_fund(context: Context, span: Span, members: Members) -> tree.ExampleFund:
    """基金 name [2018年]，facts [应得 …]."""
    facts, expected = members.maybe(Facts), members.maybe(Expected)
    return tree.ExampleFund(
        span,
        members.one(tree.Name),
        year_of(context, members),
        facts.items if facts else (),
        expected.items if expected else (),
    )


def year_of(context: Context, members: Members) -> int | None:
    """2018年, or 2018."""
    written, number = members.token("DURATION"), members.token("NUMBER")
    if written is not None:
        count, unit = amounts.duration(written.text) or (0, "")
        if unit == "year":
            return count
        context.found.add("E131", context.span(written), text=written.text)
    return int(amounts.exact(number.text)) if number else None
