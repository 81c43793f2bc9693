"""A person's year comes in; its sums that a warning watches go out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.policy import model
from tests.oracle.expressions import meaning

if TYPE_CHECKING:
    from tests.oracle.shape import Number, YearRow
    from tests.oracle.world import Settled, World


def warnings(world: World, year: int, row: YearRow) -> None:
    """Sums watched over the year's claims, against the last claim's threshold."""
    until = world.rules.watch_known_until
    claims = [
        s for s in world.settled if world.year(s.claim.day) == year and s.in_force
    ]
    if not claims:  # only an opening balance: by whose figures is it judged?
        return
    for warning, amount in world.rules.watched:
        begun = (o for o in world.person.openings if o.year == year)
        total: Number = sum(o.sum(warning.code) for o in begun)
        for one in claims:
            moment = world.moment(one.claim, one.claim.day, one.standing)
            for benefit in world.rules.benefits:
                moment.amounts["benefit", benefit.name] = one.payments[benefit.code]
            total += amount(moment)  # type: ignore[operator]
        if until is not None and claims[-1].claim.day > until:
            continue
        row.sums[warning.code] = total
        row.warned[warning.code] = warned(world, warning, claims[-1], total)


def warned(world: World, warning: model.Warning_, last: Settled, total: Number) -> bool:
    """Whether the year's sum misses the target of the last claim's standing."""
    table = warning.targets
    threshold = table.others
    if last.standing is not None:
        threshold = table.by_class.get(last.standing, table.others)
    if threshold is None or threshold.amount is None:
        return False
    moment = world.moment(last.claim, last.claim.day, last.standing)
    limit = meaning(threshold.amount)(moment)
    comparison = model.Binary(
        model.Kind.FLAG,
        threshold.operator,
        model.Const(model.Kind.MONEY, total, threshold.span),  # type: ignore[arg-type]
        model.Const(model.Kind.MONEY, limit, threshold.span),  # type: ignore[arg-type]
        threshold.span,
    )
    return not meaning(comparison)(moment)
