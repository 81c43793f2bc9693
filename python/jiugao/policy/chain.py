"""Typed benefits come in; the same, each after what it deducts, go out.

Cycles and expenses that are paid twice are findings.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from jiugao.diagnostics import Diagnostics, Related
from jiugao.policy.conditions import disjoint
from jiugao.policy.walk import amounts_in, benefit_expressions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jiugao.policy import model


def needs(benefit: model.Benefit, expenses: Sequence[model.Expense]) -> Iterator[str]:
    """The benefits whose payment on a claim must be known first."""
    yield from benefit.less
    for expression in benefit_expressions(benefit):
        yield from (a.name for a in amounts_in(expression) if a.of == "benefit")
    for expense in expenses:
        if expense.name == benefit.expense:
            named = amounts_in(expense.amount)
            yield from (a.name for a in named if a.of == "benefit")


def in_chain_order(
    benefits: Sequence[model.Benefit],
    expenses: Sequence[model.Expense],
    found: Diagnostics,
) -> tuple[model.Benefit, ...]:
    """What is deducted first; ties in written order."""
    by_name = {b.name: b for b in benefits}
    waiting = dict(by_name)
    ordered: list[model.Benefit] = []
    while waiting:
        ready = next(
            (
                b for b in waiting.values()
                if not any(n in waiting for n in needs(b, expenses))
            ),
            None,
        )  # fmt: skip
        if ready is None:
            report_cycle(waiting, expenses, found)
            break
        ordered.append(waiting.pop(ready.name))
    return tuple(ordered)


def report_cycle(
    waiting: dict[str, model.Benefit],
    expenses: Sequence[model.Expense],
    found: Diagnostics,
) -> None:
    """E501 with the cycle's names, at its first benefit."""
    name = next(iter(waiting))
    path: list[str] = []
    while name not in path:
        path.append(name)
        name = next(n for n in needs(waiting[name], expenses) if n in waiting)
    cycle = [*path[path.index(name) :], name]
    related = (Related(waiting[n].span, "in_cycle") for n in cycle[1:-1])
    found.add("E501", waiting[name].span, *related, names=" → ".join(cycle))


def check_paid_twice(benefits: Sequence[model.Benefit], found: Diagnostics) -> None:
    """Two benefits on one expense: one deducts the other, or no claim has both."""
    for first, second in combinations(benefits, 2):
        if first.expense != second.expense:
            continue
        if first.name in second.less or second.name in first.less:
            continue
        if disjoint(first, second):
            continue
        place = Related(first.span, "first")
        names = {"first": first.name, "second": second.name}
        found.add("E502", second.span, place, expense=second.expense, **names)
