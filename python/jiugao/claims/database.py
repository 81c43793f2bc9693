"""A folder and limits come in; a DuckDB of the run's own, within them, goes out."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import duckdb
import pyarrow as pa

from jiugao.claims.files import DataFile
from jiugao.claims.findings import DataError

Result = TypeVar("Result")
DATABASE = "claims.duckdb"
LITTLE = 64 << 20  # bytes
GIVEN_BACK = "8MiB"  # so much that was freed at once goes back to the system
SHARE_OF_SORTING = Decimal("0.6")  # of --memory; DuckDB goes beyond its limit at times
BESIDE_SORTING = 160 << 20  # bytes of libraries, and of batches on their way
SORTING_THREAD = 27 << 20  # bytes, of a thread that sorts, before any row


def bytes_of(memory: str) -> int:
    """How many bytes `512MiB`, `2GB`, `1.5GiB` are; DataError for anything else."""
    found = re.fullmatch(
        r"([0-9]+(?:[.][0-9]+)?) *([kKmMgGtT]i?)?[bB]?", memory.strip()
    )
    if found is None:
        raise DataError("D925", text=memory)
    unit = found[2] or ""
    base = 1024 if unit.endswith("i") else 1000
    power = " kmgt".index(unit[:1].lower() or " ")
    return int(Decimal(found[1]) * base**power)


def one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    """The number that a query answers."""
    rows = connection.execute(query).fetchall()
    return int(rows[0][0]) if rows else 0


def check_room(folder: Path, files: Sequence[DataFile]) -> None:
    """Raise DataError when the claims cannot be sorted in what is left of the disk.

    Rows inside take about what CSV takes, and four times what Parquet takes; a sort may
    hold them once more.
    """
    sizes = ((f.path.stat().st_size, 4 if f.is_parquet else 1) for f in files)
    need = 2 * sum(size * times for size, times in sizes)
    left = shutil.disk_usage(folder).free
    if left < need:
        words = {"need": f"{need / 2**30:.1f} GiB", "left": f"{left / 2**30:.1f} GiB"}
        raise DataError("D923", folder=str(folder), **words)


def connect(
    folder: Path, memory: str, threads: int, file: str = DATABASE
) -> duckdb.DuckDBPyConnection:
    """A DuckDB of the run's own: its memory limit, its threads, spilling into `folder`.

    Of the threads no more than can sort: half of the memory is for what they sort.
    """
    connection = duckdb.connect(str(folder / file))
    share = int(bytes_of(memory) * SHARE_OF_SORTING)
    limit = max(share - BESIDE_SORTING, share // 2)
    connection.execute(f"SET memory_limit = '{limit}B'")
    able = max(limit // (2 * SORTING_THREAD), 1)
    connection.execute(f"SET threads = {min(int(threads), able)}")
    for freed in (
        "allocator_flush_threshold",
        "allocator_bulk_deallocation_flush_threshold",
    ):
        connection.execute(f"SET {freed} = '{GIVEN_BACK}'")
    connection.execute(f"SET temp_directory = {literal(str(folder / 'spill'))}")
    connection.execute("SET preserve_insertion_order = true")
    connection.execute("SET enable_progress_bar = false")
    return connection


@contextmanager
def within(connection: duckdb.DuckDBPyConnection, most: int) -> Iterator[None]:
    """Under a lower limit of memory, if it is one."""
    before = connection.execute("SELECT current_setting('memory_limit')").fetchall()
    limit = bytes_of(before[0][0])
    connection.execute(f"SET memory_limit = '{min(most, limit)}B'")
    try:
        yield
    finally:
        connection.execute(f"SET memory_limit = '{limit}B'")


@contextmanager
def one_thread(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Every query, of this connection and of its cursors, on the thread that asks it."""
    threads = one(connection, "SELECT current_setting('threads')")
    connection.execute("SET threads = 1")
    try:
        yield
    finally:
        connection.execute(f"SET threads = {threads}")


def sparing(
    connection: duckdb.DuckDBPyConnection, work: Callable[[], Result]
) -> Result:
    """What the work gives, done in little memory if that is enough, else in all there is."""
    with suppress(duckdb.OutOfMemoryException), within(connection, LITTLE):
        return work()
    return work()


def literal(text: str) -> str:
    """A text as SQL takes it."""
    return "'" + text.replace("'", "''") + "'"


def listed(names: Iterable[str]) -> str:
    """Columns as SQL takes them, of whatever names."""
    return ", ".join('"' + name.replace('"', '""') + '"' for name in names)


def insert(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    """Append rows to a table that has columns of these names."""
    connection.register("rows_in", rows)
    try:
        connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM rows_in")
    finally:
        connection.unregister("rows_in")


def without_tables(
    connection: duckdb.DuckDBPyConnection, but: Collection[str] = ()
) -> None:
    """Drop every table but these; what they took of memory goes back to the system."""
    found = "SELECT table_name FROM duckdb_tables() WHERE NOT internal"
    for (name,) in connection.execute(found).fetchall():
        if name not in but:
            connection.execute(f'DROP TABLE "{name}"')
    with within(connection, 1 << 20):
        pass
