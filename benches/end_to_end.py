"""Parquet to Parquet: what settling adds to reading and writing the same bytes.

`python end_to_end.py FILE APPLICATIONS bytes|jiugao THREADS` prints one JSON line: seconds,
rows, processor time and peak memory of this process. Both contenders and both files have
the same settings: no dictionaries, delta encoding for whole numbers, zstd for columns that
it still makes smaller. One thread reads (and settles) while the other writes.

`python end_to_end.py FILE APPLICATIONS floor THREADS` reads and writes each column alone:
what no contender can do without.
"""

from __future__ import annotations

import gc
import itertools
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from jiugao.claims.ahead import ahead

INPUTS = ("person", "date", "identity", "in_scope", "basic", "critical")
OUTPUTS = ("assistance", "reassistance", "psn_burden")
BATCH = 1 << 15
GROUP = 1 << 16  # rows of a row group written, as `jiugao run` has them
AHEAD = 8  # batches that may wait to be written: a megabyte each
PACKED = ("in_scope", "basic", "assistance", "psn_burden")
"""Columns that delta encoding leaves nearly without redundancy: zstd takes 6 ns a value to
save less than a sixth of the bytes (0 to 15 per cent, measured on the settled columns)."""


def options(schema: pa.Schema) -> dict[str, object]:
    """Writer options: the same for inputs, outputs and contenders."""
    whole = [
        f.name
        for f in schema
        if pa.types.is_integer(f.type)
        or pa.types.is_decimal(f.type)
        or pa.types.is_date(f.type)
    ]
    zstd = [f.name for f in schema if f.name not in PACKED]
    return {
        "compression": {f.name: "zstd" if f.name in zstd else "none" for f in schema},
        "compression_level": dict.fromkeys(zstd, 1),
        "use_dictionary": [f.name for f in schema if pa.types.is_dictionary(f.type)],
        "column_encoding": dict.fromkeys(whole, "DELTA_BINARY_PACKED"),
        "write_statistics": False,
        "store_decimal_as_integer": True,
    }


def opened(path: Path) -> pq.ParquetFile:
    """A file of which only what is read is held: with pre_buffer all of it would be."""
    return pq.ParquetFile(path, read_dictionary=["identity"], pre_buffer=False)


def read(path: Path) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """The inputs of a file, batch by batch."""
    file = opened(path)
    schema = pa.schema([file.schema_arrow.field(n) for n in INPUTS])
    batches = file.iter_batches(BATCH, columns=list(INPUTS), use_threads=False)
    return schema, batches


Batches = Iterator[pa.RecordBatch]


def jiugao(path: Path, applications: Path, threads: int) -> Callable[[], Batches]:
    """Settles: two payments and the remainder. Loaded and compiled before the clock."""
    from jiugao.engine import Options  # noqa: PLC0415  (the other contender must not load it)
    from jiugao.engine import settle as settled  # noqa: PLC0415
    from peers import with_jiugao  # noqa: PLC0415

    ready = with_jiugao.program()

    def batches() -> Batches:
        schema, inputs = read(path)
        names = ["psn_no", "date", "psn_idet_type", *INPUTS[3:]]
        named = pa.schema(
            [schema.field(i).with_name(name) for i, name in enumerate(names)]
        )
        stream = pa.RecordBatchReader.from_batches(
            named, (b.rename_columns(names) for b in inputs)
        )
        # Not `read_table`: it would load pyarrow.dataset while the clock runs.
        applied = pq.ParquetFile(applications).read()
        tables = with_jiugao.tables(stream, applied)
        # One thread writes.
        wanted = Options(
            threads=max(threads - 1, 1), years=False, result_columns=OUTPUTS
        )
        settlement = settled(ready, tables, wanted)
        yield from settlement
        totals = settlement.totals()
        assert totals["settled"] == totals["rows"], "the workload has no rejects"

    return batches


def bytes_only(path: Path, settled: Path) -> Callable[[], Batches]:
    """Reads every input batch, hands on what was settled before (in memory)."""
    outputs = pq.read_table(settled).to_batches(BATCH)

    def batches() -> Batches:
        _, inputs = read(path)
        rest = iter(outputs)
        for _ in inputs:
            if (out := next(rest, None)) is not None:
                yield out
        yield from rest

    return batches


def write(batches: Iterator[pa.RecordBatch], path: Path) -> int:
    """Write every batch in row groups of one size or a little more; the number of rows."""
    first = next(batches)
    rows, held = 0, 0
    group: list[pa.RecordBatch] = []
    with pq.ParquetWriter(path, first.schema, **options(first.schema)) as writer:
        for batch in itertools.chain([first], ahead(batches, AHEAD)):
            group.append(batch)
            held += len(batch)
            if held >= GROUP:
                writer.write_table(pa.Table.from_batches(group), row_group_size=held)
                rows, held, group = rows + held, 0, []
        if group:
            writer.write_table(pa.Table.from_batches(group), row_group_size=held)
    return rows + held


def alone(work: Callable[[], object], rows: int) -> dict[str, float]:
    """Nanoseconds a row, by the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return {
        "ns": (time.perf_counter() - clock) * 1e9 / rows,
        "cpu_ns": (time.process_time() - processor) * 1e9 / rows,
    }


def floor(path: Path, settled: Path, folder: Path) -> Iterator[dict[str, object]]:
    """Each column read alone and written alone on one thread, then all of them."""
    rows = pq.read_metadata(path).num_rows
    for columns in (*((name,) for name in INPUTS), INPUTS):

        def reading(columns: tuple[str, ...] = columns) -> None:
            file = opened(path)
            for _ in file.iter_batches(BATCH, columns=list(columns), use_threads=False):
                pass

        yield {"what": "read " + ", ".join(columns), **alone(reading, rows)}
    table = pq.read_table(settled, use_threads=False)
    for columns in (*((name,) for name in OUTPUTS), OUTPUTS):
        batches = table.select(list(columns)).to_batches(BATCH)

        def writing(batches: list[pa.RecordBatch] = batches) -> None:
            write(iter(batches), folder / "out.parquet")

        yield {"what": "write " + ", ".join(columns), **alone(writing, rows)}


def main() -> None:
    """Run one contender once."""
    source, applications, who, threads = sys.argv[1:5]
    pa.set_cpu_count(int(threads))
    if "jemalloc" in pa.supported_memory_backends():
        # Takes fresh pages from the kernel less often than Arrow's default: for both.
        pa.set_memory_pool(pa.jemalloc_memory_pool())
    kept = Path(source).with_suffix(".settled.parquet")
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=Path(source).parent) as folder:
        target = Path(folder) / "out.parquet"
        if who == "floor":
            print(json.dumps(list(floor(Path(source), kept, Path(folder)))))
            return
        if who == "jiugao":
            batches = jiugao(Path(source), Path(applications), int(threads))
        else:
            batches = bytes_only(Path(source), kept)
        # Garbage of loading and compiling is not looked through while rows go by.
        gc.collect()
        gc.freeze()
        start, processor = time.perf_counter(), time.process_time()
        rows = write(batches(), target)
        seconds = time.perf_counter() - start
        cpu = time.process_time() - processor
        if who == "jiugao" and not kept.exists():
            target.rename(kept)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {"who": who, "rows": rows, "seconds": seconds, "cpu": cpu}
    print(json.dumps({**told, "start": start - begun, "peak_mib": peak}))


if __name__ == "__main__":
    main()
