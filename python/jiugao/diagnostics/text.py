"""Findings come in; lines for a terminal go out: place, cause, the line itself, way out.

A character of Chinese is two columns wide; the marks under a line are set accordingly.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from jiugao.diagnostics.shape import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jiugao.diagnostics.shape import Diagnostic
    from jiugao.source import Span

WORDS = {
    "zh": {"error": "错误", "warning": "提醒", "way_out": "办法："},
    "en": {"error": "error", "warning": "warning", "way_out": "way out: "},
}
COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33"}
TAB = "    "


def render_text(
    found: Iterable[Diagnostic], language: str = "zh", *, colour: bool = False
) -> str:
    """All findings in order of their places, a blank line between them."""
    return "\n\n".join(
        "\n".join(_lines(diagnostic, language, colour=colour))
        for diagnostic in sorted(found, key=_place)
    )


def _place(diagnostic: Diagnostic) -> tuple[str, int]:
    span = diagnostic.span
    return (span.source.name, span.start) if span else ("", 0)


def _lines(diagnostic: Diagnostic, language: str, *, colour: bool) -> list[str]:
    words = WORDS[language]
    tint = COLOURS[diagnostic.severity]
    head = _tinted(f"{words[diagnostic.severity]} {diagnostic.code}", tint, on=colour)
    where = f"{place(diagnostic.span)}: " if diagnostic.span else ""
    lines = [f"{where}{head}: {diagnostic.cause(language)}"]
    if diagnostic.span is not None:
        lines += snippet(diagnostic.span, tint=tint if colour else None)
    lines.append(f"  {words['way_out']}{diagnostic.way_out(language)}")
    for related in diagnostic.related:
        told = diagnostic.told(related, language)
        lines.append(f"  {place(related.span)}: {told}")
        lines += snippet(related.span, mark="-")
    return lines


def _tinted(text: str, tint: str, *, on: bool) -> str:
    return f"\x1b[1;{tint}m{text}\x1b[0m" if on else text


def place(span: Span) -> str:
    """file:line:column, as editors take it."""
    line, column = span.line_column
    return f"{span.source.name}:{line}:{column}"


def snippet(span: Span, mark: str = "^", tint: str | None = None) -> list[str]:
    """The line where a span begins, with marks under the span's part of it."""
    line, column = span.line_column
    text = span.source.line_text(line)
    inside = text[column - 1 : column - 1 + max(span.end - span.start, 1)]
    margin = f"{line:>5} | "
    blank = f"{'':>5} | "
    marks = mark * max(columns(inside), 1)
    under = " " * columns(text[: column - 1]) + _tinted(
        marks, tint or "", on=bool(tint)
    )
    return [margin + shown(text), blank + under]


def shown(text: str) -> str:
    """A line as it can be printed: tabs widened, control and unseen characters as ·."""
    return "".join(
        TAB if c == "\t" else "·" if unicodedata.category(c) in {"Cc", "Cf"} else c
        for c in text
    )


def columns(text: str) -> int:
    """How many columns a text takes in a terminal."""
    return sum(
        0 if unicodedata.combining(c)
        else 2 if unicodedata.east_asian_width(c) in {"W", "F"}
        else 1
        for c in shown(text)
    )  # fmt: skip
