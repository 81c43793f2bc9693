"""Every other reading has an example that the default reading would fail."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from jiugao.compile import Compiled, compile_policy
from jiugao.diagnostics import RulesError
from jiugao.testing.run import compare, run_group

RULES = Path(__file__).parents[2] / "rules"
FOLDERS = sorted(path.name for path in RULES.iterdir() if path.name != "shared")
# A line of an example has no areas: tests/rules/test_runs.py shows it on files.
SHOWN_ON_FILES = {("liaoning_2018", "统筹口径", "市级")}


@cache
def compiled(folder: str) -> Compiled:
    return compile_policy(RULES / folder, for_examples=True)


def other_readings() -> list[tuple[str, str, str]]:
    return [
        (folder, parameter.name, option)
        for folder in FOLDERS
        for parameter in compiled(folder).policy.parameters
        for option in parameter.options[1:]
    ]


@pytest.mark.parametrize(("folder", "name", "other"), other_readings())
def test_an_example_tells_the_reading_from_the_default(
    folder: str, name: str, other: str
) -> None:
    whole = compiled(folder)
    default = next(p for p in whole.policy.parameters if p.name == name).options[0]
    assert default == next(
        p.values[0].value for p in whole.policy.parameters if p.name == name
    )
    places = [
        place
        for place, example in enumerate(whole.policy.examples)
        if example.settings.get(name) == other
    ]
    assert places, "no example"
    told = any(fails(whole, place, name, default) for place in places)
    assert told or (folder, name, other) in SHOWN_ON_FILES


def fails(whole: Compiled, place: int, name: str, default: str) -> bool:
    """Whether an example fails where one reading is the default one again."""
    example = whole.policy.examples[place]
    try:
        group = run_group(whole, {**example.settings, name: default}, [place])
    except RulesError:  # what it expects is of a benefit that is not there then
        return True
    return not compare(group.compiled.policy.examples[place], 0, group).passed
