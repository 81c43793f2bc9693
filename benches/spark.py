"""`jiugao.spark` beside Spark's own window over the same rule, Parquet to Parquet.

`python benches/spark.py [--claims N ...] [--rounds R] [--masters M ...]` writes the section
"Spark" of RESULTS.md. It runs in an environment with pyspark, this project and a Java
runtime (`make spark` makes one). The workload's rows stand in files of whole persons in
order ("cut"), and in files of the same rows in any order ("any"). Contenders in turns:

- `window`: one named window of Spark SQL, as the DuckDB peer writes it;
- `jiugao`: `settle(...)`, which shuffles and sorts by person as the window does; again with
  `read_files=True`, where tasks read their files themselves; on `cut` files with that and
  `cut_by_person=True`, where nothing is shuffled.

All write setl_id and the two payments and remainder, and are compared row by row.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pyspark
from pyspark.sql import DataFrame, SparkSession

from jiugao.spark import Year, settle
from peers.figures import ASSISTANCE, REASSISTANCE
from report import table
from sections import SPARK, with_section
from workload import chunks

HERE = Path(__file__).parent
ROOT = HERE.parent
DATA = ROOT / "target" / "bench" / "spark"
RULES = ROOT / "rules" / "liaocheng_2022"
MASTERS = ("local[2]", "local-cluster[2,1,1024]")
FILES = 8
OUTPUTS = ("assistance", "reassistance", "psn_burden")
GOALS = {"cut": 1.0, "any": 1.2}  # times the window's time, by the form of the files
WAYS = (
    ("cut", {"cut_by_person": True, "read_files": True}),
    ("any", {}),
    ("any", {"read_files": True}),
)
HEADS = (
    "master, claims, files", "window, s", "jiugao, s", "least / least", "goal", "met",
)  # fmt: skip
Run = Callable[[], DataFrame]


def contract(claims: pa.Table, first: int) -> pa.Table:
    """The workload's columns under the names of the contract; amounts in fen."""
    number = pa.arange(first, first + len(claims))
    person = pc.utf8_lpad(claims["person"].cast(pa.string()), 9, "0")
    return pa.table({
        "psn_no": person,
        "setl_id": pc.utf8_lpad(number.cast(pa.string()), 10, "0"),
        "setl_time": claims["date"].cast(pa.timestamp("us")),
        "med_type": pa.repeat("21", len(claims)),
        "kind": claims["kind"],
        "medfee_sumamt": claims["in_scope"],
        "inscp_scp_amt": claims["in_scope"],
        "hifp_pay": claims["basic"],
        "hifmi_pay": claims["critical"],
    })  # fmt: skip


