"""A benefit's figures and its tilts (倾斜) come in; the amended figures go out."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from jiugao.diagnostics import Related
from jiugao.policy import model
from jiugao.policy.figures import Figures, mapped
from jiugao.policy.gather import cite
from jiugao.policy.walk import leaves
from jiugao.syntax import tree
from jiugao.syntax.tree import Change, Operator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiugao.policy.expressions import Typing
    from jiugao.source import Span

MONEY, RATE = model.Kind.MONEY, model.Kind.RATE
Rated = TypeVar("Rated", model.Band, model.PartRate)
SIGNS = {Change.RAISED: Operator.ADD, Change.LOWERED: Operator.SUB}
PERIODIC = ("deductible", "limit")
AMENDS = {
    "deductible": "deductible",
    "bands": "rates",
    "rate": "rates",
    "limit": "limits",
}


def apply_tilts(typing: Typing, figures: Figures, tilts: Sequence[tree.Tilt]) -> None:
    """Amend the figures in place; two tilts of one figure have no order: a finding."""
    amended: dict[str, Span] = {}
    for tilt in tilts:
        changed: dict[str, list[tree.TiltEdit]] = {}
        for edit in tilt.edits:
            changed.setdefault(AMENDS[edit.figure], []).append(edit)
        for name, edits in changed.items():
            if name in amended:
                first = Related(amended[name], "first")
                typing.found.add("E415", tilt.span, first, what=f"@{name}")
                continue
            amended[name] = tilt.span
            figure = figures.found.get(name)
            if figure is None:
                if name not in figures.unread:
                    typing.found.add("E416", edits[0].span, what=f"@{name}")
                continue
            figures.found[name] = tilted(typing, figure, tilt, edits)


def tilted(
    typing: Typing, figure: model.Figure, tilt: tree.Tilt, edits: list[tree.TiltEdit]
) -> model.Figure:
    """The amended figure for those who hold one of the identities, else the figure."""
    better = figure
    cited = cite(tilt.citation)
    for edit in edits:
        better = mapped(better, lambda leaf, e=edit: amend(typing, leaf, e, cited))  # type: ignore[misc]
        report_nothing_amended(typing, figure, edit)
    names = tuple(w.text for w in tilt.who)
    span = tilt.span
    subject = model.HoldsIdentity(model.Kind.FLAG, names, span)
    arms = (
        model.Arm(frozenset((True,)), False, better, span),
        model.Arm(frozenset((False,)), False, figure, span),
    )
    return model.Table(subject, arms, span)


def report_nothing_amended(
    typing: Typing, figure: model.Figure, edit: tree.TiltEdit
) -> None:
    """A limit or a deductible amended that no leaf has."""
    if edit.figure not in PERIODIC:
        return
    there = (one for leaf in leaves(figure) for one in periodic(leaf))
    if not any(is_amended(one, edit) for one in there):
        over, name = edit.period, edit.figure
        what = f"@{over.value}_{name}" if over else f"@{AMENDS[name]}"
        typing.found.add("E416", edit.span, what=what)


def periodic(leaf: model.Leaf) -> tuple[model.Deductible | model.Limit, ...]:
    """The deductible or the own limits of a leaf."""
    match leaf.value:
        case model.Deductible() as deductible:
            return (deductible,)
        case tuple() as limits:
            return tuple(limit for limit in limits if limit.shared is None)
        case _:
            return ()


def is_amended(one: model.Deductible | model.Limit, edit: tree.TiltEdit) -> bool:
    """Whether an edit speaks of it: by its period, and there is something to amend.

    限额 不设 speaks of the year's; an amount set takes the place of whatever deductible.
    """
    match one:
        case model.Limit():
            spoken_of = one.period is (edit.period or tree.Period.YEAR)
            return spoken_of and (one.amount is not None or edit.change is Change.SET)
        case model.Deductible():
            spoken_of = edit.period in {None, one.period}
            return edit.change is Change.SET or (spoken_of and one.amount is not None)


def amend(
    typing: Typing, leaf: model.Leaf, edit: tree.TiltEdit, cited: model.Cited | None
) -> model.Leaf:
    """One leaf amended."""
    match leaf.value:
        case model.Deductible(amount=amount) as value:
            if not is_amended(value, edit):
                return leaf
            if edit.change is Change.NONE:
                changed = replace(value, amount=None, span=edit.span, cited=cited)
                return replace(leaf, value=changed)
            better = changed_money(typing, amount, edit)
            if better is None:
                return leaf
            moved = edit.change in SIGNS
            period = value.period if moved else edit.period or value.period
            changed = replace(
                value, amount=better, period=period, span=edit.span, cited=cited
            )
            return replace(leaf, value=changed)
        case model.Rates(bands=bands) as value:
            by = changing_rate(typing, edit)
            better_bands = tuple(amended_rate(one, edit, by) for one in bands)
            return replace(leaf, value=replace(value, bands=better_bands, cited=cited))
        case model.PartRates(rates=rates) as value:
            by = changing_rate(typing, edit)
            better_rates = tuple(amended_rate(one, edit, by) for one in rates)
            return replace(leaf, value=replace(value, rates=better_rates, cited=cited))
        case tuple() as limits:
            kept = tuple(amended_limit(typing, one, edit, cited) for one in limits)
            return replace(leaf, value=kept)
        case _:
            return leaf


def amended_limit(
    typing: Typing, limit: model.Limit, edit: tree.TiltEdit, cited: model.Cited | None
) -> model.Limit:
    """A limit of the edit's period raised, lowered, set or lifted."""
    if limit.shared is not None or not is_amended(limit, edit):
        return limit
    if edit.change is Change.NONE:
        return replace(limit, amount=None, span=edit.span, cited=cited)
    better = changed_money(typing, limit.amount, edit)
    if better is None:
        return limit
    return replace(limit, amount=better, span=edit.span, cited=cited)


