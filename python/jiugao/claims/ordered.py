"""A table of a run's database comes in; its rows go out in order, however many there are.

DuckDB sorts what does not fit in memory in runs on disk, and merging wants some blocks of
every run at once, for every thread: what it can sort grows with the square of its memory,
and ends. So a long table is sorted in ranges of its first key, one after the other, and a
range that was still too long in halves.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from jiugao.claims.database import SORTING_THREAD, bytes_of, literal
from jiugao.claims.stored import Stored

LOOKED_AT = 20_000  # rows: what tells how long rows are, and where ranges end
RUN = 4 << 20  # bytes of a run that a thread merges; 2 MiB were seen (DuckDB 2.0)


@dataclass(frozen=True)
class Range:
    """Rows whose key is not below `low` and below `high`, but for the first `done`."""

    low: str | None = None
    high: str | None = None
    done: int = 0

    def condition(self, key: str, above: str = ">=") -> str:
        """As SQL; with `above` ">", without the rows of the lowest key."""
        ends = ((above, self.low), ("<", self.high))
        told = (f"{key} {sign} {literal(end)}" for sign, end in ends if end is not None)
        return " AND ".join(told) or "true"

    def cut(self, ends: Sequence[str]) -> list[Range]:
        """The same rows in several ranges; `ends` rise and lie inside."""
        if not ends:
            return [self]
        between = [Range(low, high) for low, high in pairwise(ends)]
        return [replace(self, high=ends[0]), *between, Range(ends[-1], self.high)]

    def after(self, batch: pa.RecordBatch) -> Range:
        """The rest, when these rows were the next."""
        last = batch.column(0)[-1]
        same = pc.sum(pc.equal(batch.column(0), last)).as_py()
        done = self.done if self.low == last.as_py() else 0
        return replace(self, low=last.as_py(), done=done + same)


@dataclass(frozen=True)
class Ordered:
    """The rows of a table by `keys`.

    The first key is the first column, text, and on every row; no two rows have all keys.
    """

    table: Stored
    keys: Sequence[str]

    def batches(self, most: int | None = None) -> Iterator[pa.RecordBatch]:
        """All rows in order. `most`: rows that are sorted at once, else what memory allows.

        Raises duckdb.OutOfMemoryException where memory does not do for one key's rows.
        """
        parts = -(-self.table.rows // (most or self._sortable()))
        waiting = deque(self._cut(Range(), parts))
        while waiting:
            part = waiting.popleft()
            try:
                for batch in self._sorted(part):
                    yield batch
                    part = part.after(batch)
            except (duckdb.OutOfMemoryException, OSError) as error:
                if "Out of Memory" not in str(error):
                    raise
                halves = self._cut(part, 2)
                if len(halves) == 1:
                    raise duckdb.OutOfMemoryException(str(error)) from error
                waiting.extendleft(reversed(halves))

    def _sorted(self, part: Range) -> Iterator[pa.RecordBatch]:
        where, order = part.condition(self.keys[0]), ", ".join(self.keys)
        done = part.done
        for batch in self.table.stream(f"WHERE {where} ORDER BY {order}"):
            rest = batch.slice(min(done, batch.num_rows))
            done -= batch.num_rows - rest.num_rows
            if rest.num_rows:
                yield rest

    def _sortable(self) -> int:
        """How many rows can be sorted at once within the limit of memory, presumably."""
        asked = "SELECT current_setting('memory_limit'), current_setting('threads')"
        [(limit, threads)] = self.table.connection.cursor().execute(asked).fetchall()
        free = max(bytes_of(limit) - threads * SORTING_THREAD, RUN)
        rows = self.table.stream(f"LIMIT {LOOKED_AT}").read_all()
        each = max(rows.nbytes // max(len(rows), 1), 1)
        return int(max(free * free // (threads * RUN) // each, 1))

    def _cut(self, part: Range, parts: int) -> list[Range]:
        """The range in about so many of about as many rows; one where one key has all."""
        if parts <= 1:
            return [part]
        key, at = self.keys[0], ", ".join(str(n / parts) for n in range(1, parts))
        [(found,)] = (
            self.table.connection.cursor()
            .execute(
                f"SELECT quantile_disc({key}, [{at}]) FROM (SELECT {key} FROM ("
                f"SELECT {key} FROM {self.table.name} WHERE {part.condition(key, '>')})"
                f" USING SAMPLE reservoir({LOOKED_AT} ROWS) REPEATABLE (1))"
            )
            .fetchall()
        )
        return part.cut(list(dict.fromkeys(found or ())))
