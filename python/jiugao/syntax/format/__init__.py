"""A tree with its comments comes in; the same policy in the canonical layout goes out.

The meaning is kept (the result parses to the same tree), comments and single blank lines
stay where they were, and formatting twice changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from jiugao.syntax.format.comments import weave
from jiugao.syntax.format.items import block_of
from jiugao.syntax.format.layout import Layout
from jiugao.syntax.format.speller import Spellers

if TYPE_CHECKING:
    from jiugao.syntax import tree

Keywords = Literal["zh", "en", "keep"]


def format_document(document: tree.Document, keywords: Keywords = "keep") -> str:
    """The canonical text of a document.

    Its keywords are in Chinese, in English, or in the spelling that each statement had.
    """
    spellers = Spellers(keywords)
    layout = Layout(tuple(c.span.start for c in document.comments))
    lines = [
        line
        for policy in document.policies
        for line in layout.lines(block_of(policy, spellers), 0)
    ]
    return weave(lines, document)
