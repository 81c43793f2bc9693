"""The workbook and the page: what they hold, and that nothing in them is live."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from jiugao.reconcile.run import reconcile
from jiugao.results.options import Files, Options
from tests.claims.claim_files import POLICY, Year, row

NASTY = '=HYPERLINK("http://x")<script>alert(1)</script>'


@pytest.fixture
def year(tmp_path: Path) -> Year:
    return Year(tmp_path)


def made(year: Year, language: str = "zh", name: str = "out") -> Path:
    rows = [
        row(
            setl_id="S1", maf_pay="0.00", reassistance_pay="0.00", fixmedins_code=NASTY
        ),
        row(
            setl_id="=1+1",
            setl_time="2023-04-01",
            maf_pay="8400.00",
            reassistance_pay="0",
        ),
    ]
    claims = year.write("claims.csv", rows)
    people = year.write("people.csv", year.people)
    out = year.folder / name
    reconcile(
        POLICY, Files((str(claims),), (str(people),)), out, Options(language=language)
    )
    return out


def sheets(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as book:
        return {
            n: book.read(n).decode("utf-8")
            for n in book.namelist()
            if n.endswith(".xml")
        }


def test_workbook_cells_are_typed_and_inert(year: Year) -> None:
    parts = sheets(made(year) / "summary.xlsx")
    whole = "".join(parts.values())
    assert "<f>" not in whole
    assert "<hyperlinks>" not in whole
    assert "=1+1" in parts["xl/sharedStrings.xml"]
    assert "漏付" in parts["xl/sharedStrings.xml"]
    books = [p for n, p in parts.items() if n.startswith("xl/worksheets/sheet")]
    assert len(books) == 13
    assert sum('state="frozen"' in p for p in books) == 12
    assert any("<v>4200</v>" in p for p in books)


def test_sheet_names_in_both_languages(year: Year) -> None:
    names = re.findall(
        r'<sheet name="([^"]+)"', sheets(made(year) / "summary.xlsx")["xl/workbook.xml"]
    )
    assert "按原因" in names
    english = sheets(made(year, "en", "other") / "summary.xlsx")["xl/workbook.xml"]
    assert "By cause" in english


def test_the_page_needs_nothing_and_escapes_everything(year: Year) -> None:
    page = (made(year) / "summary.html").read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"(src|href)=", page)
    names = r'xmlns(:xlink)?="http://www.w3.org/[^"]*"'
    assert "http" not in re.sub(names, "", page).replace("http://x", "")
    assert page.count("<svg") == 7
    assert "漏付" in page


def test_charts_show_what_the_results_add_up_to(year: Year) -> None:
    """Two claims of 10,000, 4,000 of each paid by the basic fund, 70 % of the rest due."""
    book = openpyxl.load_workbook(made(year) / "summary.xlsx")
    flow = list(book["费用由谁负担"].iter_rows(min_row=2, values_only=True))
    assert flow == [
        ("医疗费总额", 20_000),
        ("基本医保统筹基金支出", 8_000),
        ("医疗救助", 8_400),
        ("个人负担", 3_600),
    ]
    steps = list(book["个人负担分布"].iter_rows(min_row=2, values_only=True))
    assert [step for step in steps if any(step[1:])] == [
        ("1,000–5,000", 0, 1),
        ("10,000–30,000", 1, 0),
    ]
    (limits,) = book["限额使用"].iter_rows(min_row=2, values_only=True)
    assert limits == ("医疗救助", 1, 0, 0, 0)  # 8,400 of 30,000


def test_equal_runs_equal_bytes(year: Year) -> None:
    one, two = made(year, name="one"), made(year, name="two")
    for path in one.iterdir():
        if path.name != "run.log":
            assert path.read_bytes() == (two / path.name).read_bytes(), path.name
