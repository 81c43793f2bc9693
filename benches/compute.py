"""Columns in memory to columns in memory, every contender in one run, outputs compared.

Medians over interleaved rounds, so that a slow minute of the machine hits all alike.
Threads of polars are fixed when it is loaded, so one run of this module has one thread
count: `python compute.py CLAIMS THREADS ROUNDS`.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

CLAIMS, THREADS, ROUNDS = (int(a) for a in sys.argv[1:4])
os.environ["POLARS_MAX_THREADS"] = str(THREADS)

import numpy as np  # noqa: E402

from peers import with_duckdb, with_jiugao, with_numba, with_polars  # noqa: E402
from workload import Workload, raw, workload  # noqa: E402

HANDWRITTEN = (
    Path(__file__).parents[1] / "target" / "native" / "release" / "handwritten"
)
OUTPUTS = ("assistance", "reassistance", "remainder")


def handwritten(folder: Path, form: str) -> float:
    """Nanoseconds a claim of one timed pass of the hand-written Rust."""
    done = subprocess.run(
        [HANDWRITTEN, folder, form, str(THREADS)],
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout)["ns"]


def contenders(data: Workload, folder: Path) -> dict[str, Callable[[], float]]:
    """Each contender's one pass, giving nanoseconds a claim."""
    rows = len(data.claims)

    def timed(call: Callable[[], object]) -> Callable[[], float]:
        def one() -> float:
            start = time.perf_counter_ns()
            call()
            return (time.perf_counter_ns() - start) / rows

        return one

    ready = with_jiugao.program()
    stream = with_jiugao.claims_stream(data.claims)
    frame = with_polars.prepare(data.claims)
    connection = with_duckdb.prepare(data.claims, THREADS)
    found = {
        "hand-written Rust, loop": lambda: handwritten(folder, "plain"),
        "hand-written Rust, blocked": lambda: handwritten(folder, "blocked"),
        "jiugao, from the .rules file": timed(
            lambda: with_jiugao.settle(ready, stream, data.applications, THREADS)
        ),
        "polars, running-sum trick": timed(lambda: with_polars.settle(frame)),
        "duckdb, one window": timed(lambda: with_duckdb.settle(connection)),
    }
    if THREADS == 1:
        arrays = with_numba.prepare(data.claims)
        found["numba"] = timed(lambda: with_numba.settle(arrays))
    compare(data, folder, connection)
    return found


def compare(data: Workload, folder: Path, connection: object) -> None:
    """Every contender's three columns against the hand-written loop's, row by row."""
    handwritten(folder, "plain")
    expected = [np.fromfile(folder / f"plain_{name}", np.int64) for name in OUTPUTS]
    handwritten(folder, "blocked")
    stream = with_jiugao.claims_stream(data.claims)
    got = {
        "blocked": [
            np.fromfile(folder / f"blocked_{name}", np.int64) for name in OUTPUTS
        ],
        "jiugao": with_jiugao.outputs(with_jiugao.program(), stream, data.applications),
        "numba": with_numba.settle(with_numba.prepare(data.claims)),
        "polars": with_polars.settle(with_polars.prepare(data.claims)),
        "duckdb": with_duckdb.outputs(with_duckdb.settle(connection)),
    }
    for name, columns in got.items():
        for column, ours, theirs in zip(OUTPUTS, columns, expected, strict=True):
            if not np.array_equal(np.asarray(ours), theirs):
                sys.exit(f"{name}: {column} differs from the hand-written loop")


def main() -> None:
    """Time all contenders in rounds; print one JSON object."""
    data = workload(CLAIMS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        raw(data.claims, folder)
        ready = contenders(data, folder)
        times: dict[str, list[float]] = {who: [] for who in ready}
        for turn in range(ROUNDS + 1):
            for who, once in ready.items():
                ns = once()
                if turn:  # the first round warms caches and compilers
                    times[who].append(ns)
    medians = {who: statistics.median(values) for who, values in times.items()}
    best = min(ns for who, ns in medians.items() if who.startswith("hand-written"))
    rows = [
        {
            "who": who,
            "ns": ns,
            "min": min(times[who]),
            "max": max(times[who]),
            "ratio": ns / best,
        }
        for who, ns in medians.items()
    ]
    print(json.dumps({"claims": len(data.claims), "threads": THREADS, "rows": rows}))


if __name__ == "__main__":
    main()
