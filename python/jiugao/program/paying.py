"""Payees and deadlines of benefits come in; the registers that tell them go out.

A payment that makes good an outlay (归垫) covers nothing more of the bill: it takes the
place of the outlay up to its amount, and what is above goes to the payee; with 至多 it
is the person's, and covers what is left of the bill.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.policy import model
from jiugao.program import body
from jiugao.program.body import NO_DAY
from jiugao.program.builder import Builder, Note, Register
from jiugao.program.isa import Op
from jiugao.program.sums import form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiugao.program.expressions import Expressions


@dataclass
class Paying:
    """Who is paid, by when, and what that does to the bill, benefit by benefit."""

    policy: model.Policy
    builder: Builder
    expressions: Expressions
    _paid: list[tuple[model.Benefit, Register]] = field(default_factory=list)

    @property
    def names(self) -> tuple[str, ...]:
        """Every payee that a benefit may name."""
        named = (p.name for b in self.policy.benefits for p in b.payees)
        return tuple(dict.fromkeys(named))

    def outlay(self, benefit: model.Benefit) -> Register | None:
        """What the payment would make good; None: it never does."""
        made: Register | None = None
        for payee in reversed(benefit.payees):
            note = Note("outlay", benefit.name, payee.span)
            amount = self.builder.constant("money", 0, note)
            if payee.reimburses is not None:
                amount = self.builder.input(payee.reimburses, note)
            elif made is None:
                continue
            made = self.where(payee, amount, made, note)
        return made

    def where(
        self,
        told: model.Payee | model.DueBy,
        value: Register,
        rest: Register | None,
        note: Note,
    ) -> Register:
        """The value where the line's condition holds, else the rest (nothing)."""
        if told.condition is None:
            return value
        if rest is None:
            kind = "flag" if value.kind == "flag" else value.kind
            rest = self.builder.constant(kind, 0, note, value.scale)
        flag = self.expressions.value(told.condition)
        return self.builder.chosen(flag, value, rest, note)

    def reimbursing(self, benefit: model.Benefit) -> Register | None:
        """Whether the payment makes good an outlay; None: it never does."""
        return self.whether(
            benefit, [payee.reimburses is not None for payee in benefit.payees]
        )

    def spilling(self, benefit: model.Benefit) -> Register | None:
        """Whether what is above the outlay is the person's; None: it never is."""
        return self.whether(benefit, [payee.at_most for payee in benefit.payees])

    def whether(self, benefit: model.Benefit, lines: Sequence[bool]) -> Register | None:
        """What is said of the line of 收款方 that holds; None: of none."""
        if not any(lines):
            return None
        made: Register | None = None
        for payee, says in reversed(tuple(zip(benefit.payees, lines, strict=True))):
            note = Note("reimbursing", benefit.name, payee.span)
            flag = self.builder.constant("flag", int(says), note)
            made = self.where(payee, flag, made, note)
        return made

    def covers(self, benefit: model.Benefit, paid: Register) -> Register:
        """What the payment takes off the bill."""
        self._paid.append((benefit, paid))
        flag = self.reimbursing(benefit)
        if flag is None:
            return paid
        note = Note("covers", benefit.name, benefit.span)
        covered = self.builder.constant("money", 0, note)
        spills = self.spilling(benefit)
        if spills is not None:
            above = self.above(benefit, paid, note)
            covered = self.builder.chosen(spills, above, covered, note)
        return self.builder.chosen(flag, covered, paid, note)

    def above(self, benefit: model.Benefit, paid: Register, note: Note) -> Register:
        """What of a payment is above the outlay."""
        outlay = self.outlay(benefit)
        assert outlay is not None
        over = self.expressions.sums.of(form([paid], [outlay]), note)
        return self.builder.above_zero(over, note)

    def told(self) -> tuple[Register, ...]:
        """Payee, deadline, excess and outlay replaced; nothing where none is told."""
        telling = [(b, paid) for b, paid in self._paid if b.payees or b.due]
        if not telling:
            return ()
        builder = self.builder
        payee: Register = builder.constant("row", 0, Note("payee", ""))
        due: Register = builder.constant("day", NO_DAY, Note("due", ""))
        over: list[Register] = []
        replaced: list[Register] = []
        for benefit, paid in reversed(telling):
            note = Note("payee", benefit.name, benefit.span, benefit.cited)
            zero = builder.constant("money", 0, note)
            flag = builder.compared(Op.NE, paid, zero, note)
            payee = builder.chosen(flag, self.payee(benefit), payee, note)
            note = Note("due", benefit.name, benefit.span, benefit.cited)
            due = builder.chosen(flag, self.due(benefit), due, note)
            for beyond, within in self.over(benefit, paid):
                over.append(beyond)
                replaced.append(within)
        sums = self.expressions.sums
        note = Note("payee_excess", "")
        excess = builder.rounded(sums.of(form(over), note), 0, 1, note)
        note = Note("outlay_replaced", "")
        return (
            payee,
            due,
            excess,
            builder.rounded(sums.of(form(replaced), note), 0, 1, note),
        )

    def outputs(self, told: Sequence[int]) -> body.Paying | None:
        """The registers of `told`, with the benefits that tell."""
        if not told:
            return None
        telling = (n for n, b in enumerate(self.policy.benefits) if b.payees or b.due)
        return body.Paying(tuple(telling), *told)

    def payee(self, benefit: model.Benefit) -> Register:
        """The number of the payee; 0: the person."""
        note = Note("payee", benefit.name, benefit.span, benefit.cited)
        made = self.builder.constant("row", 0, note)
        for one in reversed(benefit.payees):
            told = Note("payee", one.name, one.span, benefit.cited)
            number = self.names.index(one.name) + 1
            payee = self.builder.constant("row", number, told)
            if one.at_most and one.reimburses is not None:  # nothing laid out: theirs
                laid_out = self.builder.input(one.reimburses, told)
                nothing = self.builder.constant("money", 0, told)
                flag = self.builder.compared(Op.NE, laid_out, nothing, told)
                person = self.builder.constant("row", 0, told)
                payee = self.builder.chosen(flag, payee, person, told)
            made = self.where(one, payee, made, told)
        return made

    def due(self, benefit: model.Benefit) -> Register:
        """The last day; `NO_DAY` where there is none."""
        note = Note("due", benefit.name, benefit.span, benefit.cited)
        made = self.builder.constant("day", NO_DAY, note)
        for one in reversed(benefit.due):
            told = Note("due", benefit.name, one.span, benefit.cited)
            made = self.where(one, self.expressions.value(one.day), made, told)
        return made

    def over(
        self, benefit: model.Benefit, paid: Register
    ) -> tuple[tuple[Register, Register], ...]:
        """What a payment that makes good an outlay pays beyond it, and within it."""
        flag = self.reimbursing(benefit)
        if flag is None:
            return ()
        note = Note("payee_excess", benefit.name, benefit.span, benefit.cited)
        nothing = self.builder.constant("money", 0, note)
        above = self.builder.chosen(
            flag, self.above(benefit, paid, note), nothing, note
        )
        whole = self.builder.chosen(flag, paid, nothing, note)
        replaced = self.expressions.sums.of(form([whole], [above]), note)
        spills = self.spilling(benefit)
        if spills is None:
            return ((above, replaced),)
        return ((self.builder.chosen(spills, nothing, above, note), replaced),)
