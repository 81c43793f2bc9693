"""Settled batches come in; what falls due when, and to whom, goes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jiugao.claims.intake import fen
from jiugao.results.manifest import yuan_text
from jiugao.results.policy import Policy

PAYING = ("payee", "due_by", "payee_excess", "outlay_replaced")
"""Columns of settlements.parquet where the policy says to whom and by when."""

WITH_PAYING = ["setl_id", "payee", "due_by"]
Line = tuple[dt.date | None, str]  # last day, payee ("" for the person)


def paying_fields(policy: Policy) -> list[tuple[str, pa.DataType]]:
    """The columns, where the policy has them."""
    if policy.body.outputs.paying is None:
        return []
    money = pa.decimal64(18, 2)
    word = pa.dictionary(pa.int32(), pa.string())
    return list(zip(PAYING, (word, pa.date32(), money, money), strict=True))


@dataclass
class Falling:
    """Rows and fen by last day and payee, of rows that somebody has to pay."""

    lines: dict[Line, tuple[int, int]] = field(default_factory=dict)

    def watch(self, batch: pa.RecordBatch, policy: Policy) -> None:
        """Count the rows of a settled batch that have a payee or a last day."""
        paying = policy.body.outputs.paying
        if paying is None:
            return
        table = pa.Table.from_batches([batch])
        somebody = pc.or_(table["payee"].is_valid(), table["due_by"].is_valid())
        settled = pc.not_equal(table["role"].cast(pa.string()), "reversed")
        table = table.filter(pc.and_(somebody, settled))
        codes = [policy.benefit_codes[n] for n in paying.benefits]
        paid, apart = (
            _sum(table, codes),
            _sum(table, ("payee_excess", "outlay_replaced")),
        )
        # What makes good an outlay is the payee's; with 至多 the rest is the person's.
        rest = pc.subtract_checked(paid, apart)
        split = pc.and_(pc.not_equal(apart, 0), pc.not_equal(rest, 0))
        self.add(table, pc.if_else(split, apart, paid))
        person = table.filter(pc.and_(split, table["due_by"].is_valid()))
        nobody = pa.nulls(len(person), pa.string())
        at = person.column_names.index("payee")
        self.add(
            person.set_column(at, "payee", nobody),
            rest.filter(pc.and_(split, table["due_by"].is_valid())),
        )

    def add(self, table: pa.Table, amounts: pa.ChunkedArray) -> None:
        """Add rows with `payee` and `due_by`, and the fen that each is paid."""
        known = pa.table(
            {
                "due_by": table["due_by"],
                "payee": table["payee"].cast(pa.string()),
                "fen": amounts,
            }
        )
        wanted = [([], "count_all"), ("fen", "sum")]
        for row in known.group_by(["due_by", "payee"]).aggregate(wanted).to_pylist():
            line = (row["due_by"], row["payee"] or "")
            rows, before = self.lines.get(line, (0, 0))
            self.lines[line] = (rows + row["count_all"], before + row["fen_sum"])

    def described(self) -> list[dict[str, Any]]:
        """The lines as they stand in a manifest, by day and payee."""
        ordered = sorted(
            self.lines.items(), key=lambda one: (one[0][0] or dt.date.max, one[0][1])
        )
        return [
            {
                "due_by": None if day is None else day.isoformat(),
                "payee": payee,
                "rows": rows,
                "amount": yuan_text(fen),
            }
            for (day, payee), (rows, fen) in ordered
        ]


def _sum(table: pa.Table, names: Sequence[str]) -> pa.ChunkedArray:
    """The sum of money columns, row by row, in fen."""
    total: pa.ChunkedArray | None = None
    for name in names:
        amounts = table[name].cast(pa.decimal64(18, 2)).combine_chunks()
        column = pa.chunked_array([fen(amounts).fill_null(0)])
        total = column if total is None else pc.add_checked(total, column)
    assert total is not None
    return total


@dataclass(frozen=True)
class Overdue:
    """What was due before a day and is not paid: rows and fen by deadline and payee."""

    day: dt.date
    falling: Falling

    def described(self) -> dict[str, Any]:
        """As it stands in a manifest."""
        lines = self.falling.lines.values()
        return {
            "on": self.day.isoformat(),
            "rows": sum(rows for rows, _ in lines),
            "amount": yuan_text(sum(fen for _, fen in lines)),
            "lines": self.falling.described(),
        }


def overdue(path: Path, unpaid: dict[str, int], day: dt.date) -> Overdue:
    """Of the settled rows of a file, those unpaid (fen by setl_id) past their deadline."""
    found = Falling()
    owed = pa.table(
        {
            "setl_id": pa.array(unpaid.keys(), pa.string()),
            "owed": pa.array(unpaid.values(), pa.int64()),
        }
    )
    owed = owed.filter(pc.greater(owed["owed"], 0))
    reader = pq.ParquetFile(path)
    if "due_by" in reader.schema_arrow.names:
        for batch in reader.iter_batches(columns=WITH_PAYING):
            late = batch.filter(pc.less(batch.column("due_by"), day).fill_null(False))
            table = pa.Table.from_batches([late])
            text = table["setl_id"].cast(pa.string())
            table = table.set_column(0, "setl_id", text).join(
                owed, "setl_id", join_type="inner"
            )
            found.add(table, table["owed"])
    return Overdue(day, found)
