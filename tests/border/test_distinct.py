"""Whether names differ, in memory and on disk; only the columns that are wanted."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from jiugao.engine import Distinct, StreamError
from tests.border.ground import claims, program, run, year

MANY = 1_200_000  # more than are held in memory


@pytest.mark.parametrize("rows", [0, 1, 1000, MANY])
@pytest.mark.parametrize("twice", [False, True])
def test_a_name_that_comes_again_is_seen(
    tmp_path: Path, rows: int, *, twice: bool
) -> None:
    names = pa.array([f"S{n}" for n in range(rows)], pa.string())
    distinct = Distinct(tmp_path)
    for start in range(0, rows, 100_000):
        distinct.add(names.slice(start, 100_000))
    distinct.add(pa.array([None, None], pa.string()))
    if twice:
        distinct.add(names.slice(rows // 3, 1))
    assert any(tmp_path.iterdir()) == (rows == MANY)
    assert distinct.all_differ() is not (twice and rows > 0)
    with pytest.raises(StreamError) as refused:
        distinct.add(names)
    assert refused.value.code == "D939"


def test_only_the_columns_wanted_are_made() -> None:
    table, people, applications = year(persons=300, seed=3)
    given = {"people": people, "applications": applications}
    every = run(table, **given).table()
    for names in (["aid"], ["reject", "psn_no", "psn_burden"], every.column_names, []):
        settlement = run(table, **given, result_columns=names, threads=2)
        some = settlement.table()
        wanted = [name for name in every.column_names if name in names]
        assert some.column_names == wanted
        assert some.num_rows == every.num_rows
        assert some.equals(every.select(wanted))
        assert settlement.totals()["rejected"] > 0


def test_a_column_that_there_is_not_is_named() -> None:
    with pytest.raises(StreamError) as refused:
        run(claims(), result_columns=["aid", "aide"])
    assert refused.value.code == "D935"
    assert "aide" in refused.value.diagnostic.cause("zh")
    assert program().benefits == ("aid",)
