"""Spellings, formats, order, copies and conventions: the same claims, the same fen."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from jiugao.claims.contract import ColumnKind, tables
from jiugao.claims.database import bytes_of
from jiugao.claims.rejects import inert
from jiugao.claims.staging import Reversals
from jiugao.compile import compile_policy
from jiugao.program.encode import decode
from jiugao.results.options import Files, Options
from jiugao.results.run import Outcome, run
from tests.claims.claim_files import POLICY, Year, row


def year_of_rows(count: int, seed: int) -> list[dict[str, str]]:
    dice = random.Random(seed)
    rows = []
    for n in range(count):
        amount = dice.randrange(100, 3_000_000)
        rows.append(
            row(
                psn_no=f"P{dice.randrange(5)}",
                setl_id=f"S{n:05d}",
                setl_time=f"2023-{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d} {dice.randrange(24):02d}:00:00",
                med_type=dice.choice(["11", "14", "21"]),
                medfee_sumamt=f"{amount // 100}.{amount % 100:02d}",
                inscp_scp_amt=f"{amount // 100}.{amount % 100:02d}",
                hifp_pay=f"{amount // 300}.00",
            )
        )
    return rows


def outcome(year: Year, done: Outcome) -> tuple[object, object]:
    assert done.tally.rows_balance
    assert done.tally.money_balances
    table = year.settlements()
    return done.tally, sorted(table.to_pylist(), key=lambda r: r["setl_id"])


@pytest.fixture
def everyone(year: Year) -> Year:
    kinds = ["特困人员", "低保边缘家庭成员", "低保对象", "防止返贫监测帮扶对象"]
    year.people = [
        {
            "psn_no": f"P{n}",
            "psn_idet_type": kind,
            "begndate": "2023-01-01",
            "enddate": "",
        }
        for n, kind in enumerate(kinds)
    ]
    return year


def test_order_of_rows_and_number_of_files_change_nothing(everyone: Year) -> None:
    rows = year_of_rows(300, 1)
    expected = outcome(everyone, everyone.settle(rows))
    random.Random(2).shuffle(rows)
    assert outcome(everyone, everyone.settle(rows)) == expected
    parts = everyone.folder / "parts"
    parts.mkdir()
    inner = Year(parts)
    for n in range(3):
        inner.write(f"part{n}.csv", rows[n::3])
    for claims in (parts, parts / "*.csv"):
        assert outcome(everyone, everyone.settle(claims=claims)) == expected


def test_bom_and_crlf_and_quotes(everyone: Year) -> None:
    rows = year_of_rows(30, 1)
    expected = outcome(everyone, everyone.settle(rows))
    path = everyone.write("claims.csv", rows)
    text = path.read_text("utf-8")
    quoted = "\n".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) for line in text.splitlines()
    )
    for changed in (
        b"\xef\xbb\xbf" + text.encode(),
        text.replace("\n", "\r\n").encode(),
        quoted.encode() + b"\n",
        text.rstrip("\n").encode(),
        text.replace(",21,", ", 21 ,").encode(),
    ):
        path.write_bytes(changed)
        assert outcome(everyone, everyone.settle(claims=path)) == expected


def test_other_spellings_of_columns_and_days(everyone: Year) -> None:
    rows = year_of_rows(30, 1)
    expected = outcome(everyone, everyone.settle(rows))
    respelt = [
        {
            ("inscp_amt" if k == "inscp_scp_amt" else k): v.replace("2023-", "2023/")
            for k, v in r.items()
        }
        for r in rows
    ]
    assert outcome(everyone, everyone.settle(respelt)) == expected


def parquet(year: Year, rows: list[dict[str, str]], *, sort: bool) -> Path:
    path = year.folder / "claims.parquet"
    if sort:
        rows = sorted(rows, key=lambda r: (r["psn_no"], r["setl_time"], r["setl_id"]))
    money = {c.name for c in tables()["claims"].columns if c.kind is ColumnKind.MONEY}
    columns = {}
    for name in rows[0]:
        values = [r[name] for r in rows]
        if name in money:
            columns[name] = pa.array([Decimal(v) for v in values], pa.decimal128(18, 2))
        elif name == "setl_time":
            columns[name] = pa.array(values).cast(pa.timestamp("s"))
        else:
            columns[name] = pa.array(values)
    pq.write_table(pa.table(columns), path, row_group_size=37)
    return path


@pytest.mark.parametrize("sort", [True, False])
def test_parquet_sorted_or_not(everyone: Year, sort: bool) -> None:
    rows = year_of_rows(300, 1)
    expected = outcome(everyone, everyone.settle(rows))
    done = everyone.settle(claims=parquet(everyone, rows, sort=sort))
    assert outcome(everyone, done) == expected
    assert done.sorted_already is sort


def test_parquet_looked_through_in_too_little_memory(
    everyone: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then it is looked through in all that there is."""
    monkeypatch.setattr("jiugao.claims.database.LITTLE", 1 << 16)
    rows = year_of_rows(300, 1)
    expected = outcome(everyone, everyone.settle(rows))
    done = everyone.settle(claims=parquet(everyone, rows, sort=True))
    assert outcome(everyone, done) == expected
    assert done.sorted_already


