"""Written indicators (指标) come in; warnings by person and year go out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.policy import model
from jiugao.policy.expressions import Typing
from jiugao.policy.fold import folded
from jiugao.policy.group_indicators import by_person
from jiugao.policy.scope import Place
from jiugao.policy.tables import Row, resolve
from jiugao.syntax import tree

if TYPE_CHECKING:
    from jiugao.diagnostics import Diagnostics
    from jiugao.policy.gather import Gathered, Placed
    from jiugao.policy.scope import Scope

PERSON_YEAR = ("人", "年")
MONEY = model.Kind.MONEY


def read_warnings(
    gathered: Gathered, scope: Scope, absent: frozenset[str], found: Diagnostics
) -> tuple[model.Warning_, ...]:
    """Every indicator by person and year."""
    read = (
        read_warning(placed, scope, absent, found)
        for placed in gathered.of(tree.Indicator)
        if by_person(placed.node)
    )
    return tuple(w for w in read if w is not None)


def read_warning(
    placed: Placed[tree.Indicator],
    scope: Scope,
    absent: frozenset[str],
    found: Diagnostics,
) -> model.Warning_ | None:
    """One indicator: what is summed, and the threshold of each class."""
    node = placed.node
    by = [name.text for name in node.by]
    if sorted(by) != sorted(PERSON_YEAR):
        found.add("E446", node.span, what=tuple(by))
        return None
    match node.amount:
        case tree.Total(counted=False, value=summed) if summed is not None:
            pass
        case _:
            found.add("E449", node.amount.span, what=node.amount.span.text)
            return None
    typing = Typing(scope, found, Place.CLAIM)
    amount = typing.typed(summed, MONEY)
    targets = read_targets(node, typing)
    cited = placed.cited(node.citation)
    if cited is None:
        found.add("E601", node.name.span, name=node.name.text)
    if amount is None or targets is None or cited is None:
        return None
    code = node.code or node.name.text
    return model.Warning_(
        node.name.text, code, folded(amount, absent), targets, cited, node.span
    )


def read_targets(node: tree.Indicator, typing: Typing) -> model.ThresholdTable | None:
    """One threshold for all, or one for each class."""
    figures = Typing(typing.scope, typing.found, Place.FIGURE)
    if isinstance(node.target, tree.Target):
        threshold = read_threshold(node.target, figures)
        if threshold is None:
            return None
        return model.ThresholdTable({}, threshold, node.target.span)
    table = node.target
    rows = [Row(row.keys, row.span) for row in table.rows]
    resolved = resolve(typing, table.subject, rows, table.span)
    thresholds = [read_threshold(row.target, figures) for row in table.rows]
    if resolved is None:
        return None
    if not isinstance(resolved.subject, model.StandingRef):
        typing.found.add("E605", table.subject.span, what=table.subject.span.text)
        return None
    by_class: dict[str, model.Threshold] = {}
    others: model.Threshold | None = None
    for row in resolved.rows:
        threshold = thresholds[row.index]
        if threshold is None:
            return None
        if row.others:
            others = threshold
        by_class.update({str(key): threshold for key in sorted(row.keys, key=str)})
    return model.ThresholdTable(by_class, others, table.span)


def read_threshold(target: tree.Target, typing: Typing) -> model.Threshold | None:
    """`不超过 amount`; 不享受 watches nothing."""
    if target.pending:
        typing.found.add("E449", target.span, what=target.span.text)
        return None
    if target.amount is None:
        return model.Threshold(target.operator, None, target.span)
    amount = typing.typed(target.amount, MONEY)
    if amount is None:
        return None
    return model.Threshold(target.operator, amount, target.span)
