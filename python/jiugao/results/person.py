"""Files and a settlement or a person come in; that person's rows go out, as files.

Reading a city's year to explain one claim would take minutes: DuckDB picks the person's
rows as they are written, and everything after reads only those.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from jiugao.claims.encoding import look
from jiugao.claims.files import DataFile
from jiugao.claims.findings import DataError
from jiugao.claims.local import AS_IT_IS
from jiugao.claims.persons import CERTIFICATE, MACROS, PersonsBy
from jiugao.claims.reading import Broken, of_names, own_names, schema_of

if TYPE_CHECKING:
    from pathlib import Path

    from jiugao.results.options import Files

TABLES = ("claims", "people", "applications")
NUMBER, KEY = "psn_no::VARCHAR", "certificate(certno::VARCHAR)"
CARD = 17  # digits of an identity card that are compared
BLANKS = " \t\n\f\r"  # may stand anywhere in a certificate


def person_of(named: Files, settlement: str) -> str:
    """The person whose settlement it is. Raises DataError D981 where no row has it."""
    with _database() as connection:
        for file in named.of("claims"):
            found = _rows(connection, file, "setl_id::VARCHAR = $1", settlement)
            if found.num_rows:
                return str(found["psn_no"][0].as_py())
    raise DataError("D981", what=settlement)


def only(named: Files, person: str, by: PersonsBy, work: Path) -> Files:
    """The same tables with this person's rows only. Raises DataError D981 without claims."""
    kept: dict[str, tuple[str, ...]] = {}
    with _database() as connection:
        joined = by is PersonsBy.CERTIFICATE
        numbers = _numbers(connection, named, person) if joined else [person]
        for table in TABLES:
            for file in named.of(table):
                one_of = f"list_contains($1, {NUMBER})"
                rows = _rows(connection, file, one_of, numbers)
                if rows.num_rows:
                    part = work / f"{table}-{file.number}.parquet"
                    pq.write_table(rows, part)
                    kept[table] = (*kept.get(table, ()), str(part))
    if "claims" not in kept:
        raise DataError("D981", what=person)
    left = {table: kept.get(table, ()) for table in TABLES}
    # Opening balances stay whole: their rows are told by number.
    said = {t: local for t, local in named.local.items() if t not in TABLES}
    return replace(named, local=said, **left)


def _database() -> duckdb.DuckDBPyConnection:
    """A database that can compare certificates; to open one takes as long as a file."""
    connection = duckdb.connect()
    connection.execute(MACROS)
    return connection


def _numbers(
    connection: duckdb.DuckDBPyConnection, named: Files, person: str
) -> list[str]:
    """Every number of the person, as the certificates of all tables tell."""
    files = [f for table in TABLES for f in named.of(table)]
    files = [f for f in files if CERTIFICATE in schema_of(f).names]
    numbers, known = {person}, set[str]()
    while True:
        keys = _column(connection, files, KEY, NUMBER, numbers) - known
        known |= keys
        more = _column(connection, files, NUMBER, KEY, keys) if keys else set()
        if more <= numbers:
            return sorted(numbers)
        numbers |= more


def _column(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[DataFile],
    wanted: str,
    column: str,
    values: set[str],
) -> set[str]:
    """What stands in one column of the rows that have one of the values in another."""
    asked = sorted(values)
    condition = f"list_contains($1, {column})"
    if column == KEY:
        condition = f"CASE WHEN {_may_be(asked)} THEN {condition} ELSE false END"
    found: set[str] = set()
    for file in files:
        rows = _rows(connection, file, condition, asked, f"DISTINCT {wanted} AS cell")
        found |= {str(cell) for cell in rows["cell"].to_pylist() if cell is not None}
    return found


def _may_be(keys: Sequence[str]) -> str:
    """Whether a certificate may have one of the keys of $1: a glance at its text.

    To compare takes regular expressions, sixty times as long. An identity card of either
    length has the last nine of its key's digits, any other certificate all of its key.
    """
    tests = [f"contains(certno::VARCHAR, chr({ord(blank)}))" for blank in BLANKS]
    for place, key in enumerate(keys, 1):
        card = len(key) == CARD and key.isdigit()
        tests.append(
            f"contains(certno::VARCHAR, $1[{place}][9:])"
            if card
            else f"contains(upper(certno::VARCHAR), $1[{place}])"
        )
    return " OR ".join(tests)


def _rows(
    connection: duckdb.DuckDBPyConnection,
    file: DataFile,
    condition: str,
    value: str | Sequence[str],
    columns: str = "*",
) -> pa.Table:
    """Rows of a file of which a condition holds, every column of text files as text."""
    odd = file.is_sheet or file.is_query or file.local is not AS_IT_IS
    read = None
    if not odd and (file.is_parquet or look(file.path).encoding == "utf-8"):
        read = _read(connection, file)
    if read is not None:
        read.create_view("rows")
    else:
        # Read here already: sheets, queries, CSV in GB18030, names of an office's own.
        connection.register("rows", _said(file))
    query = f"SELECT {columns} FROM rows WHERE {condition}"
    try:
        return connection.sql(query, params=[value]).to_arrow_table()
    finally:
        if read is not None:
            connection.execute("DROP VIEW rows")
        else:
            connection.unregister("rows")


def _read(
    connection: duckdb.DuckDBPyConnection, file: DataFile
) -> duckdb.DuckDBPyRelation | None:
    """What DuckDB reads of a file as a run reads it; None where it reads other columns."""
    path = str(file.path)
    if file.is_parquet:
        return connection.read_parquet(path)
    # A line with too many or too few fields is none, as where a run reads it; nor may
    # it lead DuckDB to another idea of what separates fields.
    read = connection.read_csv(
        path,
        all_varchar=True,
        header=True,
        sep=",",
        quotechar='"',
        escapechar='"',
        skiprows=0,
        ignore_errors=True,
    )
    return read if read.columns == own_names(file) else None


def _said(file: DataFile) -> pa.RecordBatchReader:
    """A file in the contract's words; a column whose codes are mapped is text."""
    schema = pa.schema([_plain(f, file) for f in schema_of(file)])
    names = schema.names

    def parts() -> Iterator[pa.RecordBatch]:
        for batch in of_names(file, names, Broken()):
            found = [batch.columns.column(n).cast(schema.field(n).type) for n in names]
            yield pa.record_batch(found, schema)

    return pa.RecordBatchReader.from_batches(schema, parts())


def _plain(field: pa.Field, file: DataFile) -> pa.Field:
    kind = field.type
    if file.local.codes.get(field.name):
        kind = pa.string()
    elif pa.types.is_dictionary(kind):
        kind = kind.value_type
    return pa.field(field.name, kind)
