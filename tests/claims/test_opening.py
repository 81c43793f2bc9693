"""A year that starts in the middle: opening balances from file to folder, and bad ones."""

from __future__ import annotations

import csv
import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from jiugao.engine import Counter
from jiugao.explain import as_json, as_text
from jiugao.reconcile.run import reconcile
from jiugao.results.accounts import accounts
from jiugao.results.options import Files
from jiugao.results.policy import load_policy
from jiugao.results.run import Outcome, run
from jiugao.results.totals import write_totals
from jiugao.results.verify import verify
from tests.claims.claim_files import POLICY, Year, row

if TYPE_CHECKING:
    from collections.abc import Sequence

JUNE = dt.date(2023, 6, 30)


def total(name: str, amount: str, person: str = "P1", **more: str) -> dict[str, str]:
    """A row of the table: so much of an accumulator in 2023."""
    return {
        "psn_no": person, "benefit_year": "2023", "accumulator": name, "amount": amount, "until": "2023-06-30", **more,
    }  # fmt: skip


# Class one, 70 % without a deductible and 30,000 a year: 40,000 paid 28,000.
HALF = [
    total("assistance.base", "40000.00"),
    total("assistance.paid", "28000.00"),
    total("reassistance.base", "12000.00"),
    total("reassistance.paid", "4900.00"),
    total("year.left.政策范围内", "7100.00"),
]


def bill(number: int, month: int, yuan: str, person: str = "P1") -> dict[str, str]:
    """A stay that nobody else has paid for."""
    return row(
        setl_id=f"S{number}", psn_no=person, setl_time=f"2023-{month:02d}-10 08:00:00",
        medfee_sumamt=yuan, inscp_scp_amt=yuan, hifp_pay="0.00",
    )  # fmt: skip


def settle(
    year: Year,
    claims: Sequence[dict[str, str]],
    opening: Sequence[dict[str, str]] | Path,
    **more: Any,
) -> Outcome:
    """Run claims with an opening table (rows, or a file that is there)."""
    table = opening if isinstance(opening, Path) else None
    if table is None:
        table = year.write("opening.csv", list(opening))  # type: ignore[arg-type]
    files = files_of(year, claims, table)
    return run(POLICY, files, year.folder / "out", replace(year.options, **more))


def files_of(year: Year, claims: Sequence[dict[str, str]], table: Path) -> Files:
    people = year.write("people.csv", year.people)
    path = year.write("claims.csv", list(claims))
    return Files((str(path),), (str(people),), opening=(str(table),))


def paid(year: Year, code: str = "assistance") -> dict[str, str]:
    rows = year.settlements().select(["setl_id", code]).to_pylist()
    return {r["setl_id"]: str(r[code]) for r in rows}


def manifest(done: Outcome) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((done.folder / "manifest.json").read_text())
    return found


def years(done: Outcome) -> list[dict[str, Any]]:
    return pq.read_table(done.folder / "years.parquet").to_pylist()


def test_what_was_paid_before_counts_in_the_limit(year: Year) -> None:
    done = settle(year, [bill(1, 7, "10000.00")], HALF)
    assert paid(year) == {
        "S1": "2000.00"
    }  # 7,000 at 70 %, but 2,000 are left of 30,000
    # 12,000 absorbed the deductible of 5,000 and 7,000 more; all 8,000 left of the bill count.
    assert paid(year, "reassistance") == {"S1": "5600.00"}
    told = manifest(done)["opening"]
    assert (told["read"], told["used"], told["rejected"]) == (5, 5, 0)
    assert told["paid"] == {"assistance": "28000.00", "reassistance": "4900.00"}
    (record,) = years(done)
    assert str(record["assistance.limit_used"]) == "30000.00"
    assert str(record["assistance"]) == "2000.00"
    assert verify(done.folder) == []


