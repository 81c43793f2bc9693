"""Expressions come in; their text goes out, with brackets only where they are needed."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, assert_never

from jiugao.diagnostics.text import columns
from jiugao.syntax import tree
from jiugao.syntax.tree import Operator

if TYPE_CHECKING:
    from jiugao.syntax.format.speller import Speller


class Level(IntEnum):
    """How tightly a construct binds: the levels of the grammar, loosest first."""

    WHEN = 0
    OR = 1
    AND = 2
    NOT = 3
    COMPARISON = 4
    AMOUNT = 5
    SUM = 6
    PRODUCT = 7
    ATOM = 8


TOKENS = {
    Operator.AND: "AND", Operator.OR: "OR", Operator.IS: "IS", Operator.IN: "IN",
    Operator.OVER: "OVER", Operator.NOT_OVER: "NOT_OVER", Operator.BELOW: "BELOW",
    Operator.AT_LEAST: "AT_LEAST", Operator.BEFORE: "BEFORE", Operator.AFTER: "AFTER",
}  # fmt: skip
LEVELS = {
    Operator.OR: Level.OR, Operator.AND: Level.AND, Operator.ADD: Level.SUM,
    Operator.SUB: Level.SUM, Operator.MUL: Level.PRODUCT, Operator.DIV: Level.PRODUCT,
}  # fmt: skip

LONG = 88  # columns; a part no wider fits on a line of its own, however deep it stands
RUNS = frozenset({Operator.ADD, Operator.SUB, Operator.AND, Operator.OR})

Part = tuple[str, tree.Expression, Level]


def expression(say: Speller, node: tree.Expression, level: Level = Level.WHEN) -> str:
    """The text of an expression where at least this level has to stand."""
    text, own = _written(say, node)
    return text if own >= level else f"({text})"


def _written(say: Speller, node: tree.Expression) -> tuple[str, Level]:
    match node:
        case tree.Name():
            return say.name(node), Level.ATOM
        case tree.Literal():
            return say.literal(node), Level.ATOM
        case tree.Date():
            return say.date(node), Level.ATOM
        case tree.Duration():
            return say.duration(node), Level.ATOM
        case tree.Members():
            items = say.enum.join(expression(say, i) for i in node.items)
            return f"({items})", Level.ATOM
        case tree.LastYear():
            return f"{say('LAST_YEAR')} {say.name(node.name)}", Level.ATOM
        case tree.Total():
            return total(say, node), Level.ATOM
        case tree.YearOnYear():
            inner = expression(say, node.value, Level.ATOM)
            return f"{say('YEAR_ON_YEAR')} {inner}", Level.ATOM
        case tree.LevelRange():
            word = say("ABOVE" if node.upward else "WITHIN")
            return f"{say.name(node.level)}{'' if say.zh else ' '}{word}", Level.ATOM
        case tree.Not():
            operand = expression(say, node.operand, Level.NOT)
            return f"{say('NOT')} {operand}", Level.NOT
        case tree.When():
            value, condition = when(say, node)
            return f"{value} {condition}", Level.WHEN
        case tree.AtMost():
            value = expression(say, node.value, Level.SUM)
            cap = expression(say, node.cap, Level.SUM)
            return f"{value} {say('AT_MOST')} {cap}", Level.AMOUNT
        case tree.InExcessOf():
            value = expression(say, node.value, Level.SUM)
            floor = expression(say, node.floor, Level.SUM)
            return f"{value} {say('IN_EXCESS_OF')} {floor}", Level.AMOUNT
        case tree.Binary():
            return _binary(say, node)
        case _:
            assert_never(node)


def total(say: Speller, node: tree.Total) -> str:
    """合计 amount, 计数 (condition)."""
    if not node.counted:
        assert node.value is not None
        return f"{say('SUM')} {expression(say, node.value, Level.ATOM)}"
    value = "全部" if say.zh else "all"
    if node.value is not None:
        value = expression(say, node.value, Level.ATOM)
    return f"{say('COUNT')} {value}"


def pieces(say: Speller, node: tree.Expression, level: Level) -> tuple[str, ...]:
    """The text of an expression, cut where a long line may be continued.

    That is before + and -, 且 and 或, and before 当; what is too long for a line even so is
    cut inside brackets. Joined again, the pieces are the same text.
    """
    whole = expression(say, node, level)
    own = _written(say, node)[1]
    cut_always = own >= level and _runs(node)
    if not cut_always and columns(whole) <= LONG:
        return (whole,)
    if own < level:
        first, *rest = pieces(say, node, own)
        *rest, last = (f"({first}", *rest)
        return (*rest, f"{last})")
    cut: list[str] = []
    for word, part, at in _parts(say, node):
        first, *rest = _fitting(say, part, at, columns(word))
        cut += [f"{word} {first}" if word else first, *rest]
    return tuple(cut) or (whole,)


def _runs(node: tree.Expression) -> bool:
    if isinstance(node, tree.Binary):
        return node.operator in RUNS
    return isinstance(node, tree.When)


def _fitting(
    say: Speller, node: tree.Expression, level: Level, beside: int
) -> tuple[str, ...]:
    """A part as a whole, if it fits on a line beside its word."""
    whole = expression(say, node, level)
    return (whole,) if columns(whole) + beside <= LONG else pieces(say, node, level)


def _parts(say: Speller, node: tree.Expression) -> list[Part]:
    """A node taken apart: the word before each part, the part, and how tightly it binds."""
    match node:
        case tree.When():
            word = say("WHEN")
            return [
                ("", node.value, Level.PRODUCT),
                (word, node.condition, Level.OR),
            ]
        case tree.AtMost():
            word = say("AT_MOST")
            return [("", node.value, Level.SUM), (word, node.cap, Level.SUM)]
        case tree.Not():
            return [(say("NOT"), node.operand, Level.NOT)]
        case tree.Total(value=value) if value is not None:
            return [(say("COUNT" if node.counted else "SUM"), value, Level.ATOM)]
        case tree.YearOnYear():
            return [(say("YEAR_ON_YEAR"), node.value, Level.ATOM)]
        case tree.Binary():
            own = LEVELS.get(node.operator)
            if own is None:  # a line cannot go on with the word of a comparison
                return []
            last = (_operator(say, node.operator), node.right, Level(own + 1))
            left = node.left
            if isinstance(left, tree.Binary) and LEVELS.get(left.operator) is own:
                return [*_parts(say, left), last]
            return [("", left, own), last]
        case _:
            return []


def when(say: Speller, node: tree.When) -> tuple[str, str]:
    """A value, in brackets if it is a sum, and its condition."""
    value = expression(say, node.value, Level.PRODUCT)
    condition = expression(say, node.condition, Level.OR)
    return value, f"{say('WHEN')} {condition}"


def _binary(say: Speller, node: tree.Binary) -> tuple[str, Level]:
    own = LEVELS.get(node.operator, Level.COMPARISON)
    word = _operator(say, node.operator)
    # The grammar takes runs of one level from the left; comparisons do not run.
    first = Level.AMOUNT if own is Level.COMPARISON else own
    if node.operator is Operator.IN and names_person(node.left):
        left = say("STANDING")
    else:
        left = expression(say, node.left, first)
    right = expression(say, node.right, Level(own + 1))
    return f"{left} {word} {right}", own


def names_person(node: tree.Expression) -> bool:
    """Whether this is the word 身份: the identities that a person holds."""
    return isinstance(node, tree.Name) and node.text == "身份" and not node.quoted


def _operator(say: Speller, operator: Operator) -> str:
    if operator is Operator.MUL:
        return "×" if say.zh else "*"
    token = TOKENS.get(operator)
    return say(token) if token else operator.value
