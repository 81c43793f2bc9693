"""A source comes in; its tree, or what is wrong with it, goes out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jiugao.diagnostics import Diagnostics
from jiugao.syntax import tree
from jiugao.syntax.arrange import arrange
from jiugao.syntax.build import Builder
from jiugao.syntax.driver import Parser
from jiugao.syntax.errors import SyntaxErrors
from jiugao.syntax.tables import tables
from jiugao.syntax.tokens import tokenize

if TYPE_CHECKING:
    from jiugao.source import Source


def parse(source: Source) -> tuple[tree.Document | None, Diagnostics]:
    """The document, or None and every mistake that could be told apart.

    The two spellings of a keyword make the same tree, places aside.
    """
    found = Diagnostics()
    read, comments = tokenize(source, found)
    tokens = arrange(source, read)
    parser = Parser(tables(), Builder(source, found), tokens)
    document = parser.run(SyntaxErrors(source, tokens, found))
    if found.errors or not isinstance(document, tree.Document):
        return None, found
    return replace(document, comments=tuple(comments)), found
