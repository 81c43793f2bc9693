"""What is wrong with data: an unusable file as an error, a bad row as a reject."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from jiugao.diagnostics import Argument, Diagnostic


class DataError(Exception):
    """The data cannot be used; `diagnostic` says why and what to do."""

    def __init__(self, code: str, **arguments: Argument) -> None:
        self.diagnostic = Diagnostic(code, None, arguments)
        super().__init__(f"{code}: {self.diagnostic.cause('en')}")


class Reason(StrEnum):
    """Why a row is rejected, or warned of: its code in rejects.csv or warnings.csv."""

    MISSING = "D951"
    MONEY = "D952"
    DECIMALS = "D953"
    DATE = "D954"
    FLAG = "D955"
    COUNT = "D956"
    UNKNOWN_CODE = "D957"
    NEGATIVE = "D958"
    COPIES_DIFFER = "D959"
    BROKEN_ROW = "D960"
    PERSON_INTERVAL = "D961"
    INTERVAL_BACKWARDS = "D962"
    INVALID_ROW = "D963"
    UNKNOWN_IDENTITY = "D964"
    FLAGGED_WITHOUT_REVERSAL = "D965"
    UNKNOWN_INSTITUTION = "D972"
    REVERSAL_UNLIKE = "D973"
    PERSONS_PART = "D977"
    CASH = "D978"
    FUNDS_SUM = "D979"
    IN_SCOPE = "D980"
    OTHER_YEAR = "D983"
    STAY_BACKWARDS = "D993"
    SETTLED_BEFORE = "D994"
    OPENING_AND_APPLICATION = "D900"
    UNDONE_WITHIN = "D806"
    PERSON_OPENING = "D970"
    UNKNOWN_PERSON = "D950"
    UNKNOWN_TOTAL = "D995"
    NEGATIVE_TOTAL = "D996"
    TOTAL_TWICE = "D997"
    OPENING_DAYS = "D998"
    TOTALS_DISAGREE = "D999"


def yuan_of(fen: int) -> str:
    """Fen as they would be written in a file."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


@dataclass(frozen=True)
class Findings:
    """Bad cells of one batch: parallel lists, `rows` 0-based in the batch."""

    rows: list[int]
    columns: list[str]
    reasons: list[Reason]
    values: list[str]

    @staticmethod
    def none() -> Findings:
        """An empty collection to add to."""
        return Findings([], [], [], [])

    def add(
        self, rows: list[int], column: str, reason: Reason, values: Sequence[str | None]
    ) -> None:
        """The same thing wrong in several rows of one column."""
        self.rows.extend(rows)
        self.columns.extend([column] * len(rows))
        self.reasons.extend([reason] * len(rows))
        self.values.extend(v or "" for v in values)

    def without(self, rows: AbstractSet[int]) -> Findings:
        """Those of other rows."""
        left = Findings.none()
        cells = zip(self.rows, self.columns, self.reasons, self.values, strict=True)
        for row, column, reason, value in cells:
            if row not in rows:
                left.add([row], column, reason, [value])
        return left


REJECTS = pa.schema(
    [
        ("table", pa.string()),
        ("file", pa.int32()),
        ("row", pa.int64()),
        ("setl_id", pa.string()),
        ("psn_no", pa.string()),
        ("column", pa.string()),
        ("code", pa.string()),
        ("value", pa.string()),
    ]
)
"""One row a finding; file and row numbers start at 1."""
