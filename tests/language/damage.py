"""A policy's text comes in; the same text with one thing broken comes out, each in turn.

Every line is left out once; names are misspelt, figures, dates and lengths of time are
changed. Of what stands in the same place of the tree the first is, then all at once.
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
    """Names and values changed: the first of a path, then all of it, if none before was."""
    document, _ = parse(Source("-", text))
    found: dict[Path, list[Leaf]] = {}
    for path, leaf in leaves(document, ()):
        found.setdefault(path, []).append(leaf)
    for path, same in found.items():
        if path not in tried:
            yield from (
                changed(text, same[:1], n) for n in range(len(instead(same[0])))
            )
        if len(same) > 1 and (*path, "all") not in tried:
            tried.add((*path, "all"))
            yield changed(text, same, 0)
        tried.add(path)


def changed(text: str, same: list[Leaf], way: int) -> Damage:
    """Leaves of one path changed in one way."""
    line, column = same[0].span.line_column
    words = [instead(leaf)[way] for leaf in same]
    for leaf, word in zip(reversed(same), reversed(words), strict=True):
        text = text[: leaf.span.start] + word + text[leaf.span.end :]
    more = f"(x{len(same)})" if len(same) > 1 else ""
    return Damage(f"{line}:{column}", words[0] + more, text)


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
