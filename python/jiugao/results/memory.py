"""Arrow's memory for long runs: what a batch took is given back when it has passed."""

from __future__ import annotations

import pyarrow as pa

DECAY = 200  # milliseconds; every thread of a run keeps for so long what it freed


def give_back_soon() -> None:
    """Take jemalloc where Arrow was built with it.

    Its default keeps what was freed for each thread that ever allocated: a run of columns
    of many kinds then holds half as much again.
    """
    if "jemalloc" in pa.supported_memory_backends():
        pa.set_memory_pool(pa.jemalloc_memory_pool())
        pa.jemalloc_set_decay_ms(DECAY)
