"""Findings of all files come in; one ordered table of rejects and a CSV of it go out."""

from __future__ import annotations

import csv
from functools import cache, cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from jiugao.claims.files import DataFile
from jiugao.claims.findings import REJECTS, Findings, Reason
from jiugao.diagnostics import Diagnostic

HEADINGS = (
    "table",
    "file",
    "row",
    "settlement",
    "person",
    "column",
    "code",
    "reason",
    "value",
    "way_out",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Rejects:
    """Rows that do not count, gathered over a run. Rows of claims are counted once each."""

    def __init__(self) -> None:
        self._parts: list[pa.RecordBatch] = []

    @cached_property
    def warnings(self) -> Rejects:
        """Findings of rows that count all the same."""
        return Rejects()

    def take(self, found: pa.Table) -> None:
        """Take in findings that were kept."""
        self._parts.extend(found.to_batches())

    def add(
        self,
        table: str,
        file: int | pa.Array,
        rows: pa.Array,
        columns: pa.Array,
        codes: pa.Array,
        values: pa.Array,
        settlements: pa.Array | None = None,
        persons: pa.Array | None = None,
    ) -> None:
        """Findings as parallel arrays; `file` may be one number for all."""
        count = len(rows)
        numbers = (
            pa.repeat(pa.scalar(file, pa.int32()), count)
            if isinstance(file, int)
            else file
        )
        blank = pa.nulls(count, pa.string())
        arrays = [
            pa.repeat(pa.scalar(table), count),
            numbers.cast(pa.int32()),
            rows.cast(pa.int64()),
            settlements if settlements is not None else blank,
            persons if persons is not None else blank,
            columns,
            codes,
            values,
        ]
        self._parts.append(pa.record_batch(arrays, schema=REJECTS))

    def add_findings(
        self,
        table: str,
        file: DataFile,
        rows: pa.Array,
        typed: dict[str, pa.Array],
        found: Findings,
    ) -> None:
        """Findings of one batch, with the settlement and the person where they are known."""
        if not found.rows:
            return
        at = pa.array(found.rows, pa.int64())

        def known(name: str) -> pa.Array | None:
            return typed[name].take(at) if name in typed else None

        self.add(
            table,
            file.number,
            rows.take(at),
            pa.array(found.columns, pa.string()),
            pa.array([str(r) for r in found.reasons], pa.string()),
            pa.array(found.values, pa.string()),
            known("setl_id"),
            known("psn_no"),
        )

    def add_broken(
        self, table: str, file: DataFile, lines: list[int], texts: list[str]
    ) -> None:
        """CSV lines whose fields do not fit the header."""
        if lines:
            count = len(lines)
            code = pa.repeat(pa.scalar(str(Reason.BROKEN_ROW)), count)
            rows = pa.array(lines, pa.int64())
            empty = pa.repeat(pa.scalar(""), count)
            self.add(table, file.number, rows, empty, code, pa.array(texts))

    def table(self) -> pa.Table:
        """All findings in the order of table, file, row, column."""
        if not self._parts:
            return REJECTS.empty_table()
        whole = pa.Table.from_batches(self._parts, REJECTS)
        keys = [("table", "ascending"), ("file", "ascending"), ("row", "ascending")]
        return whole.sort_by([*keys, ("column", "ascending"), ("code", "ascending")])

    def claim_rows(self) -> int:
        """How many different claim rows are rejected."""
        claims = self.table().filter(pc.field("table") == "claims")
        return int(claims.group_by(["file", "row"]).aggregate([]).num_rows)

    def by_table(self) -> dict[str, dict[str, int]]:
        """Table -> code -> how often it was found there."""
        keys = ["table", "code"]
        counts = self.table().group_by(keys).aggregate([([], "count_all")])
        found: dict[str, dict[str, int]] = {}
        for row in counts.sort_by([(k, "ascending") for k in keys]).to_pylist():
            found.setdefault(row["table"], {})[row["code"]] = row["count_all"]
        return found


def inert(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; plain numbers stay as they are."""
    if text.startswith(FORMULA) and not text.lstrip("+-").replace(".", "", 1).isdigit():
        return "'" + text
    return text


def write_rejects(
    rejects: pa.Table, names: dict[tuple[str, int], str], path: Path, language: str
) -> None:
    """rejects.csv: UTF-8 with BOM (spreadsheets read it), one line a finding."""

    @cache
    def words(code: str) -> tuple[str, str]:
        found = Diagnostic(code, None)
        return found.cause(language), found.way_out(language)

    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEADINGS)
        for batch in rejects.to_batches(max_chunksize=1 << 14):
            for row in batch.to_pylist():
                cause, way_out = words(row["code"])
                writer.writerow(
                    inert(str(cell if cell is not None else ""))
                    for cell in (
                        row["table"],
                        names.get((row["table"], row["file"]), ""),
                        row["row"],
                        row["setl_id"],
                        row["psn_no"],
                        row["column"],
                        row["code"],
                        cause,
                        row["value"],
                        way_out,
                    )
                )
