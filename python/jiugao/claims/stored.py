"""A table of a run's database comes in; its rows go out, as often and as many as asked for.

What grows with the number of persons lies on disk: a stream of it takes no more memory than
a batch, however many there are.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from jiugao.claims.database import listed, one

BATCH = 1 << 14  # rows


@dataclass(frozen=True)
class Stored:
    """The rows of the table `name`, psn_no among its columns, in the order in which they lie.

    What was made in order stays so: to sort it for every reader would take the memory that is
    saved.
    """

    connection: duckdb.DuckDBPyConnection
    name: str
    schema: pa.Schema

    @property
    def rows(self) -> int:
        """How many there are."""
        return one(self.connection, f"SELECT count(*) FROM {self.name}")

    def stream(self, which: str = "") -> pa.RecordBatchReader:
        """All rows, whatever else is asked of the database meanwhile.

        `which`: what stands after the table in SQL, for some of them or in another order.
        """
        found = self.connection.cursor().sql(f"{self._read()} {which}")
        return self._cast(found.to_arrow_reader(BATCH))

    def table(self) -> pa.Table:
        """All rows, in memory."""
        return self.stream().read_all()

    def of(self, persons: pa.Array) -> pa.Table:
        """The rows of some persons."""
        own = self.connection.cursor()
        own.register("asked_for", pa.table({"psn_no": persons}))
        query = f"{self._read()} SEMI JOIN asked_for USING (psn_no) ORDER BY ALL"
        return self._cast(own.sql(query).to_arrow_reader(BATCH)).read_all()

    def _cast(self, reader: pa.RecordBatchReader) -> pa.RecordBatchReader:
        batches = (batch.cast(self.schema) for batch in reader)
        return pa.RecordBatchReader.from_batches(self.schema, batches)

    def _read(self) -> str:
        return f"SELECT {listed(self.schema.names)} FROM {self.name}"