def test_a_deductible_absorbed_before_is_not_taken_again(year: Year) -> None:
    year.people[0]["psn_idet_type"] = "低保边缘家庭成员"  # above 3,000, half
    absorbed = [
        total("assistance.base", "3000.00"),
        total("year.left.政策范围内", "3000.00"),
    ]
    settle(year, [bill(1, 7, "1000.00")], absorbed)
    assert paid(year) == {"S1": "500.00"}
    settle(
        year,
        [bill(1, 7, "1000.00")],
        [total("assistance.base", "2400.00"), absorbed[1]],
    )
    assert paid(year) == {"S1": "200.00"}


def test_a_result_that_was_tampered_with_is_found(year: Year) -> None:
    done = settle(year, [bill(1, 7, "10000.00")], HALF)
    told = manifest(done)
    told["opening"]["paid"]["assistance"] = "27000.00"
    told["opening"]["rejected"] = 1
    (done.folder / "manifest.json").write_text(json.dumps(told), "utf-8")
    assert {found.code for found in verify(done.folder)} == {"D914", "D915"}


CLAIMS = [
    bill(1, 2, "16666.67"), bill(2, 5, "9000.33"), bill(3, 6, "12345.67"),
    bill(4, 7, "8000.01"), bill(5, 9, "20000.00"), bill(6, 11, "3.03"),
    bill(7, 3, "50000.00", "P2"), bill(8, 4, "1234.56", "P3"),
    bill(9, 8, "4321.99", "P3"), bill(10, 10, "777.77", "P4"),
]  # fmt: skip


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_year_cut_in_june_is_the_whole_year(year: Year, ending: str) -> None:
    one = year.people[0]
    year.people += [
        {**one, "psn_no": "P2"},
        {**one, "psn_no": "P3", "psn_idet_type": "低保边缘家庭成员"},
    ]
    claims = sorted(CLAIMS, key=lambda c: c["setl_id"])
    year.settle(claims)
    expected = {code: paid(year, code) for code in ("assistance", "reassistance")}
    everything = Files(
        (str(year.folder / "claims.csv"),), (str(year.folder / "people.csv"),)
    )
    table = year.folder / f"opening.{ending}"
    written = write_totals(POLICY, everything, JUNE, table, year.options)
    assert (written.persons, written.applicants) == (3, 0)
    assert written.rejects == {}
    late = [c for c in claims if c["setl_time"] > "2023-07"]
    closing = replace(year.options, close_year=True)
    closed = run(POLICY, everything, year.folder / "closed", closing)
    done = settle(year, late, table, close_year=True)
    for code, amounts in expected.items():
        assert paid(year, code) == {c["setl_id"]: amounts[c["setl_id"]] for c in late}
    # P2 has no claim after June, and its year goes on all the same.
    people = [record["psn_no"] for record in years(done)]
    assert sorted(people) == ["P1", "P2", "P3", "P4"]
    assert verify(done.folder) == []
    by_person = {y["psn_no"]: y for y in years(closed)}
    for record in years(done):
        for code in expected:
            for what in (f"{code}.year_end", f"{code}.limit_used"):
                assert record[what] == by_person[record["psn_no"]][what]


def test_a_claim_within_the_opening_balance_is_not_paid_twice(year: Year) -> None:
    settle(year, [bill(1, 6, "100.00"), bill(2, 7, "100.00")], HALF)
    assert list(paid(year)) == ["S2"]
    (reject,) = year.rejects()
    assert (reject["code"], reject["settlement"]) == ("D929", "S1")


BROKEN = [
    ({"psn_no": ""}, "D951", "psn_no"),
    ({"benefit_year": ""}, "D951", "benefit_year"),
    ({"benefit_year": "二〇二三"}, "D956", "benefit_year"),
    ({"benefit_year": "2022"}, "D998", "benefit_year"),
    ({"until": "2022-12-31"}, "D998", "until"),
    ({"until": "2023-05-31"}, "D998", "until"),
    ({"until": "2023-02-30"}, "D954", "until"),
    ({"accumulator": "assistance.total"}, "D995", "accumulator"),
    ({"accumulator": "三类.paid"}, "D995", "accumulator"),
    ({"accumulator": ""}, "D951", "accumulator"),
    ({"amount": ""}, "D951", "amount"),
    ({"amount": "1,000.00"}, "D952", "amount"),
    ({"amount": "1e3"}, "D952", "amount"),
    ({"amount": "1/2"}, "D952", "amount"),
    ({"amount": "99999999999999999999999999999999999999999"}, "D952", "amount"),
    ({"amount": "28000.001"}, "D953", "amount"),
    ({"amount": "-0.01"}, "D996", "amount"),
    ({"amount": "40000.01"}, "D999", "amount"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "code", "column"), BROKEN)
