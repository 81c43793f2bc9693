"""A place of the program file comes in; what people read goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.explain.model import Passage

if TYPE_CHECKING:
    from jiugao.program.body import Place, Program


def passage(program: Program, place: Place) -> Passage:
    """A place of the program file as file and line."""
    if place.span is None:
        return Passage(place.text, place.clauses, "", None)
    source, start, _ = place.span
    text = program.sources[source].text
    line = text.count("\n", 0, start) + 1
    return Passage(place.text, place.clauses, program.sources[source].name, line)
