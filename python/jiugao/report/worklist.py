"""Adjustments come in; what each county office has to do, and letters to persons, go out.

An office clears a person, not a row: what is to be paid and taken back on all of a person's
rows and years is one amount. Above a threshold the person is told; below it is paid without
a word; nothing is done where it comes to nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from jiugao.claims.rejects import inert
from jiugao.reconcile.adjustments import Adjustment
from jiugao.report.capitals import in_capitals
from jiugao.report.words import cause_word, word
from jiugao.report.workbook import MOST_ROWS, Book, yuan
from jiugao.results.manifest import yuan_text

WORKLIST, LETTERS = "worklist.xlsx", "letters.csv"
COLUMNS = ("psn_no", "todo", "owed", "owing", "net", "count", "causes")
WIDTHS = (22, 14, 14, 14, 14, 8, 40)
LETTER = (
    "area", "psn_no", "todo", "letter_amount", "in_capitals", "count", "settlements", "causes",
)  # fmt: skip


class Todo(StrEnum):
    """What an office does about a person."""

    NOTIFY = "notify"
    PAY = "pay"
    TAKE_BACK = "take_back"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Clearing:
    """One person's rows together, in fen: `owed` to the person, `owing` below zero."""

    area: str
    psn_no: str
    owed: int
    owing: int
    settlements: tuple[str, ...]
    causes: tuple[str, ...]
    rows: int

    @property
    def net(self) -> int:
        """What the person gets, or, below zero, gives back."""
        return self.owed + self.owing

    def todo(self, notify_over: int) -> Todo:
        """What is done; `notify_over`: fen above which the person is told."""
        if self.net == 0:
            return Todo.NOTHING
        if self.net < 0:
            return Todo.TAKE_BACK
        return Todo.NOTIFY if self.net > notify_over else Todo.PAY


def clearings(
    adjustments: Sequence[Adjustment], areas: Mapping[str, str]
) -> list[Clearing]:
    """One for each person, by area, the largest amounts first.

    `areas`: of persons whose adjustments do not say, as amounts of a year.
    """
    by_person: dict[str, list[Adjustment]] = {}
    for one in adjustments:
        by_person.setdefault(one.psn_no, []).append(one)
    made = [_clearing(person, rows, areas) for person, rows in by_person.items()]
    return sorted(made, key=lambda c: (c.area, -abs(c.net), c.psn_no))


def _clearing(
    person: str, rows: Sequence[Adjustment], areas: Mapping[str, str]
) -> Clearing:
    said = next((r.area for r in rows if r.area), areas.get(person, ""))
    return Clearing(
        area=said,
        psn_no=person,
        owed=sum(r.difference for r in rows if r.difference > 0),
        owing=sum(r.difference for r in rows if r.difference < 0),
        settlements=tuple(dict.fromkeys(r.setl_id for r in rows if r.setl_id)),
        causes=tuple(dict.fromkeys(str(r.cause) for r in rows)),
        rows=len(rows),
    )


def write_worklist(
    cleared: Sequence[Clearing], notify_over: int, path: Path, language: str
) -> None:
    """worklist.xlsx: a sheet for each county office, and what they come to together."""
    book = Book(path, language)
    by_area: dict[str, list[Clearing]] = {}
    for one in cleared:
        by_area.setdefault(one.area, []).append(one)
    _offices(book, by_area, notify_over)
    headings = [book.word(c) for c in COLUMNS]
    for area, mine in by_area.items():
        name = area or book.word("no_area")
        sheet = book.named_sheet(name, headings, WIDTHS)
        for row, one in enumerate(mine[:MOST_ROWS], 1):
            sheet.write_string(row, 0, one.psn_no)
            sheet.write_string(row, 1, book.word(f"todo_{one.todo(notify_over)}"))
            for column, fen in enumerate((one.owed, one.owing, one.net), 2):
                sheet.write_number(row, column, yuan(fen), book.money)
            sheet.write_number(row, 5, one.rows, book.whole)
            sheet.write_string(row, 6, _causes(one, language))
    book.close()


def _offices(
    book: Book, by_area: Mapping[str, Sequence[Clearing]], notify_over: int
) -> None:
    kinds = list(Todo)
    headings = [book.word("area")]
    headings += [book.word(f"todo_{kind}") for kind in kinds]
    sheet = book.sheet("offices", [*headings, book.word("net")], [18] * 6)
    for row, (area, mine) in enumerate(by_area.items(), 1):
        sheet.write_string(row, 0, area or book.word("no_area"))
        done = [one.todo(notify_over) for one in mine]
        for column, kind in enumerate(kinds, 1):
            sheet.write_number(row, column, done.count(kind), book.whole)
        sheet.write_number(row, 5, yuan(sum(one.net for one in mine)), book.money)


def write_letters(
    cleared: Sequence[Clearing], notify_over: int, path: Path, language: str
) -> None:
    """letters.csv, for merging into letters: a line for each person who is told."""
    told = (Todo.NOTIFY, Todo.TAKE_BACK)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(word(column, language) for column in LETTER)
        for one in cleared:
            if (todo := one.todo(notify_over)) in told:
                cells = (
                    one.area,
                    one.psn_no,
                    word(f"todo_{todo}", language),
                    yuan_text(abs(one.net)),
                    in_capitals(abs(one.net)),
                    str(one.rows),
                    " ".join(one.settlements),
                    _causes(one, language),
                )
                writer.writerow(inert(cell) for cell in cells)


def _causes(one: Clearing, language: str) -> str:
    mark = "、" if language == "zh" else ", "
    return mark.join(cause_word(cause, language) for cause in one.causes)
