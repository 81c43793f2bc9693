"""Claims in order and the tables beside them come in; settled batches go out, errors named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from jiugao.claims.rejects import Rejects
from jiugao.engine import Options, Tables, settle
from jiugao.results.policy import Policy


class Settling:
    """One pass of the engine over claims: iterate the batches, then read the years."""

    def __init__(  # noqa: PLR0913  each is a word of the call
        self,
        policy: Policy,
        claims: pa.RecordBatchReader | pa.Table,
        people: pa.RecordBatchReader | pa.Table | None,
        applications: pa.Table | None,
        *,
        opening: pa.Table | None = None,
        close_year: bool = False,
        totals_until: dt.date | None = None,
        threads: int = 1,
        years: bool = True,
        passthrough: Sequence[str] = (),
    ) -> None:
        self._settlement = settle(
            policy.program,
            Tables(claims, people, applications, opening=opening),
            Options(
                close_year=close_year,
                years=years,
                threads=threads,
                passthrough=list(passthrough),
                totals_until=totals_until,
            ),
        )

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Settled batches, in the order of the claims. Raises the engine's CoreError."""
        yield from self._settlement

    def table(self) -> pa.Table:
        """All settled rows at once (for a few persons)."""
        return self._settlement.table().unify_dictionaries()

    def years(self) -> pa.Table:
        """Accounts finished since the last call."""
        return self._settlement.years().table()

    def accumulated(self) -> pa.Table:
        """What accounts finished since the last call have accumulated."""
        return self._settlement.accumulated().table()

    def opened_without_claims(self) -> list[str]:
        """Persons with an opening balance and no claims, once all batches are read."""
        return self._settlement.opened_without_claims()

    def totals(self) -> dict[str, int]:
        """Counts and sums so far."""
        return dict(self._settlement.totals())


OF_DAY = pa.array(["D966", "D975", "D929"])
OF_ORIGINAL = pa.array(["D967", "D968", "D969", "D974"])
"""Codes of the engine that are about the day, and about the settlement undone."""


LATER = "D971"
"""Rows of days after the one at which totals were wanted."""


def without_rejected(
    batch: pa.RecordBatch, rejects: Rejects, *, later: bool = False
) -> pa.RecordBatch:
    """The rows that count; the others become rejects of the claims table.

    With `later` rows after the day at which totals were wanted are passed over.
    """
    codes = batch.column(batch.schema.get_field_index("reject"))
    if later:
        known = pc.not_equal(codes.cast(pa.string()), LATER).fill_null(True)
        batch = batch.filter(known)
        codes = batch.column(batch.schema.get_field_index("reject"))
    if codes.null_count == len(codes):
        return batch
    at = pc.indices_nonzero(pc.is_valid(codes))

    def column(name: str) -> pa.Array:
        return batch.column(batch.schema.get_field_index(name)).take(at)

    def text(name: str) -> pa.Array:
        array = column(name)
        if pa.types.is_dictionary(array.type):
            array = array.dictionary_decode()
        return array.cast(pa.string())

    why = text("reject")
    of_day = pc.is_in(why, value_set=OF_DAY)
    of_original = pc.is_in(why, value_set=OF_ORIGINAL)
    named = pc.coalesce(
        text("reject_column"), pc.if_else(of_original, "init_setl_id", "")
    )
    days = pc.if_else(of_day, text("setl_time"), "")
    rejects.add(
        "claims",
        column("file"),
        column("row"),
        pc.if_else(of_day, "setl_time", named),
        why,
        pc.if_else(of_original, text("init_setl_id"), days),
        text("setl_id"),
        text("psn_no"),
    )
    return batch.filter(pc.is_null(codes))
