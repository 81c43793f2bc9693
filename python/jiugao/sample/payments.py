"""Invented claims come in; what the rules pay on them, worked out by the engine, goes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from jiugao.results.policy import Policy
from jiugao.results.settling import Settling
from jiugao.sample.description import Lower

PEOPLE = (
    "SELECT psn_no, psn_idet_type, begndate, enddate FROM {} ORDER BY psn_no, begndate"
)
APPLICATIONS = "SELECT psn_no, apply_date, psn_idet_type FROM applications ORDER BY psn_no, apply_date"
CLAIMS = """
SELECT c.* REPLACE (c.in_area = 1 AS in_area), i.designated = 1 AS designated FROM {} c
JOIN institutions i USING (fixmedins_code)
ORDER BY c.psn_no, c.{}, c.setl_time, c.setl_id
"""


@dataclass(frozen=True)
class Paid:
    """What every row is due (fen by benefit, setl_id), and the accounts of the years."""

    rows: pa.Table
    years: pa.Table


def settle_rows(
    connection: duckdb.DuckDBPyConnection,
    policy: Policy,
    claims: str = "base",
    people: str = "identities",
) -> Paid:
    """Settle a table of claims; rows that the policy rejects are due nothing."""
    held = connection.sql(PEOPLE.format(people)).to_arrow_table()
    applications = connection.sql(APPLICATIONS).to_arrow_table()
    settling = Settling(
        policy,
        connection.sql(CLAIMS.format(claims, policy.day_column)).to_arrow_reader(
            1 << 16
        ),
        held,
        applications,
        close_year=True,
        threads=2,
    )
    codes = ["setl_id", *policy.benefit_codes]
    wanted = [b.select(codes) for b in settling.batches()]
    rows = pa.Table.from_batches(wanted) if wanted else pa.table({c: [] for c in codes})
    return Paid(rows, settling.years())


def pay(
    connection: duckdb.DuckDBPyConnection,
    policy: Policy,
    lower: Lower | None,
    load: Callable[[Mapping[str, str]], Policy],
) -> pa.Table:
    """Fill the payment columns of `base`, lower layer first; `due` keeps what is due.

    `load` gives the policy under further settings. Returns the accounts of the years,
    closed.
    """
    if lower is not None:
        worked_out = settle_rows(connection, load(lower.settings))
        _fill_lower(connection, worked_out, lower.columns)
    paid = settle_rows(connection, policy)
    sums = ", ".join(
        f"({code} * 100)::BIGINT AS {code}" for code in policy.benefit_codes
    )
    rows = paid.rows
    connection.register("rows_in", rows)
    connection.execute(
        f"CREATE OR REPLACE TABLE due AS SELECT setl_id, {sums} FROM rows_in"
    )
    connection.unregister("rows_in")
    for code, columns in policy.actual_columns().items():
        if columns:
            connection.execute(
                f"UPDATE base SET {columns[0]} = d.{code} FROM due d WHERE d.setl_id = base.setl_id AND d.{code} <> 0"
            )
    return paid.years


def _fill_lower(
    connection: duckdb.DuckDBPyConnection,
    paid: Paid,
    columns: Mapping[str, Mapping[str, str]],
) -> None:
    rows = paid.rows
    connection.register("rows_in", rows)
    for benefit, by_kind in columns.items():
        for kind, column in by_kind.items():
            connection.execute(
                f"UPDATE base SET {column} = {column} + ({benefit} * 100)::BIGINT FROM rows_in r"
                f" WHERE r.setl_id = base.setl_id AND $1 IN (base.insutype, '*') AND r.{benefit} <> 0",
                [kind],
            )
    connection.unregister("rows_in")
    undone = {c for by_kind in columns.values() for c in by_kind.values()}
    sets = ", ".join(f"{c} = -o.{c}" for c in sorted(undone))
    connection.execute(
        f"UPDATE base SET {sets} FROM (SELECT * FROM base) o WHERE base.init_setl_id = o.setl_id"
    )
