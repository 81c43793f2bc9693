"""A summary's figures come in; what each chart shows, as a table and drawn, goes out.

The page shows both, the workbook the tables.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from jiugao.claims.contract import tables
from jiugao.report.charts import (
    OTHERS,
    OURS,
    PERSON,
    STEPS,
    Bar,
    Step,
    columns,
    stacks,
    waterfall,
)
from jiugao.report.figures import BURDEN_STEPS, LIMIT_STEPS
from jiugao.report.words import word

if TYPE_CHECKING:
    from jiugao.report.figures import Part
    from jiugao.report.summary import Summary


@dataclass(frozen=True)
class Picture:
    """A table of names and whole numbers (fen where `money`), and its drawing."""

    key: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    money: bool
    draw: Callable[[], str]


def pictures(summary: Summary, language: str) -> tuple[Picture, ...]:
    """Who pays the bill, what persons bear before and after, how far limits are used."""
    made = (
        _flow(summary, language),
        _burdens(summary, language),
        _limits(summary, language),
    )
    return tuple(picture for picture in made if picture.rows)


def _named(summary: Summary, part: Part, language: str) -> str:
    if part.sort == "benefit":
        return summary.benefit(part.name, language)
    if part.sort == "taken_back":
        return word("outlay_taken_back", language)
    known = {c.name: c for c in tables()["claims"].columns}
    column = known.get(part.name)
    return column.label(language) if column else part.name


def _flow(summary: Summary, language: str) -> Picture:
    found = summary.figures
    whole, fund, ours, person = (
        word(k, language) for k in ("charge", "flow_fund", "flow_benefit", "burden")
    )
    steps, at = [Step(whole, whole, 0, found.charge)], found.charge
    for part in found.flow:
        kind = ours if part.sort == "benefit" else fund
        steps.append(Step(_named(summary, part, language), kind, at, at - part.fen))
        at -= part.fen
    steps.append(Step(person, person, at, 0))
    rows = (
        (whole, (found.charge,)),
        *((_named(summary, part, language), (part.fen,)) for part in found.flow),
        (person, (found.burden,)),
    )
    colours = {whole: "#b9c6d0", fund: OTHERS, ours: OURS, person: PERSON}
    return Picture(
        "flow",
        (word("name", language), word("amount_yuan", language)),
        rows if found.flow else (),
        money=True,
        draw=partial(waterfall, steps, colours),
    )


def _burdens(summary: Summary, language: str) -> Picture:
    before, after = word("burden_before", language), word("burden_after", language)
    edges = [f"{step:,}" for step in BURDEN_STEPS]
    names = [edges[0]]
    names += [f"{low}–{high}" for low, high in pairwise(edges)]
    names.append(f"> {edges[-1]}")
    rows = tuple(zip(names, summary.figures.burdens, strict=False))
    bars = [
        Bar(name, kind, count)
        for name, counts in rows
        for kind, count in zip((before, after), counts, strict=True)
    ]
    return Picture(
        "burdens",
        (word("burden_step", language), before, after),
        rows,
        money=False,
        draw=partial(columns, bars, {before: OTHERS, after: OURS}),
    )


def _limits(summary: Summary, language: str) -> Picture:
    low, high = LIMIT_STEPS
    kinds = (
        f"≤ {low}%",
        f"{low}–{high}%",
        f"> {high}%",
        word("limit_reached", language),
    )
    rows = tuple(
        (summary.benefit(code, language), counts)
        for code, counts in (summary.figures.limits or {}).items()
    )
    bars = [
        Bar(name, kind, count)
        for name, counts in rows
        for kind, count in zip(kinds, counts, strict=True)
    ]
    return Picture(
        "limits",
        (word("benefit", language), *kinds),
        rows,
        money=False,
        draw=partial(stacks, bars, dict(zip(kinds, STEPS, strict=True)), money=False),
    )
