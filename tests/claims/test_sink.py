"""Result files: the same bytes however the rows came; what breaks their writing is said."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jiugao.results.parquet import GROUP_ROWS, ParquetSink

ROWS = GROUP_ROWS * 2 + 4321
GROUPS = [GROUP_ROWS] * 2 + [4321]


@pytest.fixture(scope="module", name="rows")
def _rows() -> pa.Table:
    numbers = pa.arange(0, ROWS)
    words = pa.DictionaryArray.from_arrays(
        pa.array([n % 3 for n in range(ROWS)], pa.int32()), ["甲", "乙", "丙"]
    )
    names = numbers.cast(pa.string())
    # Long enough for a megabyte in fewer rows than a page has, where writers like to end one.
    notes = pa.array(["注" * 40 + str(n) if n % 7 else None for n in range(ROWS)])
    # Words of a dictionary that is as long as the rows: writers like to give such a one up.
    places = pa.array([f"{n:>040}" for n in range(ROWS)])
    columns = {"name": names, "number": numbers, "word": words, "note": notes}
    return pa.table({**columns, "place": places})


def written(rows: pa.Table, path: Path, size: int) -> bytes:
    """The file of batches of one size."""
    with ParquetSink(path, rows.schema, ["word", "place"]) as sink:
        for batch in rows.to_batches(size):
            sink.write(batch)
    assert sink.rows == len(rows)
    return path.read_bytes()


def test_bytes_depend_on_the_rows_alone(rows: pa.Table, tmp_path: Path) -> None:
    """Small batches, large ones, and all rows at once."""
    path = tmp_path / "rows.parquet"
    sizes = (777, 1 << 14, 20_001, 100_000, ROWS)
    files = [written(rows, path, size) for size in sizes]
    assert len(set(files)) == 1
    assert pq.read_table(path).equals(rows)
    found = pq.read_metadata(path)
    groups = [found.row_group(n).num_rows for n in range(found.num_row_groups)]
    assert groups == GROUPS


def test_words_in_another_order(rows: pa.Table, tmp_path: Path) -> None:
    """A batch with a dictionary of its own does not end the coding of the others."""
    path = tmp_path / "rows.parquet"
    some = rows.select(["word"]).slice(0, 3000).combine_chunks().to_batches()[0]
    other = pa.record_batch({"word": pa.array(["丙", "丁"] * 1500).dictionary_encode()})
    with ParquetSink(path, some.schema, ["word"]) as sink:
        for batch in (some, other.cast(some.schema), some):
            sink.write(batch)
    column = pq.read_metadata(path).row_group(0).column(0)
    assert column.total_uncompressed_size < len(rows.slice(0, 9000)["word"])
    words = pq.read_table(path)["word"].cast(pa.string()).to_pylist()
    assert words[:3] == ["甲", "乙", "丙"]
    assert words[2999:3002] == ["丙", "丙", "丁"]
    assert words[6000:6002] == ["甲", "乙"]


def test_no_rows(rows: pa.Table, tmp_path: Path) -> None:
    """The columns are there."""
    path = tmp_path / "rows.parquet"
    written(rows.slice(0, 0), path, 1)
    assert pq.read_table(path).equals(rows.slice(0, 0))


def test_a_full_disk_is_said(rows: pa.Table) -> None:
    """The thread that writes hands on what it met."""
    with pytest.raises(OSError, match="No space left"):
        written(rows, Path("/dev/full"), 1 << 14)
