"""A year that is paid rightly comes in; known mistakes of a payer, and their list, go out.

For each person picked, the year is settled once more as a payer who made one mistake
would have seen it: with a table of claims or identities of its own, or a program without
limits. What comes out of that is what the claims say was paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from jiugao.claims.database import one
from jiugao.claims.findings import DataError
from jiugao.reconcile.causes import Cause
from jiugao.reconcile.paid import Held, held
from jiugao.results.policy import Policy
from jiugao.results.variants import without_limits
from jiugao.sample.payments import settle_rows, shared_columns

STEADY = (
    "psn_no IN (SELECT psn_no FROM identities GROUP BY psn_no HAVING count(*) = 1 AND max(enddate) IS NULL"
    " AND max(begndate) < make_date($year, 1, 1))"
)
PLAIN = "psn_no NOT IN (SELECT psn_no FROM base WHERE init_setl_id IS NOT NULL OR year(begndate) < year(setl_time))"

PLANTED = (
    "CREATE OR REPLACE TABLE planted (setl_id VARCHAR, psn_no VARCHAR, benefit_year INT, benefit VARCHAR,"
    " due BIGINT, paid BIGINT, cause VARCHAR, root_setl_id VARCHAR, kind VARCHAR)"
)


@dataclass(frozen=True)
class Mistake:
    """One kind: SQL of persons who may have it (psn_no, setl_id of the row concerned)."""

    name: str
    cause: Cause
    candidates: str


def mistakes(policy: Policy) -> tuple[Mistake, ...]:
    """Every kind that can be planted in a sample."""
    due = " + ".join(policy.benefit_codes)
    paid = f"(SELECT b.* FROM base b JOIN due d USING (setl_id) WHERE {due} > 0 AND year(b.setl_time) = $year)"
    one = (
        f"SELECT psn_no, arg_min(setl_id, u('which', setl_id)) AS setl_id FROM {paid}"
        f" WHERE init_setl_id IS NULL AND {STEADY} AND {PLAIN} GROUP BY psn_no"
    )
    ranks = _ranks(policy)
    taken = _in_force(policy)
    return (
        Mistake("missing", Cause.MISSING_PAYMENT, one),
        Mistake("double", Cause.DOUBLE_PAYMENT, one),
        Mistake(
            "late_identity",
            Cause.IDENTITY,
            f"SELECT psn_no, NULL AS setl_id FROM {ranks} GROUP BY psn_no"
            " HAVING count(*) = 2 AND count(DISTINCT rank) = 2 AND count(enddate) = 1"
            " AND max(begndate) = max(enddate) + 1 AND max(begndate) > make_date($year, 1, 1)",
        ),
        Mistake(
            "lower_identity",
            Cause.IDENTITY,
            f"SELECT psn_no, NULL AS setl_id FROM {ranks} GROUP BY psn_no"
            " HAVING count(*) = 2 AND count(DISTINCT rank) = 2 AND count(enddate) = 0"
            " AND max(begndate) < make_date($year, 1, 1)",
        ),
        Mistake(
            "late_claim",
            Cause.LATE_CLAIM,
            "SELECT psn_no, arg_min(setl_id, setl_time) AS setl_id FROM base WHERE covered AND refd_setl_flag = '0'"
            f" AND {taken} AND year(setl_time) = $year AND {STEADY} AND {PLAIN} GROUP BY psn_no"
            " HAVING count(*) > 1 AND date_diff('day', min(setl_time), make_date($year, 12, 25)::TIMESTAMP) > 40",
        ),
        Mistake(
            "reversal",
            Cause.REVERSAL,
            "SELECT psn_no, min(setl_id) AS setl_id FROM base WHERE init_setl_id IS NOT NULL AND"
            f" psn_no IN (SELECT psn_no FROM identities) AND {STEADY} GROUP BY psn_no HAVING count(*) = 1",
        ),
        Mistake(
            "duplicate",
            Cause.DUPLICATE,
            f"SELECT psn_no, arg_min(setl_id, setl_time) AS setl_id FROM base WHERE covered AND {taken} AND {STEADY} AND {PLAIN}"
            " AND year(setl_time) = $year GROUP BY psn_no HAVING count(*) > 1",
        ),
        Mistake(
            "limit",
            Cause.LIMIT,
            f"SELECT psn_no, NULL AS setl_id FROM base JOIN due USING (setl_id) WHERE {STEADY} AND {PLAIN}"
            " GROUP BY psn_no HAVING " + _near_limit(policy),
        ),
        Mistake(
            "split_person",
            Cause.SPLIT_PERSON,
            f"SELECT psn_no, arg_max(setl_id, (setl_time, setl_id)) AS setl_id FROM {paid}"
            f" WHERE {STEADY} AND {PLAIN} GROUP BY psn_no",
        ),
        Mistake(
            "cross_year",
            Cause.CROSS_YEAR,
            "SELECT psn_no, min(setl_id) AS setl_id FROM base WHERE covered AND year(begndate) < year(setl_time)"
            f" AND year(setl_time) = $year + 1 AND {taken} AND {STEADY} AND psn_no NOT IN"
            " (SELECT psn_no FROM base WHERE init_setl_id IS NOT NULL OR (year(begndate) < year(setl_time)"
            " AND year(setl_time) = $year)) GROUP BY psn_no HAVING count(*) = 1",
        ),
    )


def _in_force(policy: Policy) -> str:
    """Whether the policy takes a row: of others nothing is reported."""
    force = policy.body.force
    first = force.claims_from if force.counts_from is None else force.counts_from
    day = f"{policy.day_column}::DATE - DATE '1970-01-01'"
    until = "" if force.end is None else f" AND {day} <= {force.end}"
    return f"({day} >= {first}{until})"


def all_held(policy: Policy) -> tuple[Held, ...]:
    """Benefits as reconciliation holds them against a file with every column."""
    actual = policy.actual_columns().values()
    return held(policy, frozenset(c for columns in actual for c in columns))


def summed(table: str, codes: Sequence[str]) -> str:
    """The sum of a row's benefits."""
    return "(" + " + ".join(f"{table}.{code}" for code in codes) + ")"


