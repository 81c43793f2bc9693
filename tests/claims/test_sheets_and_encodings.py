"""Exports as offices send them: GB18030 text, spreadsheets of one sheet or several."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from jiugao.claims.encoding import look
from jiugao.claims.files import data_files
from jiugao.claims.findings import DataError
from jiugao.claims.persons import PersonsBy
from jiugao.claims.reading import Broken, of_names, schema_of
from jiugao.results.options import Files
from jiugao.results.person import only, person_of
from tests.claims.claim_files import Year, row

Cell = str | float | bool | dt.datetime | dt.date | None


def workbook(path: Path, **sheets: list[list[Cell]]) -> Path:
    """A workbook with these sheets; dates are shown as dates."""
    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for r, cells in enumerate(rows):
            for c, cell in enumerate(cells):
                if isinstance(cell, dt.datetime):
                    sheet.write_datetime(r, c, cell, time)
                elif isinstance(cell, dt.date):
                    sheet.write_datetime(
                        r, c, dt.datetime.combine(cell, dt.time.min), day
                    )
                elif isinstance(cell, str) and cell.startswith("#"):
                    sheet.write_formula(r, c, "=1/0", None, cell)
                elif cell is not None:
                    sheet.write(r, c, cell)
    book.close()
    return path


HEAD: list[Cell] = [
    "psn_no", "setl_id", "setl_time", "med_type", "medfee_sumamt", "inscp_scp_amt", "hifp_pay",
]  # fmt: skip
FIRST: list[Cell] = [
    "P1", "S1", dt.datetime(2023, 3, 1, 8, 0, 0), 21, 10000, 10000.0, 4000.1,
]  # fmt: skip


def assistance(year: Year) -> list[int]:
    """Fen of assistance, row by row."""
    return [int(a * 100) for a in year.settlements()["assistance"].to_pylist()]


def test_gb18030(year: Year) -> None:
    people = [{**year.people[0], "psn_name": "王㐂〇"}]
    year.write("people.csv", people, encoding="gb18030")
    path = year.write(
        "claims.csv", [row(fixmedins_name="聊城市人民医院")], encoding="gb18030"
    )
    assert look(path).encoding == "gb18030"
    year.settle(claims=path)
    assert assistance(year) == [420000]


def test_gb18030_in_the_header(year: Year) -> None:
    path = year.write("claims.csv", [{**row(), "备注": "x"}], encoding="gb18030")
    year.settle(claims=path)
    assert assistance(year) == [420000]


def test_rows_of_gb18030_keep_their_numbers(year: Year) -> None:
    path = year.write("c.csv", [row(备注="一"), row(备注="二")], encoding="gb18030")
    text = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([*text[:2], b"", b"P1,too,few", *text[2:]]))
    broken = Broken()
    [file] = data_files([path])
    batches = list(of_names(file, ["psn_no"], broken))
    assert [n for b in batches for n in b.rows.to_pylist()] == [2, 5]
    assert broken.lines == [4]


@settings(max_examples=100)
@given(st.text(st.characters(codec="gb18030", exclude_categories=["Cc", "Cs"])))
def test_all_of_gb18030_is_read(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.mktemp("g") / "t.csv"
    cell = text.replace('"', "").strip()
    path.write_bytes(f'中文,b\n"{cell}",龘\n'.encode("gb18030"))
    [file] = data_files([path])
    if look(path).encoding == "gb18030":
        [batch] = of_names(file, ["中文", "b"], Broken())
        assert batch.columns.to_pydict() == {"中文": [cell or None], "b": ["龘"]}


def test_neither_encoding(year: Year) -> None:
    path = year.folder / "claims.csv"
    path.write_bytes(",".join(row()).encode() + b"\n\xe5\x8c\xbb\n\xff\xff,\n")
    with pytest.raises(DataError) as caught:
        look(path)
    assert caught.value.diagnostic.cause("en") == (
        "claims.csv line 3 is text neither in UTF-8 nor in GB18030"
    )


def test_a_sheet(year: Year) -> None:
    path = workbook(year.folder / "claims.xlsx", 结算=[HEAD, FIRST])
    year.settle(claims=path)
    assert assistance(year) == [419993]


def test_several_sheets_are_parts_of_one_table(year: Year) -> None:
    second = ["P1", "S2", dt.date(2023, 4, 1), "21", 100, 100, None]
    path = workbook(
        year.folder / "claims.xlsx", 一=[HEAD, FIRST], 二=[HEAD, second], 空=[]
    )
    done = year.settle(claims=path)
    assert done.tally.read == 2
    assert [f.name for f in data_files([path])] == [
        "claims.xlsx[一]",
        "claims.xlsx[二]",
    ]
    assert assistance(year) == [419993, 7000]


def test_sheet_rows_keep_the_numbers_people_see(year: Year) -> None:
    bad: list[Cell] = [*FIRST[:1], "S2", *FIRST[2:4], "一万", 1, 0]
    long: list[Cell] = [*FIRST[:1], "S3", *FIRST[2:], "beyond"]
    path = workbook(year.folder / "c.xlsx", a=[[], HEAD, FIRST, [], bad, long])
    done = year.settle(claims=path)
    assert done.tally.rows_balance
    found = [(r["row"], r["code"]) for r in year.rejects()]
    assert found == [("5", "D952"), ("6", "D960")]


def test_an_error_cell_is_not_an_empty_one(year: Year) -> None:
    broken: list[Cell] = [*FIRST[:6], "#DIV/0!"]
    year.settle(claims=workbook(year.folder / "c.xlsx", a=[HEAD, broken]))
    assert [(r["column"], r["code"], r["value"]) for r in year.rejects()] == [
        ("hifp_pay", "D952", "#DIV/0!")
    ]


def test_a_number_that_the_sheet_has_cut_is_refused(year: Year) -> None:
    long: list[Cell] = [FIRST[0], 371521198001010017, *FIRST[2:]]
    with pytest.raises(DataError) as caught:
        year.settle(claims=workbook(year.folder / "c.xlsx", a=[HEAD, long]))
    assert caught.value.diagnostic.code == "D943"
    assert "B2" in caught.value.diagnostic.cause("zh")


@pytest.mark.parametrize(
    ("cell", "text"),
    [(0.1 + 0.2, "0.3"), (21, "21"), (1e-7, "0.0000001"), (True, "1"), (1234567.89, "1234567.89"),
     (dt.date(2023, 1, 2), "2023-01-02"), (dt.datetime(2023, 1, 2, 3, 4, 5), "2023-01-02 03:04:05")],
)  # fmt: skip
def test_cells_as_the_sheet_shows_them(tmp_path: Path, cell: Cell, text: str) -> None:
    [file] = data_files([workbook(tmp_path / "c.xlsx", a=[["a"], [cell]])])
    [batch] = of_names(file, ["a"], Broken())
    assert batch.columns.to_pydict() == {"a": [text]}


def test_damaged_and_empty_workbooks(tmp_path: Path) -> None:
    for name, content, code in [("a", b"", "D905"), ("b", b"PK\x03\x04x", "D906")]:
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(content)
        with pytest.raises(DataError) as caught:
            data_files([path])
        assert caught.value.diagnostic.code == code
    with pytest.raises(DataError) as caught:
        data_files([workbook(tmp_path / "c.xlsx", a=[])])
    assert caught.value.diagnostic.code == "D905"


def test_one_person_out_of_sheets_and_gb18030(year: Year) -> None:
    claims = workbook(year.folder / "c.xlsx", a=[HEAD, FIRST, ["P2", "S2", *FIRST[2:]]])
    people = year.write("p.csv", [{**year.people[0], "备注": "一"}], encoding="gb18030")
    files = Files((str(claims),), (str(people),))
    assert person_of(files, "S2") == "P2"
    kept = only(files, "P1", PersonsBy.CERTIFICATE, year.folder)
    [file] = data_files(kept.claims)
    assert file.is_parquet
    assert "备注" in schema_of(data_files(kept.people)[0]).names
