"""Broken rows of forty kinds and more: each told with its code and row, and none lost."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jiugao.diagnostics import Diagnostic
from jiugao.results.options import Files, Options
from jiugao.results.run import Outcome, run
from jiugao.results.verify import verify
from tests.claims.broken_rows import CASES, FIRST, GOOD, LONG, SHORT, Case, Row
from tests.claims.claim_files import POLICY

CLAIM = {
    "psn_no": "", "setl_id": "", "setl_time": "2023-03-01 08:00:00", "med_type": "21", "medfee_sumamt": "1000.00",
    "inscp_scp_amt": "1000.00", "fulamt_ownpay_amt": "0.00", "overlmt_selfpay": "0.00", "preselfpay_amt": "0.00",
    "hifp_pay": "400.00", "cvlserv_pay": "0.00", "hifes_pay": "0.00", "hifmi_pay": "0.00", "hifob_pay": "0.00",
    "hifdm_pay": "0.00", "maf_pay": "0.00", "oth_pay": "0.00", "hosp_part_amt": "0.00", "fund_pay_sumamt": "400.00",
    "psn_part_amt": "600.00", "acct_pay": "0.00", "psn_cash_pay": "600.00", "fixmedins_code": "H1", "init_setl_id": "",
    "refd_setl_flag": "0", "vali_flag": "1", "year": "2023", "begndate": "2023-02-20", "enddate": "2023-03-01",
}  # fmt: skip
BASES: dict[str, Row] = {
    "people": {"psn_no": "", "psn_idet_type": "特困人员", "begndate": "2020-01-01", "enddate": ""},
    "institutions": {"fixmedins_code": "", "medins_admin_level": "county", "designated": "1", "in_area": "1"},
    "applications": {"psn_no": "", "apply_date": "2023-06-01", "psn_idet_type": "因病致贫重病患者"},
}  # fmt: skip
FORMS = ("csv", "parquet")
Place = tuple[str, int]  # table, number of the row as a person sees it


@dataclass
class Tried:
    """All cases of a form in one run; by case where its rows stand."""

    done: Outcome
    places: dict[str, dict[str, list[int]]]
    rejects: dict[Place, list[Row]]
    warnings: dict[Place, list[Row]]
    settled: set[str]
    good: dict[str, str]


def cases(form: str) -> list[Case]:
    return [c for c in CASES if form == "csv" or not c.csv_only]


class Table:
    """Rows of one table, and where each comes to stand in a file of the form."""

    def __init__(self, base: Row, form: str) -> None:
        self._columns = list(base)
        self._form = form
        self._rows: list[tuple[Row, str]] = []

    def add(self, row: Row, broken: str = "") -> int:
        self._rows.append((row, broken))
        return len(self._rows) + (self._form == "csv")  # a header is line 1

    def write(self, path: Path) -> str:
        if self._form == "parquet":
            columns = {c: [r[c] or None for r, _ in self._rows] for c in self._columns}
            texts = {c: pa.array(v, pa.string()) for c, v in columns.items()}
            pq.write_table(pa.table(texts), path)
            return str(path)
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(self._columns)
        for row, broken in self._rows:
            cells = [row[c] for c in self._columns]
            writer.writerow({SHORT: cells[:-1], LONG: [*cells, "x"]}.get(broken, cells))
        path.write_text(stream.getvalue(), "utf-8")
        return str(path)


def made(form: str, folder: Path) -> tuple[Files, dict[str, dict[str, list[int]]], dict[str, str]]:  # fmt: skip
    """The files of all cases; where the rows of each stand; its good settlement."""
    tables = {name: Table(base, form) for name, base in BASES.items()}
    tables["claims"] = Table(CLAIM, form)
    tables["institutions"].add({**BASES["institutions"], "fixmedins_code": "H1"})
    places: dict[str, dict[str, list[int]]] = {}
    good: dict[str, str] = {}
    for number, case in enumerate(cases(form)):
        person, mine = f"P{number:03d}", f"S{number:03d}"
        names = {GOOD: mine, FIRST: f"{mine}-0"}
        at = places[case.name] = {name: [] for name in tables}
        if not case.people:
            tables["people"].add({**BASES["people"], "psn_no": person})
        for name, base in BASES.items():
            for row in getattr(case, name):
                own = {"fixmedins_code": f"H-{number}"} if name == "institutions" else {"psn_no": person}  # fmt: skip
                at[name].append(tables[name].add({**base, **own, **row}))
        for n, row in enumerate(case.claims):
            claim = {**CLAIM, "psn_no": person, "setl_id": f"{mine}-{n}", "setl_time": "2023-04-01 08:00:00", **row}  # fmt: skip
            claim["init_setl_id"] = names.get(
                claim["init_setl_id"], claim["init_setl_id"]
            )
            at["claims"].append(tables["claims"].add(claim, case.broken))
        claim = {**CLAIM, "psn_no": person, "setl_id": mine, **case.undone}
        at["claims"].append(tables["claims"].add(claim))  # index -1
        good[case.name] = mine
    files = Files(
        **{
            name: (table.write(folder / f"{name}.{form}"),)
            for name, table in tables.items()
        }
    )
    return files, places, good


def found(path: Path) -> dict[Place, list[Row]]:
    rows: dict[Place, list[Row]] = {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            rows.setdefault((row["table"], int(row["row"])), []).append(row)
    return rows


@pytest.fixture(scope="module", params=FORMS)
def tried(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Tried:  # fmt: skip
    folder = tmp_path_factory.mktemp("broken")
    files, places, good = made(request.param, folder)
    done = run(POLICY, files, folder / "out", Options(control=True))
    settled = pq.read_table(done.folder / "settlements.parquet", columns=["setl_id"])
    return Tried(
        done,
        places,
        found(done.folder / "rejects.csv"),
        found(done.folder / "warnings.csv"),
        set(settled["setl_id"].to_pylist()),
        good,
    )


def test_there_are_forty_kinds_and_more() -> None:
    assert len({c.name for c in CASES}) == len(CASES) >= 60
    assert len({code for c in CASES for *_, code in c.expect}) >= 25


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_a_broken_row_is_said(tried: Tried, case: Case) -> None:
    if case.name not in tried.places:
        pytest.skip("only text can say it")
    at = tried.places[case.name]
    said = tried.warnings if case.warned else tried.rejects
    for table, which, column, code in case.expect:
        rows = said[table, at[table][which]]
        assert (column, code) in {(r["column"], r["code"]) for r in rows}
        told = Diagnostic(code, None)
        assert all(told.cause(zh) and told.way_out(zh) for zh in ("zh", "en"))
        assert rows[0]["reason"] == told.cause("zh")
        assert rows[0]["way_out"] == told.way_out("zh")
        assert "{" not in rows[0]["reason"] + rows[0]["way_out"]
        assert not rows[0]["value"].startswith("=")
    expected = {(t, at[t][n]) for t, n, _, _ in case.expect}
    mine = {(t, n) for t, rows in at.items() for n in rows}
    assert mine & set(said) == expected
    assert (tried.good[case.name] in tried.settled) == case.good
    counted = {s for s in tried.settled if s.startswith(f"{tried.good[case.name]}-")}
    assert len(counted) == case.settled


def test_nothing_is_lost_and_all_balances(tried: Tried) -> None:
    tally = tried.done.tally
    assert tally.rows_balance
    assert tally.money_balances
    assert verify(tried.done.folder) == []
    rows = Counter(len(rows["claims"]) for rows in tried.places.values())
    assert tally.read == sum(n * times for n, times in rows.items())
    assert tally.rejected == len({p for p in tried.rejects if p[0] == "claims"})


def test_nothing_else_is_said(tried: Tried) -> None:
    known = [c for c in CASES if c.name in tried.places]
    for warned, said in ((False, tried.rejects), (True, tried.warnings)):
        expected = {
            (t, tried.places[c.name][t][n])
            for c in known
            if c.warned == warned
            for t, n, _, _ in c.expect
        }
        assert set(said) == expected
