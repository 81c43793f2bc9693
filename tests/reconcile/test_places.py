"""A sample year of every policy that ships one: planted errors found, and nothing else."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from jiugao.cli.options import file_settings
from jiugao.reconcile.run import reconcile
from jiugao.results.options import Files, Options
from jiugao.results.verify import verify
from jiugao.sample.generate import Wanted, sample

RULES = Path(__file__).parents[2] / "rules"
PLACES = sorted(
    path.parent for path in RULES.glob("*/sample.toml") if path.parent.name != "liaocheng_2022"
)  # fmt: skip


def test_the_last_year_of_a_force_is_reconciled(tmp_path: Path) -> None:
    """What is settled after the force is rejected, so no mistake is planted there."""
    settings = {"病种来源": "对名录", "归垫口径": "至多垫付"}
    reconciled(RULES / "mengjin_2018", tmp_path, settings, 2020)


@pytest.mark.parametrize(
    "readings",
    [
        {"起付线口径": "分摊", "起算口径": "自发布日"},
        {"目录外比例口径": "全年", "民政救助口径": "给出比例"},
    ],
)
def test_parts_under_other_readings(readings: dict[str, str], tmp_path: Path) -> None:
    """Nothing is planted before the first claim counts, and no layer takes back."""
    reconciled(RULES / "xianning_2017", tmp_path, readings, None)


@pytest.mark.parametrize("place", PLACES, ids=lambda path: path.name)
def test_a_sample_year_is_reconciled(place: Path, tmp_path: Path) -> None:
    reconciled(place, tmp_path, {}, None)


def reconciled(
    place: Path, tmp_path: Path, more: Mapping[str, str], of: int | None
) -> None:
    """Every planted error is found with its cause, and nothing else."""
    given = place / "parameters.sample.toml"
    settings = {**(file_settings(given, "en") if given.exists() else {}), **more}
    year, out = tmp_path / "year", tmp_path / "out"
    sample(place, Wanted(6_000, 11, 0.2, year=of, settings=settings), year)
    names = ("claims", "people", "institutions", "applications")
    files = Files(*((str(year / f"{n}.csv"),) for n in names))
    done = reconcile(place, files, out, Options(settings=settings))
    assert done.outcome.tally.rows_balance
    assert done.outcome.tally.money_balances
    assert verify(out) == []
    with (year / "planted_errors.csv").open(encoding="utf-8", newline="") as stream:
        planted = {(r["setl_id"], r["benefit"]): r for r in csv.DictReader(stream)}
    found = {
        (r["setl_id"], r["benefit"]): r
        for r in pq.read_table(out / "adjustments.parquet").to_pylist()
    }
    assert len(planted) > 20
    assert set(found) == set(planted)
    # Which rows follow from an earlier one may be told in two ways that pay the same: what
    # must be right is the cause with which a person's differences begin.
    begun = {(r["psn_no"], r["cause"]) for r in planted.values()}
    told = {(r["psn_no"], r["cause"]) for r in found.values()}
    assert {c for c in begun ^ told if c[1] != "consequence"} == set()
