"""A policy's text comes in; the same text with one thing broken comes out, each in turn.

Every line is left out once; names are misspelt, figures, dates and lengths of time are
changed. Of what stands in the same place of the tree only the first is.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING

from jiugao.source import Source, Span
from jiugao.syntax import parse, tree

if TYPE_CHECKING:
    from collections.abc import Iterator

Leaf = tree.Name | tree.Literal | tree.Date | tree.Duration
Path = tuple[str, ...]  # the fields by which one comes to a leaf
UNITS = {
    tree.Unit.MONEY: "万元yuan",
    tree.Unit.RATE: "%",
    tree.Unit.POINTS: "个百分点",
    tree.Unit.COUNT: "",
}


@dataclass(frozen=True)
class Damage:
    """One change: where, what stands there instead (`-`: no line), the text with it."""

    place: str
    instead: str
    text: str


def without_lines(text: str) -> Iterator[Damage]:
    """Each line left out, comments aside."""
    lines = text.splitlines()
    for gone, line in enumerate(lines):
        if line.strip() and not line.lstrip().startswith("#"):
            kept = "\n".join([*lines[:gone], *lines[gone + 1 :]])
            yield Damage(f"{gone + 1}", "-", kept)


def with_other_words(text: str, tried: set[Path]) -> Iterator[Damage]:
    """Each name and value of the text changed, where none of this path was before."""
    document, _ = parse(Source("-", text))
    for path, leaf in leaves(document, ()):
        if path in tried:
            continue
        tried.add(path)
        span = leaf.span
        line, column = span.line_column
        for word in instead(leaf):
            changed = text[: span.start] + word + text[span.end :]
            yield Damage(f"{line}:{column}", word, changed)


def leaves(node: object, path: Path) -> Iterator[tuple[Path, Leaf]]:
    """Names and values below a node."""
    match node:
        case tree.Name() | tree.Literal() | tree.Date() | tree.Duration():
            yield (*path, str(getattr(node, "unit", ""))), node
        case tuple():
            for item in node:
                yield from leaves(item, path)
        case _ if is_dataclass(node) and not isinstance(node, Span):
            for field in fields(node):
                here = (*path, f"{type(node).__name__}.{field.name}")
                yield from leaves(getattr(node, field.name), here)
        case _:
            pass


def instead(leaf: Leaf) -> tuple[str, ...]:
    """What is written for a leaf."""
    text = leaf.span.text
    match leaf:
        case tree.Name(quoted=True) | tree.Literal(unit=tree.Unit.TEXT):
            return (f"{text[:-1]}误{text[-1]}",)
        case tree.Name():
            return (f"{text}误",)
        case tree.Date(value=day):
            years = (day.year + 1, day.year - 1)
            return tuple(text.replace(str(day.year), str(year)) for year in years)
        case tree.Duration(count=count):
            return tuple(
                text.replace(str(count), other) for other in ("0", f"{count}99")
            )
        case tree.Literal(unit=tree.Unit.FLAG):
            return ("否" if leaf.value else "是",)
        case tree.Literal():
            digits = text.rstrip(UNITS[leaf.unit])
            other = digits if digits != text else f"{text}元"
            return (other, f"9{text}", f"0{text.removeprefix(digits)}")
