"""Claims that DuckDB brings for a query: a database is settled as its CSV is."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from jiugao.claims.findings import DataError
from jiugao.cli.group import jiugao
from jiugao.engine import CoreError
from tests.claims.claim_files import POLICY, Year, row

ROWS = [
    row(setl_id="S1"),
    row(
        setl_id="S2", setl_time="2023-04-01", medfee_sumamt="8000.00", inscp_scp_amt="1"
    ),
    row(setl_id="S3", setl_time="2023-05-01", medfee_sumamt="80.123"),
]
MONEY = ("medfee_sumamt", "inscp_scp_amt", "hifp_pay")


@pytest.fixture
def year(tmp_path: Path) -> Year:
    return Year(tmp_path)


def database(year: Year, *, drop: int | None = None) -> Path:
    """A database with the claims as text, beside their CSV."""
    rows = ROWS[:drop]
    claims = year.write("claims.csv", rows)
    path = year.folder / "office.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE TABLE 结算 AS SELECT * FROM read_csv(?, all_varchar = true)",
            [str(claims)],
        )
    return path


def query(year: Year, text: str) -> Path:
    path = year.folder / "query.sql"
    path.write_text(text, "utf-8")
    return path


def test_a_database_is_settled_as_its_csv_is(year: Year) -> None:
    base = database(year)
    year.settle(claims=year.folder / "claims.csv")
    expected, rejected = year.settlements(), year.rejects()
    year.settle(
        claims=query(
            year,
            f"-- a comment; of the office\nATTACH '{base}' AS office (READ_ONLY);\n"
            "SELECT * FROM office.结算 ORDER BY setl_id;\n",
        )
    )
    assert year.settlements() == expected
    assert [r["settlement"] for r in rejected] == ["S3"]
    (found,) = year.rejects()
    assert (found["file"], found["row"], found["code"]) == (
        "query.sql",
        "3",
        rejected[0]["code"],
    )


def test_amounts_come_as_decimals_too(year: Year) -> None:
    base = database(year, drop=2)
    year.settle(claims=year.folder / "claims.csv")
    expected = year.settlements()
    cast = ", ".join(f"{c}::DECIMAL(12,2) AS {c}" for c in MONEY)
    text = (
        f"ATTACH '{base}' AS o; SELECT * REPLACE ({cast}) FROM o.结算 ORDER BY setl_id"
    )
    year.settle(claims=query(year, text))
    assert year.settlements() == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SELECT * FROM nowhere", "D949"),
        ("SELEKT 1", "D949"),
        ("SET threads = 1", "D949"),
        ("", "D905"),
        ("SELECT 1 AS psn_no", "D903"),
        ("SELECT * REPLACE (1.5::DOUBLE AS hifp_pay) FROM read_csv('{claims}', all_varchar = true)", "D904"),
    ],
)  # fmt: skip
def test_what_a_query_cannot_be(year: Year, text: str, code: str) -> None:
    claims = year.write("claims.csv", ROWS)
    with pytest.raises((DataError, CoreError)) as refused:
        year.settle(claims=query(year, text.replace("{claims}", str(claims))))
    error = refused.value
    assert code == (
        error.diagnostic.code if isinstance(error, DataError) else error.code
    )


def test_one_claim_of_a_query_is_explained(year: Year) -> None:
    base = database(year)
    text = f"ATTACH '{base}' AS o (READ_ONLY); SELECT * FROM o.结算"
    people = year.write("people.csv", year.people)
    files = ("--claims", str(query(year, text)), "--people", str(people))
    told = CliRunner().invoke(
        jiugao, ["explain", str(POLICY), *files, "--settlement", "S1"]
    )
    assert told.exit_code == 0, told.output
    assert "4,200.00" in told.output


def test_a_folder_does_not_run_its_scripts(year: Year) -> None:
    folder = year.folder / "export"
    folder.mkdir()
    (folder / "drop.sql").write_text("SELECT * FROM nowhere", "utf-8")
    year.write("export/claims.csv", ROWS[:1])
    assert year.settle(claims=folder).tally.read == 1
