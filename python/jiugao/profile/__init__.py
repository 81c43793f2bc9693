"""The standard columns that every policy may name: package data, always in scope."""

from __future__ import annotations

from functools import cache

from jiugao.packaged import packaged
from jiugao.source import Source
from jiugao.syntax import parse, tree

FILE = "nhsa.rules"


@cache
def standard() -> tree.Profile:
    """The national platform's columns, parsed once."""
    document, found = parse(Source(FILE, packaged(f"profile/{FILE}")))
    assert document is not None, [d.cause("en") for d in found]
    (profile,) = document.policies
    assert isinstance(profile, tree.Profile)
    return profile
