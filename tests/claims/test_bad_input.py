"""Every kind of bad input ends in an error with a way out or a reject with a row number."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jiugao.claims.files import data_files
from jiugao.claims.findings import DataError
from jiugao.claims.people import Unnamed, read_people
from jiugao.claims.persons import forget_links
from jiugao.claims.rejects import Rejects
from jiugao.claims.staging import Reversals
from jiugao.compile import compile_policy
from jiugao.engine import CoreError, ProgramError
from jiugao.results.options import Files, Options
from jiugao.results.run import Outcome, run
from jiugao.results.verify import verify
from tests.claims.claim_files import POLICY, Year, row


def refused(
    year: Year, rows: list[dict[str, str]] | None = None, claims: Path | None = None
) -> str:
    """The code with which the whole run is refused; nothing is left behind."""
    with pytest.raises((DataError, CoreError)) as caught:
        year.settle(rows, claims)
    assert not (year.folder / "out" / "manifest.json").exists()
    assert not (year.folder / "out" / "settlements.parquet").exists()
    diagnostic = caught.value.diagnostic
    assert diagnostic.cause("zh")
    assert diagnostic.way_out("en")
    return diagnostic.code


def rejected(year: Year, done: Outcome) -> list[tuple[str, str, str, str]]:
    """(row, column, code, value) of every reject; counts must balance."""
    assert done.tally.rows_balance
    return [(r["row"], r["column"], r["code"], r["value"]) for r in year.rejects()]


# --- files that cannot be used at all ---


def test_wrong_encoding(year: Year) -> None:
    path = year.write("claims.csv", [row(dise_no="café")], encoding="latin-1")
    assert refused(year, claims=path) == "D902"


def test_wrong_encoding_in_the_header(year: Year) -> None:
    path = year.write("claims.csv", [{**row(), "café": "x"}], encoding="latin-1")
    assert refused(year, claims=path) == "D902"


def test_utf_16(year: Year) -> None:
    path = year.write("claims.csv", [row()], encoding="utf-16")
    assert refused(year, claims=path) == "D902"


@pytest.mark.parametrize(
    "column",
    ["psn_no", "setl_id", "setl_time", "med_type", "medfee_sumamt", "inscp_scp_amt"],
)
def test_missing_column(year: Year, column: str) -> None:
    bare = row()
    del bare[column]
    assert refused(year, [bare]) == "D903"


def test_two_spellings_of_one_column(year: Year) -> None:
    assert refused(year, [row(inscp_amt="1.00")]) == "D910"


def test_empty_file(year: Year) -> None:
    path = year.folder / "claims.csv"
    path.write_bytes(b"")
    assert refused(year, claims=path) == "D905"
    path.write_bytes(b"\xef\xbb\xbf")
    assert refused(year, claims=path) == "D905"


def test_only_a_header_is_an_empty_year(year: Year) -> None:
    path = year.write("claims.csv", [row()])
    path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    done = year.settle(claims=path)
    assert done.tally.read == 0
    assert year.settlements().num_rows == 0


def test_no_such_file(year: Year) -> None:
    assert refused(year, claims=year.folder / "nowhere.csv") == "D901"


def test_unknown_ending(year: Year) -> None:
    path = year.folder / "claims.dbf"
    path.write_bytes(b"x")
    assert refused(year, claims=path) == "D909"


def test_float_amounts(year: Year) -> None:
    path = year.folder / "claims.parquet"
    columns = {k: pa.array([v]) for k, v in row().items()}
    columns["medfee_sumamt"] = pa.array([10000.0])
    pq.write_table(pa.table(columns), path)
    assert refused(year, claims=path) == "D904"


def test_whole_numbers_for_money(year: Year) -> None:
    path = year.folder / "claims.parquet"
    columns = {k: pa.array([v]) for k, v in row().items()}
    columns["medfee_sumamt"] = pa.array([True])
    pq.write_table(pa.table(columns), path)
    assert refused(year, claims=path) == "D908"


def test_damaged_parquet(year: Year) -> None:
    path = year.folder / "claims.parquet"
    pq.write_table(pa.table({k: pa.array([v]) for k, v in row().items()}), path)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    assert refused(year, claims=path) == "D906"


def test_empty_parquet(year: Year) -> None:
    path = year.folder / "claims.parquet"
    path.write_bytes(b"")
    assert refused(year, claims=path) == "D905"


# --- rows that do not count ---


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"medfee_sumamt": "10000.123"}, "medfee_sumamt", "D953"),
        ({"medfee_sumamt": "100.001"}, "medfee_sumamt", "D953"),
        ({"medfee_sumamt": "一万"}, "medfee_sumamt", "D952"),
        ({"medfee_sumamt": "1e4"}, "medfee_sumamt", "D952"),
        ({"medfee_sumamt": "10,000.00"}, "medfee_sumamt", "D952"),
        ({"medfee_sumamt": "NaN"}, "medfee_sumamt", "D952"),
        ({"medfee_sumamt": "99999999999999999999"}, "medfee_sumamt", "D952"),
        ({"medfee_sumamt": ""}, "medfee_sumamt", "D951"),
        ({"inscp_scp_amt": "  "}, "inscp_scp_amt", "D951"),
        ({"psn_no": ""}, "psn_no", "D951"),
        ({"setl_id": " "}, "setl_id", "D951"),
        ({"setl_time": ""}, "setl_time", "D951"),
        ({"setl_time": "2023-02-30"}, "setl_time", "D954"),
        ({"setl_time": "去年三月"}, "setl_time", "D954"),
        ({"setl_time": "2023-03-01 25:00:00"}, "setl_time", "D954"),
        ({"med_type": "777"}, "med_type", "D957"),
        ({"med_type": ""}, "med_type", "D951"),
        ({"hifp_pay": "-5.00"}, "hifp_pay", "D958"),
        ({"medfee_sumamt": "-10000.00"}, "medfee_sumamt", "D958"),
        ({"vali_flag": "0"}, "vali_flag", "D963"),
        ({"setl_time": "2021-05-01 08:00:00"}, "setl_time", "D966"),
        ({"setl_time": "2022-12-31 23:59:59"}, "setl_time", "D966"),
        ({"init_setl_id": "S9", "medfee_sumamt": "-1.00"}, "", "D967"),
    ],
)
def test_a_bad_row_is_a_reject_and_the_good_one_counts(
    year: Year, changes: dict[str, str], column: str, code: str
) -> None:
    if "init_setl_id" in changes:
        changes = {**changes, "inscp_scp_amt": "-1.00", "hifp_pay": "0"}
    bad = row(setl_id="S2", **{k: v for k, v in changes.items() if k != "setl_id"})
    bad.update(changes)
    done = year.settle([row(), bad])
    found = rejected(year, done)
    assert {(r[0], r[2]) for r in found} == {("3", code)}
    assert column in ("", found[0][1])
    assert done.tally.roles == {"settled": 1, "reversed": 0, "reversal": 0}
    assert done.tally.rejected == 1
    assert year.settlements()["setl_id"].to_pylist() == ["S1"]


def test_several_bad_cells_are_one_rejected_row(year: Year) -> None:
    done = year.settle([row(), row(setl_id="S2", medfee_sumamt="x", setl_time="y")])
    assert len(rejected(year, done)) == 2
    assert done.tally.rejected == 1


def test_rows_with_another_number_of_fields(year: Year) -> None:
    path = year.write("claims.csv", [row(), row(setl_id="S2"), row(setl_id="S3")])
    lines = path.read_text("utf-8").splitlines()
    lines.insert(2, "P1,S8,2023-03-01")
    lines.insert(3, lines[1].replace("S1", "S9") + ",more")
    lines.insert(5, "")
    lines.append("P1,S10,2023-03-01 08:00:00,21,x,1.00,0")
    path.write_text("\n".join(lines) + "\n\n", "utf-8")
    done = year.settle(claims=path)
    found = rejected(year, done)
    assert [(r[0], r[2]) for r in found] == [
        ("3", "D960"),
        ("4", "D960"),
        ("8", "D952"),
    ]
    assert done.tally.read == 6
    assert done.tally.roles["settled"] == 3


def test_copies_that_differ_are_all_rejected(year: Year) -> None:
    done = year.settle([row(), row(hifp_pay="4000.01"), row(setl_id="S2")])
    found = rejected(year, done)
    assert [(r[0], r[2]) for r in found] == [("2", "D959"), ("3", "D959")]
    assert year.settlements()["setl_id"].to_pylist() == ["S2"]
    assert [r["column"] for r in year.rejects()] == ["hifp_pay", "hifp_pay"]


def test_a_fund_that_only_one_export_has_differs_by_more_than_nothing(
    year: Year,
) -> None:
    people = year.write("people.csv", year.people)
    one = year.write("one.csv", [row(), row(setl_id="S2")])
    more = [row(hifes_pay="0.00"), row(setl_id="S2", hifes_pay="1.00")]
    files = Files((str(one), str(year.write("two.csv", more))), (str(people),))
    done = run(POLICY, files, year.folder / "out", Options())
    assert done.tally.duplicates == 1
    assert year.settlements()["setl_id"].to_pylist() == ["S1"]
    found = [(r["settlement"], r["column"], r["code"]) for r in year.rejects()]
    assert found == [("S2", "hifes_pay", "D959")] * 2


def test_a_flagged_settlement_without_its_reversal(year: Year) -> None:
    done = year.settle([row(refd_setl_flag="1"), row(setl_id="S2", refd_setl_flag="0")])
    assert [(r[0], r[2]) for r in rejected(year, done)] == [("2", "D965")]


def test_a_reversal_of_other_amounts(year: Year) -> None:
    undone = row(
        setl_id="S2", init_setl_id="S1", setl_time="2023-04-01", medfee_sumamt="-9999.00",
        inscp_scp_amt="-10000.00", hifp_pay="-4000.00",
    )  # fmt: skip
    done = year.settle([row(), undone])
    assert [(r[0], r[2]) for r in rejected(year, done)] == [("3", "D973")]
    assert done.tally.roles["settled"] == 1


def test_a_payment_that_its_payer_has_not_taken_back(year: Year) -> None:
    """What a fund paid is that fund's affair; the bill is undone all the same."""
    undone = row(
        setl_id="S2", init_setl_id="S1", setl_time="2023-04-01", medfee_sumamt="-10000.00",
        inscp_scp_amt="-10000.00", hifp_pay="-4000.00", oth_pay="0.00",
    )  # fmt: skip
    done = year.settle([row(oth_pay="300.00"), undone])
    assert rejected(year, done) == []
    assert done.tally.roles == {"settled": 0, "reversed": 1, "reversal": 1}
    assert done.tally.benefits["assistance"] == 0
    assert done.tally.other_funds["oth_pay"] == 300_00
    assert done.tally.not_taken_back["oth_pay"] == 300_00
    assert done.tally.money_balances
    assert verify(done.folder) == []


