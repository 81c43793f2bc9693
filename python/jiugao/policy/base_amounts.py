"""A written base comes in: the expense, what is taken off it, what bounds it.

A part of a benefit's base goes out, its names looked up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.policy import model
from jiugao.policy.money import expense_name
from jiugao.policy.nearest import report_unknown
from jiugao.syntax import tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jiugao.policy.expressions import Typing
    from jiugao.policy.scope import Scope


def read_base(
    base: tree.Base, typing: Typing, benefit: str, part: str
) -> model.Part | None:
    """The expense, what is taken off it, and what bounds it (至多, 超出)."""
    amount, cap, floor = base.amount, None, None
    match amount:
        case tree.AtMost():
            cap = typing.typed(amount.cap, model.Kind.MONEY)
            if cap is None:
                return None
            amount = amount.value
        case tree.InExcessOf():
            floor = typing.typed(amount.floor, model.Kind.MONEY)
            if floor is None:
                return None
            amount = amount.value
        case _:
            pass
    if not isinstance(amount, tree.Name):
        typing.found.add("E506", amount.span, text=amount.span.text)
        return None
    expense = expense_name(amount, typing.scope, typing.found)
    less = tuple(dict.fromkeys(less_names(typing, base.less, benefit)))
    if expense is None:
        return None
    return model.Part(part, expense, less, cap, base.by_year, floor, base.span)


def less_names(
    typing: Typing, names: Sequence[tree.Name], benefit: str
) -> Iterator[str]:
    """Payments and benefits after 扣除; lists of them taken apart."""
    scope = typing.scope
    for name in names:
        if name.text in scope.payments:
            for payment in scope.payments[name.text]:
                if payment.name == benefit and payment.computed:
                    typing.found.add("E501", name.span, names=f"{benefit} → {benefit}")
                else:
                    yield payment.name
        elif name.text in scope.lists:
            yield from less_names(typing, scope.lists[name.text].members, benefit)
        else:
            what = scope.what(name.text)
            if what is None:
                known_names = paid_before(scope, benefit)
                report_unknown(typing.found, name.span, name.text, known_names)
            else:
                words = {"name": name.text, "what": what, "wanted": "@payment"}
                typing.found.add("E306", name.span, **words)


def paid_before(scope: Scope, benefit: str) -> Iterator[str]:
    """What a benefit can deduct: every payment but its own, and lists of payments."""
    payments = [
        name
        for name, meant in scope.payments.items()
        if all(one.name != benefit for one in meant)
    ]
    yield from payments
    for name, listed in scope.lists.items():
        if all(member.text in payments for member in listed.members):
            yield name
