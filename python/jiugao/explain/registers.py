"""The claim section of a program comes in; what each register holds goes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiugao.explain.slices import scaled
from jiugao.program.isa import SPECS, Op

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
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
        case Op.ADD | Op.SUB | Op.MIN | Op.MAX | Op.ABOVE_ZERO | Op.CAP_BY_YEAR:
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


@dataclass(frozen=True)
class Term:
    """A named amount that is added (+1) or taken off (-1), in fen."""

    sign: int
    name: str
    fen: Fraction


class ClaimValues:
    """The registers of one claim, by what they are."""

    def __init__(self, program: Program, values: Sequence[int | None]) -> None:
        self.program = program
        self.values = values
        self.held = registers(program)
        self.places = {
            program.claim.code[d.index][1]: d.place
            for d in program.debug
            if d.section == "claim"
            and SPECS[Op(program.claim.code[d.index][0])].has_result
        }
        self.made = {
            words[1]: words
            for words in program.claim.code
            if SPECS[Op(words[0])].has_result
        }

    def fen(self, register: int) -> Fraction:
        """A register's money."""
        return scaled(self.values[register] or 0, self.held[register].scale)

    def column(self, name: str) -> Fraction | None:
        """The claim's value of an input column; None if it was not read."""
        for register, words in self.made.items():
            op = Op(words[0])
            if op is Op.INPUT and self.program.inputs[words[2]].column == name:
                return None if self.values[register] is None else self.fen(register)
        return None

    def base(self, benefit: int) -> int | None:
        """The register of a benefit's base."""
        for words in self.program.claim.code:
            match Op(words[0]):
                case Op.SETTLE if words[5] == benefit:
                    return words[2]
                case Op.DEFER if words[3] == benefit:
                    return words[1]
        return None

    def base_of_part(self, benefit: int, part: int) -> int | None:
        """The register of one part's base."""
        for words in self.program.claim.code:
            if Op(words[0]) is Op.PART and words[2:] == (benefit, part):
                return words[1]
        return None

    def capped_by_year(self, benefit: int) -> bool:
        """Whether the benefit's base is a share of the year's bills."""
        return any(
            Op(words[0]) is Op.CAP_BY_YEAR and words[5] == benefit
            for words in self.program.claim.code
        )

    def row(self, benefit: int) -> int | None:
        """The register of the row of figures that the claim has in a benefit."""
        for words in self.program.claim.code:
            match Op(words[0]):
                case Op.SETTLE if words[5] == benefit:
                    return words[3]
                case Op.SETTLE_PARTS if words[4] == benefit:
                    return words[2]
                case Op.DEFER if words[3] == benefit:
                    return words[2]
        return None

    def condition_fails(self, register: int) -> bool:
        """Whether a condition that a register comes from does not hold."""
        if self.held[register].role == "condition":
            return self.values[register] == 0
        words = self.made[register]
        operands = SPECS[Op(words[0])].operands
        return any(
            self.condition_fails(word)
            for word, (_, kind) in zip(words[1:], operands, strict=True)
            if kind == "register"
        )

    def reached(self, register: int) -> Iterator[int]:
        """A register and every one that it is made of."""
        yield register
        words = self.made[register]
        operands = SPECS[Op(words[0])].operands
        for word, (_, kind) in zip(words[1:], operands, strict=True):
            if kind == "register":
                yield from self.reached(word)

    def lists_asked(self, benefit: int) -> tuple[int, ...]:
        """Registers that say whether a code is on a list, for a benefit's row or base."""
        starts = (self.row(benefit), self.base(benefit))
        seen = (r for start in starts if start is not None for r in self.reached(start))
        return tuple(dict.fromkeys(r for r in seen if Op(self.made[r][0]) is Op.LISTED))

    def terms(self, register: int, sign: int = 1) -> Iterator[Term]:
        """What sums and differences a register is made of, down to named amounts."""
        words = self.made[register]
        known = self.held[register]
        whole = known.role in {"expense", "paid", "pay", "part_paid", "input"}
        match Op(words[0]):
            case Op.ADD if not whole:
                yield from self.terms(words[2], sign)
                yield from self.terms(words[3], sign)
            case Op.SUB if not whole:
                yield from self.terms(words[2], sign)
                yield from self.terms(words[3], -sign)
            case Op.RESCALE | Op.ABOVE_ZERO if not whole:
                yield from self.terms(words[2], sign)
            case _:
                yield Term(sign, known.label, self.fen(register))
