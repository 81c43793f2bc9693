"""The enrolled come in; premium subsidies due against paid, and their totals, go out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from jiugao.engine import subsidies
from jiugao.funds.folders import Totals, grouped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiugao.claims.rejects import Rejects
    from jiugao.funds.enrolled import Enrolled
    from jiugao.program.body import Indicator
    from jiugao.results.policy import Policy

MONEY = pa.decimal64(18, 2)
SCHEMA = pa.schema(
    [
        ("psn_no", pa.string()),
        ("insu_admdvs", pa.string()),
        ("day", pa.date32()),
        ("subsidy", pa.string()),
        ("due", MONEY),
        ("paid", MONEY),
        ("difference", MONEY),
    ]
)


@dataclass(frozen=True)
class Shown:
    """What the program shows of every accepted enrolment row.

    `rows`: the enrolment rows with a column for each subsidy (fen, null: a figure is not
    known on the day) and each measure.
    """

    policy: Policy
    rows: pa.Table
    rejected: int


def shown(policy: Policy, enrolled: Enrolled, rejects: Rejects) -> Shown:
    """Subsidies and measures of every row, judged on its own day."""
    held = enrolled.people.intervals.table() if enrolled.people else None
    codes = policy.program.subsidies
    names = (*codes, *policy.measure_names("enrolment"))
    if not names or not enrolled.table.num_rows:
        return Shown(policy, enrolled.table, 0)
    out = subsidies(policy.program, enrolled.table, held, ("file", "row")).table()
    whole = enrolled.table
    for name in names:
        column = out[name]
        if name in codes:
            column = pc.multiply(column.cast(pa.decimal128(18, 2)), 100).cast(
                pa.int64()
            )
        whole = whole.append_column(name, column)
    why = out["reject"].combine_chunks()
    whole = whole.append_column("day_of_row", judged(enrolled.table))
    bad = pc.is_valid(why)
    at = pc.indices_nonzero(bad.combine_chunks() if hasattr(bad, "chunks") else bad)
    if len(at):
        rows = whole.take(at)
        rejects.add(
            "enrolment",
            rows["file"].combine_chunks(),
            rows["row"].combine_chunks(),
            out["reject_column"].take(at).combine_chunks().cast(pa.string()),
            out["reject"].take(at).combine_chunks().cast(pa.string()),
            pa.repeat(pa.scalar(""), len(at)),
            None,
            rows["psn_no"].combine_chunks(),
        )
        whole = whole.filter(pc.invert(bad))
    return Shown(policy, whole, len(at))


def judged(table: pa.Table) -> pa.ChunkedArray:
    """The day of each row: of the notice, or else its first."""
    return pc.coalesce(table["notice_date"], table["begndate"])


def due_and_paid(found: Shown) -> pa.Table:
    """A row for each subsidy and enrolment row on which something is due or was paid."""
    parts = [SCHEMA.empty_table()]
    inputs = found.policy.body.inputs
    for subsidy in found.policy.body.subsidies:
        rows = found.rows
        if subsidy.code not in rows.column_names:
            continue
        due = pc.coalesce(rows[subsidy.code], pa.scalar(0, pa.int64()))
        paid = pc.multiply(due, 0)
        for column in (inputs[i].column for i in subsidy.actual):
            paid = pc.add(paid, pc.coalesce(rows[column], pa.scalar(0, pa.int64())))
        kept = pc.or_(pc.not_equal(due, 0), pc.not_equal(paid, 0))
        columns = [
            rows["psn_no"],
            rows["insu_admdvs"],
            rows["day_of_row"],
            pa.repeat(pa.scalar(subsidy.code), rows.num_rows),
            *(yuan(fen) for fen in (due, paid, pc.subtract(due, paid))),
        ]
        parts.append(pa.table(columns, schema=SCHEMA).filter(kept))
    whole = pa.concat_tables(parts)
    keys = [(n, "ascending") for n in ("subsidy", "psn_no", "day", "due", "paid")]
    return whole.sort_by(keys)


def yuan(fen: pa.ChunkedArray) -> pa.ChunkedArray:
    """Fen as yuan: the same numbers."""
    arrays = [
        pa.Array.from_buffers(MONEY, len(a), a.buffers(), a.null_count, a.offset)
        for a in fen.chunks
    ]
    return pa.chunked_array(arrays, MONEY)


def totals(indicator: Indicator, found: Shown, years: Sequence[int]) -> Totals:
    """An indicator's totals over the rows in force at some time of each year."""
    scales = {m.name: m.scale for m in found.policy.body.measures}
    area = "coalesce(insu_admdvs, '')" if "area" in indicator.by else "''"
    subject = f'"{indicator.subject}"' if indicator.subject else "-1"
    sums = ", ".join(f'sum("{name}")::HUGEINT' for name in indicator.totals)
    out: Totals = {}
    begun = found.policy.body.years
    for year in years:
        sql = f"""SELECT '', {area}, {subject}, '{year}', {sums} FROM rows_of
            WHERE begndate <= DATE '{begun.last(year)}'
                AND coalesce(enddate, DATE '9999-12-31') >= DATE '{begun.first(year)}'
            GROUP BY ALL ORDER BY ALL"""
        names = ["insu_admdvs", "begndate", "enddate", *indicator.totals]
        names += [indicator.subject] if indicator.subject else []
        with duckdb.connect() as connection:
            connection.register("rows_of", found.rows.select(names))
            rows = connection.execute(sql).fetchall()
        out |= grouped(indicator, rows, scales)
    return out
