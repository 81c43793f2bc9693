"""The tables of a fund year come in; summary.xlsx, with nothing live in it, goes out."""

from __future__ import annotations

from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

from jiugao.report.funds_tables import shown_tables
from jiugao.report.words import word
from jiugao.report.workbook import MOST_ROWS, Book

if TYPE_CHECKING:
    from pathlib import Path

    from jiugao.report.funds_tables import Parts

WIDTH = 18


def write_workbook(
    head: tuple[str, str], parts: Parts, path: Path, language: str
) -> None:
    """An overview and a sheet for each table that has rows."""
    book = Book(path, language)
    sheet = book.file.add_worksheet(word("overview", language))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 70)
    sheet.write_string(0, 0, word("funds_title", language), book.title)
    for row, (key, value) in enumerate(zip(("name", "program"), head, strict=True), 2):
        sheet.write_string(row, 0, word(key, language), book.head)
        sheet.write_string(row, 1, value)
    for shown in shown_tables(parts, language):
        if not shown.count:
            continue
        widths = [WIDTH] * len(shown.headings)
        sheet = book.sheet(shown.key, shown.headings, widths)
        for at, cells in enumerate(islice(shown.rows(), MOST_ROWS), 1):
            for column, cell in enumerate(cells):
                match cell:
                    case Decimal():
                        # A cell is a double; exact to the fen below 15 digits.
                        sheet.write_number(at, column, float(cell), book.money)
                    case int():
                        sheet.write_number(at, column, cell, book.whole)
                    case None:
                        sheet.write_blank(at, column, None)
                    case _:
                        sheet.write_string(at, column, cell)
    book.close()
