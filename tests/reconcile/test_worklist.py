"""What county offices have to do, whom they write to, and what reports show of persons."""

from __future__ import annotations

import csv
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from jiugao.reconcile.adjustments import Adjustment
from jiugao.reconcile.causes import Cause
from jiugao.reconcile.run import reconcile
from jiugao.report.capitals import in_capitals
from jiugao.report.masking import masked
from jiugao.report.worklist import Todo, clearings
from jiugao.results.options import Files, Options
from jiugao.results.verify import verify
from tests.claims.claim_files import POLICY, Year
from tests.reconcile.test_causes import paid

PERSONS = ("371500000000000011", "371500000000000022", "371500000000000033", "371500000000000044")  # fmt: skip


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "零元整"), (1, "壹分"), (10, "壹角整"), (11, "壹角壹分"), (100, "壹元整"), (105, "壹元零伍分"), (150, "壹元伍角整"),
        (1_000_00, "壹仟元整"), (1_050_00, "壹仟零伍拾元整"), (1_005_50, "壹仟零伍元伍角整"), (10_000_10, "壹万元壹角整"),
        (10_005_00, "壹万零伍元整"), (100_500_00, "壹拾万零伍佰元整"), (10_050_000_00, "壹仟零伍万元整"),
        (100_000_001_00, "壹亿零壹元整"), (123_456_789_01, "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元零壹分"), (-9_00, "负玖元整"),
        (1_000_010_00, "壹佰万零壹拾元整"), (20_304_050_00, "贰仟零叁拾万肆仟零伍拾元整"),
    ],
)  # fmt: skip
def test_amounts_as_letters_write_them(fen: int, text: str) -> None:
    assert in_capitals(fen) == text


def test_numbers_are_masked_between_their_ends() -> None:
    assert masked("371500000000000011") == "3715**********0011"
    assert masked("P12345") == "P****5"
    assert masked("P1") == "**"
    assert masked("") == ""


def one(person: str, difference: int, area: str = "371502") -> Adjustment:
    return Adjustment(
        "S1", person, 2023, "assistance", "医疗救助基金", difference, 0, Cause.OTHER, "", area=area,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("amounts", "todo"),
    [
        ([300_00], Todo.PAY), ([300_01], Todo.NOTIFY), ([200_00, 100_01], Todo.NOTIFY), ([1], Todo.PAY),
        ([500_00, -500_00], Todo.NOTHING), ([500_00, -500_01], Todo.TAKE_BACK), ([-1], Todo.TAKE_BACK),
    ],
)  # fmt: skip
def test_a_person_is_cleared_and_not_a_row(amounts: list[int], todo: Todo) -> None:
    (cleared,) = clearings([one("P1", fen) for fen in amounts], {})
    assert cleared.net == sum(amounts)
    assert cleared.owed + cleared.owing == cleared.net
    assert cleared.todo(300_00) is todo


def test_the_area_of_an_amount_of_the_year_is_looked_up() -> None:
    (cleared,) = clearings([one("P1", 5, area="")], {"P1": "371521"})
    assert cleared.area == "371521"


@pytest.fixture
def year(tmp_path: Path) -> Year:
    made = Year(tmp_path)
    made.people = [{**made.people[0], "psn_no": p} for p in PERSONS]
    return made


def made(year: Year, options: Options) -> Path:
    """Three persons of one county, one of another: 700, 210, -280 and 0 in all."""
    rows = [
        paid(1, "03-01", "1000.00", "0.00", psn_no=PERSONS[0], insu_admdvs="371502"),
        paid(2, "03-01", "300.00", "0.00", psn_no=PERSONS[1], insu_admdvs="371502"),
        paid(3, "03-01", "400.00", "560.00", psn_no=PERSONS[2], insu_admdvs="371521"),
        paid(4, "03-01", "100.00", "0.00", psn_no=PERSONS[3], insu_admdvs="371502"),
        paid(5, "04-01", "100.00", "140.00", psn_no=PERSONS[3], insu_admdvs="371502"),
    ]
    claims = year.write("claims.csv", rows)
    people = year.write("people.csv", year.people)
    done = reconcile(
        POLICY, Files((str(claims),), (str(people),)), year.folder / "out", options
    )
    assert done.summary.holds
    assert verify(done.outcome.folder) == []
    return done.outcome.folder


