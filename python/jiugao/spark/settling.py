"""A year comes in; settled claims, or the accounts of its persons, go out as a DataFrame."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

from jiugao import engine
from jiugao.claims.files import data_files
from jiugao.claims.rejects import Rejects
from jiugao.engine.settlement import NOTHING, Settlement
from jiugao.program.encode import decode
from jiugao.results.begun import apart_from_applications, opening_of
from jiugao.results.policy import Policy, load_policy
from jiugao.spark.copies import Copies
from jiugao.spark.cutting import (
    OPENING_COLUMNS,
    PERSON,
    Sides,
    Year,
    claim_columns,
    cut,
    joined,
    spelt_columns,
    text_of,
)
from jiugao.spark.files import ClaimFiles, paths_of

Batches = Iterator[pa.RecordBatch]
Told = Callable[[Settlement], Batches]
Task = Callable[[Batches], Batches]


def settle(
    policy: Path | str,
    year: Year,
    *,
    settings: Mapping[str, str] = NOTHING,
    passthrough: Sequence[str] = (),
    columns: Sequence[str] | None = None,
    partitions: int | None = None,
    cut_by_person: bool = False,
    read_files: bool = False,
) -> DataFrame:
    """Settle claims: a row for each, with the columns of `jiugao run`'s settlements.

    Rejected rows have role `rejected` and the code in `reject`; copies that a newer one
    replaces have role `duplicate`: a row comes out for every row that goes in.
    `passthrough`: further columns of the claims to keep. `columns`: the only columns to
    make; selecting them afterwards would have made all of them first. `cut_by_person`:
    every partition of the claims holds whole persons in order of time, then setl_id, as
    files written so are read; people and applications are then sent to every task.
    `read_files`: as `cut_by_person`, of Parquet files that each hold whole persons; a task
    reads one file itself, which has to be there for its Python as it is for Spark.

    Raises RulesError for rules that do not compile, ValueError where `read_files` is asked
    of claims that are not just such files; tasks raise StreamError.
    """
    options = engine.Options(
        years=False, wide=True, passthrough=list(passthrough), result_columns=columns
    )
    frame = _Frame(policy, year, settings, partitions, cut_by_person, read_files)
    return frame.mapped(options, _rows)


def years(
    policy: Path | str,
    year: Year,
    *,
    settings: Mapping[str, str] = NOTHING,
    close_year: bool = True,
    partitions: int | None = None,
    cut_by_person: bool = False,
    read_files: bool = False,
) -> DataFrame:
    """The accounts: a row for each person and benefit year, as in years.parquet."""
    options = engine.Options(close_year=close_year, wide=True)
    frame = _Frame(policy, year, settings, partitions, cut_by_person, read_files)
    return frame.mapped(options, _accounts)


@dataclass(frozen=True)
class _Frame:
    """What is settled, and how it is cut."""

    policy: Path | str
    year: Year
    settings: Mapping[str, str]
    partitions: int | None
    cut_by_person: bool
    read_files: bool

    def mapped(self, options: engine.Options, told: Told) -> DataFrame:
        """The DataFrame of what `told` gives of each task's settlement."""
        known = load_policy(Path(self.policy), self.settings)
        year = joined(self.year)
        claims = year.claims
        spelt = spelt_columns(known, claims, options.passthrough)
        columns = claim_columns(spelt)
        apart = self.cut_by_person or self.read_files
        zone = claims.sparkSession.conf.get("spark.sql.session.timeZone")
        shape = to_arrow_schema(claims.select(*columns).schema, timezone=zone)
        empty = engine.Tables(shape.empty_table())
        settled = engine.settle(known.program, empty, options)
        rows = settled.table()
        schema = plain(rows if told is _rows else settled.years().table()).schema
        sent = _sent(year) if apart else None
        people_told = year.people is not None
        task = _task(known.data, options, told, sent, schema, people_told=people_told)
        if self.read_files:
            frame, task = self._files(spelt, shape, task)
        elif apart:
            frame = claims.select(*columns)
        else:
            frame = cut(year, columns, self.partitions)
        return frame.mapInArrow(task, from_arrow_schema(schema))

    def _files(
        self, spelt: Mapping[str, str], shape: pa.Schema, task: Task
    ) -> tuple[DataFrame, Task]:
        """Numbers of files, one a partition, and the task that reads the file of each."""
        claims, beside = self.year.claims, self.year.institutions
        known = None if beside is None else beside.toArrow()
        files = ClaimFiles(paths_of(claims), spelt, shape, known)
        some = len(files.paths)
        numbers = claims.sparkSession.range(0, some, 1, max(some, 1))

        def each(batches: Batches) -> Batches:
            for batch in batches:
                for at in batch.column(0).to_pylist():
                    yield from task(files.claims(at))

        return numbers, each


