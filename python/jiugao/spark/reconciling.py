"""A paid year comes in; differences with their causes and the rows left out go out.

Each task spools its persons and reconciles them as one machine would: the same reading,
the same copies and reversals, the same search for causes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812  as its own documents write it

from jiugao.claims.persons import PersonsBy
from jiugao.claims.reading import check_columns
from jiugao.claims.rejects import HEADINGS as REJECTS
from jiugao.claims.staging import claims_columns
from jiugao.engine.settlement import NOTHING
from jiugao.reconcile.adjustments import SCHEMA as ADJUSTMENTS
from jiugao.results.folder import MANIFEST
from jiugao.results.options import Files, Options
from jiugao.results.policy import load_policy
from jiugao.spark.bundles import Sides, local_dir
from jiugao.spark.cutting import Year, check_beside, cut, cuts_of, mapped, rows_of
from jiugao.spark.files import files_of
from jiugao.spark.settling import plain

RESULT = "_result"


@dataclass(frozen=True)
class Reconciled:
    """`adjustments`: as adjustments.parquet; `rejects`: rows left out, with the reason.

    `manifests`: for each task one text, JSON, with the row counts and money totals of
    its persons: they balance one by one, and their sums are the year's.
    """

    adjustments: DataFrame
    rejects: DataFrame
    manifests: DataFrame


def reconcile(
    policy: Path | str,
    year: Year,
    *,
    settings: Mapping[str, str] = NOTHING,
    options: Options | None = None,
    paid_rounding: str | None = None,
    partitions: int | None = None,
    read_files: bool = False,
) -> Reconciled:
    """Hold what is due against what was paid, person by person, on the cluster.

    The three results come of one pass, which is kept (persist) between them. A copy of a
    settlement is seen where it stands with the same person. `read_files`: as for `settle`.

    Raises RulesError for rules that do not compile, DataError where a column is missing,
    ValueError as `settle` does; tasks raise DataError.
    """
    known = load_policy(Path(policy), settings)
    check_beside(year)
    wanted = claims_columns(known.columns("claims"))
    check_columns(year.claims.columns, wanted, "claims")
    names = [c for c in year.claims.columns if not c.startswith("_")]
    claims = rows_of(year.claims, [F.col(name) for name in names])
    if read_files:
        same = {name: name for name in names}
        claims = files_of(year.claims, same, claims.shape, None)
    # Institutions are few: they go to every task and are joined there, as on one machine.
    beside = year.institutions.toArrow() if year.institutions else None
    frame = cut(claims, year, cuts_of(year.claims, partitions))
    # A person's numbers may be in different cuts: here each number is a person.
    how = replace(options or Options(), threads=1, persons=PersonsBy.NUMBER)
    task = _task(known.data, claims.shape, beside, how, paid_rounding)
    found = mapped(frame, task, plain(_shape().empty_table()).schema).persist()

    def of(which: str, names: Sequence[str | Column]) -> DataFrame:
        return found.where(F.col(RESULT) == which).select(*names)

    return Reconciled(
        of("adjustment", ADJUSTMENTS.names),
        of("reject", [F.col(f"_{c}").alias(c) for c in REJECTS]),
        of("manifest", ["_manifest"]),
    )


def _shape() -> pa.Schema:
    """One schema for the three results: each row uses its own part."""
    fields = [(RESULT, pa.string()), *((f.name, f.type) for f in ADJUSTMENTS)]
    fields += [(f"_{c}", pa.string()) for c in REJECTS]
    return pa.schema([*fields, ("_manifest", pa.string())])


def _task(
    program: bytes,
    shape: pa.Schema,
    institutions: pa.Table | None,
    options: Options,
    paid_rounding: str | None,
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def task(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from jiugao.reconcile.run import reconcile as hold  # noqa: PLC0415  on the worker

        sides = Sides.of(batches, shape)
        claims = sides.claims
        if claims is None:
            return
        with TemporaryDirectory(dir=local_dir()) as folder:
            place = Path(folder)
            (place / "policy.rulesc").write_bytes(program)
            files = _spooled(place, claims, sides, institutions)
            out = place / "out"
            hold(place / "policy.rulesc", files, out, options, paid_rounding)
            yield from _told(out)

    return task


def _spooled(
    place: Path,
    claims: pa.RecordBatchReader,
    sides: Sides,
    institutions: pa.Table | None,
) -> Files:
    with pq.ParquetWriter(place / "claims.parquet", claims.schema) as sink:
        for batch in claims:
            sink.write_batch(batch)

    def kept(name: str, table: pa.Table | None) -> tuple[str, ...]:
        if table is None:
            return ()
        pq.write_table(table, place / f"{name}.parquet")
        return (str(place / f"{name}.parquet"),)

    return Files(
        (str(place / "claims.parquet"),),
        people=kept("people", sides.people),
        applications=kept("applications", sides.applications),
        opening=kept("opening", sides.opening),
        institutions=kept("institutions", institutions),
    )


def _told(out: Path) -> Iterator[pa.RecordBatch]:
    """A result folder as rows of the one schema."""
    shape = plain(_shape().empty_table()).schema
    manifest = json.loads((out / MANIFEST).read_text("utf-8"))
    adjustments = plain(pq.read_table(out / "adjustments.parquet"))
    text = pacsv.ConvertOptions(column_types=dict.fromkeys(REJECTS, pa.string()))
    rejects = pacsv.read_csv(out / "rejects.csv", convert_options=text)
    rejects = rejects.rename_columns([f"_{c}" for c in rejects.column_names])
    kept = pa.table({"_manifest": [json.dumps(manifest, ensure_ascii=False)]})
    for which, table in (
        ("adjustment", adjustments),
        ("reject", rejects),
        ("manifest", kept),
    ):
        said = table.append_column(RESULT, pa.repeat(pa.scalar(which), table.num_rows))
        columns = [
            said[f.name] if f.name in said.column_names else pa.nulls(len(said), f.type)
            for f in shape
        ]
        yield from pa.table(columns, schema=shape).combine_chunks().to_batches()
