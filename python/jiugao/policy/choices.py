"""Written choices (择优) come in; typed ones go out, their benefits side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jiugao.diagnostics import Diagnostics, Related
from jiugao.policy import model
from jiugao.policy.completeness import shared_by
from jiugao.policy.nearest import report_unknown
from jiugao.syntax import tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiugao.policy.gather import Gathered
    from jiugao.source import Span

FEWEST = 2


def read_choices(
    gathered: Gathered, live: Sequence[model.Benefit], found: Diagnostics
) -> tuple[model.Choice, ...]:
    """Every choice with the benefits in force; one of a single benefit is none."""
    names = {
        spelling: p.node.name.text
        for p in gathered.of(tree.Benefit)
        if p.node.table is None
        for spelling in (p.node.name.text, p.node.code or p.node.name.text)
    }
    in_force = {b.name for b in live}
    taken: dict[str, Span] = {}
    choices: list[model.Choice] = []
    for placed in gathered.of(tree.Choice):
        node = placed.node
        members: list[str] = []
        for written in node.benefits:
            name = names.get(written.text)
            if name is None:
                report_unknown(found, written.span, written.text, names)
            elif name in taken:
                first = Related(taken[name], "first")
                found.add("E516", written.span, first, name=name)
            else:
                taken[name] = written.span
                members.append(name)
        if len(node.benefits) < FEWEST:
            found.add("E517", node.span)
        here = tuple(name for name in members if name in in_force)
        if len(here) >= FEWEST:
            cited = placed.cited(node.citation)
            choices.append(model.Choice(node.by, here, cited, node.span))
    return tuple(choices)


def in_one(choices: Sequence[model.Choice], first: str, second: str) -> bool:
    """Whether two benefits are alternatives of one choice: never both paid on a claim."""
    return any(first in c.benefits and second in c.benefits for c in choices)


def check_choices(
    choices: Sequence[model.Choice],
    benefits: Sequence[model.Benefit],
    found: Diagnostics,
) -> None:
    """Alternatives stand side by side, in one piece, settled by claim."""
    by_name = {b.name: b for b in benefits}
    for choice in choices:
        for name in choice.benefits:
            benefit = by_name[name]
            if benefit.settle is not model.SettleMode.PER_CLAIM:
                found.add("E518", benefit.span, name=name)
            if benefit.parts:
                found.add(
                    "E453", choice.span, what=f"{choice.span.text.split()[0]} {name}"
                )
            shared = sorted(shared_by(benefit))
            if choice.by is tree.Period.YEAR and shared:
                found.add("E519", benefit.span, name=name, limit=tuple(shared))


def by_standing_together(
    choices: Sequence[model.Choice], benefits: Sequence[model.Benefit]
) -> tuple[model.Benefit, ...]:
    """Alternatives keep their totals in the same accounts: if one goes by standing, all."""
    going = {b.name for b in benefits if b.by_standing}
    moved = {
        name for c in choices if going & set(c.benefits) for name in c.benefits
    }  # fmt: skip
    return tuple(
        replace(b, by_standing=True) if b.name in moved else b for b in benefits
    )


def in_order_of(
    chain: Sequence[model.Benefit], choices: Sequence[model.Choice]
) -> tuple[model.Choice, ...]:
    """The choices as their benefits follow each other in the chain."""
    places = {benefit.name: place for place, benefit in enumerate(chain)}
    return tuple(sorted(choices, key=lambda c: places.get(c.benefits[0], len(places))))