def known_twice(number: str) -> str:
    """SQL: whether the identity of a person under two numbers stands under both of them."""
    return f"u('both', {number}) < 0.5"


def _ranks(policy: Policy) -> str:
    cases = []
    for bit, name in enumerate(policy.body.identities):
        for rank, kind in enumerate(policy.body.classes):
            if kind.lookback is None and kind.any_of >> bit & 1:
                cases.append(f"WHEN '{name}' THEN {rank}")
                break
    # An identity of no class, which may take a person out of one, is overlooked first.
    ranked = f"CASE psn_idet_type {' '.join(cases)} ELSE -1 END" if cases else "0"
    return f"(SELECT *, {ranked} AS rank FROM identities)"


def _near_limit(policy: Policy) -> str:
    """Persons with benefits that have reached the least of a yearly limit, own or shared."""
    reached: dict[str, dict[str, list[int]]] = {}  # limit -> benefit -> amounts
    for benefit in policy.body.benefits:
        for kind, *slot, amount in (row for f in benefit.figures for row in f.limits):
            if kind in ("shared", "year"):
                limit = str(slot[0]) if slot else benefit.code
                by_benefit = reached.setdefault(limit, {})
                by_benefit.setdefault(benefit.code, []).append(int(amount))
    parts = []
    for by_benefit in reached.values():
        least = min(min(amounts) for amounts in by_benefit.values())
        parts.append(f"sum({' + '.join(by_benefit)}) >= {least}")
    return " OR ".join(parts) or "FALSE"


def plant(
    connection: duckdb.DuckDBPyConnection, policy: Policy, share: float, year: int
) -> None:
    """Change payments and rows in `base`; `planted` lists what reconciliation must find.

    `share` of the persons who were paid anything get one mistake each. DataError where no
    benefit names the column in which a mistake would show.
    """
    connection.execute(PLANTED)
    if not share:
        return
    if not all_held(policy):
        raise DataError("D927", policy=policy.body.policy.name)
    kinds = mistakes(policy)
    due = " + ".join(policy.benefit_codes)
    paid = one(
        connection,
        f"SELECT count(DISTINCT psn_no) FROM base JOIN due USING (setl_id) WHERE {due} > 0",
    )
    wanted = round(share * paid)
    _pick(connection, kinds, wanted, year)
    _payers_view(connection, year)
    _settle_views(connection, policy)
    _keep_effective(connection, policy)
    _list(connection, policy, kinds)
    _write_back(connection, policy)


