"""A policy and its program come in; more of anything than a program holds is refused.

The numbers are those of rust/program/src/caps.rs, which says why; a test holds the two
together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.program.refusals import refuse

if TYPE_CHECKING:
    from jiugao.policy import model
    from jiugao.program import body
    from jiugao.source import Span

CAPS = {
    "IDENTITIES": 62,
    "CLASSES": 126,
    "BENEFITS": 64,
    "PAYEES": 64,
    "LIMITS": 64,
    "TALLIES": 256,
    "PARTS": 16,
    "BANDS": 64,
    "LIMITS_OF_A_ROW": 16,
    "INSTRUCTIONS": 16_384,
}


def hold(policy: model.Policy, program: body.Program) -> body.Program:
    """The program, where it keeps within what every reader of one takes.

    Raises RulesError (E480).
    """
    whole = policy.cited.span
    for what, found, cap in (
        ("classes", len(program.classes), "CLASSES"),
        ("benefits", len(program.benefits), "BENEFITS"),
        ("subsidies", len(program.subsidies), "BENEFITS"),
        ("payees", len(program.payees), "PAYEES"),
        ("shared_limits", len(program.limits), "LIMITS"),
        ("warnings", len(program.warnings), "TALLIES"),
        ("sums_of_the_year", len(program.tallies), "TALLIES"),
        ("measures", len(program.measures), "TALLIES"),
        ("steps", most_instructions(program), "INSTRUCTIONS"),
    ):
        at_most(what, found, cap, whole)
    for benefit, made in zip(policy.benefits, program.benefits, strict=True):
        at_most("parts_of_a_base", len(made.parts), "PARTS", benefit.span)
        for row in made.figures:
            at_most("bands", len(row.bands), "BANDS", benefit.span)
            at_most("limits_of_a_row", len(row.limits), "LIMITS_OF_A_ROW", benefit.span)
    return program


def at_most(what: str, found: int, cap: str, span: Span | None) -> None:
    """Refuse more than a cap of something (a word of words.toml)."""
    if found > CAPS[cap]:
        refuse("E480", span, what=f"@{what}", count=str(found), most=str(CAPS[cap]))


def most_instructions(program: body.Program) -> int:
    """How long the longest section is."""
    sections = [program.claim.code, program.watch.code, program.enrolment.code]
    sections += [section.code for section in program.year]
    return max(len(code) for code in sections)
