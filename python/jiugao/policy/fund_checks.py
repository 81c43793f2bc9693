"""Funds come in; findings on their bands and parts go out, on every day of a change."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from jiugao.diagnostics import Diagnostics, Related
from jiugao.policy import fund_model, model
from jiugao.policy.figure_checks import percent, yuan
from jiugao.policy.regimes import change_days, value_on

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence


def check_funds(
    funds: Sequence[fund_model.Fund], force: model.Force, found: Diagnostics
) -> None:
    """Every share of every fund."""
    for fund in funds:
        for share in fund.shares:
            days = change_days(share_expressions(share), force)
            for day in days:
                check_edges(share, day, found)
                for band in share.bands:
                    check_parts(share, band, day, found)


def share_expressions(share: fund_model.Share) -> Iterator[model.Expression]:
    """Edges and parts of a share."""
    for band in share.bands:
        yield band.lower
        if band.upper is not None:
            yield band.upper
        yield from (part.share for part in band.parts)


def check_edges(share: fund_model.Share, day: dt.date, found: Diagnostics) -> None:
    """E445: bands begin at nothing, each where the last ended. E459: their edges rise."""
    before: Fraction | None = Fraction(0)
    first: fund_model.Band | None = None
    show = yuan if share.of is None else percent
    for band in share.bands:
        lower = value_on(band.lower, day)
        upper = None if band.upper is None else value_on(band.upper, day)
        on = day.isoformat()
        if lower is not None and upper is not None and upper <= lower:
            edges = {"start": show(lower), "end": show(upper)}
            found.add("E459", band.span, day=on, **edges)
            return
        if before is not None and lower is not None and lower != before:
            related = (Related(first.span, "first"),) if first else ()
            edges = {"end": show(before), "start": show(lower)}
            found.add("E445", band.span, *related, day=on, **edges)
            return
        first, before = band, upper


def check_parts(
    share: fund_model.Share, band: fund_model.Band, day: dt.date, found: Diagnostics
) -> None:
    """E405: a rate out of bounds; E444: rates that are not 100 % together."""
    rates = [
        value_on(part.share, day)
        for part in band.parts
        if part.share.kind is model.Kind.RATE
    ]
    on = day.isoformat()
    for part, rate in zip(band.parts, rates, strict=False):
        if rate is not None and not 0 <= rate <= 1:
            found.add("E405", part.share.span, rate=percent(rate), day=on)
            return
    known = [rate for rate in rates if rate is not None]
    if rates and len(known) == len(rates) and sum(known) != 1:
        total = percent(sum(known, Fraction(0)))
        found.add("E444", band.span, name=share.name, sum=total, day=on)
