"""The claim section of a program comes in; what each register holds goes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiugao.explain.slices import scaled
from jiugao.program.isa import SPECS, Op

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from jiugao.program.body import Program


@dataclass(frozen=True)
class Register:
    """What an instruction's result is, in the author's words, and its money scale."""

    role: str
    label: str
    scale: int


def registers(program: Program) -> Mapping[int, Register]:
    """By register number."""
    debug = {d.index: d for d in program.debug if d.section == "claim"}
    found: dict[int, Register] = {}
    for index, words in enumerate(program.claim.code):
        op = Op(words[0])
        if not SPECS[op].has_result:
            continue
        known = debug.get(index)
        found[words[1]] = Register(
            role=known.role if known else "",
            label=known.label if known else "",
            scale=scale_of(program, op, words, found),
        )
    return found


def scale_of(
    program: Program, op: Op, words: tuple[int, ...], found: Mapping[int, Register]
) -> int:
    """The money scale of a result (0 for what is not money)."""
    match op:
        case Op.MONEY:
            return words[3]
        case Op.ADD | Op.SUB | Op.MIN | Op.MAX | Op.ABOVE_ZERO:
            return found[words[2]].scale
        case Op.CHOOSE:
            return found[words[3]].scale
        case Op.MULTIPLY | Op.TIMES:
            return found[words[2]].scale + words[4]
        case Op.RESCALE:
            return found[words[2]].scale + words[3]
        case Op.LOOKUP:
            return program.tables[words[3]].scale
        case _:
            return 0


def amount(
    held: Mapping[int, Register],
    values: tuple[int | None, ...],
    role: str,
    label: str | None = None,
) -> Fraction | None:
    """The last register of a role (and label), in fen; None if there is none."""
    result: Fraction | None = None
    for number, register in held.items():
        if register.role == role and label in {None, register.label}:
            value = values[number]
            result = None if value is None else scaled(value, register.scale)
    return result
