"""Conditions come in; whether they can hold, alone or together, goes out.

A condition is taken apart into alternatives (or) of facts (and). A fact bounds one
subject to a set of values or a span of days; what cannot be taken apart counts as
possible, so "never" is proven and "maybe" is not.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, assert_never

from jiugao.dataclass import dataclass
from jiugao.policy import model
from jiugao.policy.regimes import ONE_DAY
from jiugao.policy.walk import figures_of
from jiugao.syntax.tree import Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

Key = str | bool
MOST_ALTERNATIVES = 256  # more than this many are not told apart: "maybe"


@dataclass(frozen=True)
class Fact:
    """`subject` is one of `among` (or not), or lies between two days."""

    subject: str
    among: frozenset[Key] | None = None
    without: frozenset[Key] = frozenset()
    start: dt.date = dt.date.min
    end: dt.date = dt.date.max

    def meets(self, other: Fact) -> bool:
        """Whether both can hold of one subject."""
        if self.among is not None:
            allowed = self.among - self.without - other.without
            if other.among is not None:
                allowed &= other.among
            if not allowed:
                return False
        elif other.among is not None:
            return other.meets(self)
        return max(self.start, other.start) <= min(self.end, other.end)


Alternative = tuple[Fact, ...]


def subject_of(expression: model.Expression) -> str | None:
    """What a fact is about, equal for equal subjects wherever they stand."""
    match expression:
        case model.StandingRef():
            return "standing"
        case model.DayRef():
            return "day"
        case model.InputRef(input=column):
            return f"input {column.table} {column.column}"
        case model.HoldsIdentity(identities=held):
            return "holds " + " ".join(sorted(held))
        case model.InList(operand=operand, listed=listed):
            return f"listed {subject_of(operand)} {listed.name}"
        case _:
            return None


def alternatives(expression: model.Expression, holds: bool = True) -> list[Alternative]:
    """The ways in which the expression can hold (or fail)."""
    match expression:
        case model.Const(value=bool() as value):
            return [()] if value is holds else []
        case model.Not(operand=operand):
            return alternatives(operand, not holds)
        case model.Binary(operator=Operator.AND | Operator.OR as operator):
            left = alternatives(expression.left, holds)
            right = alternatives(expression.right, holds)
            if (operator is Operator.AND) is holds:
                return both(left, right)
            return [*left, *right]
        case model.InSet(operand=operand, members=members):
            subject = subject_of(operand)
            if subject is None:
                return [()]
            keys: frozenset[Key] = frozenset(members)
            fact = Fact(subject, keys) if holds else Fact(subject, None, keys)
            return [(fact,)]
        case (
            model.InputRef(kind=model.Kind.FLAG) | model.HoldsIdentity()
            | model.InList()
        ):  # fmt: skip
            subject = subject_of(expression)
            return [(Fact(subject, frozenset((holds,))),)] if subject else [()]
        case model.Binary(operator=Operator.BEFORE | Operator.AFTER):
            return dated(expression, holds)
        case _:
            return [()]


def dated(expression: model.Binary, holds: bool) -> list[Alternative]:
    """A day compared with a constant day."""
    match subject_of(expression.left), expression.right:
        case str() as subject, model.Const(value=dt.date() as day):
            pass
        case _:
            return [()]
    match expression.operator, holds:
        case Operator.BEFORE, True:
            return [(Fact(subject, end=day - ONE_DAY),)]
        case Operator.BEFORE, False:
            return [(Fact(subject, start=day),)]
        case _, True:
            return [(Fact(subject, start=day + ONE_DAY),)]
        case _:
            return [(Fact(subject, end=day),)]


def both(left: list[Alternative], right: list[Alternative]) -> list[Alternative]:
    """Alternatives of a conjunction that do not contradict themselves."""
    if len(left) * len(right) > MOST_ALTERNATIVES:
        return [()]
    joined = (tuple(dict.fromkeys((*a, *b))) for a, b in product(left, right))
    return [facts for facts in dict.fromkeys(joined) if possible(facts)]


def possible(facts: Alternative) -> bool:
    """Whether no two facts of one subject contradict each other."""
    by_subject: dict[str, Fact] = {}
    for fact in facts:
        before = by_subject.get(fact.subject)
        if before is None:
            before = Fact(fact.subject)
        if not before.meets(fact):
            return False
        among = fact.among if before.among is None else before.among
        if before.among is not None and fact.among is not None:
            among = before.among & fact.among
        by_subject[fact.subject] = replace(
            before,
            among=among,
            without=before.without | fact.without,
            start=max(before.start, fact.start),
            end=min(before.end, fact.end),
        )
    return True


def ways(figure: model.Figure) -> Iterator[tuple[Alternative, model.Leaf]]:
    """The ways through a figure's tables, with the leaf to which each leads."""
    match figure:
        case model.NotEntitled():
            return
        case model.Leaf():
            yield (), figure
        case model.Table(subject=subject, arms=arms):
            written = frozenset(key for arm in arms for key in arm.keys)
            for arm in arms:
                here = arm_facts(subject, arm, written)
                for (rest, leaf), facts in product(ways(arm.body), here):
                    if possible((*facts, *rest)):
                        yield (*facts, *rest), leaf
        case _:
            assert_never(figure)


def together(*figures: model.Figure) -> Iterator[tuple[model.Leaf, ...]]:
    """The leaves of several figures that can meet on one claim."""
    for chosen in product(*(list(ways(figure)) for figure in figures)):
        if possible(tuple(fact for facts, _ in chosen for fact in facts)):
            yield tuple(leaf for _, leaf in chosen)


def arm_facts(
    subject: model.Expression, arm: model.Arm, written: frozenset[Key]
) -> list[Alternative]:
    """What meeting an arm says about its subject."""
    name = subject_of(subject)
    if name is None:  # a condition
        match tuple(arm.keys):
            case (bool() as key,):
                return alternatives(subject, key)
            case _:
                return [()]
    if arm.others:
        return [(Fact(name, None, written),)]
    return [(Fact(name, arm.keys),)]


def reach(benefit: model.Benefit) -> list[Alternative]:
    """The ways in which a claim can come under the benefit; none: nothing can."""
    found = [()] if benefit.applies is None else alternatives(benefit.applies)
    found = [facts for facts in found if possible(facts)]
    for figure in figures_of(benefit):
        found = both(found, list(dict.fromkeys(facts for facts, _ in ways(figure))))
    return found


def disjoint(first: model.Benefit, second: model.Benefit) -> bool:
    """Whether no claim can come under both."""
    return not both(reach(first), reach(second))
