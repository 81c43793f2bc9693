"""Text in, places out: a source file and half-open spans of its characters."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import field
from functools import cached_property

from jiugao.dataclass import dataclass


@dataclass(frozen=True)
class Source:
    """One `.rules` text with the name that messages show for it."""

    name: str
    text: str = field(repr=False)

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """Offset of the first character of every line."""
        starts = [0]
        starts.extend(i + 1 for i, c in enumerate(self.text) if c == "\n")
        return tuple(starts)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the text in UTF-8, as hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def line_column(self, offset: int) -> tuple[int, int]:
        """1-based line and column (in characters) of an offset."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        """The text of a 1-based line, without its line break."""
        start = self.line_starts[line - 1]
        end = self.text.find("\n", start)
        return self.text[start : len(self.text) if end < 0 else end]


@dataclass(frozen=True)
class Span:
    """Characters `start` up to `end` (excluded) of a source."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters themselves."""
        return self.source.text[self.start : self.end]

    @property
    def line_column(self) -> tuple[int, int]:
        """1-based line and column where the span starts."""
        return self.source.line_column(self.start)

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of the other."""
        return Span(self.source, self.start, other.end)
