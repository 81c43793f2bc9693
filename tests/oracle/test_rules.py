"""Every example in the rules that we ship holds by the second evaluator too."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from jiugao.compile import compile_policy
from tests.oracle import examples

RULES = Path(__file__).parents[2] / "rules"
PLACES = sorted(path for path in RULES.iterdir() if list(path.glob("*.rules")))


@pytest.mark.parametrize("place", PLACES, ids=lambda path: path.name)
def test_examples_hold(place: Path) -> None:
    policies = {}
    wrong = {}
    sample = place / "parameters.sample.toml"
    open_figures = tomllib.loads(sample.read_text("utf-8")) if sample.exists() else {}
    plain = compile_policy(place, settings=open_figures).policy
    assert plain.examples
    for example in plain.examples:
        settings = tuple(sorted((open_figures | dict(example.settings)).items()))
        if settings not in policies:
            policies[settings] = compile_policy(place, settings=dict(settings)).policy
        found = examples.differences(policies[settings], example)
        if found:
            wrong[example.title] = found
    assert not wrong
