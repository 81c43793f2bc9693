"""A stream of raw columns comes in; exact typed columns and every bad cell go out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiugao import _core
from jiugao.engine import errors
from jiugao.engine.streams import Batches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiugao.engine.streams import ArrowStream

FINDINGS = "_findings"
"""list<struct<column, code, value>>: the bad cells of a row, null where it is good."""


@dataclass(frozen=True)
class RawColumn:
    """A column as it is wanted.

    `kind`: text, code, money, day, time, flag or count. `codes`: the only texts taken
    (empty: any). `default`: what a blank counts as, as it would be written.
    """

    name: str
    kind: str
    spellings: Sequence[str] = ()
    required: bool = False
    codes: Sequence[str] = ()
    default: str | None = None


def intake(stream: ArrowStream, columns: Sequence[RawColumn], file: str) -> Batches:
    """Type the columns of a stream, batch by batch; no row is left out.

    Money becomes fen (int64), day date32, time timestamp[us], flag bool, count int64,
    text and code trimmed utf8; null where blank or bad. Raises `StreamError` for a
    required column that is missing; while reading for types that cannot be taken.
    """
    spec = [
        (c.name, c.kind, list(c.spellings), c.required, list(c.codes), c.default)
        for c in columns
    ]
    try:
        return Batches(_core.intake(stream, spec, file), stream)
    except _core.Refused as refused:
        raise errors.of(refused) from None
