"""Claims of the persons with differences come in; what a payer may have done goes out.

Each *suspicion* is one thing changed for one person: that person's claims as the payer
may have seen them, under a person number of its own. All of them are settled in one pass
of the engine. Identities are carried by row, so that a changed time does not change them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from jiugao.claims.database import listed, literal
from jiugao.claims.persons import OWN
from jiugao.reconcile.causes import Cause
from jiugao.results.prepare import Own
from jiugao.years import Years

HELD_ON = """
SELECT s.rid, string_agg(DISTINCT i.psn_idet_type, '、' ORDER BY i.psn_idet_type) AS held
FROM subset s JOIN intervals i ON i.psn_no = s.psn_no
 AND (i.begndate IS NULL OR i.begndate <= {day}) AND (i.enddate IS NULL OR i.enddate >= {day})
GROUP BY s.rid
"""
DAY = "s.setl_time::DATE"
PLAIN = "SELECT s.psn_no AS who, s.rid, s.setl_time, s.held, s.setl_id FROM subset s"
"""What the payer saw of each person, were nothing wrong."""


@dataclass(frozen=True)
class Suspicion:
    """A kind of mistake: SQL that gives, by person, what the payer may have seen.

    `cost`: how readily it is believed where several explain the same; lower first.
    """

    name: str
    cause: Cause
    cost: int
    sql: str
    needs: tuple[str, ...] = ()
    apart: bool = False  # each of the person's numbers was taken for a person


@dataclass(frozen=True)
class Sides:
    """What is known of some persons beside their claims."""

    people: pa.Table | None
    applications: pa.Table | None
    opening: pa.Table | None


def load_subset(
    connection: duckdb.DuckDBPyConnection,
    claims: pa.Table,
    copies: pa.Table,
    sides: Sides,
    own: Own,
) -> None:
    """Put the tables of the differing persons where the suspicions' SQL finds them.

    `claims`: their rows in order, with rid, due and paid columns and `differs`; `own`:
    the same by the numbers they came with.
    """
    people = sides.people
    connection.register("claims_in", claims)
    columns = listed(n for n in claims.column_names if n != "psn_idet_type")
    held = (
        "psn_idet_type"
        if "psn_idet_type" in claims.column_names and people is None
        else "NULL"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE subset AS SELECT {columns}, {held}::VARCHAR AS held,"
        " row_number() OVER (PARTITION BY psn_no ORDER BY rid) AS seq FROM claims_in"
    )
    connection.unregister("claims_in")
    _load(
        connection,
        "intervals",
        people,
        "psn_no VARCHAR, psn_idet_type VARCHAR, begndate DATE, enddate DATE",
    )
    _load(
        connection,
        "asked",
        sides.applications if own.applications is None else own.applications,
        "psn_no VARCHAR, apply_date DATE, psn_idet_type VARCHAR, own_no VARCHAR",
    )
    _load(
        connection,
        "begun",
        sides.opening,
        "psn_no VARCHAR, benefit_year INT, accumulator VARCHAR, amount VARCHAR,"
        " until DATE, broken BOOLEAN",
    )
    _load(
        connection,
        "own_begun",
        own.opening,
        "psn_no VARCHAR, benefit_year INT, accumulator VARCHAR, amount VARCHAR,"
        " until DATE, broken BOOLEAN, own_no VARCHAR, file INT, row BIGINT",
    )
    _load(
        connection,
        "own_intervals",
        own.people,
        "psn_no VARCHAR, psn_idet_type VARCHAR, begndate DATE, enddate DATE, own_no VARCHAR",
    )
    connection.register("copies_in", copies)
    connection.execute("CREATE OR REPLACE TEMP TABLE copies AS SELECT * FROM copies_in")
    connection.unregister("copies_in")
    if people is not None:
        connection.execute(
            f"UPDATE subset SET held = h.held FROM ({HELD_ON.format(day=DAY)}) h WHERE h.rid = subset.rid"
        )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE relevant AS SELECT psn_no, rid, seq, setl_time::DATE AS day FROM subset"
        " WHERE med_type IN (SELECT med_type FROM subset WHERE moved)"
    )


def _load(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    table: pa.Table | None,
    columns: str,
) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({columns})")
    if table is not None:
        connection.register("incoming_small", table)
        connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM incoming_small")
        connection.unregister("incoming_small")


def suspicions(
    representatives: Sequence[tuple[str, int]], years: Years
) -> tuple[Suspicion, ...]:
    """Every kind of mistake in data, order and identity.

    `representatives`: an identity for each class that can be held, with the class's rank;
    `years`: when benefit years begin.
    Each SQL gives rows (who, rid, setl_time, held, setl_id): `who` names the suspicion of
    one person; rid null is a row that only the payer saw.
    """
    return (
        *_of_numbers(),
        *_of_rows(),
        *_of_time(years),
        *_of_identity(representatives, years),
    )


def _of_numbers() -> tuple[Suspicion, ...]:
    """Each number was settled for itself: with the person's identities, or with its own."""
    several = (
        "SELECT psn_no FROM subset GROUP BY psn_no HAVING count(DISTINCT own_no) > 1"
    )
    held = (
        "SELECT s.rid, string_agg(DISTINCT i.psn_idet_type, '、' ORDER BY i.psn_idet_type) AS held"
        " FROM subset s JOIN own_intervals i ON i.own_no = s.own_no"
        f" AND (i.begndate IS NULL OR i.begndate <= {DAY}) AND (i.enddate IS NULL OR i.enddate >= {DAY})"
        " GROUP BY s.rid"
    )
    return (
        Suspicion(
            "numbers_apart",
            Cause.SPLIT_PERSON,
            1,
            f"{PLAIN} WHERE s.psn_no IN ({several})",
            (OWN,),
            apart=True,
        ),
        Suspicion(
            "numbers_and_identities_apart",
            Cause.SPLIT_PERSON,
            1,
            "WITH alone AS (SELECT s.psn_no, s.rid, s.setl_time, h.held, s.setl_id, s.held AS joined FROM subset s"
            f" LEFT JOIN ({held}) h ON h.rid = s.rid)"
            " SELECT psn_no AS who, rid, setl_time, held, setl_id FROM alone"
            " WHERE psn_no IN (SELECT psn_no FROM alone WHERE held IS DISTINCT FROM joined)",
            (OWN,),
            apart=True,
        ),
    )


