"""Parquet files come in; whether their claims can be streamed as they stand goes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from jiugao.claims.ahead import ahead
from jiugao.claims.contract import Column
from jiugao.claims.database import listed, literal, one, one_thread
from jiugao.claims.files import DataFile
from jiugao.claims.intake import Typed, intake, present
from jiugao.claims.persons import Links
from jiugao.claims.reading import Broken, batches
from jiugao.claims.reading import schema_of as schema_of_file
from jiugao.claims.scalars import BLANK, EMPTY, NO, ZERO_FLAG
from jiugao.claims.staging import Order, Reading, Reversals
from jiugao.engine import Distinct


def streamable(
    files: Sequence[DataFile],
    reading: Reading,
    connection: duckdb.DuckDBPyConnection,
    work: Path,
) -> bool:
    """Whether Parquet files are in order, with no copies and nothing else to sift.

    Raises DataError when a file cannot be used at all.
    """
    wanted = [*reading.keys, "refd_setl_flag", "init_setl_id"]
    certificate = reading.certificate
    wanted += [certificate.name] if certificate else []
    columns = tuple(c for c in reading.with_certificate if c.name in wanted)
    order, ids = Order(reading.keys), Distinct(work)
    links = Links(connection) if certificate else None
    flagged: list[pa.Array] = []
    undone: list[pa.Array] = []
    plain = True
    for typed, as_written in ahead(_typed(files, columns)):
        plain = plain and as_written
        if typed.findings.rows:
            return False
        order.watch(typed.columns)
        if not order.kept:
            return False
        flagged.append(_flagged(typed.columns))
        undone.append(typed.columns["init_setl_id"].drop_null())
        ids.add(typed.columns["setl_id"])
        if links is not None and certificate is not None:
            links.add(typed.columns["psn_no"], typed.columns[certificate.name])
    reverses = any(map(len, flagged + undone))
    if reverses:
        waiting, found = pa.concat_arrays(flagged), pa.concat_arrays(undone)
        if not pc.all(pc.is_in(waiting, value_set=found), min_count=0).as_py():
            return False
        # DuckDB looks at the files themselves: it would not find what is read otherwise.
        if not plain:
            return False
    # One thread each: of reversals and originals, one row group of files is held then.
    with (
        one_thread(connection),
        connection.cursor() as other,
        ThreadPoolExecutor(1) as beside,
    ):
        alike = (
            beside.submit(_reversals_alike, files, reading, other) if reverses else None
        )
        try:
            if links is not None and links.join().persons:
                return False
            return ids.all_differ() and (alike is None or alike.result())
        except BaseException:  # nobody waits for what is not wanted any more
            other.interrupt()
            raise


def _typed(
    files: Sequence[DataFile], columns: Sequence[Column]
) -> Iterator[tuple[Typed, bool]]:
    """Batches, and whether settlements are named in them as the files write it."""
    names = [c for c in columns if c.name in ("setl_id", "init_setl_id")]
    for file in files:
        for batch in batches(file, columns, Broken()):
            typed = intake(batch.columns, columns, file.name)
            yield typed, all(_plain(batch.columns, c, typed) for c in names)


def _plain(written: pa.RecordBatch, column: Column, typed: Typed) -> bool:
    """Whether cells are written as they are read, but for blank ones, which may be empty."""
    at = present(written.schema, column)
    if at is None:
        return True
    text = written.column(at).cast(pa.string())
    return bool(
        pc.if_else(pc.equal(text, EMPTY), BLANK, text).equals(
            typed.columns[column.name]
        )
    )


def _flagged(columns: dict[str, pa.Array]) -> pa.Array:
    """Settlements flagged as refunded that are no reversal: one must be found for each."""
    flags = pc.not_equal(columns["refd_setl_flag"], ZERO_FLAG).fill_null(NO)
    return columns["setl_id"].filter(
        pc.and_(flags, pc.is_null(columns["init_setl_id"]))
    )


def _reversals_alike(
    files: Sequence[DataFile], reading: Reading, connection: duckdb.DuckDBPyConnection
) -> bool:
    """Whether every reversal of sorted Parquet undoes its original's amounts."""
    if reading.reversals is not Reversals.NEGATIVE:
        return False
    names = {n for f in files for n in schema_of_file(f).names}
    columns = [c for c in reading.columns if c.name in reading.undone]
    undone = [n for c in columns for n in c.names if n in names]
    differ = " OR ".join(
        f'coalesce(try_cast(r."{n}" AS DECIMAL(18,2)), 0) + coalesce(try_cast(o."{n}" AS DECIMAL(18,2)), 0) <> 0'
        for n in undone
    )
    paths = ", ".join(literal(str(f.path)) for f in files)
    every = f"read_parquet([{paths}], union_by_name = true)"
    # The few reversals first: DuckDB then knows which side of the join is small.
    blank = "coalesce(init_setl_id::VARCHAR, '') = ''"
    read = listed(("init_setl_id", *undone))
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE undoing AS"
        f" SELECT {read} FROM {every} WHERE NOT {blank}"
    )
    query = (
        f"SELECT count(*) FROM undoing r JOIN (FROM {every} WHERE {blank}) o"
        f" ON o.setl_id::VARCHAR = r.init_setl_id::VARCHAR WHERE {differ}"
    )
    return one(connection, query) == 0
