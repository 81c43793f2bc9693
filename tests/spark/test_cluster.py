"""The same year on one machine and on a cluster of several processes: the same fen."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest

pytest.importorskip("pyspark", reason="Spark is not installed here: run `make spark`")

from pyspark.sql import DataFrame, SparkSession

from jiugao.claims.persons import PersonsBy
from jiugao.reconcile.run import reconcile as reconcile_here
from jiugao.results.options import Files, Options
from jiugao.results.run import run
from jiugao.results.totals import write_totals
from jiugao.spark import Year, reconcile, settle, years
from jiugao.spark.cutting import cuts_of
from tests.spark.conftest import EXECUTORS, POLICY, TABLES

NUMBERS = Options(persons=PersonsBy.NUMBER)  # on a cluster a number is a person
pytestmark = pytest.mark.filterwarnings("ignore")  # Spark's own, about pandas


COLUMNS = "setl_id, psn_no, benefit_year, role, standing, assistance, reassistance, psn_burden, excess"
YEARS = 'psn_no, benefit_year, application, assistance, "assistance.year_end", reassistance, "reassistance.year_end"'


ADJUSTED = "SELECT setl_id, psn_no, benefit_year, benefit, payer, due, paid, difference, cause, root_setl_id FROM t ORDER BY ALL"
COUNTED = f"SELECT {COLUMNS} FROM t WHERE role NOT IN ('duplicate', 'rejected') ORDER BY setl_id"


def ask(sql: str, table: pa.Table) -> list[tuple[object, ...]]:
    """Rows of a query over the table `t`: words and amounts as they read."""
    with duckdb.connect() as connection:
        connection.register("t", table)
        return connection.sql(sql).fetchall()


def test_there_are_several_executors(spark: SparkSession) -> None:
    context = spark.sparkContext._jsc.sc()
    until = time.monotonic() + 120  # executors are processes, and come when they are up
    while context.getExecutorMemoryStatus().size() <= EXECUTORS:
        assert time.monotonic() < until
        time.sleep(0.5)


@pytest.mark.parametrize("partitions", [2, 5])
def test_settled_rows_are_those_of_one_machine(
    year: Year, files: Files, tmp_path: Path, partitions: int
) -> None:
    done = run(POLICY, files, tmp_path / "out", NUMBERS)
    here = pq.read_table(tmp_path / "out" / "settlements.parquet")
    there = settle(POLICY, year, partitions=partitions).toArrow()
    assert there.num_rows == done.tally.read
    kinds = there.group_by("role").aggregate([("setl_id", "count")]).to_pydict()
    counted = dict(zip(kinds["role"], kinds["setl_id_count"], strict=True))
    assert counted["duplicate"] == done.tally.duplicates > 0
    assert counted["rejected"] == done.tally.rejected == 1
    assert ask(COUNTED, there) == ask(f"SELECT {COLUMNS} FROM t ORDER BY setl_id", here)


def test_accounts_are_those_of_one_machine(
    year: Year, files: Files, tmp_path: Path
) -> None:
    run(POLICY, files, tmp_path / "out", replace(NUMBERS, close_year=True))
    here = pq.read_table(tmp_path / "out" / "years.parquet")
    there = years(POLICY, year).toArrow()
    asked = f"SELECT {YEARS} FROM t ORDER BY ALL"
    assert ask(asked, there) == ask(asked, here)


def test_differences_and_their_causes_are_those_of_one_machine(
    year: Year, files: Files, tmp_path: Path
) -> None:
    done = reconcile_here(POLICY, files, tmp_path / "out", NUMBERS)
    here = pq.read_table(tmp_path / "out" / "adjustments.parquet")
    there = reconcile(POLICY, year)
    told = there.adjustments.toArrow()
    assert told.num_rows == here.num_rows > 0
    assert ask(ADJUSTED, told) == ask(ADJUSTED, here)
    refused = there.rejects.toArrow().to_pylist()
    assert [(r["settlement"], r["code"]) for r in refused] == [("BAD", "D953")]
    manifests = there.manifests.toArrow()["_manifest"].to_pylist()
    read = duckdb.sql(
        "SELECT sum((m->'rows'->>'read')::BIGINT) FROM (SELECT unnest($m)::JSON AS m)",
        params={"m": manifests},
    ).fetchall()
    assert read == [(done.outcome.tally.read,)]


@dataclass(frozen=True)
class Half:
    """The second half of a year, that goes on from what the first came to."""

    files: Files
    year: Year


@pytest.fixture(scope="module")
def half(
    spark: SparkSession, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Half:
    """Cut on 30 June; one person's totals are told wrongly, and one is nobody's."""
    out = tmp_path_factory.mktemp("half")
    source = f"read_csv('{folder}/claims.csv', all_varchar = true)"
    for name, where in (("first", "< '2023-07-01'"), ("claims", ">= '2023-07-01'")):
        duckdb.sql(
            f"COPY (FROM {source} WHERE setl_time {where} AND setl_id <> 'BAD') TO '{out}/{name}.csv'"
        )
    known = {n: (str(folder / f"{n}.csv"),) for n in TABLES if n != "claims"}
    before = Files(claims=(str(out / "first.csv"),), **known)
    table = out / "opening.csv"
    write_totals(POLICY, before, dt.date(2023, 6, 30), table, NUMBERS)
    lines = table.read_text("utf-8").splitlines()
    for at in range(1, 200):
        lines[at] = lines[at].replace(",assistance.paid,", ",assistanse.paid,")
    lines.append("nobody,2023,assistance.base,9.00,2023-06-30,liaocheng_2022")
    table.write_text("\n".join(lines) + "\n", "utf-8")
    frames = {
        n: spark.read.option("header", True).csv(path)
        for n, path in {
            **{n: paths[0] for n, paths in known.items()},
            "claims": str(out / "claims.csv"),
            "opening": str(table),
        }.items()
    }
    files = Files(claims=(str(out / "claims.csv"),), opening=(str(table),), **known)
    return Half(files, Year(**frames))


REJECTED = "SELECT setl_id, reject FROM t WHERE role = 'rejected' ORDER BY ALL"


@pytest.mark.parametrize("partitions", [2, 5])
def test_a_year_that_goes_on_is_that_of_one_machine(
    half: Half, tmp_path: Path, partitions: int
) -> None:
    how = replace(NUMBERS, close_year=True)
    done = run(POLICY, half.files, tmp_path / "out", how)
    assert done.tally.begun is not None
    assert done.tally.begun.used > 100
    assert set(done.rejects["opening"]) == {"D950", "D970", "D995"}
    here = pq.read_table(tmp_path / "out" / "settlements.parquet")
    there = settle(POLICY, half.year, partitions=partitions).toArrow()
    asked = f"SELECT {COLUMNS} FROM t ORDER BY setl_id"
    assert ask(COUNTED, there) == ask(asked, here)
    assert there.num_rows == done.tally.read
    codes = {code for _, code in ask(REJECTED, there)}
    assert codes == set(done.rejects["claims"]) >= {"D970"}
    from_nothing = settle(POLICY, replace(half.year, opening=None)).toArrow()
    assert ask(COUNTED, from_nothing) != ask(COUNTED, there)
    accounts = pq.read_table(tmp_path / "out" / "years.parquet")
    told = years(POLICY, half.year, partitions=partitions).toArrow()
    asked = f"SELECT {YEARS} FROM t ORDER BY ALL"
    assert ask(asked, told) == ask(asked, accounts)


def test_a_year_that_goes_on_is_reconciled_as_on_one_machine(
    half: Half, tmp_path: Path
) -> None:
    reconcile_here(POLICY, half.files, tmp_path / "out", NUMBERS)
    here = pq.read_table(tmp_path / "out" / "adjustments.parquet")
    there = reconcile(POLICY, half.year).adjustments.toArrow()
    assert there.num_rows == here.num_rows > 0
    assert ask(ADJUSTED, there) == ask(ADJUSTED, here)


@pytest.fixture(scope="module")
def by_person(
    spark: SparkSession, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The claims in three files of whole persons, without the older copies."""
    out = tmp_path_factory.mktemp("按人 分")
    source = str(folder / "claims.csv")
    for part in range(3):
        duckdb.sql(
            f"COPY (SELECT * EXCLUDE copy FROM (SELECT *, row_number() OVER (PARTITION BY setl_id ORDER BY updt_time DESC) AS copy"
            f" FROM read_csv('{source}', all_varchar = true) WHERE hash(psn_no) % 3 = {part})"
            f" WHERE copy = 1 ORDER BY psn_no, setl_time, setl_id) TO '{out}/{part}.parquet'"
        )
    whole_files = str(128 << 20)  # one task a file: neither split nor joined
    spark.conf.set("spark.sql.files.maxPartitionBytes", whole_files)
    spark.conf.set("spark.sql.files.openCostInBytes", whole_files)
    return str(out)


