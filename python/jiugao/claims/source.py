"""Claim files come in; a `Staged` that can stream them in order, once or again, goes out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from jiugao.claims.contract import Column, tables
from jiugao.claims.copies import settle_copies
from jiugao.claims.database import (
    check_room,
    listed,
    one,
    sparing,
    without_tables,
)
from jiugao.claims.files import DataFile
from jiugao.claims.findings import Findings
from jiugao.claims.intake import ARROW, intake
from jiugao.claims.known import leave_out_later
from jiugao.claims.local import AS_IT_IS
from jiugao.claims.ordered import Ordered
from jiugao.claims.persons import NOBODY, OWN, Joined, join_claims
from jiugao.claims.reading import Broken, batches
from jiugao.claims.rejects import Rejects
from jiugao.claims.scalars import number
from jiugao.claims.staging import (
    Counts,
    Order,
    Progress,
    Reading,
    cleaned,
    schema_of,
)
from jiugao.claims.stored import Stored
from jiugao.claims.straight import streamable
from jiugao.claims.undone import read_reversals, stored_reversals


@dataclass
class Staged:
    """Claims ready to be settled. `sorted_already`: the files were in order.

    `straight`: Parquet that is streamed from the files, so that its rows are counted and
    rejected only while `stream` runs.
    """

    schema: pa.Schema
    counts: Counts
    rejects: Rejects
    sorted_already: bool
    straight: bool
    _files: Sequence[DataFile]
    _reading: Reading
    _connection: duckdb.DuckDBPyConnection
    _progress: Progress
    joined: Joined = NOBODY
    failure: BaseException | None = None  # what broke `stream`, as it was raised

    def stream(self) -> pa.RecordBatchReader:
        """All accepted rows by person, full time and settlement."""
        return pa.RecordBatchReader.from_batches(self.schema, self._watched())

    def _watched(self) -> Iterator[pa.RecordBatch]:
        try:
            yield from self._straight() if self.straight else self._stored()
        except GeneratorExit:  # nobody reads on
            raise
        except BaseException as error:  # the reader of a stream only gets its text
            self.failure = error
            raise

    def _straight(self) -> Iterator[pa.RecordBatch]:
        return cleaned(
            self._files, self._reading, self.rejects, self.counts, self._progress
        )

    def _stored(self) -> Iterator[pa.RecordBatch]:
        stored = Stored(self._connection, "claims", self.schema)
        # A table gives its rows back as they came in: what was in order stays in order.
        if self.sorted_already:
            return iter(stored.stream())
        return Ordered(stored, self._reading.keys).batches()

    def rows_of(self, persons: pa.Array) -> pa.Table:
        """All accepted rows of some persons, in order."""
        if self.straight:
            reading = replace(self._reading, control=None)
            again = cleaned(self._files, reading, Rejects(), Counts(), lambda _: None)
            picked = [
                b.filter(
                    pc.is_in(
                        b.column(b.schema.get_field_index("psn_no")), value_set=persons
                    )
                )
                for b in again
            ]
            return pa.Table.from_batches([b for b in picked if b.num_rows], self.schema)
        self._connection.register("persons_in", pa.table({"psn_no": persons}))
        try:
            return self._connection.sql(
                f"SELECT {listed(self.schema.names)} FROM claims SEMI JOIN persons_in USING (psn_no)"
                f" ORDER BY {', '.join(self._reading.keys)}"
            ).to_arrow_table()
        finally:
            self._connection.unregister("persons_in")

    def reversals(self, persons: pa.Array) -> pa.Table:
        """Reversals, those of some persons at least, with the day of what they undo."""
        if self.straight:
            return read_reversals(self._files, self._reading, persons)
        return stored_reversals(self._connection, self._reading.day)

    def dropped_copies(self) -> pa.Table:
        """Copies that did not count because a newer or an identical one does."""
        there = "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'dropped'"
        if self.straight or not one(self._connection, there):
            return self.schema.empty_table()
        return self._connection.sql(
            f"SELECT {listed(self.schema.names)} FROM dropped"
        ).to_arrow_table()


def stage(
    files: Sequence[DataFile],
    reading: Reading,
    connection: duckdb.DuckDBPyConnection,
    rejects: Rejects,
    progress: Progress = lambda _: None,
    *,
    work: Path,
    beside: Collection[str] = (),
) -> Staged:
    """Read the files; sort and sift them unless they are Parquet in order already.

    `work`: a folder for what does not fit in memory; `beside`: tables of the database that
    are needed afterwards. Raises DataError when a file cannot be used at all.
    """
    counts = Counts()
    as_it_is = all(f.is_parquet and f.local is AS_IT_IS for f in files)
    as_it_is = as_it_is and reading.known_on is None
    if as_it_is and sparing(
        connection, lambda: streamable(files, reading, connection, work)
    ):
        without_tables(connection, but=beside)
        straight = replace(reading, certificate=None)
        schema = schema_of(straight)
        return Staged(
            schema, counts, rejects, True, True, files, straight, connection, progress
        )
    check_room(work, files)
    reading = replace(reading, columns=reading.with_certificate)
    schema = schema_of(reading)
    order = Order(reading.keys)
    failure: list[BaseException] = []

    def watched() -> Iterator[pa.RecordBatch]:
        try:
            for batch in cleaned(files, reading, rejects, counts, progress):
                order.watch({k: batch.column(k) for k in reading.keys})
                yield batch
        except BaseException as error:  # shown as it is, not as DuckDB wraps it
            failure.append(error)
            raise

    incoming = pa.RecordBatchReader.from_batches(schema, watched())
    connection.register("incoming", incoming)
    try:
        connection.execute("CREATE OR REPLACE TABLE claims AS SELECT * FROM incoming")
    except duckdb.Error:
        if failure:
            raise failure[0] from None
        raise
    finally:
        connection.unregister("incoming")
    if reading.known_on is not None:
        counts.later = leave_out_later(connection, reading.known_on)
    joined = NOBODY
    if reading.certificate is not None:
        joined = join_claims(connection, reading.barred, rejects)
    if joined.persons:
        schema = schema.append(pa.field(OWN, pa.string()))
        order.kept = False
    counts.duplicates = settle_copies(
        connection,
        schema.names,
        reading.undone,
        rejects,
        _funds(reading),
    )
    return Staged(
        schema,
        counts,
        rejects,
        order.kept,
        False,
        files,
        reading,
        connection,
        progress,
        joined,
    )


def _funds(reading: Reading) -> list[str]:
    """Payments of funds: one that a file does not have was none."""
    funds = {n for c in tables()["claims"].columns if c.fund for n in c.names}
    return [c.name for c in reading.columns if c.name in funds and not c.required]


def kept_state(staged: Staged) -> dict[str, Any]:
    """What is to be known of claims that lie in the database, beside their rejects."""
    staged._connection.execute("CHECKPOINT")  # noqa: SLF001  its own module
    return {
        "counts": asdict(staged.counts),
        "sorted_already": staged.sorted_already,
        "joined": asdict(staged.joined),
    }


def staged_again(
    state: dict[str, Any],
    files: Sequence[DataFile],
    reading: Reading,
    connection: duckdb.DuckDBPyConnection,
    rejects: Rejects,
    progress: Progress,
) -> Staged:
    """Claims that a run before put in order, and what `kept_state` told of them."""
    reading = replace(reading, columns=reading.with_certificate)
    schema, joined = schema_of(reading), Joined(**state["joined"])
    if joined.persons:
        schema = schema.append(pa.field(OWN, pa.string()))
    counts = Counts(**state["counts"])
    progress(counts.read)
    return Staged(
        schema,
        counts,
        rejects,
        state["sorted_already"],
        False,
        files,
        reading,
        connection,
        progress,
        joined,
    )


def small_batches(
    name: str,
    files: Sequence[DataFile],
    rejects: Rejects,
    columns: Sequence[Column] | None = None,
) -> Iterator[tuple[pa.RecordBatch, int]]:
    """A table beside the claims, typed, without its bad rows; with each batch the rows read.

    `columns`: other than those of the contract. Batches have `file` and `row` too.
    """
    columns = tables()[name].columns if columns is None else columns
    fields = [(c.name, ARROW[c.kind]) for c in columns]
    schema = pa.schema([*fields, ("file", pa.int32()), ("row", pa.int64())])
    for file in files:
        broken = Broken()
        for batch in batches(file, columns, broken):
            typed = intake(batch.columns, columns, file.name)
            rejects.add_findings(name, file, batch.rows, typed.columns, typed.findings)
            good = _without(typed.columns, typed.findings, file, batch.rows)
            yield good.select(schema.names), len(batch.rows)
        rejects.add_broken(name, file, broken.lines, broken.texts)
        if broken.lines:
            yield pa.RecordBatch.from_pylist([], schema), len(broken.lines)


def small_table(
    name: str,
    files: Sequence[DataFile],
    rejects: Rejects,
    columns: Sequence[Column] | None = None,
) -> tuple[dict[str, pa.Array], int]:
    """The whole of a small table (applications, institutions, …), as `small_batches` reads it.

    Its columns, and the number of rows read.
    """
    columns = tables()[name].columns if columns is None else columns
    fields = [(c.name, ARROW[c.kind]) for c in columns]
    schema = pa.schema([*fields, ("file", pa.int32()), ("row", pa.int64())])
    found = list(small_batches(name, files, rejects, columns))
    whole = pa.Table.from_batches(
        [batch for batch, _ in found], schema
    ).combine_chunks()
    read = sum(many for _, many in found)
    return {n: _one(whole[n]) for n in whole.column_names}, read


def _one(chunked: pa.ChunkedArray) -> pa.Array:
    return (
        pa.concat_arrays(chunked.chunks)
        if chunked.num_chunks
        else pa.array([], chunked.type)
    )


def _without(
    columns: dict[str, pa.Array], found: Findings, file: DataFile, rows: pa.Array
) -> pa.RecordBatch:
    whole = pa.record_batch(
        {
            **columns,
            "file": pa.repeat(number(file.number, pa.int32()), len(rows)),
            "row": rows,
        }
    )
    if not found.rows:
        return whole
    bad = pa.array(sorted(set(found.rows)), pa.int64())
    return whole.filter(pc.invert(pc.is_in(pa.arange(0, len(rows)), value_set=bad)))
