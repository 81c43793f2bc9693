"""Numbers and certificates come in; which numbers are one person's goes out.

A platform may keep a local and a national number of one person side by side. A certificate
says who it is first, then the number: numbers that share a certificate are one person's, and
so are rows of one number, with a certificate or without. Everything counts under the least
of the person's numbers; `own_no` keeps the number that a row came with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from jiugao.claims.copies import take_out
from jiugao.claims.database import insert, one
from jiugao.claims.findings import Reason
from jiugao.claims.rejects import Rejects
from jiugao.claims.scalars import YES

CERTIFICATE = "certno"
OWN = "own_no"
MOST_NUMBERS = 10  # a certificate of more numbers is a filler, nobody's own
HELD_ROWS = 1 << 18
PART_ROWS = 1 << 18  # links that are compared at a time
LINK = pa.schema([("psn_no", pa.string()), (CERTIFICATE, pa.string())])

# Blanks, fillers (one sign throughout, or a few signs) say nothing. Identity cards of 15 digits
# lack the century and the check digit of those of 18: both are compared by 17 digits.
MACROS = r"""
CREATE OR REPLACE TEMP MACRO certificate_of(t) AS CASE
    WHEN length(t) < 6 OR length(replace(t, t[1], '')) = 0 THEN NULL
    WHEN regexp_full_match(t, '[0-9]{17}[0-9X]') THEN t[:17]
    WHEN regexp_full_match(t, '[0-9]{15}') THEN t[:6] || '19' || t[7:]
    ELSE t END;
CREATE OR REPLACE TEMP MACRO certificate(c) AS certificate_of(upper(regexp_replace(c, '\s', '', 'g')));
CREATE OR REPLACE TEMP MACRO key_of(c) AS CASE WHEN c IS NOT NULL THEN hash(c) END;
"""
KEPT = "psn_no, certno, key_of(certificate(certno)) AS key"
# Keys seen with several numbers, of a part of all keys at a time; no key is in no part. To
# ask for keys where links are put in would have one made of every claim, copies and all.
# Most keys come once: numbers are compared for the others only.
SUSPECTS = """
WITH part AS (SELECT psn_no, key FROM links WHERE key % {parts} = {part})
INSERT INTO suspects SELECT key FROM part
WHERE key IN (SELECT key FROM part GROUP BY key HAVING count(*) > 1)
GROUP BY key HAVING min(psn_no) <> max(psn_no)
"""
SHARED = f"""
CREATE OR REPLACE TEMP TABLE shared AS
WITH pairs AS (SELECT DISTINCT psn_no, certificate(certno) AS key FROM links WHERE key IN (FROM suspects)),
keys AS (SELECT key, count(*) AS numbers FROM pairs GROUP BY key HAVING count(*) > 1)
SELECT psn_no, key, numbers > {MOST_NUMBERS} AS filler FROM pairs JOIN keys USING (key)
"""
LEAST = """
CREATE OR REPLACE TEMP TABLE lower AS
WITH least_of AS (SELECT key, min(person) AS person FROM shared JOIN joined USING (psn_no) WHERE NOT filler GROUP BY key)
SELECT psn_no, min(l.person) AS person FROM shared JOIN least_of l USING (key) GROUP BY psn_no
"""
BARRED = """
SELECT c.rowid AS rid, c.setl_id, c.psn_no, c.file, c.row, c.{own} AS value FROM claims c
WHERE c.psn_no IN (SELECT coalesce(j.person, b.psn_no) FROM barred b LEFT JOIN joined j USING (psn_no))
"""


class PersonsBy(StrEnum):
    """What tells a person: the certificate and then the number, or the number alone."""

    CERTIFICATE = "certno"
    NUMBER = "psn_no"


@dataclass(frozen=True)
class Joined:
    """How many persons had several numbers, and how many numbers those were.

    `fillers`: certificates of too many numbers to be anybody's.
    """

    persons: int = 0
    numbers: int = 0
    fillers: int = 0


NOBODY = Joined()


def forget_links(connection: duckdb.DuckDBPyConnection) -> None:
    """No numbers and certificates are known yet."""
    connection.execute(
        "CREATE OR REPLACE TABLE known_links (psn_no VARCHAR, certno VARCHAR)"
    )


def keep_links(connection: duckdb.DuckDBPyConnection, table: pa.Table) -> None:
    """Numbers and certificates of a table beside the claims, for `Links`."""
    insert(connection, "known_links", table)


class Links:
    """Numbers and certificates seen together, gathered in DuckDB: those kept, and more."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, beside: Sequence[pa.Table] = ()
    ) -> None:
        self._connection = connection
        self._held: list[pa.Table] = []
        self._rows = 0
        connection.execute(MACROS)
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE links AS SELECT {KEPT} FROM known_links"
        )
        for table in beside:
            self._take(table)
        self._flush()

    def add(self, numbers: pa.Array, certificates: pa.Array) -> None:
        """Take in rows; those that only repeat the row before them are passed over."""
        table = pa.table([numbers, certificates], LINK)
        if len(table) > 1:
            before, after = table.slice(0, len(table) - 1), table.slice(1)
            changes = pc.or_(
                *(pc.not_equal(before[n], after[n]).fill_null(YES) for n in LINK.names)
            )
            first = pa.chunked_array([pa.array([True]), *changes.chunks])
            table = table.filter(first)
        self._take(table.filter(pc.is_valid(table[CERTIFICATE])))
        if self._rows > HELD_ROWS:
            self._flush()

    def add_claims(self) -> None:
        """Take in the table `claims`."""
        self._connection.execute(
            f"INSERT INTO links SELECT {KEPT} FROM"
            " (SELECT DISTINCT psn_no, certno FROM claims WHERE certno IS NOT NULL)"
        )

    def _take(self, table: pa.Table) -> None:
        self._held.append(table)
        self._rows += len(table)

    def _flush(self) -> None:
        if self._rows:
            self._connection.register("links_in", pa.concat_tables(self._held))
            self._connection.execute(f"INSERT INTO links SELECT {KEPT} FROM links_in")
            self._connection.unregister("links_in")
        self._held, self._rows = [], 0

    def join(self) -> Joined:
        """Fill the table `joined` (psn_no, person): every number of a person of several."""
        self._flush()
        run = self._connection.execute
        parts = one(self._connection, "SELECT count(*) FROM links") // PART_ROWS + 1
        run("CREATE OR REPLACE TEMP TABLE suspects (key UBIGINT)")
        for part in range(parts):
            run(SUSPECTS.format(parts=parts, part=part))
        run(SHARED)
        run(
            "CREATE OR REPLACE TABLE joined AS"
            " SELECT DISTINCT psn_no, psn_no AS person FROM shared WHERE NOT filler"
        )
        changed = True
        while changed:
            run(LEAST)
            falls = (
                "FROM joined j JOIN lower l USING (psn_no) WHERE l.person < j.person"
            )
            changed = bool(one(self._connection, f"SELECT count(*) {falls}"))
            run("CREATE OR REPLACE TABLE joined AS SELECT * FROM lower")
        count = "SELECT count(DISTINCT key) FROM shared WHERE filler"
        return Joined(
            one(self._connection, "SELECT count(DISTINCT person) FROM joined"),
            one(self._connection, "SELECT count(*) FROM joined"),
            one(self._connection, count),
        )


