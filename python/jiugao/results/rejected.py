"""Settled batches come in; the rows that count go out, the others become rejects."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from jiugao.claims.rejects import Rejects

OF_DAY = pa.array(["D966", "D975", "D929"])
OF_ORIGINAL = pa.array(["D967", "D968", "D969", "D974"])
OF_IDENTITY = "D976"
"""Codes of the engine: about the day, the settlement undone, the person's identities."""


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
    of_identity = pc.equal(why, OF_IDENTITY)
    named = pc.coalesce(
        text("reject_column"),
        pc.if_else(
            of_original, "init_setl_id", pc.if_else(of_identity, "psn_idet_type", "")
        ),
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
