"""What is generated from isa.toml is up to date, and isa.toml keeps its own rules."""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
GENERATOR = ROOT / "rust/program/generate.py"


def generator() -> Any:
    spec = importlib.util.spec_from_file_location("generate", GENERATOR)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_outputs_are_up_to_date() -> None:
    outputs = generator().outputs()
    assert len(outputs) == 4
    for path, text in outputs.items():
        assert path.read_text("utf-8") == text, f"run {GENERATOR.relative_to(ROOT)}"


def test_rows_are_well_formed() -> None:
    made = generator()
    rows = tomllib.loads((GENERATOR.parent / "isa.toml").read_text("utf-8"))
    for row in rows["instruction"]:
        assert set(row) <= {
            "name", "opcode", "sections", "operands", "result", "zh", "en",
        }  # fmt: skip
        assert set(row["sections"]) <= set(made.SECTIONS)
        assert row["zh"]
        assert row["en"]
        for operand in row["operands"]:
            assert operand["type"] in {*made.INDEXES, *made.BOUNDS}


def test_generator_stays_short() -> None:
    assert len(GENERATOR.read_text("utf-8").splitlines()) <= 200
