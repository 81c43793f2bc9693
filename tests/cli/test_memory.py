"""The command's own process: which allocator Arrow takes, how often garbage is looked for."""

from __future__ import annotations

import os
import subprocess
import sys

import pyarrow as pa
import pytest

from jiugao.results import memory

VARIABLE = "ARROW_DEFAULT_MEMORY_POOL"
TOLD = """
from jiugao.cli import main
try:
    main()
except SystemExit:
    import pyarrow
    print(pyarrow.default_memory_pool().backend_name)
"""


@pytest.mark.skipif(
    sys.platform != "linux", reason="other systems' wheels may not have it"
)
@pytest.mark.parametrize(
    ("chosen", "taken"), [(None, "jemalloc"), ("system", "system")]
)
def test_arrow_gives_memory_back_unless_told_otherwise(
    chosen: str | None, taken: str
) -> None:
    environment = {k: v for k, v in os.environ.items() if k != VARIABLE}
    done = subprocess.run(
        [sys.executable, "-c", TOLD, "--version"],
        env=environment if chosen is None else {**environment, VARIABLE: chosen},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == taken, done.stderr


SELDOM = """
import gc
print(gc.get_threshold()[0])
import jiugao.evaluation
from jiugao.cli import main
print(gc.get_threshold()[0])
try:
    main()
except SystemExit:
    print(gc.get_threshold()[0])
"""


def test_garbage_is_looked_for_seldom_in_the_command_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SELDOM, "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    python, embedded, _, command = done.stdout.splitlines()
    assert int(python) == int(embedded) < int(command)


HELD = """
import sys
from pathlib import Path
from jiugao.results.memory import give_back

def held():
    line = next(l for l in Path("/proc/self/status").read_text().splitlines() if "RssAnon" in l)
    return int(line.split()[1]) >> 10

give_back()
made = [bytes(3000) for _ in range(30000)]
stays = made[::40]
del made
before = held()
give_back()
print(before - held())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's allocator, and /proc")
def test_what_was_freed_between_things_that_stay_goes_back() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HELD], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) > 40, done.stdout + done.stderr  # MiB of about 86


def test_memory_goes_back_every_so_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    passed: list[pa.RecordBatch] = []
    monkeypatch.setattr(memory, "GIVE_BACK_ROWS", 10)
    monkeypatch.setattr(memory, "give_back", lambda: given.append(len(passed)))
    batch = pa.record_batch({"n": pa.arange(0, 4)})
    passed.extend(memory.giving_back(iter([batch] * 8)))
    assert len(passed) == 8
    assert given == [2, 5]  # with the third and the sixth on their way