def test_two_reversals_of_one_settlement(year: Year) -> None:
    undone = row(
        setl_id="S2", init_setl_id="S1", setl_time="2023-04-01", medfee_sumamt="-10000.00",
        inscp_scp_amt="-10000.00", hifp_pay="-4000.00",
    )  # fmt: skip
    done = year.settle(
        [row(), undone, {**undone, "setl_id": "S3", "setl_time": "2023-05-01"}]
    )
    assert [(r[0], r[2]) for r in rejected(year, done)] == [("4", "D968")]


def test_a_reversal_before_its_original(year: Year) -> None:
    undone = row(
        setl_id="S2", init_setl_id="S1", setl_time="2023-02-01", medfee_sumamt="-10000.00",
        inscp_scp_amt="-10000.00", hifp_pay="-4000.00",
    )  # fmt: skip
    done = year.settle([row(), undone])
    assert [(r[0], r[2]) for r in rejected(year, done)] == [("3", "D969")]


@pytest.mark.parametrize("way", [Reversals.NEGATIVE, Reversals.FLAGS])
def test_a_mixture_of_conventions_is_refused(year: Year, way: Reversals) -> None:
    year.options = replace(year.options, reversals=way)
    amounts = {
        "medfee_sumamt": "10000.00",
        "inscp_scp_amt": "10000.00",
        "hifp_pay": "4000.00",
    }
    negative = {k: "-" + v for k, v in amounts.items()}
    undone = {"init_setl_id": "S1", "setl_time": "2023-04-01"}
    rows = [
        row(),
        row(setl_id="S2", **undone, **amounts),
        row(setl_id="S3", **undone, **negative),
    ]
    assert refused(year, rows) == "D907"


