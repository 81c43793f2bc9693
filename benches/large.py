"""Many rows: 1e8 claims of the workload as sorted Parquet, 2e7 in the national format.

`run.py --large` calls this, with what it measured goes into RESULTS.md. Data are made
before and removed after each part; a disk without room is said before anything is made.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
ROOM = 25 << 30  # bytes: 6 GB of CSV, its sort, results; measured, and some more
WORKLOAD = (1_000_000, 100_000_000)
COPIES = 13  # of a sample year of 1.6 million claims


def large(python: Path, year: Path, data: Path) -> list[dict]:
    """Every part: who, rows, nanoseconds a row, processor's, peak and spill in MiB.

    `year`: a sample year with its claims sorted too.
    """
    if (left := shutil.disk_usage(data).free) < ROOM:
        sys.exit(f"{left >> 30} GiB of disk are left, {ROOM >> 30} are needed")
    folder = data / "large"
    found = []
    for part in (workload(python, folder), contract(python, year, folder)):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for row in part:
            print(json.dumps(row), flush=True)
            found.append(row)
    shutil.rmtree(folder, ignore_errors=True)
    return found


def workload(python: Path, folder: Path) -> Iterator[dict]:
    """The workload at its least and at 1e8, in turns where rounds are short."""
    for size in WORKLOAD:
        source, applications = folder / f"{size}.parquet", folder / f"{size}.a.parquet"
        call(python, "write_workload.py", size, source, applications)
        program = ("end_to_end.py", source, applications, "jiugao", 2)
        yield measured(python, "workload, sorted Parquet", folder, *program)
        source.unlink()


def contract(python: Path, year: Path, folder: Path) -> Iterator[dict]:
    """One sample year, then as many times over: sorted Parquet, unsorted CSV."""
    for form, who in (("sorted", "run"), ("csv", "run-csv")):
        told = f"jiugao run, {'sorted Parquet' if form == 'sorted' else 'unsorted CSV'}"
        yield measured(python, told, folder, "contract.py", year, who, folder / "one")
        many = folder / form
        call(python, "write_copies.py", year, many, COPIES, form)
        yield measured(python, told, folder, "contract.py", many, who, folder / "out")
        shutil.rmtree(many)


def measured(python: Path, told: str, folder: Path, *command: object) -> dict:
    """Three runs where they are short, one where it is long; of what was spilt the most."""
    spill = Spill(folder)
    rounds = [json.loads(call(python, *command))]
    if rounds[0]["seconds"] < 10:
        rounds += [json.loads(call(python, *command)) for _ in range(2)]
    most = spill.most()
    rows = rounds[0]["rows"]
    return {
        "who": told,
        "claims": rows,
        "seconds": statistics.median(one["seconds"] for one in rounds),
        "ns": statistics.median(one["seconds"] for one in rounds) * 1e9 / rows,
        "cpu": statistics.median(one["cpu"] for one in rounds) * 1e9 / rows,
        "peak_mib": max(one["peak_mib"] for one in rounds),
        "spill_mib": most / 2**20,
    }


class Spill:
    """The most that lay in the work folders of runs, looked at twice a second."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._most = folder, 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._ended.wait(0.5):
            self._most = max(self._most, sum(sizes(self._folder)))

    def most(self) -> int:
        """In bytes; nothing is looked at any more."""
        self._ended.set()
        self._thread.join()
        return self._most


def sizes(folder: Path) -> Iterator[int]:
    """Bytes of every file of a run's work folder; files come and go."""
    for path in folder.glob("*/.work/**/*"):
        try:
            yield path.stat().st_size
        except OSError:
            continue


def call(python: Path, program: str, *arguments: object) -> str:
    """Run a program of this folder, show it where it fails, give what it printed."""
    command = [str(python), str(HERE / program), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
    return done.stdout
