"""A summary comes in; summary.xlsx, with typed cells and nothing live in them, goes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jiugao.report.pictures import Picture, pictures
from jiugao.report.summary import Line, Summary
from jiugao.report.words import cause_word, word

MOST_NAME = 31  # signs of a sheet's name
MOST_ROWS = 1_000_000  # a sheet holds 1,048,576
CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(
    tzinfo=None
)  # equal runs, equal bytes
SPLITS = ("payer", "benefit", "standing", "institution", "area", "year", "cause")
FIGURES = ("due", "paid", "adjusted", "owed", "owing", "count")


class Book:
    """The open workbook with its formats and language."""

    def __init__(self, path: Path, language: str) -> None:
        self.language = language
        options = {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.file = xlsxwriter.Workbook(str(path), options)
        self.file.set_properties({"created": CREATED})
        self.head: Format = self.file.add_format(
            {"bold": True, "bg_color": "#DDE6ED", "border": 1, "text_wrap": True}
        )
        self.money: Format = self.file.add_format({"num_format": "#,##0.00"})
        self.whole: Format = self.file.add_format({"num_format": "#,##0"})
        self.title: Format = self.file.add_format({"bold": True, "font_size": 14})
        self.bad: Format = self.file.add_format({"bold": True, "font_color": "#B00020"})

    def word(self, key: str) -> str:
        """A heading in the book's language."""
        return word(key, self.language)

    def close(self) -> None:
        """Write the file. Raises OSError where it cannot be written."""
        try:
            self.file.close()
        except FileCreateError as error:
            raise (error.__context__ or error) from None

    def sheet(
        self, key: str, headings: Sequence[str], widths: Sequence[int]
    ) -> Worksheet:
        """A sheet with frozen headings."""
        return self.named_sheet(self.word(key), headings, widths)

    def named_sheet(
        self, name: str, headings: Sequence[str], widths: Sequence[int]
    ) -> Worksheet:
        """The same, of a name that the data give; signs that a sheet cannot have go."""
        plain = "".join("_" if sign in "[]:*?/\\'" else sign for sign in name)
        sheet = self.file.add_worksheet(plain[:MOST_NAME])
        for column, (heading, width) in enumerate(zip(headings, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, self.head)
        sheet.freeze_panes(1, 1)
        return sheet


def write_workbook(summary: Summary, path: Path, language: str) -> None:
    """Write the workbook: an overview, a sheet for each table, the adjustments."""
    book = Book(path, language)
    _overview(book, summary)
    _balances(book, summary)
    for picture in pictures(summary, language):
        _picture(book, picture)
    for split in SPLITS:
        lines: tuple[Line, ...] = getattr(summary, f"by_{split}")
        _lines(book, summary, split, lines)
    _adjustments(book, summary)
    book.close()


def yuan(fen: int) -> float:
    """Fen for a spreadsheet cell, which is a double whatever is written.

    Exact to the fen below ten million million yuan (15 digits).
    """
    return fen / 100


def _overview(book: Book, summary: Summary) -> None:
    sheet = book.file.add_worksheet(book.word("overview"))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 40)
    sheet.write_string(0, 0, book.word("title"), book.title)
    row = 2
    for key, text in (
        ("name", summary.policy),
        ("citation", summary.citation),
        ("program", summary.program),
    ):
        sheet.write_string(row, 0, book.word(key), book.head)
        sheet.write_string(row, 1, text)
        row += 1
    for key, count in summary.rows.items():
        sheet.write_string(row, 0, book.word(key), book.head)
        sheet.write_number(row, 1, count, book.whole)
        row += 1
    for key, fen in (("charge", summary.charge), ("burden", summary.burden)):
        sheet.write_string(row, 0, book.word(key), book.head)
        sheet.write_number(row, 1, yuan(fen), book.money)
        row += 1


