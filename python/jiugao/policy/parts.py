"""A written base and typed figures come in; parts that fit together go out.

A base is one expense or several parts, each with its own; what is said of parts
elsewhere (rates, who uses up the deductible first) names each of them once.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from jiugao.diagnostics import Diagnostics, Related
from jiugao.policy import model
from jiugao.policy.figures import Figures, mapped
from jiugao.policy.nearest import report_unknown
from jiugao.policy.walk import leaves
from jiugao.syntax.tree import Period

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jiugao.source import Span


def check_names(parts: Sequence[model.Part], found: Diagnostics) -> None:
    """E204: two parts of one name."""
    for first, second in combinations(parts, 2):
        if first.name == second.name:
            place = Related(first.span, "first")
            found.add("E204", second.span, place, name=second.name)


def fit_parts(
    name: str, parts: Sequence[model.Part], figures: Figures, found: Diagnostics
) -> None:
    """The figures in place, with every part's own; findings where they do not fit."""
    named = [part.name for part in parts]
    rates, deductible = figures.found["rates"], figures.found["deductible"]
    if not parts:
        for leaf in (*leaves(rates), *leaves(deductible)):
            report_no_parts(name, leaf, found)
        return
    if (gate := figures.found.get("gate")) is not None:
        found.add("E453", gate.span, what=gate.span.text)
    for leaf in leaves(deductible):
        if isinstance(leaf.value, model.Deductible):
            check_sharing(name, leaf.value, named, found)

    def by_part(leaf: model.Leaf) -> model.Leaf:
        return replace(leaf, value=each_part(leaf.value, named, found))

    figures.found["rates"] = mapped(rates, by_part)


def report_no_parts(name: str, leaf: model.Leaf, found: Diagnostics) -> None:
    """E450: parts spoken of where the base has none."""
    match leaf.value:
        case (
            model.PartRates(span=span)
            | model.Deductible(sharing=model.Sharing(span=span))
        ):
            found.add("E450", span, text=span.text, name=name)
        case _:
            pass


def check_sharing(
    name: str,
    deductible: model.Deductible,
    parts: Sequence[str],
    found: Diagnostics,
) -> None:
    """E452: several parts and no word on who is first; E451: not every part once."""
    match deductible.sharing:
        case None if deductible.amount is not None and len(parts) > 1:
            found.add("E452", deductible.span, name=name)
        case model.Sharing(way=model.SharingWay.IN_ORDER, parts=named, span=span):
            check_each_once(named, parts, span, found)
        case _:
            pass


def each_part(
    value: model.Value, parts: Sequence[str], found: Diagnostics
) -> model.Value:
    """The rates in the base's order; one rate stands for every part's."""
    match value:
        case model.PartRates(rates=rates):
            names = [one.part for one in rates]
            if not check_each_once(names, parts, value.span, found):
                return value
            ordered = sorted(rates, key=lambda one: parts.index(one.part))
            return replace(value, rates=tuple(ordered))
        case model.Rates(bands=(only,)):
            same = tuple(model.PartRate(p, only.rate, value.span) for p in parts)
            return model.PartRates(same, value.span, value.cited)
        case model.Rates():
            found.add("E453", value.span, what=value.span.text)
            return value
        case _:
            return value


def check_each_once(
    names: Sequence[str], parts: Sequence[str], span: Span, found: Diagnostics
) -> bool:
    """Whether every part is named, once, and nothing else."""
    unknown = [name for name in names if name not in parts]
    for name in unknown:
        report_unknown(found, span, name, parts)
    if not unknown and sorted(names) != sorted(parts):
        found.add("E451", span, text=span.text, parts=tuple(parts))
    return sorted(names) == sorted(parts)


# --- what may move from one claim to another ---------------------------------------------


def with_moving(chain: Sequence[model.Benefit]) -> tuple[model.Benefit, ...]:
    """The chain, each base knowing which payments it deducts may move between claims.

    A yearly gate, a share of the year's bills and parts under one deductible pay on one
    claim for another; what is left after them adds up over the year, not on each claim.
    """
    done: dict[str, model.Benefit] = {}
    for benefit in chain:
        bases = tuple(
            replace(part, moving=moving_of(part, done)) for part in benefit.bases
        )
        known = replace(benefit, moving=bases[0].moving)
        if benefit.parts:
            known = replace(benefit, parts=bases)
        done[benefit.name] = known
    return tuple(done.values())


def moving_of(part: model.Part, earlier: dict[str, model.Benefit]) -> tuple[str, ...]:
    """The benefits deducted whose payments from this expense may move."""
    named = (name for name in part.less if name in earlier)
    return tuple(n for n in named if may_move(earlier[n], part.expense))


def may_move(benefit: model.Benefit, expense: str) -> bool:
    """Whether what it pays from an expense can pass what a claim has of it."""
    if benefit.signed or gated_by_year(benefit):
        return True
    positions = benefit.paid_from(expense) or range(len(benefit.bases))
    if any(benefit.bases[n].cap_by_year for n in positions):
        return True
    # Of several parts, all but the first may take a fen from one before; what rounding
    # holds back any may be paid later.
    held_back = benefit.rounding.holds_back
    return (
        any(n > 0 for n in positions)
        or (bool(benefit.parts) and held_back)
        or (bool(benefit.parts) and any_leaf(benefit.deductible, splits_again(benefit)))
    )


def splits_again(benefit: model.Benefit) -> Callable[[model.Value], bool]:
    """Whether a deductible gives the first part back what it took before."""

    def again(value: model.Value) -> bool:
        match value:
            case model.Deductible(
                amount=amount, period=Period.YEAR, sharing=model.Sharing() as shared
            ) if amount is not None:
                match shared.way:
                    case model.SharingWay.BY_DATE:
                        return False
                    case model.SharingWay.IN_ORDER:
                        return shared.parts[:1] != (benefit.parts[0].name,)
                    case model.SharingWay.PRO_RATA:
                        return True
            case _:
                return False

    return again


def any_leaf(figure: model.Figure, holds: Callable[[model.Value], bool]) -> bool:
    """Whether some leaf is of a sort."""
    return any(holds(leaf.value) for leaf in leaves(figure))


def gated_by_year(benefit: model.Benefit) -> bool:
    """Whether the claim that opens a gate pays for the year's earlier ones."""
    return benefit.gate is not None and any_leaf(benefit.gate, yearly_gate)


def yearly_gate(value: model.Value) -> bool:
    """Whether it is a gate on the year's base."""
    match value:
        case model.Gate(period=Period.YEAR):
            return True
        case _:
            return False
