"""Examples, laid out a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from jiugao.syntax import tree
from jiugao.syntax.format.expressions import expression
from jiugao.syntax.format.layout import Block, Text
from jiugao.syntax.format.parts import dates, text

if TYPE_CHECKING:
    from jiugao.syntax.format.speller import Speller, Spellers


def example(node: tree.Example, spellers: Spellers) -> Block:
    """算例 "title" { lines }."""
    say = spellers.of(node.span)
    return Block(
        (f"{say('EXAMPLE')} {say.text(node.title)}",),
        tuple(line(n, spellers) for n in node.lines),
        node.span.start,
        node.span.start,
        node.span.end,
    )


def line(node: tree.ExampleLine, spellers: Spellers) -> Text:
    """One line of an example."""
    say = spellers.of(node.span)
    match node:
        case tree.ExampleIdentity():
            who = f"{say('STANDING')} {say.names(node.identities)}"
            when = dates(say, node.start, node.end)
            return text(node, f"{who} {when}".rstrip())
        case tree.ExampleApplication():
            words = [say("APPLY"), say.date(node.date), say.name(node.identity)]
            return text(node, " ".join(words))
        case tree.ExampleClaim():
            words = [say("SETTLE")]
            words += [say.text(node.label)] if node.label is not None else []
            head = " ".join((*words, say.date(node.date), facts(say, node.facts)))
            return text(node, head.rstrip(), expected(say, node.expected))
        case tree.ExampleReversal():
            words = [say("REVERSE"), say.text(node.label), say.date(node.date)]
            return text(node, " ".join(words), expected(say, node.expected))
        case tree.ExampleEnrolment():
            word = "参保" if say.zh else "enrolment"
            told = [f"{word} {say.date(node.date)}"]
            told += [facts(say, node.facts)] if node.facts else []
            return text(node, say.comma.join(told), expected(say, node.expected))
        case tree.ExampleExpectation():
            words = [say("YEAR_END")] if node.year_end else []
            if node.year is not None:
                year = tree.Duration(node.span, node.year, "year")
                words.append(say.duration(year) if say.zh else str(node.year))
            return text(node, " ".join((*words, expected(say, node.expected))))
        case tree.ExampleSetting():
            words = [say("PARAMETER"), say.name(node.name), "="]
            return text(node, " ".join((*words, expression(say, node.value))))
        case tree.ExampleList():
            words = [say("LIST"), say.name(node.name), say("FROM_FILE")]
            return text(node, " ".join((*words, say.text(node.file.text))))
        case tree.ExampleFund():
            words = [say("FUND"), say.name(node.name)]
            if node.year is not None:
                year = tree.Duration(node.span, node.year, "year")
                words.append(say.duration(year) if say.zh else str(node.year))
            told = [" ".join(words)]
            told += [facts(say, node.facts)] if node.facts else []
            return text(node, say.comma.join(told), expected(say, node.expected))
        case tree.ExampleCarried():
            words = [say("CARRIES"), say.name(node.code) if node.code else ""]
            head = " ".join((*filter(None, words), dates(say, None, node.until)))
            told = [head, *(carried_total(say, one) for one in node.totals)]
            return text(node, say.comma.join(told))
        case _:
            assert_never(node)


def facts(say: Speller, items: tuple[tree.Name | tree.Assignment, ...]) -> str:
    """普通住院，政策范围内 1万元."""
    return say.comma.join(
        say.name(f) if isinstance(f, tree.Name) else assignment(say, f) for f in items
    )


def carried_total(say: Speller, node: tree.ExampleTotal) -> str:
    """A total in quotes, and its amount."""
    return f"{say.text(node.name)} {expression(say, node.amount)}"


def expected(say: Speller, answers: tuple[tree.Assignment, ...]) -> str:
    """应得 answers."""
    if not answers:
        return ""
    told = say.comma.join(assignment(say, a) for a in answers)
    return f"{say('EXPECT')} {told}"


def assignment(say: Speller, node: tree.Assignment) -> str:
    """[上年] name [bearer] value."""
    words = [say("LAST_YEAR")] if node.last_year else []
    words.append(say.answered(node.name))
    words += [say.name(node.part)] if node.part else []
    return " ".join((*words, expression(say, node.value)))