def _of_rows() -> tuple[Suspicion, ...]:
    return (
        Suspicion(
            "reversal_ignored",
            Cause.REVERSAL,
            1,
            "SELECT r.psn_no || '/' || r.setl_id AS who, s.rid, s.setl_time, s.held, s.setl_id"
            " FROM subset r JOIN subset s ON s.psn_no = r.psn_no AND s.rid <> r.rid"
            " WHERE r.init_setl_id IS NOT NULL",
        ),
        *(
            Suspicion(
                f"copy_{position}",
                Cause.DUPLICATE,
                1 + cost,
                "SELECT s.psn_no || '/' || c.setl_id || '/' || c.row AS who, s.rid, s.setl_time, s.held, s.setl_id"
                " FROM copies c JOIN subset s ON s.psn_no = c.psn_no"
                " UNION ALL "
                f"SELECT s.psn_no || '/' || c.setl_id || '/' || c.row, {rid}, s.setl_time {shift} INTERVAL 1 MICROSECOND,"
                " s.held, s.setl_id || '~' FROM copies c JOIN subset s ON s.setl_id = c.setl_id",
            )
            for cost, position, rid, shift in (
                (0, "before", "NULL", "-"),
                (1, "after", "NULL", "+"),
                (2, "sum", "s.rid", "+"),
            )
        ),
    )


