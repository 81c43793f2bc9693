"""The chain comes in; what makes a year's total depend on the order of claims goes out.

Without any of them the year's total of a benefit is min(L, g(S)) however the year was
cut into claims (language, 3.4): φ is the same for every claim of the year, no limit is
shared, and S itself does not depend on what earlier benefits paid on which claim.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.diagnostics import Related
from jiugao.policy import model
from jiugao.policy.completeness import shared_by
from jiugao.policy.parts import any_leaf, yearly_gate
from jiugao.policy.regimes import change_days
from jiugao.policy.walk import (
    counted_over,
    equal,
    figure_expressions,
    figures_of,
    leaves,
)
from jiugao.syntax.tree import Period

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jiugao.diagnostics import Diagnostics
    from jiugao.source import Span


@dataclass
class Told:
    """Why a rule depends on the order, told once though its classes are benefits."""

    whole: Mapping[str, str]  # a class of a benefit -> the benefit as written
    reasons: dict[tuple[Span, str], dict[str, None]] = field(default_factory=dict)
    drawn: dict[tuple[Span, str], list[Related]] = field(default_factory=dict)

    def add(self, benefit: model.Benefit, construct: str, *drawn: Related) -> None:
        """One more reason of a rule; `drawn` where it names a shared limit."""
        rule = benefit.span, self.whole.get(benefit.name, benefit.name)
        self.reasons.setdefault(rule, {})[f"@order_{construct}"] = None
        places = self.drawn.setdefault(rule, [])
        places.extend(place for place in drawn if place not in places)

    def report(self, found: Diagnostics) -> None:
        """W704, each with all of its reasons."""
        for (span, name), reasons in self.reasons.items():
            related = self.drawn[span, name]
            found.add("W704", span, *related, benefit=name, construct=tuple(reasons))


def order_dependent(
    benefits: Sequence[model.Benefit],
    choices: Sequence[model.Choice],
    force: model.Force,
    found: Diagnostics,
) -> tuple[str, ...]:
    """`construct:name` for each; W704 at the benefit."""
    constructs: list[str] = []
    told = Told({b: c.whole.name for c in choices if c.whole for b in c.benefits})
    drawn = [(b, name) for b in benefits for name in sorted(shared_by(b))]
    names = [name for _, name in drawn]
    for benefit, name in drawn:
        if names.count(name) > 1:
            places = (v.span for v in limits_of(benefit) if v.shared == name)
            told.add(benefit, "shared_limit", *(Related(p, "limit") for p in places))
            constructs.append(f"shared_limit:{name}")
    for benefit in benefits:
        if any(benefit.name in c.benefits for c in choices):
            told.add(benefit, "choice")
            constructs.append(f"choice:{benefit.name}")
    for benefit in benefits:
        after = any(b.name in benefit.less for b in benefits)
        for construct in own(benefit, force, after_others=after):
            told.add(benefit, construct)
            constructs.append(f"{construct}:{benefit.name}")
        if not base_free(benefit, benefits) or (
            after and Period.CLAIM in periods_of(benefit)
        ):
            told.add(benefit, "base")
            constructs.append(f"base:{benefit.name}")
    told.report(found)
    return tuple(dict.fromkeys(constructs))


def own(
    benefit: model.Benefit, force: model.Force, *, after_others: bool
) -> Iterator[str]:
    """Constructs of one benefit.

    `after_others`: it deducts what is computed, so that the year's base may be the same
    in any order, but not each claim's.
    """
    if gated_by_year(benefit):
        yield "gate"  # the claim that opens it pays for all, up to what is uncovered
    if benefit.rounding.each:
        yield "rounding_each"
    elif benefit.rounding.holds_back:
        yield "rounding_within"  # what the claim has not got is left to later ones
    if benefit.counted_from is not None:
        yield "counted"  # what comes before payment begins is not paid
    if any_leaf(benefit.deductible, absorbed_by_date):
        yield "by_date"
    if Period.CLAIM in {limit.period for limit in limits_of(benefit)}:
        yield "claim_limit"  # what it cuts takes the part of a fen with it
    varying = [f for f in figures_of(benefit) if varies(f)]
    limits_vary = varies(benefit.limits) or changes(benefit.limits, force)
    rates_vary = any(
        varies(f) or changes(f, force)
        for f in (benefit.deductible, benefit.rates)
    )  # fmt: skip
    across_claims = after_others or Period.YEAR in periods_of(benefit)
    if limits_vary or (rates_vary and across_claims):
        yield "figures_vary" if varying else "figures_change"


def gated_by_year(benefit: model.Benefit) -> bool:
    """Whether a gate makes what a claim earns depend on those before it."""
    if benefit.gate is None:
        return False
    return any_leaf(benefit.gate, yearly_gate) or Period.YEAR in periods_of(benefit)


def absorbed_by_date(value: model.Value) -> bool:
    """Whether the parts use up the deductible as their claims come."""
    match value:
        case model.Deductible(
            amount=amount, sharing=model.Sharing(way=model.SharingWay.BY_DATE)
        ):
            return amount is not None
        case _:
            return False


def limits_of(benefit: model.Benefit) -> Iterator[model.Limit]:
    """Every limit in every leaf."""
    for leaf in leaves(benefit.limits):
        if isinstance(leaf.value, tuple):
            yield from leaf.value


def varies(figure: model.Figure) -> bool:
    """Whether claims of one person and year may meet different leaves.

    The standing and the identities are taken to stay the same.
    """
    match figure:
        case model.Table(subject=subject, arms=arms):
            personal = model.StandingRef | model.HoldsIdentity
            entitled = [a for a in arms if not isinstance(a.body, model.NotEntitled)]
            here = not isinstance(subject, personal) and len(entitled) > 1
            return here or any(varies(arm.body) for arm in arms)
        case _:
            return False


def changes(figure: model.Figure, force: model.Force) -> bool:
    """Whether a dated figure changes inside a year."""
    days = change_days(figure_expressions(figure), force)
    within = (d for d in days if d != force.first)
    return any((d.month, d.day) != (1, 1) for d in within)


def periods_of(benefit: model.Benefit) -> set[Period | None]:
    """The periods over which its deductibles and its bands count."""
    every = (*leaves(benefit.deductible), *leaves(benefit.rates))
    return {counted_over(leaf.value) for leaf in every}


def base_free(benefit: model.Benefit, benefits: Sequence[model.Benefit]) -> bool:
    """Whether the year's base is the same in any order of claims.

    Nothing computed is deducted, or the last benefit deducted has the same base before
    its own payment, on at most the same claims, so that nothing is ever cut at nought.
    """
    by_name = {b.name: b for b in benefits}
    deducted = [by_name[name] for name in benefit.less if name in by_name]
    if not deducted:
        return True
    bounded = benefit.base_cap is not None or benefit.base_floor is not None
    if bounded or benefit.parts:
        return False
    for last in deducted:
        same = set(last.less) | {last.name} == set(benefit.less)
        alike = last.expense == benefit.expense and last.base_cap is None
        alike = alike and last.base_floor is None and not last.parts
        wider = benefit.applies is None or equal(benefit.applies, last.applies)
        wider = wider and not any(narrows(f) for f in figures_of(benefit))
        if same and alike and wider and last.gate is None:
            return True
    return False


def narrows(figure: model.Figure) -> bool:
    """Whether a table leaves out some claims of a person and year."""
    match figure:
        case model.Table(subject=subject, arms=arms):
            personal = model.StandingRef | model.HoldsIdentity
            out = any(isinstance(a.body, model.NotEntitled) for a in arms)
            here = out and not isinstance(subject, personal)
            return here or any(narrows(arm.body) for arm in arms)
        case _:
            return False
