"""A program comes in; the names of columns that it or the contract knows go out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao import engine
from jiugao.claims.contract import tables

if TYPE_CHECKING:
    from jiugao.engine import Program


def known_columns(program: Program) -> frozenset[str]:
    """Every column of the program and, in all its spellings, of the contract."""
    contract = (n for t in tables().values() for c in t.columns for n in c.names)
    inputs = program.description["inputs"]
    own = (n for i in inputs for n in (i["column"], *i["alternatives"]))
    return frozenset((*own, *contract))


class Counter(engine.Counter):
    """A counter that refuses columns that neither the program nor the contract knows."""

    def __init__(self, program: Program) -> None:
        super().__init__(program, known_columns(program))
