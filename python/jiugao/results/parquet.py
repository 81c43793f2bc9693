"""Batches come in; Parquet whose bytes depend on the rows alone goes out."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

GROUP_ROWS = 1 << 17


class ParquetSink:
    """Row groups of one size whatever the batches; decimals stored as integers.

    Use as a context; columns of few values are dictionary-coded, the others are not.
    """

    def __init__(self, path: Path, schema: pa.Schema, dictionary: list[str]) -> None:
        self._schema = schema
        self._held: list[pa.RecordBatch] = []
        self._rows = 0
        self.rows = 0
        kept: list[str] | bool = [n for n in dictionary if n in schema.names] or False
        self._writer = pq.ParquetWriter(
            path,
            schema,
            compression="zstd",
            compression_level=1,
            use_dictionary=kept,
            store_decimal_as_integer=True,
            write_statistics=True,
            store_schema=True,
        )

    def write(self, batch: pa.RecordBatch) -> None:
        """Take the rows; they reach the file a row group at a time."""
        self._held.append(batch)
        self._rows += batch.num_rows
        self.rows += batch.num_rows
        while self._rows >= GROUP_ROWS:
            self._flush(GROUP_ROWS)

    def _flush(self, count: int) -> None:
        whole = pa.Table.from_batches(self._held, self._schema)
        self._writer.write_table(
            whole.slice(0, count).combine_chunks(), row_group_size=GROUP_ROWS
        )
        rest = whole.slice(count)
        self._held = rest.to_batches() if rest.num_rows else []
        self._rows = rest.num_rows

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None and self._rows:
            self._flush(self._rows)
        self._writer.close()
