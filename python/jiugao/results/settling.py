"""Prepared tables come in; settlements.parquet, years.parquet and the tally go out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from jiugao import engine
from jiugao.claims.contract import tables
from jiugao.claims.persons import joined_numbers
from jiugao.engine import CoreError, Settlement, settle
from jiugao.results.begun import begun, leave_strangers
from jiugao.results.measures import Measures, measured_schema
from jiugao.results.memory import giving_back
from jiugao.results.options import Options
from jiugao.results.parquet import ParquetSink
from jiugao.results.paying import paying_fields
from jiugao.results.policy import Policy
from jiugao.results.prepare import Prepared
from jiugao.results.rejected import without_rejected
from jiugao.results.tally import HOSPITAL, TOTAL, Tally
from jiugao.results.years import Years

BESIDE = ("file", "row", "setl_time", "init_setl_id")
WORDS = ["role", "standing", "payee"]
YEARS_EVERY = 8
"""Accounts are few rows of a batch: those of so many batches are taken at once."""


def result_schema(policy: Policy) -> pa.Schema:
    """The columns of settlements.parquet."""
    word = pa.dictionary(pa.int8(), pa.string())
    money = pa.decimal64(18, 2)
    return pa.schema(
        [
            ("setl_id", pa.string()),
            ("psn_no", pa.string()),
            ("benefit_year", pa.int16()),
            ("role", word),
            ("standing", word),
            *((code, money) for code in policy.paid_codes),
            ("psn_burden", money),
            ("excess", money),
            *paying_fields(policy),
        ]
    )


def settle_into(
    new: Path,
    prepared: Prepared,
    options: Options,
    tally: Tally,
    extra: tuple[str, ...] = (),
) -> Iterator[pa.RecordBatch]:
    """Settle everything and write settlements.parquet and years.parquet.

    Yields each settled batch (rejected rows taken out) with its `extra` columns.
    """
    policy = prepared.policy
    funds = _other_funds(policy)
    passed = [*BESIDE, *extra, *Measures.needed(policy)]
    settlement = settle(
        policy.program,
        prepared.tables(),
        engine.Options(
            close_year=options.close_year,
            threads=max(options.threads - 1, 1),  # others read and write meanwhile
            passthrough=list(dict.fromkeys(passed)),
            months=policy.grouped,
            summed=list(dict.fromkeys((TOTAL, HOSPITAL, *funds))),
        ),
    )
    schema = result_schema(policy)
    measured = measured_schema(policy) if policy.grouped else pa.schema([])
    fitting = Fitting(schema, measured)
    with (
        ParquetSink(new / "settlements.parquet", schema, WORDS) as rows,
        Years(new / "years.parquet") as years,
        Measures(new, policy) as measures,
    ):
        for n, batch in enumerate(giving_back(_unbroken(settlement, prepared))):
            good = without_rejected(batch, prepared.rejects)
            tally.watch(good, policy)
            settled, measured_rows = fitting.of(good)
            rows.write(settled)
            measures.write(measured_rows)
            if n % YEARS_EVERY == 0:
                years.write(settlement.years().table())
            yield good
        rows.end()
        measures.end()
        strangers = leave_strangers(prepared, settlement.opened_without_claims())
        years.write(settlement.years().table(), strangers)
        years.end()
    tally.take(settlement, policy, funds)
    tally.begun = begun(prepared)
    tally.year_end, tally.lookback = (
        years.sums(policy, "year_end"),
        years.sums(policy, "lookback"),
    )
    _write_joined(new, prepared)
    tally.read = prepared.claims.counts.read
    tally.duplicates = prepared.claims.counts.duplicates
    tally.later = prepared.claims.counts.later
    tally.rejected = prepared.rejects.claim_rows()


def _other_funds(policy: Policy) -> list[str]:
    """Columns of what funds paid that are no benefit's payment made."""
    actual = {c for columns in policy.actual_columns().values() for c in columns}
    contract = tables()["claims"].columns
    funds = [c.name for c in contract if c.fund and c.name not in actual]
    laid_out = (policy.body.inputs[n].column for n in policy.body.fund_columns)
    return list(dict.fromkeys([*funds, *laid_out]))


def _write_joined(new: Path, prepared: Prepared) -> None:
    """persons.parquet, where anybody has several numbers."""
    if prepared.claims.joined.persons:
        numbers = joined_numbers(prepared.connection)
        with ParquetSink(new / "persons.parquet", numbers.schema, []) as sink:
            for batch in numbers:
                sink.write(batch)


def _unbroken(settlement: Settlement, prepared: Prepared) -> Iterator[pa.RecordBatch]:
    """Settled batches; where reading the claims broke off, the error that broke it."""
    try:
        yield from settlement
    except CoreError:
        if prepared.claims.failure is not None:
            raise prepared.claims.failure from None
        raise


class Fitting:
    """The batches of one stream come in; each file's columns of them, of its types, go out."""

    def __init__(self, *schemas: pa.Schema) -> None:
        self._schemas = schemas
        self._places: list[list[tuple[int, pa.DataType | None]]] = []

    def of(self, batch: pa.RecordBatch) -> list[pa.RecordBatch]:
        """A batch for every file."""
        if not self._places:
            self._places = [_places(batch.schema, schema) for schema in self._schemas]
        return [
            pa.record_batch(
                [
                    batch.column(at) if kind is None else batch.column(at).cast(kind)
                    for at, kind in places
                ],
                schema=schema,
            )
            for places, schema in zip(self._places, self._schemas, strict=True)
        ]


def _places(
    given: pa.Schema, wanted: pa.Schema
) -> list[tuple[int, pa.DataType | None]]:
    """Where each column is, and what it has to be made, if it is not that already."""
    fields = ((f, given.get_field_index(f.name)) for f in wanted)
    return [
        (at, None if given.field(at).type == f.type else f.type) for f, at in fields
    ]
