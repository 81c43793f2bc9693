"""Result files: the same bytes however the rows came; what breaks their writing is said."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jiugao.results.parquet import GROUP_PIECES, PIECE_ROWS, ParquetSink

ROWS = PIECE_ROWS * GROUP_PIECES * 2 + 4321
GROUPS = [PIECE_ROWS * GROUP_PIECES] * 2 + [4321]


@pytest.fixture(scope="module", name="rows")
def _rows() -> pa.Table:
    numbers = pa.arange(0, ROWS)
    words = pa.DictionaryArray.from_arrays(
        pa.array([n % 3 for n in range(ROWS)], pa.int32()), ["甲", "乙", "丙"]
    )
    names = numbers.cast(pa.string())
    return pa.table({"name": names, "number": numbers, "word": words})


def written(rows: pa.Table, path: Path, size: int) -> bytes:
    """The file of batches of one size."""
    with ParquetSink(path, rows.schema, ["word"]) as sink:
        for batch in rows.to_batches(size):
            sink.write(batch)
    assert sink.rows == len(rows)
    return path.read_bytes()


def test_bytes_depend_on_the_rows_alone(rows: pa.Table, tmp_path: Path) -> None:
    """Small batches, large ones, and all rows at once."""
    path = tmp_path / "rows.parquet"
    files = [written(rows, path, size) for size in (777, 1 << 14, 100_000, ROWS)]
    assert len(set(files)) == 1
    assert pq.read_table(path).equals(rows)
    found = pq.read_metadata(path)
    groups = [found.row_group(n).num_rows for n in range(found.num_row_groups)]
    assert groups == GROUPS


def test_no_rows(rows: pa.Table, tmp_path: Path) -> None:
    """The columns are there."""
    path = tmp_path / "rows.parquet"
    written(rows.slice(0, 0), path, 1)
    assert pq.read_table(path).equals(rows.slice(0, 0))


def test_a_full_disk_is_said(rows: pa.Table) -> None:
    """The thread that writes hands on what it met."""
    with pytest.raises(OSError, match="No space left"):
        written(rows, Path("/dev/full"), 1 << 14)
