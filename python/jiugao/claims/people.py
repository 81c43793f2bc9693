"""People, applications, institutions come in as files; tables for the engine go out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from jiugao.claims.files import DataFile
from jiugao.claims.findings import Reason
from jiugao.claims.persons import LINK
from jiugao.claims.rejects import Rejects
from jiugao.claims.source import small_table
from jiugao.claims.staging import Institutions

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
BY_DAY = [(n, "ascending") for n in ("psn_no", "begndate", "psn_idet_type", "enddate")]
MERGED = """
WITH reached AS (
    SELECT *, max(coalesce(enddate, DATE '9999-12-31')) OVER (
        PARTITION BY psn_no, psn_idet_type ORDER BY begndate NULLS FIRST, enddate NULLS LAST
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach
    FROM intervals
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
    does not name, which is no fault of theirs; `links`: numbers and certificates;
    `later`: rows not known yet; `numbers`: everybody in the table, where that was asked.
    """

    table: pa.Table
    barred: pa.Array
    merged: int
    read: int
    unnamed: Unnamed
    links: pa.Table = field(default_factory=LINK.empty_table)
    later: int = 0
    numbers: pa.Array = field(default_factory=lambda: pa.array([], pa.string()))


def read_people(
    files: Sequence[DataFile],
    identities: frozenset[str],
    rejects: Rejects,
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
    `known_on` (known_from) are left out and counted.
    """
    columns, read = small_table("people", files, rejects)
    columns, later = known_by(columns, "known_from", known_on)
    numbers = (
        pc.unique(columns["psn_no"]) if with_numbers else pa.array([], pa.string())
    )
    links = links_of(columns)
    columns = _split_cells(columns)
    start, end = columns["begndate"], columns["enddate"]
    backwards = pc.less(end, start).fill_null(False)
    _reject(columns, backwards, "enddate", Reason.INTERVAL_BACKWARDS, rejects)
    barred = pc.unique(columns["psn_no"].filter(backwards))
    known = pc.is_in(
        columns["psn_idet_type"], value_set=pa.array(sorted(identities), pa.string())
    )
    strange = pc.and_(pc.invert(known), pc.invert(backwards))
    unread = pc.or_(
        pc.match_substring_regex(columns["psn_idet_type"], CODE), pa.scalar(listed)
    )
    unlisted = pc.and_(strange, unread)
    _reject(columns, unlisted, "psn_idet_type", Reason.UNKNOWN_IDENTITY, rejects)
    unnamed = _unnamed(columns, pc.and_(strange, pc.invert(unread)))
    good = pc.and_(known, pc.invert(backwards))
    table = pa.table({n: columns[n] for n in PEOPLE.names}).filter(good).cast(PEOPLE)
    table, merged = _merge(table)
    return People(
        table.sort_by(BY_DAY), barred, merged, read, unnamed, links, later, numbers
    )


def joined_people(people: People, table: pa.Table) -> People:
    """The same people, whose intervals now are those of `table`, under other numbers."""
    table, merged = _merge(table.select(PEOPLE.names))
    return replace(people, table=table.sort_by(BY_DAY), merged=people.merged + merged)


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


def _unnamed(columns: dict[str, pa.Array], which: pa.Array) -> Unnamed:
    names = ("file", "row", "psn_idet_type")
    left = pa.table({n: columns[n] for n in names}).filter(which)
    rows = left.group_by(["file", "row"]).aggregate([]).num_rows
    kinds = left.group_by("psn_idet_type").aggregate([([], "count_all")])
    order = [("count_all", "descending"), ("psn_idet_type", "ascending")]
    counts = kinds.sort_by(order).to_pylist()
    return Unnamed(rows, {k["psn_idet_type"]: k["count_all"] for k in counts})


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


def _merge(table: pa.Table) -> tuple[pa.Table, int]:
    """Overlapping intervals of one identity of one person become one."""
    with duckdb.connect() as connection:
        connection.register("intervals", table)
        whole = connection.sql(MERGED).to_arrow_table().cast(PEOPLE)
    return whole, len(table) - len(whole)


def read_applications(
    files: Sequence[DataFile], rejects: Rejects, known_on: dt.date | None = None
) -> tuple[pa.Table, pa.Table]:
    """Applications by person and day; and their numbers and certificates."""
    columns, _ = small_table("applications", files, rejects)
    columns, _ = known_by(columns, "apply_date", known_on)
    table = pa.table({n: columns[n] for n in APPLICATIONS.names}).cast(APPLICATIONS)
    return in_order(table), links_of(columns)


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
