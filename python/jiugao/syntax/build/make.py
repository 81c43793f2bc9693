"""A rule's name and members come in; what its building function makes goes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from jiugao.source import Source, Span
from jiugao.syntax.build import (
    benefits,
    examples,
    expressions,
    funds,
    items,
    parts,
    tables,
)
from jiugao.syntax.build.members import Context, Members

if TYPE_CHECKING:
    from jiugao.diagnostics import Diagnostics

Maker = Callable[[Context, Span, Members], object]


def _makers() -> Mapping[str, Maker]:
    """Every public function of the building modules, by the rule it is named after.

    A trailing _ keeps a function apart from a Python word.
    """
    found: dict[str, Maker] = {}
    for module in (parts, expressions, items, benefits, tables, funds, examples):
        for name, function in vars(module).items():
            own = getattr(function, "__module__", None) == module.__name__
            if callable(function) and own and not name.startswith("_"):
                found[name.rstrip("_")] = function
    return found


MAKERS = _makers()


class Builder:
    """Builds the nodes of one source."""

    def __init__(self, source: Source, found: Diagnostics) -> None:
        self.context = Context(source, found)

    def make(self, rule: str, start: int, end: int, members: list[object]) -> object:
        """The node of a rule."""
        span = Span(self.context.source, start, end)
        return MAKERS[rule](self.context, span, Members(members))
