"""A file of SQL comes in; what DuckDB brings for its last statement goes out, as a table.

So a database, a table of a lake or a folder of another layout is a source of claims: the
statements before the last attach, load or set what it needs. They run in a database of
their own, in memory, which can see what DuckDB can open and nothing of the run.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from jiugao.claims.findings import DataError

if TYPE_CHECKING:
    from jiugao.claims.files import DataFile

MEMORY = "512MiB"  # a query that needs more says so itself: SET memory_limit


def schema(file: DataFile) -> pa.Schema:
    """Names and types of what the query brings. Raises DataError D949."""
    try:
        return _relation(file).limit(0).to_arrow_table().schema
    except duckdb.Error as error:
        raise _refused(file, error) from error


def rows(file: DataFile, names: list[str], batch_rows: int) -> Iterator[pa.RecordBatch]:
    """The rows with these columns, in the query's order. Raises DataError D949."""
    try:
        chosen = _relation(file).select(*(duckdb.ColumnExpression(n) for n in names))
        yield from chosen.to_arrow_reader(batch_rows)
    except (duckdb.Error, pa.ArrowInvalid, OSError) as error:
        raise _refused(file, error) from error


def _relation(file: DataFile) -> duckdb.DuckDBPyRelation:
    connection = duckdb.connect()
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute("SET enable_progress_bar = false")
    try:
        text = file.path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(file, error) from error
    statements = connection.extract_statements(text)
    if not statements:
        raise DataError("D905", file=file.name)
    last = statements[-1]
    if last.type != duckdb.StatementType.SELECT:
        raise DataError("D949", file=file.name, detail=last.query.strip()[:160])
    for statement in statements[:-1]:
        connection.execute(statement)
    return connection.sql(last.query)


def _refused(file: DataFile, error: Exception) -> DataError:
    detail = " ".join(str(error).split())[:300]
    return DataError("D949", file=file.name, detail=detail)
