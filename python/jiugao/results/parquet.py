"""Batches come in; Parquet whose bytes depend on the rows alone goes out."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

PIECE_ROWS = 1 << 14
"""So many rows are copied out of their batches: a column of the core's holds all columns of
its batch. Pieces end at the same rows whatever the batches, and so do the pages of the file."""
GROUP_PIECES = 4


class Pieces:
    """Batches come in; pieces of one size go out, each row copied once.

    A batch that is a piece already goes out as it is.
    """

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._loose: list[pa.RecordBatch] = []
        self._rows = 0

    def take(self, batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
        """The pieces that the rows complete."""
        if batch.num_rows == PIECE_ROWS and not self._rows:
            yield batch
            return
        self._loose.append(batch)
        self._rows += batch.num_rows
        while self._rows >= PIECE_ROWS:
            yield from self._cut(PIECE_ROWS)

    def rest(self) -> Iterator[pa.RecordBatch]:
        """What is left, shorter than a piece."""
        if self._rows:
            yield from self._cut(self._rows)

    def _cut(self, count: int) -> list[pa.RecordBatch]:
        loose = pa.Table.from_batches(self._loose, self._schema)
        rest = loose.slice(count)
        self._loose, self._rows = rest.to_batches(), rest.num_rows
        cut: list[pa.RecordBatch] = loose.slice(0, count).combine_chunks().to_batches()
        return cut


class ParquetSink:
    """Row groups of one size whatever the batches; decimals stored as integers.

    Use as a context; columns of few values are dictionary-coded, the others are not. A
    thread of its own writes a row group while the next one is gathered.
    """

    def __init__(self, path: Path, schema: pa.Schema, dictionary: list[str]) -> None:
        self._schema = schema
        self._thread = ThreadPoolExecutor(1)
        self._writing: Future[None] | None = None
        self._cutting = Pieces(schema)
        self._pieces: list[pa.RecordBatch] = []
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
        self.rows += batch.num_rows
        for piece in self._cutting.take(batch):
            self._pieces.append(piece)
            if len(self._pieces) == GROUP_PIECES:
                self._flush()

    def end(self) -> None:
        """There are no more rows: the last row group is on its way, beside other sinks'."""
        self._pieces.extend(self._cutting.rest())
        if self._pieces:
            self._flush()

    def _flush(self) -> None:
        self._wait()
        group = pa.Table.from_batches(self._pieces, self._schema)
        self._pieces = []
        self._writing = self._thread.submit(
            self._writer.write_table, group, row_group_size=group.num_rows
        )

    def _wait(self) -> None:
        """Until the last row group is written. Raises what broke its writing."""
        if self._writing is not None:
            self._writing.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self.end()
                self._wait()
        finally:
            self._thread.shutdown()
            self._writer.close()
