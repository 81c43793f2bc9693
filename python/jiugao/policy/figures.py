"""The settings of a benefit come in; its figures go out as decision tables.

A figure stands in one place: plainly, or in one table. Limits are the exception, since
all of them bind: a plain limit adds to those of a table, unless the period is the same.
"""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, assert_never

from jiugao.dataclass import dataclass
from jiugao.diagnostics import Related
from jiugao.policy import model
from jiugao.policy.expressions import Typing
from jiugao.policy.gather import cite
from jiugao.policy.leaves import (
    bands,
    deductible,
    fixed,
    gate,
    limit,
    part_rates,
    plain_rate,
)
from jiugao.policy.scope import Place
from jiugao.policy.tables import Covered, Resolved, Row, resolve
from jiugao.syntax import tree

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jiugao.source import Span

FIGURES = ("deductible", "gate", "rates", "limits", "fixed")


@dataclass
class Figures:
    """What the settings of one level say, figure by figure."""

    found: dict[str, model.Figure] = field(default_factory=dict)
    places: dict[str, Span] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)  # written, and had findings
    not_entitled: tree.NotEntitled | None = None

    def silent(self, name: str) -> bool:
        """Whether nothing is written of a figure."""
        return name not in self.found and name not in self.unread


def read_figures(
    typing: Typing,
    settings: Sequence[tree.Setting],
    inside: tree.ByRow | None = None,
    citation: model.Cited | None = None,
) -> Figures:
    """The figures of a benefit, or of one row of a table (`inside`)."""
    read = Figures()
    figure = replace(typing, place=Place.FIGURE)
    for setting in settings:
        match setting:
            case tree.Deductible():
                put(typing, read, "deductible", deductible(figure, setting, citation))
            case tree.Gate():
                put(typing, read, "gate", gate(figure, setting, citation))
            case tree.Rate():
                put(typing, read, "rates", plain_rate(figure, setting, citation))
            case tree.PartRates():
                put(typing, read, "rates", part_rates(figure, setting, citation))
            case tree.Bands():
                put(typing, read, "rates", bands(figure, setting, citation))
            case tree.Limit():
                put_limits(typing, read, limit(figure, setting, citation))
            case tree.Fixed():
                put(typing, read, "fixed", fixed(figure, setting, citation))
            case tree.By():
                read_by(typing, read, setting, citation)
            case tree.NotEntitled():
                read.not_entitled = setting
            case tree.Citation():
                pass
            case (
                tree.Applies() | tree.Base() | tree.BaseParts() | tree.Tilt()
                | tree.Settle() | tree.Rounding() | tree.Payer() | tree.Actual()
                | tree.Replaces() | tree.BestOf() | tree.Counting() | tree.Payee()
                | tree.DueBy()
            ):  # fmt: skip
                if inside is not None:
                    typing.found.add("E421", setting.span, what=setting.span.text)
            case _:
                assert_never(setting)
    if read.not_entitled is not None and (read.found or inside is None):
        typing.found.add("E424", read.not_entitled.span)
    return read


def put(typing: Typing, read: Figures, name: str, figure: model.Figure | None) -> None:
    """A figure that may stand in one place only."""
    if figure is None:
        read.unread.add(name)
        return
    if name in read.found:
        first = Related(read.places[name], "first")
        typing.found.add("E408", figure.span, first, what=f"@{name}")
        return
    read.found[name] = figure
    read.places[name] = figure.span


def put_limits(typing: Typing, read: Figures, figure: model.Figure | None) -> None:
    """Limits add up, one for each period, and shared ones by name."""
    if figure is None:
        read.unread.add("limits")
        return
    before = read.found.get("limits")
    if before is None:
        put(typing, read, "limits", figure)
        return
    read.found["limits"] = combined(typing, before, figure)


def combined(typing: Typing, first: model.Figure, second: model.Figure) -> model.Figure:
    """Both figures' limits in every leaf of the first."""

    def joined(one: model.Leaf) -> model.Figure:
        def add(other: model.Leaf) -> model.Figure:
            assert isinstance(one.value, tuple)
            assert isinstance(other.value, tuple)
            for late in other.value:
                for early in one.value:
                    if (late.shared, late.period) == (early.shared, early.period):
                        place = Related(early.span, "first")
                        typing.found.add("E408", late.span, place, what="@limits")
            return model.Leaf((*one.value, *other.value), one.span)

        return mapped(second, add)

    return mapped(first, joined)


def mapped(
    figure: model.Figure, change: Callable[[model.Leaf], model.Figure]
) -> model.Figure:
    """The figure with every leaf changed."""
    match figure:
        case model.Table():
            arms = tuple(
                model.Arm(a.keys, a.others, mapped(a.body, change), a.span)
                for a in figure.arms
            )
            return model.Table(figure.subject, arms, figure.span)
        case model.Leaf():
            return change(figure)
        case model.NotEntitled():
            return figure
        case _:
            assert_never(figure)


def read_by(
    typing: Typing, read: Figures, by: tree.By, citation: model.Cited | None
) -> None:
    """A table: each figure that its rows set becomes a table of its own."""
    rows = [Row(row.keys, row.span) for row in by.rows]
    resolved = resolve(typing, by.subject, rows, by.span)
    bodies = [
        read_figures(typing, row.settings, row, cite(row.citation) or citation)
        for row in by.rows
    ]
    named = {name for body in bodies for name in (*body.found, *body.unread)}
    if resolved is None:
        read.unread |= named
        return
    if not named:
        if all(body.not_entitled for body in bodies):
            typing.found.add("E425", by.span)
        return
    for name in (n for n in FIGURES if n in named):
        if not_under(name, resolved, bodies):
            continue
        figure = by_figure(typing, by, resolved, bodies, name)
        if name == "limits":
            put_limits(typing, read, figure)
        else:
            put(typing, read, name, figure)


def not_under(name: str, resolved: Resolved, bodies: Sequence[Figures]) -> bool:
    """Whether the chosen reading has no gate: it may stand under the others alone."""
    if name != "gate" or resolved.chosen is None:
        return False
    return bodies[resolved.chosen].silent(name)


def by_figure(
    typing: Typing,
    by: tree.By,
    resolved: Resolved,
    bodies: Sequence[Figures],
    name: str,
) -> model.Figure | None:
    """One figure of a table; a row that says nothing of it is a finding."""
    optional = name == "gate" and resolved.known
    silent = [
        by.rows[index].span
        for index, body in enumerate(bodies)
        if body.silent(name) and body.not_entitled is None and not optional
    ]
    for span in silent:
        typing.found.add("E409", span, what=f"@{name}")
    if silent or any(name in body.unread for body in bodies):
        return None

    def body_of(index: int) -> model.Figure:
        body = bodies[index]
        if body.not_entitled is not None:
            return model.NotEntitled(body.not_entitled.span)
        return body.found[name]

    if resolved.known:
        return None if resolved.chosen is None else body_of(resolved.chosen)

    def arm(row: Covered) -> model.Arm:
        span = by.rows[row.index].span
        return model.Arm(row.keys, row.others, body_of(row.index), span)

    arms = tuple(arm(row) for row in resolved.rows)
    return model.Table(resolved.subject, arms, by.span)
