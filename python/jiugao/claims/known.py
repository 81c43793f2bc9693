"""Claims come in; what was known of them by a day goes out.

A row is known by its updt_time, or, where it has none, by the time of its settlement. Copies
are told apart after that: the newest known then counts. A settlement whose undoing was not
known yet was not undone then, whatever its flag says now.
"""

from __future__ import annotations

import datetime as dt

import duckdb

from jiugao.claims.database import one

LATER = """
CREATE OR REPLACE TEMP TABLE later AS
SELECT rowid AS rid, init_setl_id FROM claims WHERE coalesce(updt_time, setl_time) >= TIMESTAMP '{end}'
"""


def leave_out_later(connection: duckdb.DuckDBPyConnection, day: dt.date) -> int:
    """Take what was not known at the end of the day out of `claims`; how many rows."""
    run = connection.execute
    run(LATER.format(end=day + dt.timedelta(days=1)))
    run(
        "UPDATE claims SET refd_setl_flag = '0' WHERE init_setl_id IS NULL AND refd_setl_flag <> '0'"
        " AND setl_id IN (SELECT init_setl_id FROM later)"
        " AND setl_id NOT IN (SELECT init_setl_id FROM claims WHERE init_setl_id IS NOT NULL"
        " AND rowid NOT IN (SELECT rid FROM later))"
    )
    run("DELETE FROM claims WHERE rowid IN (SELECT rid FROM later)")
    return one(connection, "SELECT count(*) FROM later")