def _pick(
    connection: duckdb.DuckDBPyConnection,
    kinds: Sequence[Mistake],
    wanted: int,
    year: int,
) -> None:
    """Persons for each kind in turn, one kind each; more than wanted, as some do nothing."""
    connection.execute(
        "CREATE OR REPLACE TABLE picked (psn_no VARCHAR, setl_id VARCHAR, kind VARCHAR, cause VARCHAR, place INT)"
    )
    each = -(-wanted * 4 // len(kinds)) if wanted else 0
    scarce_first = sorted(kinds, key=lambda k: k.name in ("missing", "double"))
    for kind in scarce_first:
        sql = kind.candidates.replace("$year", str(year))
        connection.execute(
            f"INSERT INTO picked SELECT psn_no, setl_id, '{kind.name}', '{kind.cause}',"
            f" row_number() OVER (ORDER BY u('pick', psn_no)) FROM ({sql}) c"
            f" WHERE psn_no NOT IN (SELECT psn_no FROM picked) ORDER BY u('pick', psn_no) LIMIT {each}"
        )
    connection.execute(f"CREATE OR REPLACE TABLE wanted AS SELECT {int(wanted)} AS n")


def _payers_view(connection: duckdb.DuckDBPyConnection, year: int) -> None:
    """Claims, identities, numbers and order as the mistaken payer saw them."""
    run = connection.execute
    # Some claims came under another number: always the one picked, never the first.
    run(
        "CREATE OR REPLACE TABLE renumbered AS SELECT b.setl_id, 'N' || b.psn_no AS other FROM base b"
        " JOIN picked p ON p.psn_no = b.psn_no AND p.kind = 'split_person'"
        " WHERE b.setl_id = p.setl_id OR (u('number', b.setl_id) < 0.4"
        " AND b.setl_id <> (SELECT arg_min(f.setl_id, (f.setl_time, f.setl_id)) FROM base f WHERE f.psn_no = b.psn_no))"
    )
    run(
        "CREATE OR REPLACE TABLE arrivals AS SELECT p.setl_id,"
        " max(b.setl_time) FILTER (WHERE u('upto', b.setl_id) < 0.7 OR b.setl_time <= f.first) + INTERVAL 2 HOUR AS arrival"
        " FROM picked p JOIN base o ON o.setl_id = p.setl_id"
        " JOIN (SELECT p.setl_id, min(b.setl_time) AS first FROM picked p JOIN base o USING (setl_id)"
        "       JOIN base b ON b.psn_no = p.psn_no AND b.covered AND b.setl_time > o.setl_time GROUP BY p.setl_id) f"
        " ON f.setl_id = p.setl_id"
        " JOIN base b ON b.psn_no = p.psn_no AND b.covered AND b.setl_time > o.setl_time"
        f" AND b.setl_time < TIMESTAMP '{year}-12-31 12:00:00'"
        " WHERE p.kind = 'late_claim' GROUP BY p.setl_id"
    )
    run(
        "DELETE FROM picked WHERE kind = 'late_claim' AND setl_id NOT IN (SELECT setl_id FROM arrivals WHERE arrival IS NOT NULL)"
    )
    run(
        "CREATE OR REPLACE TABLE seen AS SELECT b.* REPLACE ("
        " CASE WHEN p.kind = 'late_claim' AND b.setl_id = p.setl_id THEN a.arrival"
        " WHEN p.kind = 'cross_year' AND b.setl_id = p.setl_id THEN make_timestamp(year(b.begndate), 12, 31, 23, 59, 59.0)"
        " ELSE b.setl_time END AS setl_time, coalesce(r.other, b.psn_no) AS psn_no)"
        " FROM base b JOIN picked p ON p.psn_no = b.psn_no LEFT JOIN arrivals a ON a.setl_id = b.setl_id"
        " LEFT JOIN renumbered r ON r.setl_id = b.setl_id"
        " WHERE NOT (p.kind = 'reversal' AND b.setl_id = p.setl_id)"
        " UNION ALL SELECT b.* REPLACE (b.setl_id || 'D' AS setl_id)"
        " FROM base b JOIN picked p ON p.setl_id = b.setl_id AND p.kind = 'duplicate'"
    )
    run(
        "CREATE OR REPLACE TABLE delays AS SELECT psn_no, max(begndate) AS changed, 20 + floor(u('delay', psn_no) * 160)::INT AS days"
        " FROM identities WHERE psn_no IN (SELECT psn_no FROM picked WHERE kind = 'late_identity') GROUP BY psn_no"
    )


def _identities_seen(policy: Policy) -> str:
    return (
        "CREATE OR REPLACE TABLE identities_seen AS SELECT i.i, i.psn_no, i.psn_idet_type,"
        " CASE WHEN d.psn_no IS NOT NULL AND i.begndate = d.changed THEN i.begndate + d.days ELSE i.begndate END AS begndate,"
        " CASE WHEN d.psn_no IS NOT NULL AND i.enddate IS NOT NULL THEN i.enddate + d.days ELSE i.enddate END AS enddate"
        f" FROM {_ranks(policy)} i JOIN picked p USING (psn_no) LEFT JOIN delays d USING (psn_no)"
        f" WHERE p.kind <> 'lower_identity' OR i.rank = (SELECT max(r.rank) FROM {_ranks(policy)} r WHERE r.psn_no = i.psn_no)"
        " UNION ALL SELECT i.i, 'N' || i.psn_no, i.psn_idet_type, i.begndate, i.enddate FROM identities i"
        f" JOIN picked p USING (psn_no) WHERE p.kind = 'split_person' AND {known_twice('i.psn_no')}"
    )


def _settle_views(connection: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """What the mistaken payer paid: table `mistaken` (setl_id, fen by benefit)."""
    run = connection.execute
    run(_identities_seen(policy))
    run(
        "CREATE OR REPLACE TABLE seen_by_program AS SELECT * FROM seen WHERE psn_no IN (SELECT psn_no FROM picked WHERE kind = 'limit')"
    )
    run(
        "DELETE FROM seen WHERE psn_no IN (SELECT psn_no FROM picked WHERE kind = 'limit')"
    )
    sums = ", ".join(f"({c} * 100)::BIGINT AS {c}" for c in policy.benefit_codes)
    free = without_limits(policy, frozenset(policy.benefit_codes))
    for number, (table, program) in enumerate(
        (("seen", policy), ("seen_by_program", free))
    ):
        rows = settle_rows(connection, program, table, "identities_seen").rows
        connection.register("rows_in", rows)
        make = (
            "CREATE OR REPLACE TABLE mistaken AS"
            if number == 0
            else "INSERT INTO mistaken"
        )
        run(f"{make} SELECT setl_id, {sums} FROM rows_in")
        connection.unregister("rows_in")
    zeros = ", ".join(f"0 AS {c}" for c in policy.benefit_codes)
    run(
        f"INSERT INTO mistaken SELECT setl_id, {zeros} FROM picked WHERE kind = 'reversal'"
    )
    doubled = ", ".join(
        f"{c} = CASE p.kind WHEN 'missing' THEN 0 ELSE 2 * {c} END"
        for c in policy.benefit_codes
    )
    run(
        f"UPDATE mistaken SET {doubled} FROM picked p WHERE p.setl_id = mistaken.setl_id AND p.kind IN ('missing', 'double')"
    )
    run(
        "CREATE OR REPLACE TABLE first_copies AS SELECT m.* FROM mistaken m JOIN picked p"
        " ON p.setl_id = m.setl_id AND p.kind = 'duplicate'"
    )
    run("DELETE FROM mistaken WHERE setl_id IN (SELECT setl_id FROM first_copies)")
    run(
        "UPDATE mistaken SET setl_id = p.setl_id FROM picked p"
        " WHERE p.kind = 'duplicate' AND mistaken.setl_id = p.setl_id || 'D'"
    )


def _keep_effective(connection: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Only mistakes that change a payment, as many as wanted, the kinds in turn."""
    differs = " OR ".join(
        f"{summed('m', g.benefits)} <> {summed('d', g.benefits)}"
        for g in all_held(policy)
    )
    run = connection.execute
    run(
        "CREATE OR REPLACE TABLE effective AS WITH real AS (SELECT DISTINCT p.* FROM picked p JOIN base b USING (psn_no)"
        f" JOIN mistaken m ON m.setl_id = b.setl_id JOIN due d ON d.setl_id = b.setl_id WHERE {differs}),"
        " turns AS (SELECT *, row_number() OVER (PARTITION BY kind ORDER BY place) AS turn FROM real)"
        " SELECT * FROM turns ORDER BY turn, kind LIMIT (SELECT n FROM wanted)"
    )
    run(
        "DELETE FROM mistaken WHERE setl_id NOT IN (SELECT base.setl_id FROM base JOIN effective USING (psn_no))"
    )
    run(
        "DELETE FROM first_copies WHERE setl_id NOT IN (SELECT setl_id FROM effective WHERE setl_id IS NOT NULL)"
    )


def _list(
    connection: duckdb.DuckDBPyConnection, policy: Policy, kinds: Sequence[Mistake]
) -> None:
    """What each differing row is expected to be called, and which row it follows from."""
    del kinds
    cells = " UNION ALL ".join(
        f"SELECT b.setl_id, b.psn_no, b.setl_time, b.{policy.day_column} AS day, '{g.name}' AS benefit,"
        f" {summed('d', g.benefits)} AS due, {summed('m', g.benefits)} AS paid, e.kind, e.cause,"
        " CASE WHEN e.kind = 'late_identity' THEN b.setl_time::DATE BETWEEN l.changed AND l.changed + l.days - 1"
        " WHEN e.kind IN ('lower_identity', 'limit', 'split_person') THEN TRUE ELSE b.setl_id = e.setl_id END AS touched"
        " FROM mistaken m JOIN base b USING (setl_id) JOIN due d USING (setl_id) JOIN effective e ON e.psn_no = b.psn_no"
        " LEFT JOIN delays l ON l.psn_no = b.psn_no"
        for g in all_held(policy)
    )
    connection.execute(
        f"INSERT INTO planted WITH cells AS ({cells}), wrong AS (SELECT * FROM cells WHERE due <> paid),"
        " roots AS (SELECT psn_no, arg_min(setl_id, (setl_time, setl_id)) FILTER (WHERE touched) AS touched_row,"
        " arg_min(setl_id, (setl_time, setl_id)) AS first FROM wrong GROUP BY psn_no)"
        " SELECT w.setl_id, w.psn_no, year(w.day) AS benefit_year, w.benefit, w.due, w.paid,"
        " CASE WHEN w.touched OR (r.touched_row IS NULL AND w.setl_id = r.first) THEN w.cause"
        f" ELSE '{Cause.CONSEQUENCE}' END AS cause,"
        " CASE WHEN w.touched THEN '' ELSE coalesce(r.touched_row, e.setl_id, '') END AS root_setl_id, w.kind"
        " FROM wrong w JOIN roots r USING (psn_no) JOIN effective e USING (psn_no)"
    )


def _write_back(connection: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Payments of the mistaken payer into `base`, the first copies beside them."""
    run = connection.execute
    columns = shared_columns(policy)
    run(
        "CREATE OR REPLACE TABLE copies_made AS SELECT b.* REPLACE ("
        + ", ".join(f"{summed('f', cs)} AS {column}" for column, cs in columns.items())
        + ") FROM base b JOIN first_copies f USING (setl_id)"
    )
    sets = ", ".join(f"{column} = {summed('m', cs)}" for column, cs in columns.items())
    run(f"UPDATE base SET {sets} FROM mistaken m WHERE m.setl_id = base.setl_id")
    run(
        "UPDATE base SET updt_time = base.updt_time + INTERVAL 1 DAY WHERE setl_id IN (SELECT setl_id FROM copies_made)"
    )
    run("INSERT INTO base SELECT * FROM copies_made")
    run(
        "UPDATE base SET psn_no = r.other FROM renumbered r JOIN effective e ON 'N' || e.psn_no = r.other"
        " WHERE base.setl_id = r.setl_id"
    )
    run(
        f"INSERT INTO identities SELECT * REPLACE ('N' || psn_no AS psn_no) FROM identities WHERE {known_twice('psn_no')}"
        " AND psn_no IN (SELECT psn_no FROM effective WHERE kind = 'split_person')"
    )
    run(
        "UPDATE base SET updt_time = a.arrival, pay_loc = '1', manl_reim_rea = '1' FROM arrivals a"
        " WHERE a.setl_id = base.setl_id AND a.setl_id IN (SELECT setl_id FROM effective)"
    )
