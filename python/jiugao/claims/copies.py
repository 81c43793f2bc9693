"""A table of accepted claims comes in; which rows are copies, and which count, goes out.

Duplicates of one settlement: the newest by updt_time counts. Without it, identical copies
count once and differing ones are all rejected. Rows flagged as refunded that no row
reverses are rejected too: their final state is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa

from jiugao.claims.database import one
from jiugao.claims.findings import Reason
from jiugao.claims.rejects import Rejects

BESIDE = ("file", "row", "updt_time", "certno", "own_no")
COPIES = """
CREATE OR REPLACE TEMP TABLE copies AS
WITH doubled AS (SELECT setl_id FROM claims GROUP BY setl_id HAVING count(*) > 1),
rows AS (
    SELECT c.rowid AS rid, c.setl_id, c.psn_no, c.file, c.row, c.updt_time, hash({content}) AS content
    FROM claims c JOIN doubled d ON c.setl_id = d.setl_id
),
dated AS (
    SELECT *, count(updt_time) OVER s = count(*) OVER s AS all_dated, max(updt_time) OVER s AS latest
    FROM rows WINDOW s AS (PARTITION BY setl_id)
),
newest AS (SELECT *, NOT all_dated OR updt_time = latest AS candidate FROM dated),
judged AS (
    SELECT *, count(DISTINCT content) FILTER (WHERE candidate) OVER s AS kinds,
           min(rid) FILTER (WHERE candidate) OVER s AS chosen
    FROM newest WINDOW s AS (PARTITION BY setl_id)
)
SELECT rid, setl_id, psn_no, file, row,
       CASE WHEN kinds > 1 THEN 'differ' WHEN rid = chosen THEN 'counts' ELSE 'copy' END AS fate, candidate
FROM judged
"""
FLAGGED = """
SELECT rowid AS rid, setl_id, psn_no, file, row, refd_setl_flag AS value FROM claims
WHERE refd_setl_flag IS NOT NULL AND refd_setl_flag <> '0' AND init_setl_id IS NULL
  AND setl_id NOT IN (SELECT init_setl_id FROM claims WHERE init_setl_id IS NOT NULL)
"""


UNLIKE = """
SELECT r.rowid AS rid, r.setl_id, r.psn_no, r.file, r.row, o.setl_id AS value
FROM claims r JOIN claims o ON o.setl_id = r.init_setl_id AND o.init_setl_id IS NULL WHERE {differ}
"""


# The first column, as they stand, in which those copies differ of which one could count.
DIFFERING = """
SELECT c.*, d."column" FROM copies c JOIN (
    SELECT c.setl_id, coalesce({first}, 'setl_id') AS "column"
    FROM claims c JOIN copies k ON k.rid = c.rowid AND k.fate = 'differ' AND k.candidate
    GROUP BY c.setl_id
) d USING (setl_id) WHERE c.fate = 'differ'
"""


def settle_copies(
    connection: duckdb.DuckDBPyConnection,
    names: list[str],
    undone: Sequence[str],
    rejects: Rejects,
    blank_is_nothing: Sequence[str] = (),
) -> int:
    """Take copies and unknown states out of the table `claims`; how many copies there were.

    `blank_is_nothing`: amounts of which a blank cell, or a file without the column, says 0.

    The copies that did not count stay in the table `dropped`, for reconciliation.
    """
    copies = 0
    if one(connection, "SELECT count(*) - count(DISTINCT setl_id) FROM claims"):
        cells = {
            n: f'coalesce(c."{n}", 0)' if n in blank_is_nothing else f'c."{n}"'
            for n in names
            if n not in BESIDE
        }
        connection.execute(COPIES.format(content=", ".join(cells.values())))
        for column, query in _differing(connection, cells):
            _reject(connection, query, column, Reason.COPIES_DIFFER, rejects)
        copies = one(connection, "SELECT count(*) FROM copies WHERE fate = 'copy'")
        connection.execute(
            "CREATE OR REPLACE TABLE dropped AS SELECT * FROM claims"
            " WHERE rowid IN (SELECT rid FROM copies WHERE fate = 'copy')"
        )
        connection.execute(
            "DELETE FROM claims WHERE rowid IN (SELECT rid FROM copies WHERE fate <> 'counts')"
        )
    flagged = ("refd_setl_flag", Reason.FLAGGED_WITHOUT_REVERSAL)
    take_out(connection, FLAGGED, *flagged, rejects)
    if undone:
        differ = " OR ".join(
            f'coalesce(r."{n}", 0) + coalesce(o."{n}", 0) <> 0' for n in undone
        )
        unlike = ("init_setl_id", Reason.REVERSAL_UNLIKE)
        take_out(connection, UNLIKE.format(differ=differ), *unlike, rejects)
    return copies


def _differing(
    connection: duckdb.DuckDBPyConnection, cells: Mapping[str, str]
) -> list[tuple[str, str]]:
    """By column in which copies differ first: the query of these copies."""
    if not one(connection, "SELECT count(*) FROM copies WHERE fate = 'differ'"):
        return []
    cases = (
        f"WHEN count(DISTINCT coalesce({c}::VARCHAR, '')) > 1 THEN '{n}'"
        for n, c in cells.items()
    )
    first = f"CASE {' '.join(cases)} END"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE differing AS {DIFFERING.format(first=first)}"
    )
    names = connection.execute('SELECT DISTINCT "column" FROM differing ORDER BY 1')
    query = "SELECT *, setl_id AS value FROM differing WHERE \"column\" = '{}'"
    return [(name, query.format(name)) for (name,) in names.fetchall()]


def take_out(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    column: str,
    reason: Reason,
    rejects: Rejects,
) -> None:
    """Reject the rows of a query over `claims`, which names them by `rid`, and delete them."""
    if _reject(connection, query, column, reason, rejects):
        connection.execute(
            f"DELETE FROM claims WHERE rowid IN (SELECT rid FROM ({query}))"
        )


def _reject(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    column: str,
    reason: Reason,
    rejects: Rejects,
) -> int:
    found: pa.Table = connection.sql(query).to_arrow_table()
    if found.num_rows:
        whole = found.combine_chunks()
        arrays = {n: whole[n].combine_chunks() for n in whole.column_names}
        count = found.num_rows
        rejects.add(
            "claims",
            arrays["file"],
            arrays["row"],
            pa.repeat(pa.scalar(column), count),
            pa.repeat(pa.scalar(str(reason)), count),
            arrays["value"].cast(pa.string()),
            arrays["setl_id"].cast(pa.string()),
            arrays["psn_no"].cast(pa.string()),
        )
    return int(found.num_rows)
