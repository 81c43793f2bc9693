"""Rows in order: in one sort or in ranges, within little memory, with many threads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from jiugao.claims.database import connect
from jiugao.claims.findings import DataError
from jiugao.claims.ordered import Ordered, Range
from jiugao.claims.stored import Stored
from tests.claims.claim_files import Year, row

NAMES = ["O'Brien", "''", "张三", "李四", "", "b", "B", "%_", "a\\b", "é"]
KEYS = ("psn_no", "setl_time", "setl_id")


@pytest.fixture
def shuffled() -> Ordered:
    """Few persons with many claims, many with one."""
    connection = duckdb.connect()
    names = ", ".join("'" + n.replace("'", "''") + "'" for n in NAMES)
    connection.execute(
        f"CREATE TABLE claims AS SELECT * FROM (SELECT CASE WHEN n % 2 = 0 THEN ([{names}])[1 + n % {len(NAMES)}]"
        " ELSE 'p' || n END AS psn_no, TIMESTAMP '2023-01-01' + INTERVAL (hash(n) % 9) DAY AS setl_time,"
        " 's' || n AS setl_id, n AS row FROM range(5000) t(n)) ORDER BY hash(setl_id)"
    )
    schema = pa.schema([
        ("psn_no", pa.string()),
        ("setl_time", pa.timestamp("us")),
        ("setl_id", pa.string()),
        ("row", pa.int64()),
    ])  # fmt: skip
    return Ordered(Stored(connection, "claims", schema), KEYS)


@pytest.mark.parametrize("most", [1, 7, 400, 2500, 4999, 5000, None])
def test_rows_are_in_order_in_however_many_ranges(
    shuffled: Ordered, most: int | None
) -> None:
    rows = pa.Table.from_batches(
        shuffled.batches(most), shuffled.table.schema
    ).to_pylist()
    assert len(rows) == 5000

    def key(row: dict[str, object]) -> tuple[object, ...]:
        return str(row["psn_no"]).encode(), row["setl_time"], row["setl_id"]

    assert rows == sorted(rows, key=key)
    assert sorted(row["row"] for row in rows) == list(range(5000))


def test_a_range_that_memory_does_not_sort_goes_on_in_halves(
    shuffled: Ordered, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DuckDB stops at once, or after some rows; in the stream its error is an OSError."""
    plain = list(shuffled.batches())
    sort, begun = Ordered._sorted, []

    def now_and_then(self: Ordered, part: Range) -> Iterator[pa.RecordBatch]:
        begun.append(part)
        time = len(begun)
        if time == 1:
            raise duckdb.OutOfMemoryException("Out of Memory Error")
        given = 0
        for batch in sort(self, part):
            for at in range(0, len(batch), 100):
                if given == {2: 3, 3: 1}.get(time):
                    raise OSError("Out of Memory Error")
                given += 1
                yield batch.slice(at, 100)

    monkeypatch.setattr(Ordered, "_sorted", now_and_then)
    rows = pa.Table.from_batches(shuffled.batches(), shuffled.table.schema)
    assert rows == pa.Table.from_batches(plain)
    assert len(begun) > 4
    assert any(part.done > 0 for part in begun)


@pytest.mark.parametrize(
    ("said", "told"),
    [("no room", OSError), ("Out of Memory Error", duckdb.OutOfMemoryException)],
)
def test_what_does_not_go_away_in_shorter_ranges_is_told(
    shuffled: Ordered,
    monkeypatch: pytest.MonkeyPatch,
    said: str,
    told: type[Exception],
) -> None:
    def never(_: Ordered, part: Range) -> Iterator[pa.RecordBatch]:
        raise OSError(f"{said}: {part}")

    monkeypatch.setattr(Ordered, "_sorted", never)
    with pytest.raises(told, match=said):
        list(shuffled.batches())


def test_a_table_without_rows_has_none(shuffled: Ordered) -> None:
    shuffled.table.connection.execute("DELETE FROM claims")
    assert list(shuffled.batches()) == []


def test_more_rows_than_memory_can_sort_at_once(tmp_path: Path) -> None:
    """Sorted at once these end in DuckDB's OutOfMemoryException (2.0)."""
    connection = duckdb.connect(str(tmp_path / "claims.duckdb"))
    spill = str(tmp_path / "spill")
    connection.execute(f"SET temp_directory = '{spill}'")
    texts = ", ".join(f"'text of column {i} ' || n AS c{i}" for i in range(8))
    connection.execute(
        "CREATE TABLE claims AS SELECT 'p' || hash(n) AS psn_no, TIMESTAMP '2023-01-01' AS setl_time,"
        f" 's' || n AS setl_id, {texts} FROM range(600000) t(n)"
    )
    connection.execute("SET memory_limit = '40MiB'")
    connection.execute("SET threads = 1")
    fields = [(f"c{i}", pa.string()) for i in range(8)]
    schema = pa.schema([
        ("psn_no", pa.string()),
        ("setl_time", pa.timestamp("us")),
        ("setl_id", pa.string()),
        *fields,
    ])  # fmt: skip
    rows, last = 0, ""
    for batch in Ordered(Stored(connection, "claims", schema), KEYS).batches():
        persons = batch.column(0).to_pylist()
        assert [last, *persons] == sorted([last, *persons])
        rows, last = rows + len(persons), persons[-1]
    assert rows == 600_000


@pytest.mark.parametrize(
    ("memory", "asked", "threads"),
    [("1GiB", 2, 2), ("1GiB", 32, 8), ("512MiB", 2, 2), ("256MiB", 4, 1)],
)
def test_threads_are_as_many_as_can_sort(
    tmp_path: Path, memory: str, asked: int, threads: int
) -> None:
    connection = connect(tmp_path, memory, asked)
    setting = "SELECT current_setting('threads')"
    assert connection.execute(setting).fetchall() == [(threads,)]


def test_too_little_memory_for_a_run_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(_: Ordered, part: Range) -> Iterator[pa.RecordBatch]:
        raise OSError(f"Out of Memory Error: failed to pin {part}")

    monkeypatch.setattr(Ordered, "_sorted", never)
    rows = [row(setl_id="S2", psn_no="P2"), row()]
    with pytest.raises(DataError, match=r"D926: .*failed to pin"):
        Year(tmp_path).settle(rows)
