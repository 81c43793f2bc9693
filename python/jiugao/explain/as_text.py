"""An account comes in; the table of its steps goes out as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from jiugao.explain.sentence import sentence
from jiugao.explain.steps import Step, head, steps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiugao.explain.model import Account


def as_text(told: Account, language: str = "zh") -> str:
    """Who, each benefit's steps with amounts and passages, the person, the sentence."""
    blocks = [columns(head(told, language))]
    blocks += [
        "\n".join((f"【{title}】", columns(rows)))
        for title, rows in steps(told, language)
    ]
    blocks.append(sentence(told, language))
    return "\n\n".join(blocks) + "\n"


def columns(rows: Sequence[Step]) -> str:
    """Three columns: the step, its amount (to the right), where it is written."""
    first = max((width(r.what) for r in rows), default=0)
    second = max((width(r.amount) for r in rows), default=0)
    lines = (
        f"  {pad(r.what, first)}  {' ' * (second - width(r.amount))}{r.amount}  {r.why}"
        for r in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def width(text: str) -> int:
    """Columns on a terminal: wide characters take two."""
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def pad(text: str, to: int) -> str:
    """The text filled to a width."""
    return text + " " * (to - width(text))
