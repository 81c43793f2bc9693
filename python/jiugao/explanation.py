"""A policy, claims and a settlement come in; the account of that claim goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from jiugao.engine import Program, StreamError, Tables, trace
from jiugao.engine.names import check
from jiugao.engine.settlement import NOTHING
from jiugao.evaluation import program_file
from jiugao.explain import account
from jiugao.explain.trace import Row, read_trace
from jiugao.names import known_columns
from jiugao.program.encode import decode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jiugao.engine.streams import ArrowStream
    from jiugao.evaluation import Written
    from jiugao.explain import Account


def explained(  # noqa: PLR0913  each is a word of the call
    policy: Written,
    claims: ArrowStream,
    settlement: str,
    *,
    people: ArrowStream | None = None,
    applications: ArrowStream | None = None,
    opening: ArrowStream | None = None,
    settings: Mapping[str, str] = NOTHING,
    columns: Mapping[str, str] = NOTHING,
    constants: Mapping[str, str] = NOTHING,
) -> Account:
    """Why one claim got its amount: every step with its clauses.

    The streams are as for `evaluate`; `claims` is read into memory. What comes back is
    data: `jiugao.explain` has as_text, as_html, as_json and sentence to show it.

    Raises as `evaluate`, and StreamError D922 for a settlement that is not there.
    """
    file = program_file(policy, settings)
    loaded = Program.load(file)
    check((*columns, *constants), known_columns(loaded))
    table = plain_texts(pa.table(claims))
    key, person = (columns.get(name, name) for name in ("setl_id", "psn_no"))
    row = pc.index(table[key].cast(pa.string()), settlement).as_py()
    if row < 0:
        raise StreamError("D922", name=settlement)
    who = table[person][row]
    # A year is a person's own: nobody else's claims are looked at.
    own = table.filter(pc.equal(table[person], who))
    place = pc.index(own[key].cast(pa.string()), settlement).as_py()
    undone = columns.get("init_setl_id", "init_setl_id")
    original = table[undone][row].as_py() if undone in table.column_names else None
    tables = Tables(own, people, applications, columns, constants, opening)
    steps = trace(loaded, tables, place)
    told = Row(str(who), settlement, None if original is None else str(original))
    return account(decode(file), read_trace(steps, told))


def plain_texts(table: pa.Table) -> pa.Table:
    """The table without views (Polars hands them out): pyarrow takes no rows of them."""
    fields = [
        f.with_type(pa.large_string()) if pa.types.is_string_view(f.type) else f
        for f in table.schema
    ]
    return table.cast(pa.schema(fields))
