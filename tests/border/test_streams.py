"""Whoever makes the stream, however it is cut, on however many threads: the same fen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pytest

from jiugao.engine import Program, ProgramError, StreamError
from tests.border.ground import PAID, claims, fen, program, run, year

CLOSED = {"close_year": True}


def plain(table: pa.Table) -> pa.Table:
    """Without the chunks and dictionaries, which follow the batches."""
    columns = {
        name: column.cast(column.type.value_type)
        if pa.types.is_dictionary(column.type)
        else column
        for name, column in zip(table.column_names, table.columns, strict=True)
    }
    return pa.table(columns).combine_chunks()


@pytest.fixture(scope="module")
def tables() -> tuple[pa.Table, pa.Table, pa.Table]:
    return year(persons=3000, seed=7)


@pytest.fixture(scope="module")
def expected(
    tables: tuple[pa.Table, pa.Table, pa.Table],
) -> tuple[pa.Table, pa.Table, Any]:
    settlement = run(tables[0], people=tables[1], applications=tables[2], **CLOSED)
    settled = plain(settlement.table())
    return settled, plain(settlement.years().table()), settlement.totals()


def test_the_year_has_something_of_everything(
    expected: tuple[pa.Table, pa.Table, Any],
) -> None:
    settled, years, totals = expected
    roles = set(settled["role"].to_pylist())
    assert roles == {"settled", "reversed", "reversal", "rejected"}
    assert any(years["application"].to_pylist())
    assert totals["aid"] == sum(fen(settled)) > 0
    assert totals["rows"] == len(settled)
    assert totals["rows"] == sum(totals[role] for role in roles)


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("batch", [1, 7, 1000, 9000, 10**6])
def test_batches_and_threads_change_nothing(
    tables: tuple[pa.Table, pa.Table, pa.Table],
    expected: tuple[pa.Table, pa.Table, Any],
    batch: int,
    threads: int,
) -> None:
    table = tables[0]
    reader = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(batch))
    settlement = run(
        reader, people=tables[1], applications=tables[2], threads=threads, **CLOSED
    )
    settled, years, totals = expected
    assert plain(settlement.table()).equals(settled)
    assert plain(settlement.years().table()).equals(years)
    assert settlement.totals() == totals


def test_years_may_be_taken_as_they_come(
    tables: tuple[pa.Table, pa.Table, pa.Table],
    expected: tuple[pa.Table, pa.Table, Any],
) -> None:
    table = tables[0]
    reader = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(9000))
    settlement = run(reader, people=tables[1], applications=tables[2], **CLOSED)
    parts = [settlement.years().table() for _ in settlement]
    assert len(parts) > 1
    assert plain(pa.concat_tables([*parts, settlement.years().table()])).equals(
        expected[1]
    )


def test_a_polars_frame_comes_in_and_goes_out(
    tables: tuple[pa.Table, pa.Table, pa.Table],
    expected: tuple[pa.Table, pa.Table, Any],
) -> None:
    frames = [pl.from_arrow(table) for table in tables]
    settlement = run(
        frames[0],
        people=frames[1],
        applications=frames[2],
        threads=2,
        wide=True,
        **CLOSED,
    )
    frame = pl.DataFrame(settlement)
    assert [int(v.scaleb(2)) for v in frame["aid"].to_list()] == fen(expected[0])
    years = pl.DataFrame(settlement.years())
    paid = [int(v.scaleb(2)) for v in years["aid.limit_used"].to_list()]
    assert paid == fen(expected[1], "aid.limit_used")


def test_duckdb_comes_in_and_goes_out(
    tables: tuple[pa.Table, pa.Table, pa.Table],
    expected: tuple[pa.Table, pa.Table, Any],
) -> None:
    # A connection has one open result at a time, so each stream has its own.
    ways = [duckdb.connect() for _ in range(4)]
    streams = []
    for way, table in zip(ways, tables, strict=False):
        way.register("given", table)
        streams.append(way.sql("from given"))
    ordered = streams[0].order("psn_no, setl_time, setl_id")
    settlement = run(ordered, people=streams[1], applications=streams[2], **CLOSED)
    ways[3].register("settled", pa.RecordBatchReader.from_stream(settlement))
    total = ways[3].sql("select sum(aid) from settled").fetchall()
    for way in ways:
        way.close()
    assert int(total[0][0].scaleb(2)) == sum(fen(expected[0]))


def test_a_stream_is_read_once() -> None:
    settlement = run(claims())
    assert fen(settlement.table()) == PAID
    with pytest.raises(StreamError) as refused:
        settlement.table()
    assert refused.value.code == "D939"


@pytest.mark.parametrize("given", [None, 3, [{"psn_no": 1}], "claims.csv"])
def test_what_is_no_stream_is_refused(given: object) -> None:
    with pytest.raises(StreamError) as refused:
        run(given)
    assert refused.value.code == "D936"


@pytest.mark.parametrize("threads", [1, 2])
def test_a_stream_that_breaks_off_says_why(threads: int) -> None:
    table = claims()

    def batches() -> Iterator[pa.RecordBatch]:
        yield from table.to_batches()
        raise ValueError("the cable is out")

    reader = pa.RecordBatchReader.from_batches(table.schema, batches())
    with pytest.raises(StreamError) as refused:
        run(reader, threads=threads).table()
    assert refused.value.code == "D938"
    assert "the cable is out" in refused.value.diagnostic.cause("zh")


@pytest.mark.parametrize("threads", [1, 3])
def test_a_reader_may_stop_anywhere(
    tables: tuple[pa.Table, pa.Table, pa.Table], threads: int
) -> None:
    table = tables[0]
    reader = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(9000))
    for batch in run(reader, threads=threads):
        assert batch.num_rows > 0
        break


def test_nothing_is_told_before_something_is_read() -> None:
    settlement = run(claims())
    for told in (
        settlement.totals,
        settlement.years,
        settlement.accumulated,
        settlement.opened_without_claims,
        settlement.unnamed_identities,
    ):
        with pytest.raises(StreamError) as refused:
            told()
        assert refused.value.code == "D813"
    rows = settlement.table().num_rows
    assert settlement.totals()["rows"] == rows > 0


def test_no_rows_are_no_rows() -> None:
    settlement = run(claims().slice(0, 0))
    assert settlement.table().num_rows == 0
    assert settlement.years().table().num_rows == 0
    assert settlement.totals()["rows"] == 0


@pytest.mark.parametrize("damage", [b"", b"JIUGAO-RULESC 1\n", b"x" * 100])
def test_bytes_that_are_no_program_are_refused(damage: bytes) -> None:
    with pytest.raises(ProgramError) as refused:
        Program.load(damage)
    assert refused.value.code.startswith("P8")
    assert refused.value.diagnostic.cause("zh")


def test_a_program_says_what_it_is() -> None:
    assert program().benefits == ("aid",)
    assert program().day_column == "setl_time"
    assert len(program().digest) == 64
