"""Batches come in; Parquet whose bytes depend on the rows alone goes out."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

GROUP_ROWS = 1 << 16
PAGE_ROWS = 1 << 14
"""Pages end after so many rows and for no other reason: where the batches end does not show."""
ANY_BYTES = 1 << 30
"""Larger than any page of so many rows, and than any dictionary of a row group: a writer that
gave up a dictionary would end the page there."""


class ParquetSink:
    """Row groups of one size whatever the batches; decimals stored as integers.

    Use as a context; columns of few values are dictionary-coded, the others are not. A
    thread of its own writes a row group while the next one is gathered.
    """

    def __init__(self, path: Path, schema: pa.Schema, dictionary: list[str]) -> None:
        self._schema = schema
        self._thread = ThreadPoolExecutor(1)
        self._writing: Future[None] | None = None
        self._gathered: list[pa.RecordBatch] = []
        self._lacking = GROUP_ROWS
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
            max_rows_per_page=PAGE_ROWS,
            data_page_size=ANY_BYTES,
            dictionary_pagesize_limit=ANY_BYTES,
        )

    def write(self, batch: pa.RecordBatch) -> None:
        """Take the rows; they reach the file a row group at a time, copied nowhere before."""
        self.rows += batch.num_rows
        while batch.num_rows >= self._lacking:
            lacking = self._lacking
            self._gather(batch.slice(0, lacking))
            self._flush()
            batch = batch.slice(lacking)
        self._gather(batch)

    def end(self) -> None:
        """There are no more rows: the last row group is on its way, beside other sinks'."""
        if self._gathered:
            self._flush()

    def _gather(self, batch: pa.RecordBatch) -> None:
        if batch.num_rows:
            self._gathered.append(batch)
            self._lacking -= batch.num_rows

    def _flush(self) -> None:
        self._wait()
        group = pa.Table.from_batches(self._gathered, self._schema)
        group = group.unify_dictionaries()
        self._gathered, self._lacking = [], GROUP_ROWS
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
