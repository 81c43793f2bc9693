"""Tokens come in; which braces belong together, and how far in their lines begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.syntax.arrange import indentation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiugao.source import Source
    from jiugao.syntax.tokens import Token


def line_indentation(source: Source, token: Token) -> int:
    """How far in the line of a token begins."""
    start = source.text.rfind("\n", 0, token.start) + 1
    text = source.text[start : token.start + 1]
    return indentation(source, start + len(text) - len(text.lstrip()))


def pairs(tokens: Sequence[Token]) -> list[tuple[Token, Token]]:
    """Braces that belong together by counting, in order of the closing ones."""
    stack: list[Token] = []
    out: list[tuple[Token, Token]] = []
    for token in tokens:
        if token.type == "LBRACE":
            stack.append(token)
        elif token.type == "RBRACE" and stack:
            out.append((stack.pop(), token))
    return out
