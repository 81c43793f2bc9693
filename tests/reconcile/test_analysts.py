"""results.duckdb: the tables of a result folder in one file, known by what it holds."""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from jiugao.cli.group import jiugao
from jiugao.reconcile.run import reconcile
from jiugao.results import analysts
from jiugao.results.options import Files, Options
from jiugao.results.run import run
from jiugao.results.verify import sign, verify
from jiugao.sample.generate import Wanted, sample

POLICY = Path(__file__).parents[2] / "rules" / "liaocheng_2022"
TABLES = ("claims", "people", "institutions", "applications")
COMMAND = [sys.executable, "-c", "from jiugao.cli import main; main()"]
HELD = {
    "about", "adjustments", "measures", "persons", "rejects", "settlements", "warnings", "years",
}  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A sample year with rows that cannot be read, and its reconciliation."""

    year: Path
    out: Path

    @property
    def files(self) -> Files:
        return Files(*((str(self.year / f"{t}.csv"),) for t in TABLES))

    def call(self, out: Path, *more: str) -> list[str]:
        given = [a for t in TABLES for a in (f"--{t}", str(self.year / f"{t}.csv"))]
        return [*COMMAND, "reconcile", str(POLICY), *given, "--duckdb", "-o", str(out), *more]  # fmt: skip

    def copy(self, to: Path) -> Path:
        to.mkdir()
        for path in self.out.iterdir():
            (to / path.name).write_bytes(path.read_bytes())
        return to


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("analysts")
    sample(POLICY, Wanted(800, 8, 0.5), folder / "year")
    path = folder / "year" / "claims.csv"
    lines = path.read_text("utf-8").splitlines()
    fields = lines[1].split(",")
    names = lines[0].split(",")
    fields[names.index("setl_id")] = '"A,B"'
    fields[names.index("inscp_scp_amt")] = '"=1+\n1"'
    odd = lines[2].split(",")
    odd[names.index("year")] = "2019"  # counts, and contradicts itself
    lines[2] = ",".join(odd)
    path.write_text("\n".join([*lines, ",".join(fields)]) + "\n", "utf-8")
    begun = Made(folder / "year", folder / "out")
    reconcile(POLICY, begun.files, begun.out, Options(database=True))
    return begun


def ask(path: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(path, read_only=True) as connection:
        return connection.execute(query).fetchall()


def change(folder: Path, *queries: str) -> list[str]:
    """Change the file as somebody would who opens it to write; what verify finds then."""
    with duckdb.connect(folder / "results.duckdb") as connection:
        for query in queries:
            connection.execute(query)
    return [found.code for found in verify(folder)]


def test_tables_are_those_of_the_parquet_files(made: Made) -> None:
    path = made.out / "results.duckdb"
    tables = {t for (t,) in ask(path, "SELECT table_name FROM duckdb_tables()")}
    assert tables == HELD
    parquet = {p.stem for p in made.out.glob("*.parquet")}
    assert parquet == HELD - {"about", "rejects", "warnings"}
    for name in parquet:
        beside = f"read_parquet('{made.out}/{name}.parquet')"
        columns = "SELECT column_name, column_type FROM (DESCRIBE {})"
        assert ask(path, columns.format(name)) == ask(path, columns.format(f"FROM {beside}"))  # fmt: skip
        assert ask(path, f"FROM {name}") == ask(path, f"FROM {beside}")
    kinds = dict(ask(path, "SELECT column_name, column_type FROM (DESCRIBE adjustments)"))  # fmt: skip
    assert kinds["due"] == "DECIMAL(18,2)"
    assert verify(made.out) == []


def test_what_is_rejected_and_warned_of_is_there_with_its_row(made: Made) -> None:
    path = made.out / "results.duckdb"
    found = ask(path, 'SELECT "row", settlement, code, value FROM rejects')
    lines = (made.year / "claims.csv").read_text("utf-8").count("\n")
    assert found == [(lines - 1, "A,B", "D952", "'=1+\n1")]
    manifest = json.loads((made.out / "manifest.json").read_text("utf-8"))
    warned = sum(n for of in manifest["warnings"].values() for n in of.values())
    assert ask(path, "SELECT count(*) FROM warnings") == [(warned,)]
    assert warned > 0


def test_it_says_which_program_made_it(made: Made) -> None:
    manifest = json.loads((made.out / "manifest.json").read_text("utf-8"))
    about = dict(ask(made.out / "results.duckdb", "FROM about"))
    assert about["program_sha256"] == manifest["program"]["sha256"]
    assert about["policy"] == "liaocheng_2022"
    assert about["verb"] == "reconcile"


def test_the_manifest_holds_its_rows_and_sums(made: Made) -> None:
    manifest = json.loads((made.out / "manifest.json").read_text("utf-8"))
    tables = manifest["database"]["tables"]
    assert set(tables) == HELD
    rows = manifest["rows"]
    settled = rows["settled"] + rows["reversed"] + rows["reversals"]
    assert tables["settlements"]["rows"] == settled
    sums = tables["settlements"]["sums"]
    assert sums["assistance"] == manifest["money"]["benefits"]["assistance"]
    assert sums["psn_burden"] == manifest["money"]["psn_burden"]
    assert "results.duckdb" not in manifest["outputs"]


def test_equal_runs_have_equal_manifests(made: Made, tmp_path: Path) -> None:
    again = tmp_path / "again"
    reconcile(POLICY, made.files, again, Options(database=True, threads=1))
    for path in made.out.iterdir():
        if path.name not in ("run.log", "results.duckdb"):
            assert (again / path.name).read_bytes() == path.read_bytes(), path.name
    assert verify(again) == []


def test_a_run_without_it_takes_the_old_one_away(made: Made, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(POLICY, made.files, out, Options(database=True))
    assert (out / "results.duckdb").exists()
    assert verify(out) == []
    run(POLICY, made.files, out, Options())
    assert not (out / "results.duckdb").exists()
    assert verify(out) == []


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("UPDATE settlements SET assistance = assistance + 0.01 WHERE setl_id = (SELECT min(setl_id) FROM settlements)", ["D915", "D913"]),
        ("UPDATE settlements SET standing = '二类' WHERE standing = '一类'", ["D913"]),
        ("DELETE FROM years WHERE psn_no = (SELECT max(psn_no) FROM years WHERE assistance = 0 AND reassistance = 0)", ["D914"]),
        ("CREATE OR REPLACE TABLE adjustments AS FROM adjustments ORDER BY difference", ["D913"]),
        ("ALTER TABLE years ALTER benefit_year TYPE INTEGER", ["D913"]),
        ("ALTER TABLE persons RENAME psn_no TO psn", ["D913"]),
        ("CREATE TABLE mine (x INTEGER)", ["D913"]),
        ("CREATE VIEW mine AS FROM years", ["D913"]),
        ("DROP TABLE rejects", ["D913"]),
    ],
)  # fmt: skip
def test_a_changed_table_is_told(
    made: Made, tmp_path: Path, query: str, codes: list[str]
) -> None:
    found = change(made.copy(tmp_path / "copy"), query)
    assert [code for code in codes if code not in found] == []
    assert {*found} <= {"D913", "D914", "D915"}


def test_a_null_and_an_empty_text_are_not_the_same(made: Made, tmp_path: Path) -> None:
    copy = made.copy(tmp_path / "copy")
    assert change(copy, "UPDATE settlements SET standing = '' WHERE standing IS NULL") == ["D913"]  # fmt: skip


def test_opened_to_write_and_left_as_it_was(made: Made, tmp_path: Path) -> None:
    """Other bytes, the same rows."""
    copy = made.copy(tmp_path / "copy")
    found = change(copy, "CREATE TABLE mine AS FROM years", "DROP TABLE mine", "CHECKPOINT")  # fmt: skip
    assert found == []


@pytest.mark.parametrize("how", ["missing", "cut", "other", "scrambled"])
def test_a_broken_file_is_told(made: Made, tmp_path: Path, how: str) -> None:
    copy = made.copy(tmp_path / "copy")
    path = copy / "results.duckdb"
    data = path.read_bytes()
    if how == "missing":
        path.unlink()
    elif how == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif how == "other":
        path.write_bytes(b"psn_no,amount\nP1,1.00\n" * 400)
    else:
        path.write_bytes(data[:20_000] + bytes(b ^ 0xFF for b in data[20_000:]))
    (found,) = verify(copy)
    assert found.code == ("D913" if how == "missing" else "D906")
    done = CliRunner().invoke(jiugao, ["--lang", "en", "verify", str(copy)])
    assert done.exit_code == 3
    assert "results.duckdb" in done.stderr
    assert "Traceback" not in done.output + done.stderr


def test_a_folder_with_it_is_signed_only_when_it_holds(
    made: Made, tmp_path: Path
) -> None:
    copy = made.copy(tmp_path / "copy")
    sign(copy, "张三")
    assert verify(copy) == []
    assert change(copy, "DELETE FROM about") == ["D914", "D913"]


class Stop(BaseException):
    """As a killed process: nobody handles it."""


def test_a_run_stopped_while_it_writes_the_file_goes_on(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"

    def stopped(*_: object) -> None:
        raise Stop

    monkeypatch.setattr(analysts, "check_database", stopped)
    with pytest.raises(Stop):
        reconcile(POLICY, made.files, out, Options(database=True))
    assert {p.name for p in out.iterdir()} <= {".work"}
    monkeypatch.undo()
    done = reconcile(POLICY, made.files, out, Options(database=True, resume=True))
    assert done.outcome.taken_up
    assert verify(out) == []
    one, other = (out / "manifest.json").read_bytes(), (made.out / "manifest.json").read_bytes()  # fmt: skip
    assert one == other


@pytest.mark.parametrize("share", [0.5, 0.9, 0.97])
def test_killed(made: Made, tmp_path: Path, share: float) -> None:
    """Nothing stands under the final name that is not whole, and --resume makes it."""
    out, measured = tmp_path / "out", tmp_path / "measured"
    started = time.monotonic()
    subprocess.run(made.call(measured, "-q"), check=False, capture_output=True)
    whole = time.monotonic() - started
    process = subprocess.Popen(made.call(out, "-q"), stdout=subprocess.DEVNULL)
    try:
        process.wait(share * whole)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    process.wait(60)
    if (out / "manifest.json").exists():
        assert verify(out) == []
    done = subprocess.run(made.call(out, "--resume"), check=False, capture_output=True)
    assert done.returncode == 4, done.stderr
    assert verify(out) == []
    assert (out / "manifest.json").read_bytes() == (made.out / "manifest.json").read_bytes()  # fmt: skip


def test_no_room_for_it_is_said(made: Made, tmp_path: Path) -> None:
    """The other files are smaller: the limit is met by the database alone."""
    out, temp = tmp_path / "out", tmp_path / "temp"
    most = max(p.stat().st_size for p in made.out.iterdir() if p.suffix != ".duckdb")
    reconcile(
        POLICY, made.files, out, Options(temp=temp)
    )  # the claims are in order then
    kept = {p.name: p.read_bytes() for p in out.iterdir() if p.name != "run.log"}

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most + 50_000, most + 50_000))

    parquet = tmp_path / "claims.parquet"
    duckdb.sql(
        f"COPY (FROM read_csv('{made.year}/claims.csv', all_varchar = true, ignore_errors = true)"
        f" ORDER BY psn_no, setl_time, setl_id) TO '{parquet}'"
    )
    call = [*COMMAND, "run", str(POLICY), "--claims", str(parquet), "--persons", "psn_no"]  # fmt: skip
    people = ["--people", str(made.year / "people.csv"), "-o", str(out), "--duckdb"]
    done = subprocess.run(
        [*call, *people], check=False, capture_output=True, text=True, preexec_fn=limited
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert "D917" in done.stderr
    assert {p.name: p.read_bytes() for p in out.iterdir() if p.name != "run.log"} == kept  # fmt: skip
