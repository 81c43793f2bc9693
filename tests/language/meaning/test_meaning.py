"""The cases of the language's meaning: every example here holds, by both evaluators."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.oracle import examples

from jiugao.compile import compile_policy
from jiugao.testing import run_examples

CASES = sorted(Path(__file__).parent.glob("*.rules"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_second_evaluator_agrees_with_every_example(path: Path) -> None:
    policy = compile_policy(path).policy
    assert policy.examples
    found = {}
    for number, example in enumerate(policy.examples):
        own = compile_policy(path, settings=example.settings).policy
        wrong = examples.differences(own, own.examples[number])
        found[example.title] = wrong
    assert not {title: wrong for title, wrong in found.items() if wrong}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_machine_agrees_with_every_example(path: Path) -> None:
    report = run_examples(compile_policy(path), coverage=False)
    assert report.cases
    assert [c for c in report.cases if not c.passed or c.rejections] == []
