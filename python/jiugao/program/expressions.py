"""A typed expression comes in, the register that holds its value goes out."""

from __future__ import annotations

import datetime as dt
from dataclasses import field
from fractions import Fraction
from typing import TYPE_CHECKING, assert_never

from jiugao.dataclass import dataclass
from jiugao.policy import model
from jiugao.program import body, days
from jiugao.program.builder import FINEST, STEP, Builder, Note, Register
from jiugao.program.dates import number
from jiugao.program.isa import Op
from jiugao.program.pools import KINDS
from jiugao.program.refusals import refuse
from jiugao.program.sums import Form, Sums
from jiugao.syntax.tree import Operator

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jiugao.source import Span

# What compares the operands, and whether they change places.
COMPARED = {
    Operator.OVER: (Op.LT, True),
    Operator.AFTER: (Op.LT, True),
    Operator.AT_LEAST: (Op.LE, True),
    Operator.NOT_OVER: (Op.LE, False),
    Operator.BELOW: (Op.LT, False),
    Operator.BEFORE: (Op.LT, False),
}
OPPOSITE = {
    Operator.OVER: Operator.NOT_OVER,
    Operator.AFTER: Operator.NOT_OVER,
    Operator.NOT_OVER: Operator.OVER,
    Operator.AT_LEAST: Operator.BELOW,
    Operator.BELOW: Operator.AT_LEAST,
    Operator.BEFORE: Operator.AT_LEAST,
}


def scale_of(values: Sequence[Fraction], span: Span | None, what: str) -> int:
    """The fewest decimals that hold all values exactly; at most six."""
    for scale in range(FINEST + 1):
        if all((value * 10**scale).denominator == 1 for value in values):
            return scale
    return refuse("E482", span, what=what)


def label(expression: model.Expression) -> str:
    """The author's words for an expression, on one line."""
    return " ".join(expression.span.text.split())


def note_of(expression: model.Expression, role: str = STEP) -> Note:
    """What an instruction made for an expression is."""
    return Note(role, label(expression), expression.span)


