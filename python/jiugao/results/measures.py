"""Settled batches come in; measures.parquet, what totals of groups are made of, goes out.

A row for each row of settlements.parquet, in its order: where and when it was, what its
benefits paid, and the program's measures as whole numbers (docs/machine.md).
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa

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
        self._sink = (
            ParquetSink(folder / NAME, self._schema, list(PLACES))
            if policy.grouped
            else None
        )

    @staticmethod
    def needed(policy: Policy) -> tuple[str, ...]:
        """Claims columns that have to be passed through."""
        return PLACES if policy.grouped else ()

    def write(self, batch: pa.RecordBatch) -> None:
        """Take a batch's rows, as measured_schema has them."""
        if self._sink is not None:
            self._sink.write(batch)

    def end(self) -> None:
        """There are no more rows."""
        if self._sink is not None:
            self._sink.end()

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