Sent = tuple[pa.Table | None, pa.Table | None, pa.Table | None]


def _sent(year: Year) -> Sent:
    """People, applications and openings as every task gets them."""
    begun = None
    if year.opening is not None:
        begun = year.opening.select(
            *[text_of(year.opening, n).alias(n) for n in OPENING_COLUMNS]
        )
    return _gathered(year.people), _gathered(year.applications), _gathered(begun)


def _gathered(frame: DataFrame | None) -> pa.Table | None:
    """A table here, in order of persons; the cluster would make jobs of putting it so."""
    return None if frame is None else frame.toArrow().sort_by(PERSON)


def _task(
    program: bytes,
    options: engine.Options,
    told: Told,
    sent: Sent | None,
    schema: pa.Schema,
    *,
    people_told: bool,
) -> Task:
    """What a task does with its rows."""

    def task(batches: Batches) -> Batches:
        if sent is None:
            sides = Sides.of(batches)
            people, asked, begun = sides.people, sides.applications, sides.opening
            claims = sides.claims()
        else:
            (people, asked, begun), claims = sent, _stream(batches)
        if claims is None:
            return
        copies = Copies()
        kept = pa.RecordBatchReader.from_batches(claims.schema, copies.newest(claims))
        opening = opened(program, begun, asked) if begun is not None else None
        tables = engine.Tables(kept, people, asked, opening=opening)
        settled = engine.settle(engine.Program.load(program), tables, options)
        if told is not _rows:
            known = _numbers(people) if people_told else None
            yield from _accounts(settled, known, nobodys=sent is not None)
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


def _accounts(
    settled: Settlement, known: pa.Array | None = None, *, nobodys: bool = False
) -> Batches:
    """Accounts as they are finished; of persons without claims at the end.

    Those of nobody in the people table, `known`, are none. `nobodys`: nor is any other, for
    every task was told of them and none knows whether another has the claims.
    """
    for _ in settled:
        yield from plain(settled.years().table()).to_batches()
    rest = plain(settled.years().table())
    unseen = pa.array(settled.opened_without_claims(), pa.string())
    if known is not None and not nobodys:
        unseen = unseen.filter(pc.invert(pc.is_in(unseen, value_set=known)))
    if nobodys or known is not None:
        others = pc.invert(pc.is_in(rest["psn_no"], value_set=unseen))
        rest = rest.filter(others)
    yield from rest.combine_chunks().to_batches()


def _numbers(people: pa.Table | None) -> pa.Array:
    """Whom the people table knows, of a task's persons."""
    return pa.array([] if people is None else people["psn_no"].to_pylist(), pa.string())


def opened(program: bytes, begun: pa.Table, asked: pa.Table | None) -> pa.Table:
    """Opening balances as one machine reads them: a broken row bars its person."""
    policy, rejects = Policy(program, decode(program)), Rejects()
    with TemporaryDirectory() as place:
        path = Path(place) / "opening.parquet"
        pq.write_table(begun, path)
        opening = opening_of(policy, data_files((str(path),)), rejects)
    if asked is not None and asked.num_rows:
        days = asked["apply_date"].cast(pa.string()).cast(pa.date32())
        at = asked.column_names.index("apply_date")
        asked = asked.set_column(at, "apply_date", days)
        opening = apart_from_applications(opening, asked, policy, rejects)
    return opening.passed


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
