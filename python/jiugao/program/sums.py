"""Sums of amounts come in; the fewest additions that give them go out.

Base, uncovered and burden of a claim take off much the same payments. Every sum made is
kept, and a later one starts from the largest that is a part of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.program.isa import Op

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jiugao.program.builder import Builder, Note, Register

Form = dict["Register", int]  # how often each register is added


def form(plus: Iterable[Register], minus: Iterable[Register] = ()) -> Form:
    """The sum of some registers less others."""
    made: Form = {}
    for registers, sign in ((plus, 1), (minus, -1)):
        for register in registers:
            made[register] = made.get(register, 0) + sign
    return {register: times for register, times in made.items() if times}


class Sums:
    """The sums of one section."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._kept: dict[frozenset[tuple[Register, int]], Register] = {}

    def of(self, wanted: Form, note: Note) -> Register:
        """A register that holds the sum."""
        scale = max((register.scale for register in wanted), default=0)
        terms: Form = {}
        for register, times in wanted.items():
            if self._builder.known(register) == 0:
                continue
            fine = self._builder.rescaled(register, scale, note)
            for atom, within in self._terms(fine).items():
                terms[atom] = terms.get(atom, 0) + times * within
        terms = {register: times for register, times in terms.items() if times}
        whole = frozenset(terms.items())
        order = list(terms)
        plus: list[tuple[int, Register]] = []
        minus: list[tuple[int, Register]] = []
        while (found := self._largest(terms)) is not None:
            part, sign = found
            first = min(order.index(register) for register, _ in part)
            (plus if sign > 0 else minus).append((first, self._kept[part]))
            for register, times in part:
                terms[register] -= sign * times
            terms = {register: times for register, times in terms.items() if times}
        for register, times in terms.items():
            size = self._builder.multiplied(register, abs(times), 0, note)
            (plus if times > 0 else minus).append((order.index(register), size))
        made = self._joined(in_order(plus), in_order(minus), scale, note)
        if len(whole) > 1:
            self._kept.setdefault(whole, made)
        return made

    def _largest(
        self, terms: Form
    ) -> tuple[frozenset[tuple[Register, int]], int] | None:
        """The largest kept sum that is a part of the terms, or the negative of one.

        But not of all of them: 0 less a sum reads worse and costs the same.
        """
        best: tuple[frozenset[tuple[Register, int]], int] | None = None
        for part in self._kept:
            for sign in (1, -1) if len(part) < len(terms) else (1,):
                inside = all(terms.get(r, 0) == sign * times for r, times in part)
                if inside and (best is None or len(part) > len(best[0])):
                    best = (part, sign)
        return best

    def _joined(
        self, plus: list[Register], minus: list[Register], scale: int, note: Note
    ) -> Register:
        if not plus:
            plus = [self._builder.constant("money", 0, note, scale)]
        positive = self._chain(plus, note)
        if not minus:
            return positive
        return self._builder.two(Op.SUB, positive, self._chain(minus, note), note)

    def _chain(self, registers: list[Register], note: Note) -> Register:
        """Add up, keeping every sum on the way."""
        total = registers[0]
        atoms = dict(self._terms(total))
        for register in registers[1:]:
            total = self._builder.two(Op.ADD, total, register, note)
            for atom, times in self._terms(register).items():
                atoms[atom] = atoms.get(atom, 0) + times
            self._kept.setdefault(frozenset(atoms.items()), total)
        return total

    def _terms(self, register: Register) -> Form:
        """What a kept sum is the sum of; a register by itself otherwise."""
        for part, made in self._kept.items():
            if made == register:
                return dict(part)
        return {register: 1}


def in_order(parts: list[tuple[int, Register]]) -> list[Register]:
    """The parts of a sum in the order in which the author wrote them."""
    return [register for _, register in sorted(parts, key=lambda part: part[0])]
