"""Parquet files of whole persons come in; every task reads its own file, past Spark's rows.

Spark takes rows out of a file one by one, hands them to Python and takes the results back:
on files that are already cut by person that is most of the work. Here it only says who
reads which file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.fs as pafs
import pyarrow.parquet as pq
from pyspark.sql import DataFrame

from jiugao.spark.bundles import TIME, Batches
from jiugao.spark.cutting import INSTITUTION, Claims

ROWS = 1 << 16  # of a batch


@dataclass(frozen=True)
class ClaimFiles:
    """The files of the claims, and what is read of each.

    `columns`: names in the files by names of the contract. `shape`: types as Spark has
    them. `institutions`: what stands beside each claim, by `fixmedins_code`.
    """

    paths: tuple[str, ...]
    columns: Mapping[str, str]
    shape: pa.Schema
    institutions: pa.Table | None

    def read(self, numbers: Batches) -> Batches:
        """The claims of the files of these numbers, in their order, as `shape` has them."""
        for batch in numbers:
            for at in batch.column(0).to_pylist():
                yield from self._claims(at)

    def _claims(self, at: int) -> Batches:
        # Spark leaves Chinese characters as they are, a URI may not have any.
        uri = quote(self.paths[at], safe="%/:@?&=+,;~!$'()*")
        system, path = pafs.FileSystem.from_uri(uri)
        with (
            system.open_input_file(path) as opened,
            pq.ParquetFile(opened, coerce_int96_timestamp_unit="us") as file,
        ):
            # Spark's older form of an instant, which Arrow takes for a time without a zone.
            instants = {
                column.path
                for column in map(file.schema.column, range(len(file.schema)))
                if column.physical_type == "INT96"
            }
            wanted = set(self.columns.values())
            if self.institutions is not None:
                wanted.add(INSTITUTION)
            there = sorted(wanted & set(file.schema_arrow.names))
            for batch in file.iter_batches(ROWS, columns=there, use_threads=False):
                yield self._made(batch, instants)

    def _made(self, batch: pa.RecordBatch, instants: set[str]) -> pa.RecordBatch:
        fields, columns = [], []
        for field in self.shape:
            column = self._column(batch, field, instants)
            fields.append(field.with_type(column.type))
            columns.append(column)
        return pa.record_batch(columns, schema=pa.schema(fields))

    def _column(
        self, batch: pa.RecordBatch, field: pa.Field, instants: set[str]
    ) -> pa.Array:
        spelt = self.columns[field.name]
        if spelt not in batch.schema.names:
            return self._beside(batch, spelt, field.type)
        column = batch.column(batch.schema.get_field_index(spelt))
        if spelt in instants:
            column = column.cast(pa.timestamp("us", "UTC"))
        if field.name == TIME:
            return column  # of whatever type: the engine tells China's time by it
        return column.cast(field.type)

    def _beside(self, batch: pa.RecordBatch, name: str, kind: pa.DataType) -> pa.Array:
        """What is known of each claim's institution; nothing where a file lacks a column."""
        known = self.institutions
        told = INSTITUTION in batch.schema.names
        if known is None or name not in known.column_names or not told:
            return pa.nulls(batch.num_rows, kind)
        where = batch.schema.get_field_index(INSTITUTION)
        codes = known[INSTITUTION].cast(pa.string())
        at = pc.index_in(batch.column(where).cast(pa.string()), value_set=codes)
        return known[name].combine_chunks().take(at).cast(kind)


def files_of(
    claims: DataFrame,
    columns: Mapping[str, str],
    shape: pa.Schema,
    institutions: DataFrame | None,
) -> Claims:
    """Claims that tasks read of their files themselves: Spark hands over numbers of files.

    Raises ValueError where the DataFrame is not just the rows of Parquet files.
    """
    known = None if institutions is None else institutions.toArrow()
    files = ClaimFiles(_paths(claims), columns, shape, known)
    some = len(files.paths)
    numbers = claims.sparkSession.range(0, some, 1, max(some, 1))
    return Claims(numbers, shape, files.read)


def _paths(claims: DataFrame) -> tuple[str, ...]:
    """The Parquet files that a DataFrame is read from, where it holds just their rows.

    Raises ValueError where it does not: what else is done with the rows would be lost.
    """
    plan = claims._jdf.queryExecution().analyzed()  # noqa: SLF001  nothing public tells it
    while plan.getClass().getSimpleName() == "Project":
        plain = (plan.projectList().apply(n) for n in range(plan.projectList().size()))
        if any(one.getClass().getSimpleName() != "AttributeReference" for one in plain):
            break
        plan = plan.child()
    if plan.getClass().getSimpleName() == "LogicalRelation":
        relation = plan.relation()
        if (
            relation.getClass().getSimpleName() == "HadoopFsRelation"
            and relation.fileFormat().toString() == "Parquet"
            and relation.partitionSchema().isEmpty()
        ):
            return tuple(sorted(claims.inputFiles()))
    message = (
        "read_files=True: claims must be spark.read.parquet(…) of files without partition"
        " columns, with columns left out at most; settle a filtered or computed DataFrame"
        " with cut_by_person=True alone"
    )
    raise ValueError(message)
