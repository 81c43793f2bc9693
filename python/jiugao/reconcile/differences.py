"""Settled batches come in; who differs, and totals by everything, go out."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from jiugao.claims.intake import fen
from jiugao.reconcile.paid import Held

PARTS_HELD = 64
SPLITS = ("standing", "fixmedins_code", "insu_admdvs", "benefit_year")


def to_fen(amounts: pa.Array) -> pa.Array:
    """Money of a batch as fen, null as zero."""
    if pa.types.is_decimal(amounts.type):
        amounts = fen(amounts.cast(pa.decimal64(18, 2)))
    return amounts.cast(pa.int64()).fill_null(0)


def column(batch: pa.RecordBatch, name: str) -> pa.Array:
    """A column by its name."""
    return batch.column(batch.schema.get_field_index(name))


def summed(batch: pa.RecordBatch, names: Sequence[str]) -> pa.Array:
    """The sum of money columns, row by row, in fen."""
    total = to_fen(column(batch, names[0]))
    for name in names[1:]:
        total = pc.add_checked(total, to_fen(column(batch, name)))
    return total


class Ledger:
    """Watches settled batches pass: totals of due and paid, and persons who differ."""

    def __init__(self, groups: Sequence[Held]) -> None:
        self._groups = groups
        self._persons: list[pa.Array] = []
        self._parts: list[pa.Table] = []
        self.due = dict.fromkeys((g.name for g in groups), 0)
        self.paid = dict.fromkeys((g.name for g in groups), 0)

    def watch(self, batch: pa.RecordBatch) -> None:
        """Take a batch with benefit and paid columns."""
        if batch.num_rows == 0:
            return
        differs: pa.Array | None = None
        sums: dict[str, pa.Array] = {}
        for n, group in enumerate(self._groups):
            due, paid = summed(batch, group.benefits), summed(batch, group.columns)
            sums[f"due{n}"], sums[f"paid{n}"] = due, paid
            self.due[group.name] += pc.sum(due).as_py() or 0
            self.paid[group.name] += pc.sum(paid).as_py() or 0
            other = pc.not_equal(due, paid)
            differs = other if differs is None else pc.or_(differs, other)
        if differs is not None:
            self._persons.append(pc.unique(column(batch, "psn_no").filter(differs)))
        self._add(batch, sums)

    def _add(self, batch: pa.RecordBatch, sums: dict[str, pa.Array]) -> None:
        splits = {
            name: column(batch, name).cast(pa.string())
            for name in SPLITS
            if batch.schema.get_field_index(name) >= 0
        }
        table = pa.table({**splits, **sums})
        grouped = table.group_by(list(splits)).aggregate([(n, "sum") for n in sums])
        self._parts.append(grouped)
        if len(self._parts) > PARTS_HELD:
            self._parts = [self._merged()]

    def _merged(self) -> pa.Table:
        whole = pa.concat_tables(self._parts)
        sums = [n for n in whole.column_names if n.endswith("_sum")]
        splits = [n for n in whole.column_names if n not in sums]
        merged = whole.group_by(splits).aggregate([(n, "sum") for n in sums])
        return merged.rename_columns(
            [n.replace("_sum_sum", "_sum") for n in merged.column_names]
        )

    @property
    def persons(self) -> pa.Array:
        """Every person with a differing row, once."""
        if not self._persons:
            return pa.array([], pa.string())
        return pc.unique(pa.concat_arrays([p.cast(pa.string()) for p in self._persons]))

    def split(self, name: str) -> list[tuple[str, list[int], list[int]]]:
        """Totals by one of SPLITS: value, due by group, paid by group; in order of value."""
        if not self._parts or name not in self._parts[0].column_names:
            return []
        whole = self._merged()
        sums = [n for n in whole.column_names if n.endswith("_sum")]
        by = whole.group_by([name]).aggregate([(n, "sum") for n in sums])
        rows = sorted(by.to_pylist(), key=lambda r: r[name] or "")
        count = range(len(self._groups))
        return [
            (
                row[name] or "",
                [row[f"due{n}_sum_sum"] for n in count],
                [row[f"paid{n}_sum_sum"] for n in count],
            )
            for row in rows
        ]
