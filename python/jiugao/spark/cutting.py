"""The tables of a year come in; one DataFrame cut by person, in order, goes out.

Claims and what is known of their persons travel together, people first: so a task knows
its persons before their claims come, and holds no more of them than its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812  as its own documents write it
from pyspark.sql.types import StringType, TimestampType

from jiugao.results.policy import Policy

WHICH = "_table"
PERSON = "psn_no"
TIME = "setl_time"
INSTITUTION = "fixmedins_code"
CHINA = "+08:00"
OFFSET = r"(Z|[+-]\d{2}:?\d{2})\s*$"  # from UTC, after a time of day
CLAIMS, PEOPLE, APPLICATIONS, OPENING = 3, 0, 1, 2
PEOPLE_COLUMNS = (PERSON, "psn_idet_type", "begndate", "enddate")
APPLICATION_COLUMNS = (PERSON, "apply_date", "psn_idet_type")
OPENING_COLUMNS = (
    PERSON, "benefit_year", "accumulator", "amount", "until", "policy",
)  # fmt: skip
KEYS = (PERSON, "setl_id", TIME, "init_setl_id", "updt_time")


@dataclass(frozen=True)
class Year:
    """The tables of a year, with the names of the contract; claims in any order.

    Money is yuan as decimal(·, ≤2) or text, or fen as long; floats are refused. `opening`:
    what accounts have already, as `jiugao totals` writes it.
    """

    claims: DataFrame
    people: DataFrame | None = None
    applications: DataFrame | None = None
    institutions: DataFrame | None = None
    opening: DataFrame | None = None


def cut(year: Year, columns: Sequence[Column], partitions: int | None) -> DataFrame:
    """Claims (the columns given) and what is known of persons, a person's rows together."""
    parts = [year.claims.select(F.lit(CLAIMS).alias(WHICH), *columns)]
    for which, frame, names in (
        (PEOPLE, year.people, PEOPLE_COLUMNS),
        (APPLICATIONS, year.applications, APPLICATION_COLUMNS),
        (OPENING, year.opening, OPENING_COLUMNS),
    ):
        if frame is not None:
            named = [_beside(frame, name) for name in names]
            parts.append(frame.select(F.lit(which).alias(WHICH), *named))
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.unionByName(part, allowMissingColumns=True)
    by_person = (
        whole.repartition(PERSON)
        if partitions is None
        else whole.repartition(partitions, PERSON)
    )
    # Spark compares the first bytes of the first key alone as long as these differ: a table's
    # number never would. What is no claim has nothing there, and comes first.
    claimant = F.when(F.col(WHICH) == CLAIMS, F.col(PERSON)).asc_nulls_first()
    return by_person.sortWithinPartitions(
        claimant, WHICH, PERSON, _moment(by_person), "setl_id"
    )


def spelt_columns(
    policy: Policy, claims: DataFrame, more: Sequence[str]
) -> dict[str, str]:
    """The columns of claims that a settlement reads, by the contract's names."""
    wanted: dict[str, tuple[str, ...]] = {name: (name,) for name in KEYS}
    for table in ("claims", "institutions"):
        wanted |= {c.name: c.names for c in policy.columns(table)}
    wanted |= {name: (name,) for name in more}
    return {
        name: spelt
        for name, names in wanted.items()
        if (spelt := next((n for n in names if n in claims.columns), None)) is not None
    }


def claim_columns(spelt: Mapping[str, str]) -> list[Column]:
    """Those columns as they are, under the contract's names.

    Times too: the engine reads them, so that a day that is none is told as on one machine.
    """
    return [F.col(there).alias(name) for name, there in spelt.items()]


def _moment(frame: DataFrame) -> Column:
    """What claims are sorted by: China's time of a settlement, nothing where it tells none."""
    time = F.col(TIME)
    match frame.schema[TIME].dataType:
        case TimestampType():
            return _in_china(time)
        case StringType():
            instant = _in_china(time.try_cast("timestamp"))
            written = time.try_cast("timestamp_ntz")
            return F.when(time.rlike(OFFSET), instant).otherwise(written)
        case _:
            return time.try_cast("timestamp_ntz")


