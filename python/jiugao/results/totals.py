"""Claims up to a day come in; what everybody has accumulated by then goes out, as a table.

The table is one of opening balances: put before the later claims of the year, these are
settled as if the earlier ones stood before them.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jiugao import engine
from jiugao.claims.findings import DataError
from jiugao.claims.rejects import write_rejects
from jiugao.engine import settle
from jiugao.results.begun import leave_strangers
from jiugao.results.options import Files, Options
from jiugao.results.policy import load_policy
from jiugao.results.prepare import prepare
from jiugao.results.rejected import without_rejected

SCHEMA = pa.schema(
    [
        ("psn_no", pa.string()),
        ("benefit_year", pa.int16()),
        ("accumulator", pa.string()),
        ("amount", pa.string()),
        ("until", pa.date32()),
        ("policy", pa.string()),  # whose names the accumulators have
    ]
)
BESIDE = ("file", "row", "setl_time", "init_setl_id")


@dataclass(frozen=True)
class Written:
    """How many rows of how many persons; whom the table leaves out, and what was rejected."""

    rows: int
    persons: int
    applicants: int
    rejects: dict[str, dict[str, int]]
    rejects_file: str


def write_totals(
    policy_path: Path, files: Files, until: dt.date, out: Path, options: Options
) -> Written:
    """Write what every person has accumulated after the claims of the day `until`.

    `out` is CSV or Parquet by its ending, and appears whole or not at all; beside it, in
    NAME.rejects.csv, what does not count. Persons who made
    an application are left out: what that looks back on is claims. Raises DataError.
    """
    if out.suffix.lower() not in (".csv", ".parquet"):
        raise DataError("D901", file=str(out))
    policy = load_policy(policy_path, options.settings, options.known_on)
    with TemporaryDirectory(dir=options.temp) as work:
        prepared = prepare(policy, files, options, Path(work))
        settlement = settle(
            policy.program,
            prepared.tables(),
            engine.Options(
                totals_until=until, threads=options.threads, passthrough=BESIDE
            ),
        )
        persons, applicants = 0, set[str]()
        beside = out.with_name(f".{out.name}.{os.getpid()}")
        try:
            with (
                prepared.connection,
                Table(beside, out.suffix.lower(), policy.body.policy.code) as table,
            ):
                for batch in settlement:
                    without_rejected(batch, prepared.rejects, later=True)
                    persons += table.write(settlement.accumulated().table(), until)
                    _applicants(settlement.years().table(), applicants)
                strangers = leave_strangers(
                    prepared, settlement.opened_without_claims()
                )
                persons += table.write(
                    settlement.accumulated().table(), until, strangers
                )
                _applicants(settlement.years().table(), applicants)
            beside.replace(out)
        finally:
            with suppress(FileNotFoundError):
                beside.unlink()
    rejects = prepared.rejects.by_table()
    beside = out.with_name(f"{out.stem}.rejects.csv")
    if rejects:
        names = {
            (t, f.number): f.name for t, group in prepared.files.items() for f in group
        }
        write_rejects(prepared.rejects.table(), names, beside, options.language)
    return Written(table.rows, persons, len(applicants), rejects, beside.name)


def _applicants(years: pa.Table, found: set[str]) -> None:
    asked = years.filter(pc.is_valid(years["application"]))
    found.update(str(number) for number in asked["psn_no"].to_pylist())


class Table:
    """The file, as CSV or Parquet, written a part at a time."""

    def __init__(self, path: Path, ending: str, policy: str) -> None:
        self._path, self._csv = path, ending == ".csv"
        self._policy = policy
        self.rows = 0

    def __enter__(self) -> Self:
        if self._csv:
            self._stream = self._path.open("w", encoding="utf-8", newline="")
            self._writer = csv.writer(self._stream, lineterminator="\n")
            self._writer.writerow(SCHEMA.names)
        else:
            self._parquet = pq.ParquetWriter(self._path, SCHEMA)
        return self

    def __exit__(self, *error: object) -> None:
        if self._csv:
            self._stream.close()
        else:
            self._parquet.close()

    def write(
        self, totals: pa.Table, until: dt.date, but: pa.Array | None = None
    ) -> int:
        """Take totals of some persons, but for some; how many persons they are."""
        if but is not None and len(but):
            numbers = totals["psn_no"].cast(pa.string())
            others = pc.invert(pc.is_in(numbers, value_set=but))
            totals = totals.filter(others)
        days = pa.array([until], pa.date32()).take(
            pa.array([0] * len(totals), pa.int64())
        )
        policy = pa.repeat(pa.scalar(self._policy), len(totals))
        whole = totals.append_column("until", days)
        whole = whole.append_column("policy", policy).cast(SCHEMA)
        if self._csv:
            for batch in whole.to_batches():
                columns = [column.to_pylist() for column in batch.columns]
                self._writer.writerows(zip(*columns, strict=True))
        else:
            self._parquet.write_table(whole)
        self.rows += len(whole)
        return len(pc.unique(whole["psn_no"]))
