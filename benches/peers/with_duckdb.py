"""DuckDB: one named window, the straight way to write it in SQL."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from peers.figures import ASSISTANCE, REASSISTANCE


def by_kind(figures: dict[int, tuple[int, int, int]], index: int) -> str:
    """The class's figure as SQL."""
    return (
        f"CASE kind WHEN 1 THEN {figures[1][index]} WHEN 2 THEN {figures[2][index]} "
        f"ELSE {figures[3][index]} END"
    )


def due(running: str, figures: dict[int, tuple[int, int, int]]) -> str:
    """What the year so far is due, rounded half up to the fen."""
    above = f"greatest({running} - {by_kind(figures, 0)}, 0)"
    return f"least(({above} * {by_kind(figures, 1)} + 50) // 100, {by_kind(figures, 2)})::BIGINT"


# The table is in order; the row number keeps it through the window.
QUERY = f"""
WITH based AS (
  SELECT position, person, kind, in_scope - basic - critical AS rest0,
         greatest(in_scope - basic - critical, 0) AS base,
         sum(greatest(in_scope - basic - critical, 0)) OVER so_far AS s1
  FROM numbered WINDOW so_far AS (PARTITION BY person ORDER BY position)
), first AS (
  SELECT *, {due("s1", ASSISTANCE)} AS d1 FROM based
), second AS (
  SELECT *, d1 - coalesce(lag(d1) OVER so_far, 0) AS a, s1 - d1 AS s2
  FROM first WINDOW so_far AS (PARTITION BY person ORDER BY position)
), third AS (SELECT *, {due("s2", REASSISTANCE)} AS d2 FROM second)
SELECT position, a, d2 - coalesce(lag(d2) OVER so_far, 0) AS r, rest0 FROM third
WINDOW so_far AS (PARTITION BY person ORDER BY position)
"""


def prepare(claims: pa.Table, threads: int = 1) -> duckdb.DuckDBPyConnection:
    """A connection with the claims in a table of its own, numbered."""
    connection = duckdb.connect(config={"threads": threads})
    given = claims.select(["person", "kind", "in_scope", "basic", "critical"])
    connection.register("given", given)
    connection.execute(
        "CREATE TABLE numbered AS SELECT row_number() OVER () AS position, * FROM given"
    )
    return connection


def settle(connection: duckdb.DuckDBPyConnection):
    """Assistance, re-assistance, remainder in fen (as a result table in DuckDB)."""
    connection.execute(f"CREATE OR REPLACE TABLE settled AS {QUERY}")
    return connection


def outputs(connection: duckdb.DuckDBPyConnection):
    """The result in the input's order, for comparing."""
    out = connection.execute(
        "SELECT a, r, rest0 - a - r AS p FROM settled ORDER BY position"
    ).fetchnumpy()
    return [out["a"], out["r"], out["p"]]