def write(size: int) -> Path:
    """Both forms of the workload, where they are not there."""
    folder = DATA / str(size)
    if (folder / "done").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    for form in GOALS:
        (folder / form).mkdir(parents=True)
    made = list(chunks(size))
    claims = pa.concat_tables([one.claims for one in made])
    whole = contract(claims, 0)
    asked = pa.concat_tables([one.applications for one in made])
    names = pc.utf8_lpad(asked["psn_no"].cast(pa.string()), 9, "0")
    asked = asked.set_column(0, "psn_no", names)
    pq.write_table(asked, folder / "applications.parquet")
    persons = claims["person"].to_numpy()
    starts = np.flatnonzero(np.diff(persons, prepend=persons[0] - 1))
    identity = claims["identity"].cast(pa.string()).take(starts)
    people = {
        "psn_no": whole["psn_no"].take(starts),
        "psn_idet_type": identity,
        "begndate": pa.nulls(len(starts), pa.date32()),
        "enddate": pa.nulls(len(starts), pa.date32()),
    }
    held = pa.table(people).filter(pc.is_valid(identity))
    pq.write_table(held, folder / "people.parquet")
    bounds = [int(starts[len(starts) * n // FILES]) for n in range(FILES)]
    order = np.random.default_rng(3).permutation(len(whole))
    for n, (start, end) in enumerate(
        zip(bounds, [*bounds[1:], len(whole)], strict=True)
    ):
        part = f"part-{n}.parquet"
        pq.write_table(whole.slice(start, end - start), folder / "cut" / part)
        pq.write_table(whole.take(order[start:end]), folder / "any" / part)
    (folder / "done").touch()
    return folder


def figure(of: dict[int, tuple[int, int, int]], at: int) -> str:
    """A class's figure as SQL."""
    return f"CASE kind WHEN 1 THEN {of[1][at]} WHEN 2 THEN {of[2][at]} ELSE {of[3][at]} END"


def due(running: str, of: dict[int, tuple[int, int, int]]) -> str:
    """What the year so far is due, rounded half up to the fen."""
    above = f"greatest({running} - {figure(of, 0)}, 0)"
    return f"least(({above} * {figure(of, 1)} + 50) DIV 100, {figure(of, 2)})"


WINDOW = f"""
WITH based AS (
  SELECT setl_id, psn_no, setl_time, kind, inscp_scp_amt - hifp_pay - hifmi_pay AS rest,
         sum(greatest(inscp_scp_amt - hifp_pay - hifmi_pay, 0)) OVER so_far AS s1
  FROM claims WINDOW so_far AS (PARTITION BY psn_no ORDER BY setl_time, setl_id
                                ROWS UNBOUNDED PRECEDING)
), first AS (SELECT *, {due("s1", ASSISTANCE)} AS d1 FROM based),
second AS (
  SELECT *, d1 - coalesce(lag(d1) OVER so_far, 0) AS a, s1 - d1 AS s2
  FROM first WINDOW so_far AS (PARTITION BY psn_no ORDER BY setl_time, setl_id)
), third AS (SELECT *, {due("s2", REASSISTANCE)} AS d2 FROM second),
paid AS (
  SELECT *, d2 - coalesce(lag(d2) OVER so_far, 0) AS r FROM third
  WINDOW so_far AS (PARTITION BY psn_no ORDER BY setl_time, setl_id)
)
SELECT setl_id, CAST(a * 0.01 AS DECIMAL(18, 2)) AS assistance,
       CAST(r * 0.01 AS DECIMAL(18, 2)) AS reassistance,
       CAST((rest - a - r) * 0.01 AS DECIMAL(18, 2)) AS psn_burden FROM paid
"""


def contenders(
    spark: SparkSession, folder: Path, form: str, how: dict[str, bool]
) -> dict[str, Run]:
    """Both, over one form of the files."""
    claims = spark.read.parquet(str(folder / form))
    people, applications = (
        spark.read.parquet(str(folder / f"{name}.parquet"))
        for name in ("people", "applications")
    )

    def window() -> DataFrame:
        claims.createOrReplaceTempView("claims")
        return spark.sql(WINDOW)

    def jiugao() -> DataFrame:
        year = Year(claims.drop("kind"), people, applications)
        wanted = ("setl_id", *OUTPUTS)
        return settle(RULES, year, columns=wanted, **how)

    return {"window": window, "jiugao": jiugao}


def timed(run: Run, out: Path) -> float:
    """Seconds of a run that writes Parquet."""
    shutil.rmtree(out, ignore_errors=True)
    start = time.perf_counter()
    run().write.parquet(str(out))
    return time.perf_counter() - start


def compare(one: Path, other: Path) -> None:
    """End where any row differs."""
    tables = [ds.dataset(path).to_table().sort_by("setl_id") for path in (one, other)]
    first, second = (t.select(["setl_id", *OUTPUTS]) for t in tables)
    if not first.cast(second.schema).equals(second) or not len(first):
        sys.exit(f"{one} and {other} differ")


def session(master: str) -> SparkSession:
    """A session as docs/spark.md advises: files are neither split nor joined."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    made = (
        SparkSession.builder.master(master)
        .config("spark.executorEnv.PYTHONPATH", str(ROOT / "python"))
        .config("spark.sql.shuffle.partitions", str(FILES))
        .config("spark.sql.files.maxPartitionBytes", str(1 << 30))
        .config("spark.sql.files.openCostInBytes", str(1 << 30))
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", str(1 << 16))
        .config("spark.driver.memory", "2g")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    made.sparkContext.setLogLevel("ERROR")
    return made


def measured(master: str, sizes: list[int], rounds: int) -> Iterator[tuple[str, ...]]:
    """A row of the table for every size and form of files."""
    spark = session(master)
    out = DATA / "out"
    for size in sizes:
        folder = write(size)
        for form, how in WAYS:
            runs = contenders(spark, folder, form, how)
            seconds: dict[str, list[float]] = {who: [] for who in runs}
            for _ in range(rounds + 1):  # the first warms up
                for who, run in runs.items():
                    seconds[who].append(timed(run, out / who))
            compare(*(out / who for who in runs))
            counted = {who: every[1:] for who, every in seconds.items()}
            least = {who: min(every) for who, every in counted.items()}
            ratio, most = least["jiugao"] / least["window"], GOALS[form]
            rows = ds.dataset(folder / form).count_rows()
            row = (
                f"{master}, {rows:,}, {', '.join((form, *how))}",
                *(shown(counted[who]) for who in ("window", "jiugao")),
                f"{ratio:.2f}", f"≤ {most}", "yes" if ratio <= most else "no",
            )  # fmt: skip
            print(row, flush=True)
            yield row
    spark.stop()
    shutil.rmtree(out, ignore_errors=True)


def shown(seconds: list[float]) -> str:
    """Median, least and most."""
    return f"{statistics.median(seconds):.1f} ({min(seconds):.1f}–{max(seconds):.1f})"


def section(rows: list[tuple[str, ...]], rounds: int) -> str:
    """The section of RESULTS.md."""
    load = os.getloadavg()[2]
    return "\n".join((
        SPARK,
        (
            f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, by `python benches/spark.py`: pyspark {pyspark.__version__}, pyarrow"
            f" {pa.__version__}, Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.0f} over the"
            "\nlast quarter of an hour.\n"
        ),
        (
            "`window` is one named window of Spark SQL over the workload's rule, `jiugao` is `settle` of the policy's `.rules`"
            " file; both read\nthe same Parquet files and write setl_id, two payments and the remainder as Parquet, in turns,"
            f" {rounds} rounds after one that warms up:\nmedian (least–most). All rows were compared. `cut`: {FILES} files of whole persons in"
            " order;\n`any`: the same rows in any order; behind it, what `settle` was asked for. Times include starting a task's Python.\n"
        ),
        table(HEADS, rows),
    ))  # fmt: skip


def main() -> None:
    """Measure; write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, nargs="*", default=[1_000_000, 5_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--masters", nargs="*", default=list(MASTERS))
    options = parser.parse_args()
    rows = [
        row
        for master in options.masters
        for row in measured(master, options.claims, options.rounds)
    ]
    results = HERE / "RESULTS.md"
    made = section(rows, options.rounds)
    results.write_text(with_section(results.read_text("utf-8"), made), "utf-8")
    print(made)


if __name__ == "__main__":
    main()
