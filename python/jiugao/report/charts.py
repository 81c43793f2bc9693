"""Names and amounts come in; charts as SVG, drawn by Vega-Lite, go out.

The drawings need no script and no network: a report stays one file that prints as it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import vl_convert

WIDTH = 820
LABEL = 70  # pixels that an amount takes beside its bar
BAR = 22  # height of a row of bars
OURS, BACK, OTHERS, PERSON = "#2b6ca3", "#c8702a", "#8fa3b3", "#5b8c5a"
STEPS = ("#c9d8e4", "#8db3d0", "#4c88b5", "#c8702a")
COLOURS = (OURS, BACK, PERSON, "#8a6fae", OTHERS, "#b08a3c")
FONT = "Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"
INK = "#5b6b7a"  # readable on white and on dark pages
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
YUAN = {"labelExpr": "format(datum.value / 100, ',.0f')", "title": None, "tickCount": 5}
COUNT = {"format": ",d", "title": None, "tickCount": 5, "tickMinStep": 1}
NAMES = {"title": None, "labelLimit": 260}

Spec = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One payer's part of the bill: its name, whose it is, from where to where, in fen."""

    name: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Bar:
    """One bar: the row it stands in, what it is of, how long it is."""

    name: str
    kind: str
    amount: int


def waterfall(steps: Sequence[Step], colours: Mapping[str, str]) -> str:
    """Who pays the bill, one after the other, down to what is left."""
    values = [
        {"n": n, "name": s.name, "kind": s.kind, "from": s.start, "to": s.end,
         "label": yuan(abs(s.end - s.start)), "right": max(s.start, s.end)}
        for n, s in enumerate(steps)
    ]  # fmt: skip
    rows = _rows("name")
    colour = _colour(colours)
    bars = {
        "mark": {"type": "bar", "height": BAR - 6},
        "encoding": {
            **rows,
            "x": {"field": "from", "type": "quantitative", "axis": YUAN},
            "x2": {"field": "to"},
            **colour,
        },
    }
    return _drawn(values, [bars, _labels(rows, "right")], height=BAR * len(values))


def pairs(bars: Sequence[Bar], colours: Mapping[str, str]) -> str:
    """Under each name a bar of each kind, amounts in fen."""
    values = [
        {"name": b.name, "kind": b.kind, "amount": b.amount, "right": b.amount,
         "label": yuan(b.amount) if b.amount else ""}
        for b in bars
    ]  # fmt: skip
    place = {
        **_rows("name"),
        "yOffset": {"field": "kind", "type": "nominal", "sort": None},
    }
    across: Spec = {"field": "amount", "type": "quantitative", "axis": YUAN}
    if any(b.amount < 0 for b in bars):  # room for the label of a bar to the left
        across["scale"] = {"padding": LABEL}
    drawn = {
        "mark": "bar",
        "encoding": {**place, "x": across, **_colour(colours)},
    }
    names = len({b.name for b in bars})
    return _drawn(values, [drawn, _labels(place, "right")], height=2 * BAR * names)


def columns(bars: Sequence[Bar], colours: Mapping[str, str]) -> str:
    """Counts side by side over each name, in the order given."""
    values = [
        {"name": b.name, "kind": b.kind, "amount": b.amount, "label": f"{b.amount:,}"}
        for b in bars
    ]
    place = {
        "x": {"field": "name", "type": "nominal", "sort": None,
              "axis": {**NAMES, "labelAngle": 0}},
        "xOffset": {"field": "kind", "type": "nominal", "sort": None},
        "y": {"field": "amount", "type": "quantitative", "axis": COUNT},
    }  # fmt: skip
    drawn = {"mark": "bar", "encoding": {**place, **_colour(colours)}}
    told = {
        "mark": {
            "type": "text",
            "baseline": "bottom",
            "dy": -2,
            "fontSize": 10,
            "fill": INK,
        },
        "encoding": {**place, "text": {"field": "label"}},
    }
    return _drawn(values, [drawn, told], height=220)


def stacks(bars: Sequence[Bar], colours: Mapping[str, str], *, money: bool) -> str:
    """The parts of each name one after the other: amounts in fen, or counts."""
    values = [{"name": b.name, "kind": b.kind, "amount": b.amount} for b in bars]
    order = list(colours)
    for value in values:
        value["place"] = order.index(str(value["kind"]))
    drawn = {
        "mark": {"type": "bar", "height": BAR - 6},
        "encoding": {
            **_rows("name"),
            "x": {"field": "amount", "type": "quantitative", "stack": "zero",
                  "axis": YUAN if money else COUNT},
            "order": {"field": "place"},
            **_colour(colours),
        },
    }  # fmt: skip
    names = len({b.name for b in bars})
    return _drawn(values, [drawn], height=BAR * names)


def yuan(fen: int) -> str:
    """Fen as yuan with thousands separators."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def _rows(field: str) -> Spec:
    return {"y": {"field": field, "type": "nominal", "sort": None, "axis": NAMES}}


def _colour(colours: Mapping[str, str]) -> Spec:
    scale = {"domain": list(colours), "range": list(colours.values())}
    legend = {"title": None, "orient": "top", "labelLimit": 260}
    return {
        "color": {"field": "kind", "type": "nominal", "scale": scale, "legend": legend}
    }


def _labels(place: Spec, field: str) -> Spec:
    """Amounts beside the ends of bars: to the left of one that goes to the left."""
    back = f"datum['{field}'] < 0"
    mark = {
        "type": "text",
        "align": {"expr": f"{back} ? 'right' : 'left'"},
        "dx": {"expr": f"{back} ? -4 : 4"},
        "fontSize": 10,
        "fill": INK,
    }
    at = {"field": field, "type": "quantitative"}
    return {"mark": mark, "encoding": {**place, "x": at, "text": {"field": "label"}}}


def _drawn(
    values: Sequence[Mapping[str, Any]], layers: Sequence[Spec], height: int
) -> str:
    spec = {
        "$schema": SCHEMA,
        "width": WIDTH,
        "height": height,
        "background": None,
        "padding": {"left": 0, "top": 4, "right": 90, "bottom": 4},
        "data": {"values": list(values)},
        "layer": list(layers),
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": {"labelColor": INK, "domainColor": INK, "tickColor": INK,
                     "gridOpacity": 0.4, "labelFontSize": 11},
            "legend": {"labelColor": INK, "labelFontSize": 12},
        },
    }  # fmt: skip
    return str(vl_convert.vegalite_to_svg(spec))
