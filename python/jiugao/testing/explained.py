"""An example and one of its rows come in; the account of that row goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao import engine
from jiugao.compile import compile_sources
from jiugao.explain.account import account
from jiugao.explain.trace import Row, read_trace
from jiugao.program.encode import decode
from jiugao.testing.carried import begun
from jiugao.testing.cases import case_tables

if TYPE_CHECKING:
    from jiugao.compile import Compiled
    from jiugao.explain.model import Account


def explain_example(compiled: Compiled, title: str, row: int = 0) -> Account:
    """The account of a row (0: the first as written) of the example of this title.

    `KeyError` without such an example, `IndexError` without such a row.
    """
    found = {e.title: e for e in compiled.policy.examples}[title]
    if found.settings:
        settings = {**compiled.settings, **found.settings}
        compiled = compile_sources(compiled.policy.sources, settings=settings)
        found = {e.title: e for e in compiled.policy.examples}[title]
    begins = begun(compiled, [found]).table
    tables = case_tables(compiled.policy, [found], begins)
    raw = engine.trace(
        engine.Program.load(compiled.program_bytes),
        tables.given(),
        tables.rows.index((0, row)),
    )
    reverses = found.rows[row].reverses
    place = Row(title, found.rows[row].label, reverses)
    return account(decode(compiled.program_bytes), read_trace(raw, place))
