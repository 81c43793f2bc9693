"""Findings of every room come in, in one shape; messages in two languages go out.

The words live in `codes.toml`: for each code a cause and a way out, in Chinese and
English, with named places that a diagnostic's `arguments` fill.
"""

from __future__ import annotations

import tomllib
from dataclasses import field
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from jiugao.dataclass import dataclass
from jiugao.packaged import packaged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jiugao.source import Span


Argument = str | tuple[str, ...]
LISTED = {"zh": "、", "en": ", "}


class Severity(StrEnum):
    """An error stops the compile; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Related:
    """A second place that matters, with its label (a key of the code's `labels`)."""

    span: Span
    label: str


@dataclass(frozen=True)
class Diagnostic:
    """One finding. `arguments` fill the named places of the code's templates.

    A list of words is told as the language tells lists.
    """

    code: str
    span: Span | None
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    related: tuple[Related, ...] = ()

    @property
    def severity(self) -> Severity:
        """W codes warn, all others are errors."""
        return Severity.WARNING if self.code.startswith("W") else Severity.ERROR

    def cause(self, language: str) -> str:
        """What is wrong, in `zh` or `en`."""
        return template(self.code, "cause", language).format_map(self.words(language))

    def way_out(self, language: str) -> str:
        """What to do about it, in `zh` or `en`."""
        return template(self.code, "way_out", language).format_map(self.words(language))

    def told(self, related: Related, language: str) -> str:
        """What a related place is, in `zh` or `en`."""
        told: str = entry(self.code)["labels"][related.label][language]
        return told.format_map(self.words(language))

    def words(self, language: str) -> dict[str, str]:
        """The arguments, `@word` put into the language by `words.toml`."""
        return {k: word(v, language) for k, v in self.arguments.items()}


class Diagnostics:
    """Findings collected by a pass; a pass goes on after a finding where it can."""

    def __init__(self) -> None:
        self._found: list[Diagnostic] = []

    def add(
        self,
        code: str,
        span: Span | None,
        *related: Related,
        **arguments: Argument,
    ) -> None:
        """Record a finding once (the same code at the same place counts once)."""
        found = Diagnostic(code, span, arguments, related)
        if found not in self._found:
            self._found.append(found)

    def extend(self, other: Diagnostics) -> None:
        """Take over another pass's findings, each once."""
        self._found.extend(d for d in other if d not in self._found)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """Findings that stop the compile."""
        return tuple(d for d in self._found if d.severity is Severity.ERROR)


class RulesError(Exception):
    """The rules are wrong; `diagnostics` says how."""

    def __init__(self, diagnostics: Diagnostics, language: str = "en") -> None:
        self.diagnostics = diagnostics
        first = next(iter(diagnostics.errors), None)
        told = f"{first.code}: {first.cause(language)}" if first else "rules"
        super().__init__(told)


@cache
def codes() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """The table of codes: code -> cause, way_out -> language -> template.

    Labels of related places have their names in between.
    """
    return tomllib.loads(codes_text())


@cache
def codes_text() -> str:
    """The table of codes as written."""
    return packaged("diagnostics/codes.toml")


@cache
def entry(code: str) -> Mapping[str, Mapping[str, Any]]:
    """One code of the table, read alone: all of them take fifteen milliseconds."""
    _, _, rest = codes_text().partition(f"\n[{code}]\n")
    written, _, _ = rest.partition("\n[")
    return tomllib.loads(written)


def template(code: str, part: str, language: str) -> str:
    """The template of one part of a code's message."""
    told: str = entry(code)[part][language]
    return told


def word(value: Argument, language: str) -> str:
    """An argument as people read it: `@money` is a word of the table, else itself."""
    if isinstance(value, tuple):
        return LISTED[language].join(word(each, language) for each in value) or "—"
    known = words().get(value[1:]) if value[:1] == "@" else None
    return known[language] if known else value


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """The table of words that fill places of messages: word -> language -> text."""
    text = packaged("diagnostics/words.toml")
    return tomllib.loads(text)
