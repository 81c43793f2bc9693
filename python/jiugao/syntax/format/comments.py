"""Lines and a document's comments come in; the text with every comment in it goes out.

A comment on its own line stays before what it stood before, one after a statement stays
after it; blank lines that the author left between lines are kept, one at a time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.syntax.format.layout import STEP, Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiugao.source import Source
    from jiugao.syntax import tree


@dataclass(frozen=True)
class Written:
    """A line of the result: a statement with a comment after it, or a comment alone."""

    line: Line
    comment: str = ""
    alone: bool = False
    blank: bool = False  # a blank line before it


def weave(lines: Sequence[Line], document: tree.Document) -> str:
    """The whole text."""
    source = document.span.source
    written = place(lines, document.comments, source)
    written = [replace(w, blank=blank_before(source, w.line.start)) for w in written]
    written = set_apart(written)
    out: list[str] = []
    for i, item in enumerate(written):
        before = written[i - 1].line if i else None
        opened = before is None or (before.opens and not written[i - 1].alone)
        if item.blank and not opened and not item.line.closes:
            out.append("")
        indent = STEP * item.line.depth
        text = f"{item.line.text}  {item.comment}" if item.comment else item.line.text
        out.append(f"{indent}{text}".rstrip())
    return "\n".join(out) + "\n" if out else ""


def place(
    lines: Sequence[Line], comments: Sequence[tree.Comment], source: Source
) -> list[Written]:
    """Every comment before the line that it stood before, or after the one it followed."""
    after: dict[int, str] = {}
    before: dict[int, list[Line]] = {}
    for comment in comments:
        start = comment.span.start
        text = tidy(comment.text)
        nth = next((i for i, x in enumerate(lines) if x.start > start), len(lines))
        host = nth - 1
        if (
            trailing(source, start)
            and host >= 0
            and host not in after
            and (lines[host].end <= start)
        ):
            after[host] = text
            continue
        if host >= 0 and start < lines[host].end:
            nth = host  # inside of what has become one line
        depth = 0
        if nth < len(lines):
            depth = lines[nth].depth + lines[nth].closes
        alone = Line(depth, text, start, comment.span.end)
        before.setdefault(nth, []).append(alone)
    out: list[Written] = []
    for i, line in enumerate(lines):
        out.extend(Written(c, alone=True) for c in before.get(i, ()))
        out.append(Written(line, after.get(i, "")))
    out.extend(Written(c, alone=True) for c in before.get(len(lines), ()))
    return out


def tidy(text: str) -> str:
    """A comment with one space after its mark."""
    words = text.lstrip("#＃").strip()
    return f"# {words}" if words else "#"


def trailing(source: Source, offset: int) -> bool:
    """Whether something stands before an offset on its line."""
    start = source.text.rfind("\n", 0, offset) + 1
    return bool(source.text[start:offset].strip())


def blank_before(source: Source, offset: int) -> bool:
    """Whether the line above an offset's line is blank."""
    start = source.text.rfind("\n", 0, offset) + 1
    if start == 0:
        return False
    above = source.text.rfind("\n", 0, start - 1) + 1
    return not source.text[above : start - 1].strip() and not trailing(source, offset)


def set_apart(written: list[Written]) -> list[Written]:
    """A blank line before and after each block that stands apart.

    The one before goes above the comments that belong to the block.
    """
    out = list(written)
    for i, item in enumerate(written):
        previous = written[i - 1] if i else None
        ends = previous is not None and previous.line.apart and previous.line.closes
        begins = item.line.apart and item.line.opens
        if not (begins or ends) or previous is None:
            continue
        first = i
        while begins and first and out[first - 1].alone and not out[first].blank:
            first -= 1
        out[first] = replace(out[first], blank=first > 0)
    return out
