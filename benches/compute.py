"""Columns in memory to columns in memory, every contender in one run, outputs compared.

Medians over interleaved rounds, so that a slow minute of the machine hits all alike.
Threads of polars are fixed when it is loaded, so one run of this module has one thread
count: `python compute.py CLAIMS THREADS ROUNDS [own]`; `own`: without the peers.
"""

from __future__ import annotations

import importlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

CLAIMS, THREADS, ROUNDS = (int(a) for a in sys.argv[1:4])
OWN = sys.argv[4:] == ["own"]
os.environ["POLARS_MAX_THREADS"] = str(THREADS)

import numpy as np  # noqa: E402

from peers import with_jiugao  # noqa: E402
from workload import Workload, raw, workload  # noqa: E402

HANDWRITTEN = (
    Path(__file__).parents[1] / "target" / "native" / "release" / "handwritten"
)
OUTPUTS = ("assistance", "reassistance", "remainder")
WARM = 0.1  # seconds of untimed passes: new threads settle on their processors
SLOW = "duckdb, one window"  # takes part in every second round, with one pass


def peer(name: str) -> ModuleType | None:
    """The module of a peer, none where it is not installed or not asked for."""
    try:
        return None if OWN else importlib.import_module(f"peers.with_{name}")
    except ImportError:
        return None


POLARS, DUCKDB, NUMBA = peer("polars"), peer("duckdb"), peer("numba")


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

    def once(call: Callable[[], object]) -> float:
        start = time.perf_counter_ns()
        call()
        return (time.perf_counter_ns() - start) / rows

    def timed(call: Callable[[], object]) -> Callable[[], float]:
        """As the hand-written takes its turn: untimed passes for a while, then three."""

        def turn() -> float:
            begun = time.perf_counter()
            while time.perf_counter() - begun < WARM:
                call()
            return statistics.median(once(call) for _ in range(3))

        return turn

    ready = with_jiugao.program()
    stream = with_jiugao.claims_stream(data.claims)
    ours = (ready, stream, data.applications, THREADS)
    found = {
        "hand-written Rust, loop": lambda: handwritten(folder, "plain"),
        "hand-written Rust, blocked": lambda: handwritten(folder, "blocked"),
        "jiugao, from the .rules file": timed(
            lambda: with_jiugao.settle(*ours, with_jiugao.OUTPUTS)
        ),
        "jiugao, every result column": timed(lambda: with_jiugao.settle(*ours)),
    }
    got = {
        "jiugao": with_jiugao.outputs(ready, stream, data.applications, THREADS),
    }
    if POLARS:
        frame = POLARS.prepare(data.claims)
        found["polars, running-sum trick"] = timed(lambda: POLARS.settle(frame))
        got["polars"] = POLARS.settle(frame)
    if DUCKDB:
        connection = DUCKDB.prepare(data.claims, THREADS)
        found[SLOW] = lambda: once(lambda: DUCKDB.settle(connection))
        got["duckdb"] = DUCKDB.outputs(DUCKDB.settle(connection))
    if NUMBA and THREADS == 1:
        arrays = NUMBA.prepare(data.claims)
        found["numba"] = timed(lambda: NUMBA.settle(arrays))
        got["numba"] = NUMBA.settle(arrays)
    compare(folder, got)
    return found


def compare(folder: Path, got: dict[str, object]) -> None:
    """Every contender's three columns against the hand-written loop's, row by row."""

    def written(form: str) -> list[np.ndarray]:
        handwritten(folder, form)
        return [np.fromfile(folder / f"{form}_{name}", np.int64) for name in OUTPUTS]

    expected = written("plain")
    for name, columns in {"blocked": written("blocked"), **got}.items():
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
                if who == SLOW and turn % 2 == 0:
                    continue
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
    peers = {"polars": POLARS, "duckdb": DUCKDB, "numba": NUMBA}
    missing = [] if OWN else [name for name, module in peers.items() if not module]
    done = {"claims": len(data.claims), "threads": THREADS, "rows": rows}
    print(json.dumps({**done, "missing": missing}))


if __name__ == "__main__":
    main()
