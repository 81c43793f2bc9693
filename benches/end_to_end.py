"""Parquet to Parquet: what settling adds to reading and writing the same bytes.

`python end_to_end.py FILE APPLICATIONS bytes|jiugao THREADS` prints one JSON line: seconds,
rows and peak memory of this process. Input and output use zstd, no dictionaries, delta
encoding for integers; reading, settling and writing overlap, a batch at a time.
"""

from __future__ import annotations

import itertools
import json
import queue
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

INPUTS = ("person", "date", "identity", "in_scope", "basic", "critical")
BATCH = 1 << 17
AHEAD = 4  # batches read ahead: enough to keep the next stage busy, little memory


def options(schema: pa.Schema) -> dict[str, object]:
    """Writer options: the same for inputs, outputs and contenders."""
    integers = [
        f.name
        for f in schema
        if pa.types.is_integer(f.type) or pa.types.is_decimal(f.type)
    ]
    return {
        "compression": "zstd",
        "compression_level": 1,
        "use_dictionary": [f.name for f in schema if pa.types.is_dictionary(f.type)],
        "column_encoding": dict.fromkeys(integers, "DELTA_BINARY_PACKED"),
        "write_statistics": False,
        "store_decimal_as_integer": True,
    }


def ahead(items: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The items, made by a thread of its own a few ahead."""
    line: queue.Queue[pa.RecordBatch | None] = queue.Queue(AHEAD)

    def make() -> None:
        for item in items:
            line.put(item)
        line.put(None)

    maker = threading.Thread(target=make)
    maker.start()
    while (item := line.get()) is not None:
        yield item
    maker.join()


def read(path: Path) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """The inputs of a file, batch by batch."""
    file = pq.ParquetFile(path, read_dictionary=["identity"])
    schema = pa.schema([file.schema_arrow.field(n) for n in INPUTS])
    batches = file.iter_batches(BATCH, columns=list(INPUTS), use_threads=False)
    return schema, batches


def jiugao(path: Path, applications: Path, threads: int) -> Iterator[pa.RecordBatch]:
    """Settled batches: two payments and the remainder."""
    from jiugao.engine import Options  # noqa: PLC0415  (the other contender must not load it)
    from jiugao.engine import settle as settled  # noqa: PLC0415
    from peers import with_jiugao  # noqa: PLC0415

    schema, batches = read(path)
    names = ["psn_no", "date", "psn_idet_type", *INPUTS[3:]]
    named = pa.schema([schema.field(i).with_name(name) for i, name in enumerate(names)])
    stream = pa.RecordBatchReader.from_batches(
        named, (b.rename_columns(names) for b in ahead(batches))
    )
    ready = with_jiugao.program()
    tables = with_jiugao.tables(stream, pq.read_table(applications))
    for batch in settled(ready, tables, Options(threads=threads, years=False)):
        yield batch.select(list(with_jiugao.OUTPUTS))


def bytes_only(path: Path, settled: Path) -> Iterator[pa.RecordBatch]:
    """Reads every input batch, hands on what was settled before (in memory)."""
    _, batches = read(path)
    outputs = iter(pq.read_table(settled).to_batches(BATCH))
    global START  # noqa: PLW0603  (loading the outputs is not part of the question)
    START = time.perf_counter()
    for _ in ahead(batches):
        if (out := next(outputs, None)) is not None:
            yield out
    yield from outputs


def write(batches: Iterator[pa.RecordBatch], path: Path) -> int:
    """Write every batch; the number of rows."""
    first = next(batches)
    rows = 0
    with pq.ParquetWriter(path, first.schema, **options(first.schema)) as writer:
        for batch in itertools.chain([first], ahead(batches)):
            writer.write_batch(batch)
            rows += len(batch)
    return rows


START = 0.0


def main() -> None:
    """Run one contender once."""
    global START  # noqa: PLW0603
    source, applications, who, threads = sys.argv[1:5]
    pa.set_cpu_count(int(threads))
    kept = Path(source).with_suffix(".settled.parquet")
    START = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=Path(source).parent) as folder:
        target = Path(folder) / "out.parquet"
        if who == "jiugao":
            rows = write(jiugao(Path(source), Path(applications), int(threads)), target)
        else:
            rows = write(bytes_only(Path(source), kept), target)
        seconds = time.perf_counter() - START
        if who == "jiugao" and not kept.exists():
            target.rename(kept)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"who": who, "rows": rows, "seconds": seconds, "peak_mib": peak}))


if __name__ == "__main__":
    main()
