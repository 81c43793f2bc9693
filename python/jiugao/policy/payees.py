"""Written payees and deadlines come in; typed ones go out, one for a claim at most."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, TypeVar

from jiugao.diagnostics import Diagnostics, Related
from jiugao.policy import model
from jiugao.policy.choices import in_one
from jiugao.policy.conditions import disjoint
from jiugao.policy.fold import known, never
from jiugao.syntax import tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiugao.policy.expressions import Typing
    from jiugao.source import Span

T = TypeVar("T", model.Payee, model.DueBy)


def read_payees(
    typing: Typing, settings: Sequence[tree.Setting]
) -> tuple[model.Payee, ...]:
    """收款方, in written order; those that the readings leave out are gone."""
    made = []
    for node in settings:
        if not isinstance(node, tree.Payee):
            continue
        condition = _condition(typing, node.condition)
        if condition is None and node.condition is not None:
            continue  # it had a finding, and does not hold always
        outlay = None
        if node.reimbursing is not None:
            outlay = _outlay(typing, node.reimbursing)
        name, at_most = node.name.text, node.at_most
        made.append(model.Payee(name, outlay, at_most, condition, node.span))
    return _reached(typing, made)


def read_due(
    typing: Typing, settings: Sequence[tree.Setting]
) -> tuple[model.DueBy, ...]:
    """期限, in written order."""
    made = []
    for node in settings:
        if not isinstance(node, tree.DueBy):
            continue
        condition = _condition(typing, node.condition)
        if condition is None and node.condition is not None:
            continue
        day = typing.typed(node.day, model.Kind.DATE)
        if day is not None:
            made.append(model.DueBy(day, condition, node.span))
    return _reached(typing, made)


def _condition(typing: Typing, node: tree.Expression | None) -> model.Expression | None:
    return None if node is None else typing.condition(node)


def _outlay(typing: Typing, name: tree.Name) -> model.Input | None:
    """The column of what was laid out."""
    read = typing.typed(name, model.Kind.MONEY)
    match read:
        case None:
            return None
        case model.InputRef(input=column):
            return column
        case _:
            typing.found.add("E512", name.span, text=name.text)
            return None


def _reached(typing: Typing, made: Sequence[T]) -> tuple[T, ...]:
    """Without what never holds; nothing may follow what always does."""
    kept: list[T] = []
    always: Span | None = None
    for one in made:
        if never(one.condition):
            continue
        if always is not None:
            typing.found.add("E513", one.span, Related(always, "first"))
            continue
        if one.condition is None or known(one.condition):
            always = one.span
        kept.append(one)
    return tuple(kept)


def check_payees(
    benefits: Sequence[model.Benefit],
    choices: Sequence[model.Choice],
    standing: model.Standing | None,
    found: Diagnostics,
) -> None:
    """A row has one payee and one deadline; a sum looked back on has none."""
    telling = [b for b in benefits if b.payees or b.due]
    # A condition that could not be read is no ground for saying that two meet.
    pairs = () if found.errors else combinations(telling, 2)
    for first, second in pairs:
        if not (in_one(choices, first.name, second.name) or disjoint(first, second)):
            names = {"first": first.name, "second": second.name}
            found.add("E510", second.span, Related(first.span, "first"), **names)
    classes = standing.classes if standing else ()
    asked = [c for c in classes if c.on_application is not None]
    for benefit in telling:
        if asked and benefit.by_standing:
            words = {"name": benefit.name, "standing": asked[0].name}
            found.add("E511", _place(benefit), **words)
        if benefit.settle is not model.SettleMode.PER_CLAIM:
            found.add("E515", _place(benefit), name=benefit.name)
        for outlay in (p.reimburses for p in benefit.payees):
            paying = (b for b in benefits if outlay is not None and outlay in b.actual)
            for other in paying:
                words = {"benefit": other.name, "name": outlay.name if outlay else ""}
                found.add("E514", _place(benefit), **words)


def _place(benefit: model.Benefit) -> Span:
    told: tuple[model.Payee | model.DueBy, ...] = (*benefit.payees, *benefit.due)
    return told[0].span
