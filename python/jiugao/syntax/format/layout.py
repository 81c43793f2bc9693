"""What to write comes in as pieces, rows and blocks; lines with their indentation go out.

A block or a row stands on one line where it fits and holds no comment.
"""

from __future__ import annotations

from bisect import bisect_left

from jiugao.dataclass import dataclass
from jiugao.diagnostics.text import columns

WIDTH = 100  # columns; a character of Chinese is two
STEP = "  "
CONTINUED = STEP * 2  # a line that goes on is further in than a block would be


@dataclass(frozen=True)
class Text:
    """Words that stand on one line; the pieces are where it may be continued."""

    pieces: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True)
class Block:
    """head { rows }."""

    head: tuple[str, ...]
    rows: tuple[Node, ...]
    start: int
    head_end: int
    end: int
    tail: str = ""  # a citation, after the block
    inline: str | None = None  # what separates the rows where the block is one line
    apart: bool = False  # a blank line before and after


@dataclass(frozen=True)
class Row:
    """key: settings [citation]."""

    key: str
    settings: tuple[Node, ...]
    tail: str  # a citation, after the settings
    comma: str
    start: int
    end: int


Node = Text | Block | Row


@dataclass(frozen=True)
class Line:
    """One line of the result and the characters of the source that it stands for."""

    depth: int
    text: str
    start: int
    end: int
    apart: bool = False
    opens: bool = False
    closes: bool = False


class Layout:
    """Lays out nodes; knows where comments stand."""

    def __init__(self, comments: tuple[int, ...]) -> None:
        self.comments = comments

    def commented(self, start: int, end: int) -> bool:
        """Whether a comment stands between two places."""
        i = bisect_left(self.comments, start)
        return i < len(self.comments) and self.comments[i] < end

    def lines(self, node: Node, depth: int) -> list[Line]:
        """The lines of a node at a depth."""
        match node:
            case Text():
                text = self.wrapped(node.pieces, depth)
                return [Line(depth, text, node.start, node.end)]
            case Block():
                flat = self.flat(node)
                if flat is not None and fits(flat, depth):
                    return [Line(depth, flat, node.start, node.end)]
                return self.block(node, depth)
            case Row():
                return self.row(node, depth)

    def block(self, node: Block, depth: int, key: str = "") -> list[Line]:
        """A block over several lines."""
        head = (f"{key}{node.head[0]}", *node.head[1:])
        text = self.wrapped((*head[:-1], f"{head[-1]} {{"), depth)
        opening = Line(
            depth, text, node.start, node.head_end, apart=node.apart, opens=True
        )
        inner = [line for row in node.rows for line in self.lines(row, depth + 1)]
        last = max(node.end - 1, node.start)
        closed = f"}}  {node.tail}" if node.tail else "}"
        closing = Line(depth, closed, last, node.end, apart=node.apart, closes=True)
        return [opening, *inner, closing]

    def row(self, node: Row, depth: int) -> list[Line]:
        """A row on one line, or its settings each on their own."""
        flat = self.flat(node)
        if flat is not None and fits(flat, depth):
            return [Line(depth, flat, node.start, node.end)]
        if len(node.settings) == 1 and not node.tail:
            only = node.settings[0]
            match only:
                case Block():
                    first, *rest = self.block(only, depth, f"{node.key}: ")
                    head = Line(depth, first.text, node.start, first.end, opens=True)
                    return [head, *rest]
                case Text():
                    pieces = (f"{node.key}: {only.pieces[0]}", *only.pieces[1:])
                    text = self.wrapped(pieces, depth)
                    return [Line(depth, text, node.start, node.end)]
                case Row():
                    pass
        first_start = node.settings[0].start if node.settings else node.end
        key = Line(depth, f"{node.key}:", node.start, first_start, opens=True)
        inner = [line for s in node.settings for line in self.lines(s, depth + 1)]
        if node.tail:
            inner.append(Line(depth + 1, node.tail, node.end, node.end))
        return [key, *inner]

    def flat(self, node: Node) -> str | None:
        """The node on one line, if it can be."""
        match node:
            case Text():
                return joined(node.pieces)
            case Block():
                return self.flat_block(node)
            case Row():
                if self.commented(node.start, node.end):
                    return None
                parts = [self.flat(s) for s in node.settings]
                if any(p is None for p in parts):
                    return None
                settings = node.comma.join(p for p in parts if p)
                tail = f"  {node.tail}" if node.tail else ""
                return f"{node.key}: {settings}{tail}"

    def flat_block(self, node: Block) -> str | None:
        """Head { rows } on one line, if it is short and holds no other block."""
        if node.inline is None or self.commented(node.start, node.end):
            return None
        parts = [self.flat(row) for row in node.rows]
        if any(p is None for p in parts):
            return None
        rows = node.inline.join(p for p in parts if p)
        tail = f"  {node.tail}" if node.tail else ""
        return f"{joined(node.head)} {{ {rows} }}{tail}" if rows else None

    def wrapped(self, pieces: tuple[str, ...], depth: int) -> str:
        """Pieces on one line, or continued on further lines where that is too long."""
        whole = joined(pieces)
        if fits(whole, depth):
            return whole
        lines = [pieces[0]]
        for piece in pieces[1:]:
            start = 0 if len(lines) == 1 else len(CONTINUED)
            if columns(lines[-1]) + 1 + columns(piece) + start + 2 * depth > WIDTH:
                lines.append(piece.strip())
            else:
                lines[-1] = joined((lines[-1], piece))
        return f"\n{STEP * depth}{CONTINUED}".join(lines)


def joined(pieces: tuple[str, ...]) -> str:
    """Pieces with spaces between them; a wide comma brings its own."""
    text = pieces[0]
    for piece in pieces[1:]:
        text += piece if text.endswith("，") else f" {piece}"
    return text


def fits(text: str, depth: int) -> bool:
    """Whether a text at a depth is no wider than a line should be."""
    return columns(text) + len(STEP) * depth <= WIDTH