def _in_china(instant: Column) -> Column:
    """What China's clock shows then, whatever the session's zone."""
    return F.convert_timezone(None, F.lit(CHINA), instant.cast("timestamp_ntz"))


def _beside(frame: DataFrame, name: str) -> Column:
    """A column of what is known of persons as text: dates of every type are read alike."""
    return text_of(frame, name).alias(_apart(name))


def text_of(frame: DataFrame, name: str) -> Column:
    """A column as text, nothing where the frame has none."""
    if name not in frame.columns:
        return F.lit(None).cast("string")
    instants = isinstance(frame.schema[name].dataType, TimestampType)
    return (_in_china(F.col(name)) if instants else F.col(name)).cast("string")


def _apart(name: str) -> str:
    return name if name == PERSON else f"_{name}"


def joined(year: Year) -> Year:
    """The year with what is known of institutions beside each claim."""
    if year.institutions is None:
        return year
    new = [c for c in year.institutions.columns if c not in year.claims.columns]
    beside = year.institutions.select(INSTITUTION, *new).dropDuplicates([INSTITUTION])
    claims = year.claims.join(F.broadcast(beside), INSTITUTION, "left")
    return replace(year, claims=claims, institutions=None)


@dataclass
class Sides:
    """One task's rows, taken apart: claims streamed, what is known of persons whole."""

    people: pa.Table | None = None
    applications: pa.Table | None = None
    opening: pa.Table | None = None
    _nothing: pa.RecordBatch | None = None
    _waiting: list[pa.RecordBatch] = field(default_factory=list)
    _rest: Iterator[pa.RecordBatch] = field(default_factory=lambda: iter(()))

    @staticmethod
    def of(batches: Iterator[pa.RecordBatch]) -> Sides:
        """Read until the first claim."""
        sides = Sides(_rest=batches)
        people: list[pa.RecordBatch] = []
        applications: list[pa.RecordBatch] = []
        opening: list[pa.RecordBatch] = []
        for batch in batches:
            people.append(_of(batch, PEOPLE, PEOPLE_COLUMNS))
            applications.append(_of(batch, APPLICATIONS, APPLICATION_COLUMNS))
            opening.append(_of(batch, OPENING, OPENING_COLUMNS))
            claims = _claims(batch)
            sides._nothing = claims.slice(0, 0)
            if claims.num_rows:
                sides._waiting.append(claims)
                break
        sides.people, sides.applications = _whole(people), _whole(applications)
        sides.opening = _whole(opening)
        return sides

    def claims(self) -> pa.RecordBatchReader | None:
        """The claims in order; None where the task has none, nor an account to go on."""
        if not self._waiting and self.opening is not None:
            assert self._nothing is not None
            self._waiting.append(self._nothing)
        if not self._waiting:
            return None
        schema = self._waiting[0].schema
        return pa.RecordBatchReader.from_batches(schema, self._streamed())

    def _streamed(self) -> Iterator[pa.RecordBatch]:
        yield from self._waiting
        for batch in self._rest:
            yield _claims(batch)


def _claims(batch: pa.RecordBatch) -> pa.RecordBatch:
    names = [n for n in batch.schema.names if not n.startswith("_")]
    return _rows(batch, CLAIMS).select(names)


def _of(batch: pa.RecordBatch, which: int, names: Sequence[str]) -> pa.RecordBatch:
    rows = _rows(batch, which)
    if any(_apart(n) not in rows.schema.names for n in names):
        return pa.record_batch({n: pa.array([], pa.string()) for n in names})
    columns = [rows.column(rows.schema.get_field_index(_apart(n))) for n in names]
    return pa.record_batch([c.cast(pa.string()) for c in columns], names=list(names))


def _rows(batch: pa.RecordBatch, which: int) -> pa.RecordBatch:
    table = batch.column(batch.schema.get_field_index(WHICH))
    if len(table) and table[0].as_py() == which == table[-1].as_py():
        return batch  # rows lie by table: to filter them would copy them
    return batch.filter(pc.equal(table, which))


def _whole(parts: list[pa.RecordBatch]) -> pa.Table | None:
    table = pa.Table.from_batches(parts) if parts else None
    return table if table is not None and table.num_rows else None
