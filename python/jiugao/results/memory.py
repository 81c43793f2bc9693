"""Arrow's memory for long runs: what a batch took is given back when it has passed."""

from __future__ import annotations

import os
import sys

DECAY = 200  # milliseconds; every thread of a run keeps for so long what it freed
POOL = "jemalloc"


def choose_pool() -> None:
    """Of a process of our own: let all of Arrow take jemalloc. Works before Arrow is loaded.

    Its Parquet readers and writers ask no pool of ours, and keep a quarter more with the
    allocator that they take by themselves. Whoever chose one has chosen; wheels for other
    systems need not have this one, and Arrow would say so on every command.
    """
    if sys.platform == "linux":
        os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", POOL)


def give_back_soon() -> None:
    """Take jemalloc where Arrow was built with it.

    Its default keeps what was freed for each thread that ever allocated: a run of columns
    of many kinds then holds half as much again.
    """
    import pyarrow as pa  # noqa: PLC0415  the other call comes before it is loaded

    if POOL in pa.supported_memory_backends():
        pa.set_memory_pool(pa.jemalloc_memory_pool())
        pa.jemalloc_set_decay_ms(DECAY)
