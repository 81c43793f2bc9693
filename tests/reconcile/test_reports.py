"""The workbook and the page: what they hold, and that nothing in them is live."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

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
    assert len(books) == 10
    assert sum('state="frozen"' in p for p in books) == 9
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
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "").replace(
        "http://x", ""
    )
    assert page.count("<svg") >= 2
    assert "漏付" in page


def test_equal_runs_equal_bytes(year: Year) -> None:
    one, two = made(year, name="one"), made(year, name="two")
    for path in one.iterdir():
        if path.name != "run.log":
            assert path.read_bytes() == (two / path.name).read_bytes(), path.name
