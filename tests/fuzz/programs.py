"""A folder comes in; program files of every kind go into it.

`python -m tests.fuzz.programs DIR`
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from jiugao.compile import compile_sources
from jiugao.diagnostics import RulesError
from tests.fuzz import seeds
from tests.fuzz.whole_way import SETTING, sources_of


def main() -> None:
    """Compile what can be compiled."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for text in seeds.texts():
        try:
            compiled = compile_sources(
                sources_of(text), settings=dict(SETTING.findall(text))
            )
        except RulesError:
            continue
        data = compiled.program_bytes
        name = hashlib.sha256(data).hexdigest()[:16]
        (folder / f"{name}.rulesc").write_bytes(data)


if __name__ == "__main__":
    main()
