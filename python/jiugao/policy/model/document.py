"""The whole policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.years import CALENDAR

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from jiugao.policy.fund_model import Fund, Indicator
    from jiugao.policy.model.benefits import Benefit, Choice, Subsidy, Warning_
    from jiugao.policy.model.examples import Example
    from jiugao.policy.model.expressions import Cited, CodeList, Input, Parameter
    from jiugao.policy.model.figures import Expense, Paid, SharedLimit, Term
    from jiugao.policy.model.standing import Standing
    from jiugao.source import Source, Span
    from jiugao.years import Years


@dataclass(frozen=True)
class Force:
    """In force from `start` to `end` (None: open), for claims from `claims_from` on.

    Claims from `counted_from` on, where there is such a day, count in totals before that.
    """

    start: dt.date
    end: dt.date | None
    claims_from: dt.date
    clauses: tuple[str, ...]
    span: Span
    counted_from: dt.date | None = None  # 累计 自: counted from, paid only later

    @property
    def first(self) -> dt.date:
        """The first day whose claims change anything."""
        return self.counted_from or self.claims_from


@dataclass(frozen=True)
class CarriedTotal:
    """What the other policy calls `old` goes on as `new`.

    `sort`: "benefit" and "indicator" by their codes, "limit" and "expense" by their names.
    """

    sort: str
    new: str
    old: str


@dataclass(frozen=True)
class Carried:
    """承接: a policy of this code is replaced; these totals of it go on, the others do not."""

    name: str
    code: str
    totals: tuple[CarriedTotal, ...]
    cited: Cited | None
    span: Span


@dataclass(frozen=True)
class NotComputed:
    """A clause that no rule carries, and why."""

    clauses: tuple[str, ...]
    reason: str
    span: Span


@dataclass(frozen=True)
class Policy:
    """One circular, checked.

    `benefits` are in chain order (what a benefit deducts comes before it), ties in
    written order; those that the readings leave out are not there.
    """

    name: str
    code: str
    cited: Cited
    force: Force
    year_by: Input  # the DATE input that decides day, order and benefit year
    identities: tuple[str, ...]  # every identity named anywhere; position = bit number
    identity_codes: Mapping[str, str]  # code in the people table -> identity
    standing: Standing | None
    # Those that some rule reads; always with the total charge (medfee_sumamt), the
    # institution's part (hosp_part_amt), `year_by` and every fund column.
    inputs: tuple[Input, ...]
    parameters: tuple[Parameter, ...]
    expenses: tuple[Expense, ...]  # in an order in which each can be worked out
    paid: tuple[Paid, ...]
    shared_limits: tuple[SharedLimit, ...]
    benefits: tuple[Benefit, ...]
    subsidies: tuple[Subsidy, ...]
    warnings: tuple[Warning_, ...]
    funds: tuple[Fund, ...]
    indicators: tuple[Indicator, ...]  # those by institution, area, month or year
    fund_columns: tuple[Input, ...]  # fund payments on a claim row (of the profile)
    examples: tuple[Example, ...]
    not_computed: tuple[NotComputed, ...]
    sources: tuple[Source, ...]
    # Constructs ("kind:name") that make the year's total depend on the order of claims,
    # for a person whose standing stays the same in the year and whose claims are never
    # cut as "already covered". Empty: proven free of it.
    order_dependent: tuple[str, ...]
    choices: tuple[Choice, ...] = ()
    terms: tuple[Term, ...] = ()
    # Benefits that the chosen readings leave out: they carry their clauses all the same.
    left_out: tuple[Benefit, ...] = ()
    lists: tuple[CodeList, ...] = ()  # those that come from files
    carried: tuple[Carried, ...] = ()
    years: Years = CALENDAR  # when benefit years begin
