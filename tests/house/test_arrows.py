"""The arrows that a graph of Python modules does not show."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
ROOMS = HOUSE / "python" / "jiugao"


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Import():
                names |= {alias.name for alias in node.names}
            case ast.ImportFrom(module=str(module)):
                names |= {f"{module}.{alias.name}" for alias in node.names} | {module}
            case _:
                pass
    return names


def test_only_the_engine_room_imports_the_core() -> None:
    users = {
        path.relative_to(ROOMS).parts[0]
        for path in ROOMS.rglob("*.py")
        if any(name.startswith("jiugao._core") for name in imported(path))
    }
    assert users == {"engine"}


@pytest.mark.parametrize(
    ("crate", "users"),
    [("arrow", {"columns", "binding"}), ("pyo3", {"binding"})],
)
def test_only_the_border_knows_arrow_and_python(crate: str, users: set[str]) -> None:
    manifests = (HOUSE / "rust").glob("*/Cargo.toml")
    assert {
        m.parent.name for m in manifests if f"\n{crate}" in m.read_text("utf-8")
    } == users


def test_rust_of_ours_is_free_of_unsafe() -> None:
    workspace = (HOUSE / "Cargo.toml").read_text("utf-8")
    assert 'unsafe_code = "forbid"' in workspace
    for manifest in (HOUSE / "rust").glob("*/Cargo.toml"):
        if manifest.parent.name == "fuzz":
            # What libFuzzer calls is an exported symbol, outside of the library.
            library = (manifest.parent / "src/lib.rs").read_text("utf-8")
            assert "#![forbid(unsafe_code)]" in library
        else:
            assert "[lints]\nworkspace = true" in manifest.read_text("utf-8"), manifest


def test_import_jiugao_loads_nothing_heavy() -> None:
    code = "import sys, json; import jiugao; print(json.dumps(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    loaded = set(json.loads(run.stdout))
    assert not loaded & {"pyarrow", "duckdb", "lark", "click", "jiugao._core", "polars"}


def test_check_loads_no_columns_and_no_tables() -> None:
    code = """
import json, sys
from jiugao.cli.group import jiugao
sys.argv[1:] = ["check", "rules/liaocheng_2022", "rules/mengjin_2018"]
try:
    jiugao()
except SystemExit:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, cwd=HOUSE
    )
    loaded = set(json.loads(run.stderr))
    assert "jiugao.program.lowering" in loaded
    assert not loaded & {"pyarrow", "duckdb", "lark", "rich", "numpy", "jiugao._core"}
    assert not loaded & {"jiugao.claims", "jiugao.engine", "jiugao.results.run"}


def test_every_public_name_is_there() -> None:
    import jiugao  # noqa: PLC0415

    assert {name: getattr(jiugao, name) for name in jiugao.__all__}
    assert dir(jiugao) == sorted(jiugao.__all__)
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = jiugao.no_such_name
