"""A parameter's written bounds and its values come in; values outside are findings.

不低于, 不超过 and 锁定 hold whoever gives the value: the file, an overlay, or the caller;
对细则锁定 holds for overlays, and is seen to where they are set upon their base.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.diagnostics import Argument, Diagnostics, Related
from jiugao.policy import model
from jiugao.policy.cited import cited_words
from jiugao.policy.gather import cite
from jiugao.policy.literals import Value, literal_kind, literal_value
from jiugao.syntax import tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiugao.policy.gather import Placed

ORDERED = (model.Kind.MONEY, model.Kind.RATE, model.Kind.COUNT, model.Kind.DATE)


def check_locked(
    item: Placed[tree.Parameter] | Placed[tree.CodeList],
    given: str | None,
    found: Diagnostics,
) -> None:
    """锁定: a value is written, and nobody gives another."""
    node = item.node
    if node.lock is not tree.Lock.EVERYONE:
        return
    open_ = node.file is None if isinstance(node, tree.CodeList) else not node.values
    if open_:
        found.add("E674", node.span, name=node.name.text)
    elif given is not None:
        found.add("E673", node.span, name=node.name.text, **told(item))


def check_bounds(
    item: Placed[tree.Parameter],
    kind: model.Kind | None,
    values: Sequence[model.Dated],
    found: Diagnostics,
    given: str | None = None,
) -> None:
    """Every value lies within; `kind` None is a reading, which has no bounds."""
    limits: list[tuple[tree.Bound, Value]] = []
    for bound in item.node.bounds:
        if kind not in ORDERED:
            found.add("E675", bound.span, name=item.node.name.text)
            continue
        own = literal_kind(bound.value, found)
        if own is not None and own is not kind:
            words = {"wanted": f"@{kind.value}", "found": f"@{own.value}"}
            found.add("E301", bound.value.span, **words)
        elif own is not None:
            limits.append((bound, literal_value(bound.value, found)))
    both = len(limits) > 1  # the floor first, as the tree has them
    if both and beyond(limits[1][1], tree.Operator.AT_LEAST, limits[0][1]):
        found.add("E676", item.node.span, name=item.node.name.text)
        return
    for bound, limit in limits:
        for dated in values:
            if beyond(dated.value, bound.operator, limit):
                report_beyond(item, bound, dated, given, found)


def beyond(value: Value, operator: tree.Operator, limit: Value) -> bool:
    """Whether a value is under its floor or over its ceiling; both are of one kind."""
    low, high = (value, limit) if operator is tree.Operator.AT_LEAST else (limit, value)
    return low < high  # type: ignore[operator]


def report_beyond(
    item: Placed[tree.Parameter],
    bound: tree.Bound,
    dated: model.Dated,
    given: str | None,
    found: Diagnostics,
) -> None:
    """E671 under the floor, E672 over the ceiling, with the clause of the bound."""
    code = "E671" if bound.operator is tree.Operator.AT_LEAST else "E672"
    value = given
    place = Related(bound.span, "bound")
    for row in item.node.values if given is None else ():
        if row.span == dated.span:
            value = row.value.span.text
    words = {"name": item.node.name.text, "value": value or dated.span.text}
    words["bound"] = bound.value.span.text
    found.add(code, dated.span, place, **words, **told(item))


def told(
    item: Placed[tree.Parameter] | Placed[tree.CodeList],
) -> dict[str, Argument]:
    """Where the bound is written: of an overlay's parameter, in the base."""
    node = item.node
    return cited_words(cite(node.declared) or item.cited(node.citation))
