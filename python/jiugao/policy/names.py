"""Declarations come in; names by what they stand for go out, each declared once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.columns import TAKEN_COLUMNS
from jiugao.diagnostics import Diagnostics, Related
from jiugao.syntax import tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jiugao.policy.gather import Gathered
    from jiugao.policy.inputs import Columns
    from jiugao.source import Span

DECLARES = (
    tree.Standing, tree.Input, tree.Parameter, tree.NameList, tree.CodeList, tree.Term,
    tree.Expense, tree.Paid, tree.SharedLimit, tree.Benefit, tree.Fund, tree.Indicator,
)  # fmt: skip


def declarations(gathered: Gathered) -> Iterator[tuple[tree.Item, str, Span]]:
    """Every name and code name that the policy declares, with its place."""
    for placed in gathered.placed:
        node = placed.node
        if not isinstance(node, DECLARES):
            continue
        yield node, node.name.text, node.name.span
        code = getattr(node, "code", None)
        if code is not None and code != node.name.text:
            yield node, code, node.name.span


def check_declared_once(gathered: Gathered, found: Diagnostics) -> None:
    """E204: a name declared twice.

    A benefit that replaces a payment may bear its name; the two are never in force
    together.
    """
    first: dict[str, tuple[tree.Item, Span]] = {}
    for node, name, span in declarations(gathered):
        before = first.setdefault(name, (node, span))
        if (
            before[0] is node
            or stands_in(node, before[0])
            or stands_in(before[0], node)
        ):
            continue
        found.add("E204", span, Related(before[1], "first"), name=name)


def check_column_names(
    gathered: Gathered, columns: Columns, found: Diagnostics
) -> None:
    """E205: a code of which results make a column, where another column has that name.

    Databases take capitals and small letters for the same.
    """
    inputs = (*columns.claims.values(), *columns.enrolment.values())
    read = {name for one in inputs for name in (one.column, *one.alternatives)}
    taken = {name.lower() for name in TAKEN_COLUMNS | read}
    for placed in gathered.of(tree.Benefit):
        node = placed.node
        if node.code is not None and node.code.lower() in taken:
            found.add("E205", node.name.span, name=node.name.text, column=node.code)


def stands_in(node: tree.Item, other: tree.Item) -> bool:
    """Whether a benefit computes what the other item gives."""
    if not isinstance(node, tree.Benefit) or not isinstance(other, tree.Paid):
        return False
    instead = (s for s in node.settings if isinstance(s, tree.Replaces))
    names = (other.name.text, other.code)
    return any(setting.name.text in names for setting in instead)


def expense_names(gathered: Gathered) -> dict[str, str]:
    """Expenses by name and code name."""
    names: dict[str, str] = {}
    for placed in gathered.of(tree.Expense):
        node = placed.node
        names[node.name.text] = node.name.text
        if node.code:
            names[node.code] = node.name.text
    return names


def limit_names(gathered: Gathered) -> dict[str, str]:
    """Shared limits by name."""
    return {p.node.name.text: p.node.name.text for p in gathered.of(tree.SharedLimit)}


def terms(gathered: Gathered) -> dict[str, tree.Term]:
    """Named conditions."""
    return {p.node.name.text: p.node for p in gathered.of(tree.Term)}


def places(gathered: Gathered) -> dict[str, Span]:
    """Where each name of the policy is declared."""
    return {name: span for _, name, span in reversed([*declarations(gathered)])}
