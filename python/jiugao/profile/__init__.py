"""The standard columns that every policy may name: package data, always in scope."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jiugao.source import Source
from jiugao.syntax import parse, tree

FILE = "nhsa.rules"


@cache
def standard() -> tree.Profile:
    """The national platform's columns, parsed once."""
    text = (files("jiugao.profile") / FILE).read_text("utf-8")
    document, found = parse(Source(FILE, text))
    assert document is not None, [d.cause("en") for d in found]
    (profile,) = document.policies
    assert isinstance(profile, tree.Profile)
    return profile
