"""The workbook and the page: what they hold, and that nothing in them is live."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from jiugao.reconcile.run import reconcile
from jiugao.report.charts import Bar, pairs
from jiugao.report.page import page
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


def test_what_is_due_at_the_years_end_is_told_beside_the_burden(year: Year) -> None:
    claims = year.write("claims.csv", [row(maf_pay="4200.00")])
    people = year.write("people.csv", year.people)
    files = Files((str(claims),), (str(people),))
    summary = reconcile(POLICY, files, year.folder / "out", Options()).summary
    assert summary.burden == summary.figures.burden == 180_000
    assert "再减去年终和追溯的金额" not in page(summary, "zh")
    later = replace(summary, figures=replace(summary.figures, burden=150_000))
    assert "再减去年终和追溯的金额是 1,500.00" in page(later, "zh")
    assert "of look-back it is 1,500.00, as in the charts below" in page(later, "en")


def test_classes_stand_as_the_table_has_them(year: Year) -> None:
    year.people = [
        {"psn_no": f"P{n}", "psn_idet_type": label, "begndate": "2020-01-01"}
        for n, label in enumerate(("因病致贫重病患者", "低保边缘家庭成员", "低保对象"))
    ]
    applied = [
        {
            "psn_no": "P0",
            "psn_idet_type": "因病致贫重病患者",
            "apply_date": "2023-02-01",
        }
    ]
    amounts = {
        "medfee_sumamt": "90000.00",
        "inscp_scp_amt": "90000.00",
        "maf_pay": "0.00",
    }
    rows = [row(psn_no=f"P{n}", setl_id=f"S{n}", **amounts) for n in range(3)]
    files = Files(
        (str(year.write("claims.csv", rows)),),
        (str(year.write("people.csv", year.people)),),
        applications=(str(year.write("applications.csv", applied)),),
    )
    summary = reconcile(POLICY, files, year.folder / "out", Options()).summary
    assert [line.name for line in summary.by_standing][:3] == ["一类", "二类", "三类"]


def test_amounts_stand_beside_the_ends_of_their_bars() -> None:
    bars = [Bar("甲", "owed", 100), Bar("甲", "owing", -200)]
    drawn = pairs(bars, {"owed": "#00f", "owing": "#f00"})
    assert re.search(r'text-anchor="start"[^>]*>1\.00<', drawn)
    assert re.search(r'text-anchor="end"[^>]*>-2\.00<', drawn)


def test_equal_runs_equal_bytes(year: Year) -> None:
    one, two = made(year, name="one"), made(year, name="two")
    for path in one.iterdir():
        if path.name != "run.log":
            assert path.read_bytes() == (two / path.name).read_bytes(), path.name
