"""Memory for long runs: what a batch took is given back when it has passed."""

from __future__ import annotations

import gc
import os
import sys
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa

GIVE_BACK_ROWS = 1 << 19
DECAY = 200  # milliseconds; every thread of a run keeps for so long what it freed
POOL = "jemalloc"
MADE_BETWEEN = 50_000  # objects; two megabytes more at most were seen


def choose_pool() -> None:
    """Of a process of our own: let all of Arrow take jemalloc. Works before Arrow is loaded.

    Its Parquet readers and writers ask no pool of ours, and keep a quarter more with the
    allocator that they take by themselves. Whoever chose one has chosen; wheels for other
    systems need not have this one, and Arrow would say so on every command.
    """
    if sys.platform == "linux":
        os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", POOL)


def collect_seldom() -> None:
    """Of a process of our own: look for rings of garbage less often than every 700 objects.

    Hardly any is made. What compiling a policy makes stays, and to look through it again and
    again took a quarter of the compiling.
    """
    gc.set_threshold(MADE_BETWEEN)


def give_back_soon() -> None:
    """Take jemalloc where Arrow was built with it.

    Its default keeps what was freed for each thread that ever allocated: a run of columns
    of many kinds then holds half as much again.
    """
    import pyarrow as pa  # noqa: PLC0415  the other call comes before it is loaded

    if POOL in pa.supported_memory_backends():
        pa.set_memory_pool(pa.jemalloc_memory_pool())
        pa.jemalloc_set_decay_ms(DECAY)


def giving_back(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The batches; every so many rows, what was freed goes back to the system."""
    rows = 0
    for batch in batches:
        rows += batch.num_rows
        if rows >= GIVE_BACK_ROWS:
            give_back()
            rows = 0
        yield batch


def give_back() -> None:
    """Let the allocators keep nothing that is free.

    By itself glibc returns nothing from between things that stay (descriptions of row groups
    do, until their file ends): the heap was seen to grow by a byte for every row.
    """
    import pyarrow as pa  # noqa: PLC0415  as above

    pa.default_memory_pool().release_unused()
    if trim := heap_trimmer():
        trim(0)


@cache
def heap_trimmer() -> Callable[[int], int] | None:
    """Glibc's malloc_trim, where that is the system's allocator."""
    if sys.platform != "linux":
        return None
    import ctypes  # noqa: PLC0415  commands that settle nothing load this module too

    return getattr(ctypes.CDLL(None), "malloc_trim", None)
