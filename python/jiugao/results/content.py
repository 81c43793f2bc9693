"""Batches of a table come in; what identifies its rows, wherever they are kept, goes out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from jiugao.claims.intake import sum_fen
from jiugao.results.manifest import yuan_text

FEN = 2  # decimals of money
WIDE = 38  # digits of the decimals that both sides are read as
KINDS = {
    pa.string(): "VARCHAR",
    pa.bool_(): "BOOLEAN",
    pa.int16(): "SMALLINT",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.date32(): "DATE",
}


def plain(schema: pa.Schema) -> pa.Schema:
    """The columns in the types that a database has: no dictionaries, decimals of one width."""
    return pa.schema([(f.name, _plain(f.type)) for f in schema])


def _plain(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        return _plain(kind.value_type)
    if pa.types.is_decimal(kind):
        return pa.decimal128(kind.precision, kind.scale)
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return pa.string()
    return kind


@dataclass
class _Column:
    """A column seen so far: one digest of the lengths (-1: none), one of the bytes."""

    name: str
    kind: pa.DataType
    lengths: Any = field(default_factory=hashlib.sha256)
    values: Any = field(default_factory=hashlib.sha256)
    fen: int = 0

    def see(self, cells: pa.Array) -> None:
        if pa.types.is_string(self.kind):
            lengths = pc.binary_length(cells)
        else:
            lengths = pc.if_else(cells.is_valid(), 0, -1).cast(pa.int32())
        self.lengths.update(_bytes(lengths.fill_null(-1)))
        there = cells.drop_null()
        if pa.types.is_string(self.kind):
            self.values.update(_text_bytes(there))
        else:
            self.values.update(_bytes(_numbers(there)))
        if self.money:
            self.fen += sum_fen(there)

    @property
    def money(self) -> bool:
        return bool(pa.types.is_decimal(self.kind) and self.kind.scale == FEN)

    @property
    def spelt(self) -> str:
        if pa.types.is_decimal(self.kind):
            return f"DECIMAL({self.kind.precision},{self.kind.scale})"
        return KINDS[self.kind]

    def digest(self) -> bytes:
        head = f"{self.name}\0{self.spelt}\0".encode()
        return head + bytes(self.lengths.digest()) + bytes(self.values.digest())


def _numbers(cells: pa.Array) -> pa.Array:
    """Numbers, days and truth values in one width each."""
    if pa.types.is_decimal(cells.type):
        return cells.cast(pa.decimal128(WIDE, cells.type.scale))
    if pa.types.is_date32(cells.type):
        cells = cells.cast(pa.int32())
    return cells.cast(pa.int64())


def _bytes(cells: pa.Array) -> memoryview:
    """The values of an array without nulls, as they lie (little endian)."""
    width = cells.type.bit_width // 8
    buffer = cells.buffers()[1]
    if buffer is None:
        return memoryview(b"")
    return memoryview(buffer)[
        cells.offset * width : (cells.offset + len(cells)) * width
    ]


def _text_bytes(cells: pa.Array) -> memoryview:
    """The bytes of texts, one after the other."""
    _, offsets, data = cells.buffers()
    if not len(cells) or data is None:
        return memoryview(b"")
    places = pa.Array.from_buffers(
        pa.int32(), len(cells) + 1, [None, offsets], offset=cells.offset
    )
    return memoryview(data)[places[0].as_py() : places[-1].as_py()]


class Content:
    """Rows in their order, whatever the batches: how many, sums of money, one digest."""

    def __init__(self, schema: pa.Schema) -> None:
        self.schema = plain(schema)
        self._columns = [_Column(f.name, f.type) for f in self.schema]
        self._rows = 0

    def seen(self, batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
        """The same batches in plain types, looked at as they pass."""
        for batch in batches:
            arrays = [
                cells if cells.type == f.type else cells.cast(f.type)
                for cells, f in zip(batch.columns, self.schema, strict=True)
            ]
            for column, cells in zip(self._columns, arrays, strict=True):
                column.see(cells)
            self._rows += batch.num_rows
            yield pa.record_batch(arrays, schema=self.schema)

    def described(self) -> dict[str, Any]:
        """As it stands in a manifest."""
        whole = hashlib.sha256()
        for column in self._columns:
            whole.update(column.digest())
        return {
            "rows": self._rows,
            "columns": [[c.name, c.spelt] for c in self._columns],
            "sums": {c.name: yuan_text(c.fen) for c in self._columns if c.money},
            "sha256": whole.hexdigest(),
        }
