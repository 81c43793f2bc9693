"""Files and a settlement or a person come in; that person's rows go out, as files.

Reading a city's year to explain one claim would take minutes: DuckDB picks the person's
rows as they are written, and everything after reads only those.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jiugao.claims.encoding import look
from jiugao.claims.files import DataFile
from jiugao.claims.findings import DataError
from jiugao.claims.local import AS_IT_IS
from jiugao.claims.reading import Broken, of_names, schema_of

if TYPE_CHECKING:
    from pathlib import Path

    from jiugao.results.options import Files

TABLES = ("claims", "people", "applications")


def person_of(named: Files, settlement: str) -> str:
    """The person whose settlement it is. Raises DataError D981 where no row has it."""
    for file in named.of("claims"):
        found = _rows(file, "setl_id", settlement)
        if found.num_rows:
            return str(found["psn_no"][0].as_py())
    raise DataError("D981", what=settlement)


def only(named: Files, person: str, work: Path) -> Files:
    """The same tables with this person's rows only. Raises DataError D981 without claims."""
    kept: dict[str, tuple[str, ...]] = {}
    for table in TABLES:
        for file in named.of(table):
            rows = _rows(file, "psn_no", person)
            if rows.num_rows:
                part = work / f"{table}-{file.number}.parquet"
                pq.write_table(rows, part)
                kept[table] = (*kept.get(table, ()), str(part))
    if "claims" not in kept:
        raise DataError("D981", what=person)
    left = {table: kept.get(table, ()) for table in TABLES}
    said = {t: local for t, local in named.local.items() if t not in TABLES}
    return replace(named, local=said, **left)


def _rows(file: DataFile, column: str, value: str) -> pa.Table:
    """Rows of a file with that value, every column of text files as text."""
    odd = file.is_sheet or file.is_query or file.local is not AS_IT_IS
    if odd or not (file.is_parquet or look(file.path).encoding == "utf-8"):
        return _rows_as_read(file, column, value)
    connection = duckdb.connect()
    if file.is_parquet:
        rows = connection.read_parquet(str(file.path))
    else:
        rows = connection.read_csv(str(file.path), all_varchar=True, header=True)
    wanted = duckdb.ColumnExpression(column).cast("VARCHAR")
    return rows.filter(wanted == duckdb.ConstantExpression(value)).to_arrow_table()


def _rows_as_read(file: DataFile, column: str, value: str) -> pa.Table:
    """The same of sheets, queries and CSV in GB18030, which are read here already."""
    schema = schema_of(file)
    parts = [
        batch.columns.filter(
            pc.equal(batch.columns.column(column).cast(pa.string()), value)
        )
        for batch in of_names(file, schema.names, Broken())
    ]
    return pa.Table.from_batches(parts, schema)
