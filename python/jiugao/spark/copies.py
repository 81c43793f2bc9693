"""Claims in order come in, batch by batch; the newest copy of each settlement goes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

PERSON, SETTLEMENT, CHANGED = "psn_no", "setl_id", "updt_time"


@dataclass
class Copies:
    """Keeps the newest by updt_time of the copies that stand with one person.

    Without that column nothing is dropped, and the engine refuses the second copy.
    """

    _dropped: list[pa.RecordBatch] = field(default_factory=list)

    def newest(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The claims that count, in order; a person is never cut by a batch's end."""
        rest: pa.RecordBatch | None = None
        for batch in batches:
            if CHANGED not in batch.schema.names:
                yield batch
                continue
            whole = batch if rest is None else pa.concat_batches([rest, batch])
            persons = _column(whole, PERSON)
            end = pc.index(persons, persons[-1]).as_py() if len(persons) else 0
            rest = whole.slice(end)
            if end:
                yield self._sifted(whole.slice(0, end))
        if rest is not None and rest.num_rows:
            yield self._sifted(rest)

    def dropped(self) -> Iterator[pa.RecordBatch]:
        """The copies that did not count, since the last call."""
        yield from self._dropped
        self._dropped.clear()

    def _sifted(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        ids = _column(batch, SETTLEMENT)
        if pc.count_distinct(ids).as_py() == len(ids):
            return batch
        keys = [
            (PERSON, "ascending"),
            (SETTLEMENT, "ascending"),
            (CHANGED, "descending"),
        ]
        order = pc.sort_indices(batch, sort_keys=keys)
        there = [_column(batch, name).take(order) for name in (PERSON, SETTLEMENT)]
        same = [pc.equal(c.slice(1), c.slice(0, len(c) - 1)) for c in there]
        older = order.slice(1).filter(pc.and_(*same))
        keep = pc.invert(
            pc.is_in(pa.arange(0, len(ids)), value_set=older.cast(pa.int64()))
        )
        self._dropped.append(batch.filter(pc.invert(keep)))
        return batch.filter(keep)


def _column(batch: pa.RecordBatch, name: str) -> pa.Array:
    return batch.column(batch.schema.get_field_index(name))
