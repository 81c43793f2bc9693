"""Written expenses, payments and shared limits come in; their typed amounts go out.

Expenses come in an order in which each can be worked out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jiugao.diagnostics import Diagnostics, Related
from jiugao.policy import model
from jiugao.policy.expressions import Typing
from jiugao.policy.fold import folded
from jiugao.policy.nearest import report_unknown
from jiugao.policy.scope import Place
from jiugao.policy.walk import amounts_in, inputs_in
from jiugao.syntax import tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jiugao.policy.gather import Gathered
    from jiugao.policy.scope import Scope


# Shared limits are of a year; what is told of other periods.
UNREAD = {tree.Period.CLAIM: "E605", tree.Period.LIFETIME: "E483"}


def read_expenses(
    gathered: Gathered, scope: Scope, found: Diagnostics
) -> tuple[model.Expense, ...]:
    """Every expense, parts before the whole they are carved out of."""
    typing = Typing(scope, found, Place.CLAIM)
    read: dict[str, model.Expense] = {}
    for placed in gathered.of(tree.Expense):
        node = placed.node
        amount = typing.typed(node.amount, model.Kind.MONEY)
        whole = expense_name(node.out_of, scope, found) if node.out_of else None
        if amount is None:
            continue
        read[node.name.text] = model.Expense(
            name=node.name.text,
            code=node.code or node.name.text,
            out_of=whole,
            amount=folded(amount),
            cited=placed.cited(node.citation),
            span=node.span,
        )
    return in_order(read, found)


def expense_name(name: tree.Name, scope: Scope, found: Diagnostics) -> str | None:
    """The expense a name stands for."""
    expense = scope.expenses.get(name.text)
    if expense is None:
        what = scope.what(name.text)
        if what is None:
            report_unknown(found, name.span, name.text, scope.expenses)
        else:
            words = {"name": name.text, "what": what, "wanted": "@expense"}
            found.add("E306", name.span, **words)
    return expense


def in_order(
    read: dict[str, model.Expense], found: Diagnostics
) -> tuple[model.Expense, ...]:
    """What an expense needs comes first: its parts, and expenses its amount names."""
    ordered: dict[str, model.Expense] = {}
    path: list[str] = []

    def needs(expense: model.Expense) -> Iterator[str]:
        yield from (e.name for e in read.values() if e.out_of == expense.name)
        named = amounts_in(expense.amount)
        yield from (a.name for a in named if a.of == "expense" and a.name in read)

    def visit(name: str) -> None:
        if name in ordered:
            return
        if name in path:
            cycle = " → ".join([*path[path.index(name) :], name])
            found.add("E503", read[name].span, names=cycle)
            return
        path.append(name)
        for need in needs(read[name]):
            visit(need)
        path.pop()
        ordered[name] = read[name]

    for name in read:
        visit(name)
    return tuple(ordered.values())


def read_paid(
    gathered: Gathered, scope: Scope, found: Diagnostics
) -> tuple[model.Paid, ...]:
    """Every payment made elsewhere; a column may stand in one of them only."""
    typing = Typing(scope, found, Place.CLAIM)
    read: list[model.Paid] = []
    columns: dict[str, model.Paid] = {}
    for placed in gathered.of(tree.Paid):
        node = placed.node
        amount = typing.typed(node.amount, model.Kind.MONEY)
        expense = expense_name(node.out_of, scope, found)
        if amount is None or expense is None:
            continue
        cited = placed.cited(node.citation)
        paid = model.Paid(
            node.name.text, node.code or node.name.text, expense, folded(amount),
            cited, node.span,
        )  # fmt: skip
        for column in {i.name for i in inputs_in(paid.amount)}:
            if column in columns:
                first = Related(columns[column].span, "first")
                found.add("E507", node.span, first, name=column)
            columns.setdefault(column, paid)
        read.append(paid)
    return tuple(read)


def read_shared_limits(
    gathered: Gathered, scope: Scope, found: Diagnostics
) -> tuple[model.SharedLimit, ...]:
    """Every limit that several benefits draw on."""
    typing = Typing(scope, found, Place.FIGURE)
    read: list[model.SharedLimit] = []
    for placed in gathered.of(tree.SharedLimit):
        node = placed.node
        if node.period in UNREAD:
            found.add(UNREAD[node.period], node.span, what=node.span.text)
            continue
        if node.amount is None:
            found.add("E423", node.span, name=node.name.text)
            continue
        amount = typing.typed(node.amount, model.Kind.MONEY)
        if amount is None:
            continue
        cited = placed.cited(node.citation)
        read.append(
            model.SharedLimit(
                node.name.text, amount, tree.Period.YEAR, cited, node.span
            )
        )
    return tuple(read)


def without_absent(expense: model.Expense, absent: frozenset[str]) -> model.Expense:
    """The expense where benefits left out pay nothing."""
    return replace(expense, amount=folded(expense.amount, absent))
