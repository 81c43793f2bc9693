"""Corrections settled before are never paid twice, nor forgotten when they prove wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from jiugao.reconcile.run import reconcile
from jiugao.results.options import Files, Options
from jiugao.results.verify import verify
from tests.claims.claim_files import POLICY, Year
from tests.reconcile.test_causes import paid

Found = list[tuple[str, str, str, str]]


@pytest.fixture
def year(tmp_path: Path) -> Year:
    return Year(tmp_path)


def held(
    year: Year, name: str, rows: list[dict[str, str]], *earlier: str
) -> tuple[Found, dict[str, object]]:
    """Reconcile into a folder of that name; (settlement, paid, difference, cause) of each."""
    claims = year.write(f"{name}.csv", rows)
    people = year.write("people.csv", year.people)
    before = tuple(str(year.folder / e / "adjustments.parquet") for e in earlier)
    files = Files((str(claims),), (str(people),), adjusted=before)
    done = reconcile(POLICY, files, year.folder / name, Options())
    assert done.summary.holds
    assert verify(year.folder / name) == []
    table = pq.read_table(year.folder / name / "adjustments.parquet").to_pylist()
    found = [
        (r["setl_id"], str(r["paid"]), str(r["difference"]), r["cause"]) for r in table
    ]
    manifest = json.loads((year.folder / name / "manifest.json").read_text("utf-8"))
    return found, manifest["reconciled"]["adjusted_unused"]


UNPAID = [paid(1, "03-01", "1000.00", "0.00"), paid(2, "04-01", "1000.00", "700.00")]
CORRECTED = [paid(1, "03-01", "1000.00", "700.00"), UNPAID[1]]
NOTHING = {"rows": 0, "amount": "0.00"}


@pytest.mark.parametrize("rows", [UNPAID, CORRECTED])
def test_settled_whether_the_export_has_it_or_not(
    year: Year, rows: list[dict[str, str]]
) -> None:
    first = held(year, "first", UNPAID)
    assert first == ([("S1", "0.00", "700.00", "missing_payment")], NOTHING)
    assert held(year, "again", rows, "first") == ([], NOTHING)


@pytest.mark.parametrize("in_export", ["0.00", "1000.00"])
def test_only_what_more_is_due_is_paid(year: Year, in_export: str) -> None:
    """First taken for class two (half of what is above 3,000), then found in class one."""
    year.people[0]["psn_idet_type"] = "低保边缘家庭成员"
    found, _ = held(year, "first", [paid(1, "03-01", "5000.00", "0.00")])
    assert found[0][:3] == ("S1", "0.00", "1000.00")
    year.people[0]["psn_idet_type"] = "低保对象"
    found, _ = held(year, "again", [paid(1, "03-01", "5000.00", in_export)], "first")
    assert [f[:3] for f in found] == [("S1", "1000.00", "2500.00")]


def test_two_corrections_of_one_row(year: Year) -> None:
    year.people[0]["psn_idet_type"] = "因病致贫重病患者"
    held(year, "first", UNPAID)
    year.people[0]["psn_idet_type"] = "特困人员"
    second, _ = held(year, "second", UNPAID, "first")
    assert second[0][:3] == ("S1", "0.00", "700.00")
    assert held(year, "third", UNPAID, "first", "second") == ([], NOTHING)
    assert held(year, "fourth", CORRECTED, "first", "second") == ([], NOTHING)


@pytest.mark.parametrize("rows", [UNPAID, CORRECTED])
def test_a_correction_that_proves_wrong_is_taken_back(
    year: Year, rows: list[dict[str, str]]
) -> None:
    """The person was not entitled on S1's day after all."""
    held(year, "first", UNPAID)
    year.people[0]["begndate"] = "2023-03-15"
    found, _ = held(year, "again", rows, "first")
    assert [(s, p, d) for s, p, d, _ in found] == [("S1", "700.00", "-700.00")]
    if rows is UNPAID:
        assert found[0][3] == "earlier_correction"


def test_what_this_year_does_not_have_is_told(year: Year) -> None:
    held(year, "first", UNPAID)
    found, unused = held(year, "again", UNPAID[1:], "first")
    assert found == []
    assert unused == {"rows": 1, "amount": "700.00"}


def test_an_amount_of_the_year(year: Year) -> None:
    """E27: what re-assistance still comes to at the year's end is settled once."""
    year.people = [
        {"psn_no": "P1", "psn_idet_type": i, "begndate": b, "enddate": e}
        for i, b, e in (("防止返贫监测帮扶对象", "2023-01-01", "2023-06-30"), ("低保对象", "2023-07-01", ""))
    ]  # fmt: skip
    rows = [
        paid(1, "03-01", "10000.00", "3500.00"),
        paid(2, "08-01", "10000.00", "7000.00", "2100.00"),
    ]
    found, _ = held(year, "first", rows)
    assert found == [("", "0.00", "1050.00", "year_end")]
    assert held(year, "again", rows, "first") == ([], NOTHING)
    year.people[1]["begndate"] = "2024-01-01"  # class two all the year, after all
    found, _ = held(year, "later", rows, "first")
    assert ("", "1050.00", "-1050.00", "earlier_correction") in found
