"""People read a batch at a time into the run's database: the same as read at once."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from jiugao.claims.files import data_files
from jiugao.claims.people import People, Unnamed, joined_people, read_people
from jiugao.claims.persons import Links, forget_links
from jiugao.claims.rejects import Rejects

KNOWN = frozenset({"特困人员", "低保对象"})
HEADER = "psn_no,certno,psn_idet_type,begndate,enddate\n"


def read(folder: Path, rows: list[str]) -> tuple[People, Rejects]:
    """What is read of the rows, and what is rejected."""
    path = folder / "people.csv"
    path.write_text(HEADER + "".join(f"{r}\n" for r in rows), "utf-8")
    connection, rejects = duckdb.connect(), Rejects()
    forget_links(connection)
    files = data_files((str(path),))
    return read_people(files, KNOWN, rejects, connection, with_numbers=True), rejects


@pytest.fixture(params=[1 << 20, 1 << 9], ids=["at once", "in batches"], autouse=True)
def _blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jiugao.claims.reading.CSV_BLOCK", request.param)


def test_intervals_meet_across_batches(tmp_path: Path) -> None:
    """P05's overlapping intervals stand far apart; a broken line and others in between."""
    rows = [f"P{n:02},,特困人员,2021-01-01,2021-06-30" for n in range(60)]
    rows[30] = "P30,one too many,,,,,"
    rows[31] = "P31,,优抚对象,,"
    rows[32] = "P32,,低保对象,2021-05-02,2021-05-01"
    rows += ["P05,,特困人员,2021-06-01,", "P06,,特困人员,2021-07-01,", "P07,,老党员,,"]
    people, rejects = read(tmp_path, rows)
    assert people.read == len(rows)
    assert people.merged == 1
    assert people.barred.to_pylist() == ["P32"]
    assert people.unnamed == Unnamed(2, {"优抚对象": 1, "老党员": 1})
    assert rejects.by_table() == {"people": {"D960": 1, "D962": 1}}
    assert rejects.table()["row"].to_pylist() == [32, 34]
    assert len(people.numbers) == 59
    held = people.intervals.table()
    assert held["psn_no"].to_pylist() == sorted(held["psn_no"].to_pylist())
    assert people.intervals.rows == len(held) == 58
    mine = people.intervals.of(pa.array(["P05", "P06", "P99"])).to_pylist()
    days = [(r["psn_no"], str(r["begndate"]), str(r["enddate"])) for r in mine]
    assert days == [
        ("P05", "2021-01-01", "None"),
        ("P06", "2021-01-01", "2021-06-30"),
        ("P06", "2021-07-01", "None"),
    ]


def test_a_stream_goes_on_while_others_ask(tmp_path: Path) -> None:
    """Claims come out of the same database while intervals are read."""
    rows = [f"P{n:05},,低保对象,," for n in range(40_000)]
    people, _ = read(tmp_path, rows)
    stream = people.intervals.stream()
    first = stream.read_next_batch()
    assert people.intervals.of(pa.array(["P00007"])).num_rows == 1
    people.intervals.connection.execute("SELECT 1").fetchall()
    assert first.num_rows + sum(len(batch) for batch in stream) == len(rows)


@pytest.mark.parametrize("part", [1, 2, 1 << 18])
def test_numbers_are_joined_however_many_are_compared_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    monkeypatch.setattr("jiugao.claims.persons.PART_ROWS", part)
    rows = [f"P{n},card {n // 2:06},低保对象,2021-01-01," for n in range(8)]
    rows += [f"Q{n},,低保对象,," for n in range(3)]
    people, _ = read(tmp_path, rows)
    joined = Links(people.intervals.connection).join()
    assert (joined.persons, joined.numbers, joined.fillers) == (4, 8, 0)
    people, own = joined_people(people)
    assert people.merged == 4
    held = [r["psn_no"] for r in people.intervals.table().to_pylist()]
    assert held == ["P0", "P2", "P4", "P6", "Q0", "Q1", "Q2"]
    pairs = [(r["psn_no"], r["own_no"]) for r in own.table().to_pylist()]
    assert sorted(pairs)[:3] == [("P0", "P0"), ("P0", "P1"), ("P2", "P2")]
