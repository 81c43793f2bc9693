"""The tables of a year come in; one DataFrame of bundles, cut by person, goes out.

Claims and what is known of their persons travel together: so a task knows its persons
before it settles their claims, and holds no more of them than its own.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812  as its own documents write it
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema
from pyspark.sql.types import TimestampType

from jiugao.claims.contract import Column as Known
from jiugao.claims.contract import tables
from jiugao.claims.reading import check_columns
from jiugao.results.policy import Policy
from jiugao.spark.bundles import (
    APPLICATIONS,
    AT,
    BUNDLES,
    CLAIMS,
    OPENING,
    PEOPLE,
    PERSON,
    SETTLEMENT,
    TIME,
    Batches,
    Task,
    bundled,
)

INSTITUTION = "fixmedins_code"
CHINA = "+08:00"
ENOUGH = 32 << 20  # bytes of a source, for one cut
ADAPTIVE = "spark.sql.adaptive.enabled"
FEWER = "spark.sql.adaptive.coalescePartitions.enabled"
KNOWN = {
    PEOPLE: (PERSON, "psn_idet_type", "begndate", "enddate"),
    APPLICATIONS: (PERSON, "apply_date", "psn_idet_type"),
    OPENING: (PERSON, "benefit_year", "accumulator", "amount", "until", "policy"),
}
KEYS = (PERSON, SETTLEMENT, TIME, "init_setl_id", "updt_time")


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


def check_beside(year: Year) -> None:
    """Raise DataError where a table beside the claims lacks a column that it must have."""
    for which in (*KNOWN, "institutions"):
        frame: DataFrame | None = getattr(year, which)
        if frame is not None:
            check_columns(frame.columns, tables()[which].columns, which)


@dataclass(frozen=True)
class Claims:
    """Claims on their way to the tasks: a DataFrame, and what a task reads of its rows.

    `shape`: the columns as Spark has them.
    """

    frame: DataFrame
    shape: pa.Schema
    read: Task


def rows_of(claims: DataFrame, columns: Sequence[Column]) -> Claims:
    """Claims whose rows Spark itself hands over."""
    chosen = claims.select(*columns)
    return Claims(chosen, shape_of(chosen), lambda batches: batches)


def shape_of(frame: DataFrame) -> pa.Schema:
    """The columns as Spark hands them to Python."""
    zone = frame.sparkSession.conf.get("spark.sql.session.timeZone")
    return to_arrow_schema(frame.schema, timezone=zone)


def mapped(frame: DataFrame, task: Task, shape: pa.Schema) -> DataFrame:
    """What the task makes of every partition."""

    def on_worker(batches: Batches) -> Batches:
        yield from task(batches)
        _loaded()

    return frame.mapInArrow(on_worker, from_arrow_schema(shape))


@cache
def _loaded() -> None:
    """Leave what a worker has loaded out of its collections of garbage, once.

    Spark's worker collects after every task: 50 ms, with all modules there, and no garbage.
    """
    gc.collect()
    gc.freeze()


def cuts_of(claims: DataFrame, partitions: int | None) -> int:
    """How many cuts: `partitions`, else as many as Spark's shuffles have.

    Fewer of few claims, where Spark would have fewer of its own shuffle's as well: a task
    costs a tenth of a second. It knows beforehand how large a source is, but not a join.
    """
    if partitions:
        return partitions
    conf = claims.sparkSession.conf
    most = int(conf.get("spark.sql.shuffle.partitions") or 1)
    if "false" in (conf.get(FEWER), conf.get(ADAPTIVE)):
        return most
    known = claims._jdf.queryExecution().optimizedPlan().stats()  # noqa: SLF001  as Spark's own
    at_once = claims.sparkSession.sparkContext.defaultParallelism
    rounds = -(-int(str(known.sizeInBytes())) // (ENOUGH * at_once))
    return int(min(most, max(rounds, 1) * at_once))


def cut(claims: Claims, year: Year, cuts: int) -> DataFrame:
    """Bundles of claims and of what is known of persons; a partition is one cut."""
    claimed, read = bundled(CLAIMS, cuts), claims.read
    whole = mapped(claims.frame, lambda batches: claimed(read(batches)), BUNDLES)
    for which in KNOWN:
        if (known := known_of(year, which)) is not None:
            whole = whole.union(mapped(known, bundled(which, cuts), BUNDLES))
    return whole.repartitionById(cuts, AT)


def known_of(year: Year, which: str) -> DataFrame | None:
    """What a table says of persons, as text, by the contract's names."""
    frame: DataFrame | None = getattr(year, which)
    if frame is None:
        return None
    contract = tables()[which]
    columns = [text_of(frame, name, contract.column(name)) for name in KNOWN[which]]
    return frame.select(*columns)


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
    """Those columns as they are, under the contract's names: the engine reads them."""
    return [F.col(there).alias(name) for name, there in spelt.items()]


def _in_china(instant: Column) -> Column:
    """What China's clock shows then, whatever the session's zone."""
    return F.convert_timezone(None, F.lit(CHINA), instant.cast("timestamp_ntz"))


def text_of(frame: DataFrame, name: str, known: Known | None) -> Column:
    """A column as text, however it is spelt; nothing where the frame has none."""
    names = known.names if known else (name,)
    spelt = next((n for n in names if n in frame.columns), None)
    if spelt is None:
        return F.lit(None).cast("string").alias(name)
    instants = isinstance(frame.schema[spelt].dataType, TimestampType)
    told = _in_china(F.col(spelt)) if instants else F.col(spelt)
    return told.cast("string").alias(name)


def joined(year: Year) -> Year:
    """The year with what is known of institutions beside each claim."""
    if year.institutions is None:
        return year
    if INSTITUTION not in year.claims.columns:
        return replace(year, institutions=None)
    new = [c for c in year.institutions.columns if c not in year.claims.columns]
    beside = year.institutions.select(INSTITUTION, *new).dropDuplicates([INSTITUTION])
    claims = year.claims.join(F.broadcast(beside), INSTITUTION, "left")
    return replace(year, claims=claims, institutions=None)