def test_sorted_parquet_with_rejects_and_copies(everyone: Year) -> None:
    rows = year_of_rows(60, 1)
    rows[5]["med_type"] = "777"
    expected = outcome(everyone, everyone.settle(rows))
    assert (
        outcome(everyone, everyone.settle(claims=parquet(everyone, rows, sort=True)))
        == expected
    )
    rows.append(dict(rows[0]))
    expected = outcome(everyone, everyone.settle(rows))
    assert (
        everyone.settle(claims=parquet(everyone, rows, sort=True)).tally.duplicates == 1
    )
    assert (
        outcome(everyone, everyone.settle(claims=parquet(everyone, rows, sort=True)))
        == expected
    )


@pytest.mark.parametrize("written", ["as ever", "blank", "padded"])
@pytest.mark.parametrize("more", ["0.00", "0.01"])
def test_sorted_parquet_with_a_reversal(
    everyone: Year, more: str, written: str
) -> None:
    """Of other amounts than its original's it counts no more than in any other file."""
    rows = [r | {"init_setl_id": ""} for r in year_of_rows(60, 1)]
    undone = rows[7] | {
        "setl_id": "S99999",
        "init_setl_id": rows[7]["setl_id"],
        "setl_time": "2023-12-31 08:00:00",
        "medfee_sumamt": f"{Decimal(rows[7]['medfee_sumamt']) + Decimal(more)}",
    }
    for name in ("medfee_sumamt", "inscp_scp_amt", "hifp_pay"):
        undone[name] = f"-{undone[name]}"
    rows.append(undone)
    expected = outcome(everyone, everyone.settle(rows))
    claims = parquet(everyone, rows, sort=True)
    table = pq.read_table(claims)
    if written == "blank":  # amounts as text, some of them nothing
        blank = pa.array(["" for _ in rows])
        amounts = table["hifp_pay"].cast(pa.string())
        at = table.schema.get_field_index("hifp_pay")
        table = table.set_column(at, "hifp_pay", amounts).append_column(
            "oth_pay", blank
        )
    if written == "padded":
        at = table.schema.get_field_index("setl_id")
        padded = pc.binary_join_element_wise(table["setl_id"], "", " ")
        table = table.set_column(at, "setl_id", padded)
    pq.write_table(table, claims)
    done = everyone.settle(claims=claims)
    assert outcome(everyone, done) == expected
    assert done.tally.rejected == (more != "0.00")


def test_the_newest_copy_counts(year: Year) -> None:
    rows = [
        row(hifp_pay="1000.00", updt_time="2023-03-01 09:00:00"),
        row(hifp_pay="4000.00", updt_time="2023-03-02 09:00:00"),
        row(hifp_pay="2000.00", updt_time="2023-03-01 10:00:00"),
    ]
    done = year.settle(rows)
    assert done.tally.duplicates == 2
    assert done.tally.benefits["assistance"] == 420000


def test_identical_copies_count_once(year: Year) -> None:
    done = year.settle([row(), row(), row()])
    assert (done.tally.duplicates, done.tally.roles["settled"]) == (2, 1)


def test_the_newest_of_copies_twice(year: Year) -> None:
    newer = row(hifp_pay="4000.00", updt_time="2023-03-02 09:00:00")
    older = row(hifp_pay="1000.00", updt_time="2023-03-01 09:00:00")
    done = year.settle([newer, older, newer])
    assert done.tally.duplicates == 2
    clash = {**newer, "hifp_pay": "3999.99"}
    assert year.settle([newer, older, clash]).tally.rejected == 3


def undoing(sign: str) -> list[dict[str, str]]:
    amounts = {
        k: f"{sign}{row()[k]}" for k in ("medfee_sumamt", "inscp_scp_amt", "hifp_pay")
    }
    return [
        row(refd_setl_flag="1"),
        row(setl_id="S2", setl_time="2023-04-01 08:00:00", refd_setl_flag="0"),
        row(
            setl_id="S3",
            setl_time="2023-05-01 08:00:00",
            init_setl_id="S1",
            refd_setl_flag="1",
            **amounts,
        ),
    ]


def test_both_conventions_of_reversals_are_the_same_fen(year: Year) -> None:
    negative = outcome(year, year.settle(undoing("-")))
    year.options = replace(year.options, reversals=Reversals.FLAGS)
    assert outcome(year, year.settle(undoing(""))) == negative
    roles = dict(
        zip(
            year.settlements()["setl_id"].to_pylist(),
            year.settlements()["role"].to_pylist(),
            strict=True,
        )
    )
    assert roles == {"S1": "reversed", "S2": "settled", "S3": "reversal"}


