"""Comparisons: order, equality, membership. The left side says what may stand on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.policy import model
from jiugao.policy.fold import false, negated, true
from jiugao.policy.literals import option_name
from jiugao.policy.members import values
from jiugao.policy.membership import list_named, membership
from jiugao.policy.nearest import report_unknown
from jiugao.policy.scope import Place
from jiugao.syntax import tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiugao.policy.expressions import Typing

PERSON_NAMES = ("身份", "standing")
ORDERED = (model.Kind.MONEY, model.Kind.RATE, model.Kind.COUNT)


def compared(
    typing: Typing, node: tree.Binary, kinds: tuple[model.Kind, ...]
) -> model.Expression | None:
    """An order between two values of one kind."""
    left = typing.inferred(node.left)
    if left is None:
        return None
    match left:
        case model.InputRef(input=model.Input(ascending=True)) if kinds == ORDERED:
            return ranked(typing, node, left)
        case _:
            pass
    if left.kind not in kinds:
        right = typing.inferred(node.right)
        if right is not None:
            typing.report_operator(node, left, right)
        return None
    right = typing.typed(node.right, left.kind)
    if right is None:
        return None
    return model.Binary(model.Kind.FLAG, node.operator, left, right, node.span)


def ranked(
    typing: Typing, node: tree.Binary, left: model.InputRef
) -> model.Expression | None:
    """医疗机构级别 不低于 县级: a place in the order of the codes."""
    named = values(typing.scope, typing.found, left, node.right)
    if named is None:
        return None
    codes = list(left.input.codes)
    places = [codes.index(code) for code in named]
    first, last = min(places), max(places)
    covered = {
        tree.Operator.AT_LEAST: codes[first:],
        tree.Operator.OVER: codes[last + 1 :],
        tree.Operator.NOT_OVER: codes[: last + 1],
        tree.Operator.BELOW: codes[:first],
    }[node.operator]
    if not covered:
        return false(node.span)
    return model.InSet(model.Kind.FLAG, left, frozenset(covered), node.span)


def equal(typing: Typing, node: tree.Binary) -> model.Expression | None:
    """`left 是 right`: the left side says what may stand on the right."""
    if names_person(typing, node.left):
        return holds(typing, node, (node.right,))
    left = typing.inferred(node.left)
    if left is None:
        return None
    match left.kind:
        case model.Kind.CODE | model.Kind.STANDING:
            return in_members(typing, node, left, (node.right,))
        case model.Kind.TEXT if isinstance(left, model.ParameterRef):
            return option(typing, node, left.parameter, (node.right,))
        case model.Kind.TEXT if isinstance(left, model.InputRef):
            return tested(typing, node, left, (node.right,))
        case model.Kind.FLAG:
            right = typing.typed(node.right, model.Kind.FLAG)
            if isinstance(right, model.Const):
                return left if right.value else negated(left, node.span)
        case _:
            right = typing.typed(node.right, left.kind)
    if right is None:
        return None
    return model.Binary(model.Kind.FLAG, node.operator, left, right, node.span)


def member(typing: Typing, node: tree.Binary) -> model.Expression | None:
    """`left 属于 (a、b)`."""
    items: tuple[tree.Expression, ...] = (node.right,)
    if isinstance(node.right, tree.Members):
        items = node.right.items
    if names_person(typing, node.left):
        return holds(typing, node, items)
    left = typing.inferred(node.left)
    if left is None:
        return None
    match left:
        case model.ParameterRef(parameter=parameter) if parameter.options:
            return option(typing, node, parameter, items)
        case model.InputRef() if left.kind is model.Kind.TEXT or any(
            list_named(typing.scope, item) for item in items
        ):
            return tested(typing, node, left, items)
        case _ if left.kind in (model.Kind.CODE, model.Kind.STANDING):
            return in_members(typing, node, left, items)
        case _:
            words = {"wanted": "@code", "found": f"@{left.kind.value}"}
            typing.found.add("E301", node.left.span, **words)
            return None


def tested(
    typing: Typing,
    node: tree.Binary,
    left: model.InputRef,
    items: Sequence[tree.Expression],
) -> model.Expression | None:
    """A text, or a list from a file."""
    if left.kind not in (model.Kind.TEXT, model.Kind.CODE):
        typing.report_kind(node.left, left, model.Kind.TEXT)
        return None
    return membership(typing.scope, typing.found, left, items, node.span)


def names_person(typing: Typing, node: tree.Expression) -> bool:
    """Whether an expression is the person's identities as such."""
    if not isinstance(node, tree.Name):
        return False
    if typing.place not in (Place.CLAIM, Place.ENROLMENT):
        return False
    names = (*PERSON_NAMES, typing.scope.identity_input)
    return node.text in names and node.text != typing.scope.standing_name


def holds(
    typing: Typing, node: tree.Binary, items: tuple[tree.Expression, ...]
) -> model.Expression | None:
    """`身份 属于 (特困人员、孤儿)`."""
    known = typing.scope.identities
    names = [(i, option_name(i)) for i in items]
    for item, name in names:
        if name not in known:
            report_unknown(typing.found, item.span, name or item.span.text, known)
    held = tuple(n for _, n in names if n in known)
    return model.HoldsIdentity(model.Kind.FLAG, held, node.span) if held else None


def option(
    typing: Typing,
    node: tree.Binary,
    parameter: model.Parameter,
    items: tuple[tree.Expression, ...],
) -> model.Expression | None:
    """A reading compared with its options: known now."""
    unknown = [item for item in items if option_name(item) not in parameter.options]
    for item in unknown:
        text = option_name(item) or item.span.text
        report_unknown(typing.found, item.span, text, parameter.options)
    if unknown:
        return None
    named = parameter.option in {option_name(item) for item in items}
    return true(node.span) if named else false(node.span)


def in_members(
    typing: Typing,
    node: tree.Binary,
    left: model.Expression,
    items: tuple[tree.Expression, ...],
) -> model.Expression | None:
    """A code or a standing among the values written, groups taken apart."""
    members: set[str] = set()
    for item in items:
        covered = values(typing.scope, typing.found, left, item)
        if covered is None:
            return None
        members |= covered
    if not members:  # classes that the chosen readings leave out
        return false(node.span)
    return model.InSet(model.Kind.FLAG, left, frozenset(members), node.span)
