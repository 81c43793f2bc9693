"""Typed benefits under a standing table of 择优 come in; one benefit a class goes out.

Where every class that a person is in counts (身份 … 择优), a benefit whose figures go by
the class is as many alternatives as its rows have figures, each with an account of its
own, chosen between like benefits written apart. Classes of one row are one alternative:
they share its figures, and its limit.
"""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, TypeAlias, assert_never

from jiugao.dataclass import dataclass
from jiugao.diagnostics import Diagnostics, Related
from jiugao.policy import model
from jiugao.policy.benefits import with_bases
from jiugao.policy.completeness import shared_by
from jiugao.policy.fold import (
    FLAG,
    conjunction,
    folded,
    known,
    left_open,
    negated,
    never,
)
from jiugao.policy.scope import Payment
from jiugao.policy.walk import figure_expressions, figures_of, parts, policy_expressions
from jiugao.syntax.tree import Operator, Period

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from jiugao.policy.scope import Scope
    from jiugao.source import Span

Means: TypeAlias = "Callable[[frozenset[str], Span], model.Expression]"


@dataclass(frozen=True)
class Classed:
    """The benefits with classes for alternatives, and the choices among those."""

    benefits: tuple[model.Benefit, ...]
    choices: tuple[model.Choice, ...] = ()
    alternatives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def payments(
        self, payments: Mapping[str, tuple[Payment, ...]]
    ) -> dict[str, tuple[Payment, ...]]:
        """What names of payments stand for: of a benefit with classes, all of them."""

        def meant(one: Payment) -> tuple[Payment, ...]:
            if not one.computed or one.name not in self.alternatives:
                return (one,)
            return tuple(Payment("benefit", n) for n in self.alternatives[one.name])

        return {
            name: tuple(new for one in stands for new in meant(one))
            for name, stands in payments.items()
        }


def by_class(
    benefits: Sequence[model.Benefit],
    chosen: Mapping[str, Span],
    scope: Scope,
    found: Diagnostics,
) -> Classed:
    """Every benefit under the table: by its classes, or with what it asks of them.

    `chosen`: benefits that a written choice names, which cannot be chosen from twice.
    """
    standing = scope.standing
    if standing is None or standing.best_of is None:
        return Classed(tuple(benefits))
    made: list[model.Benefit] = []
    choices: list[model.Choice] = []
    for benefit in benefits:
        if not goes_by_class(benefit):
            made.append(asking_of_all(benefit, standing))
            continue
        groups = alternatives(benefit, standing)
        if len(groups) < 2:  # noqa: PLR2004 - one class is no choice
            made.extend(groups.values() or (benefit,))
        elif may_be_chosen(benefit, standing, chosen, found):
            named = {
                classes: renamed(benefit, classes, one, scope, found)
                for classes, one in groups.items()
            }
            made.extend(named.values())
            choices.append(choice_of(benefit, standing, named))
        else:
            made.append(benefit)
    names = {c.whole.name: c.benefits for c in choices if c.whole is not None}
    return Classed(tuple(made), tuple(choices), names)


def goes_by_class(benefit: model.Benefit) -> bool:
    """Whether some figure of the benefit hangs on the class."""
    figures = (e for f in figures_of(benefit) for e in figure_expressions(f))
    return any(isinstance(p, model.StandingRef) for e in figures for p in parts(e))


def alternatives(
    benefit: model.Benefit, standing: model.Standing
) -> dict[tuple[str, ...], model.Benefit]:
    """The benefit as it is for the classes of each row; without those not entitled."""
    rows: list[tuple[model.Benefit, list[model.Class]]] = []
    for one in standing.classes:
        here = of_class(benefit, one.name)
        if here is None:
            continue
        same = next((classes for other, classes in rows if other == here), None)
        if same is None:
            rows.append((here, [one]))
        else:
            same.append(one)
    return {
        tuple(c.name for c in classes): only_for(here, classes)
        for here, classes in rows
    }


def of_class(benefit: model.Benefit, name: str) -> model.Benefit | None:
    """The benefit as it is for a person of one class; None: not entitled."""

    def means(members: frozenset[str], span: Span) -> model.Expression:
        return model.Const(FLAG, name in members, span)

    figures = [specialised(f, name, means) for f in figures_of(benefit)]
    if any(isinstance(figure, model.NotEntitled) for figure in figures):
        return None
    here = asking(benefit, means)
    if never(here.applies):
        return None
    deductible, *gate, rates, limits = figures
    return replace(
        here,
        deductible=deductible,
        gate=gate[0] if gate else None,
        rates=rates,
        limits=limits,
    )


def specialised(figure: model.Figure, name: str, means: Means) -> model.Figure:
    """The figure for one class."""
    match figure:
        case model.Leaf() | model.NotEntitled():
            return figure
        case model.Table(subject=model.StandingRef()):
            arm = arm_of(figure.arms, name)
            if arm is None:
                return model.NotEntitled(figure.span)
            return specialised(arm.body, name, means)
        case model.Table():
            subject = answered(figure.subject, means)
            value = known(subject)
            if value is not None:
                arm = arm_of(figure.arms, value)
                if arm is None:
                    return model.NotEntitled(figure.span)
                return specialised(arm.body, name, means)
            arms = tuple(
                replace(arm, body=specialised(arm.body, name, means))
                for arm in figure.arms
            )
            return replace(figure, subject=subject, arms=arms)
        case _:
            assert_never(figure)


def arm_of(arms: Iterable[model.Arm], key: str | bool) -> model.Arm | None:
    """The row of a value."""
    every = tuple(arms)
    own = (arm for arm in every if key in arm.keys)
    return next(own, next((arm for arm in every if arm.others), None))


# --- what is asked of the class --------------------------------------------------------