def _balances(book: Book, summary: Summary) -> None:
    keys = (
        "benefit",
        "payer",
        "due",
        "paid",
        "difference",
        "rounding",
        "before",
        "holds",
    )
    sheet = book.sheet(
        "balances", [book.word(k) for k in keys], [24, 20, 18, 18, 18, 14, 14, 10]
    )
    for row, balance in enumerate(summary.balances, 1):
        sheet.write_string(row, 0, summary.names[balance.benefit])
        sheet.write_string(row, 1, balance.payer)
        figures = (
            balance.due,
            balance.paid,
            balance.adjustments,
            balance.rounding,
            balance.before,
        )
        for column, fen in enumerate(figures, 2):
            sheet.write_number(row, column, yuan(fen), book.money)
        if balance.holds:
            sheet.write_string(row, 7, book.word("yes"))
        else:
            sheet.write_string(row, 7, book.word("no"), book.bad)


def _picture(book: Book, picture: Picture) -> None:
    sheet = book.sheet(
        picture.key, picture.headings, [28, *(18 for _ in picture.headings[1:])]
    )
    for row, (name, figures) in enumerate(picture.rows, 1):
        sheet.write_string(row, 0, name)
        for column, figure in enumerate(figures, 1):
            if picture.money:
                sheet.write_number(row, column, yuan(figure), book.money)
            else:
                sheet.write_number(row, column, figure, book.whole)


def _lines(book: Book, summary: Summary, split: str, lines: Sequence[Line]) -> None:
    headings = [book.word("name"), *(book.word(k) for k in FIGURES)]
    sheet = book.sheet(f"by_{split}", headings, [28, 18, 18, 18, 18, 18, 10])
    for row, line in enumerate(lines, 1):
        sheet.write_string(row, 0, shown(summary, split, line.name, book.language))
        for column, key in enumerate(FIGURES, 1):
            value: int = getattr(line, key)
            if key == "count":
                sheet.write_number(row, column, value, book.whole)
            else:
                sheet.write_number(row, column, yuan(value), book.money)
    if lines:
        _chart(book, sheet, split, len(lines))


def _chart(book: Book, sheet: Worksheet, split: str, count: int) -> None:
    last = min(count, 20)
    name = book.word(f"by_{split}")
    chart = book.file.add_chart({"type": "bar"})
    for column in (4, 5):
        chart.add_series(
            {
                "name": [name, 0, column],
                "categories": [name, 1, 0, last, 0],
                "values": [name, 1, column, last, column],
            }
        )
    chart.set_title({"name": name})
    chart.set_legend({"position": "bottom"})
    sheet.insert_chart(1, 8, chart, {"object_position": 1})


def shown(summary: Summary, split: str, name: str, language: str) -> str:
    """A line's name as people call it."""
    if split == "cause":
        return cause_word(name, language)
    if split == "benefit":
        return summary.benefit(name, language)
    return name or word("none", language)


def _adjustments(book: Book, summary: Summary) -> None:
    keys = (
        "setl_id",
        "psn_no",
        "benefit_year",
        "benefit",
        "payer",
        "due",
        "paid",
        "difference",
        "cause",
        "root_setl_id",
        "standing",
        "institution",
        "area",
    )
    widths = [20, 22, 8, 18, 18, 14, 14, 14, 22, 20, 10, 18, 10]
    sheet = book.sheet("adjustments", [book.word(k) for k in keys], widths)
    for row, one in enumerate(summary.adjustments[:MOST_ROWS], 1):
        benefit = shown(summary, "benefit", one.benefit, book.language)
        for column, text in (
            (0, one.setl_id),
            (1, one.psn_no),
            (3, benefit),
            (4, one.payer),
        ):
            sheet.write_string(row, column, text)
        sheet.write_number(row, 2, one.benefit_year)
        for column, fen in ((5, one.due), (6, one.paid), (7, one.difference)):
            sheet.write_number(row, column, yuan(fen), book.money)
        rest = (
            cause_word(one.cause, book.language),
            one.root_setl_id,
            one.standing,
            one.institution,
            one.area,
        )
        for column, text in enumerate(rest, 8):
            sheet.write_string(row, column, text)
    sheet.autofilter(0, 0, max(1, len(summary.adjustments)), len(keys) - 1)
