"""An unknown name comes in; a finding with the nearest declared name goes out."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from jiugao.syntax.nearest import operator_inside

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jiugao.diagnostics import Diagnostics, Related
    from jiugao.source import Span


MOST_NAMED = 12  # more names than this are no help in a message


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like the name, if one is like it at all."""
    return next(iter(get_close_matches(name, list(candidates), cutoff=0.5)), None)


def report_unknown(
    found: Diagnostics,
    span: Span,
    name: str,
    candidates: Iterable[str],
    *related: Related,
) -> None:
    """E201 with the nearest match (`related`: where it is), or what could stand here.

    A known name that an operator touches (定点医药机构且住院) is told as that, E138.
    """
    known = sorted(set(candidates))
    apart = operator_inside(name, known)
    if apart is not None:
        found.add("E138", span, text=name, spaced=apart)
        return
    match = nearest(name, known)
    if match is not None:
        found.add("E201", span, *related, name=name, nearest=match)
    elif known and len(known) <= MOST_NAMED:
        found.add("E203", span, name=name, known=tuple(known))
    else:
        found.add("E202", span, name=name)
