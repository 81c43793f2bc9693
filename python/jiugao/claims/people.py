"""People, applications, institutions come in as files; tables for the engine go out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from jiugao.claims.files import DataFile
from jiugao.claims.findings import Reason
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
    does not name, which is no fault of theirs.
    """

    table: pa.Table
    barred: pa.Array
    merged: int
    read: int
    unnamed: Unnamed


def read_people(
    files: Sequence[DataFile],
    identities: frozenset[str],
    rejects: Rejects,
    *,
    listed: bool = False,
) -> People:
    """Read identity intervals. `identities`: every label and code the policy knows.

    A cell with several identities (`低边,低保`) is several rows. People of other schemes
    are normal: an identity that the policy does not name is counted and left out. Rejected
    is what cannot be read: a code that no list has, and, where the policy brings a list of
    identities (`listed`), whatever stands outside it.
    """
    columns, read = small_table("people", files, rejects)
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
    order = [
        (n, "ascending") for n in ("psn_no", "psn_idet_type", "begndate", "enddate")
    ]
    table, merged = _merge(table.sort_by(order))
    by_day = [
        (n, "ascending") for n in ("psn_no", "begndate", "psn_idet_type", "enddate")
    ]
    return People(table.sort_by(by_day), barred, merged, read, unnamed)


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
    if table.num_rows <= 1:
        return table, 0
    before, after = table.slice(0, table.num_rows - 1), table.slice(1)
    same = pc.and_(
        pc.equal(before["psn_no"], after["psn_no"]),
        pc.equal(before["psn_idet_type"], after["psn_idet_type"]),
    )
    open_end = pc.is_null(before["enddate"])
    reaches = pc.or_(
        open_end,
        pc.or_(
            pc.is_null(after["begndate"]),
            pc.less_equal(after["begndate"], before["enddate"]),
        ).fill_null(True),
    )
    overlaps = pc.and_(same, reaches)
    if not pc.any(overlaps).as_py():
        return table, 0
    return _merge_rows(table)


def _merge_rows(table: pa.Table) -> tuple[pa.Table, int]:
    kept: list[dict[str, object]] = []
    merged = 0
    for row in table.to_pylist():
        last = kept[-1] if kept else None
        if (
            last is not None
            and (last["psn_no"], last["psn_idet_type"])
            == (row["psn_no"], row["psn_idet_type"])
            and (
                last["enddate"] is None
                or row["begndate"] is None
                or row["begndate"] <= last["enddate"]
            )
        ):
            merged += 1
            if last["enddate"] is not None and (
                row["enddate"] is None or row["enddate"] > last["enddate"]
            ):
                last["enddate"] = row["enddate"]
            if row["begndate"] is None:
                last["begndate"] = None
        else:
            kept.append(row)
    return pa.Table.from_pylist(kept, PEOPLE), merged


def read_applications(
    files: Sequence[DataFile], rejects: Rejects
) -> tuple[pa.Table, int]:
    """Applications by person and day."""
    columns, read = small_table("applications", files, rejects)
    table = pa.table({n: columns[n] for n in APPLICATIONS.names}).cast(APPLICATIONS)
    return table.sort_by([("psn_no", "ascending"), ("apply_date", "ascending")]), read


def read_institutions(
    files: Sequence[DataFile], rejects: Rejects
) -> tuple[Institutions, int]:
    """The institution table; of several rows of one code the first counts."""
    columns, read = small_table("institutions", files, rejects)
    codes = columns.pop("fixmedins_code")
    beside = {n: a for n, a in columns.items() if n not in ("file", "row")}
    return Institutions(codes, beside), read
