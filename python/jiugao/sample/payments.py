"""Invented claims come in; what the rules pay on them, worked out by the engine, goes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from jiugao.claims.staging import key_of, plain
from jiugao.engine import Options, Tables, settle
from jiugao.results.policy import Policy
from jiugao.sample.description import Lower

PEOPLE = (
    "SELECT psn_no, psn_idet_type, begndate, enddate FROM {} ORDER BY psn_no, begndate"
)
APPLICATIONS = "SELECT psn_no, apply_date, psn_idet_type FROM applications ORDER BY psn_no, apply_date"
CLAIMS = """
SELECT c.* REPLACE (c.in_area = 1 AS in_area), i.designated = 1 AS designated{} FROM {} c
JOIN institutions i USING (fixmedins_code){}
ORDER BY c.psn_no, c.{}, c.setl_time, c.setl_id
"""
REGIONS = {
    "in_county": "c.insu_admdvs = c.fix_blng_admdvs",
    "in_city": "c.insu_admdvs[:4] = c.fix_blng_admdvs[:4]",
}
FLAGS = ("designated", "in_area")
REPLACED = "outlay_replaced"


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
    sql = CLAIMS.format(*_beside(policy, claims), policy.day_column)
    held = connection.sql(PEOPLE.format(people)).to_arrow_table()
    applications = connection.sql(APPLICATIONS).to_arrow_table()
    settlement = settle(
        policy.program,
        Tables(connection.sql(sql).to_arrow_reader(1 << 16), held, applications),
        Options(close_year=True, threads=2),
    )
    codes = ["setl_id", *policy.benefit_codes]
    if policy.body.outputs.paying is not None:
        codes.append(REPLACED)
    wanted = [b.select(codes) for b in settlement]
    rows = pa.Table.from_batches(wanted) if wanted else pa.table({c: [] for c in codes})
    return Paid(rows, settlement.years().table())


def _beside(policy: Policy, claims: str) -> tuple[str, str, str]:
    """Columns of regions, and of institutions by another code, with the joins they need."""
    shown, joins = "", ""
    keys: dict[str, str] = {}
    for column in policy.columns("institutions"):
        if column.name in REGIONS:
            shown += f", {REGIONS[column.name]} AS {column.name}"
        elif plain(column.name) != column.name:
            key = key_of(column.name)
            if key not in keys:
                keys[key] = f"i{len(keys)}"
                joins += f" LEFT JOIN institutions {keys[key]} ON {keys[key]}.fixmedins_code = c.{key}"
            value = f"{keys[key]}.{plain(column.name)}"
            value += " = 1" if plain(column.name) in FLAGS else ""
            shown += f', {value} AS "{column.name}"'
    return shown, claims, joins


def shared_columns(policy: Policy) -> dict[str, tuple[str, ...]]:
    """Column of what was really paid -> the benefits that are found in it together."""
    found: dict[str, tuple[str, ...]] = {}
    for code, columns in policy.actual_columns().items():
        if columns:
            found[columns[0]] = (*found.get(columns[0], ()), code)
    return found


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
    rows = paid.rows
    sums = ", ".join(
        f"({n} * 100)::BIGINT AS {n}" for n in rows.column_names if n != "setl_id"
    )
    connection.register("rows_in", rows)
    connection.execute(
        f"CREATE OR REPLACE TABLE due AS SELECT setl_id, {sums} FROM rows_in"
    )
    connection.unregister("rows_in")
    for column, codes in shared_columns(policy).items():
        due = " + ".join(f"d.{code}" for code in codes)
        connection.execute(
            f"UPDATE base SET {column} = {due} FROM due d WHERE d.setl_id = base.setl_id AND {due} <> 0"
        )
    return paid.years


def _fill_lower(
    connection: duckdb.DuckDBPyConnection,
    paid: Paid,
    columns: Mapping[str, Mapping[str, str]],
) -> None:
    rows = paid.rows
    connection.register("rows_in", rows)
    # What a layer would take back on a claim is left out: a file has no amount below 0
    # without its original (D958).
    for benefit, by_kind in columns.items():
        for kind, column in by_kind.items():
            connection.execute(
                f"UPDATE base SET {column} = {column} + ({benefit} * 100)::BIGINT FROM rows_in r"
                f" WHERE r.setl_id = base.setl_id AND $1 IN (base.insutype, '*') AND r.{benefit} > 0",
                [kind],
            )
    connection.unregister("rows_in")
    undone = {c for by_kind in columns.values() for c in by_kind.values()}
    sets = ", ".join(f"{c} = -o.{c}" for c in sorted(undone))
    connection.execute(
        f"UPDATE base SET {sets} FROM (SELECT * FROM base) o WHERE base.init_setl_id = o.setl_id"
    )