def join_claims(
    connection: duckdb.DuckDBPyConnection,
    barred: pa.Array,
    rejects: Rejects,
) -> Joined:
    """Claims of every person under one number, in the table `claims`.

    Where anybody has several, `own_no` stands beside it. `barred`: numbers whose person's
    claims do not count.
    """
    links = Links(connection)
    links.add_claims()
    joined = links.join()
    if joined.persons:
        connection.execute(
            "CREATE OR REPLACE TABLE claims AS"
            " SELECT c.* REPLACE (coalesce(j.person, c.psn_no) AS psn_no),"
            f" c.psn_no AS {OWN} FROM claims c LEFT JOIN joined j ON j.psn_no = c.psn_no"
        )
    if len(barred):
        connection.register("barred_in", pa.table({"psn_no": barred}))
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE barred AS SELECT * FROM barred_in"
        )
        connection.unregister("barred_in")
        query = BARRED.format(own=OWN if joined.persons else "psn_no")
        take_out(connection, query, "psn_no", Reason.PERSON_INTERVAL, rejects)
    return joined


UNDER_ONE = f"""
SELECT r.* REPLACE (coalesce(j.person, r.psn_no) AS psn_no), r.psn_no AS {OWN}
FROM {{rows}} r LEFT JOIN joined j ON j.psn_no = r.psn_no
"""


def under_one_number(
    connection: duckdb.DuckDBPyConnection, table: pa.Table
) -> pa.Table:
    """A table's rows with the person's number as psn_no, and with own_no."""
    connection.register("rows_in", table)
    try:
        return connection.sql(UNDER_ONE.format(rows="rows_in")).to_arrow_table()
    finally:
        connection.unregister("rows_in")


def keep_under_one_number(
    connection: duckdb.DuckDBPyConnection, rows: str, made: str
) -> None:
    """The same of a table of the database, into another."""
    connection.execute(
        f"CREATE OR REPLACE TABLE {made} AS {UNDER_ONE.format(rows=rows)}"
    )


def joined_numbers(connection: duckdb.DuckDBPyConnection) -> pa.RecordBatchReader:
    """Every number of a person of several (own_no), and the one it counts under."""
    return connection.sql(
        f"SELECT person AS psn_no, psn_no AS {OWN} FROM joined ORDER BY 1, 2"
    ).to_arrow_reader()
