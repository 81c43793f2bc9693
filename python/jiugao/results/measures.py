"""Settled batches come in; measures.parquet, what totals of groups are made of, goes out.

A row for each row of settlements.parquet, in its order: where and when it was, what its
benefits paid, and the program's measures as whole numbers (docs/machine.md).
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc

from jiugao.claims.scalars import number
from jiugao.results.parquet import ParquetSink
from jiugao.results.policy import Policy

PLACES = ("fixmedins_code", "insu_admdvs")
NAME = "measures.parquet"


def measured_schema(policy: Policy) -> pa.Schema:
    """The columns of measures.parquet."""
    money = pa.decimal64(18, 2)
    return pa.schema(
        [
            ("setl_id", pa.string()),
            ("psn_no", pa.string()),
            ("benefit_year", pa.int16()),
            ("month", pa.date32()),
            *((place, pa.string()) for place in PLACES),
            *((code, money) for code in policy.benefit_codes),
            *((name, pa.int64()) for name in policy.measure_names("claim")),
        ]
    )


class Measures:
    """measures.parquet, written where the policy has funds or indicators of groups."""

    def __init__(self, folder: Path, policy: Policy) -> None:
        self._schema = measured_schema(policy)
        self._day = policy.day_column
        self._sink = (
            ParquetSink(folder / NAME, self._schema, list(PLACES))
            if policy.grouped
            else None
        )

    @staticmethod
    def needed(policy: Policy) -> tuple[str, ...]:
        """Claims columns that have to be passed through."""
        return (policy.day_column, *PLACES) if policy.grouped else ()

    def write(self, batch: pa.RecordBatch) -> None:
        """Take a batch's rows."""
        if self._sink is None:
            return

        def column(name: str) -> pa.Array:
            return batch.column(batch.schema.get_field_index(name))

        month = _months(column(self._day).cast(pa.date32()))
        month = _of_originals(
            month, column("init_setl_id"), column("setl_id"), column("role")
        )
        arrays = [
            month if field.name == "month" else column(field.name).cast(field.type)
            for field in self._schema
        ]
        self._sink.write(pa.record_batch(arrays, schema=self._schema))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._sink is not None:
            self._sink.__exit__(kind, error, trace)


def _months(days: pa.Array) -> pa.Array:
    """The first day of each one's month; of the few days that a year has, it is told once."""
    coded = days.dictionary_encode()
    return pc.floor_temporal(coded.dictionary, unit="month").take(coded.indices)


def _of_originals(
    month: pa.Array, undone: pa.Array, settlements: pa.Array, roles: pa.Array
) -> pa.Array:
    """A reversal counts where its original did, and takes it back."""
    reversals = pc.is_valid(undone)
    originals = undone.drop_null()
    if not len(originals):
        return month
    # What was undone is few, and among it every original.
    place = number(roles.dictionary.to_pylist().index("reversed"), roles.indices.type)
    rows = pc.indices_nonzero(pc.equal(roles.indices, place))
    at = pc.index_in(originals, value_set=settlements.take(rows))
    own = month.filter(reversals)
    return pc.replace_with_mask(
        month, reversals, pc.coalesce(month.take(rows).take(at), own)
    )
