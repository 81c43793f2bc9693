"""A stream of the core comes in; pyarrow batches or the error behind a break go out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from jiugao import _core
from jiugao.engine import errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa


class ArrowStream(Protocol):
    """Anything that hands out record batches over the Arrow C stream interface."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Give a PyCapsule with an `ArrowArrayStream`."""


class Failing(ArrowStream, Protocol):
    """A stream that knows what stopped it."""

    def failure(self) -> tuple[str, str, dict[str, str]] | None:
        """What stopped it."""


class Batches:
    """Record batches made on demand, to be read once.

    As an Arrow stream a break is an error of the reader's own kind; read as an iterator
    it is a `CoreError`.
    """

    def __init__(self, stream: Failing, *owners: ArrowStream | None) -> None:
        self._stream = stream
        # What the stream reads must outlive it.
        self._owners = owners

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Give the stream away, once."""
        try:
            return self._stream.__arrow_c_stream__(requested_schema)
        except _core.Refused as refused:
            raise errors.of(refused) from None

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa  # noqa: PLC0415  slow to load

        reader = pa.RecordBatchReader.from_stream(self)
        while True:
            try:
                batch = reader.read_next_batch()
            except StopIteration:
                return
            except pa.ArrowException:
                if failure := self._stream.failure():
                    raise errors.exception(failure) from None
                raise
            yield batch

    def table(self) -> pa.Table:
        """All batches; every row in memory."""
        import pyarrow as pa  # noqa: PLC0415  slow to load

        reader = pa.RecordBatchReader.from_stream(self)
        try:
            return reader.read_all()
        except pa.ArrowException:
            if failure := self._stream.failure():
                raise errors.exception(failure) from None
            raise