def test_files_cut_by_person_are_not_shuffled(
    spark: SparkSession, year: Year, by_person: str
) -> None:
    cut = replace(year, claims=spark.read.parquet(by_person))
    frame = settle(POLICY, cut, cut_by_person=True)
    assert "hashpartitioning(psn_no" not in frame._jdf.queryExecution().toString()
    there, shuffled = frame.toArrow(), settle(POLICY, year).toArrow()
    assert ask(COUNTED, there) == ask(COUNTED, shuffled)


def test_tasks_read_their_files_themselves(
    spark: SparkSession, year: Year, by_person: str
) -> None:
    cut = replace(year, claims=spark.read.parquet(by_person))
    frame = settle(
        POLICY, cut, cut_by_person=True, read_files=True, passthrough=["med_type"]
    )
    assert "FileScan" not in frame._jdf.queryExecution().toString()
    there = frame.toArrow()
    shuffled = settle(POLICY, year, passthrough=["med_type"]).toArrow()
    assert there.schema == shuffled.schema
    asked = COUNTED.replace("SELECT ", "SELECT med_type, ")
    assert ask(asked, there) == ask(asked, shuffled)
    assert ask(REJECTED, there) == ask(REJECTED, shuffled) != []
    accounts = years(POLICY, cut, cut_by_person=True, read_files=True).toArrow()
    asked = f"SELECT {YEARS} FROM t ORDER BY ALL"
    assert ask(asked, accounts) == ask(asked, years(POLICY, year).toArrow())


