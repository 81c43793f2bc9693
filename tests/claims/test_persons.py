"""Numbers that one certificate joins are one person, in everything that is worked out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jiugao.claims.persons import MOST_NUMBERS, PersonsBy
from jiugao.results.accounts import accounts
from jiugao.results.options import Files, Options
from jiugao.results.person import only
from jiugao.results.policy import load_policy
from jiugao.results.run import Outcome, run
from jiugao.results.verify import verify
from tests.claims.claim_files import POLICY, Year, row

CARD = "371521198001010014"
OLD_CARD = (
    "371521800101001"  # the same card before it had the century and a check digit
)


def claim(
    number: int, person: str, certificate: str = CARD, **more: str
) -> dict[str, str]:
    """3,000 yuan that nobody has paid, in the month of its number."""
    return row(
        setl_id=f"S{number}", psn_no=person, certno=certificate, setl_time=f"2023-{number:02d}-01 08:00:00",
        medfee_sumamt="3000.00", inscp_scp_amt="3000.00", hifp_pay="0.00", **more,
    )  # fmt: skip


@pytest.fixture
def second(year: Year) -> Year:
    """P1 is in class two: half of what is above 3,000 yuan a year."""
    year.people[0]["psn_idet_type"] = "低保边缘家庭成员"
    return year


def paid(year: Year, done: Outcome) -> dict[str, str]:
    """What each settlement is due; the counts of the run must balance."""
    assert done.tally.rows_balance
    assert done.tally.money_balances
    assert verify(done.folder) == []
    table = year.settlements()
    return dict(
        zip(
            table["setl_id"].to_pylist(),
            (str(a) for a in table["assistance"].to_pylist()),
            strict=True,
        )
    )


def numbers(year: Year) -> list[tuple[str, str]]:
    table = pq.read_table(year.folder / "out" / "persons.parquet")
    return [(r["psn_no"], r["own_no"]) for r in table.to_pylist()]


def test_two_numbers_are_one_person(second: Year) -> None:
    done = second.settle([claim(1, "P1"), claim(2, "P9"), claim(3, "P1")])
    assert paid(second, done) == {"S1": "0.00", "S2": "1500.00", "S3": "1500.00"}
    assert set(second.settlements()["psn_no"].to_pylist()) == {"P1"}
    assert numbers(second) == [("P1", "P1"), ("P1", "P9")]
    manifest = json.loads((done.folder / "manifest.json").read_text("utf-8"))
    assert manifest["persons"] == {"persons": 1, "numbers": 2, "fillers": 0}


def test_by_number_alone_they_are_two(second: Year) -> None:
    second.options = replace(second.options, persons=PersonsBy.NUMBER)
    done = second.settle([claim(1, "P1"), claim(2, "P9"), claim(3, "P1")])
    assert paid(second, done) == {"S1": "0.00", "S3": "1500.00", "S2": "0.00"}
    assert not (done.folder / "persons.parquet").exists()


@pytest.mark.parametrize(
    ("one", "other"),
    [(CARD, OLD_CARD), (CARD[:17] + "x", CARD[:17] + "X"), (CARD, f" {CARD} "), ("G 1234567", "g1234567")],
)  # fmt: skip
def test_one_certificate_written_in_two_ways(
    second: Year, one: str, other: str
) -> None:
    done = second.settle([claim(1, "P1", one), claim(2, "P9", other)])
    assert paid(second, done)["S2"] == "1500.00"


@pytest.mark.parametrize("filler", ["", "0", "000000000000000000", "无", "12345"])
def test_a_filler_is_nobodys_certificate(second: Year, filler: str) -> None:
    done = second.settle([claim(1, "P1", filler), claim(2, "P9", filler)])
    assert paid(second, done) == {"S1": "0.00", "S2": "0.00"}


def test_a_certificate_of_very_many_numbers_is_a_filler(second: Year) -> None:
    rows = [claim(n, f"P{n}", "123456789") for n in range(1, 10)]
    rows += [row(setl_id=f"T{n}", psn_no=f"Q{n}", certno="123456789") for n in range(MOST_NUMBERS)]  # fmt: skip
    done = second.settle(rows)
    assert set(paid(second, done).values()) == {"0.00"}
    assert (done.joined.persons, done.joined.fillers) == (0, 1)


def test_numbers_joined_through_a_third(second: Year) -> None:
    """P3 has one card with P1 and, after a change of card, another with P2."""
    rows = [
        claim(1, "P2", "G7654321"),
        claim(2, "P3", "G7654321"),
        claim(3, "P3"),
        claim(4, "P1"),
        claim(5, "P1", ""),
    ]
    done = second.settle(rows)
    assert paid(second, done) == {
        "S1": "0.00", "S2": "1500.00", "S3": "1500.00", "S4": "1500.00", "S5": "1500.00",
    }  # fmt: skip
    assert numbers(second) == [("P1", "P1"), ("P1", "P2"), ("P1", "P3")]


def test_an_identity_under_the_other_number(second: Year) -> None:
    """The people table alone says that P9 is P1; overlapping identities are merged."""
    second.people[0]["certno"] = CARD
    second.people.append({**second.people[0], "psn_no": "P9", "begndate": "2023-02-15"})
    second.people[0]["enddate"] = "2023-02-28"
    done = second.settle([claim(1, "P9", ""), claim(3, "P9", "")])
    assert paid(second, done) == {"S1": "0.00", "S3": "1500.00"}
    assert done.merged == 1


def test_an_identity_that_runs_backwards_bars_every_number(second: Year) -> None:
    second.people.append({**second.people[0], "psn_no": "P9", "enddate": "2019-01-01"})
    done = second.settle([claim(1, "P1"), claim(2, "P9"), claim(3, "P5", "G7777777")])
    assert list(paid(second, done)) == ["S3"]
    assert {(r["row"], r["code"], r["value"]) for r in second.rejects() if r["table"] == "claims"} == {
        ("2", "D961", "P1"), ("3", "D961", "P9"),
    }  # fmt: skip


def test_an_interval_that_runs_backwards_where_nobody_has_two_numbers(
    second: Year,
) -> None:
    second.people.append({**second.people[0], "psn_no": "P9", "enddate": "2019-01-01"})
    done = second.settle([claim(1, "P1"), claim(2, "P9", "G7777777")])
    assert list(paid(second, done)) == ["S1"]


def test_copies_of_one_settlement_under_two_numbers(second: Year) -> None:
    again = claim(2, "P9", updt_time="2023-06-01 08:00:00")
    done = second.settle(
        [claim(1, "P1"), claim(2, "P1", updt_time="2023-02-02 08:00:00"), again]
    )
    assert paid(second, done) == {"S1": "0.00", "S2": "1500.00"}
    assert done.tally.duplicates == 1


def test_a_reversal_under_the_other_number(second: Year) -> None:
    undone = {**claim(3, "P9", init_setl_id="S1"), "medfee_sumamt": "-3000.00", "inscp_scp_amt": "-3000.00"}  # fmt: skip
    done = second.settle([claim(1, "P1"), claim(2, "P1"), undone])
    assert done.tally.roles == {"settled": 1, "reversed": 1, "reversal": 1}
    assert paid(second, done) == {"S1": "0.00", "S2": "1500.00", "S3": "-1500.00"}


def parquet(year: Year, rows: list[dict[str, str]]) -> Path:
    path = year.folder / "claims.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


def test_parquet_in_order(second: Year) -> None:
    """Streamed as it stands while nobody has two numbers; else put in order first."""
    rows = [claim(1, "P1"), claim(3, "P1"), claim(2, "P9", "G7777777")]
    done = second.settle(claims=parquet(second, rows))
    assert done.sorted_already
    assert paid(second, done) == {"S1": "0.00", "S3": "1500.00", "S2": "0.00"}
    rows[2]["certno"] = CARD
    done = second.settle(claims=parquet(second, rows))
    assert not done.sorted_already
    assert paid(second, done) == {"S1": "0.00", "S2": "1500.00", "S3": "1500.00"}


def test_applications_under_two_numbers(year: Year) -> None:
    """One application a year, whatever the number; its window takes in both numbers."""
    asked = [
        {"psn_no": n, "apply_date": d, "psn_idet_type": "因病致贫重病患者"}
        for n, d in (("P9", "2023-06-10"), ("P1", "2023-09-10"))
    ]
    year.people = []
    claims = year.write(
        "claims.csv",
        [row(setl_id="S1", certno=CARD), row(setl_id="S2", psn_no="P9", certno=CARD, setl_time="2023-07-01 08:00:00")],
    )  # fmt: skip
    files = Files((str(claims),), applications=(str(year.write("asked.csv", asked)),))
    run(POLICY, files, year.folder / "out", replace(year.options, close_year=True))
    years = pq.read_table(year.folder / "out" / "years.parquet").to_pylist()
    window = [r for r in years if r["application"] is not None]
    # 6,000 and 6,000 yuan of the window less 10,000, at 60 %.
    assert [(r["psn_no"], str(r["assistance.limit_used"])) for r in window] == [
        ("P1", "1200.00")
    ]


@pytest.mark.parametrize("person", ["P1", "P9"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_explain_finds_the_person_by_every_number(
    second: Year, person: str, encoding: str
) -> None:
    rows = [claim(1, "P1"), claim(2, "P9"), claim(3, "P5", "G7777777", dise_no="甲")]
    claims = second.write("claims.csv", rows, encoding)
    people = second.write("people.csv", second.people, encoding)
    files = Files((str(claims),), (str(people),))
    policy = load_policy(POLICY, {})
    (work := second.folder / "work").mkdir()
    told = accounts(policy, files, Options(), work, person=person)
    assert [a.settlement for a in told.claims] == ["S1", "S2"]
    (work := second.folder / "more").mkdir()
    one = accounts(policy, files, Options(), work, settlement="S2")
    assert [a.person for a in one.claims] == ["P1"]


SPELLINGS = [
    (CARD, OLD_CARD),
    (CARD, " 3715 2119 8001 0100 14\t"),
    (OLD_CARD, "371521 800101 001"),
    (CARD[:17] + "X", CARD[:17] + "x"),
    ("g 777\n7777", "G7777777"),
    (CARD[:17], CARD),
]


@pytest.mark.parametrize(("written", "other"), SPELLINGS)
@pytest.mark.parametrize("turned", [False, True])
def test_explain_finds_every_spelling_of_a_certificate(
    second: Year, written: str, other: str, *, turned: bool
) -> None:
    first, then = (other, written) if turned else (written, other)
    rows = [claim(1, "P1", first), claim(2, "P9", then), claim(3, "P5", "G7777778")]
    table = pa.Table.from_pylist(rows)
    pq.write_table(table, second.folder / "claims.parquet")
    people = second.write("people.csv", second.people)
    files = Files((str(second.folder / "claims.parquet"),), (str(people),))
    (work := second.folder / "work").mkdir()
    policy = load_policy(POLICY, {})
    told = accounts(policy, files, Options(), work, settlement="S1")
    assert [a.person for a in told.claims] == ["P1"]
    assert len(only(files, "P1", PersonsBy.CERTIFICATE, second.folder).claims) == 1
    found = pq.read_table(second.folder / "claims-1.parquet")
    assert found["setl_id"].to_pylist() == ["S1", "S2"]
