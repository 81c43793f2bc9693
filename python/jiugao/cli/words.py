"""A key and a language come in; the words that people read on the command line go out."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache

from jiugao.packaged import packaged


@cache
def table() -> Mapping[str, Mapping[str, str]]:
    """words.toml: key -> language -> text."""
    return tomllib.loads(packaged("cli/words.toml"))


def say(key: str, language: str, **places: object) -> str:
    """The words of a key, its places filled."""
    words = table()[key][language]
    said = {name: Place(value) for name, value in places.items()}
    return words.format_map(said) if places else words


class Place:
    """What fills a place; `{count:row|rows}` is the number with the word that goes by it."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __format__(self, spec: str) -> str:
        """The value, and of two words the first after one, else the second."""
        one, bar, many = spec.partition("|")
        if not bar:
            return format(self.value, spec)
        number = f"{self.value:,}" if isinstance(self.value, int) else f"{self.value}"
        return f"{number} {one if number == '1' else many}"


def help_of(verb: str, language: str) -> str:
    """A verb's help: what it does, then an example that click leaves as it is."""
    example = table()[verb]["example"]
    heading = {"zh": "例", "en": "Example"}[language]
    return f"{say(verb, language)}\n\n\b\n{heading}:\n  {example}"
