"""Enrolment files come in; typed rows go out, and heads by area on the day of a list."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from jiugao.claims.contract import tables
from jiugao.claims.findings import DataError, Reason
from jiugao.claims.source import small_table
from jiugao.engine import subsidies
from jiugao.funds.amounts import Figures, value
from jiugao.funds.statement import first_day, last_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiugao.claims.contract import Column
    from jiugao.claims.files import DataFile
    from jiugao.claims.people import People
    from jiugao.claims.rejects import Rejects
    from jiugao.program.body import FundRow
    from jiugao.results.policy import Policy

NEEDED = ("psn_no", "begndate")
DIGITS = {"all": 0, "county": 6, "city": 4}
MONTHS = 12


@dataclass(frozen=True)
class Enrolled:
    """Accepted enrolment rows. `read`: all rows that the files hold."""

    table: pa.Table
    read: int
    people: People | None

    @property
    def rejected(self) -> int:
        """Rows that do not count."""
        return self.read - int(self.table.num_rows)


def wanted(policy: Policy) -> tuple[Column, ...]:
    """The contract's columns, as the policy reads them where it does."""
    own = {column.name: column for column in policy.columns("enrolment")}
    required = {
        i.column for i in policy.body.inputs if i.table == "enrolment" and i.required
    }
    kept = [
        replace(
            own.pop(column.name, column),
            required=column.name in NEEDED or column.name in required,
        )
        for column in tables()["enrolment"].columns
    ]
    return (*kept, *(replace(c, required=c.name in required) for c in own.values()))


def read_enrolled(
    files: Sequence[DataFile], policy: Policy, people: People | None, rejects: Rejects
) -> Enrolled:
    """Every row of the enrolment table; one that runs backwards is rejected."""
    columns, read = small_table("enrolment", files, rejects, wanted(policy))
    table = pa.table(columns)
    backwards = pc.less(table["enddate"], table["begndate"]).fill_null(False)
    at = pc.indices_nonzero(backwards.combine_chunks())
    if len(at):
        bad = table.take(at)
        rejects.add(
            "enrolment",
            bad["file"].combine_chunks(),
            bad["row"].combine_chunks(),
            pa.repeat(pa.scalar("enddate"), len(at)),
            pa.repeat(pa.scalar(str(Reason.INTERVAL_BACKWARDS)), len(at)),
            bad["enddate"].cast(pa.string()).combine_chunks(),
            None,
            bad["psn_no"].combine_chunks(),
        )
        table = table.filter(pc.invert(backwards))
    return Enrolled(table, read, people)


@dataclass(frozen=True)
class Heads:
    """Counts heads of one enrolment table by area."""

    policy: Policy
    enrolled: Enrolled

    def count(self, row: FundRow, pooled: str, year: int) -> dict[str, Fraction]:
        """Heads by area; who enters after the day of the list counts as the row says.

        A person counts once in an area, with the largest of what its rows count for.
        """
        day = self.list_day(row, year)
        years = self.policy.body.years
        begin, end = years.first(year), years.last(year)
        whole = {"by_month": MONTHS, "by_day": (end - begin).days + 1}
        unit = whole.get(row.later or "", 1)
        table = self.entries(day, end)
        if row.condition is not None:
            table = table.filter(self.meets(row.condition, row.name, table))
        weight = {
            "full": "1",
            "by_month": f"{MONTHS} - ({months_since(begin)})",
            "by_day": f"date_diff('day', entered, DATE '{end}') + 1",
            "not_counted": "0",
        }[row.later or "full"]
        digits = DIGITS[pooled]
        sql = f"""
            SELECT area, sum(heads)::BIGINT FROM (
                SELECT coalesce(left(insu_admdvs, {digits}), '') AS area, psn_no,
                    max(CASE WHEN entered <= DATE '{day}' THEN {unit} ELSE {weight} END)
                        AS heads
                FROM entries GROUP BY ALL
            ) GROUP BY area ORDER BY area
        """
        with duckdb.connect() as connection:
            connection.register("entries", table)
            found = connection.execute(sql).fetchall()
        return {area: Fraction(heads, unit) for area, heads in found}

    def list_day(self, row: FundRow, year: int) -> dt.date:
        """The day of the list, which has to lie in the year."""
        program = self.policy.body
        if row.day is None:
            return first_day(program, year)
        found = value(row.day, Figures(program, last_day(program, year)))
        assert isinstance(found, dt.date)
        if program.years.of(found) != year:
            day = found.isoformat()
            raise DataError("D986", name=row.name, day=day, year=str(year))
        return found

    def entries(self, day: dt.date, end: dt.date) -> pa.Table:
        """Rows that count on the day or later in the year, with the day of entry.

        A row enters when it has begun and was notified; it has to hold on the day of the
        list, or on its day of entry if that is later.
        """
        table = self.enrolled.table
        notified = pc.coalesce(table["notice_date"], table["begndate"])
        entered = pc.max_element_wise(notified, table["begndate"])
        judged = pc.max_element_wise(entered, pa.scalar(day, pa.date32()))
        open_end = pc.coalesce(table["enddate"], pa.scalar(dt.date.max, pa.date32()))
        kept = pc.and_(
            pc.less_equal(entered, pa.scalar(end, pa.date32())),
            pc.greater_equal(open_end, judged),
        )
        table = table.append_column("entered", entered).append_column("judged", judged)
        return table.filter(kept)

    def meets(self, condition: str, name: str, table: pa.Table) -> pa.ChunkedArray:
        """Which rows meet a measure's condition, judged on the day on which they count."""
        column = table.column_names.index("notice_date")
        given = table.set_column(column, "notice_date", table["judged"])
        held = self.enrolled.people.intervals.table() if self.enrolled.people else None
        shown = subsidies(self.policy.program, given, held).table()[condition]
        if shown.null_count:
            raise DataError("D992", name=name)
        return pc.equal(shown, 1)


def months_since(begin: dt.date) -> str:
    """SQL: how many months of the year from `begin` on are over on the day of entry."""
    months = begin.year * MONTHS + begin.month
    over = f"year(entered) * {MONTHS} + month(entered) - {months}"
    return f"{over} - (day(entered) < {begin.day})::INT"
