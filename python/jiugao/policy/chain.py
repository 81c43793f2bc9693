"""Typed benefits come in; the same, each after what it deducts, go out.

Cycles and expenses that are paid twice are findings.
"""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING

from jiugao.diagnostics import Diagnostics, Related
from jiugao.policy import model
from jiugao.policy.choices import in_one
from jiugao.policy.conditions import disjoint
from jiugao.policy.walk import benefit_expressions, benefits_in, equal, inputs_in
from jiugao.syntax.tree import Operator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jiugao.source import Span


def needs(benefit: model.Benefit, expenses: Sequence[model.Expense]) -> Iterator[str]:
    """The benefits whose payment on a claim must be known first."""
    yield from benefit.less
    for expression in benefit_expressions(benefit):
        yield from benefits_in(expression)
    own = {part.expense for part in benefit.bases}
    for expense in expenses:
        if expense.name in own:
            yield from benefits_in(expense.amount)


def in_chain_order(
    benefits: Sequence[model.Benefit],
    expenses: Sequence[model.Expense],
    choices: Sequence[model.Choice],
    found: Diagnostics,
) -> tuple[model.Benefit, ...]:
    """What is deducted first; ties in written order; alternatives side by side."""
    by_name = {b.name: b for b in benefits}
    waiting = dict(by_name)
    ordered: list[model.Benefit] = []
    groups = {name: c.benefits for c in choices for name in c.benefits}

    def group(benefit: model.Benefit) -> tuple[str, ...]:
        return groups.get(benefit.name, (benefit.name,))

    def is_ready(benefit: model.Benefit) -> bool:
        members = [by_name[name] for name in group(benefit)]
        return not any(n in waiting for b in members for n in needs(b, expenses))

    while waiting:
        ready = next((b for b in waiting.values() if is_ready(b)), None)
        if ready is None:
            report_cycle(waiting, expenses, found, groups)
            break
        ordered.extend(waiting.pop(name) for name in group(ready))
    return tuple(ordered)


def report_cycle(
    waiting: dict[str, model.Benefit],
    expenses: Sequence[model.Expense],
    found: Diagnostics,
    groups: Mapping[str, tuple[str, ...]],
) -> None:
    """E501 with the cycle's names, at its first benefit; alternatives wait together."""
    name = next(iter(waiting))
    path: list[str] = []
    while name not in path:
        path.append(name)
        together = (waiting[n] for n in groups.get(name, (name,)))
        wanted = (n for b in together for n in needs(b, expenses))
        name = next(n for n in wanted if n in waiting)
    cycle = [*path[path.index(name) :], name]
    related = (Related(waiting[n].span, "in_cycle") for n in cycle[1:-1])
    found.add("E501", waiting[name].span, *related, names=" → ".join(cycle))


def check_paid_twice(
    benefits: Sequence[model.Benefit],
    expenses: Sequence[model.Expense],
    choices: Sequence[model.Choice],
    found: Diagnostics,
) -> None:
    """Two benefits on the same money: one deducts the other, or no claim has both."""
    by_name = {e.name: e for e in expenses}
    for benefit in benefits:
        for first, second in combinations(benefit.parts, 2):
            report_twice((benefit, first), (benefit, second), by_name, found)
    for one, other in combinations(benefits, 2):
        if disjoint(one, other):
            continue
        if in_one(choices, one.name, other.name):
            continue
        for first, second in product(one.bases, other.bases):
            if one.name not in second.less and other.name not in first.less:
                report_twice((one, first), (other, second), by_name, found)


def report_twice(
    one: tuple[model.Benefit, model.Part],
    other: tuple[model.Benefit, model.Part],
    expenses: Mapping[str, model.Expense],
    found: Diagnostics,
) -> None:
    """E502, where both may be paid for one yuan."""
    first, second = one[1], other[1]
    if first.expense not in expenses or second.expense not in expenses:
        return  # they have had findings
    early, late = expenses[first.expense], expenses[second.expense]
    if not overlap(early, late, tuple(expenses.values())) or meet_at(first, second):
        return
    place = Related(place_of(*one), "first")
    names = {"first": words_of(*one), "second": words_of(*other)}
    both = tuple(dict.fromkeys((early.name, late.name)))
    found.add("E502", place_of(*other), place, expense=both, **names)


def place_of(benefit: model.Benefit, part: model.Part) -> Span:
    """Where a base is written: the benefit, or the part."""
    return part.span if part.name else benefit.span


def words_of(benefit: model.Benefit, part: model.Part) -> str:
    """A benefit, with the part of its base where it has several."""
    return " ".join(filter(None, (benefit.name, part.name)))


def meet_at(first: model.Part, second: model.Part) -> bool:
    """Whether one takes an expense up to an amount and the other what is above it."""
    if first.expense != second.expense or first.less != second.less:
        return False
    return any(
        low.cap is not None
        and not low.cap_by_year
        and high.floor is not None
        and equal(low.cap, high.floor)
        for low, high in ((first, second), (second, first))
    )


def overlap(
    one: model.Expense, other: model.Expense, expenses: Sequence[model.Expense]
) -> bool:
    """Whether two expenses may hold the same yuan.

    They count a column in common, and neither is carved out of the other.
    """
    if one.name == other.name:
        return True
    if one.name in wholes(other, expenses) or other.name in wholes(one, expenses):
        return False
    return bool(counted(one.amount, expenses) & counted(other.amount, expenses))


def wholes(expense: model.Expense, expenses: Sequence[model.Expense]) -> set[str]:
    """The expenses that an expense is carved out of, near and far."""
    by_name = {e.name: e for e in expenses}
    found: set[str] = set()
    name = expense.out_of
    while name is not None and name not in found:
        found.add(name)
        name = by_name[name].out_of if name in by_name else None
    return found


def counted(
    amount: model.Expression, expenses: Sequence[model.Expense]
) -> frozenset[str]:
    """The columns whose money an amount is made of; not those that only bound it."""
    match amount:
        case model.InputRef(input=column):
            return frozenset((column.column,))
        case model.AmountRef(of="expense", name=name):
            named = (e.amount for e in expenses if e.name == name)
            return frozenset().union(*(counted(a, expenses) for a in named))
        case model.Binary(operator=Operator.ADD):
            left = counted(amount.left, expenses)
            return left | counted(amount.right, expenses)
        case model.Binary(operator=Operator.SUB):
            return counted(amount.left, expenses)
        case model.Binary(operator=Operator.MUL):
            return counted(amount.right, expenses)
        case model.Conditional(value=value):
            return counted(value, expenses)
        case model.Smaller(left=left_side) | model.Excess(left=left_side):
            return counted(left_side, expenses)
        case _:
            return frozenset()


def check_columns(
    benefits: Sequence[model.Benefit], paid: Sequence[model.Paid], found: Diagnostics
) -> None:
    """E509: a column given as another system's payment and as a benefit's 实付."""
    given = {c.column: p for p in paid for c in inputs_in(p.amount)}
    for benefit in benefits:
        for column in benefit.actual:
            payment = given.get(column.column)
            if payment is not None:
                place = Related(payment.span, "paid")
                words = {"name": column.name, "benefit": benefit.name}
                found.add("E509", benefit.span, place, paid=payment.name, **words)
