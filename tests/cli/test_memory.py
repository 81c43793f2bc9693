"""The command's own process: which allocator Arrow takes throughout."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

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
