"""`python write_raw.py CLAIMS FOLDER`: raw columns and the compiled policy, for criterion."""

from __future__ import annotations

import sys
from pathlib import Path

from jiugao.compile import compile_policy
from peers.with_jiugao import RULES
from workload import raw, workload


def main() -> None:
    """Write them."""
    folder = Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    raw(workload(int(sys.argv[1])).claims, folder)
    (folder / "policy.rulesc").write_bytes(compile_policy(RULES).program_bytes)


if __name__ == "__main__":
    main()
