"""A policy's expressions made callable once; amounts worked out when asked for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.oracle.entitled import may_pay
from tests.oracle.expressions import Meaning, Moment, meaning
from tests.oracle.figures import Figures, FiguresOf
from tests.oracle.shape import Number, Paying
from tests.oracle.walk import known_until

if TYPE_CHECKING:
    from jiugao.policy import model
    from tests.oracle.accrual import Book


class Amounts(dict[tuple[str, str], Number]):
    """Amounts of expenses and payments at a moment, worked out when asked for, and what
    carving leaves of expenses; amounts of benefits are put in as they are paid."""

    def __init__(self, rules: Rules) -> None:
        super().__init__()
        self.rules = rules
        self.moment: Moment | None = None

    def __missing__(self, key: tuple[str, str]) -> Number:
        kind, name = key
        if kind in ("benefit", "part"):
            return 0
        if kind == "left":
            self[key] = self.rules.without_carved(name, self)
            return self[key]
        assert self.moment is not None
        value = self.rules.amount[key](self.moment)
        assert not isinstance(value, str | dt.date | None)
        self[key] = max(0, value) if kind == "expense" else value
        return self[key]


def paid_keys(benefit: model.Benefit, expense: str) -> list[tuple[str, str]]:
    """What a benefit pays out of an expense: the parts on it, or all of it."""
    if benefit.parts:
        parts = (part.name for part in benefit.parts if part.expense == expense)
        return [("part", f"{benefit.name}/{name}") for name in parts]
    return [("benefit", benefit.name)] if benefit.expense == expense else []


def money(value: object) -> Number:
    """An amount of an expression that is one."""
    assert not isinstance(value, str | dt.date | None)
    return value  # type: ignore[return-value]


def maybe(expression: model.Expression | None) -> Meaning | None:
    """What an expression means, where there is one."""
    return None if expression is None else meaning(expression)


@dataclass(frozen=True)
class Base:
    """A part of a base: an expense, what comes off it (last, what may be paid on one claim
    for another), and its bounds (至多, 超出)."""

    expense: str
    less: list[tuple[str, str]]
    moving: list[tuple[str, str]]
    cap: Meaning | None
    cap_by_year: bool
    floor: Meaning | None


class Rules:
    """The policy with its expressions made callable, once for all persons."""

    def __init__(self, policy: model.Policy) -> None:
        self.policy = policy
        self.benefits = policy.benefits
        self.code = {benefit.name: benefit.code for benefit in policy.benefits}
        self.figures = {
            b.code: FiguresOf(b, policy.shared_limits) for b in policy.benefits
        }
        self.applies = {b.code: maybe(b.applies) for b in policy.benefits}
        self.benefit_named = {b.name: b for b in policy.benefits}
        self.bases_of = {
            b.code: [self.base(part) for part in b.bases] for b in policy.benefits
        }
        self.signed = {b.code: b.signed for b in policy.benefits}
        self.payees = {
            b.code: [(one, maybe(one.condition)) for one in b.payees]
            for b in policy.benefits
        }
        self.due = {
            b.code: [(meaning(one.day), maybe(one.condition)) for one in b.due]
            for b in policy.benefits
        }
        self.amount = {("expense", e.name): meaning(e.amount) for e in policy.expenses}
        self.amount |= {("paid", p.name): meaning(p.amount) for p in policy.paid}
        self.carved = {
            whole.name: [
                ("expense", e.name) for e in policy.expenses if e.out_of == whole.name
            ]
            for whole in policy.expenses
        }
        self.paid_from = {
            whole.name: [
                *(("paid", p.name) for p in policy.paid if p.out_of == whole.name),
                *(key for b in policy.benefits for key in paid_keys(b, whole.name)),
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
        borne = any(b.by_institution for b in policy.benefits)
        self.institution = () if borne else ("hosp_part_amt",)
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

    def deducted(self, name: str, expense: str) -> list[tuple[str, str]]:
        """What a name after 扣除 takes off an expense."""
        benefit = self.benefit_named.get(name)
        if benefit is None:
            return [("paid", name)]
        parts = [p.name for p in benefit.parts if p.expense == expense]
        if parts:
            return [("part", f"{name}/{part}") for part in parts]
        return [("benefit", name)]

    def base(self, part: model.Part) -> Base:
        """A part of a base with what it names looked up."""
        own: list[tuple[str, str]] = []
        moving: list[tuple[str, str]] = []
        for name in part.less:
            taken = moving if name in part.moving else own
            taken += self.deducted(name, part.expense)
        return Base(
            part.expense, own, moving,
            maybe(part.cap), part.cap_by_year, maybe(part.floor),
        )  # fmt: skip

    def left(self, expense: str, amounts: Amounts) -> Number:
        """An expense's amount without what is carved out of it."""
        return amounts["left", expense]

    def without_carved(self, expense: str, amounts: Amounts) -> Number:
        """The same, worked out."""
        whole = amounts["expense", expense]
        return max(0, whole - sum(amounts[key] for key in self.carved[expense]))

    def rest(self, expense: str, amounts: Amounts) -> Number:
        """What an expense has left once all is paid that is paid from it."""
        spent = sum(amounts[key] for key in self.paid_from[expense])
        return max(0, self.left(expense, amounts) - spent)

    def bases(
        self, benefit: model.Benefit, moment: Moment, amounts: Amounts, book: Book
    ) -> list[Number]:
        """What is left of each part's expense after what the benefit deducts, bounded.

        What may be paid on one claim for another comes off last, even below 0.
        """
        found = []
        for n, part in enumerate(self.bases_of[benefit.code]):
            left = self.left(part.expense, amounts)
            for key in part.less:
                left -= amounts[key]
            left = max(0, left)
            for key in part.moving:
                left -= amounts[key]
            if part.floor is not None and left > 0:
                left = max(0, left - money(part.floor(moment)))
            if part.cap is not None and part.cap_by_year:
                left = book.bound((benefit.code, n), left, money(part.cap(moment)))
            elif part.cap is not None:
                left = min(left, money(part.cap(moment)))
            found.append(left if self.signed[benefit.code] else max(0, left))
        return found

    def excess(self, amounts: Amounts) -> Number:
        """By how much payments made elsewhere exceed the expenses they are paid from."""
        return sum(
            max(0, sum(amounts[key] for key in given) - self.left(expense, amounts))
            for expense, given in self.given.items()
            if given
        )

    def payee(self, benefit: model.Benefit, moment: Moment) -> model.Payee | None:
        """The first line of 收款方 whose condition holds."""
        for line, condition in self.payees[benefit.code]:
            if condition is None or condition(moment):
                return line
        return None

    def outlay(self, benefit: model.Benefit, moment: Moment) -> Number | None:
        """What the payment would make good; None where it makes good nothing."""
        if not benefit.payees:
            return None
        line = self.payee(benefit, moment)
        if line is None or line.reimburses is None or moment.columns is None:
            return None
        return moment.columns.get(line.reimburses.column) or 0  # type: ignore[return-value]

    def spills(self, benefit: model.Benefit, moment: Moment) -> bool:
        """Whether what is above the outlay is the person's (归垫 至多)."""
        line = self.payee(benefit, moment)
        return line is not None and line.at_most

    def tell(
        self, benefit: model.Benefit, moment: Moment, payment: int, paying: Paying
    ) -> Number:
        """Say to whom and by when a payment goes; what of the bill it covers."""
        outlay = self.outlay(benefit, moment)
        if payment == 0 or not (benefit.payees or benefit.due):
            return 0 if outlay is not None else payment
        line = self.payee(benefit, moment)
        spills = self.spills(benefit, moment)
        paying.payee = line.name if line and not (spills and outlay == 0) else None
        for last_day, condition in self.due[benefit.code]:
            if condition is None or condition(moment):
                day = last_day(moment)
                assert isinstance(day, dt.date)
                paying.due_by = day
                break
        if outlay is None:
            return payment
        above = max(0, payment - outlay)
        paying.replaced += payment - above
        if spills:
            return above
        paying.excess += above
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
