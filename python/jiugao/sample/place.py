"""A number of people and a seed come in; an invented year of a place goes out, in DuckDB.

Every draw is a hash of (salt, row, seed): the same call gives the same rows whatever the
number of threads. Floating point draws lots and lengths only; amounts are whole fen from
then on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from jiugao.claims.findings import DataError
from jiugao.packaged import packaged
from jiugao.sample.description import FILE, Description

REVERSED = 0.006  # share of the stays and chronic visits that are undone


@dataclass(frozen=True)
class Size:
    """How much is asked for."""

    people: int
    seed: int
    year: int


@dataclass(frozen=True)
class Known:
    """What the policy tells of its data.

    `identities`: those that a person can hold; `applied`: the one that is applied for;
    `money`: every money column of claims; `paid`: columns of what was really paid.
    """

    identities: Sequence[str]
    applied: str | None
    money: frozenset[str]
    paid: tuple[str, ...]


def invent(
    connection: duckdb.DuckDBPyConnection,
    described: Description,
    wanted: Size,
    known: Known,
) -> None:
    """Fill the connection with persons, identities, institutions, applications, `base`."""
    connection.execute(
        "CREATE OR REPLACE MACRO u(salt, k) AS"
        f" ((hash(salt, k, {int(wanted.seed)}::BIGINT) >> 11)::DOUBLE / 9007199254740992.0)"
    )
    _weights(connection, known.identities, described)
    areas = pa.table({"area": described.areas, "number": range(len(described.areas))})
    connection.register("areas_in", areas)
    connection.execute("CREATE OR REPLACE TABLE areas AS SELECT * FROM areas_in")
    connection.unregister("areas_in")
    used = {
        "n": wanted.people,
        "year": wanted.year,
        "applied": known.applied,
        "elsewhere": described.elsewhere,
        "assisted": described.assisted,
        "areas": len(described.areas),
        "visits_of_assisted": float(described.visits_of_assisted),
        "labels_for_life": described.labels_for_life,
    }
    for name in ("population.sql", "claims.sql"):
        for statement in _statements(packaged(f"sample/{name}")):
            chosen = {
                k: v for k, v in used.items() if re.search(rf"\${k}\b", statement)
            }
            connection.execute(statement, chosen or None)
    _enrol(connection, described.enrolment)
    _add_local(connection, described, known)
    _reverse(connection, known.money, wanted.year)


def _enrol(connection: duckdb.DuckDBPyConnection, described: Mapping[str, str]) -> None:
    """The enrolment table as described; DataError D948 for what DuckDB cannot take."""
    if not described:
        return
    shown = ", ".join(f"({e}) AS {n}" for n, e in described.items() if n != "who")
    replaced = f" REPLACE ({shown})" if shown else ""
    try:
        connection.execute(
            f"CREATE OR REPLACE TABLE enrolment AS SELECT * EXCLUDE (i, assisted){replaced}"
            " FROM (SELECT e.*, x.i, x.assisted FROM enrolment e JOIN persons x USING (psn_no)) p"
            f" WHERE {described.get('who', 'TRUE')}"
        )
    except duckdb.Error as error:
        detail = f"enrolment: {str(error).splitlines()[0]}"
        raise DataError("D948", file=FILE, detail=detail) from error


def _add_local(
    connection: duckdb.DuckDBPyConnection, described: Description, known: Known
) -> None:
    """Local columns: those described, then zero for what the policy says was paid.

    Raises DataError D948 for an expression that DuckDB cannot take.
    """
    described_zero = {c: "0" for c in known.paid if c not in described.columns}
    for name, expression in {**described.columns, **described_zero}.items():
        there = name in connection.table("base").columns
        if there and name in described_zero:
            continue
        kind = "::BIGINT" if name in known.money else ""
        what = f"({expression}){kind} AS {name}"
        chosen = f"* REPLACE ({what})" if there else f"*, {what}"
        try:
            connection.execute(
                f"CREATE OR REPLACE TABLE base AS SELECT {chosen} FROM base"
            )
        except duckdb.Error as error:
            detail = f"{name}: {str(error).splitlines()[0]}"
            raise DataError("D948", file=FILE, detail=detail) from error


def _reverse(
    connection: duckdb.DuckDBPyConnection, money: frozenset[str], year: int
) -> None:
    """Reversals: a second row with every amount negative, both flagged."""
    there = [c for c in connection.table("base").columns if c in money]
    negative = ", ".join(f"-{c} AS {c}" for c in there)
    in_year = f"year(undone_at) = {year}"
    connection.execute(
        "CREATE OR REPLACE TABLE base AS WITH undone AS ("
        " SELECT *, setl_time + to_hours((24 + floor(u('undone', setl_id) * 480))::BIGINT) AS undone_at"
        f" FROM base WHERE covered AND undo < {REVERSED} AND year(setl_time) = {year})"
        " SELECT * REPLACE (CASE WHEN setl_id IN"
        f" (SELECT setl_id FROM undone WHERE {in_year}) THEN '1' ELSE refd_setl_flag END AS refd_setl_flag)"
        " FROM base UNION ALL SELECT * EXCLUDE (undone_at) REPLACE ('R' || setl_id[2:] AS setl_id,"
        " setl_id AS init_setl_id, '1' AS refd_setl_flag, undone_at AS setl_time,"
        f" undone_at + INTERVAL 7 MINUTE AS updt_time, {negative}) FROM undone WHERE {in_year}"
    )


def _statements(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if not line.strip().startswith("--")]
    return [s for part in "\n".join(lines).split(";") if (s := part.strip())]


def _weights(
    connection: duckdb.DuckDBPyConnection,
    identities: Sequence[str],
    described: Description,
) -> None:
    weights = described.identities
    shares = {i: weights.get(i, 0 if weights else 1) for i in identities}
    total = sum(shares.values()) or 1
    connection.execute(
        "CREATE OR REPLACE TABLE weights (identity VARCHAR, low DOUBLE, high DOUBLE)"
    )
    below = 0
    for identity, share in shares.items():
        above = below + share
        connection.execute(
            "INSERT INTO weights VALUES (?, ?, ?)",
            [identity, below / total, 1.0 if above == total else above / total],
        )
        below = above
