"""Funds, laid out."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from jiugao.syntax import tree
from jiugao.syntax.format.expressions import Level, expression, pieces
from jiugao.syntax.format.layout import Block, Node, Row, Text
from jiugao.syntax.format.parts import citation, cited, code, condition, text

if TYPE_CHECKING:
    from jiugao.syntax.format.speller import Speller, Spellers


def fund(node: tree.Fund, spellers: Spellers) -> Block:
    """基金 name (code) { rows }."""
    say = spellers.of(node.span)
    words = [say("FUND"), say.name(node.name), code(node.code)]
    rows = [row(r, spellers) for r in node.rows]
    if node.citation is not None:
        rows.append(text(node.citation, citation(say, node.citation)))
    rows.sort(key=lambda r: r.start)
    return Block(
        (" ".join(filter(None, words)),),
        tuple(rows),
        node.span.start,
        node.name.span.end,
        node.span.end,
        apart=True,
    )


def row(node: tree.FundRow, spellers: Spellers) -> Node:
    """One row."""
    say = spellers.of(node.span)
    match node:
        case tree.Pooled():
            words = [say("POOLED"), say("BY"), say.place_word(node.level)]
            return text(node, " ".join(words), condition(say, node.condition))
        case tree.Headcount():
            return headcount(say, node)
        case tree.Reckoned():
            first, *rest = pieces(say, node.amount, Level.WHEN)
            head = f"{say.name(node.name)} = {first}"
            return text(node, head, *rest, cited(say, node.citation))
        case tree.Share():
            return share(say, node)
        case _:
            assert_never(node)


def headcount(say: Speller, node: tree.Headcount) -> Text:
    """计数 name [于 day] [当 condition] [后续 …]."""
    words = [say("COUNT"), say.name(node.name)]
    if node.as_of is not None:
        words += [say("AS_OF"), expression(say, node.as_of, Level.SUM)]
    later = ""
    if node.later is not None:
        later = f"{say('LATER_ENTRIES')} {say.place_word(node.later)}"
    return text(
        node, " ".join(words), condition(say, node.condition), later,
        cited(say, node.citation),
    )  # fmt: skip


def share(say: Speller, node: tree.Share) -> Block:
    """分担 name = amount [占 base] { parts or bands }."""
    first, *rest = pieces(say, node.amount, Level.WHEN)
    head = [f"{say('SHARE')} {say.name(node.name)} = {first}", *rest]
    end = node.amount.span.end
    if node.of is not None:
        head.append(f"{say('OF')} {expression(say, node.of, Level.SUM)}")
        end = node.of.span.end
    rows: tuple[Node, ...] = tuple(band(say, b) for b in node.bands)
    inline = say.row
    if node.bands and not node.bands[0].edged:
        rows = tuple(part(say, p) for p in node.bands[0].parts)
        inline = say.comma
    return Block(
        tuple(head),
        rows,
        node.span.start,
        end,
        node.span.end,
        tail=citation(say, node.citation),
        inline=inline,
    )


def band(say: Speller, node: tree.ShareBand) -> Row:
    """edge: parts, on one line or going on with further ones."""
    *others, last = (part(say, p).pieces[0] for p in node.parts)
    parts = text(node, *(f"{p}{say.comma.rstrip()}" for p in others), last)
    return Row(edge(say, node), (parts,), "", say.comma, node.span.start, node.span.end)


def part(say: Speller, node: tree.SharePart) -> Text:
    """承保机构 50%."""
    return text(node, f"{say.name(node.name)} {expression(say, node.share, Level.SUM)}")


def edge(say: Speller, node: tree.ShareBand) -> str:
    """10%以内; 10%以上; 10%以上至20%; 以上."""
    lower = expression(say, node.lower, Level.ATOM) if node.lower else ""
    upper = expression(say, node.upper, Level.ATOM) if node.upper else ""
    gap = "" if say.zh else " "
    if not lower and upper:
        return f"{upper}{gap}{say('WITHIN')}"
    above = f"{lower}{gap}{say('ABOVE')}".strip()
    if not upper:
        return above
    if say.zh and upper[:1].isdigit():
        return f"{above}{say('TO')}{upper}"
    return f"{above}{gap}{say('TO')} {upper}"