def _of_time(years: Years) -> tuple[Suspicion, ...]:
    settled, admitted = years.sql("s.setl_time"), years.sql("s.begndate")
    next_year = f"make_timestamp({admitted} + 1, {years.month}, {years.day}, 0, 0, 0.0)"
    crossing = f"{admitted} < {settled}"
    late = (
        "(SELECT s.rid FROM subset s WHERE s.updt_time IS NOT NULL AND EXISTS (SELECT 1 FROM subset t"
        " WHERE t.psn_no = s.psn_no AND t.setl_time > s.setl_time AND t.setl_time < s.updt_time"
        f" AND {years.sql('s.updt_time')} = {settled}))"
    )
    moved = "SELECT {who} AS who, s.rid, {time} AS setl_time, s.held, s.setl_id FROM {source} WHERE {where}"
    return (
        Suspicion(
            "arrival",
            Cause.LATE_CLAIM,
            2,
            moved.format(
                who="s.psn_no",
                time=f"CASE WHEN s.rid IN {late} THEN s.updt_time ELSE s.setl_time END",
                source="subset s",
                where=f"s.psn_no IN (SELECT psn_no FROM subset WHERE rid IN {late})",
            ),
            ("updt_time",),
        ),
        Suspicion(
            "arrival_of_one",
            Cause.LATE_CLAIM,
            3,
            moved.format(
                who="s.psn_no || '/' || l.rid",
                time="CASE WHEN s.rid = l.rid THEN s.updt_time ELSE s.setl_time END",
                source="subset s JOIN subset l ON l.psn_no = s.psn_no",
                where=f"l.rid IN {late}",
            ),
            ("updt_time",),
        ),
        Suspicion(
            "year_of_admission",
            Cause.CROSS_YEAR,
            2,
            moved.format(
                who="s.psn_no || '/' || l.rid",
                time=f"CASE WHEN s.rid = l.rid THEN {next_year} - INTERVAL 1 SECOND"
                " ELSE s.setl_time END",
                source="subset s JOIN subset l ON l.psn_no = s.psn_no",
                where=crossing.replace("s.", "l."),
            ),
            ("begndate",),
        ),
        Suspicion(
            "another_order",
            Cause.LATE_CLAIM,
            30,
            moved.format(
                who="s.psn_no || '/' || l.rid || '/' || k.rid",
                time="CASE WHEN s.rid = l.rid THEN k.setl_time + INTERVAL 1 MICROSECOND ELSE s.setl_time END",
                source="subset s JOIN (SELECT psn_no, min(rid) AS rid FROM subset WHERE differs GROUP BY psn_no) l"
                " ON l.psn_no = s.psn_no JOIN subset k ON k.psn_no = s.psn_no AND k.rid > l.rid AND k.differs"
                " JOIN subset o ON o.rid = l.rid",
                where=f"{years.sql('k.setl_time')} = {years.sql('o.setl_time')}",
            ),
        ),
    )


def _of_identity(
    representatives: Sequence[tuple[str, int]], years: Years
) -> tuple[Suspicion, ...]:
    changes = (
        "(SELECT psn_no, day FROM (SELECT psn_no, begndate AS day FROM intervals WHERE begndate IS NOT NULL"
        " UNION SELECT psn_no, enddate + 1 FROM intervals WHERE enddate IS NOT NULL)"
        f" WHERE (psn_no, {years.sql('day')}) IN (SELECT psn_no, {years.sql('setl_time')} FROM subset))"
    )
    return (
        _by_day("identity_at_admission", "s.begndate", 4, ("begndate",)),
        _by_day("identity_at_discharge", "s.enddate", 5, ("enddate",)),
        _shifted(
            "identity_known_late",
            changes,
            "- 1",
            "m.day >= c.day",
            "s.setl_time::DATE >= c.day AND s.seq <= m.seq",
        ),
        _shifted(
            "identity_known_early",
            changes,
            "",
            "m.day < c.day",
            "s.setl_time::DATE < c.day AND s.seq >= m.seq",
        ),
        _lowest(representatives),
        *_another_class(representatives),
    )


