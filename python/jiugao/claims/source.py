"""Claim files come in; a `Staged` that can stream them in order, once or again, goes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from jiugao.claims.contract import tables
from jiugao.claims.copies import settle_copies
from jiugao.claims.files import DataFile
from jiugao.claims.findings import DataError, Findings, Reason
from jiugao.claims.intake import intake
from jiugao.claims.reading import Broken, batches
from jiugao.claims.rejects import Rejects
from jiugao.claims.staging import (
    KEYS,
    OUT_ROWS,
    Counts,
    Order,
    Progress,
    Reading,
    cleaned,
    schema_of,
)


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

    def stream(self) -> pa.RecordBatchReader:
        """All accepted rows by person, full time and settlement."""
        if self.straight:
            rows = cleaned(self._files, self._reading, self.rejects, self.counts, self._progress)
            return pa.RecordBatchReader.from_batches(self.schema, rows)
        order = "rowid" if self.sorted_already else ", ".join(KEYS)
        return self._connection.sql(
            f"SELECT {_quoted(self.schema)} FROM claims ORDER BY {order}"
        ).to_arrow_reader(OUT_ROWS)

    def rows_of(self, persons: pa.Array) -> pa.Table:
        """All accepted rows of some persons, in order."""
        if self.straight:
            again = cleaned(self._files, self._reading, Rejects(), Counts(), lambda _: None)
            picked = [
                b.filter(pc.is_in(b.column(b.schema.get_field_index("psn_no")), value_set=persons))
                for b in again
            ]
            return pa.Table.from_batches([b for b in picked if b.num_rows], self.schema)
        chosen = pa.table({"psn_no": persons})
        self._connection.register("chosen", chosen)
        try:
            return self._connection.sql(
                f"SELECT {_quoted(self.schema)} FROM claims SEMI JOIN chosen USING (psn_no)"
                f" ORDER BY {', '.join(KEYS)}"
            ).to_arrow_table()
        finally:
            self._connection.unregister("chosen")

    def dropped_copies(self) -> pa.Table:
        """Copies that did not count because a newer or an identical one does."""
        there = self._connection.execute(
            "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'dropped'"
        ).fetchone()
        if self.straight or not there or not there[0]:
            return self.schema.empty_table()
        return self._connection.sql(f"SELECT {_quoted(self.schema)} FROM dropped").to_arrow_table()


def stage(
    files: Sequence[DataFile],
    reading: Reading,
    connection: duckdb.DuckDBPyConnection,
    rejects: Rejects,
    progress: Progress = lambda _: None,
) -> Staged:
    """Read the files; sort and sift them unless they are Parquet in order already.

    Raises DataError when a file cannot be used at all.
    """
    counts = Counts()
    schema = schema_of(reading)
    if all(f.is_parquet for f in files) and _in_order(files, connection):
        return Staged(schema, counts, rejects, True, True, files, reading, connection, progress)
    order = Order()
    failure: list[BaseException] = []

    def watched() -> Iterator[pa.RecordBatch]:
        try:
            for batch in cleaned(files, reading, rejects, counts, progress):
                order.watch(batch.select(list(KEYS)))
                yield batch
        except DataError as error:
            failure.append(error)
            raise

    incoming = pa.RecordBatchReader.from_batches(schema, watched())
    connection.register("incoming", incoming)
    try:
        connection.execute("CREATE OR REPLACE TABLE claims AS SELECT * FROM incoming")
    except duckdb.Error as error:
        if failure:
            raise failure[0] from None
        raise DataError("D919", detail=str(error).splitlines()[0]) from error
    finally:
        connection.unregister("incoming")
    counts.duplicates = settle_copies(connection, schema.names, rejects)
    return Staged(schema, counts, rejects, order.kept, False, files, reading, connection, progress)


def _in_order(files: Sequence[DataFile], connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether Parquet files are in order, without copies and without refund flags to sift."""
    contract = tables()["claims"]
    keys = tuple(c for n in KEYS if (c := contract.column(n)) is not None)
    flag = contract.column("refd_setl_flag")
    assert flag is not None
    order, unique, last = Order(), True, ""
    for file in files:
        for batch in batches(file, (*keys, flag), Broken()):
            typed = intake(batch.columns, (*keys, flag), file.name)
            if typed.findings.rows:
                return False
            columns = typed.columns
            flags = pc.any(pc.not_equal(columns[flag.name], "0")).as_py()
            if flags is True:
                return False
            order.watch(pa.record_batch([columns[k] for k in KEYS], names=list(KEYS)))
            if not order.kept:
                return False
            ids = columns["setl_id"]
            if unique and len(ids):
                rising = pc.all(pc.less(ids[:-1], ids[1:])).as_py() is not False
                unique = rising and last < ids[0].as_py()
                last = ids[-1].as_py()
    return unique or _unique(files, connection)


def _unique(files: Sequence[DataFile], connection: duckdb.DuckDBPyConnection) -> bool:
    names = [str(f.path) for f in files]
    answer = connection.execute(
        "SELECT count(*) FROM (SELECT 1 FROM read_parquet(?, union_by_name = true)"
        " GROUP BY hash(setl_id) HAVING count(*) > 1)",
        [names],
    ).fetchone()
    return answer is not None and answer[0] == 0


def _quoted(schema: pa.Schema) -> str:
    return ", ".join(f'"{n}"' for n in schema.names)


def small_table(
    name: str, files: Sequence[DataFile], rejects: Rejects
) -> tuple[dict[str, pa.Array], int]:
    """A whole small table (people, institutions, …), typed, without its bad rows.

    Returns its columns with `file` and `row`, and the number of rows read.
    """
    columns = tables()[name].columns
    parts: list[pa.RecordBatch] = []
    read = 0
    for file in files:
        broken = Broken()
        for batch in batches(file, columns, broken):
            typed = intake(batch.columns, columns, file.name)
            rejects.add_findings(name, file, batch.rows, typed.columns, typed.findings)
            read += len(batch.rows)
            parts.append(_without(typed.columns, typed.findings, file, batch.rows))
        rejects.add_broken(name, file, broken.lines, broken.texts)
        read += len(broken.lines)
    whole = pa.Table.from_batches(parts).combine_chunks()
    return {n: _one(whole[n]) for n in whole.column_names}, read


def _one(chunked: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(chunked.chunks) if chunked.num_chunks else pa.array([], chunked.type)


def _without(
    columns: dict[str, pa.Array], found: Findings, file: DataFile, rows: pa.Array
) -> pa.RecordBatch:
    whole = pa.record_batch(
        {**columns, "file": pa.repeat(pa.scalar(file.number, pa.int32()), len(rows)), "row": rows}
    )
    if not found.rows:
        return whole
    bad = pa.array(sorted(set(found.rows)), pa.int64())
    return whole.filter(pc.invert(pc.is_in(pa.arange(0, len(rows)), value_set=bad)))


__all__ = ["Reason", "Staged", "small_table", "stage"]
