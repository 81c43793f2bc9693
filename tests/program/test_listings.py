"""Listings are what they were, and between them they show every instruction."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jiugao.policy import model
from jiugao.program import listing, lower
from jiugao.program.isa import SPECS, Op
from tests.oracle import hand
from tests.program.goldens import LANGUAGES, POLICIES, golden, program_of

if TYPE_CHECKING:
    from pathlib import Path

    from jiugao.program import Program


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_listing(path: Path, language: str) -> None:
    shown = listing(program_of(path), language)
    assert shown == golden(path, language).read_text("utf-8")


def sections(program: Program) -> dict[str, list[tuple[int, ...]]]:
    found = {
        "claim": list(program.claim.code),
        "watch": list(program.watch.code),
        "enrolment": list(program.enrolment.code),
        "year": [],
    }
    for year in program.year:
        found["year"] += year.code
    return found


def watching_nobody() -> Program:
    policy = hand.liaocheng()
    warning = policy.warnings[0]
    nobody = model.ThresholdTable({}, None, warning.span)
    return lower(replace(policy, warnings=(replace(warning, targets=nobody),)))


def every_program() -> list[Program]:
    return [*map(program_of, POLICIES), watching_nobody()]


def test_every_instruction_is_emitted() -> None:
    emitted = {
        words[0]
        for program in every_program()
        for code in sections(program).values()
        for words in code
    }
    assert emitted == set(SPECS)


def test_instructions_stand_where_they_may() -> None:
    for program in every_program():
        for section, code in sections(program).items():
            for op, *operands in code:
                spec = SPECS[Op(op)]
                assert section in spec.sections
                assert len(operands) == len(spec.operands)


def test_every_instruction_is_explained() -> None:
    for program in every_program():
        counts = {f"year:{year.benefit}": len(year.code) for year in program.year}
        counts |= {
            name: len(code)
            for name, code in sections(program).items()
            if code and name != "year"
        }
        found: dict[str, list[int]] = {}
        for debug in program.debug:
            found.setdefault(debug.section, []).append(debug.index)
        assert found == {name: list(range(count)) for name, count in counts.items()}


def test_a_claim_costs_few_instructions() -> None:
    program = program_of(next(p for p in POLICIES if p.stem == "assistance"))
    worked = [op for op, *_ in program.claim.code if Op(op) is not Op.INPUT]
    assert len(worked) <= 30