def _by_day(name: str, day: str, cost: int, needs: tuple[str, ...]) -> Suspicion:
    sql = (
        "SELECT s.psn_no AS who, s.rid, s.setl_time, h.held, s.setl_id FROM subset s"
        f" LEFT JOIN ({HELD_ON.format(day=day)}) h ON h.rid = s.rid"
        " WHERE s.psn_no IN (SELECT s.psn_no FROM subset s"
        f" LEFT JOIN ({HELD_ON.format(day=day)}) h ON h.rid = s.rid"
        " WHERE h.held IS DISTINCT FROM s.held)"
    )
    return Suspicion(name, Cause.IDENTITY, cost, sql, needs)


def _shifted(
    name: str, changes: str, offset: str, which: str, touched: str
) -> Suspicion:
    """Rows on one side of a change, up to one of them, by the identities of the other."""
    sql = (
        "WITH sides AS (SELECT c.psn_no, c.day, string_agg(DISTINCT i.psn_idet_type, '、' ORDER BY i.psn_idet_type) AS held"
        f" FROM {changes} c LEFT JOIN intervals i ON i.psn_no = c.psn_no"
        f" AND (i.begndate IS NULL OR i.begndate <= c.day {offset}) AND (i.enddate IS NULL OR i.enddate >= c.day {offset})"
        " GROUP BY c.psn_no, c.day)"
        " SELECT s.psn_no || '/' || c.day || '/' || m.seq AS who, s.rid, s.setl_time,"
        f" CASE WHEN {touched} THEN c.held ELSE s.held END AS held, s.setl_id"
        f" FROM sides c JOIN relevant m ON m.psn_no = c.psn_no AND {which}"
        " JOIN subset s ON s.psn_no = c.psn_no"
    )
    return Suspicion(name, Cause.IDENTITY, 6, sql)


def _ranks(representatives: Sequence[tuple[str, int]]) -> str:
    return " ".join(
        f"WHEN {literal(name)} THEN {rank}" for name, rank in representatives
    )


def _lowest(representatives: Sequence[tuple[str, int]]) -> Suspicion:
    rank = "-1"
    if representatives:
        rank = f"CASE i.psn_idet_type {_ranks(representatives)} ELSE -1 END"
    sql = (
        "WITH lowest AS (SELECT s.rid, arg_max(i.psn_idet_type, rank) AS held FROM subset s"
        f" JOIN (SELECT *, {rank} AS rank FROM intervals i) i ON i.psn_no = s.psn_no"
        f" AND (i.begndate IS NULL OR i.begndate <= {DAY}) AND (i.enddate IS NULL OR i.enddate >= {DAY})"
        " GROUP BY s.rid HAVING count(DISTINCT i.psn_idet_type) > 1)"
        " SELECT s.psn_no AS who, s.rid, s.setl_time, coalesce(l.held, s.held) AS held, s.setl_id"
        " FROM subset s LEFT JOIN lowest l ON l.rid = s.rid"
        " WHERE s.psn_no IN (SELECT psn_no FROM subset WHERE rid IN (SELECT rid FROM lowest))"
    )
    return Suspicion("lowest_identity", Cause.IDENTITY, 5, sql)


def _another_class(representatives: Sequence[tuple[str, int]]) -> tuple[Suspicion, ...]:
    """Any other class, with nothing in the data that says so: believed last."""
    first: dict[int, str] = {}
    for name, rank in representatives:
        first.setdefault(rank, name)
    made = []
    for number, identity in enumerate([*first.values(), None]):
        held = literal(identity) if identity else "NULL"
        for cost, kind, touched in (
            (22, "year", "TRUE"),
            (23, "from", "s.rid >= f.rid"),
            (24, "one", "s.rid = f.rid"),
        ):
            sql = (
                "SELECT s.psn_no AS who, s.rid, s.setl_time,"
                f" CASE WHEN {touched} THEN {held} ELSE s.held END AS held, s.setl_id FROM subset s"
                " JOIN (SELECT psn_no, min(rid) AS rid FROM subset WHERE differs GROUP BY psn_no) f"
                " ON f.psn_no = s.psn_no"
            )
            made.append(
                Suspicion(f"another_class_{kind}_{number}", Cause.IDENTITY, cost, sql)
            )
    return tuple(made)
