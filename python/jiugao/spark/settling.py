"""A year comes in; settled claims, or the accounts of its persons, go out as a DataFrame."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import from_arrow_schema

from jiugao import engine
from jiugao.engine.settlement import NOTHING, Settlement
from jiugao.results.policy import load_policy
from jiugao.spark.copies import Copies
from jiugao.spark.cutting import Sides, Year, claim_columns, cut, joined

Batches = Iterator[pa.RecordBatch]
Told = Callable[[Settlement], Batches]


def settle(
    policy: Path | str,
    year: Year,
    *,
    settings: Mapping[str, str] = NOTHING,
    passthrough: Sequence[str] = (),
    partitions: int | None = None,
    cut_by_person: bool = False,
) -> DataFrame:
    """Settle claims: a row for each, with the columns of `jiugao run`'s settlements.

    Rejected rows have role `rejected` and the code in `reject`; copies that a newer one
    replaces have role `duplicate`: a row comes out for every row that goes in.
    `passthrough`: further columns of the claims to keep. `cut_by_person`: every partition
    of the claims holds whole persons in order of time, then setl_id, as files written so
    are read; people and applications are then sent to every task.

    Raises RulesError for rules that do not compile; tasks raise StreamError.
    """
    options = engine.Options(years=False, wide=True, passthrough=list(passthrough))
    frame = _Frame(policy, year, settings, partitions, cut_by_person)
    return frame.mapped(options, _rows)


def years(
    policy: Path | str,
    year: Year,
    *,
    settings: Mapping[str, str] = NOTHING,
    close_year: bool = True,
    partitions: int | None = None,
    cut_by_person: bool = False,
) -> DataFrame:
    """The accounts: a row for each person and benefit year, as in years.parquet."""
    options = engine.Options(close_year=close_year, wide=True)
    frame = _Frame(policy, year, settings, partitions, cut_by_person)
    return frame.mapped(options, _accounts)


@dataclass(frozen=True)
class _Frame:
    """What is settled, and how it is cut."""

    policy: Path | str
    year: Year
    settings: Mapping[str, str]
    partitions: int | None
    cut_by_person: bool

    def mapped(self, options: engine.Options, told: Told) -> DataFrame:
        """The DataFrame of what `told` gives of each task's settlement."""
        known = load_policy(Path(self.policy), self.settings)
        year = joined(self.year)
        claims = year.claims
        columns = claim_columns(known, claims, options.passthrough)
        if self.cut_by_person:
            frame, beside = claims.select(*columns), _sent(year)
        else:
            frame, beside = cut(year, columns, self.partitions), None
        empty = engine.Tables(claims.select(*columns).limit(0).toArrow())
        settled = engine.settle(known.program, empty, options)
        rows = settled.table()
        schema = plain(rows if told is _rows else settled.years().table()).schema
        task = _task(known.data, options, told, beside, schema)
        return frame.mapInArrow(task, from_arrow_schema(schema))


def _sent(year: Year) -> tuple[pa.Table | None, pa.Table | None]:
    """People and applications as every task gets them."""
    people = year.people.orderBy("psn_no").toArrow() if year.people else None
    asked = year.applications.orderBy("psn_no").toArrow() if year.applications else None
    return people, asked


def _task(
    program: bytes,
    options: engine.Options,
    told: Told,
    beside: tuple[pa.Table | None, pa.Table | None] | None,
    schema: pa.Schema,
) -> Callable[[Batches], Batches]:
    """What a task does with its rows."""

    def task(batches: Batches) -> Batches:
        if beside is None:
            sides = Sides.of(batches)
            people, asked, claims = sides.people, sides.applications, sides.claims()
        else:
            (people, asked), claims = beside, _stream(batches)
        if claims is None:
            return
        copies = Copies()
        kept = pa.RecordBatchReader.from_batches(claims.schema, copies.newest(claims))
        tables = engine.Tables(kept, people, asked)
        settled = engine.settle(engine.Program.load(program), tables, options)
        if told is not _rows:
            yield from told(settled)
            return
        for batch in told(settled):
            yield batch
            yield from _duplicates(copies, batch.schema)
        yield from _duplicates(copies, schema)

    return task


def _duplicates(copies: Copies, schema: pa.Schema) -> Batches:
    """Copies that did not count, as rows of the result: told, and paid nothing."""
    for batch in copies.dropped():
        columns = [
            pa.repeat(pa.scalar("duplicate"), batch.num_rows)
            if f.name == "role"
            else batch.column(batch.schema.get_field_index(f.name)).cast(f.type)
            if f.name in batch.schema.names
            else pa.nulls(batch.num_rows, f.type)
            for f in schema
        ]
        yield pa.record_batch(columns, schema=schema)


def _stream(batches: Batches) -> pa.RecordBatchReader | None:
    first = next(batches, None)
    if first is None:
        return None

    def every() -> Batches:
        yield first
        yield from batches

    return pa.RecordBatchReader.from_batches(first.schema, every())


def _rows(settled: Settlement) -> Batches:
    for batch in settled:
        yield plain(pa.Table.from_batches([batch])).to_batches()[0]


def _accounts(settled: Settlement) -> Batches:
    for _ in settled:
        yield from plain(settled.years().table()).to_batches()
    yield from plain(settled.years().table()).to_batches()


def plain(table: pa.Table) -> pa.Table:
    """The table in the types that Spark knows: no dictionaries, wide decimals."""
    fields = []
    for column in table.schema:
        kind = column.type
        if pa.types.is_dictionary(kind):
            kind = kind.value_type
        if pa.types.is_decimal(kind):
            kind = pa.decimal128(18, 2)
        if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
            kind = pa.string()
        fields.append(column.with_type(kind).with_nullable(True))
    return table.cast(pa.schema(fields)).combine_chunks()
