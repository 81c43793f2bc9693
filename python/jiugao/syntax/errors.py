"""A token that cannot stand where it stands comes in; a finding goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.diagnostics import Diagnostics, Related
from jiugao.source import Source, Span
from jiugao.syntax.arrange import indentation
from jiugao.syntax.braces import line_indentation, pairs
from jiugao.syntax.driver import END, Parser
from jiugao.syntax.mistakes import RULES, Trouble, general

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiugao.syntax.tokens import Token

# Findings of the lexer after which the rest of the line may not be what was meant.
ROUGH = frozenset({"E106", "E109", "E122", "E128", "E129", "E138"})


class SyntaxErrors:
    """Reports the mistakes of one source."""

    def __init__(
        self, source: Source, tokens: Sequence[Token], found: Diagnostics
    ) -> None:
        self.source = source
        self.tokens = tokens
        self.found = found
        self.later: set[int] = (
            set()
        )  # lines reported for a construct of a later version
        self.rough = {
            d.span.line_column[0] for d in found if d.span and d.code in ROUGH
        }

    def unexpected(
        self, parser: Parser, token: Token, accepted: frozenset[str]
    ) -> None:
        """Report a token that cannot stand here, unless its line was not read well."""
        own_line = self.source.line_column(token.start)[0]
        if own_line in self.rough or (own_line in self.later and not token.first):
            return
        trouble = Trouble(
            self.source, self.tokens, parser.position, token, accepted,
            parser.depths()[-1],
        )  # fmt: skip
        for rule in RULES:
            finding = rule(trouble)
            if finding is not None:
                break
        else:
            finding = general(trouble)
        line = finding.span.line_column[0]
        if finding.code == "E105":
            self.later.add(line)
        self.found.add(finding.code, finding.span, **finding.arguments)

    def unclosed(self, opening: Token, token: Token) -> None:
        """Report a `{` without its `}`; its line tells which one is meant."""
        brace = self.suspicious_opening() or opening
        here = Related(Span(self.source, token.start, token.end), "here")
        self.found.add("E115", Span(self.source, brace.start, brace.end), here)

    def outside(self, opening: Token, token: Token) -> bool:
        """Whether a token's line begins no further in than the opening brace's."""
        if token.type == END:
            return True
        inner = indentation(self.source, token.start)
        return inner <= line_indentation(self.source, opening)

    def too_deep(self, start: int, end: int) -> None:
        """Report what is nested deeper than any later pass could follow."""
        self.found.add("E147", Span(self.source, start, end))

    def suspicious_opening(self) -> Token | None:
        """The first `{` whose `}` closes, by its indentation, something further out."""
        for opening, closing in pairs(self.tokens):
            outer = line_indentation(self.source, opening)
            if closing.first and indentation(self.source, closing.start) < outer:
                return opening
        return None
