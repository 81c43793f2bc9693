"""A program comes in; the same program with one thing changed goes out.

The payer's mistakes that lie in its figures, not in its data: a limit left out, figures
of another date, another rounding.
"""

from __future__ import annotations

from dataclasses import replace

from jiugao.program.body import Benefit, Rounding
from jiugao.program.encode import encode
from jiugao.results.policy import Policy

FAR = 400_000  # days after 1970: the year 3065
EARLY = -40_000  # the year 1860
ROUNDINGS = {
    "each": Rounding("half_up", each=True, unit=1),
    "half_even": Rounding("half_even", each=False, unit=1),
    "half_even_each": Rounding("half_even", each=True, unit=1),
    "truncate": Rounding("truncate", each=False, unit=1),
    "truncate_each": Rounding("truncate", each=True, unit=1),
    "yuan": Rounding("half_up", each=False, unit=100),
    "yuan_each": Rounding("half_up", each=True, unit=100),
}
"""Payers' roundings that a caller can declare, by name."""


def _rebuilt(policy: Policy, **changes: object) -> Policy:
    body = replace(policy.body, **changes)  # type: ignore[arg-type]
    return Policy(encode(body), body)


def without_limits(policy: Policy, benefits: frozenset[str]) -> Policy:
    """No limit, own or shared, binds these benefits."""

    def freed(benefit: Benefit) -> Benefit:
        if benefit.code not in benefits:
            return benefit
        return replace(
            benefit, figures=tuple(replace(f, limits=()) for f in benefit.figures)
        )

    return _rebuilt(policy, benefits=tuple(freed(b) for b in policy.body.benefits))


def rounded(policy: Policy, rule: str) -> Policy:
    """Every benefit rounded by the payer's rule."""
    way = ROUNDINGS[rule]
    return _rebuilt(
        policy, benefits=tuple(replace(b, rounding=way) for b in policy.body.benefits)
    )


def boundary_moved(policy: Policy, day: int, *, late: bool) -> Policy:
    """A change of figures on `day` that the payer never made (late), or made too early."""

    def moved(days: tuple[int, ...]) -> tuple[int, ...]:
        if day not in days:
            return days
        at = days.index(day)
        if late:
            target = days[at + 1] - 1 if at + 1 < len(days) else FAR
        else:
            target = days[at - 1] + 1 if at > 0 else EARLY
        return (*days[:at], target, *days[at + 1 :])

    changes = sorted({d for days in map(moved, policy.body.dates) for d in days})
    return _rebuilt(
        policy,
        dates=tuple(moved(days) for days in policy.body.dates),
        change_days=tuple(changes),
    )
