"""What an embedder feels: compile, load, settle a little, settle a lot, explain one claim."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from jiugao import engine
from jiugao.compile import compile_policy
from peers import with_jiugao
from workload import workload

RULES = Path(__file__).parents[2] / "rules" / "liaocheng_2022"


@pytest.fixture(scope="module")
def compiled() -> bytes:
    """The program file of Liaocheng."""
    return compile_policy(RULES).program_bytes


def test_import(benchmark):
    """`import jiugao` in a new interpreter, the interpreter's own start included."""
    benchmark(subprocess.run, [sys.executable, "-c", "import jiugao"], check=True)


def test_interpreter_alone(benchmark):
    """The same without the import: what to take off."""
    benchmark(subprocess.run, [sys.executable, "-c", "pass"], check=True)


def test_compile(benchmark):
    """Text of a folder to a program file, checks included."""
    benchmark(compile_policy, RULES)


def test_decode_and_verify(benchmark, compiled):
    """Bytes of a program file to a verified program."""
    benchmark(engine.Program.load, compiled)


@pytest.mark.parametrize("claims", [100, 10_000, 1_000_000])
def test_settle(benchmark, compiled, claims):
    """Columns in memory to columns in memory: is a small table much dearer a claim?"""
    data = workload(claims)
    stream = with_jiugao.claims_stream(data.claims)
    ready = engine.Program.load(compiled)
    benchmark.extra_info["claims"] = len(data.claims)
    benchmark(with_jiugao.settle, ready, stream, data.applications, 1)


def test_explain_one(benchmark, compiled):
    """One claim with every step."""
    data = workload(8)
    stream = with_jiugao.claims_stream(data.claims)
    tables = with_jiugao.tables(stream, data.applications)
    benchmark(engine.trace, engine.Program.load(compiled), tables, 0)