def changing_rate(typing: Typing, edit: tree.TiltEdit) -> model.Expression | None:
    """What rates are moved by or set to; None: a finding."""
    if edit.amount is None:
        typing.found.add("E605", edit.span, what=edit.span.text)
        return None
    by = typing.typed(edit.amount, RATE)
    if by is None:
        return None
    if edit.change in SIGNS and not counted_in_points(typing, edit.amount):
        typing.found.add("E308", edit.span, text=edit.span.text)
        return None
    return by


def amended_rate(one: Rated, edit: tree.TiltEdit, by: model.Expression | None) -> Rated:
    """A rate moved by percentage points, or set; as it is where it cannot be."""
    if by is None:
        return one
    sign = SIGNS.get(edit.change)
    rate = by if sign is None else arithmetic(RATE, sign, one.rate, by, edit.span)
    return replace(one, rate=rate)


def counted_in_points(typing: Typing, node: tree.Expression) -> bool:
    """5个百分点, or a parameter given in points; 5% could also mean a twentieth more."""
    match node:
        case tree.Literal(unit=tree.Unit.POINTS):
            return True
        case tree.Name(text=text):
            parameter = typing.scope.parameters.get(text)
            return parameter is not None and parameter.name in typing.scope.points
        case _:
            return False


def changed_money(
    typing: Typing, amount: model.Expression | None, edit: tree.TiltEdit
) -> model.Expression | None:
    """降低 50% is a share of the amount; 降低 2000元 is taken off.

    None: nothing to raise or lower, or a finding.
    """
    assert edit.amount is not None
    sign = SIGNS.get(edit.change)
    if sign is None:
        return typing.typed(edit.amount, MONEY)
    if amount is None:
        return None
    by = typing.inferred(edit.amount)
    if by is None:
        return None
    match by.kind:
        case model.Kind.MONEY:
            return arithmetic(MONEY, sign, amount, by, edit.span)
        case model.Kind.RATE:
            one = model.Const(RATE, Fraction(1), edit.span)
            share = arithmetic(RATE, sign, one, by, edit.span)
            return arithmetic(MONEY, Operator.MUL, share, amount, edit.span)
        case _:
            typing.report_kind(edit.amount, by, MONEY)
            return None


def arithmetic(
    kind: model.Kind,
    operator: Operator,
    left: model.Expression,
    right: model.Expression,
    span: Span,
) -> model.Expression:
    """The operator, worked out where both sides are constants."""
    match left, right:
        case model.Const(value=Fraction() as a), model.Const(value=Fraction() as b):
            exact = {Operator.ADD: a + b, Operator.SUB: a - b, Operator.MUL: a * b}
            return model.Const(kind, exact[operator], span)
        case _:
            return model.Binary(kind, operator, left, right, span)
