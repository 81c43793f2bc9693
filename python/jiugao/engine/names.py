"""Names that a caller gives to columns come in; one that nobody knows is refused."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from jiugao.engine.errors import StreamError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


def check(names: Iterable[str], known: Collection[str]) -> None:
    """Raise StreamError D811 for a name that is not known, with the one it is most like."""
    for name in names:
        if name not in known:
            raise unknown(name, known)


def unknown(name: str, known: Iterable[str]) -> StreamError:
    """D811: nobody knows this column."""
    near = get_close_matches(name, sorted(known), n=1, cutoff=0.3) or ["—"]
    return StreamError("D811", name=name, nearest=near[0])
