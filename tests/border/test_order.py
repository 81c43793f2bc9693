"""Rows out of order, persons apart, settlements twice: refused with the row."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from jiugao.compile import compile_policy
from jiugao.engine import Program, StreamError, Tables, settle
from tests.border.ground import RULES, claims, fen, run


def days(*days: int) -> pa.Array:
    return pa.array([dt.date(2023, 1, day) for day in days])


def refusal(table: pa.Table) -> tuple[str, int | None]:
    with pytest.raises(StreamError) as refused:
        run(table).table()
    return refused.value.code, refused.value.row


def many(persons: list[int], **columns: object) -> pa.Table:
    rows = len(persons)
    return pa.table(
        {
            "psn_no": pa.array(persons, pa.int64()),
            "setl_time": days(*[1] * rows),
            "med_type": ["21"] * rows,
            "medfee_sumamt": pa.array([100] * rows, pa.int64()),
            "inscp_scp_amt": pa.array([100] * rows, pa.int64()),
            **columns,
        }
    )


def test_time_may_fall_from_person_to_person_only() -> None:
    assert fen(run(claims(setl_time=days(5, 6, 1))).table())[0] == 700_000
    assert refusal(claims(setl_time=days(5, 4, 9))) == ("D931", 2)


@pytest.mark.parametrize("at", [1, 63, 64, 65, 128, 129, 198])
@pytest.mark.parametrize("bad", [None, 7])
def test_a_day_that_falls_among_many_numbered_persons_is_found(
    at: int, bad: int | None
) -> None:
    """Rows in threes of a person, and one bad row, which has no place in the order."""
    rows = 201
    persons = [1000 + row // 3 for row in range(rows)]
    amounts = [None if row == bad else 100 for row in range(rows)]
    fall = at - at % 3 + 1  # the second row of its person
    rising = [2 + row % 3 for row in range(rows)]
    falling = [*rising[:fall], 1, *rising[fall + 1 :]]
    apart = [*rising[: fall - 1], 25, 26, 27, *rising[fall + 2 :]]
    for numbered, refused in ((rising, False), (apart, False), (falling, True)):
        table = many(
            persons,
            setl_time=days(*numbered),
            medfee_sumamt=pa.array(amounts, pa.int64()),
        )
        if refused:
            assert refusal(table) == ("D931", fall + 1)
        else:
            assert len(run(table).table()) == rows


def test_the_full_time_counts_where_there_is_one() -> None:
    times = ["2023-01-01 10:00:00", "2023-01-01 09:59:59", "2023-01-01"]
    assert refusal(claims(setl_time=times)) == ("D931", 2)


def test_at_one_time_settlements_rise_by_bytes() -> None:
    same = days(1, 1, 1)
    assert refusal(claims(setl_time=same, setl_id=["s2", "s1", "s3"])) == ("D931", 2)
    assert refusal(claims(setl_time=same, setl_id=["s1", "s1", "s3"])) == ("D937", 2)
    assert fen(run(claims(setl_time=same, setl_id=[10, 9, 1])).table())[0] == 700_000
    assert refusal(claims(setl_time=same, setl_id=[9, 10, 1])) == ("D931", 2)


def test_a_rejected_row_has_no_place_in_the_order() -> None:
    times = ["2023-01-05", "someday", "2023-01-06"]
    settled = run(claims(psn_no=["a", "a", "a"], setl_time=times)).table()
    assert settled["role"].to_pylist() == ["settled", "rejected", "settled"]


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_a_person_who_comes_again_is_refused(batch: int) -> None:
    table = many([1, 1, 2, 1])
    reader = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(batch))
    with pytest.raises(StreamError) as refused:
        run(reader).table()
    assert (refused.value.code, refused.value.row) == ("D932", 4)


def test_persons_in_any_order_are_fine_while_each_is_together() -> None:
    assert len(run(many([9, 9, 3, 5, 1, 7, 2])).table()) == 7


def test_a_person_far_away_is_still_found() -> None:
    assert refusal(many([*range(100_000), 0])) == ("D932", 100_001)
    # Nobody remembers each of a hundred thousand: it is refused, but not called a return.
    assert refusal(many([*range(100_000), 17])) == ("D930", 100_001)


@pytest.mark.parametrize("batch", [1, 1000, 1 << 16])
def test_numbers_without_zeros_in_front_are_in_order(batch: int) -> None:
    table = many(list(range(1, 30_000)))
    names = pa.array([f"p{n}" for n in range(1, 30_000)])
    table = table.set_column(0, "psn_no", names)
    reader = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(batch))
    assert len(run(reader).table()) == 29_999


def by_discharge(settled: pa.Array) -> pa.Table:
    """Claims of one person that end on one day, by a policy that goes by that day."""
    rules = RULES.replace("按 结算时间", "按 结束日期")
    assert rules != RULES
    program = Program.load(compile_policy(rules).program_bytes)
    ids = ["z", "b", "a"]
    table = claims(psn_no=["a"] * 3, setl_id=ids, setl_time=settled)
    table = table.append_column("enddate", days(3, 3, 3))
    return settle(program, Tables(table)).table()


def test_claims_of_one_day_of_another_date_go_by_the_time_of_settlement() -> None:
    assert by_discharge(days(3, 4, 5)).num_rows == 3
    with pytest.raises(StreamError) as refused:
        by_discharge(days(3, 5, 4))
    assert (refused.value.code, refused.value.row) == ("D931", 3)
