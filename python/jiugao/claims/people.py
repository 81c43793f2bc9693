"""People, applications, institutions come in as files; tables for the engine go out."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from jiugao.claims.database import insert, one, sparing
from jiugao.claims.files import DataFile
from jiugao.claims.findings import Reason
from jiugao.claims.persons import LINK, OWN, keep_links, keep_under_one_number
from jiugao.claims.rejects import Rejects
from jiugao.claims.source import small_batches, small_table
from jiugao.claims.staging import Institutions
from jiugao.claims.stored import Stored

PEOPLE = pa.schema(
    [
        ("psn_no", pa.string()),
        ("psn_idet_type", pa.string()),
        ("begndate", pa.date32()),
        ("enddate", pa.date32()),
    ]
)
APPLICATIONS = pa.schema(
    [
        ("psn_no", pa.string()),
        ("apply_date", pa.date32()),
        ("psn_idet_type", pa.string()),
    ]
)
INTERVALS, OWN_INTERVALS = "people_intervals", "people_own"
MERGED = """
CREATE OR REPLACE TABLE people_intervals AS
WITH reached AS (
    SELECT *, max(coalesce(enddate, DATE '9999-12-31')) OVER (
        PARTITION BY psn_no, psn_idet_type ORDER BY begndate NULLS FIRST, enddate NULLS LAST
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach
    FROM {rows}
),
stretches AS (
    SELECT *, count(*) FILTER (WHERE reach IS NULL OR begndate > reach) OVER (
        PARTITION BY psn_no, psn_idet_type ORDER BY begndate NULLS FIRST, enddate NULLS LAST
        ROWS UNBOUNDED PRECEDING) AS stretch
    FROM reached
)
SELECT psn_no, psn_idet_type, CASE WHEN count(*) = count(begndate) THEN min(begndate) END AS begndate,
       CASE WHEN count(*) = count(enddate) THEN max(enddate) END AS enddate
FROM stretches GROUP BY psn_no, psn_idet_type, stretch
ORDER BY psn_no, begndate, psn_idet_type, enddate
"""
SEPARATORS = r"\s*[、,，;；]\s*"
CODE = "^[A-Za-z]*[0-9][A-Za-z0-9]*$"
"""An identity written as a code: it means nothing without a list that has it."""


@dataclass(frozen=True)
class Unnamed:
    """Identities of other schemes.

    `rows` of the people table name one; `kinds`: identity -> entries, the most first.
    """

    rows: int
    kinds: dict[str, int]


@dataclass(frozen=True)
class People:
    """Identity intervals by person and start, both ends included; null end is open.

    `barred`: persons with an interval that runs backwards; `merged`: overlapping
    intervals of one identity that were made one; `unnamed`: identities that the policy
    does not name, which is no fault of theirs; `later`: rows not known yet; `numbers`:
    everybody in the table, where that was asked. Numbers and certificates lie among the
    links of the database that holds the intervals.
    """

    intervals: Stored
    barred: pa.Array
    merged: int
    read: int
    unnamed: Unnamed
    later: int = 0
    numbers: pa.Array = field(default_factory=lambda: pa.array([], pa.string()))


def read_people(
    files: Sequence[DataFile],
    identities: frozenset[str],
    rejects: Rejects,
    connection: duckdb.DuckDBPyConnection,
    *,
    listed: bool = False,
    known_on: dt.date | None = None,
    with_numbers: bool = False,
) -> People:
    """Read identity intervals. `identities`: every label and code the policy knows.

    A cell with several identities (`低边,低保`) is several rows. People of other schemes
    are normal: an identity that the policy does not name is counted and left out. Rejected
    is what cannot be read: a code that no list has, and, where the policy brings a list of
    identities (`listed`), whatever stands outside it. Rows not known on the day
    `known_on` (known_from) are left out and counted. The database takes the intervals, a
    batch at a time.
    """
    columns = ", ".join(f"{f.name} {_sql(f.type)}" for f in PEOPLE)
    connection.execute(f"CREATE OR REPLACE TABLE people_rows ({columns})")
    seen = _Seen(identities, rejects, connection, listed)
    read = later = 0
    for batch, many in small_batches("people", files, rejects):
        read += many
        whole = {n: batch.column(n) for n in batch.schema.names}
        known, unknown = known_by(whole, "known_from", known_on)
        later += unknown
        if with_numbers:
            seen.numbers.append(pc.unique(known["psn_no"]))
        seen.take(known)
    merged = _merge(connection, "people_rows")
    connection.execute("DROP TABLE people_rows")
    return People(
        Stored(connection, INTERVALS, PEOPLE),
        _all(seen.barred),
        merged,
        read,
        seen.unnamed(),
        later,
        _all(seen.numbers),
    )


def _sql(kind: pa.DataType) -> str:
    return "DATE" if pa.types.is_date(kind) else "VARCHAR"


def _all(parts: list[pa.Array]) -> pa.Array:
    return pc.unique(pa.chunked_array(parts, pa.string()))


class _Seen:
    """Rows of the people table, a batch at a time; what is to be known of all of them."""

    def __init__(
        self,
        identities: frozenset[str],
        rejects: Rejects,
        connection: duckdb.DuckDBPyConnection,
        listed: bool,
    ) -> None:
        self._identities = pa.array(sorted(identities), pa.string())
        self._rejects, self._connection, self._listed = rejects, connection, listed
        self._rows, self._kinds = 0, Counter[str]()
        self.barred: list[pa.Array] = []
        self.numbers: list[pa.Array] = []

    def take(self, columns: dict[str, pa.Array]) -> None:
        """Judge the rows and keep those that are good."""
        keep_links(self._connection, links_of(columns))
        columns = _split_cells(columns)
        start, end = columns["begndate"], columns["enddate"]
        backwards = pc.less(end, start).fill_null(False)
        _reject(columns, backwards, "enddate", Reason.INTERVAL_BACKWARDS, self._rejects)
        self.barred.append(pc.unique(columns["psn_no"].filter(backwards)))
        known = pc.is_in(columns["psn_idet_type"], value_set=self._identities)
        strange = pc.and_(pc.invert(known), pc.invert(backwards))
        unread = pc.or_(
            pc.match_substring_regex(columns["psn_idet_type"], CODE),
            pa.scalar(self._listed),
        )
        unlisted = pc.and_(strange, unread)
        _reject(
            columns, unlisted, "psn_idet_type", Reason.UNKNOWN_IDENTITY, self._rejects
        )
        self._count(columns, pc.and_(strange, pc.invert(unread)))
        good = pc.and_(known, pc.invert(backwards))
        table = pa.table({n: columns[n] for n in PEOPLE.names}).filter(good)
        insert(self._connection, "people_rows", table.cast(PEOPLE))

    def _count(self, columns: dict[str, pa.Array], which: pa.Array) -> None:
        names = ("file", "row", "psn_idet_type")
        left = pa.table({n: columns[n] for n in names}).filter(which)
        self._rows += left.group_by(["file", "row"]).aggregate([]).num_rows
        for kind in pc.value_counts(left["psn_idet_type"]).to_pylist():
            self._kinds[kind["values"]] += kind["counts"]

    def unnamed(self) -> Unnamed:
        """Identities of other schemes, the most frequent first."""
        kinds = sorted(self._kinds.items(), key=lambda kind: (-kind[1], kind[0]))
        return Unnamed(self._rows, dict(kinds))


def joined_people(people: People) -> tuple[People, Stored]:
    """The same people under the numbers that persons count under, and with their own.

    The database has the table `joined`.
    """
    connection = people.intervals.connection
    keep_under_one_number(connection, INTERVALS, OWN_INTERVALS)
    merged = _merge(connection, OWN_INTERVALS)
    schema = PEOPLE.append(pa.field(OWN, pa.string()))
    own = Stored(connection, OWN_INTERVALS, schema)
    return replace(people, merged=people.merged + merged), own


def links_of(columns: Mapping[str, pa.Array]) -> pa.Table:
    """Numbers and certificates, where the rows have both."""
    table = pa.table({n: columns[n] for n in LINK.names}).cast(LINK)
    return table.filter(pc.is_valid(table["certno"]))


def known_by(
    columns: dict[str, pa.Array], column: str, day: dt.date | None
) -> tuple[dict[str, pa.Array], int]:
    """The rows that were known on a day, if one is given, and how many were not."""
    if day is None:
        return columns, 0
    known = pc.less_equal(columns[column], pa.scalar(day)).fill_null(True)
    return {n: a.filter(known) for n, a in columns.items()}, pc.sum(
        pc.invert(known)
    ).as_py() or 0


def _split_cells(columns: dict[str, pa.Array]) -> dict[str, pa.Array]:
    cells = columns["psn_idet_type"]
    if not pc.any(pc.match_substring_regex(cells, SEPARATORS)).as_py():
        return columns
    parts = pc.split_pattern_regex(cells, SEPARATORS)
    parents = pc.list_parent_indices(parts)
    flat = pc.list_flatten(parts)
    return {
        n: flat if n == "psn_idet_type" else a.take(parents) for n, a in columns.items()
    }


def _reject(
    columns: dict[str, pa.Array],
    which: pa.Array,
    column: str,
    reason: Reason,
    rejects: Rejects,
) -> None:
    at = pc.indices_nonzero(which)
    if len(at):
        rejects.add(
            "people",
            columns["file"].take(at),
            columns["row"].take(at),
            pa.repeat(pa.scalar(column), len(at)),
            pa.repeat(pa.scalar(str(reason)), len(at)),
            columns[column].take(at).cast(pa.string()),
            None,
            columns["psn_no"].take(at),
        )


def _merge(connection: duckdb.DuckDBPyConnection, rows: str) -> int:
    """Make the intervals of a table's rows: overlapping ones of one identity become one.

    How many went into another.
    """
    sparing(connection, lambda: connection.execute(MERGED.format(rows=rows)))
    left = f"SELECT (SELECT count(*) FROM {rows}) - (SELECT count(*) FROM {INTERVALS})"
    return one(connection, left)


def read_applications(
    files: Sequence[DataFile],
    rejects: Rejects,
    connection: duckdb.DuckDBPyConnection,
    known_on: dt.date | None = None,
) -> pa.Table:
    """Applications by person and day; the database takes their numbers and certificates."""
    columns, _ = small_table("applications", files, rejects)
    columns, _ = known_by(columns, "apply_date", known_on)
    table = pa.table({n: columns[n] for n in APPLICATIONS.names}).cast(APPLICATIONS)
    keep_links(connection, links_of(columns))
    return in_order(table)


def in_order(applications: pa.Table) -> pa.Table:
    """Applications by person and day, in no more columns than the engine takes."""
    table = applications.select(APPLICATIONS.names)
    return table.sort_by([("psn_no", "ascending"), ("apply_date", "ascending")])


def read_institutions(
    files: Sequence[DataFile], rejects: Rejects
) -> tuple[Institutions, int]:
    """The institution table; of several rows of one code the first counts."""
    columns, read = small_table("institutions", files, rejects)
    codes = columns.pop("fixmedins_code")
    beside = {n: a for n, a in columns.items() if n not in ("file", "row")}
    return Institutions(codes, beside), read
