"""People who come in the order of the claims: read as these come, and nothing else differs."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from jiugao.engine import Settlement, StreamError
from tests.border.ground import run, year

PERSONS = 9000
ORDER = [("psn_no", "ascending"), ("begndate", "ascending")]


def in_pieces(table: pa.Table, rows: int) -> pa.RecordBatchReader:
    batches = table.combine_chunks().to_batches(max_chunksize=rows)
    return pa.RecordBatchReader.from_batches(table.schema, batches)


def told(settlement: Settlement) -> tuple[Any, ...]:
    rows = settlement.table().to_pylist()
    years = settlement.years().table().to_pylist()
    return rows, years, settlement.totals(), settlement.unnamed_identities()


def stranger(psn_no: str, identity: str) -> dict[str, Any]:
    return {"psn_no": psn_no, "psn_idet_type": identity}


@pytest.mark.parametrize(("threads", "rows"), [(1, 7), (1, 100_000), (3, 500)])
def test_the_same_comes_of_people_read_with_the_claims(threads: int, rows: int) -> None:
    claims, people, applications = year(PERSONS, 11)
    others = [
        stranger("a", "7131"),
        stranger("p000777x", "7131"),
        stranger("z", "别处的身份"),
        stranger("z", "7131"),
        stranger("z", "7131"),
        stranger("zz", "7131"),
    ]
    people = pa.concat_tables([people, pa.Table.from_pylist(others, people.schema)])
    beside = {"applications": applications, "threads": threads, "close_year": True}
    expected = told(run(claims, people=people, **beside))
    ordered = in_pieces(people.sort_by(ORDER), rows)
    found = told(
        run(in_pieces(claims, 3000), people=ordered, people_in_order=True, **beside)
    )
    assert found == expected
    assert len(claims) > 40_000
    assert found[2]["merged_intervals"] > 0
    assert found[3]["别处的身份"] > 0


def test_numbers_rise_otherwise_than_texts_and_are_not_followed() -> None:
    claims, people, _ = year(300, 5)
    number = pa.array([int(p[1:]) for p in claims["psn_no"].to_pylist()], pa.int64())
    claims = claims.set_column(0, "psn_no", number)
    texts = pa.array([str(int(p[1:])) for p in people["psn_no"].to_pylist()])
    people = people.set_column(0, "psn_no", texts).sort_by(ORDER)
    expected = told(run(claims, people=people))
    assert told(run(claims, people=people, people_in_order=True)) == expected


@pytest.mark.parametrize("rows", [5, 100_000])
def test_people_out_of_order_are_found_out(rows: int) -> None:
    claims, people, _ = year(PERSONS, 3)
    people = people.sort_by(ORDER)
    one = pa.Table.from_pylist([stranger("p000000", "7131")], people.schema)
    late = pa.concat_tables([people, one])
    settlement = run(claims, people=in_pieces(late, rows), people_in_order=True)
    with pytest.raises(StreamError) as error:
        settlement.table()
    assert error.value.diagnostic.code == "D919"


@pytest.mark.parametrize("threads", [1, 2])
def test_claims_out_of_order_are_found_out(threads: int) -> None:
    claims, people, _ = year(PERSONS, 3)
    first = claims.filter(pc.equal(claims["psn_no"], "p000000"))
    late = pa.concat_tables([claims.slice(len(first)), first])
    ordered = people.sort_by(ORDER)
    settlement = run(late, people=ordered, people_in_order=True, threads=threads)
    with pytest.raises(StreamError) as error:
        settlement.table()
    assert error.value.diagnostic.code == "D919"
