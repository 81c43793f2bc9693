"""Finished accounts come in; years.parquet and its year-end money go out."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc

from jiugao.results.parquet import ParquetSink
from jiugao.results.policy import Policy
from jiugao.results.tally import sum_of


class Years:
    """years.parquet, written as the accounts are finished."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._sink: ParquetSink | None = None
        self._sums: dict[str, int] = {}

    def write(self, accounts: pa.Table, strangers: pa.Array | None = None) -> None:
        """Take finished accounts, but those of `strangers`; the first call makes the file."""
        if strangers is not None and len(strangers):
            others = pc.is_in(accounts["psn_no"].cast(pa.string()), value_set=strangers)
            accounts = accounts.filter(pc.invert(others))
        if self._sink is None:
            self._sink = ParquetSink(self._path, accounts.schema, [])
        for batch in accounts.to_batches():
            self._sink.write(batch)
            for name in batch.schema.names:
                if name.endswith((".year_end", ".lookback")):
                    self._sums[name] = self._sums.get(name, 0) + sum_of(batch, name)

    def end(self) -> None:
        """Write what is left: there are no more accounts."""
        if self._sink is not None:
            self._sink.end()

    def sums(self, policy: Policy, what: str) -> dict[str, int]:
        """Fen of each benefit's year-end or look-back amounts, once all are written."""
        return {c: self._sums.get(f"{c}.{what}", 0) for c in policy.benefit_codes}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._sink is not None:
            self._sink.__exit__(*error)  # type: ignore[arg-type]
