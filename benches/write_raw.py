"""`python write_raw.py CLAIMS FOLDER`: raw columns and the compiled policies, for criterion."""

from __future__ import annotations

import sys
from pathlib import Path

from jiugao.compile import compile_policy
from peers.with_jiugao import RULES
from workload import raw, workload

CHANGING = Path(__file__).parent / "rust" / "changing.rules"


def main() -> None:
    """Write them."""
    folder = Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    raw(workload(int(sys.argv[1])).claims, folder)
    for name, rules in (("policy", RULES), ("changing", CHANGING)):
        program = compile_policy(rules).program_bytes
        (folder / f"{name}.rulesc").write_bytes(program)


if __name__ == "__main__":
    main()
