"""A benefit's tables come in; what they look at goes out, with the values that matter.

A subject is the standing, a coded input, or a truth value of the claim's own day. What
no claim changes (readings, dated conditions, conditions on the standing alone) is no
subject: it is worked out for every stretch of days and every class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.policy import model
from jiugao.program import days
from jiugao.syntax.tree import Operator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Key = str | bool | None  # None: no standing, or an unknown code


@dataclass(frozen=True)
class Group:
    """Values of a subject that every table treats alike, by one of them."""

    value: Key
    members: tuple[
        int, ...
    ]  # as indexes: 0 for none or unknown, position + 1; flags 0, 1


@dataclass(frozen=True)
class Subject:
    """What digits of the row number come from."""

    expression: model.Expression
    groups: tuple[Group, ...]
    size: int  # how many values the register can take

    @property
    def is_standing(self) -> bool:
        """Whether it is the standing."""
        return isinstance(self.expression, model.StandingRef)


def figures(benefit: model.Benefit) -> tuple[model.Figure, ...]:
    """Deductible, gate, rates and limits, the gate only where there is one."""
    found = (benefit.deductible, benefit.gate, benefit.rates, benefit.limits)
    return tuple(figure for figure in found if figure is not None)


def tables(figure: model.Figure) -> Iterator[model.Table]:
    """Every table of a figure."""
    if isinstance(figure, model.Table):
        yield figure
        for arm in figure.arms:
            yield from tables(arm.body)


def leaves(figure: model.Figure) -> Iterator[model.Leaf]:
    """Every leaf of a figure."""
    match figure:
        case model.Leaf():
            yield figure
        case model.Table():
            for arm in figure.arms:
                yield from leaves(arm.body)
        case model.NotEntitled():
            return


def amounts(value: model.Value) -> Iterator[model.Expression]:
    """The expressions of a leaf."""
    match value:
        case model.Deductible():
            if value.amount is not None:
                yield value.amount
        case model.Gate() | model.Fixed():
            yield value.amount
        case model.PartRates():
            yield from (one.rate for one in value.rates)
        case model.Rates():
            for band in value.bands:
                yield band.lower
                yield band.rate
                if band.upper is not None:
                    yield band.upper
        case tuple():
            for limit in value:
                if limit.amount is not None:
                    yield limit.amount


def conjuncts(condition: model.Expression | None) -> Iterator[model.Expression]:
    """The conditions that must all hold."""
    match condition:
        case None:
            return
        case model.Binary(operator=Operator.AND):
            yield from conjuncts(condition.left)
            yield from conjuncts(condition.right)
        case _:
            yield condition


def has_standing(expression: model.Expression) -> bool:
    """Whether the standing stands in it."""
    return isinstance(expression, model.StandingRef) or any(
        map(has_standing, days.parts(expression))
    )


def standing_subject(
    expression: model.Expression, classes: tuple[model.Class, ...]
) -> Subject:
    """The standing: every class for itself, none first."""
    groups = [Group(None, (0,))]
    groups += [Group(found.name, (i,)) for i, found in enumerate(classes, start=1)]
    return Subject(expression, tuple(groups), len(groups))


def code_subject(
    expression: model.InputRef, keys: tuple[frozenset[str | bool], ...]
) -> Subject:
    """A coded input: codes that stand in the same arms are one group."""
    alike: dict[tuple[bool, ...], list[int]] = {}
    values: list[Key] = [None, *expression.input.codes]
    for index, value in enumerate(values):
        alike.setdefault(tuple(value in arm for arm in keys), []).append(index)
    groups = tuple(
        Group(values[members[-1]], tuple(members)) for members in alike.values()
    )
    return Subject(expression, groups, len(values))


def flag_subject(expression: model.Expression) -> Subject:
    """A truth value."""
    return Subject(expression, (Group(False, (0,)), Group(True, (1,))), 2)


def identity(expression: model.Expression) -> object:
    """What makes two subjects the same: all but the place and the texts around it."""
    match expression:
        case model.InputRef(input=found):
            return ("input", found.table, found.column)
        case model.StandingRef():
            return ("standing",)
        case model.HoldsIdentity(identities=names):
            return ("holds", frozenset(names))
        case model.AmountRef(of=of, name=name):
            return ("amount", of, name)
        case model.Const(kind=kind, value=value):
            return ("constant", kind, value)
        case model.ParameterRef(parameter=found):
            return ("parameter", found.name, expression.last_year)
        case model.InSet(members=members):
            return ("in", members, identity(expression.operand))
        case model.InList(operand=operand, listed=listed):
            return ("listed", listed.name, identity(operand))
        case model.Binary(operator=operator):
            return (operator, identity(expression.left), identity(expression.right))
        case _:
            inside = tuple(map(identity, days.parts(expression)))
            return (type(expression).__name__, *inside)


def subjects_of(
    benefit: model.Benefit, classes: tuple[model.Class, ...]
) -> Mapping[object, Subject]:
    """The subjects of all tables of a benefit, by `identity`.

    Also the standing, where the condition of the benefit hangs on it.
    """
    keys: dict[object, list[frozenset[str | bool]]] = {}
    found: dict[object, model.Expression] = {}
    for figure in figures(benefit):
        for table in tables(figure):
            if days.fixed(table.subject):
                continue
            subject = table.subject
            if days.fixed(subject, standing=True):
                subject = model.StandingRef(model.Kind.STANDING, subject.span)
            key = identity(subject)
            found.setdefault(key, subject)
            keys.setdefault(key, []).extend(arm.keys for arm in table.arms)
    for condition in conjuncts(benefit.applies):
        if has_standing(condition):
            reference = model.StandingRef(model.Kind.STANDING, condition.span)
            found.setdefault(identity(reference), reference)
    made: dict[object, Subject] = {}
    for key, expression in found.items():
        match expression:
            case model.StandingRef():
                made[key] = standing_subject(expression, classes)
            case model.InputRef(kind=model.Kind.CODE):
                made[key] = code_subject(expression, tuple(keys[key]))
            case _:
                made[key] = flag_subject(expression)
    return made


def dated(benefit: model.Benefit, policy: model.Policy) -> Iterator[model.Expression]:
    """What makes a benefit change from day to day: figures, tables and conditions."""
    shared = {limit.name: limit for limit in policy.shared_limits}
    for figure in figures(benefit):
        for table in tables(figure):
            if days.fixed(table.subject, standing=True):
                yield table.subject
        for leaf in leaves(figure):
            yield from amounts(leaf.value)
            if isinstance(leaf.value, tuple):
                for limit in leaf.value:
                    if limit.shared is not None:
                        yield shared[limit.shared].amount
    for condition in conjuncts(benefit.applies):
        if days.fixed(condition, standing=True):
            yield condition
