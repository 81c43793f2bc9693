"""Names come in, batch by batch; whether all of them differ goes out, in little memory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jiugao import _core
from jiugao.engine import errors

if TYPE_CHECKING:
    import pyarrow as pa


class Distinct:
    """Names seen so far: 64 bits of each, on disk in `folder` beyond a few megabytes."""

    def __init__(self, folder: Path) -> None:
        self._core = _core.Distinct(str(folder))

    def add(self, names: pa.Array) -> None:
        """Take in names; nulls are none. Raises StreamError where disk is full."""
        import pyarrow as pa  # noqa: PLC0415  slow to load

        try:
            self._core.add(pa.table({"name": names}))
        except _core.Refused as refused:
            raise errors.of(refused) from None

    def all_differ(self) -> bool:
        """Whether all names differ for certain; asked once.

        False also where only 64 bits of two names agree: look at the names themselves.
        """
        try:
            return self._core.all_differ()
        except _core.Refused as refused:
            raise errors.of(refused) from None
