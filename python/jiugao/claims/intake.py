"""Text or typed columns of one batch come in; exact typed columns and findings go out.

The core types them: money becomes fen in int64 (at most two decimals, never through a
float), days date32, times timestamp[us], flags bool, counts int64.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from jiugao import engine
from jiugao.claims.contract import Column, ColumnKind
from jiugao.claims.findings import Findings, Reason

ARROW = {
    ColumnKind.TEXT: pa.string(),
    ColumnKind.CODE: pa.string(),
    ColumnKind.MONEY: pa.int64(),
    ColumnKind.TIME: pa.timestamp("us"),
    ColumnKind.DAY: pa.date32(),
    ColumnKind.FLAG: pa.bool_(),
    ColumnKind.COUNT: pa.int64(),
}
"""The Arrow type that each kind has inside."""


@dataclass(frozen=True)
class Typed:
    """Columns of the same length as the batch, null where blank or bad."""

    columns: dict[str, pa.Array]
    findings: Findings


def intake(batch: pa.RecordBatch, columns: Sequence[Column], file: str) -> Typed:
    """Type every column of `columns`; one that the batch lacks is its default throughout.

    Raises the engine's StreamError for a column whose type cannot be taken at all, as
    amounts in floating point.
    """
    stream = pa.RecordBatchReader.from_batches(batch.schema, [batch])
    wanted = [_raw(c) for c in columns]
    [typed] = engine.intake(stream, wanted, file)
    *cells, found = typed.columns
    made = {c.name: column for c, column in zip(columns, cells, strict=True)}
    return Typed(
        made, _findings(found) if found.null_count < len(found) else Findings.none()
    )


@cache
def _raw(column: Column) -> engine.RawColumn:
    """As the core wants to be told of a column. Batch after batch has the same ones."""
    return engine.RawColumn(
        column.name,
        str(column.kind),
        column.spellings,
        column.required,
        column.codes,
        column.default,
    )


def _findings(found: pa.Array) -> Findings:
    cells = pc.list_flatten(found)
    return Findings(
        pc.list_parent_indices(found).to_pylist(),
        cells.field("column").cast(pa.string()).to_pylist(),
        [Reason(code) for code in cells.field("code").cast(pa.string()).to_pylist()],
        [v or "" for v in cells.field("value").cast(pa.string()).to_pylist()],
    )


def present(schema: pa.Schema, column: Column) -> int | None:
    """Where the schema has the column, under any of its spellings."""
    return next(
        (i for n in column.names if (i := schema.get_field_index(n)) >= 0), None
    )


def fen(amounts: pa.Array) -> pa.Array:
    """decimal64(18,2) as int64 fen: the same bytes under another name."""
    return pa.Array.from_buffers(
        pa.int64(), len(amounts), amounts.buffers(), amounts.null_count, amounts.offset
    )


def yuan(amounts: pa.Array) -> pa.Array:
    """int64 fen as decimal64(18,2): the same bytes under another name."""
    return pa.Array.from_buffers(
        pa.decimal64(18, 2),
        len(amounts),
        amounts.buffers(),
        amounts.null_count,
        amounts.offset,
    )


def sum_fen(amounts: pa.Array) -> int:
    """The sum of a money column, in fen; null counts as nothing."""
    if pa.types.is_decimal(amounts.type):
        amounts = fen(amounts.cast(pa.decimal64(18, 2)))
    total: int | None = pc.sum(amounts).as_py()
    return total or 0
