"""Enrolment rows and identities come in, premium subsidies in fen go out."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.oracle.accrual import rounded
from tests.oracle.expressions import Moment, meaning
from tests.oracle.figures import worth
from tests.oracle.person import Person, conflict
from tests.oracle.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jiugao.policy import model
    from tests.oracle.shape import Claim, Held, Number


def subsidise(
    policy: model.Policy, enrolment: Sequence[Claim], identities: Iterable[Held] = ()
) -> list[dict[str, int]]:
    """For every row, each subsidy by code: the best alternative that the identities held
    on the notice day (or else the begin day) give, never more than the base."""
    held = list(identities)
    rules = Rules(policy)
    found = []
    for row in enrolment:
        day = row.get("notice_date") or row["begndate"]
        assert isinstance(day, dt.date)
        mine = [h for h in held if h.person == row["psn_no"]]
        if conflict(rules, (h.identity for h in mine)):
            found.append({s.code: 0 for s in policy.subsidies})
            continue
        own = Person(rules, mine, []).identities(day)
        moment = Moment(dict(row), day, own, None, {})
        found.append({s.code: paid(s, moment) for s in policy.subsidies})
    return found


def paid(subsidy: model.Subsidy, moment: Moment) -> int:
    """One subsidy of one row."""
    if subsidy.applies is not None and not meaning(subsidy.applies)(moment):
        return 0
    base = worth(subsidy.base, moment)
    best: Number = 0
    for alternative in subsidy.alternatives:
        if moment.identities.isdisjoint(alternative.identities):
            continue
        amount: Number = 0
        if alternative.rate is not None:
            amount = worth(alternative.rate, moment) * base
        elif alternative.fixed is not None:
            amount = worth(alternative.fixed, moment)
        best = max(best, min(amount, base))
    return rounded(Fraction(best), subsidy.rounding)
