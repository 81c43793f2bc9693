"""Written parameters and settings come in; dated figures and chosen readings go out.

Settings replace a parameter's value for its whole time; what they name or say wrongly
is a finding without a place in the file, except where the parameter stands.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from fractions import Fraction
from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.diagnostics import Diagnostics, Related
from jiugao.policy import model
from jiugao.policy.bounds import check_bounds, check_locked
from jiugao.policy.cited import cited_words
from jiugao.policy.gather import Gathered, Placed, cite
from jiugao.policy.literals import (
    PARAMETER_KINDS,
    Value,
    literal_kind,
    literal_value,
    option_name,
)
from jiugao.policy.nearest import nearest, report_unknown
from jiugao.syntax import tree

if TYPE_CHECKING:
    from collections.abc import Mapping

AMOUNT = re.compile(r"^(\d+(?:\.\d+)?)\s*(万)?\s*(元|yuan|%|个百分点|points?)?$")
FLAGS = {"是": True, "yes": True, "否": False, "no": False}


@dataclass(frozen=True)
class Parameters:
    """Parameters by name and code name; `points`: those given in percentage points."""

    by_name: dict[str, model.Parameter]
    points: frozenset[str]
    readings: dict[str, str]
    unread: frozenset[str]  # declared, but with a finding: no use telling it again


def read_parameters(
    gathered: Gathered, settings: Mapping[str, str], found: Diagnostics
) -> Parameters:
    """Every parameter with what the caller set."""
    by_name: dict[str, model.Parameter] = {}
    points: set[str] = set()
    unread: set[str] = set()
    placed = gathered.of(tree.Parameter)
    known = {p.node.name.text: p.node for p in placed}
    known.update({p.node.code: p.node for p in placed if p.node.code})
    lists = {p.node.name.text for p in gathered.of(tree.CodeList)}
    for name in settings:
        if name not in known and name not in lists:
            report_unknown_setting(found, name, known)
    for item in placed:
        node = item.node
        given = settings.get(node.name.text, settings.get(node.code or "", None))
        read = read_parameter(item, given, found)
        if read is None:
            unread |= {node.name.text, node.code or node.name.text}
            continue
        by_name[node.name.text] = read
        if node.code:
            by_name[node.code] = read
        if in_points(node, given):
            points.add(read.name)
    readings = {p.name: p.option for p in by_name.values() if p.options}
    return Parameters(by_name, frozenset(points), readings, frozenset(unread))


def report_unknown_setting(
    found: Diagnostics, name: str, known: Mapping[str, tree.Parameter]
) -> None:
    """E609 with the nearest parameter, or E610 with those there are."""
    match = nearest(name, known)
    if match is not None:
        found.add("E609", None, name=name, nearest=match)
    else:
        labels = dict.fromkeys(p.name.text for p in known.values())
        found.add("E610", None, name=name, known=tuple(labels))


def in_points(node: tree.Parameter, given: str | None) -> bool:
    """Whether the figure is written in percentage points."""
    if given is not None:
        return "点" in given or "point" in given
    literals = [v.value for v in node.values if isinstance(v.value, tree.Literal)]
    return bool(literals) and all(v.unit is tree.Unit.POINTS for v in literals)


def read_parameter(
    item: Placed[tree.Parameter], given: str | None, found: Diagnostics
) -> model.Parameter | None:
    """One parameter: a reading, a dated figure, or a figure still to be set."""
    node = item.node
    check_locked(item, given, found)
    if node.options:
        check_bounds(item, None, (), found)
        return read_reading(item, given, found)
    kind = kind_of(node, found)
    if kind is None:
        return None
    values = read_values(node, kind, found)
    if given is not None:
        value = parse_setting(given, kind)
        if value is None:
            span, name = node.span, node.name.text
            found.add("E611", span, name=name, value=given, wanted=f"@{kind.value}")
            return None
        cited = item.cited(node.citation)
        values = (model.Dated(None, None, value, cited, node.span),)
    check_bounds(item, kind, values, found, given)
    return _parameter(item, kind, values)


def read_reading(
    item: Placed[tree.Parameter], given: str | None, found: Diagnostics
) -> model.Parameter | None:
    """A reading (口径): one of its options, chosen by the file or by the caller."""
    node = item.node
    options = tuple(o.text for o in node.options)
    for again in {o for o in options if options.count(o) > 1}:
        found.add("E204", node.span, name=again)
    chosen = given
    for value in (row.value for row in node.values):
        name = option_name(value) or value.span.text
        if name not in options:
            report_unknown(found, value.span, name, options)
            return None
        chosen = name if chosen is None else chosen
    if chosen is None:
        report_open(found, node, item)
        return None
    if chosen not in options:
        name = node.name.text
        found.add("E612", node.span, name=name, value=chosen, known=tuple(options))
        return None
    dated = model.Dated(None, None, chosen, item.cited(node.citation), node.span)
    return _parameter(item, model.Kind.TEXT, (dated,), options)


def _parameter(
    item: Placed[tree.Parameter],
    kind: model.Kind,
    values: tuple[model.Dated, ...],
    options: tuple[str, ...] = (),
) -> model.Parameter:
    node = item.node
    return model.Parameter(
        name=node.name.text,
        kind=kind,
        values=values,
        options=options,
        assumption=node.assumption,
        to_be_set=not node.values,
        cited=item.cited(node.citation),
        span=node.name.span,
        code=node.code,
        declared=cite(node.declared),
    )


def report_open(
    found: Diagnostics, node: tree.Parameter, item: Placed[tree.Parameter]
) -> None:
    """E607: open, with the clause that leaves it open."""
    cited = item.cited(node.citation)
    found.add("E607", node.span, name=node.name.text, **cited_words(cited))


def kind_of(node: tree.Parameter, found: Diagnostics) -> model.Kind | None:
    """The kind stated, or that of the values."""
    if node.kind is not None:
        stated = PARAMETER_KINDS.get(node.kind.text)
        if stated is None:
            report_unknown(found, node.kind.span, node.kind.text, PARAMETER_KINDS)
        return stated
    if not node.values:
        found.add("E613", node.span, name=node.name.text)
        return None
    return literal_kind(node.values[0].value, found)


def read_values(
    node: tree.Parameter, kind: model.Kind, found: Diagnostics
) -> tuple[model.Dated, ...]:
    """The periods in order of time; overlaps and backward periods are findings."""
    read: list[model.Dated] = []
    for row in node.values:
        own = literal_kind(row.value, found)
        if own is not None and own is not kind:
            wanted, other = f"@{kind.value}", f"@{own.value}"
            found.add("E301", row.value.span, wanted=wanted, found=other)
            continue
        if own is None:
            continue
        value = literal_value(row.value, found)
        start = row.start.value if row.start else None
        end = row.end.value if row.end else None
        if start and end and end < start:
            found.add("E618", row.span, name=node.name.text)
            continue
        published = row.published.value if row.published else None
        cited = cite(row.citation)
        read.append(model.Dated(start, end, value, cited, row.span, published))
    read.sort(key=lambda d: d.start or dt.date.min)
    for before, after in itertools.pairwise(read):
        if before.end is None or (after.start or dt.date.min) <= before.end:
            first = Related(before.span, "first")
            found.add("E608", after.span, first, name=node.name.text)
    return tuple(read)


def parse_setting(text: str, kind: model.Kind) -> Value | None:
    """`35705元`, `35705`, `70%`, `2023-01-01`, `是`: the value, or None."""
    text = text.strip().replace(",", "").replace("，", "").replace("％", "%")
    match kind:
        case model.Kind.FLAG:
            return FLAGS.get(text)
        case model.Kind.DATE:
            try:
                return dt.date.fromisoformat(text)
            except ValueError:
                return None
        case model.Kind.TEXT:
            return text
        case _:
            return parse_amount(text, kind)


def parse_amount(text: str, kind: model.Kind) -> Fraction | None:
    """Money in fen, a rate or a number, or None."""
    matched = AMOUNT.match(text)
    if matched is None:
        return None
    amount = Fraction(matched[1]) * (10_000 if matched[2] else 1)
    match kind, matched[3]:
        case model.Kind.MONEY, (None | "元" | "yuan"):
            fen = amount * 100
            return fen if fen.denominator == 1 else None
        case model.Kind.RATE, ("%" | "个百分点" | "point" | "points"):
            return amount / 100
        case model.Kind.COUNT, None:
            return amount
        case _:
            return None
