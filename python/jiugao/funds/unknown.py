"""A figure that has no value comes in; the error that says what is missing goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.claims.findings import DataError
from jiugao.diagnostics import Diagnostics, RulesError

if TYPE_CHECKING:
    from jiugao.funds.amounts import UnknownFigureError


def missing(error: UnknownFigureError) -> RulesError | DataError:
    """E607 for a figure to be set, D985 for a year before that nobody brought."""
    parameter = error.parameter
    if parameter is None:
        return DataError("D985", name=error.name)
    found = Diagnostics()
    found.add(
        "E607",
        None,
        name=parameter.name,
        clauses=parameter.place.clauses,
        text=parameter.place.text or "—",
    )
    return RulesError(found)
