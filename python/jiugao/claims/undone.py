"""Claims come in; reversals, with the day of what they undo, go out.

A year that starts in the middle holds the claims before it as totals. What undoing one of
them takes back changes every later claim of its person, and no total says how much it is.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from jiugao.claims.files import DataFile
from jiugao.claims.intake import intake
from jiugao.claims.reading import Broken, batches
from jiugao.claims.staging import Reading

# `undone`: the day of the original, NULL where the claims do not have it.
STORED = """
SELECT r.psn_no, r.setl_id, r."{day}"::DATE AS day, o."{day}"::DATE AS undone
FROM claims r LEFT JOIN claims o ON o.setl_id = r.init_setl_id AND o.psn_no = r.psn_no
WHERE r.init_setl_id IS NOT NULL
"""
READ = """
SELECT r.psn_no, r.setl_id, r.day, o.day AS undone
FROM reversing r LEFT JOIN undone o ON o.setl_id = r.init_setl_id AND o.psn_no = r.psn_no
"""
# Of several reversals of a person the first is told. A year without a last day holds what is
# not among the claims.
BEHIND = """
WITH days AS (SELECT psn_no, max(until) AS until FROM begun GROUP BY psn_no)
SELECT psn_no, min(setl_id) AS setl_id FROM reversals r JOIN days d USING (psn_no)
WHERE (d.until IS NULL OR r.day > d.until) AND (r.undone IS NULL OR EXISTS (
    SELECT 1 FROM begun b WHERE b.psn_no = r.psn_no AND r.undone <= b.until AND {year} = b.benefit_year
)) GROUP BY psn_no ORDER BY psn_no
"""


def stored_reversals(connection: duckdb.DuckDBPyConnection, day: str) -> pa.Table:
    """Of the table `claims`; `day`: the column by which the policy takes days."""
    return connection.sql(STORED.format(day=day)).to_arrow_table()


def read_reversals(
    files: Sequence[DataFile], reading: Reading, persons: pa.Array
) -> pa.Table:
    """Of files that are streamed, some persons' only; the files are read for it."""
    undoing = _rows(files, reading, "init_setl_id", None, persons)
    ids = pc.unique(undoing["init_setl_id"])
    undone = _rows(files, reading, "setl_id", ids, persons) if len(ids) else undoing
    with duckdb.connect() as connection:
        connection.register("reversing", undoing)
        connection.register("undone", undone)
        return connection.sql(READ).to_arrow_table()


def _rows(
    files: Sequence[DataFile],
    reading: Reading,
    column: str,
    values: pa.Array | None,
    persons: pa.Array,
) -> pa.Table:
    """Rows of the persons with something (one of the values) in a column."""
    names = ("psn_no", "setl_id", "init_setl_id", reading.day)
    columns = tuple(c for c in reading.columns if c.name in names)
    schema = pa.schema([*((n, pa.string()) for n in names[:3]), ("day", pa.date32())])
    found = []
    for file in files:
        for batch in batches(file, columns, Broken()):
            cells = intake(batch.columns, columns, file.name).columns
            cells = {**cells, "day": cells[reading.day].cast(pa.date32(), safe=False)}
            rows = pa.record_batch([cells[n] for n in schema.names], schema)
            wanted = (
                pc.is_valid(cells[column])
                if values is None
                else pc.is_in(cells[column], value_set=values)
            )
            mine = pc.is_in(cells["psn_no"], value_set=persons)
            found.append(rows.filter(pc.and_(wanted, mine)))
    return pa.Table.from_batches(found, schema)


def behind(begun: pa.Table, reversals: pa.Table, year: str) -> dict[str, str]:
    """Persons who undo what their opening balance holds, and by which settlement.

    `begun`: rows of opening balances; `year`: SQL of the benefit year of the day
    `r.undone`.
    """
    with duckdb.connect() as connection:
        connection.register("begun", begun)
        connection.register("reversals", reversals)
        return dict(connection.sql(BEHIND.format(year=year)).fetchall())
