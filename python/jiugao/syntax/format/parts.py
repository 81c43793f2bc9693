"""Small parts that many statements share, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from jiugao.syntax import tree
from jiugao.syntax.format.expressions import Level, expression, names_person
from jiugao.syntax.format.layout import Text
from jiugao.syntax.keywords import TOUCHING

if TYPE_CHECKING:
    from jiugao.source import Span
    from jiugao.syntax.format.speller import Speller

PERIODS = {
    tree.Period.YEAR: "ANNUAL",
    tree.Period.CLAIM: "EACH_CLAIM",
    tree.Period.LIFETIME: "LIFETIME",
}


class Placed(Protocol):
    """A node with its place."""

    @property
    def span(self) -> Span:
        """Where it stands."""


def text(node: Placed, *pieces: str) -> Text:
    """A statement's words; empty pieces are left out."""
    return Text(tuple(p for p in pieces if p), node.span.start, node.span.end)


def cited(say: Speller, node: tree.Citation | None) -> str:
    """A citation at the end of a statement, set off by one more space."""
    return f" {citation(say, node)}" if node else ""


def citation(say: Speller, node: tree.Citation | None) -> str:
    """依据 "…" 条款 …."""
    if node is None:
        return ""
    words = (say("SOURCE"), say.text(node.text), clauses(say, node.clauses))
    return " ".join(filter(None, words))


def clauses(say: Speller, ids: tuple[str, ...]) -> str:
    """条款 LC-3.5, LC-3.6."""
    return f"{say('CLAUSES')} {', '.join(ids)}" if ids else ""


def code(text: str | None) -> str:
    """(code)."""
    return f"({coded(text)})" if text else ""


def coded(text: str) -> str:
    """A code name; one that is a keyword is quoted."""
    from jiugao.syntax.tokens import plain_name  # noqa: PLC0415

    return text if plain_name(text) else f"「{text}」"


def figure(say: Speller, period: tree.Period | None, token: str) -> str:
    """年度起付线, 年度 各段; annual deductible."""
    if period is None:
        return say(token)
    before, word = say(PERIODS[period]), say(token)
    return f"{before}{'' if word in TOUCHING.get(before, ()) else ' '}{word}"


def amount(say: Speller, node: tree.Expression | None) -> str:
    """An amount, or 不设."""
    return say("UNSET") if node is None else expression(say, node, Level.AMOUNT)


def condition(say: Speller, node: tree.Expression | None) -> str:
    """当 condition."""
    return f"{say('WHEN')} {expression(say, node, Level.OR)}" if node else ""


def dates(say: Speller, start: tree.Date | None, end: tree.Date | None) -> str:
    """自 … 至 …."""
    words = [f"{say('FROM')} {say.date(start)}"] if start else []
    words += [f"{say('TO')} {say.date(end)}"] if end else []
    return " ".join(words)


def keys(say: Speller, items: tuple[tree.Expression, ...]) -> str:
    """The keys of a row, or 其余."""
    if not items:
        return say("OTHERS")
    return say.enum.join(expression(say, item) for item in items)


def subject(say: Speller, node: tree.Expression) -> str:
    """What a table goes by; 身份 are the identities a person holds."""
    if names_person(node):
        return say("STANDING")
    return expression(say, node, Level.OR)
