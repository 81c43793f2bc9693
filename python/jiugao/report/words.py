"""A key and a language come in; a report's heading goes out."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache

from jiugao.packaged import packaged
from jiugao.reconcile.causes import WORDS, Cause


@cache
def table() -> Mapping[str, Mapping[str, str]]:
    """words.toml: key -> language -> text."""
    return tomllib.loads(packaged("report/words.toml"))


def word(key: str, language: str) -> str:
    """A heading in the language asked for."""
    return table()[key][language]


def cause_word(cause: str, language: str) -> str:
    """A cause as people call it."""
    return WORDS[Cause(cause)][language]