# --- people ---


def test_an_identity_that_runs_backwards_bars_the_person(year: Year) -> None:
    year.people.append(
        {
            "psn_no": "P2",
            "psn_idet_type": "低保对象",
            "begndate": "2023-05-01",
            "enddate": "2023-04-30",
        }
    )
    done = year.settle([row(), row(psn_no="P2", setl_id="S2")])
    found = year.rejects()
    assert {(r["table"], r["row"], r["code"]) for r in found} == {
        ("claims", "3", "D961"),
        ("people", "3", "D962"),
    }
    assert done.tally.rejected == 1
    assert year.settlements()["setl_id"].to_pylist() == ["S1"]


def held(identity: str, person: str = "P1") -> dict[str, str]:
    """A row of the people table, open at both ends."""
    return {
        "psn_no": person,
        "psn_idet_type": identity,
        "begndate": "",
        "enddate": "",
    }


def test_an_identity_code_that_no_list_has(year: Year) -> None:
    year.people.append(held("A07"))
    year.settle([row()])
    assert [(r["table"], r["row"], r["code"], r["value"]) for r in year.rejects()] == [
        ("people", "3", "D964", "A07")
    ]


def test_identities_of_other_schemes_are_counted_and_no_rejects(year: Year) -> None:
    year.people += [held("优抚对象"), held("优抚对象、低保对象", "P2"), held("老党员")]
    done = year.settle([row()])
    assert year.rejects() == []
    assert done.rejects == {}
    assert done.unnamed == Unnamed(3, {"优抚对象": 2, "老党员": 1})
    manifest = json.loads((done.folder / "manifest.json").read_text("utf-8"))
    assert manifest["people"] == {
        "read": 4,
        "later": 0,
        "merged": 0,
        "not_named": {"rows": 3, "kinds": {"优抚对象": 2, "老党员": 1}},
    }


