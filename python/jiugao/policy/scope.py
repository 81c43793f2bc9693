"""What every name of the policy stands for, once all declarations are read."""

from __future__ import annotations

from dataclasses import field
from enum import Enum, auto
from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.years import CALENDAR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jiugao.policy import model
    from jiugao.source import Span
    from jiugao.syntax import tree
    from jiugao.years import Years

TOTAL_COLUMN = "medfee_sumamt"
IN_SCOPE_COLUMN = "inscp_scp_amt"
INSTITUTION_COLUMN = "hosp_part_amt"
# The profile's lists that the checker itself reads, by their code names' labels.
FUND_LIST = "基金支付列"


class Place(Enum):
    """Where an expression stands decides what it may name."""

    CLAIM = auto()
    ENROLMENT = auto()
    FIGURE = auto()
    READING = auto()


@dataclass(frozen=True)
class Payment:
    """A name that may stand after 扣除: a payment made elsewhere or a benefit."""

    of: str  # "paid" | "benefit"
    name: str

    @property
    def computed(self) -> bool:
        """Whether it is a benefit's."""
        return self.of == "benefit"


@dataclass(frozen=True)
class Scope:
    """Names by label and by code name alike; canonical names are the labels.

    `classes` are all lines of the standing table, also those that the chosen readings
    leave out; `standing` holds those in force.
    """

    inputs: Mapping[str, model.Input]
    enrolment: Mapping[str, model.Input]
    lists: Mapping[str, tree.NameList]
    code_lists: Mapping[str, model.CodeList] = field(default_factory=dict)
    parameters: Mapping[str, model.Parameter] = field(default_factory=dict)
    points: frozenset[str] = frozenset()  # parameters written in percentage points
    unread: frozenset[str] = frozenset()  # parameters that had findings themselves
    readings: Mapping[str, str] = field(default_factory=dict)  # name -> option chosen
    standing: model.Standing | None = None
    standing_name: str | None = None
    classes: tuple[str, ...] = ()
    identities: tuple[str, ...] = ()
    identity_input: str | None = None
    expenses: Mapping[str, str] = field(default_factory=dict)
    payments: Mapping[str, tuple[Payment, ...]] = field(default_factory=dict)
    limits: Mapping[str, str] = field(default_factory=dict)
    terms: Mapping[str, tree.Term] = field(default_factory=dict)  # 条件 by name
    year_by: model.Input | None = None
    years: Years = CALENDAR
    places: Mapping[str, Span] = field(default_factory=dict)  # where each is declared

    def names(self) -> list[str]:
        """Every name that may stand in a claim's expression."""
        tables: tuple[Mapping[str, object], ...] = (
            self.inputs, self.parameters, self.terms, self.expenses, self.payments,
        )  # fmt: skip
        known = [name for table in tables for name in table]
        return [*known, *([self.standing_name] if self.standing_name else [])]

    def what(self, name: str) -> str | None:
        """The word for what a name stands for, if it stands for anything."""
        sorts: tuple[tuple[Mapping[str, object], str], ...] = (
            (self.inputs, "@input"), (self.parameters, "@parameter"),
            (self.lists, "@list"), (self.code_lists, "@list"), (self.terms, "@term"), (self.expenses, "@expense"),
            (self.payments, "@payment"), (self.limits, "@limit"),
            (self.enrolment, "@enrolment_input"),
        )  # fmt: skip
        for table, word in sorts:
            if name in table:
                return word
        if name in self.classes:
            return "@class"
        if name == self.standing_name:
            return "@standing"
        return "@identity" if name in self.identities else None
