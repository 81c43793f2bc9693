"""No yuan of an expense is paid twice: for each person, year and expense, all that is
paid from it, the year end included, is no more than what its claims have of it.

Left out: gates (a claim that reaches one pays for the whole year's base, of which later
benefits have paid already), classes on application (a claim counts in two accounts) and
rounding to the yuan (half a yuan goes up).
"""

from __future__ import annotations

from collections import defaultdict
from math import ceil
from typing import TYPE_CHECKING

import pytest

from jiugao.policy import model
from tests.oracle.expressions import Moment
from tests.oracle.person import Person
from tests.oracle.rules import Amounts, Rules
from tests.oracle.years import year_of
from tests.properties import machine
from tests.properties.cases import draw_policy
from tests.properties.years import Years, draw_years

if TYPE_CHECKING:
    from jiugao.compile import Compiled
    from tests.oracle import Result

Spent = dict[tuple[str, int, str], int]  # by person, year and expense, in fen


def bounded(policy: model.Policy) -> bool:
    """Whether the guarantee holds for the policy, and the year end tries it."""
    classes = policy.standing.classes if policy.standing else ()
    return (
        any(b.settle is not model.SettleMode.PER_CLAIM for b in policy.benefits)
        and not any(k.on_application for k in classes)
        and not any(b.gate for b in policy.benefits)
        and not any(b.parts or b.cap_by_year or b.signed for b in policy.benefits)
    )


def policy_of(name: str) -> Compiled:
    """The first random policy of that name for which the guarantee holds."""
    return draw_policy(name, lambda drawn: bounded(drawn.policy)).policy


def there_is(policy: model.Policy, years: Years, result: Result) -> Spent:
    """What the settled claims of each year have of each expense, less what other
    systems paid from it."""
    rules = Rules(policy)
    rows = {row.settlement: row for row in result.rows}
    found: Spent = defaultdict(int)
    column = policy.year_by.column
    for claim in years.claims:
        row = rows[claim["setl_id"]]
        if row.role != "settled":
            continue
        day = claim[column].date()
        held = [h for h in years.held if h.person == claim["psn_no"]]
        identities = Person(rules, held, []).identities(day)
        amounts = Amounts(rules)
        amounts.moment = Moment(
            {**claim, column: day}, day, identities, row.standing, amounts
        )
        for expense in policy.expenses:
            given = sum(amounts[key] for key in rules.given[expense.name])
            left = rules.left(expense.name, amounts) - given
            found[claim["psn_no"], year_of(policy.years, day), expense.name] += max(
                0, ceil(left)
            )
    return found


def paid(policy: model.Policy, result: Result) -> Spent:
    """What the benefits paid from each expense."""
    found: Spent = defaultdict(int)
    for year in result.years:
        for benefit in policy.benefits:
            key = (year.person, year.benefit_year, benefit.expense)
            found[key] += year.total(benefit.code)
    return found


@pytest.mark.parametrize("part", range(4))
def test_no_more_is_paid_than_there_is(part: int) -> None:
    closed = 0
    for seed in range(part * 15, part * 15 + 15):
        policy = policy_of(f"expenses {seed}")
        years = draw_years(policy.policy, seed, 600)
        result = machine.run(policy.program_bytes, policy.policy, years)
        whole = there_is(policy.policy, years, result)
        for key, amount in paid(policy.policy, result).items():
            assert 0 <= amount <= whole[key], (seed, key)
        closed += sum(any(year.year_end.values()) for year in result.years)
    assert closed > 100
