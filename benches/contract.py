"""Files in the national format: what settling adds to our own reading and writing.

`python contract.py FOLDER WHO OUT` prints one JSON line: seconds, processor seconds, rows
and peak memory of this process. FOLDER is a sample year (`jiugao sample`). WHO:

- `sort`: makes `sorted.parquet` of the year's claims.csv (DuckDB), for the next two;
- `run`: `jiugao run` on sorted.parquet; `bytes`: the same reading of all tables, typing and
  writing of the same files, manifest and its digests among them, with the machine taken out
  (what it writes is what `run` wrote, kept in memory, as many rows at a time as it reads);
- `run-csv`: `jiugao run` on claims.csv; `duckdb-csv`: DuckDB reads, sorts and writes the
  same rows and columns, within the same memory.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from jiugao.results.options import Files

RULES = Path(__file__).parents[1] / "rules" / "liaocheng_2022"
MEMORY = "1GiB"
THREADS = 2
ORDER = "psn_no, setl_time, setl_id"
AMOUNT = ("_amt", "_pay", "_sumamt", "_dedc", "_selfpay")
"""How columns of money end."""


def sort(year: Path) -> Callable[[], int]:
    """Claims as Parquet in order, amounts as decimals."""

    def work() -> int:
        connection = connect(year)
        source = f"read_csv('{year / 'claims.csv'}', all_varchar = true)"
        names = [r[0] for r in connection.execute(f"DESCRIBE FROM {source}").fetchall()]
        columns = ", ".join(
            f'"{n}"::DECIMAL(18, 2) AS "{n}"' if n.endswith(AMOUNT) else f'"{n}"'
            for n in names
        )
        connection.execute(
            f"COPY (SELECT {columns} FROM {source} ORDER BY {ORDER})"
            f" TO '{year / 'sorted.parquet'}' (FORMAT parquet, COMPRESSION zstd)"
        )
        return 0

    return work


def connect(folder: Path) -> duckdb.DuckDBPyConnection:
    """DuckDB with the memory and the threads that the others have."""
    connection = duckdb.connect()
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute(f"SET threads = {THREADS}")
    connection.execute(f"SET temp_directory = '{folder / 'spill'}'")
    return connection


def files(year: Path, claims: str) -> Files:
    """The files of a sample year."""
    from jiugao.results.options import Files  # noqa: PLC0415  (duckdb-csv must not load it)

    beside = ("people.csv", "institutions.csv", "applications.csv")
    return Files((str(year / claims),), *((str(year / name),) for name in beside))


def run(year: Path, claims: str, out: Path, *, in_order: bool) -> Callable[[], int]:
    """`jiugao run`."""
    from jiugao.results.options import Options  # noqa: PLC0415
    from jiugao.results.run import run as settle  # noqa: PLC0415

    def work() -> int:
        options = Options(memory=MEMORY, threads=THREADS)
        done = settle(RULES, files(year, claims), out, options)
        if in_order and not done.sorted_already:
            sys.exit("the claims were sorted again: not what is to be measured")
        return done.tally.read

    return work


def bytes_only(year: Path, done: Path, out: Path) -> Callable[[], int]:
    """The readers and the writers of `jiugao run`; `done`: the folder that it wrote."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    from jiugao.claims.reading import BATCH_ROWS  # noqa: PLC0415
    from jiugao.results.folder import result_folder  # noqa: PLC0415
    from jiugao.results.measures import PLACES  # noqa: PLC0415
    from jiugao.results.options import Options  # noqa: PLC0415
    from jiugao.results.parquet import ParquetSink  # noqa: PLC0415
    from jiugao.results.policy import load_policy  # noqa: PLC0415
    from jiugao.results.prepare import prepare  # noqa: PLC0415
    from jiugao.results.run import finish  # noqa: PLC0415
    from jiugao.results.settling import WORDS  # noqa: PLC0415
    from jiugao.results.tally import Tally  # noqa: PLC0415

    words = {"settlements": WORDS, "years": [], "measures": list(PLACES)}
    outputs = {n: pq.read_table(done / f"{n}.parquet") for n in words}

    def work() -> int:
        rows = 0
        options = Options(memory=MEMORY, threads=THREADS)
        policy = load_policy(RULES, {})
        with result_folder(out) as (new, scratch), ExitStack() as stack:
            prepared = prepare(policy, files(year, "sorted.parquet"), options, scratch)
            sinks = [
                stack.enter_context(
                    ParquetSink(new / f"{name}.parquet", table.schema, words[name])
                )
                for name, table in outputs.items()
            ]
            rest = [iter(table.to_batches(BATCH_ROWS)) for table in outputs.values()]
            tables = prepared.tables()
            if tables.people is not None:  # much less than the claims
                for _ in pa.RecordBatchReader.from_stream(tables.people):
                    pass
            for batch in pa.RecordBatchReader.from_stream(tables.claims):
                rows += len(batch)
                for sink, batches in zip(sinks, rest, strict=True):
                    if (settled := next(batches, None)) is not None:
                        sink.write(settled)
            for sink, batches in zip(sinks, rest, strict=True):
                for settled in batches:
                    sink.write(settled)
            stack.close()
            finish(new, prepared, options, Tally(), "run", {})
        return rows

    return work


def duckdb_csv(year: Path, out: Path) -> Callable[[], int]:
    """Read, sort, write."""

    def work() -> int:
        connection = connect(out.parent)
        source = f"read_csv('{year / 'claims.csv'}', all_varchar = true)"
        done = connection.execute(
            f"COPY (FROM {source} ORDER BY {ORDER})"
            f" TO '{out}.parquet' (FORMAT parquet, COMPRESSION zstd)"
        )
        return int(done.fetchall()[0][0])

    return work


def main() -> None:
    """Run one contender once."""
    from jiugao.results.memory import choose_pool, collect_seldom  # noqa: PLC0415

    choose_pool()  # as the command does; the reader and the writer alone have it too
    collect_seldom()
    year, who, out = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    contenders: dict[str, Callable[[], Callable[[], int]]] = {
        "sort": lambda: sort(year),
        "run": lambda: run(year, "sorted.parquet", out, in_order=True),
        "bytes": lambda: bytes_only(year, out.with_name("run"), out),
        "run-csv": lambda: run(year, "claims.csv", out, in_order=False),
        "duckdb-csv": lambda: duckdb_csv(year, out),
    }
    work = contenders[who]()
    start, processor = time.perf_counter(), time.process_time()
    rows = work()
    told = {
        "rows": rows,
        "seconds": time.perf_counter() - start,
        "cpu": time.process_time() - processor,
    }
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"who": who, **told, "peak_mib": peak}))


if __name__ == "__main__":
    main()
