"""Columns spelt otherwise, columns that some files lack, and columns that nobody has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

pytest.importorskip("pyspark", reason="Spark is not installed here: run `make spark`")

from pyspark.sql import SparkSession

from jiugao.claims.findings import DataError
from jiugao.engine import StreamError
from jiugao.spark import Year, reconcile, settle
from tests.spark.conftest import POLICY

pytestmark = pytest.mark.filterwarnings("ignore")  # Spark's own, about pandas


def test_intervals_are_read_by_either_spelling(year: Year) -> None:
    assert year.people is not None
    other = year.people.withColumnsRenamed(
        {"begndate": "begntime", "enddate": "endtime"}
    )
    bare = year.people.drop("begndate", "enddate")
    one, same, always = (
        settle(POLICY, replace(year, people=p)).orderBy("setl_id").toArrow()
        for p in (year.people, other, bare)
    )
    assert same == one
    assert always != one


def test_files_may_lack_the_institution(
    spark: SparkSession, year: Year, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "claims"
    out.mkdir()
    for part, columns in ((0, "*"), (1, "* EXCLUDE fixmedins_code")):
        duckdb.sql(
            f"COPY (SELECT {columns} FROM read_csv('{folder}/claims.csv', all_varchar = true)"
            f" WHERE hash(psn_no) % 2 = {part} ORDER BY ALL) TO '{out}/{part}.parquet'"
        )
    claims = spark.read.parquet(str(out))
    assert "fixmedins_code" in claims.columns
    by_rows, by_files = (
        settle(POLICY, replace(year, claims=claims), read_files=how)
        .orderBy("setl_id", "role")
        .toArrow()
        for how in (False, True)
    )
    assert by_rows == by_files
    roles = by_files["role"].to_pylist()
    assert 0 < roles.count("rejected") < len(roles)


@pytest.mark.parametrize("missing", ["psn_no", "setl_time"])
def test_claims_without_a_column_that_they_need_are_told(
    year: Year, missing: str
) -> None:
    claims = replace(year, claims=year.claims.drop(missing))
    with pytest.raises(StreamError, match=missing):
        settle(POLICY, claims)
    with pytest.raises(DataError, match=f"D903: .*{missing}"):
        reconcile(POLICY, claims)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("people", "psn_no"),
        ("people", "psn_idet_type"),
        ("applications", "apply_date"),
        ("institutions", "fixmedins_code"),
    ],
)
def test_a_table_without_a_column_that_it_needs_is_told(
    year: Year, table: str, column: str
) -> None:
    without = replace(year, **{table: getattr(year, table).drop(column)})
    for done in (settle, reconcile):
        with pytest.raises(DataError, match=f"D903: .*{column}"):
            done(POLICY, without)
