"""A checked policy comes in; the section that settles one claim goes out.

Expenses and payments made elsewhere, each benefit's base, row and what the bill still
has uncovered, then the burden, the excess, and what the year adds up.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.policy import model
from jiugao.program.builder import Builder, Note, Register
from jiugao.program.expressions import Expressions
from jiugao.program.figures import Figures
from jiugao.program.isa import Op
from jiugao.program.paying import Paying
from jiugao.program.sums import Form, form

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    yearly_caps: int = 0

    def __post_init__(self) -> None:
        self.builder = Builder("claim", self.pools)
        self.expressions = Expressions(self.builder, self.amount)
        self.sums = self.expressions.sums
        self._amounts: dict[tuple[str, str], Register] = {}
        self._given = {paid.name: paid for paid in self.policy.paid}
        self._expenses = {expense.name: expense for expense in self.policy.expenses}
        named = {i.column for b in self.policy.benefits for i in b.actual}
        others = [i.column for i in self.policy.fund_columns]
        # Where a benefit works out what the institution bears, that takes its place.
        borne = any(b.by_institution for b in self.policy.benefits)
        if self.pools.column(INSTITUTION_PART) and not borne:
            others.append(INSTITUTION_PART)
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
        bases = [self.base(position, benefit, part, row) for part in benefit.bases]
        scale = figures.base_scale(max(base.scale for base in bases))
        self.base_scales.append(scale)
        note = Note("base", benefit.name, benefit.span, benefit.cited)
        bases = [self.builder.rescaled(base, scale, note) for base in bases]
        note = Note("pay", benefit.name, benefit.span, benefit.cited)
        if benefit.settle is model.SettleMode.YEAR_END:
            self.builder.act(Op.DEFER, (bases[0].number, row.number, position), note)
            self.paid.append(None)
            self.covers.append(None)
            return
        open_ = self.uncovered(benefit)
        if benefit.parts:
            self.is_paid(benefit, self.settled_parts(position, bases, row, open_))
            return
        operands = (bases[0].number, row.number, open_.number, position)
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

    def settled_parts(
        self, position: int, bases: Sequence[Register], row: Register, open_: Register
    ) -> Register:
        """What a benefit in parts pays, once it has every part's base."""
        benefit = self.policy.benefits[position]
        for number, (part, base) in enumerate(zip(benefit.parts, bases, strict=True)):
            words = Note("part", part.name, part.span, benefit.cited)
            self.builder.act(Op.PART, (base.number, position, number), words)
        note = Note("pay", benefit.name, benefit.span, benefit.cited)
        operands = (row.number, open_.number, position)
        return self.builder.emit(Op.SETTLE_PARTS, operands, note, "money")

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

    def base(
        self, position: int, benefit: model.Benefit, part: model.Part, row: Register
    ) -> Register:
        """What is left of the expense after what is deducted, within its bounds.

        What may move between claims comes off last: it may take more than there is.
        """
        label = part.name or benefit.name
        note = Note("base", label, part.span, benefit.cited)
        steady = [name for name in part.less if name not in part.moving]
        less = [one for name in steady for one in self.deducted(name, part.expense)]
        made = self.sums.of(form([self.left(part.expense)], less), note)
        made = self.builder.named(made, note)
        if benefit.signed or part.cap_by_year or part.floor is not None:
            made = self.builder.above_zero(made, note)
        if part.moving:
            moved = [
                one for name in part.moving for one in self.deducted(name, part.expense)
            ]
            made = self.sums.of(form([made], moved), note)
        if part.floor is not None:
            made = self.above(made, self.expressions.value(part.floor), part, note)
        if part.cap is not None:
            cap = self.expressions.value(part.cap)
            if not part.cap_by_year:
                return self.builder.two(Op.MIN, made, cap, note)
            left, cap = self.builder.aligned(made, cap, note)
            self.yearly_caps += 1
            slot = self.yearly_caps - 1
            operands = (left.number, cap.number, row.number, position, slot)
            made = self.builder.emit(
                Op.CAP_BY_YEAR, operands, note, "money", left.scale
            )
        return made

    def above(
        self, left: Register, floor: Register, part: model.Part, note: Note
    ) -> Register:
        """What is above an amount; what is taken back stays as it is."""
        over = self.builder.above_zero(
            self.builder.two(Op.SUB, left, floor, note), note
        )
        if not part.moving:
            return over
        nothing = self.builder.constant("money", 0, note, left.scale)
        return self.builder.two(
            Op.ADD, over, self.builder.two(Op.MIN, left, nothing, note), note
        )

    def deducted(self, name: str, expense: str) -> list[Register]:
        """What a payment took from an expense: of a benefit in parts, those parts."""
        if name in self._given:
            return [self.named_amount("paid", name)]
        for position, benefit in enumerate(self.policy.benefits):
            parts = benefit.paid_from(expense) if benefit.name == name else ()
            if parts:
                return [self.part_paid(position, benefit, n) for n in parts]
        return [self.named_amount("benefit", name)]

    def part_paid(self, position: int, benefit: model.Benefit, part: int) -> Register:
        """What one part is paid on the claim."""
        named = benefit.parts[part]
        note = Note("part_paid", named.name, named.span, benefit.cited)
        return self.builder.emit(Op.PART_PAID, (position, part), note, "money")

    def paid_out_of(self, expense: str) -> list[Register]:
        """What benefits paid from an expense, claim by claim."""
        found: list[Register] = []
        both = zip(self.policy.benefits, self.paid, strict=True)
        for position, (benefit, paid) in enumerate(both):
            parts = benefit.paid_from(expense)
            found += [self.part_paid(position, benefit, n) for n in parts]
            whole = not benefit.parts and benefit.expense == expense
            found += [paid] if whole and paid is not None else []
        return found

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
        item = self._expenses[name]
        note = Note("left", name, item.span, item.cited)
        taken = [self.named_amount("paid", each) for each in given]
        taken += self.paid_out_of(name)
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
