"""One written figure comes in; one leaf of a decision table goes out."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from jiugao.policy import model
from jiugao.policy.nearest import report_unknown
from jiugao.syntax import tree

if TYPE_CHECKING:
    from jiugao.policy.expressions import Typing
    from jiugao.source import Span

MONEY, RATE = model.Kind.MONEY, model.Kind.RATE


def nothing(span: Span) -> model.Const:
    """Nought yuan."""
    return model.Const(MONEY, Fraction(0), span)


def period_of(
    typing: Typing, period: tree.Period | None, code: str, span: Span
) -> tree.Period | None:
    """The period written; without one the question it leaves open (E406, E407...)."""
    match period:
        case None:
            typing.found.add(code, span, text=span.text)
            return None
        case tree.Period.LIFETIME:
            typing.found.add("E483", span, what=span.text)
            return None
        case _:
            return period


def deductible(
    typing: Typing, node: tree.Deductible, cited: model.Cited | None
) -> model.Figure | None:
    """起付线 with its period; 不设 needs none."""
    if node.amount is None:
        period = node.period or tree.Period.YEAR
        return leaf(model.Deductible(None, period, node.span, cited))
    amount = typing.typed(node.amount, MONEY)
    wanted = period_of(typing, node.period, "E406", node.span)
    if amount is None or wanted is None:
        return None
    shared = None if node.sharing is None else sharing(node.sharing)
    return leaf(model.Deductible(amount, wanted, node.span, cited, shared))


def fixed(
    typing: Typing, node: tree.Fixed, cited: model.Cited | None
) -> model.Figure | None:
    """定额: an amount in the place of a rate."""
    amount = typing.typed(node.amount, MONEY)
    return None if amount is None else leaf(model.Fixed(amount, node.span, cited))


def sharing(node: tree.Sharing) -> model.Sharing:
    """How parts use up the deductible."""
    names = tuple(name.text for name in node.parts)
    return model.Sharing(model.SharingWay(node.way), names, node.span)


def part_rates(
    typing: Typing, node: tree.PartRates, cited: model.Cited | None
) -> model.Figure | None:
    """A rate for each part."""
    read: list[model.PartRate] = []
    for one in node.rates:
        rate = typing.typed(one.rate, RATE)
        if rate is not None:
            read.append(model.PartRate(one.part.text, rate, one.span))
    if len(read) < len(node.rates):
        return None
    return leaf(model.PartRates(tuple(read), node.span, cited))


def gate(
    typing: Typing, node: tree.Gate, cited: model.Cited | None
) -> model.Figure | None:
    """门槛 with its period and whether the amount itself opens it."""
    amount = typing.typed(node.amount, MONEY)
    period = period_of(typing, node.period, "E418", node.span)
    if amount is None or period is None:
        return None
    return leaf(model.Gate(amount, node.operator, period, node.span, cited))


def plain_rate(
    typing: Typing, node: tree.Rate, cited: model.Cited | None
) -> model.Figure | None:
    """One rate for everything: one band from nought without end."""
    rate = typing.typed(node.rate, RATE)
    if rate is None:
        return None
    band = model.Band(nothing(node.span), None, rate, node.span)
    return leaf(model.Rates((band,), tree.Period.YEAR, node.span, cited))


def bands(
    typing: Typing, node: tree.Bands, cited: model.Cited | None
) -> model.Figure | None:
    """分段: edges follow each other; the last one has no end."""
    by = period_of(typing, node.by, "E419", node.span)
    read: list[model.Band] = []
    before: model.Expression | None = nothing(node.span)
    complete = True
    for row in node.rows:
        rate = typing.typed(row.rate, RATE)
        lower = before if row.lower is None else typing.typed(row.lower, MONEY)
        upper = None if row.upper is None else typing.typed(row.upper, MONEY)
        if row.lower is None and before is None:
            typing.found.add("E404", row.span, text=row.span.text)
            return None
        if rate is None or lower is None or (row.upper is not None and upper is None):
            complete = False
            before = upper or nothing(row.span)
            continue
        read.append(model.Band(lower, upper, rate, row.span))
        before = upper
    if read and read[-1].upper is not None and complete:
        typing.found.add("E403", read[-1].span, text=read[-1].upper.span.text)
        return None
    if by is None or not complete or not read:
        return None
    return leaf(model.Rates(tuple(read), by, node.span, cited))


def limit(
    typing: Typing, node: tree.Limit, cited: model.Cited | None
) -> model.Figure | None:
    """限额: an own one with its period, shared ones by name, or 不设."""
    if node.shared:
        drawn: list[model.Limit] = []
        for name in node.shared:
            shared = typing.scope.limits.get(name.text)
            if shared is None:
                report_limit(typing, name)
                continue
            drawn.append(model.Limit(None, tree.Period.YEAR, shared, name.span, cited))
        return model.Leaf(tuple(drawn), node.span) if drawn else None
    if node.amount is None:
        period = node.period or tree.Period.YEAR
        return model.Leaf(
            (model.Limit(None, period, None, node.span, cited),), node.span
        )
    amount = typing.typed(node.amount, MONEY)
    wanted = period_of(typing, node.period, "E407", node.span)
    if amount is None or wanted is None:
        return None
    return model.Leaf((model.Limit(amount, wanted, None, node.span, cited),), node.span)


def report_limit(typing: Typing, name: tree.Name) -> None:
    """A name after 限额 that is no shared limit."""
    what = typing.scope.what(name.text)
    if what == "@parameter":  # 限额 年度上限: an own limit without its period
        typing.found.add("E407", name.span, text=name.text)
    elif what is not None:
        words = {"name": name.text, "what": what, "wanted": "@limit"}
        typing.found.add("E306", name.span, **words)
    else:
        report_unknown(typing.found, name.span, name.text, typing.scope.limits)


def leaf(
    value: model.Deductible | model.Gate | model.Rates | model.PartRates | model.Fixed,
) -> model.Leaf:
    """The value as a leaf at its place."""
    return model.Leaf(value, value.span)