def test_a_broken_row_bars_its_person(
    year: Year, change: dict[str, str], code: str, column: str
) -> None:
    """Settled from nothing, what was paid would be paid again."""
    year.people.append({**year.people[0], "psn_no": "P2"})
    rows = [HALF[0], {**HALF[1], **change}, *HALF[2:]]
    others = [{**one, "psn_no": "P2"} for one in HALF]
    claims = [bill(1, 7, "10000.00"), bill(2, 7, "10000.00", "P2")]
    done = settle(year, claims, [*rows, *others])
    found = [r for r in year.rejects() if r["table"] == "opening"]
    assert (found[0]["code"], found[0]["column"]) in {
        (code, column),
        ("D970", "psn_no"),
    }
    first = next(r for r in found if r["code"] != "D970")
    assert (first["code"], first["column"]) == (code, column)
    told = manifest(done)["opening"]
    assert told["read"] == 10 == told["used"] + told["rejected"]
    assert verify(done.folder) == []
    assert paid(year)["S2"] == "2000.00"
    if change.get("psn_no") == "":  # nobody's row: P1 lacks a total that is paid from
        return
    assert "S1" not in paid(year)
    assert told["rejected"] == 5
    (claim,) = [r for r in year.rejects() if r["table"] == "claims"]
    assert (claim["code"], claim["settlement"]) == ("D970", "S1")


def test_a_total_told_twice_counts_for_nothing(year: Year) -> None:
    done = settle(year, [bill(1, 7, "100.00")], [*HALF, HALF[1]])
    codes = [r["code"] for r in year.rejects() if r["table"] == "opening"]
    assert sorted(codes) == ["D970"] * 4 + ["D997"] * 2
    assert manifest(done)["opening"]["used"] == 0


def test_what_is_needed_beside_a_total_must_be_told(year: Year) -> None:
    settle(year, [bill(1, 7, "100.00")], HALF[:4])
    (missing,) = [r for r in year.rejects() if r["code"] == "D999"]
    assert missing["value"] == "year.left.政策范围内"


def test_nobody_has_this_number(year: Year) -> None:
    rows = [*HALF, *({**one, "psn_no": "P-1"} for one in HALF)]
    done = settle(year, [bill(1, 7, "10000.00")], rows)
    found = year.rejects()
    assert {(r["code"], r["person"]) for r in found} == {("D950", "P-1")}
    assert len(found) == 5
    assert [record["psn_no"] for record in years(done)] == ["P1"]
    assert manifest(done)["opening"]["used"] == 5
    assert verify(done.folder) == []


def test_without_a_people_table_a_number_is_warned_of(year: Year) -> None:
    table = year.write("opening.csv", [{**one, "psn_no": "P-1"} for one in HALF])
    path = year.write("claims.csv", [bill(1, 7, "10000.00")])
    files = Files((str(path),), opening=(str(table),))
    done = run(POLICY, files, year.folder / "out", year.options)
    assert done.rejects == {}
    assert done.warnings == {"opening": {"D950": 5}}
    assert sorted(r["psn_no"] for r in years(done)) == ["P-1", "P1"]
    assert verify(done.folder) == []


def test_who_applied_needs_the_claims_themselves(year: Year) -> None:
    asked = year.write(
        "asked.csv",
        [
            {
                "psn_no": "P1",
                "apply_date": "2023-08-01",
                "psn_idet_type": "因病致贫重病患者",
            }
        ],
    )
    files = files_of(year, [bill(1, 7, "100.00")], year.write("opening.csv", HALF))
    files = replace(files, applications=(str(asked),))
    run(POLICY, files, year.folder / "out", year.options)
    assert {r["code"] for r in year.rejects() if r["table"] == "opening"} == {"D900"}
    assert {r["code"] for r in year.rejects() if r["table"] == "claims"} == {"D970"}
    everything = replace(files, opening=())
    written = write_totals(
        POLICY, everything, JUNE, year.folder / "t.csv", year.options
    )
    assert (written.rows, written.applicants) == (0, 1)