def test_institutions_are_joined(year: Year) -> None:
    year.write(
        "institutions.csv",
        [
            {"fixmedins_code": "H1", "designated": "1"},
            {"fixmedins_code": "H2", "designated": "0"},
        ],
    )
    claims = year.write(
        "claims.csv",
        [
            row(setl_id="S1", fixmedins_code="H1"),
            row(setl_id="S2", fixmedins_code="H2"),
            row(setl_id="S3", fixmedins_code="H3"),
            row(setl_id="S4", fixmedins_code=""),
        ],
    )
    people = year.write("people.csv", year.people)
    files = Files(
        (str(claims),), (str(people),), (str(year.folder / "institutions.csv"),)
    )
    run(POLICY, files, year.folder / "out", year.options)
    paid = {r["setl_id"]: r["assistance"] for r in year.settlements().to_pylist()}
    assert paid["S1"] > 0
    assert paid["S2"] == 0
    assert paid["S4"] > 0
    assert [(r["row"], r["code"], r["value"]) for r in year.rejects()] == [
        ("4", "D972", "H3")
    ]


def test_equal_runs_are_equal_bytes(everyone: Year) -> None:
    rows = year_of_rows(300, 3)
    made = []
    for threads in (1, 2):
        everyone.options = replace(everyone.options, threads=threads)
        everyone.settle(rows)
        out = everyone.folder / "out"
        made.append(
            {p.name: p.read_bytes() for p in out.iterdir() if p.name != "run.log"}
        )
    assert made[0] == made[1]


def test_result_columns_are_the_contract(everyone: Year) -> None:
    everyone.settle(year_of_rows(10, 1))
    schema = everyone.settlements().schema
    assert schema.names[:7] == [
        "setl_id",
        "psn_no",
        "benefit_year",
        "role",
        "standing",
        "assistance",
        "reassistance",
    ]
    assert schema.names[7] == "psn_burden"
    assert schema.field("assistance").type == pa.decimal64(18, 2)
    stored = pq.ParquetFile(
        everyone.folder / "out" / "settlements.parquet"
    ).schema.column(5)
    assert stored.physical_type == "INT64"
    described = duckdb.sql(
        f"DESCRIBE SELECT * FROM '{everyone.folder / 'out' / 'settlements.parquet'}'"
    ).fetchall()
    assert {d[0]: d[1] for d in described}["assistance"] == "DECIMAL(18,2)"


def test_the_manifest_names_everything_and_no_place(everyone: Year) -> None:
    everyone.settle(year_of_rows(10, 1))
    text = (everyone.folder / "out" / "manifest.json").read_text("utf-8")
    manifest = json.loads(text)
    assert str(everyone.folder) not in text
    assert {i["name"] for i in manifest["inputs"]} == {"claims.csv", "people.csv"}
    assert set(manifest["outputs"]) == {
        "settlements.parquet",
        "years.parquet",
        "measures.parquet",
        "rejects.csv",
    }
    assert len(manifest["program"]["sha256"]) == 64


def test_cells_are_inert() -> None:
    assert inert("=1+1") == "'=1+1"
    assert inert("@x") == "'@x"
    assert inert("-5.00") == "-5.00"
    assert inert("-5+cmd") == "'-5+cmd"
    assert inert("普通") == "普通"


def test_memory_in_words() -> None:
    assert bytes_of("1GiB") == 1 << 30
    assert bytes_of("512 MB") == 512_000_000
    assert bytes_of("1.5KiB") == 1536


def test_columns_agree_with_the_profile() -> None:
    """One column contract: names, kinds and spellings as the rules' own profile has them."""
    contract = tables()["claims"]
    body = decode(compile_policy(POLICY).program_bytes)
    for source in body.inputs:
        column = contract.column(source.column)
        if source.table == "claims" and column is not None:
            kinds = {source.kind, "time"} if source.kind == "day" else {source.kind}
            assert column.kind in kinds | (
                {"text"} if source.kind == "code" else set()
            ), source.column
    funds = {body.inputs[i].column for i in body.fund_columns}
    named = {body.inputs[i].column for b in body.benefits for i in b.actual}
    assert funds <= {c.name for c in contract.columns if c.fund} <= funds | named


def test_a_small_table_of_a_header_alone_is_empty(year: Year) -> None:
    year.people = []
    year.folder.joinpath("people.csv").write_text(
        "psn_no,psn_idet_type,begndate,enddate\n", "utf-8"
    )
    claims = year.write("claims.csv", [row()])
    files = Files((str(claims),), (str(year.folder / "people.csv"),))
    assert run(POLICY, files, year.folder / "out", Options()).tally.benefits == {
        "assistance": 0,
        "reassistance": 0,
    }