def test_where_the_policy_lists_identities_the_list_is_all(tmp_path: Path) -> None:
    files = tmp_path / "people.csv"
    files.write_text(
        "psn_no,psn_idet_type,begndate,enddate\nP1,特困人员,,\nP2,优抚对象,,\nP3,01,,\n",
        "utf-8",
    )
    rejects = Rejects()
    connection = duckdb.connect()
    forget_links(connection)
    read = read_people(
        data_files((str(files),)),
        frozenset({"特困人员", "01"}),
        rejects,
        connection,
        listed=True,
    )
    assert rejects.by_table() == {"people": {"D964": 1}}
    assert rejects.table()["value"].to_pylist() == ["优抚对象"]
    assert read.intervals.table()["psn_no"].to_pylist() == ["P1", "P3"]
    assert read.unnamed.rows == 0


def test_overlapping_intervals_of_one_identity_are_merged(year: Year) -> None:
    year.people += [
        {
            "psn_no": "P1",
            "psn_idet_type": "特困人员",
            "begndate": "2023-02-01",
            "enddate": "2023-02-05",
        },
    ]
    done = year.settle([row()])
    assert done.merged == 1
    assert done.tally.benefits["assistance"] == 420000


def test_several_identities_in_one_cell(year: Year) -> None:
    year.people = [
        {
            "psn_no": "P1",
            "psn_idet_type": "低保边缘家庭成员,低保对象",
            "begndate": "2023-01-01",
            "enddate": "",
        }
    ]
    assert year.settle([row()]).tally.benefits["assistance"] == 420000


# --- programs ---


def damaged(year: Year, data: bytes) -> str:
    path = year.folder / "p.rulesc"
    path.write_bytes(data)
    claims = year.write("claims.csv", [row()])
    with pytest.raises(Exception) as caught:  # noqa: PT011  the code is looked at below
        run(path, Files((str(claims),)), year.folder / "out", Options())
    if isinstance(caught.value, ProgramError):
        return caught.value.code
    return str(getattr(caught.value, "code", type(caught.value).__name__))


def test_damaged_program_files(year: Year) -> None:
    good = compile_policy(POLICY).program_bytes
    assert damaged(year, b"").startswith("P8")
    assert damaged(year, b"not a program").startswith("P8")
    assert damaged(year, good[:-10]).startswith("P8")
    assert damaged(
        year, good.replace(b"JIUGAO-RULESC 1", b"JIUGAO-RULESC 9", 1)
    ).startswith("P8")
    flipped = bytearray(good)
    flipped[len(good) // 2] ^= 1
    assert damaged(year, bytes(flipped)).startswith("P8")


def test_too_little_disk_is_said_before_the_run(
    year: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = type("Usage", (), {"free": 10})
    monkeypatch.setattr("shutil.disk_usage", lambda _: left)
    assert refused(year, [row()]) == "D923"
