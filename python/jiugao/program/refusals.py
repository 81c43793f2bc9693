"""What cannot be made a program: found while lowering, with the place that asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from jiugao.diagnostics import Diagnostics, RulesError

if TYPE_CHECKING:
    from jiugao.source import Span


def refuse(code: str, span: Span | None, **arguments: str) -> NoReturn:
    """Stop with one finding."""
    found = Diagnostics()
    found.add(code, span, **arguments)
    raise RulesError(found)
