"""Scalars that every batch is held against, made once.

For every scalar that it makes of a Python value pyarrow looks whether a package is there
that need not be: a tenth of a millisecond, more than the comparison of a whole batch.
"""

from __future__ import annotations

from functools import cache

import pyarrow as pa

NOTHING, NO, YES = pa.scalar(0), pa.scalar(False), pa.scalar(True)
ZERO_FLAG, EMPTY = pa.scalar("0"), pa.scalar("")
BLANK = pa.scalar(None, pa.string())


@cache
def number(value: int, kind: pa.DataType) -> pa.Scalar:
    """A whole number of a type: of files, of places among words, of days of a month."""
    return pa.scalar(value, kind)
