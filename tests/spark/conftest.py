"""A cluster of several processes, and a sample year as one machine and as Spark has it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import DataFrame, SparkSession

    from jiugao.spark import Year

from jiugao.results.options import Files
from jiugao.sample.generate import Wanted, sample

ROOT = Path(__file__).parents[2]
POLICY = ROOT / "rules" / "liaocheng_2022"
TABLES = ("claims", "people", "applications", "institutions")
EXECUTORS = 2


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    from pyspark.sql import SparkSession  # noqa: PLC0415  not in every environment

    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master(f"local-cluster[{EXECUTORS},1,1024]")
        .config("spark.executorEnv.PYTHONPATH", str(ROOT / "python"))
        .config("spark.sql.shuffle.partitions", "3")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample year with errors, and one row that cannot be read."""
    out = tmp_path_factory.mktemp("spark") / "year"
    sample(POLICY, Wanted(people=1200, seed=5, errors=0.2), out)
    lines = (out / "claims.csv").read_text("utf-8").splitlines()
    bad = lines[7].split(",")
    bad[lines[0].split(",").index("inscp_scp_amt")] = "12.345"
    bad[lines[0].split(",").index("setl_id")] = "BAD"
    (out / "claims.csv").write_text("\n".join([*lines, ",".join(bad)]) + "\n", "utf-8")
    return out


@pytest.fixture(scope="session")
def files(folder: Path) -> Files:
    return Files(**{name: (str(folder / f"{name}.csv"),) for name in TABLES})


@pytest.fixture(scope="session")
def year(spark: SparkSession, folder: Path) -> Year:
    from jiugao.spark import Year  # noqa: PLC0415

    def read(name: str) -> DataFrame:
        return spark.read.option("header", True).csv(str(folder / f"{name}.csv"))

    return Year(*(read(name) for name in TABLES))
