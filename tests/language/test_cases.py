"""Every construct in use and in misuse: `<feature>/good` compiles, `<feature>/bad` tells.

A file may begin with `# --set NAME=VALUE` lines. A bad file is named after the one code
that it shows; what is told about it stands beside it, in zh and en:
JIUGAO_GOLDEN=write pytest tests/language     writes them again
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.oracle import examples

from jiugao import diagnostics, policy
from jiugao.compile import (
    Options,
    check_sources,
    compile_policy,
    example_settings,
)
from jiugao.policy.files import shelf_of
from jiugao.source import Source

if TYPE_CHECKING:
    from collections.abc import Mapping


HERE = Path(__file__).parent
# The folders of the parser have runners of their own.
FEATURES = sorted(
    folder for folder in HERE.iterdir()
    if folder.is_dir() and folder.name not in {"format", "lexing", "meaning", "syntax"}
)  # fmt: skip
GOOD = [path for folder in FEATURES for path in sorted(folder.glob("good/*.rules"))]
BAD = [path for folder in FEATURES for path in sorted(folder.glob("bad/*.rules"))]
CHECKER = Path(policy.__file__).parent
# Codes that are about files, not about what a file says: test_files.py
ABOUT_FILES = {"E661", "E691", "E692", "E693"}
# Of a replay "as known on" a day: tests/claims/test_known_on.py
ABOUT_FILES |= {"E694"}


def named(path: Path) -> str:
    return f"{path.parent.parent.name}-{path.stem}"


def read(path: Path) -> tuple[Source, Mapping[str, str]]:
    text = path.read_text("utf-8")
    mark = "# --set "
    lines = [line for line in text.splitlines() if line.startswith(mark)]
    settings = dict(line.removeprefix(mark).split("=", 1) for line in lines)
    return Source(path.name, text), settings


def options(path: Path, settings: Mapping[str, str]) -> Options:
    return Options(settings, shelf=shelf_of(path, []))


@pytest.mark.parametrize("path", GOOD, ids=named)
def test_good_compiles_without_a_word_and_its_examples_hold(path: Path) -> None:
    source, settings = read(path)
    shared = {**example_settings([source]), **settings}
    checked, found = check_sources([source], options(path, shared))
    told = diagnostics.render_text(found)
    quiet = [f for f in found if f.code != "W704"]
    assert checked is not None, told
    assert not quiet, told
    assert compile_policy(path, settings=shared).program_bytes
    wrong: dict[str, list[str]] = {}
    for place, example in enumerate(checked.examples):
        own = options(path, {**shared, **example.settings})
        policy = check_sources([source], own)[0] if example.settings else checked
        assert policy is not None, example.title
        wrong[example.title] = examples.differences(policy, policy.examples[place])
    assert not {title: differing for title, differing in wrong.items() if differing}


@pytest.mark.parametrize("path", BAD, ids=named)
def test_bad_is_told_in_two_languages(path: Path) -> None:
    source, settings = read(path)
    checked, found = check_sources([source], options(path, settings))
    code = path.name[:4]
    assert {f.code for f in found} == {code}, diagnostics.render_text(found)
    assert (checked is None) == code.startswith("E")
    for language in ("zh", "en"):
        golden = path.with_suffix(f".{language}.txt")
        told = diagnostics.render_text(found, language) + "\n"
        if os.environ.get("JIUGAO_GOLDEN") == "write":
            golden.write_text(told, "utf-8")
        assert told == golden.read_text("utf-8")


def test_every_code_of_the_checker_has_a_bad_file() -> None:
    told = "".join(path.read_text("utf-8") for path in CHECKER.glob("*.py"))
    raised = set(re.findall(r'"([EW]\d{3})"', told)) - ABOUT_FILES
    assert raised == {path.name[:4] for path in BAD}