@pytest.fixture(scope="module")
def scattered(
    spark: SparkSession, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> DataFrame:
    """All rows in any order in three files, every third in each; times as some write them."""
    out = tmp_path_factory.mktemp("scattered")
    written = "coalesce(strftime(try_cast(setl_time AS TIMESTAMP), '%Y/%-m/%-d %H:%M:%S'), setl_time)"
    for part in range(3):
        duckdb.sql(
            f"COPY (SELECT * EXCLUDE number REPLACE ({written} AS setl_time)"
            f" FROM (SELECT *, row_number() OVER () AS number FROM read_csv('{folder}/claims.csv', all_varchar = true))"
            f" WHERE number % 3 = {part} ORDER BY hash(setl_id)) TO '{out}/{part}.parquet'"
        )
    return spark.read.parquet(str(out))


@pytest.mark.parametrize("read_files", [False, True])
def test_rows_in_any_order_are_cut_and_sorted(
    year: Year,
    files: Files,
    scattered: DataFrame,
    tmp_path: Path,
    *,
    read_files: bool,
) -> None:
    any_order = replace(year, claims=scattered)
    there = settle(POLICY, any_order, read_files=read_files).toArrow()
    in_order = settle(POLICY, year).toArrow()
    assert ask(COUNTED, there) == ask(COUNTED, in_order)
    assert ask(REJECTED, there) == ask(REJECTED, in_order) != []
    assert there.num_rows == in_order.num_rows
    accounts = years(POLICY, any_order, read_files=read_files).toArrow()
    asked = f"SELECT {YEARS} FROM t ORDER BY ALL"
    assert ask(asked, accounts) == ask(asked, years(POLICY, year).toArrow())
    reconcile_here(POLICY, files, tmp_path / "out", NUMBERS)
    here = pq.read_table(tmp_path / "out" / "adjustments.parquet")
    told = reconcile(POLICY, any_order, read_files=read_files).adjustments.toArrow()
    assert ask(ADJUSTED, told) == ask(ADJUSTED, here) != []


def test_what_is_done_with_the_rows_of_files_is_not_lost(
    spark: SparkSession, year: Year, by_person: str
) -> None:
    claims = spark.read.parquet(by_person)
    fewer = settle(
        POLICY, replace(year, claims=claims.drop("updt_time")), read_files=True
    )
    assert fewer.count() == claims.count()
    for other in (
        claims.where("med_type = '11'"),
        claims.limit(5),
        claims.withColumn("hifp_pay", claims["hifp_pay"] * 2),
        claims.union(claims),
        year.claims,
    ):
        with pytest.raises(ValueError, match="read_files"):
            settle(POLICY, replace(year, claims=other), read_files=True)


@pytest.fixture(params=["UTC", "America/New_York", "Asia/Shanghai"])
def zone(spark: SparkSession, request: pytest.FixtureRequest) -> Iterator[str]:
    """The session's zone, which is to change nothing."""
    before = spark.conf.get("spark.sql.session.timeZone")
    spark.conf.set("spark.sql.session.timeZone", request.param)
    yield request.param
    spark.conf.set("spark.sql.session.timeZone", before)


@pytest.mark.usefixtures("zone")
def test_instants_are_told_by_chinas_clock(spark: SparkSession, tmp_path: Path) -> None:
    """Half past midnight of 1 January in China: still December in the other two zones."""
    told = "'2023-01-01 00:30:00+08:00'"
    rest = (
        "'P' psn_no, 'S' setl_id, '21' med_type, '1' fixmedins_lv, 9000000L medfee_sumamt,"
        " 9000000L inscp_scp_amt, 0L hifp_pay, 0L hifmi_pay, 0L maf_pay"
    )
    held = spark.sql(
        "SELECT 'P' psn_no, '特困人员' psn_idet_type, timestamp'2023-01-01 00:00:00+08:00' begndate,"
        " timestamp'2023-12-31 00:00:00+08:00' enddate"
    )
    for how in (
        told,
        f"timestamp{told}",
        f"date(left({told}, 10))",
        f"left({told}, 16)",
    ):
        year = Year(spark.sql(f"SELECT {how} setl_time, {rest}"), held)
        (row,) = settle(POLICY, year).toArrow().to_pylist()
        assert (row["role"], row["benefit_year"]) == ("settled", 2023), how
        paid = row["assistance"] + row["reassistance"]  # both are held against maf_pay
        assert paid > 0, how
        (due,) = reconcile(POLICY, year).adjustments.toArrow().to_pylist()
        assert (due["benefit_year"], due["due"]) == (2023, paid), how
        place = str(tmp_path / f"{len(how)}")
        for kind in ("INT96", "TIMESTAMP_MICROS"):
            spark.conf.set("spark.sql.parquet.outputTimestampType", kind)
            year.claims.write.mode("overwrite").parquet(place)
            files = replace(year, claims=spark.read.parquet(place))
            assert settle(POLICY, files, read_files=True).toArrow().to_pylist() == [row]


@pytest.mark.parametrize("told", ["2023-02-30 08:00", "2023-13-01", "昨天"])
def test_a_day_that_is_none_is_told_as_on_one_machine(
    year: Year, folder: Path, tmp_path: Path, told: str
) -> None:
    lines = (folder / "claims.csv").read_text("utf-8").splitlines()[:40]
    at = lines[0].split(",").index("setl_time")
    cells = lines[1].split(",")
    cells[at] = told
    lines[1] = ",".join(cells)
    path = tmp_path / "claims.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    known = {n: (str(folder / f"{n}.csv"),) for n in TABLES if n != "claims"}
    run(POLICY, Files(claims=(str(path),), **known), tmp_path / "out", NUMBERS)
    (here,) = ask(
        "SELECT settlement, code FROM t WHERE file LIKE '%claims.csv'",
        pc.read_csv(tmp_path / "out" / "rejects.csv"),
    )
    spark = year.claims.sparkSession
    claims = spark.read.option("header", True).csv(str(path))
    there = settle(POLICY, replace(year, claims=claims)).toArrow()
    assert ask(REJECTED, there) == [here]


def test_columns_that_are_asked_for_are_made_alone(year: Year) -> None:
    names = ["setl_id", "role", "assistance"]
    there = settle(POLICY, year, columns=names)
    assert there.columns == names
    whole = settle(POLICY, year).select(*names)
    assert there.sort(*names).collect() == whole.sort(*names).collect()


def test_few_claims_are_cut_into_few(spark: SparkSession, year: Year) -> None:
    at_once = spark.sparkContext.defaultParallelism
    most = int(spark.conf.get("spark.sql.shuffle.partitions") or 0)
    assert at_once < most
    assert cuts_of(year.claims, None) == at_once
    assert cuts_of(year.claims, 7) == 7
    huge = year.claims.crossJoin(year.claims)  # by the product of both their sizes
    assert cuts_of(huge, None) == most
    fewer = "spark.sql.adaptive.coalescePartitions.enabled"
    spark.conf.set(fewer, "false")
    try:
        assert cuts_of(year.claims, None) == most
    finally:
        spark.conf.unset(fewer)