def undoing(number: int, month: int, yuan: str, person: str = "P1") -> dict[str, str]:
    """The reversal, by a settlement of its own, of `bill(number, …)`."""
    back = bill(number, month, f"-{yuan}", person)
    return {**back, "setl_id": f"R{number}", "init_setl_id": f"S{number}"}


def barred(year: Year) -> set[tuple[str, str, str, str]]:
    return {(r["table"], r["code"], r["person"], r["value"]) for r in year.rejects()}


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("with_original", [True, False])
def test_undoing_what_the_opening_holds_bars_the_person(
    year: Year, ending: str, *, with_original: bool
) -> None:
    """What the reversal takes back changes every later claim; no total tells how much."""
    year.people.append({**year.people[0], "psn_no": "P2"})
    first = {**bill(1, 3, "40000.00"), "init_setl_id": ""}
    others = [{**one, "psn_no": "P2"} for one in HALF]
    claims = [
        *([first] if with_original else []),
        undoing(1, 8, "40000.00"),
        {**bill(2, 9, "10000.00"), "init_setl_id": ""},
        {**bill(3, 7, "10000.00", "P2"), "init_setl_id": ""},
        undoing(3, 8, "10000.00", "P2"),
        {**bill(4, 9, "10000.00", "P2"), "init_setl_id": ""},
    ]
    path = year.write("claims.csv", claims)
    if ending == "parquet":
        whole = pacsv.read_csv(
            path,
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(claims[0], pa.string()),
                strings_can_be_null=True,
            ),
        )
        path = path.with_suffix(".parquet")
        pq.write_table(whole, path)
    people = year.write("people.csv", year.people)
    table = year.write("opening.csv", [*HALF, *others])
    files = Files((str(path),), (str(people),), opening=(str(table),))
    done = run(POLICY, files, year.folder / "out", year.options)
    # P2 undoes a claim of its own half year: nothing stands in the way of that.
    assert paid(year) == {"S3": "2000.00", "R3": "-2000.00", "S4": "2000.00"}
    assert ("opening", "D806", "P1", "R1") in barred(year)
    assert {
        (code, who) for table, code, who, _ in barred(year) if table == "claims"
    } == {("D970", "P1")}
    assert manifest(done)["opening"]["used"] == 5
    assert verify(done.folder) == []
    # The way out: all claims of P1, no opening balance for P1.
    if with_original:
        year.write("opening.csv", others)
        done = run(POLICY, files, year.folder / "out", year.options)
        assert done.rejects == {}
        assert paid(year)["S2"] == "7000.00"


def test_a_reversal_within_the_opening_bars_nobody(year: Year) -> None:
    done = settle(year, [undoing(1, 6, "40000.00"), bill(2, 9, "10000.00")], HALF)
    assert done.rejects == {"claims": {"D929": 1}}
    assert paid(year) == {"S2": "2000.00"}


def test_a_claim_and_its_reversal_within_the_opening_are_both_told_as_that(
    year: Year,
) -> None:
    rows = [bill(1, 3, "100.00"), undoing(1, 6, "100.00"), bill(2, 9, "10000.00")]
    done = settle(year, rows, HALF)
    assert done.rejects == {"claims": {"D929": 2}}
    assert paid(year) == {"S2": "2000.00"}


def test_numbers_of_one_person_have_one_opening_balance(year: Year) -> None:
    """What a person was paid under either number counts."""
    card = {"certno": "371521198001010014"}
    claims = [
        {**bill(1, 7, "10000.00"), **card},
        {**bill(2, 8, "1.00", "P2"), **card},
    ]
    parts = [
        total("assistance.base", "20000.00"), total("assistance.paid", "14000.00"),
        total("year.left.政策范围内", "6000.00"),
    ]  # fmt: skip
    both = [*parts, *({**one, "psn_no": "P2"} for one in parts)]
    done = settle(year, claims, both)
    assert paid(year) == {"S1": "2000.00", "S2": "0.00"}
    told = manifest(done)["opening"]
    assert (told["used"], told["paid"]["assistance"]) == (6, "28000.00")
    assert verify(done.folder) == []


