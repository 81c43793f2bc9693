"""A benefit comes in; its rows of figures and the tables that choose among them go out.

Every combination of a class, a value of each other subject and a stretch of days is
worked out once. Row 0 stands for "not entitled".
"""

from __future__ import annotations

from dataclasses import field
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.policy import model
from jiugao.program import body, days
from jiugao.program.builder import FINEST, STEP, Note, Register
from jiugao.program.dates import number
from jiugao.program.expressions import scale_of
from jiugao.program.refusals import refuse
from jiugao.program.rows import Exact, Point, Reading, base_amounts, rate_scale, written
from jiugao.program.subjects import (
    Group,
    Key,
    Subject,
    conjuncts,
    dated,
    subjects_of,
)
from jiugao.syntax.tree import Operator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jiugao.program.expressions import Expressions
    from jiugao.program.pools import Pools

MOST = 65536  # cells of a table; also rows, row 0 included
DIRECT = 1024  # up to so many cells, codes are digits themselves rather than groups


@dataclass(frozen=True)
class Digit:
    """One digit of a cell's number: a register and the group of each of its values."""

    register: Register
    group_of: tuple[int, ...]


@dataclass
class Figures:
    """The rows of one benefit, numbered as they are found."""

    benefit: model.Benefit
    pools: Pools
    rows: list[tuple[Exact, str]] = field(default_factory=list)
    entitled: set[int] = field(default_factory=set)
    _numbers: dict[Exact, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        benefit, pools = self.benefit, self.pools
        self.reading = Reading(benefit, pools)
        self.subjects: Mapping[object, Subject] = subjects_of(benefit, pools.classes)
        self.starts = pools.stretches("claim", tuple(dated(benefit, pools.policy)))
        if not self.starts:
            refuse("E488", benefit.span, what=benefit.name)
        every = list(conjuncts(benefit.applies))
        self.fixed = [c for c in every if days.fixed(c, standing=True)]
        self.open = [c for c in every if not days.fixed(c, standing=True)]

    def row_of_claim(self, expressions: Expressions) -> Register:
        """The register with a claim's row."""
        note = Note("condition", self.benefit.name, self.benefit.span)
        condition = expressions.builder.constant("flag", 1, note)
        for one in self.open:
            value = expressions.value(one)
            condition = expressions.builder.both(condition, value, note)
        return self._row(expressions, condition, closing=False)

    def row_of_year(self, expressions: Expressions) -> Register:
        """The register with the row by which a year is closed.

        The claims of the year were in the benefit's condition; it is not asked again.
        """
        for subject in self.subjects.values():
            if depends_on_claim(subject.expression):
                refuse("E484", subject.expression.span, benefit=self.benefit.name)
        note = Note("condition", self.benefit.name, self.benefit.span)
        condition = expressions.builder.constant("flag", 1, note)
        return self._row(expressions, condition, closing=True)

    def find_rows_of_year(self) -> None:
        """Number the rows that only closing a year reaches."""
        self._cells(sorted(self.subjects.values(), key=rank), closing=True)

    def _row(
        self, expressions: Expressions, condition: Register, *, closing: bool
    ) -> Register:
        builder, benefit = expressions.builder, self.benefit
        note = Note("row", benefit.name, benefit.span, benefit.cited)
        order = sorted(self.subjects.values(), key=rank)
        size = prod(len(s.groups) for s in order) * 2 * len(self.starts)
        if size > 2 * MOST:
            refuse("E481", benefit.span, benefit=benefit.name, cells=str(size // 2))
        cells = self._cells(order, closing=closing)
        digits = self._digits(expressions, order, condition)
        if prod(len(digit.group_of) for digit in digits) > MOST:
            refuse("E481", benefit.span, benefit=benefit.name, cells=str(size // 2))
        table = tuple(
            cells[cell] for cell in product(*(digit.group_of for digit in digits))
        )
        digits = [digit for digit in digits if len(digit.group_of) > 1]
        if not digits:
            return builder.constant("row", table[0], note)
        index = digits[0].register
        for digit in digits[1:]:
            index = builder.radix(index, digit.register, Note(STEP, benefit.name))
        return builder.looked_up(index, body.Table("row", 0, table), note)

    def _digits(
        self, expressions: Expressions, order: Sequence[Subject], condition: Register
    ) -> list[Digit]:
        """The standing, the condition, the other subjects, the stretch of days."""
        builder, benefit = expressions.builder, self.benefit
        direct = prod(s.size for s in order) * 2 * len(self.starts) <= DIRECT
        made: list[Digit] = []
        for subject in order:
            register = expressions.value(subject.expression)
            group_of = groups_by_index(subject)
            if not direct and len(subject.groups) < subject.size:
                note = Note("group", register_words(subject), subject.expression.span)
                table = body.Table("row", 0, group_of)
                register = builder.looked_up(register, table, note)
                group_of = tuple(range(len(subject.groups)))
            made.append(Digit(register, group_of))
        known = builder.known(condition)
        truth = (0, 1) if known is None else (known,)
        made.insert(1 if order and order[0].is_standing else 0, Digit(condition, truth))
        starts = tuple(number(start) for start in self.starts[1:])
        if starts:
            regime = builder.regime(starts, Note("regime", benefit.name, benefit.span))
            made.append(Digit(regime, tuple(range(len(self.starts)))))
        else:
            made.append(Digit(condition, (0,)))
        return made

    def _cells(
        self, order: Sequence[Subject], *, closing: bool
    ) -> dict[tuple[int, ...], int]:
        """The row of every combination, in the order of the digits."""
        cells: dict[tuple[int, ...], int] = {}
        keys = {id(subject): key for key, subject in self.subjects.items()}
        where = 1 if order and order[0].is_standing else 0
        groups = [range(len(subject.groups)) for subject in order]
        for *chosen, stretch in product(*groups, range(len(self.starts))):
            found: list[Group] = [
                s.groups[i] for s, i in zip(order, chosen, strict=True)
            ]
            standing = found[0].value if where else None
            at = days.At(
                self.starts[stretch], standing if standing is None else str(standing)
            )
            values: dict[object, Key] = {
                keys[id(s)]: g.value for s, g in zip(order, found, strict=True)
            }
            row = self._number(Point(at, values), closing=closing)
            if row and not closing:
                self._entitle(at, has_standing=bool(where))
            for truth in (0, 1):
                cell = (*chosen[:where], truth, *chosen[where:], stretch)
                cells[cell] = row if truth else 0
        return cells

    def _number(self, point: Point, *, closing: bool) -> int:
        """The number of the row at a point, a new one where the row is new."""
        if not closing and not all(days.worth(c, point.at) for c in self.fixed):
            return 0
        row = self.reading.row(point)
        if row is None:
            return 0
        if row not in self._numbers:
            dated = f"{point.at.day}…" if len(self.starts) > 1 else ""
            self.rows.append((row, " · ".join(filter(None, (row.path, dated)))))
            self._numbers[row] = len(self.rows)
            if len(self.rows) >= MOST:
                refuse(
                    "E481",
                    self.benefit.span,
                    benefit=self.benefit.name,
                    cells=str(MOST),
                )
        return self._numbers[row]

    def _entitle(self, at: days.At, *, has_standing: bool) -> None:
        """Take note of the classes that a row is for."""
        classes = [None, *(found.name for found in self.pools.classes)]
        for name in [at.standing] if has_standing else classes:
            if all(possible(c, days.At(at.day, name)) is not False for c in self.open):
                self.entitled.add(self.pools.class_position(name))

    # --- as a program file holds them ---

    @property
    def exact(self) -> list[Exact]:
        """The rows without their notes."""
        return [row for row, _ in self.rows]

    def base_scale(self, base: int) -> int:
        """The scale that holds the base and every amount it is compared with."""
        benefit = self.benefit
        found = scale_of(base_amounts(self.exact), benefit.span, benefit.name)
        return max(base, found)

    def written(self, base: int) -> tuple[tuple[body.Figures, ...], int]:
        """The rows at a base scale, and the scale of their rates."""
        rate = rate_scale(self.benefit, self.exact)
        if base + rate > FINEST:
            refuse("E482", self.benefit.span, what=self.benefit.name)
        rows = tuple(
            written(self.benefit, row, note, base, rate) for row, note in self.rows
        )
        return rows, rate


def rank(subject: Subject) -> int:
    """The standing first, truth values before codes."""
    return 0 if subject.is_standing else len(subject.groups)


def groups_by_index(subject: Subject) -> tuple[int, ...]:
    """The group of every value of a subject's register."""
    of = {
        member: number
        for number, group in enumerate(subject.groups)
        for member in group.members
    }
    return tuple(of[index] for index in range(subject.size))


def register_words(subject: Subject) -> str:
    """A subject in the author's words."""
    match subject.expression:
        case model.InputRef(input=found):
            return found.name
        case expression:
            return expression.span.text


def depends_on_claim(expression: model.Expression) -> bool:
    """Whether a claim's own columns or amounts stand in it."""
    return isinstance(expression, (model.InputRef, model.AmountRef)) or any(
        map(depends_on_claim, days.parts(expression))
    )


def possible(condition: model.Expression, at: days.At) -> bool | None:
    """What the class and the day alone decide of a condition; None: nothing."""
    if days.fixed(condition, standing=True):
        return bool(days.worth(condition, at))
    match condition:
        case model.Not():
            value = possible(condition.operand, at)
            return None if value is None else not value
        case model.Binary(operator=Operator.AND | Operator.OR):
            two = {possible(condition.left, at), possible(condition.right, at)}
            decided = condition.operator is Operator.OR
            return decided if decided in two else None if None in two else not decided
        case _:
            return None