@dataclass
class Expressions:
    """Expressions of one section. `amount` gives what an amount's name stands for."""

    builder: Builder
    amount: Callable[[model.AmountRef], Register]
    sums: Sums = field(init=False)

    def __post_init__(self) -> None:
        self.sums = Sums(self.builder)

    def value(self, expression: model.Expression) -> Register:
        """The register that holds the value."""
        if days.fixed(expression):
            return self.by_day(expression)
        note = note_of(expression)
        builder = self.builder
        match expression:
            case model.InputRef():
                return builder.input(expression.input, self.input_note(expression))
            case model.AmountRef():
                return self.amount(expression)
            case model.StandingRef():
                return builder.standing(note_of(expression, "standing"))
            case model.HoldsIdentity():
                words = "、".join(expression.identities)
                return builder.holds(
                    expression.identities, Note("holds", words, expression.span)
                )
            case model.DayRef():
                return builder.day(note_of(expression, "day"))
            case model.Binary():
                return self.of_two(expression)
            case model.Not():
                return self.negation(expression)
            case model.InSet():
                return self.in_set(expression, expression.members)
            case model.InList():
                return self.in_list(expression)
            case model.Conditional():
                value = self.value(expression.value)
                kind = value.kind
                nothing = builder.constant(kind, 0, note, value.scale)
                flag = self.value(expression.condition)
                return builder.chosen(flag, value, nothing, note)
            case model.Smaller():
                left, right = self.value(expression.left), self.value(expression.right)
                return builder.two(Op.MIN, left, right, note)
            case model.Excess():
                left, right = self.value(expression.left), self.value(expression.right)
                if left.kind != "money":
                    refuse("E489", expression.span, what=label(expression))
                over = builder.two(Op.SUB, left, right, note)
                return builder.above_zero(over, note)
            case model.Const() | model.ParameterRef() | model.YearFigure():
                raise TypeError("what no row has")
        assert_never(expression)

    def input_note(self, ref: model.InputRef) -> Note:
        """The author's name of an input."""
        return Note(
            "input", ref.input.name, ref.input.span or ref.span, ref.input.cited
        )

    # --- what no claim changes ---

    def by_day(self, expression: model.Expression) -> Register:
        """A constant, or a table over the stretches of days with one value each."""
        kind = KINDS.get(expression.kind)
        found = self.pieces(expression)
        values = [number for number, _ in found]
        scale = 0
        if expression.kind in (model.Kind.MONEY, model.Kind.COUNT):
            exact = [v for v in values if isinstance(v, Fraction)]
            scale = scale_of(exact, expression.span, label(expression))
        if kind is None or kind in ("text", "code") or (kind == "count" and scale):
            refuse("E489", expression.span, what=label(expression))
        numbers = [whole(value, scale) for value in values]
        return self.over_days(
            kind, scale, numbers, found, note_of(expression, "figure")
        )

    def pieces(
        self, expression: model.Expression
    ) -> tuple[tuple[days.Value, dt.date], ...]:
        """Values with the first day of each.

        The last known one stands for later days, which the program refuses to judge.
        """
        pools = self.builder.pools
        made: list[tuple[days.Value, dt.date]] = []
        for piece in days.pieces(expression, pools.first, pools.last):
            if piece.value is not None:
                made.append((piece.value, piece.start))
                continue
            pools.known[self.builder.section].before(piece.start - days.DAY)
            break
        if not made:
            refuse("E488", expression.span, what=label(expression))
        return tuple(made)

    def over_days(
        self,
        kind: str,
        scale: int,
        numbers: Sequence[int],
        found: Sequence[tuple[days.Value, dt.date]],
        note: Note,
    ) -> Register:
        """The number of the judged day's stretch."""
        if len(set(numbers)) == 1:
            return self.builder.constant(kind, numbers[0], note, scale)
        starts = tuple(number(start) for _, start in found[1:])
        regime = self.builder.regime(starts, Note("regime", note.label, note.span))
        table = body.Table(kind, scale, tuple(numbers))
        return self.builder.looked_up(regime, table, note)

    # --- operators ---

    def of_two(self, node: model.Binary) -> Register:
        """Arithmetic, comparison, logic."""
        note = note_of(node)
        builder = self.builder
        match node.operator:
            case Operator.AND:
                return builder.both(self.value(node.left), self.value(node.right), note)
            case Operator.OR:
                return builder.either(
                    self.value(node.left), self.value(node.right), note
                )
            case Operator.IS:
                return self.equality(node, Op.EQ, note)
            case Operator.ADD | Operator.SUB if node.kind is model.Kind.MONEY:
                return self.sums.of(self.form(node), note)
            case Operator.ADD | Operator.SUB if node.kind is model.Kind.COUNT:
                op = Op.ADD if node.operator is Operator.ADD else Op.SUB
                return builder.two(
                    op, self.value(node.left), self.value(node.right), note
                )
            case Operator.ADD | Operator.SUB if node.kind is model.Kind.DATE:
                return self.shifted(node, note)
            case Operator.MUL if node.kind is model.Kind.MONEY:
                return self.product(node)
            case operator if operator in COMPARED:
                op, swapped = COMPARED[operator]
                left, right = self.value(node.left), self.value(node.right)
                pair = (right, left) if swapped else (left, right)
                return builder.compared(op, *pair, note)
            case _:
                return refuse("E489", node.span, what=label(node))

    def form(self, expression: model.Expression, sign: int = 1) -> Form:
        """The terms of a sum of money."""
        match expression:
            case model.Binary(operator=Operator.ADD | Operator.SUB) if not days.fixed(
                expression
            ):
                made = self.form(expression.left, sign)
                turn = sign if expression.operator is Operator.ADD else -sign
                for register, times in self.form(expression.right, turn).items():
                    made[register] = made.get(register, 0) + times
                return made
            case _:
                return {self.value(expression): sign}

    def shifted(self, node: model.Binary, note: Note) -> Register:
        """A day of the claim and so many days after or before it."""
        assert isinstance(node.right, model.Const)
        assert isinstance(node.right.value, Fraction)
        days_on = int(node.right.value)
        if node.operator is Operator.SUB:
            days_on = -days_on
        return self.builder.shifted(self.value(node.left), days_on, note)

    def product(self, node: model.Binary) -> Register:
        """Money times a rate or a count."""
        money, factor = node.left, node.right
        if money.kind is not model.Kind.MONEY:
            money, factor = factor, money
        return self.times(self.value(money), factor, note_of(node))

    def times(self, amount: Register, factor: model.Expression, note: Note) -> Register:
        """An amount times a rate or a count; a dated rate is a table of numerators."""
        if not days.fixed(factor):
            return self.builder.times(amount, self.value(factor), 0, note)
        found = self.pieces(factor)
        exact = [value for value, _ in found if isinstance(value, Fraction)]
        scale = scale_of(exact, factor.span, label(factor))
        numbers = [whole(value, scale) for value, _ in found]
        if min(numbers) < 0:
            refuse("E489", note.span, what=note.label)
        if len(set(numbers)) == 1:
            return self.builder.multiplied(amount, numbers[0], scale, note)
        count = self.over_days("count", 0, numbers, found, note_of(factor, "figure"))
        return self.builder.times(amount, count, scale, note)

    def equality(self, node: model.Binary, op: Op, note: Note) -> Register:
        """是: of codes and classes a set of one, of truth values the value itself."""
        left, right = node.left, node.right
        if isinstance(left, model.Const):
            left, right = right, left
        if isinstance(right, model.Const) and isinstance(right.value, str):
            found = self.in_set(left, frozenset({right.value}), note)
            return found if op is Op.EQ else self.builder.negated(found, note)
        a, b = self.value(left), self.value(right)
        known = self.builder.known(b) if b.kind == "flag" else None
        if known is not None:
            same = (known == 1) is (op is Op.EQ)
            return a if same else self.builder.negated(a, note)
        if a.kind not in ("money", "count", "day", "flag"):
            refuse("E489", node.span, what=label(node))
        return self.builder.compared(op, a, b, note)

    def negation(self, node: model.Not) -> Register:
        """非: a comparison turns into its opposite."""
        inner = node.operand
        match inner:
            case model.Binary(operator=operator) if operator in OPPOSITE:
                turned = model.Binary(
                    inner.kind, OPPOSITE[operator], inner.left, inner.right, node.span
                )
                return self.of_two(turned)
            case model.Binary(operator=Operator.IS):
                return self.equality(inner, Op.NE, note_of(node))
            case _:
                return self.builder.negated(self.value(inner), note_of(node))

    def in_set(
        self,
        operand: model.Expression | model.InSet,
        members: frozenset[str],
        note: Note | None = None,
    ) -> Register:
        """Whether a code or the standing is one of some."""
        note = note or note_of(operand)
        subject = operand.operand if isinstance(operand, model.InSet) else operand
        match subject:
            case model.StandingRef():
                positions = [
                    self.builder.pools.class_position(name) for name in members
                ]
            case model.InputRef() if subject.kind in (model.Kind.CODE, model.Kind.TEXT):
                codes = tuple(self.builder.pools.codes(subject.input))
                positions = [codes.index(code) for code in members]
            case _:
                refuse("E489", subject.span, what=label(subject))
        return self.builder.in_set(self.value(subject), positions, note)

    def in_list(self, test: model.InList) -> Register:
        """Whether a code is on a dated list on the judged day."""
        builder = self.builder
        codes = {c: i for i, c in enumerate(builder.pools.codes(test.operand.input))}
        listed = test.listed
        rows = (
            (
                codes[row.code],
                days.number_or_none(row.start),
                days.number_or_none(row.end),
            )
            for row in listed.rows
        )
        assert listed.source is not None
        source = builder.pools.source(listed.source)
        # Rows of one code stay in order of time.
        ordered = tuple(sorted(rows, key=lambda row: row[0]))
        note = Note("listed", test.listed.name, test.span, test.listed.cited)
        day = builder.day(Note("day", test.listed.name, test.span))
        made = body.CodeList(listed.name, source, ordered)
        return builder.listed(self.value(test.operand), day, made, note)


def whole(value: days.Value, scale: int) -> int:
    """A value as the number that a program holds."""
    match value:
        case bool():
            return int(value)
        case dt.date():
            return number(value)
        case Fraction():
            return int(value * 10**scale)
        case int():
            return value * 10**scale
        case str():
            raise TypeError("a text in a program")
