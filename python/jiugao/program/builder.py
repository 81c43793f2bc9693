"""Operations come in one by one; a section's straight list of instructions goes out.

Equal operations on equal registers are one instruction, what is known at once is a
constant, and what nothing needs is left out at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.program import body
from jiugao.program.isa import SPECS, Op
from jiugao.program.pools import KINDS, Pools, interned
from jiugao.program.refusals import refuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jiugao.policy import model
    from jiugao.source import Span

EFFECTS = (
    Op.SETTLE, Op.DEFER, Op.OFFER, Op.TAKE, Op.TALLY, Op.CLOSE,
    Op.CAP_BY_YEAR, Op.PART, Op.SETTLE_PARTS,
)  # fmt: skip
FINEST = 6
STEP = "step"  # the role of an instruction that is on the way to something named
LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Register:
    """A value of a section. `bound`: how many values it can take as an index."""

    number: int
    kind: str
    scale: int = 0
    bound: int | None = None


@dataclass(frozen=True)
class Note:
    """What an instruction is, for people."""

    role: str
    label: str
    span: Span | None = None
    cited: model.Cited | None = None


@dataclass(frozen=True)
class Made:
    """A finished section: instructions, and where each kept register went."""

    registers: int
    code: tuple[body.Words, ...]
    debug: tuple[body.Debug, ...]
    renumbered: Mapping[int, int]


class Builder:
    """One section under construction."""

    def __init__(self, section: str, pools: Pools) -> None:
        self.section = section
        self.pools = pools
        self._code: list[tuple[Op, tuple[int, ...], Note]] = []
        self._seen: dict[tuple[Op, tuple[int, ...]], Register] = {}
        self._count = 0
        self._known: dict[int, int] = {}  # register -> constant

    def emit(
        self,
        op: Op,
        operands: Sequence[int],
        note: Note,
        kind: str = "",
        scale: int = 0,
        bound: int | None = None,
    ) -> Register:
        """One instruction with a result, or the register that already holds it."""
        key = (op, tuple(operands))
        if op not in EFFECTS and key in self._seen:
            return self._seen[key]
        if scale > FINEST:
            refuse("E482", note.span, what=note.label)
        for value in operands:
            if abs(value) > LARGEST:
                refuse("E487", note.span, what=note.label)
        made = Register(self._count, kind, scale, bound)
        self._code.append((op, (made.number, *operands), note))
        self._count += 1
        self._seen[key] = made
        return made

    def act(self, op: Op, operands: Sequence[int], note: Note) -> None:
        """One instruction without a result."""
        self._code.append((op, tuple(operands), note))

    # --- constants and facts ---

    def constant(self, kind: str, value: int, note: Note, scale: int = 0) -> Register:
        """A constant of a kind."""
        match kind:
            case "money":
                made = self.emit(Op.MONEY, (value, scale), note, kind, scale)
            case "count":
                made = self.emit(Op.COUNT, (value,), note, kind)
            case "row":
                made = self.emit(Op.ROW, (value,), note, kind, bound=value + 1)
            case "flag":
                made = self.emit(Op.FLAG, (value,), note, kind, bound=2)
            case "day":
                made = self.emit(Op.DATE, (value,), note, kind)
            case _:
                raise TypeError(f"no constant of kind {kind}")
        self._known[made.number] = value
        return made

    def known(self, register: Register) -> int | None:
        """The value of a constant."""
        return self._known.get(register.number)

    def input(self, found: model.Input, note: Note) -> Register:
        """This row's value of an input."""
        kind, codes = KINDS.get(found.kind), self.pools.codes(found)
        if kind is None or (kind == "text" and not codes):
            refuse("E489", note.span, what=note.label)
        kind = "code" if kind == "text" else kind
        bound = {"code": len(codes) + 1, "flag": 2}.get(kind)
        position = self.pools.input(found)
        return self.emit(Op.INPUT, (position,), note, kind, bound=bound)

    def day(self, note: Note) -> Register:
        """The judged day."""
        return self.emit(Op.DAY, (), note, "day")

    def standing(self, note: Note) -> Register:
        """The class of that day."""
        bound = len(self.pools.classes) + 1
        return self.emit(Op.CLASS, (), note, "class", bound=bound)

    def holds(self, identities: tuple[str, ...], note: Note) -> Register:
        """Whether one of the identities is held."""
        mask = self.pools.mask(identities)
        return self.emit(Op.HOLDS, (mask,), note, "flag", bound=2)

    def regime(self, days: tuple[int, ...], note: Note) -> Register:
        """In which stretch of days the judged day lies."""
        position = interned(self.pools.dates, days)
        return self.emit(Op.REGIME, (position,), note, "row", bound=len(days) + 1)

    # --- arithmetic ---

    def two(self, op: Op, a: Register, b: Register, note: Note) -> Register:
        """ADD, SUB, MIN, MAX of one kind; money is brought to one scale."""
        a, b = self.aligned(a, b, note)
        return self.emit(op, (a.number, b.number), note, a.kind, a.scale)

    def aligned(
        self, a: Register, b: Register, note: Note
    ) -> tuple[Register, Register]:
        """Both at the finer of their scales."""
        scale = max(a.scale, b.scale)
        return self.rescaled(a, scale, note), self.rescaled(b, scale, note)

    def rescaled(self, a: Register, scale: int, note: Note) -> Register:
        """The same amount at a finer scale."""
        if a.scale == scale:
            return a
        power = scale - a.scale
        value = self.known(a)
        if value is not None:
            return self.constant("money", value * 10**power, note, scale)
        return self.emit(Op.RESCALE, (a.number, power), note, "money", scale)

    def multiplied(
        self, a: Register, numerator: int, scale: int, note: Note
    ) -> Register:
        """Money times a constant rate or count; one changes nothing."""
        if (numerator, scale) == (1, 0):
            return a
        operands = (a.number, numerator, scale)
        return self.emit(Op.MULTIPLY, operands, note, "money", a.scale + scale)

    def times(self, a: Register, count: Register, scale: int, note: Note) -> Register:
        """Money times a count, or a rate's numerator of that scale."""
        operands = (a.number, count.number, scale)
        return self.emit(Op.TIMES, operands, note, "money", a.scale + scale)

    def above_zero(self, a: Register, note: Note) -> Register:
        """Nothing where the amount is below zero."""
        value = self.known(a)
        if value is not None and value >= 0:
            return a
        return self.emit(Op.ABOVE_ZERO, (a.number,), note, "money", a.scale)

    def rounded(self, a: Register, mode: int, unit: int, note: Note) -> Register:
        """An amount in whole fen or yuan."""
        if a.scale == 0 and unit == 1:
            return a
        return self.emit(Op.ROUND, (a.number, mode, unit), note, "money")

    # --- truth ---

    def compared(self, op: Op, a: Register, b: Register, note: Note) -> Register:
        """LT, LE, EQ, NE."""
        if a.kind == "money":
            a, b = self.aligned(a, b, note)
        return self.emit(op, (a.number, b.number), note, "flag", bound=2)

    def both(self, a: Register, b: Register, note: Note) -> Register:
        """And, with constants folded."""
        for one, other in ((a, b), (b, a)):
            value = self.known(one)
            if value is not None:
                return other if value else one
        if a == b:
            return a
        return self.emit(Op.AND, (a.number, b.number), note, "flag", bound=2)

    def either(self, a: Register, b: Register, note: Note) -> Register:
        """Or, with constants folded."""
        for one, other in ((a, b), (b, a)):
            value = self.known(one)
            if value is not None:
                return one if value else other
        if a == b:
            return a
        return self.emit(Op.OR, (a.number, b.number), note, "flag", bound=2)

    def shifted(self, a: Register, days: int, note: Note) -> Register:
        """So many days later."""
        return self.emit(Op.SHIFT, (a.number, days), note, "day")

    def negated(self, a: Register, note: Note) -> Register:
        """Not."""
        value = self.known(a)
        if value is not None:
            return self.constant("flag", 1 - value, note)
        return self.emit(Op.NOT, (a.number,), note, "flag", bound=2)

    def in_set(self, a: Register, members: Iterable[int], note: Note) -> Register:
        """Whether a code or class is one of some."""
        found = tuple(sorted(set(members)))
        if not found:
            return self.constant("flag", 0, note)
        position = interned(self.pools.sets, found)
        return self.emit(Op.IN_SET, (a.number, position), note, "flag", bound=2)

    def listed(
        self, a: Register, day: Register, listed: body.CodeList, note: Note
    ) -> Register:
        """Whether a code is on a list on a day."""
        position = interned(self.pools.lists, listed)
        operands = (a.number, day.number, position)
        return self.emit(Op.LISTED, operands, note, "flag", bound=2)

    def chosen(self, flag: Register, a: Register, b: Register, note: Note) -> Register:
        """One of two values."""
        value = self.known(flag)
        if value is not None:
            return a if value else b
        if a.kind == "money":
            a, b = self.aligned(a, b, note)
        operands = (flag.number, a.number, b.number)
        bound = 2 if a.kind == "flag" else None
        return self.emit(Op.CHOOSE, operands, note, a.kind, a.scale, bound)

    # --- tables ---

    def radix(self, a: Register, b: Register, note: Note) -> Register:
        """Two small numbers as one."""
        assert a.bound is not None
        assert b.bound is not None
        operands = (a.number, b.bound, b.number)
        return self.emit(Op.RADIX, operands, note, "row", bound=a.bound * b.bound)

    def looked_up(self, a: Register, table: body.Table, note: Note) -> Register:
        """An entry of a table; a table of one value is a constant."""
        if len(set(table.values)) == 1:
            return self.constant(table.kind, table.values[0], note, table.scale)
        for value in table.values:
            if abs(value) > LARGEST:
                refuse("E487", note.span, what=note.label)
        position = interned(self.pools.tables, table)
        bound = {"row": max(table.values) + 1, "flag": 2}.get(table.kind)
        operands = (a.number, position)
        return self.emit(Op.LOOKUP, operands, note, table.kind, table.scale, bound)

    # --- the end ---

    def made(self, keep: Iterable[Register]) -> Made:
        """The section without what nothing needs, registers numbered anew."""
        needed = {register.number for register in keep}
        kept: list[tuple[Op, tuple[int, ...], Note]] = []
        for op, operands, note in reversed(self._code):
            spec = SPECS[op]
            if op not in EFFECTS and operands[0] not in needed:
                continue
            kept.append((op, operands, note))
            needed.update(
                value
                for value, (_, kind) in zip(operands, spec.operands, strict=True)
                if kind == "register"
            )
        kept.reverse()
        return self._numbered(kept)

    def _numbered(self, kept: list[tuple[Op, tuple[int, ...], Note]]) -> Made:
        new: dict[int, int] = {}
        code, debug = [], []
        for index, (op, operands, note) in enumerate(kept):
            words = []
            for value, (_, kind) in zip(operands, SPECS[op].operands, strict=True):
                if kind == "result":
                    new[value] = len(new)
                words.append(new[value] if kind in ("result", "register") else value)
            code.append((int(op), *words))
            place = self.pools.place(note.cited, note.span)
            debug.append(body.Debug(self.section, index, note.role, note.label, place))
        return Made(len(new), tuple(code), tuple(debug), new)

    def named(self, register: Register, note: Note) -> Register:
        """Give the instruction that made a register the author's name for it."""
        for index, (op, operands, old) in enumerate(self._code):
            if SPECS[op].has_result and operands[0] == register.number:
                if old.role == STEP:
                    self._code[index] = (op, operands, note)
                break
        return register
