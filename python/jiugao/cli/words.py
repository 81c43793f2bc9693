"""A key and a language come in; the words that people read on the command line go out."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def table() -> Mapping[str, Mapping[str, str]]:
    """words.toml: key -> language -> text."""
    text = (files("jiugao.cli") / "words.toml").read_text("utf-8")
    return tomllib.loads(text)


def say(key: str, language: str, **places: object) -> str:
    """The words of a key, its places filled."""
    words = table()[key][language]
    return words.format_map(places) if places else words


def help_of(verb: str, language: str) -> str:
    """A verb's help: what it does, then an example that click leaves as it is."""
    example = table()[verb]["example"]
    heading = {"zh": "例", "en": "Example"}[language]
    return f"{say(verb, language)}\n\n\b\n{heading}:\n  {example}"
