"""Some seconds of what `make fuzz` does for an hour, and inputs that once broke something."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz import rules
from tests.fuzz.whole_way import attempt

CASES = sorted((Path(__file__).parent / "cases").glob("*.rules"))


@pytest.mark.parametrize("path", CASES, ids=[p.stem for p in CASES])
def test_what_broke_something_once(path: Path) -> None:
    attempt(path.read_bytes())


def test_changed_texts_are_told_of_or_compiled(tmp_path: Path) -> None:
    counts = rules.drawn(0, seed=2022, found=tmp_path, rounds=1)
    assert not counts.faults, counts.faults
    assert counts.by_end["compiled"] > counts.executions / 20
    assert counts.by_end["refused"] > counts.executions / 20
