"""A checked policy comes in; the section that settles one claim goes out.

Expenses and payments made elsewhere, each benefit's base, row and what the bill still
has uncovered, then the burden, the excess, and what the year adds up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jiugao.policy import model
from jiugao.program.builder import Builder, Note, Register
from jiugao.program.expressions import Expressions
from jiugao.program.figures import Figures
from jiugao.program.isa import Op
from jiugao.program.paying import Paying
from jiugao.program.sums import Form, form

if TYPE_CHECKING:
    from jiugao.program.pools import Pools

TOTAL_CHARGE = "medfee_sumamt"
INSTITUTION_PART = "hosp_part_amt"
MODES = ("half_up", "half_even", "truncate")


@dataclass
class ClaimSection:
    """The claim section under construction, and what other sections need of it."""

    policy: model.Policy
    pools: Pools
    figures: list[Figures] = field(default_factory=list)
    base_scales: list[int] = field(default_factory=list)
    paid: list[Register | None] = field(default_factory=list)
    covers: list[Register | None] = field(default_factory=list)  # of the bill
    tallied: dict[str, int] = field(default_factory=dict)  # warning -> tally
    left_tallied: dict[str, int] = field(default_factory=dict)  # expense -> tally
    uncovered_tally: int | None = None

    def __post_init__(self) -> None:
        self.builder = Builder("claim", self.pools)
        self.expressions = Expressions(self.builder, self.amount)
        self.sums = self.expressions.sums
        self._amounts: dict[tuple[str, str], Register] = {}
        self._given = {paid.name: paid for paid in self.policy.paid}
        self._expenses = {expense.name: expense for expense in self.policy.expenses}
        named = {i.column for b in self.policy.benefits for i in b.actual}
        others = [i.column for i in self.policy.fund_columns]
        others += [INSTITUTION_PART] if self.pools.column(INSTITUTION_PART) else []
        outlays = (p.reimburses for b in self.policy.benefits for p in b.payees)
        laid_out = {i.column: i for i in outlays if i is not None}
        others += laid_out
        self.others = [c for c in dict.fromkeys(others) if c not in named]
        funds = {i.column: i for i in self.policy.fund_columns} | laid_out
        self.funds = [i for column, i in funds.items() if column in self.others]
        self.paying = Paying(self.policy, self.builder, self.expressions)

    # --- amounts ---

    def amount(self, ref: model.AmountRef) -> Register:
        """An expense before payments, a payment made elsewhere, or a benefit's."""
        return self.named_amount(ref.of, ref.name)

    def named_amount(self, of: str, name: str) -> Register:
        """The same by name; each is worked out once."""
        if (of, name) not in self._amounts:
            self._amounts[of, name] = self._worked_out(of, name)
        return self._amounts[of, name]

    def _worked_out(self, of: str, name: str) -> Register:
        if of == "benefit":  # one that pays nothing on a claim: settled at year end
            return self.builder.constant("money", 0, Note("pay", name))
        item = self._expenses[name] if of == "expense" else self._given[name]
        note = Note(of, name, item.span, item.cited)
        made = self.sums.of(self.expressions.form(item.amount), note)
        if of == "expense":
            made = self.builder.above_zero(made, note)
        return self.builder.named(made, note)

    def left(self, name: str) -> Register:
        """An expense without what is carved out of it."""
        whole = self.named_amount("expense", name)
        inside = [e.name for e in self.policy.expenses if e.out_of == name]
        if not inside:
            return whole
        carved = [self.named_amount("expense", inner) for inner in inside]
        item = self._expenses[name]
        note = Note("left", name, item.span, item.cited)
        return self.builder.above_zero(self.sums.of(form([whole], carved), note), note)

    def column(self, column: str) -> Register:
        """A claims column."""
        found = self.pools.column(column)
        if found is None:
            raise LookupError(f"a checked policy without the input {column}")
        return self.builder.input(
            found, Note("input", found.name, found.span, found.cited)
        )

    def open_form(self) -> Form:
        """Total charge less what others paid and what benefits have paid so far."""
        others = [self.column(column) for column in self.others]
        paid = [register for register in self.covers if register is not None]
        return form([self.column(TOTAL_CHARGE)], [*others, *paid])

    # --- benefits ---

    def settle(self, position: int, benefit: model.Benefit) -> None:
        """One benefit: base, row, uncovered, payment."""
        figures = Figures(benefit, self.pools)
        row = figures.row_of_claim(self.expressions)
        if benefit.settle is not model.SettleMode.PER_CLAIM:
            figures.find_rows_of_year()
        self.figures.append(figures)
        base = self.base(benefit)
        scale = figures.base_scale(base.scale)
        self.base_scales.append(scale)
        note = Note("base", benefit.name, benefit.span, benefit.cited)
        base = self.builder.rescaled(base, scale, note)
        note = Note("pay", benefit.name, benefit.span, benefit.cited)
        if benefit.settle is model.SettleMode.YEAR_END:
            self.builder.act(Op.DEFER, (base.number, row.number, position), note)
            self.paid.append(None)
            self.covers.append(None)
            return
        operands = (base.number, row.number, self.uncovered(benefit).number, position)
        choice = next(
            (c for c in self.policy.choices if benefit.name in c.benefits), None
        )
        if choice is None:
            paid = self.builder.emit(Op.SETTLE, operands, note, "money")
            self.is_paid(benefit, paid)
            return
        offered = Note("offer", benefit.name, benefit.span, benefit.cited)
        self.builder.act(Op.OFFER, operands, offered)
        if benefit.name == choice.benefits[-1]:
            self.take(choice, position)

    def uncovered(self, benefit: model.Benefit) -> Register:
        """What the bill has left for a benefit."""
        label = Note("uncovered", benefit.name, benefit.span)
        left = self.open_form()
        outlay = self.paying.outlay(benefit)
        if outlay is not None:  # what it makes good is not paid twice
            left = {**left, outlay: left.get(outlay, 0) + 1}
        return self.builder.named(self.sums.of(left, label), label)

    def take(self, choice: model.Choice, last: int) -> None:
        """What each alternative of a choice is paid, once all have been offered."""
        first = last + 1 - len(choice.benefits)
        for position, benefit in enumerate(self.policy.benefits[first : last + 1]):
            note = Note("pay", benefit.name, benefit.span, benefit.cited)
            paid = self.builder.emit(Op.TAKE, (first + position,), note, "money")
            self.is_paid(benefit, paid)

    def is_paid(self, benefit: model.Benefit, paid: Register) -> None:
        """Take note of a payment, and of what it takes off the bill."""
        self.paid.append(paid)
        self.covers.append(self.paying.covers(benefit, paid))
        self._amounts["benefit", benefit.name] = paid

    def base(self, benefit: model.Benefit) -> Register:
        """What is left of the expense after the payments the benefit deducts."""
        note = Note("base", benefit.name, benefit.span, benefit.cited)
        less = [
            self.named_amount("paid" if name in self._given else "benefit", name)
            for name in benefit.less
        ]
        made = self.sums.of(form([self.left(benefit.expense)], less), note)
        made = self.builder.named(made, note)
        if benefit.base_cap is not None:
            made = self.builder.two(
                Op.MIN, made, self.expressions.value(benefit.base_cap), note
            )
        return made

    # --- the rest of a claim ---

    def burden(self) -> Register:
        """What stays with the person."""
        return self.sums.of(self.open_form(), Note("burden", ""))

    def excess(self) -> Register:
        """By how much payments made elsewhere exceed the expenses they are paid from."""
        over: list[Register] = []
        for expense in self.policy.expenses:
            given = [p.name for p in self.policy.paid if p.out_of == expense.name]
            if given:
                note = Note("excess", expense.name, expense.span)
                paid = [self.named_amount("paid", name) for name in given]
                whole = self.sums.of(form(paid, [self.left(expense.name)]), note)
                over.append(self.builder.above_zero(whole, note))
        note = Note("excess", "")
        return self.builder.rounded(self.sums.of(form(over), note), 0, 1, note)

    def payable(self, name: str, burden: Register) -> Register:
        """What both the bill and an expense have left after every payment."""
        given = [p.name for p in self.policy.paid if p.out_of == name]
        paid = [
            register
            for benefit, register in zip(self.policy.benefits, self.paid, strict=True)
            if benefit.expense == name and register is not None
        ]
        item = self._expenses[name]
        note = Note("left", name, item.span, item.cited)
        taken = [*(self.named_amount("paid", each) for each in given), *paid]
        left = self.sums.of(form([self.left(name)], taken), note)
        return self.builder.above_zero(
            self.builder.two(Op.MIN, left, burden, note), note
        )

    def tally(self, register: Register, note: Note) -> int:
        """Add to a total of the person's year; the total's position."""
        self.pools.tallies.append(register.scale)
        position = len(self.pools.tallies) - 1
        self.builder.act(Op.TALLY, (register.number, position), note)
        return position

    def tally_year(self, burden: Register) -> None:
        """What closing the year and the indicators need."""
        for benefit in self.policy.benefits:
            if benefit.settle is model.SettleMode.PER_CLAIM:
                continue
            if benefit.expense not in self.left_tallied:
                left = self.payable(benefit.expense, burden)
                note = Note("left", benefit.expense)
                self.left_tallied[benefit.expense] = self.tally(left, note)
        if len(self.left_tallied) == 1:  # the bill bounds nothing that it does not
            self.uncovered_tally = next(iter(self.left_tallied.values()))
        elif self.left_tallied:
            note = Note("uncovered", "")
            self.uncovered_tally = self.tally(
                self.builder.above_zero(burden, note), note
            )
        for warning in self.policy.warnings:
            note = Note("watched", warning.name, warning.span, warning.cited)
            amount = self.sums.of(self.expressions.form(warning.amount), note)
            amount = self.builder.named(amount, note)
            self.tallied[warning.name] = self.tally(amount, note)
