"""A policy's expressions made callable once; amounts worked out when asked for."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from tests.oracle.entitled import may_pay
from tests.oracle.expressions import Moment, meaning
from tests.oracle.figures import Figures, FiguresOf
from tests.oracle.shape import Number, Paying
from tests.oracle.walk import known_until

if TYPE_CHECKING:
    from jiugao.policy import model


class Amounts(dict[tuple[str, str], Number]):
    """Amounts of expenses and payments at a moment, worked out when asked for; amounts
    of benefits are put in as they are paid."""

    def __init__(self, rules: Rules) -> None:
        super().__init__()
        self.rules = rules
        self.moment: Moment | None = None

    def __missing__(self, key: tuple[str, str]) -> Number:
        if key[0] == "benefit":
            return 0
        assert self.moment is not None
        value = self.rules.amount[key](self.moment)
        assert not isinstance(value, str | dt.date | None)
        self[key] = max(0, value) if key[0] == "expense" else value
        return self[key]


class Rules:
    """The policy with its expressions made callable, once for all persons."""

    def __init__(self, policy: model.Policy) -> None:
        self.policy = policy
        self.benefits = policy.benefits
        self.code = {benefit.name: benefit.code for benefit in policy.benefits}
        self.figures = {
            b.code: FiguresOf(b, policy.shared_limits) for b in policy.benefits
        }
        self.applies = {
            b.code: b.applies and meaning(b.applies) for b in policy.benefits
        }
        self.cap = {b.code: b.base_cap and meaning(b.base_cap) for b in policy.benefits}
        self.amount = {("expense", e.name): meaning(e.amount) for e in policy.expenses}
        self.amount |= {("paid", p.name): meaning(p.amount) for p in policy.paid}
        self.less = {
            b.code: [self._key(name) for name in b.less] for b in policy.benefits
        }
        self.carved = {
            whole.name: [
                ("expense", e.name) for e in policy.expenses if e.out_of == whole.name
            ]
            for whole in policy.expenses
        }
        self.paid_from = {
            whole.name: [
                *(("paid", p.name) for p in policy.paid if p.out_of == whole.name),
                *(
                    ("benefit", b.name)
                    for b in policy.benefits
                    if b.expense == whole.name
                ),
            ]
            for whole in policy.expenses
        }
        self.given = {
            whole.name: [
                ("paid", p.name) for p in policy.paid if p.out_of == whole.name
            ]
            for whole in policy.expenses
        }
        named = {column.column for b in policy.benefits for column in b.actual}
        self.funds = [i.column for i in policy.fund_columns if i.column not in named]
        self.choices = [
            (c.by, [b for b in policy.benefits if b.name in c.benefits])
            for c in policy.choices
        ]
        by_name = {b.name: b for b in policy.benefits}
        self.choice = {
            name: (c.by, [by_name[n] for n in c.benefits])
            for c in policy.choices
            for name in c.benefits
        }
        laid_out = (p.reimburses for b in policy.benefits for p in b.payees)
        self.outlays = [c.column for c in laid_out if c is not None]
        classes = policy.standing.classes if policy.standing else ()
        standings = (None, *(k.name for k in classes))
        self.can_be_paid = {
            b.code: {standing for standing in standings if may_pay(b, standing)}
            for b in policy.benefits
        }
        self.known_until = known_until(
            policy.benefits, policy.expenses, policy.paid, policy.shared_limits,
            tuple(t.value for i in policy.indicators for t in i.totals),
        )  # fmt: skip
        self.totals = [
            (total.name, meaning(total.value))
            for indicator in policy.indicators
            if indicator.table == "claims"
            for total in indicator.totals
        ]
        self.watch_known_until = known_until(policy.warnings)
        self.watched = [(w, meaning(w.amount)) for w in policy.warnings]
        self.classes = classes

    def _key(self, name: str) -> tuple[str, str]:
        return ("benefit", name) if name in self.code else ("paid", name)

    def left(self, expense: str, amounts: Amounts) -> Number:
        """An expense's amount without what is carved out of it."""
        whole = amounts["expense", expense]
        return max(0, whole - sum(amounts[key] for key in self.carved[expense]))

    def rest(self, expense: str, amounts: Amounts) -> Number:
        """What an expense has left once all is paid that is paid from it."""
        spent = sum(amounts[key] for key in self.paid_from[expense])
        return max(0, self.left(expense, amounts) - spent)

    def base(self, benefit: model.Benefit, moment: Moment, amounts: Amounts) -> Number:
        """What is left of the benefit's expense after the payments it deducts."""
        left = self.left(benefit.expense, amounts)
        for key in self.less[benefit.code]:
            left -= amounts[key]
        cap = self.cap[benefit.code]
        if cap is not None:
            limit = cap(moment)
            assert not isinstance(limit, str | dt.date | None)
            left = min(left, limit)
        return max(0, left)

    def excess(self, amounts: Amounts) -> Number:
        """By how much payments made elsewhere exceed the expenses they are paid from."""
        return sum(
            max(0, sum(amounts[key] for key in given) - self.left(expense, amounts))
            for expense, given in self.given.items()
            if given
        )

    def payee(self, benefit: model.Benefit, moment: Moment) -> model.Payee | None:
        """The first line of 收款方 whose condition holds."""
        for line in benefit.payees:
            if line.condition is None or meaning(line.condition)(moment):
                return line
        return None

    def outlay(self, benefit: model.Benefit, moment: Moment) -> Number | None:
        """What the payment would make good; None where it makes good nothing."""
        line = self.payee(benefit, moment)
        if line is None or line.reimburses is None or moment.columns is None:
            return None
        return moment.columns.get(line.reimburses.column) or 0  # type: ignore[return-value]

    def tell(
        self, benefit: model.Benefit, moment: Moment, payment: int, paying: Paying
    ) -> Number:
        """Say to whom and by when a payment goes; what of the bill it covers."""
        outlay = self.outlay(benefit, moment)
        if payment == 0 or not (benefit.payees or benefit.due):
            return 0 if outlay is not None else payment
        line = self.payee(benefit, moment)
        paying.payee = line.name if line else None
        for due in benefit.due:
            if due.condition is None or meaning(due.condition)(moment):
                day = meaning(due.day)(moment)
                assert isinstance(day, dt.date)
                paying.due_by = day
                break
        if outlay is None:
            return payment
        paying.excess += max(0, payment - outlay)
        paying.replaced += payment - max(0, payment - outlay)
        return 0

    def entitled(self, benefit: model.Benefit, moment: Moment) -> Figures | None:
        """The figures for a claim, or None where the benefit does not apply."""
        applies = self.applies[benefit.code]
        if applies is not None and not applies(moment):
            return None
        return self.figures[benefit.code].at(moment)

    def on_application(self, standing: str | None) -> bool:
        """Whether a standing is one that is given on application."""
        return any(k.name == standing and k.on_application for k in self.classes)