def answered(expression: model.Expression, means: Means) -> model.Expression:
    """The expression with every question after the class answered, folded."""

    def inside(one: model.Expression) -> model.Expression:
        match one:
            case model.InSet(operand=model.StandingRef(), members=members):
                return means(members, one.span)
            case model.Binary() | model.Smaller() | model.Excess():
                return replace(one, left=inside(one.left), right=inside(one.right))
            case model.Not():
                return negated(inside(one.operand), one.span)
            case model.Conditional():
                value, condition = inside(one.value), inside(one.condition)
                return replace(one, value=value, condition=condition)
            case (
                model.Const() | model.InputRef() | model.ParameterRef()
                | model.AmountRef() | model.StandingRef() | model.HoldsIdentity()
                | model.DayRef() | model.InSet() | model.InList() | model.YearFigure()
            ):  # fmt: skip
                return one
            case _:
                assert_never(one)

    return folded(inside(expression))


def asking(benefit: model.Benefit, means: Means) -> model.Benefit:
    """The benefit with what its condition, base, payees and deadlines ask answered."""

    def asked(one: model.Expression | None) -> model.Expression | None:
        return None if one is None else answered(one, means)

    def holding(one: model.Expression | None) -> model.Expression | None:
        return left_open(asked(one))

    payees = tuple(replace(p, condition=holding(p.condition)) for p in benefit.payees)
    due = tuple(replace(d, condition=holding(d.condition)) for d in benefit.due)
    made = replace(
        benefit,
        applies=holding(benefit.applies),
        payees=tuple(p for p in payees if not never(p.condition)),
        due=tuple(d for d in due if not never(d.condition)),
    )
    bases = [
        replace(part, cap=asked(part.cap), floor=asked(part.floor))
        for part in benefit.bases
    ]
    return with_bases(made, bases)


def asking_of_all(benefit: model.Benefit, standing: model.Standing) -> model.Benefit:
    """A benefit of one set of figures asks whether the person is in a class."""
    by_name = {one.name: one for one in standing.classes}

    def means(members: frozenset[str], span: Span) -> model.Expression:
        asked = [by_name[name] for name in by_name if name in members]
        return in_any(asked, span)

    return asking(benefit, means)


def only_for(benefit: model.Benefit, classes: Sequence[model.Class]) -> model.Benefit:
    """The benefit for persons in one of the classes."""
    every = [in_any(classes, classes[0].span)]
    if benefit.applies is not None:
        every.append(benefit.applies)
    span = benefit.applies.span if benefit.applies is not None else classes[0].span
    return replace(benefit, applies=conjunction(every, span))


def in_any(classes: Sequence[model.Class], span: Span) -> model.Expression:
    """Whether the person is, on the day, in one of the classes."""
    whole: model.Expression = model.Const(FLAG, False, span)
    for one in classes:
        inside: model.Expression = model.HoldsIdentity(FLAG, one.identities, one.span)
        if one.excepted:
            out = model.HoldsIdentity(FLAG, one.excepted, one.span)
            kept = negated(out, one.span)
            inside = model.Binary(FLAG, Operator.AND, inside, kept, one.span)
        whole = folded(model.Binary(FLAG, Operator.OR, whole, inside, span))
    return whole


# --- the choice --------------------------------------------------------------------------


def may_be_chosen(
    benefit: model.Benefit,
    standing: model.Standing,
    chosen: Mapping[str, Span],
    found: Diagnostics,
) -> bool:
    """Whether its classes can be alternatives; what stands against it is found."""
    before = len(found.errors)
    name = benefit.name
    table = Related(standing.span, "first")
    if benefit.settle is not model.SettleMode.PER_CLAIM:
        found.add("E518", benefit.span, name=name)
    if benefit.parts:
        found.add("E453", benefit.span, what=f"{standing.name} {name}")
    shared = sorted(shared_by(benefit))
    if standing.best_of is Period.YEAR and shared:
        found.add("E519", benefit.span, name=name, limit=tuple(shared))
    if name in chosen:
        found.add("E516", chosen[name], table, name=name)
    return len(found.errors) == before


def renamed(
    benefit: model.Benefit,
    classes: tuple[str, ...],
    one: model.Benefit,
    scope: Scope,
    found: Diagnostics,
) -> model.Benefit:
    """An alternative with a name and a code of its own, which nothing else may bear."""
    name = f"{benefit.name}·{'·'.join(classes)}"
    code = f"{benefit.code}_{scope.classes.index(classes[0]) + 1}"
    for own in (name, code):
        if own in scope.places:
            place = Related(scope.places[own], "first")
            found.add("E204", benefit.span, place, name=own)
    return replace(one, name=name, code=code)


def choice_of(
    benefit: model.Benefit,
    standing: model.Standing,
    named: Mapping[tuple[str, ...], model.Benefit],
) -> model.Choice:
    """The choice among the classes of one benefit."""
    classes = {name: one.name for row, one in named.items() for name in row}
    return model.Choice(
        by=standing.best_of or Period.CLAIM,
        benefits=tuple(one.name for one in named.values()),
        cited=standing.cited,
        span=standing.span,
        whole=model.Whole(benefit.name, benefit.code, classes),
    )


def check_by_class(policy: model.Policy, found: Diagnostics) -> None:
    """E625: what asks for the one class of a person who may be in several."""
    standing = policy.standing
    if standing is None or standing.best_of is None:
        return
    asked = [p for e in policy_expressions(policy) for p in parts(e)]
    spans = [p.span for p in asked if isinstance(p, model.StandingRef)]
    spans += [w.targets.span for w in policy.warnings if w.targets.by_class]
    for span in dict.fromkeys(spans):
        found.add("E625", span, table=standing.name)
