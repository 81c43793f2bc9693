"""A year comes in; settled claims, or the accounts of its persons, go out as a DataFrame."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyspark.sql import DataFrame

from jiugao import engine
from jiugao.claims.files import data_files
from jiugao.claims.rejects import Rejects
from jiugao.engine.settlement import NOTHING, Settlement
from jiugao.program.encode import decode
from jiugao.results.begun import apart_from_applications, opening_of
from jiugao.results.policy import Policy, load_policy
from jiugao.spark.bundles import (
    APPLICATIONS,
    OPENING,
    PEOPLE,
    PERSON,
    Batches,
    Sides,
    Task,
    stream,
)
from jiugao.spark.copies import Copies
from jiugao.spark.cutting import (
    KNOWN,
    Year,
    check_beside,
    claim_columns,
    cut,
    cuts_of,
    joined,
    known_of,
    mapped,
    rows_of,
    spelt_columns,
)
from jiugao.spark.files import files_of

Told = Callable[[Settlement], Batches]
Taken = Callable[[Batches], Sides]


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
    every partition of the claims, or with `read_files` every file, holds whole persons in
    order of time, then setl_id; people and applications are then sent to every task.
    `read_files`: a task reads a Parquet file itself, past Spark's rows; the file has to be
    there for its Python as it is for Spark. `partitions`: into how many cuts claims are
    shuffled; else as many as Spark's shuffles have, fewer of few claims.

    Raises RulesError for rules that do not compile, DataError or (for claims) StreamError
    where a column is missing, ValueError where `read_files` is asked of claims that are
    not just such files; tasks raise StreamError.
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
        check_beside(self.year)
        year, beside = joined(self.year), self.year.institutions
        spelt = spelt_columns(known, year.claims, options.passthrough)
        claims = rows_of(year.claims, claim_columns(spelt))
        settled = engine.settle(
            known.program, engine.Tables(claims.shape.empty_table()), options
        )
        rows = settled.table()
        schema = plain(rows if told is _rows else settled.years().table()).schema
        if self.read_files:
            claims = files_of(self.year.claims, spelt, claims.shape, beside)
        people_told = year.people is not None
        if self.cut_by_person:
            frame, taken = claims.frame, _with(_sent(year), claims.read)
        else:
            frame = cut(claims, year, cuts_of(self.year.claims, self.partitions))
            taken = partial(Sides.of, shape=claims.shape)
        task = _task(
            known.data, options, told, taken, schema,
            people_told=people_told, nobodys=self.cut_by_person,
        )  # fmt: skip
        return mapped(frame, task, schema)


def _sent(year: Year) -> Sides:
    """People, applications and openings as every task gets them."""
    known = {which: _gathered(known_of(year, which)) for which in KNOWN}
    return Sides(known[PEOPLE], known[APPLICATIONS], known[OPENING])


def _with(sent: Sides, read: Task) -> Taken:
    """What a task reads are claims in order; the rest was sent."""

    def taken(batches: Batches) -> Sides:
        return replace(sent, claims=stream(read(batches)))

    return taken


def _gathered(frame: DataFrame | None) -> pa.Table | None:
    """A table here, in order of persons; the cluster would make jobs of putting it so."""
    return None if frame is None else frame.toArrow().sort_by(PERSON)


def _task(
    program: bytes,
    options: engine.Options,
    told: Told,
    taken: Taken,
    schema: pa.Schema,
    *,
    people_told: bool,
    nobodys: bool,
) -> Task:
    """What a task does with its rows."""

    def task(batches: Batches) -> Batches:
        sides = taken(batches)
        claims, people, asked = sides.claims, sides.people, sides.applications
        if claims is None:
            return
        copies = Copies()
        kept = pa.RecordBatchReader.from_batches(claims.schema, copies.newest(claims))
        begun = sides.opening
        opening = opened(program, begun, asked) if begun is not None else None
        tables = engine.Tables(kept, people, asked, opening=opening)
        settled = engine.settle(engine.Program.load(program), tables, options)
        if told is not _rows:
            known = _numbers(people) if people_told else None
            yield from _accounts(settled, known, nobodys=nobodys)
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
