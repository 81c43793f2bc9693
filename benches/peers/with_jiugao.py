"""Jiugao: the policy file itself, compiled, over the workload's own columns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from jiugao.compile import compile_policy
from jiugao.engine import Options, Program, Tables
from jiugao.engine import settle as settled

RULES = Path(__file__).parents[2] / "rules" / "liaocheng_2022"
COLUMNS = {  # the program's column: the workload's
    "setl_time": "date",
    "medfee_sumamt": "in_scope",
    "inscp_scp_amt": "in_scope",
    "hifp_pay": "basic",
    "hifmi_pay": "critical",
}
CONSTANTS = {"med_type": "21"}
OUTPUTS = ("assistance", "reassistance", "psn_burden")


def program() -> Program:
    """The compiled policy, ready to run."""
    return Program.load(compile_policy(RULES).program_bytes)


def claims_stream(claims: pa.Table) -> pa.Table:
    """The claims under the names that identify persons and identities."""
    named = claims.select(
        ["person", "date", "identity", "in_scope", "basic", "critical"]
    )
    return named.rename_columns(
        ["psn_no", "date", "psn_idet_type", "in_scope", "basic", "critical"]
    )


def tables(claims: pa.Table, applications: pa.Table) -> Tables:
    """The workload as the engine takes it."""
    return Tables(
        claims, applications=applications, columns=COLUMNS, constants=CONSTANTS
    )


def settle(
    ready: Program,
    claims: pa.Table,
    applications: pa.Table,
    threads: int,
    columns: tuple[str, ...] | None = None,
) -> int:
    """Drain the settlement; the number of rows. `columns`: those wanted, or all."""
    options = Options(threads=threads, years=False, result_columns=columns)
    return sum(
        len(batch) for batch in settled(ready, tables(claims, applications), options)
    )


def outputs(
    ready: Program, claims: pa.Table, applications: pa.Table, threads: int
) -> list[np.ndarray]:
    """Assistance, re-assistance, remainder in fen, for comparing; nothing rejected."""
    options = Options(threads=threads, years=False, result_columns=OUTPUTS)
    settlement = settled(ready, tables(claims, applications), options)
    table = settlement.table()
    assert settlement.totals()["settled"] == len(table)
    return [fen(table[name]) for name in OUTPUTS]


def fen(column: pa.ChunkedArray) -> np.ndarray:
    """A decimal64 column's unscaled integers."""
    return np.concatenate(
        [
            np.frombuffer(chunk.buffers()[1], np.int64)[
                chunk.offset : chunk.offset + len(chunk)
            ]
            for chunk in column.chunks
        ]
    )
