"""Rows come in; bundles of rows by cut go out, and of one cut's bundles its tables.

A bundle is a batch of Arrow in its own format (IPC), one value of one row: so Spark's
shuffle moves whole columns of thousands of rows at once, and never looks at a row.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain
from pathlib import Path
from tempfile import gettempdir

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from jiugao.claims.contract import Column, ColumnKind
from jiugao.claims.intake import intake

PERSON, SETTLEMENT, TIME = "psn_no", "setl_id", "setl_time"
TIME_COLUMN = Column(TIME, ColumnKind.TIME)
AT, MOMENT = "_cut", "_moment"
CLAIMS, PEOPLE, APPLICATIONS, OPENING = "claims", "people", "applications", "opening"
BUNDLES = pa.schema([(AT, pa.int32()), ("_table", pa.string()), ("_rows", pa.binary())])
TOGETHER = 1 << 18  # rows of a task that are cut at once
MUCH = 64 << 20  # bytes, if they come to that before
OUT = 1 << 16  # rows of a sorted batch
MEMORY = "512MiB"  # of a task, to sort in; beyond it goes to the disk
IPC = pa.ipc.IpcWriteOptions(compression="lz4")
Batches = Iterator[pa.RecordBatch]
Task = Callable[[Batches], Batches]


def bundled(which: str, cuts: int) -> Task:
    """What a task does with the rows of a table that are to be in so many cuts."""

    def task(batches: Batches) -> Batches:
        for table in _together(batches):
            at = _numbers(table.select([PERSON]), cuts)
            rows = _with_moment(table) if which == CLAIMS else table
            yield _bundles(rows, at, which)

    return task


def _with_moment(claims: pa.Table) -> pa.Table:
    """Claims beside what they are sorted by: their time as the engine reads it.

    Nothing where it tells none: the engine rejects these, in whatever order.
    """
    times = [
        intake(batch, [TIME_COLUMN], "").columns[TIME] for batch in claims.to_batches()
    ]
    return claims.append_column(MOMENT, pa.chunked_array(times, pa.timestamp("us")))


def _numbers(persons: pa.Table, cuts: int) -> pa.ChunkedArray:
    """The number of each row's cut: the same for a person in every table and task."""
    number = f"CAST(hash(CAST({PERSON} AS VARCHAR)) % {int(cuts)} AS INTEGER)"
    rows = _database().from_arrow(persons)
    return rows.select(duckdb.SQLExpression(number)).to_arrow_table().column(0)


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """One for each worker: to make one takes longer than to ask it."""
    spill = local_dir() / f"jiugao-{os.getpid()}"
    return duckdb.connect(
        config={"threads": 1, "memory_limit": MEMORY, "temp_directory": str(spill)}
    )


def local_dir() -> Path:
    """Where a task may put what is too much for memory: the disk that Spark was given."""
    given = os.environ.get("SPARK_LOCAL_DIRS", "").split(",")[0]
    return Path(given or gettempdir())


def _together(batches: Batches) -> Iterator[pa.Table]:
    """Enough rows at a time for bundles that are worth their heads."""
    held: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        held.append(batch)
        rows += batch.num_rows
        size += batch.nbytes
        if rows >= TOGETHER or size >= MUCH:
            yield pa.Table.from_batches(held)
            held, rows, size = [], 0, 0
    if rows:
        yield pa.Table.from_batches(held)


def _bundles(table: pa.Table, at: pa.ChunkedArray, which: str) -> pa.RecordBatch:
    """The bundles of some rows, one for every cut that has any."""
    order = pc.sort_indices(at)
    rows = table.take(order).combine_chunks()
    counts = pc.value_counts(at.take(order))
    made, start = [], 0
    for size in counts.field("counts").to_pylist():
        made.append(_packed(rows.slice(start, size)))
        start += size
    names = pa.repeat(pa.scalar(which), len(made))
    return pa.record_batch(
        [counts.field("values"), names, pa.array(made, pa.binary())], schema=BUNDLES
    )


def _packed(rows: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema, options=IPC) as writer:
        writer.write_table(rows)
    return bytes(sink.getvalue())


def _unpacked(bundle: pa.Scalar) -> Batches:
    with pa.ipc.open_stream(bundle.as_buffer()) as reader:
        yield from reader


@dataclass
class Sides:
    """One cut, taken apart: claims streamed in order, what is known of its persons whole."""

    people: pa.Table | None = None
    applications: pa.Table | None = None
    opening: pa.Table | None = None
    claims: pa.RecordBatchReader | None = None
    _known: dict[str, list[pa.RecordBatch]] = field(default_factory=dict)

    @staticmethod
    def of(bundles: Batches, shape: pa.Schema) -> Sides:
        """Read a cut's bundles. `shape`: the columns of claims, for a cut without any.

        Claims are None where there are none, nor an account to go on.
        """
        sides = Sides()
        # The first claim in order comes when every row has been read.
        claims = stream(_in_order(sides._apart(bundles)))
        for name in (PEOPLE, APPLICATIONS, OPENING):
            if parts := sides._known.get(name):
                setattr(sides, name, pa.Table.from_batches(parts).sort_by(PERSON))
        if claims is None and sides.opening is not None:
            claims = pa.RecordBatchReader.from_batches(shape, ())
        return replace(sides, claims=claims)

    def _apart(self, bundles: Batches) -> Batches:
        """The claims; other tables are kept."""
        for batch in bundles:
            for which, rows in zip(batch["_table"], batch["_rows"], strict=True):
                if which.as_py() == CLAIMS:
                    yield from _unpacked(rows)
                else:
                    self._known.setdefault(which.as_py(), []).extend(_unpacked(rows))


def stream(batches: Batches) -> pa.RecordBatchReader | None:
    """The batches with what their first tells of columns; None where there are none."""
    first = next(batches, None)
    if first is None:
        return None
    return pa.RecordBatchReader.from_batches(first.schema, chain([first], batches))


def _in_order(claims: Batches) -> Batches:
    """Claims sorted by person, moment and settlement; `_moment` is left out."""
    reader = stream(_alike(claims))
    if reader is None:
        return
    sorted_ = (
        _database()
        .from_arrow(reader)
        .order(f"{PERSON} NULLS FIRST, {MOMENT} NULLS FIRST, {SETTLEMENT}")
        .project(f"* EXCLUDE ({MOMENT})")
    )
    had = reader.schema.remove(reader.schema.get_field_index(MOMENT))
    for batch in sorted_.to_arrow_reader(OUT):
        columns = [c.cast(f.type) for c, f in zip(batch.columns, had, strict=True)]
        yield pa.record_batch(columns, schema=had)


def _alike(batches: Batches) -> Batches:
    """The batches; ValueError where files that tasks read themselves differ in a type."""
    had: pa.Schema | None = None
    for batch in batches:
        had = had or batch.schema
        if not batch.schema.equals(had):
            differing = sorted({str(f) for f in set(had) ^ set(batch.schema)})
            message = f"files of claims differ in their types: {', '.join(differing)}"
            raise ValueError(message)
        yield batch
