"""A folder of result tables comes in; the same tables in one DuckDB file go out, and its check.

DuckDB puts a number of its own into every file, so equal results are not equal bytes. What
identifies the file is what it holds: by table the columns, the rows in order, sums of money.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from jiugao.claims.database import connect
from jiugao.claims.findings import DataError
from jiugao.diagnostics import Diagnostic
from jiugao.results.content import Content
from jiugao.results.manifest import RESULTS_DATABASE

BATCH = 1 << 16
TABLES = (
    "settlements",
    "years",
    "adjustments",
    "persons",
    "measures",
    "statement",
    "indicators",
    "totals",
    "subsidies",
    "warnings",
    "rejects",
)
"""Each from NAME.parquet or, where there is none, NAME.csv."""
ABOUT = "about"
NUMBER = "row"  # the one column of CSV tables that is a number


def write_database(
    folder: Path, manifest: Mapping[str, Any], memory: str, threads: int
) -> dict[str, Any]:
    """Write results.duckdb beside the tables of `folder`; what it holds, for the manifest.

    The table `about` says of which program they are. Raises DataError if what stands in the
    file is not what was put in.
    """
    said = _about(manifest)
    told = pa.table({"name": list(said), "value": list(said.values())})
    first = (ABOUT, told.schema, iter(told.to_batches()))
    holds = {}
    with closing(connect(folder, memory, threads, RESULTS_DATABASE)) as connection:
        for name, schema, batches in chain([first], _tables(folder)):
            content = Content(schema)
            _fill(connection, name, content, batches)
            holds[name] = content.described()
    described = {"file": RESULTS_DATABASE, "tables": holds}
    for found in check_database(folder, described):
        raise DataError(found.code, **found.arguments)
    return described


def _about(content: Mapping[str, Any]) -> dict[str, str]:
    """What a database that travels alone says of where its tables come from."""
    program = content["program"]
    return {
        "verb": content["verb"],
        "jiugao": content["jiugao"],
        "policy": program["policy"],
        "name": program["name"],
        "program_sha256": program["sha256"],
        **{f"set {name}": value for name, value in program["settings"].items()},
    }


def _tables(folder: Path) -> Iterator[tuple[str, pa.Schema, Iterator[pa.RecordBatch]]]:
    for name in TABLES:
        parquet, text = folder / f"{name}.parquet", folder / f"{name}.csv"
        if parquet.is_file():
            with pq.ParquetFile(parquet) as file:
                yield name, file.schema_arrow, file.iter_batches(BATCH)
        elif text.is_file():
            with text.open(encoding="utf-8-sig") as stream:
                names = stream.readline().rstrip("\n").split(",")
            kinds = {n: pa.int64() if n == NUMBER else pa.string() for n in names}
            reader = pacsv.open_csv(
                text,
                parse_options=pacsv.ParseOptions(newlines_in_values=True),
                convert_options=pacsv.ConvertOptions(
                    column_types=kinds, null_values=[""], strings_can_be_null=False
                ),
            )
            yield name, reader.schema, iter(reader)


def _fill(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    content: Content,
    batches: Iterator[pa.RecordBatch],
) -> None:
    reader = pa.RecordBatchReader.from_batches(content.schema, content.seen(batches))
    connection.register("source", reader)
    connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM source')
    connection.unregister("source")


def check_database(folder: Path, described: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """What of the database does not hold of a manifest's description of it."""
    name = described["file"]
    path = folder / name
    if not path.is_file():
        yield Diagnostic("D913", None, {"file": name})
        return
    try:
        with duckdb.connect(path, read_only=True) as connection:
            connection.execute("SET enable_external_access = false")
            yield from _checked(connection, name, described["tables"])
    except duckdb.Error as error:
        detail = str(error).splitlines()[0]
        yield Diagnostic("D906", None, {"file": name, "detail": detail})


def _checked(
    connection: duckdb.DuckDBPyConnection, file: str, tables: Mapping[str, Any]
) -> Iterator[Diagnostic]:
    """No table more, none less, and each as it is described."""
    found = connection.execute(
        "SELECT table_name FROM information_schema.tables"
    ).fetchall()
    there = {name for (name,) in found}
    for name in sorted(there ^ set(tables)):
        yield Diagnostic("D913", None, {"file": f"{file}: {name}"})
    for name in sorted(there & set(tables)):
        yield from _compared(
            f"{file}: {name}", _content(connection, name), tables[name]
        )


def _content(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, Any]:
    with connection.sql(f'SELECT * FROM "{name}"').to_arrow_reader(BATCH) as reader:
        content = Content(reader.schema)
        for _ in content.seen(reader):
            pass
    return content.described()


def _compared(
    place: str, there: Mapping[str, Any], wanted: Mapping[str, Any]
) -> Iterator[Diagnostic]:
    """What differs, as far as it can be told: rows, then sums of money, then the digest."""
    if there["columns"] == wanted["columns"]:
        if there["rows"] != wanted["rows"]:
            detail = f"{place} {there['rows']} ≠ {wanted['rows']}"
            yield Diagnostic("D914", None, {"detail": detail})
        for column, sum_text in wanted["sums"].items():
            if there["sums"][column] != sum_text:
                detail = f"{place}.{column} {there['sums'][column]} ≠ {sum_text}"
                yield Diagnostic("D915", None, {"detail": detail})
    if there["sha256"] != wanted["sha256"]:
        yield Diagnostic("D913", None, {"file": place})
