"""Verdicts and open year amounts come in; the table of adjustments goes out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from jiugao.claims.findings import DataError
from jiugao.claims.intake import yuan
from jiugao.reconcile.causes import Cause

MONEY = pa.decimal64(18, 2)
WORD = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        ("setl_id", pa.string()),
        ("psn_no", pa.string()),
        ("benefit_year", pa.int16()),
        ("benefit", WORD),
        ("payer", WORD),
        ("due", MONEY),
        ("paid", MONEY),
        ("difference", MONEY),
        ("cause", WORD),
        ("root_setl_id", pa.string()),
    ]
)
"""adjustments.parquet, as the contract has it."""
KEY = ("setl_id", "psn_no", "benefit_year", "benefit")
PLACES = ("standing", "institution", "area")
TOLD = b"jiugao"


@dataclass(frozen=True)
class Adjustment:
    """One difference, in fen; `setl_id` is empty for a year's amount.

    The last three say where it belongs in the summary.
    """

    setl_id: str
    psn_no: str
    benefit_year: int
    benefit: str
    payer: str
    due: int
    paid: int
    cause: Cause
    root_setl_id: str
    standing: str = ""
    institution: str = ""
    area: str = ""

    @property
    def difference(self) -> int:
        """What is still to be paid (or, below zero, taken back)."""
        return self.due - self.paid


def table_of(adjustments: Sequence[Adjustment]) -> pa.Table:
    """Adjustments in the contract's columns."""

    def texts(values: Iterable[str]) -> pa.Array:
        return pa.array(list(values), pa.string())

    def money(values: Iterable[int]) -> pa.Array:
        return yuan(pa.array(list(values), pa.int64()))

    arrays = [
        texts(a.setl_id for a in adjustments),
        texts(a.psn_no for a in adjustments),
        pa.array([a.benefit_year for a in adjustments], pa.int16()),
        texts(a.benefit for a in adjustments).cast(WORD),
        texts(a.payer for a in adjustments).cast(WORD),
        money(a.due for a in adjustments),
        money(a.paid for a in adjustments),
        money(a.difference for a in adjustments),
        texts(str(a.cause) for a in adjustments).cast(WORD),
        texts(a.root_setl_id for a in adjustments),
    ]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def write_whole_table(
    adjustments: Sequence[Adjustment], path: Path, told: Mapping[str, Any]
) -> None:
    """Adjustments with all that a summary asks of them, and what else is `told`."""
    table = table_of(adjustments)
    for name in PLACES:
        values = [getattr(a, name) for a in adjustments]
        table = table.append_column(name, pa.array(values, pa.string()))
    said = {TOLD: json.dumps(told).encode()}
    pq.write_table(table.replace_schema_metadata(said), path)


def read_whole_table(path: Path) -> tuple[list[Adjustment], dict[str, Any]]:
    """What `write_whole_table` wrote."""
    table = pq.read_table(path)
    adjustments = [
        Adjustment(
            **{n: row[n] for n in (*KEY, "payer", "root_setl_id", *PLACES)},
            due=int(row["due"].scaleb(2)),
            paid=int(row["paid"].scaleb(2)),
            cause=Cause(row["cause"]),
        )
        for row in table.to_pylist()
    ]
    return adjustments, json.loads(table.schema.metadata[TOLD])


def read_adjustments(path: Path) -> pa.Table:
    """An adjustments.parquet; raises DataError for anything else."""
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise DataError(
            "D906", file=path.name, detail=str(error).splitlines()[0]
        ) from error
    for name in (*KEY, "paid", "difference"):
        if name not in table.column_names:
            raise DataError("D903", file=path.name, column=name)
    return table