def cells(folder: Path) -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(folder / "worklist.xlsx", read_only=True)
    rows = {s.title: [list(r) for r in s.iter_rows(values_only=True)] for s in book}
    book.close()
    return rows


def letters(folder: Path) -> list[dict[str, str]]:
    with (folder / "letters.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_work_lists_of_county_offices(year: Year) -> None:
    sheets = cells(made(year, Options(show_persons=True)))
    assert list(sheets) == ["经办机构", "371502", "371521"]
    assert [r[:5] for r in sheets["371502"][1:]] == [
        [PERSONS[0], "通知并补付", 700, 0, 700],
        [PERSONS[1], "补付，不通知", 210, 0, 210],
        [PERSONS[3], "相抵为零", 70, -70, 0],
    ]
    assert [r[:5] for r in sheets["371521"][1:]] == [
        [PERSONS[2], "通知并退回", 0, -280, -280]
    ]
    assert [r[1:] for r in sheets["经办机构"][1:]] == [
        [1, 1, 0, 1, 910],
        [0, 0, 1, 0, -280],
    ]


def test_letters_to_persons(year: Year) -> None:
    found = letters(made(year, Options(show_persons=True, notify_over=200_00)))
    assert [
        (r["参保地"], r["人员编号"], r["办理"], r["金额（元）"], r["大写"], r["结算ID"])
        for r in found
    ] == [
        ("371502", PERSONS[0], "通知并补付", "700.00", "柒佰元整", "S1"),
        ("371502", PERSONS[1], "通知并补付", "210.00", "贰佰壹拾元整", "S2"),
        ("371521", PERSONS[2], "通知并退回", "280.00", "贰佰捌拾元整", "S3"),
    ]


def text_of(folder: Path) -> str:
    """Everything that a person reads of a result folder."""
    parts = [(folder / n).read_text("utf-8") for n in ("summary.html", "letters.csv")]
    for name in ("summary.xlsx", "worklist.xlsx"):
        with zipfile.ZipFile(folder / name) as book:
            parts += [book.read(n).decode("utf-8", "replace") for n in book.namelist()]
    return "\n".join(parts)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_reports_mask_persons_unless_asked(year: Year, language: str) -> None:
    options = Options(language=language)
    folder = made(year, options)
    assert not any(person in text_of(folder) for person in PERSONS)
    assert masked(PERSONS[0]) in text_of(folder)
    # What is paid by has the whole number.
    table = pq.read_table(folder / "adjustments.parquet", columns=["psn_no"])
    assert set(table["psn_no"].to_pylist()) == set(PERSONS)
    shown = text_of(made(year, replace(options, show_persons=True)))
    assert all(person in shown for person in PERSONS)


def test_areas_that_no_sheet_can_be_named_by(year: Year) -> None:
    claims = [
        paid(n, "03-01", "1000.00", "0.00", psn_no=PERSONS[n - 1], insu_admdvs=area)
        for n, area in enumerate(("371502/甲[1]", "=1+1", ""), 1)
    ]
    files = Files(
        (str(year.write("claims.csv", claims)),),
        (str(year.write("people.csv", year.people)),),
    )
    reconcile(POLICY, files, year.folder / "out", Options())
    assert {"371502_甲_1_", "=1+1", "参保地不明"} < set(cells(year.folder / "out"))
    assert {r["参保地"] for r in letters(year.folder / "out")} == {
        "371502/甲[1]",
        "'=1+1",
        "",
    }