def test_an_account_tells_what_the_year_begins_with(year: Year) -> None:
    files = files_of(year, [bill(1, 7, "10000.00")], year.write("opening.csv", HALF))
    policy = load_policy(POLICY, {})
    scratch = year.folder / "scratch"
    scratch.mkdir()
    told = accounts(policy, files, year.options, scratch, settlement="S1")
    text = as_text(told.claims[0], "zh")
    assert "期初余额 医疗救助已付" in text
    assert "28,000.00" in text
    assert "opening.csv 第 3 行" in text
    assert "年度累计从期初余额起算" in text
    english = as_text(told.claims[0], "en")
    assert "opening balance: 医疗救助, paid" in english
    assert "opening.csv, row 3" in english
    found = json.loads(as_json(told.claims[0]))["account"]["opening"]
    assert found[1] == {
        "accumulator": "assistance.paid", "benefit": "医疗救助", "kind": "paid",
        "amount": "28000.00", "file": "opening.csv", "row": 3, "carried": None,
    }  # fmt: skip


def test_a_reconciled_half_year_goes_on_from_the_other(year: Year) -> None:
    """Paid right at 2,000 and 5,600; without the opening balance 7,000 and nothing were due."""
    claim = {
        **bill(1, 7, "10000.00"),
        "maf_pay": "2000.00",
        "reassistance_pay": "5600.00",
    }
    files = files_of(year, [claim], year.write("opening.csv", HALF))
    done = reconcile(POLICY, files, year.folder / "right", year.options)
    assert pq.read_table(done.outcome.folder / "adjustments.parquet").num_rows == 0
    assert verify(done.outcome.folder) == []
    wrong = {**claim, "maf_pay": "7000.00", "reassistance_pay": "0.00"}
    year.write("claims.csv", [wrong])
    done = reconcile(POLICY, files, year.folder / "wrong", year.options)
    found = pq.read_table(done.outcome.folder / "adjustments.parquet").to_pylist()
    assert {(a["benefit"], str(a["difference"])) for a in found} == {
        ("assistance", "-5000.00"),
        ("reassistance", "5600.00"),
    }
    # The payer forgot the limit (or what had been paid under it), and the rest follows.
    assert "other" not in {a["cause"] for a in found}


def test_one_claim_at_a_time_goes_on_from_an_opening_balance() -> None:
    program = load_policy(POLICY, {}).program
    begun = [(2023, one["accumulator"], one["amount"]) for one in HALF]
    account = Counter(program).account([("特困人员", None, None)], (), begun)
    values = {"med_type": "21", "medfee_sumamt": 10_000_00, "inscp_scp_amt": 10_000_00}
    first = account.settle("2023-07-10", "S1", values)
    assert first.benefits == {"assistance": 2000_00, "reassistance": 5600_00}
    undone = account.settle("2023-07-11", "S2", values, undoes="S1")
    assert undone.benefits == {"assistance": -2000_00, "reassistance": -5600_00}


def test_totals_are_written_whole_or_not_at_all(year: Year) -> None:
    path = year.write("claims.csv", [bill(1, 2, "1.00"), bill(2, 3, "x")])
    people = year.write("people.csv", year.people)
    files = Files((str(path),), (str(people),))
    out = year.folder / "totals.csv"
    written = write_totals(POLICY, files, JUNE, out, year.options)
    assert written.rejects == {"claims": {"D952": 2}}
    with (year.folder / "totals.rejects.csv").open(encoding="utf-8-sig") as stream:
        assert {r["settlement"] for r in csv.DictReader(stream)} == {"S2"}
    names = {p.name for p in year.folder.iterdir() if p.name.startswith(".")}
    assert names == set()
