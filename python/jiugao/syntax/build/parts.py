"""Small parts that many items share: names, dates, citations, codes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jiugao.syntax import amounts, tree
from jiugao.syntax.build.members import (
    Beginning,
    Clauses,
    Coded,
    Columns,
    Condition,
    Context,
    Counted,
    End,
    Excepted,
    Kind,
    Lookback,
    Members,
    Months,
    Names,
    Published,
    Start,
    Table,
    Until,
    Via,
)  # fmt: skip
from jiugao.syntax.keywords import PLACE_WORDS
from jiugao.syntax.tokens import Token

if TYPE_CHECKING:
    from jiugao.source import Span

CODE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def name(_: Context, span: Span, members: Members) -> tree.Name:
    """A name, in 「」 or not."""
    token = members.one(Token)
    return tree.Name(span, token.text, quoted=token.type == "QUOTED")


def part(context: Context, span: Span, members: Members) -> tree.Name:
    """The name of a part of a base."""
    token = members.one(Token)
    quoted = context.source.text[token.start] == "「"
    return tree.Name(span, token.text, quoted=quoted)


def date(_: Context, span: Span, members: Members) -> tree.Date:
    """A day; one that the calendar lacks was reported by the lexer."""
    value = amounts.date(members.one(Token).text)
    return tree.Date(span, value or amounts.NO_DAY)


def clauses(_: Context, __: Span, members: Members) -> Clauses:
    """条款 LC-3.5, LC-3.6."""
    return Clauses(tuple(t.text for t in members.every(Token) if t.type == "CLAUSE"))


def citation(_: Context, span: Span, members: Members) -> tree.Citation:
    """依据 "…" 条款 …."""
    text = members.token("TEXT")
    ids = members.maybe(Clauses)
    return tree.Citation(span, text.text if text else "", ids.ids if ids else ())


def code(context: Context, span: Span, members: Members) -> Coded:
    """(code), in Latin letters: it names columns of results."""
    text = members.every(Token)[1].text
    if not CODE.fullmatch(text):
        context.found.add("E118", span, name=text)
    return Coded(text)


def columns(context: Context, span: Span, members: Members) -> Columns:
    """(column 或 other spelling)."""
    texts = tuple(t.text for t in members.every(Token) if t.type in {"NAME", "QUOTED"})
    for text in texts:
        if not CODE.fullmatch(text):
            context.found.add("E118", span, name=text)
    return Columns(texts)


def identities(_: Context, __: Span, members: Members) -> Names:
    """Identities joined by 、."""
    return Names(members.every(tree.Name))


def excepted(_: Context, __: Span, members: Members) -> Excepted:
    """除外 names."""
    return Excepted(members.every(tree.Name))


def from_(_: Context, __: Span, members: Members) -> Start:
    """自 day."""
    return Start(members.one(tree.Date))


def to(_: Context, __: Span, members: Members) -> End:
    """至 day."""
    return End(members.one(tree.Date))


def until(_: Context, __: Span, members: Members) -> Until:
    """至 day, or the parameter that gives the day."""
    return Until(members.day())


def beginning(_: Context, __: Span, members: Members) -> Beginning:
    """自 day, or the parameter that gives the day."""
    return Beginning(members.day())


def lookback(_: Context, __: Span, members: Members) -> Lookback:
    """追溯 day."""
    return Lookback(members.one(tree.Date))


def counting(_: Context, __: Span, members: Members) -> Counted:
    """累计 自 day."""
    return Counted(members.one(tree.Date))


def published(_: Context, __: Span, members: Members) -> Published:
    """公布 day."""
    return Published(members.one(tree.Date))


def months(context: Context, span: Span, members: Members) -> Months:
    """追溯 12个月 [不含他类]; a year is twelve, days are no months."""
    unclassed_only = members.has("EXCLUDING_CLASSED")
    token = members.token("DURATION")
    length = amounts.duration(token.text) if token else None
    match length:
        case (count, "month"):
            return Months(count, unclassed_only)
        case (count, "year"):
            return Months(count * 12, unclassed_only)
        case _:
            context.found.add("E133", span, text=token.text if token else "")
            return Months(0, unclassed_only)


def condition(_: Context, __: Span, members: Members) -> Condition:
    """当 condition."""
    expression = members.expression()
    assert expression is not None
    return Condition(expression)


def kind(context: Context, _: Span, members: Members) -> Kind:
    """金额, 代码 …."""
    return Kind(_place_word(context, members.one(Token)))


def table(context: Context, _: Span, members: Members) -> Table:
    """来自 机构."""
    return Table(_place_word(context, members.every(Token)[1]))


by_table = table


def _place_word(context: Context, token: Token) -> tree.Name:
    """A word known by its place, as the tree holds it."""
    return tree.Name(context.span(token), PLACE_WORDS.get(token.text, token.text))


def via(_: Context, __: Span, members: Members) -> Via:
    """按 column."""
    return Via(members.one(tree.Name))
