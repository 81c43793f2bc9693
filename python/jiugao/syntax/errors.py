"""A token that cannot stand where it stands comes in; a finding goes out."""

from __future__ import annotations

from collections.abc import Sequence

from jiugao.diagnostics import Diagnostics
from jiugao.source import Source, Span
from jiugao.syntax.driver import Parser
from jiugao.syntax.tokens import Token


class SyntaxErrors:
    """Reports the mistakes of one source."""

    def __init__(
        self, source: Source, tokens: Sequence[Token], found: Diagnostics
    ) -> None:
        self.source = source
        self.tokens = tokens
        self.found = found

    def unexpected(self, parser: Parser, token: Token, accepted: frozenset[str]) -> None:
        """Report a token that cannot stand here."""
        span = Span(self.source, token.start, token.end)
        self.found.add("E101", span, found=token.type, expected=" ".join(sorted(accepted)))
