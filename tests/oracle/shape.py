"""What the second evaluator takes and gives: plain records, money in fen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.oracle.exact import Fraction

Number = int | Fraction
Value = Number | str | bool | dt.date | None
Claim = Mapping[str, Value]


@dataclass(frozen=True)
class Held:
    """An identity that a person holds from `start` to `end`, both included; None: open."""

    person: str
    identity: str
    start: dt.date | None = None
    end: dt.date | None = None


@dataclass(frozen=True)
class Application:
    """A person's application of a day for an identity that is given on application."""

    person: str
    day: dt.date
    identity: str


@dataclass
class Paying:
    """To whom a row is paid (None: the person) and by when; what the payee gets beyond
    the outlay that the payment makes good, and what of that it makes good."""

    payee: str | None = None
    due_by: dt.date | None = None
    excess: Number = 0
    replaced: Number = 0


@dataclass
class Row:
    """One claim's result. `role` is settled, reversed, reversal or rejected; amounts of
    rejected rows are empty. `payments` by benefit code, `burden` and `excess` in fen."""

    person: str
    settlement: str
    role: str
    benefit_year: int | None = None
    standing: str | None = None
    payments: dict[str, int] = field(default_factory=dict)
    burden: Number = 0
    excess: Number = 0
    charge: Number = 0
    other_payers: Number = 0
    paying: Paying = field(default_factory=Paying)
    offered: dict[str, int] = field(default_factory=dict)  # what alternatives would pay
    reason: str = ""
    measures: dict[str, Number] = field(
        default_factory=dict
    )  # by total of an indicator


@dataclass
class YearRow:
    """A person's benefit year, or (with `application`) what one application carries.

    By benefit code: `rows` paid on the rows of the year, `look_back` paid in one sum on
    the application day, `year_end` paid at the close, `paid` under this account, the
    close included; `used` by shared limit name.
    `sums` and `warned` by warning code.
    """

    person: str
    benefit_year: int
    application: dt.date | None = None
    rows: dict[str, int] = field(default_factory=dict)
    look_back: dict[str, int] = field(default_factory=dict)
    year_end: dict[str, int] = field(default_factory=dict)
    paid: dict[str, int] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    sums: dict[str, Number] = field(default_factory=dict)
    warned: dict[str, bool] = field(default_factory=dict)

    def total(self, benefit: str) -> int:
        """All that one benefit pays for this year, the year end included."""
        return (
            self.rows.get(benefit, 0)
            + self.look_back.get(benefit, 0)
            + self.year_end.get(benefit, 0)
        )


@dataclass
class Result:
    """Rows in each person's order of time; years by person, year and application."""

    rows: list[Row]
    years: list[YearRow]
