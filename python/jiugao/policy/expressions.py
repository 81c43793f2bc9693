"""Written expressions come in; expressions of known kinds go out.

Readings (口径) are decided here: a comparison of a reading is a constant from then on.
What a name may stand for depends on the place: a claim, an enrolment row, a figure
(constants and parameters only), or a compile-time condition (readings only).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, assert_never

from jiugao.dataclass import dataclass
from jiugao.diagnostics import Diagnostics, Related
from jiugao.policy import model
from jiugao.policy.comparisons import ORDERED, compared, equal, member
from jiugao.policy.fold import folded, negated
from jiugao.policy.literals import UNITS, percent
from jiugao.policy.nearest import report_unknown
from jiugao.policy.scope import Place, Scope
from jiugao.source import Span
from jiugao.syntax import tree

if TYPE_CHECKING:
    pass

CALENDAR_DAYS = (dt.date.max - dt.date.min).days


@dataclass(frozen=True)
class Typing:
    """The pass over expressions of one place. Methods give None after a finding."""

    scope: Scope
    found: Diagnostics
    place: Place
    inside: tuple[str, ...] = ()  # the terms (条件) whose condition this is

    def typed(
        self, node: tree.Expression, wanted: model.Kind
    ) -> model.Expression | None:
        """The expression, which must be of the kind wanted."""
        read = self.inferred(node)
        if read is None or read.kind is wanted:
            return read
        self.report_kind(node, read, wanted)
        return None

    def report_kind(
        self, node: tree.Expression, read: model.Expression, wanted: model.Kind
    ) -> None:
        """Another kind than wanted: with the fix where a unit is missing."""
        match node, wanted:
            case tree.Literal(unit=tree.Unit.COUNT) as bare, model.Kind.RATE:
                self.report_bare_rate(bare)
            case tree.Literal(unit=tree.Unit.COUNT), model.Kind.MONEY:
                self.found.add("E305", node.span, value=node.span.text)
            case _:
                related = self.declared(read)
                words = {"wanted": f"@{wanted.value}", "found": f"@{read.kind.value}"}
                self.found.add("E301", node.span, *related, **words)

    def report_bare_rate(self, node: tree.Literal) -> None:
        """E302; E315 where the number is a part of one: 0.2 is meant as 20%."""
        text, value = node.span.text, node.value
        if isinstance(value, Fraction) and 0 < value < 1:
            self.found.add("E315", node.span, value=text, meant=percent(value))
        else:
            self.found.add("E302", node.span, value=text)

    def declared(self, read: model.Expression) -> tuple[Related, ...]:
        """Where the name behind an expression is declared."""
        match read:
            case model.ParameterRef(parameter=parameter):
                return (Related(parameter.span, "declared"),)
            case model.InputRef(input=model.Input(span=Span() as span)):
                return (Related(span, "declared"),)
            case model.AmountRef(name=name) if name in self.scope.places:
                return (Related(self.scope.places[name], "declared"),)
            case _:
                return ()

    def condition(self, node: tree.Expression) -> model.Expression | None:
        """A condition, folded."""
        read = self.typed(node, model.Kind.FLAG)
        return None if read is None else folded(read)

    def inferred(self, node: tree.Expression) -> model.Expression | None:
        """The expression with whatever kind it has."""
        match node:
            case tree.Name():
                return self.name(node)
            case tree.Literal():
                return self.literal(node)
            case tree.Date(value=day):
                return model.Const(model.Kind.DATE, day, node.span)
            case tree.Not():
                inner = self.typed(node.operand, model.Kind.FLAG)
                return None if inner is None else negated(inner, node.span)
            case tree.When():
                return self.when(node)
            case tree.AtMost():
                return self.bounded(model.Smaller, node, node.value, node.cap)
            case tree.InExcessOf():
                return self.bounded(model.Excess, node, node.value, node.floor)
            case tree.LastYear():
                return self.last_year(node)
            case tree.Binary():
                return self.binary(node)
            case tree.Total() | tree.YearOnYear():
                return self.total(node)
            case tree.Duration() | tree.Members() | tree.LevelRange():
                self.found.add("E605", node.span, what=node.span.text)
                return None
            case _:
                assert_never(node)

    def total(self, node: tree.Total | tree.YearOnYear) -> model.Expression | None:
        """A total over rows: in indicators only."""
        self.found.add("E605", node.span, what=node.span.text)
        return None

    def quotient(self, node: tree.Binary) -> model.Expression | None:
        """A ratio: in indicators only."""
        self.found.add("E605", node.span, what=node.span.text)
        return None

    # --- names ---------------------------------------------------------------------

    def name(self, node: tree.Name) -> model.Expression | None:
        """What a name stands for here."""
        scope, text, span = self.scope, node.text, node.span
        parameter = scope.parameters.get(text)
        if parameter is not None:
            if self.place is Place.READING and not parameter.options:
                self.misplaced(node, "@reading")
                return None
            return model.ParameterRef(parameter.kind, parameter, span)
        if self.place is Place.ENROLMENT and text in scope.enrolment:
            read = scope.enrolment[text]
            return model.InputRef(read.kind, read, span)
        if self.place is not Place.CLAIM:
            wanted = {
                Place.ENROLMENT: "@enrolment_input", Place.FIGURE: "@constant",
                Place.READING: "@reading",
            }[self.place]  # fmt: skip
            self.misplaced(node, wanted)
            return None
        if text in scope.terms:
            return self.term(text)
        if text == scope.standing_name:
            return model.StandingRef(model.Kind.STANDING, span)
        if text in scope.expenses:
            name = scope.expenses[text]
            return model.AmountRef(model.Kind.MONEY, "expense", name, span)
        if text in scope.payments:
            return self.payments(text, span)
        if text in scope.inputs:
            read = scope.inputs[text]
            if read == scope.year_by:
                return model.DayRef(model.Kind.DATE, span)
            return model.InputRef(read.kind, read, span)
        self.misplaced(node, "@input")
        return None

    def term(self, text: str) -> model.Expression | None:
        """A named condition, read where it is named: each place has its own reading."""
        node = self.scope.terms[text]
        if text in self.inside:
            names = " → ".join((*self.inside[self.inside.index(text) :], text))
            self.found.add("E641", node.name.span, names=names)
            return None
        inner = replace(self, inside=(*self.inside, text))
        return inner.typed(node.condition, model.Kind.FLAG)

    def misplaced(self, node: tree.Name, wanted: str) -> None:
        """A name that cannot stand here, or that nothing declares."""
        if node.text in self.scope.unread:
            return
        what = self.scope.what(node.text)
        if what is None:
            candidates = {
                Place.CLAIM: self.scope.names(),
                Place.ENROLMENT: [*self.scope.enrolment, *self.scope.parameters],
                Place.FIGURE: list(self.scope.parameters),
                Place.READING: list(self.scope.readings),
            }[self.place]
            report_unknown(self.found, node.span, node.text, candidates)
        else:
            words = {"name": node.text, "what": what, "wanted": wanted}
            self.found.add("E306", node.span, **words)

    def payments(self, text: str, span: Span) -> model.Expression:
        """A payment's amount; several benefits may compute what was given."""
        refs: list[model.Expression] = [
            model.AmountRef(model.Kind.MONEY, p.of, p.name, span)
            for p in self.scope.payments[text]
        ]
        if not refs:  # a benefit that the chosen readings leave out
            return model.Const(model.Kind.MONEY, Fraction(0), span)
        whole = refs[0]
        for ref in refs[1:]:
            add = tree.Operator.ADD
            whole = model.Binary(model.Kind.MONEY, add, whole, ref, span)
        return whole

    def literal(self, node: tree.Literal) -> model.Expression | None:
        """A constant; money becomes fen."""
        kind, value = UNITS[node.unit], node.value
        if kind is model.Kind.MONEY:
            assert isinstance(value, Fraction)
            value *= 100
            if value.denominator != 1:
                self.found.add("E309", node.span)
                return None
        return model.Const(kind, value, node.span)

    def last_year(self, node: tree.LastYear) -> model.Expression | None:
        """上年 NAME: the figure in force on the last day of the year before."""
        parameter = self.scope.parameters.get(node.name.text)
        if parameter is None:
            self.misplaced(node.name, "@parameter")
            return None
        if parameter.options:
            words = {"name": node.name.text, "what": "@reading"}
            self.found.add("E306", node.name.span, wanted="@parameter", **words)
            return None
        kind = parameter.kind
        years = self.scope.years
        return model.ParameterRef(
            kind, parameter, node.span, last_year=True, years=years
        )

    # --- amounts -------------------------------------------------------------------

    def when(self, node: tree.When) -> model.Expression | None:
        """An amount where a condition holds, else nothing."""
        value = self.inferred(node.value)
        condition = self.typed(node.condition, model.Kind.FLAG)
        if value is None or condition is None:
            return None
        if value.kind not in ORDERED:
            self.report_kind(node.value, value, model.Kind.MONEY)
            return None
        return folded(model.Conditional(value.kind, value, condition, node.span))

    def bounded(
        self,
        made: type[model.Smaller | model.Excess],
        node: tree.Expression,
        value: tree.Expression,
        bound: tree.Expression,
    ) -> model.Expression | None:
        """至多, 超出: two amounts of one kind."""
        left = self.inferred(value)
        if left is None:
            return None
        if left.kind not in ORDERED:
            self.report_kind(value, left, model.Kind.MONEY)
            return None
        right = self.typed(bound, left.kind)
        return None if right is None else made(left.kind, left, right, node.span)

    def binary(self, node: tree.Binary) -> model.Expression | None:
        """One operator; the kinds of both sides decide what it means."""
        match node.operator:
            case tree.Operator.AND | tree.Operator.OR:
                left = self.typed(node.left, model.Kind.FLAG)
                right = self.typed(node.right, model.Kind.FLAG)
                if left is None or right is None:
                    return None
                kind = model.Kind.FLAG
                return folded(model.Binary(kind, node.operator, left, right, node.span))
            case tree.Operator.ADD | tree.Operator.SUB:
                return self.sum(node)
            case tree.Operator.MUL:
                return self.product(node)
            case tree.Operator.DIV:
                return self.quotient(node)
            case tree.Operator.IS:
                return equal(self, node)
            case tree.Operator.IN:
                return member(self, node)
            case (
                tree.Operator.OVER | tree.Operator.NOT_OVER | tree.Operator.AT_LEAST
                | tree.Operator.BELOW
            ):  # fmt: skip
                return compared(self, node, ORDERED)
            case tree.Operator.BEFORE | tree.Operator.AFTER:
                return compared(self, node, (model.Kind.DATE,))
            case _:
                assert_never(node.operator)

    def sum(self, node: tree.Binary) -> model.Expression | None:
        """Like added to or taken from like; days to or from a date."""
        left = self.inferred(node.left)
        if isinstance(node.right, tree.Duration):
            return None if left is None else self.shifted(node, left, node.right)
        right = self.inferred(node.right)
        if left is None or right is None:
            return None
        if left.kind is not right.kind or left.kind not in ORDERED:
            self.report_operator(node, left, right)
            return None
        return folded(model.Binary(left.kind, node.operator, left, right, node.span))

    def shifted(
        self, node: tree.Binary, left: model.Expression, length: tree.Duration
    ) -> model.Expression | None:
        """一站式上线日 + 30日: so many days later or earlier."""
        if left.kind is not model.Kind.DATE:
            self.report_kind(node.left, left, model.Kind.DATE)
            return None
        if length.unit != "day":
            self.found.add("E310", length.span, text=length.span.text)
            return None
        if length.count > CALENDAR_DAYS:
            self.found.add("E314", node.span, text=node.span.text)
            return None
        days = model.Const(model.Kind.COUNT, Fraction(length.count), length.span)
        kind = model.Kind.DATE
        return model.Binary(kind, node.operator, left, days, node.span)

    def product(self, node: tree.Binary) -> model.Expression | None:
        """A rate or a count of money, a rate of a rate; the multiplier on the left."""
        left = self.inferred(node.left)
        right = self.inferred(node.right)
        if left is None or right is None:
            return None
        kinds = model.Kind
        match left.kind, right.kind:
            case kinds.MONEY, (kinds.RATE | kinds.COUNT):
                left, right, kind = right, left, kinds.MONEY
            case ((kinds.RATE | kinds.COUNT), kinds.MONEY):
                kind = kinds.MONEY
            case kinds.RATE, kinds.RATE:
                kind = kinds.RATE
            case kinds.MONEY, kinds.MONEY:
                places = (*self.labelled(left), *self.labelled(right))
                self.found.add("E303", node.span, *places)
                return None
            case _:
                self.report_operator(node, left, right)
                return None
        return model.Binary(kind, node.operator, left, right, node.span)

    def labelled(self, read: model.Expression) -> tuple[Related, ...]:
        """A side of an operator, marked as the money it is."""
        return (Related(read.span, "money"),)

    def report_operator(
        self, node: tree.Binary, left: model.Expression, right: model.Expression
    ) -> None:
        """Two kinds that an operator cannot join."""
        words = {"left": f"@{left.kind.value}", "right": f"@{right.kind.value}"}
        operator = f"@operator_{node.operator.name.lower()}"
        self.found.add("E304", node.span, operator=operator, **words)
