"""Typed claims come in; rows whose amounts or days contradict each other go out as warnings.

A row that contradicts itself counts all the same: nobody can tell which of its figures is
wrong, and what is due is worked out from those that the policy reads.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from jiugao.claims.contract import Column
from jiugao.claims.findings import Findings, Reason, yuan_of
from jiugao.claims.scalars import NO, NOTHING
from jiugao.years import CALENDAR, Years

TOTAL, FUNDS, PERSON, CASH = (
    "medfee_sumamt",
    "fund_pay_sumamt",
    "psn_part_amt",
    "psn_cash_pay",
)
HOSPITAL = "hosp_part_amt"
DAYS = ("begndate", "enddate", "setl_time")


@dataclass(frozen=True)
class Equation:
    """`left` = the sum of `plus` less that of `minus`, wherever a file has all of them."""

    left: str
    plus: tuple[str, ...]
    minus: tuple[str, ...]
    reason: Reason

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that it names."""
        return (self.left, *self.plus, *self.minus)


@dataclass(frozen=True)
class Control:
    """What is held against what on every row.

    `columns`: those read for this alone; `day`: the column that tells the benefit year,
    of which `years` are.
    """

    equations: tuple[Equation, ...]
    columns: tuple[Column, ...]
    day: str
    years: Years = CALENDAR

    def check(self, columns: Mapping[str, pa.Array], found: Findings) -> Findings:
        """What does not agree; cells that cannot be read of its own columns, too.

        `found`: all cells that cannot be read; those of other columns stay in it.
        """
        warned = _moved(found, {c.name for c in self.columns})
        for equation in self.equations:
            _hold(equation, columns, warned)
        self._check_days(columns, warned)
        return warned

    def _check_days(self, columns: Mapping[str, pa.Array], warned: Findings) -> None:
        days = (columns.get(name) for name in (*DAYS, self.day))
        begun, ended, settled, counted = (
            pa.nulls(len(columns["setl_id"]), pa.date32())
            if day is None
            else day.cast(pa.date32())
            for day in days
        )
        said = columns.get("year", pa.nulls(len(counted), pa.string()))
        said = pc.utf8_slice_codeunits(said.cast(pa.string()), 0, 4)
        year = _benefit_year(counted, self.years).cast(pa.string())
        for differs, name, reason in (
            (pc.less(ended, begun), "enddate", Reason.STAY_BACKWARDS),
            (pc.less(settled, begun), "setl_time", Reason.SETTLED_BEFORE),
            (pc.not_equal(said, year), "year", Reason.OTHER_YEAR),
        ):
            at = pc.indices_nonzero(differs.fill_null(NO))
            if len(at):
                values = columns[name].take(at).cast(pa.string()).to_pylist()
                warned.add(at.to_pylist(), name, reason, values)


def control(
    contract: Sequence[Column],
    read: Sequence[Column],
    there: Collection[str],
    own_funds: Sequence[str],
    day: tuple[str, Years],
) -> Control:
    """The equations of a settlement's row whose columns are `there`.

    `read`: columns that are read anyway; `own_funds`: columns of the policy's own in which
    a fund's payment stands; `day`: the column that tells the benefit year, and when those
    begin.
    """
    funds = dict.fromkeys((*(c.name for c in contract if c.fund), *own_funds))
    funds.pop(HOSPITAL, None)
    parts = ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt")
    equations = (
        Equation(PERSON, (TOTAL,), (FUNDS, HOSPITAL), Reason.PERSONS_PART),
        Equation(CASH, (PERSON,), ("acct_pay",), Reason.CASH),
        Equation(FUNDS, tuple(funds), (), Reason.FUNDS_SUM),
        Equation("inscp_scp_amt", (TOTAL,), parts, Reason.IN_SCOPE),
    )
    known, spelt = {c.name for c in read}, {n for c in read for n in c.names}
    more = {
        c.name: c
        for c in contract
        if c.name in there and not spelt.intersection(c.names)
    }
    held = tuple(e for e in equations if {*e.columns} <= {*known, *more})
    wanted = {*(c for e in held for c in e.columns), *DAYS, "year"}
    return Control(held, tuple(c for n, c in more.items() if n in wanted), *day)


def _benefit_year(day: pa.Array, years: Years) -> pa.Array:
    if years.calendar:
        return pc.year(day)
    of_year = pc.add(pc.multiply(pc.month(day), 100), pc.day(day))
    before = pc.less(of_year, years.month * 100 + years.day)
    return pc.subtract(pc.year(day), before.cast(pa.int64()))


def _moved(found: Findings, names: Collection[str]) -> Findings:
    """Take the findings of some columns out of others."""
    moved, left = Findings.none(), Findings.none()
    cells = zip(found.rows, found.columns, found.reasons, found.values, strict=True)
    for row, column, reason, value in cells:
        (moved if column in names else left).add([row], column, reason, [value])
    if moved.rows:
        for name in ("rows", "columns", "reasons", "values"):
            getattr(found, name)[:] = getattr(left, name)
    return moved


def _hold(
    equation: Equation, columns: Mapping[str, pa.Array], warned: Findings
) -> None:
    def amount(name: str) -> pa.Array:
        array = columns[name]
        return array if pa.types.is_integer(array.type) else array.cast(pa.int64())

    made = amount(equation.left).fill_null(NOTHING)
    for name in equation.plus:
        made = pc.subtract(made, amount(name).fill_null(NOTHING))
    for name in equation.minus:
        made = pc.add(made, amount(name).fill_null(NOTHING))
    # Where the sum itself is blank there is nothing to hold.
    differs = pc.and_(pc.not_equal(made, NOTHING), pc.is_valid(columns[equation.left]))
    at = pc.indices_nonzero(differs)
    if len(at):
        values = [yuan_of(v) for v in amount(equation.left).take(at).to_pylist()]
        warned.add(at.to_pylist(), equation.left, equation.reason, values)
