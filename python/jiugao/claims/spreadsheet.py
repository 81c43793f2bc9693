"""A sheet of an XLSX file comes in; its header and batches of text go out.

A number in a sheet is a double: it is read by its shortest decimal text, as the sheet
shows it. From 16 digits on the sheet has lost some, and the cell is refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from jiugao.claims.findings import DataError

if TYPE_CHECKING:
    from openpyxl import Workbook

    from jiugao.claims.files import DataFile

ROWS = 1 << 14
EXACT = 10**15  # a double shows 15 digits as they were typed
Cells = tuple[str | None, ...]


def sheets(path: Path) -> list[str]:
    """The names of the visible sheets that hold anything.

    Raises DataError D905 for a workbook without any, D906 for a damaged one.
    """
    with _opened(path) as book:
        names = [
            s.title for s in book.worksheets if s.sheet_state == "visible" and _holds(s)
        ]
    if not names:
        raise DataError("D905", file=path.name)
    return names


def header(file: DataFile) -> list[str]:
    """The names in the first row that holds anything."""
    for _, cells in _rows(file):
        return _names(cells)
    raise DataError("D905", file=file.name)


def text_rows(
    file: DataFile, names: Sequence[str]
) -> Iterator[tuple[list[int], pa.RecordBatch, list[tuple[int, str]]]]:
    """Batches of the columns asked for: row numbers of the sheet, cells, broken rows.

    A row with cells beyond the header is broken: its number and text. Blank rows are no
    rows, as in CSV.
    """
    rows = _rows(file)
    head = _names(next(rows)[1])
    at = [head.index(n) for n in names]
    schema = pa.schema([(n, pa.string()) for n in names])
    for some in _chunks(rows):
        broken = [
            (n, ",".join(c or "" for c in r)) for n, r in some if any(r[len(head) :])
        ]
        lines = {n for n, _ in broken}
        good = [(n, r) for n, r in some if n not in lines]
        columns = [
            pa.array([r[i] if i < len(r) else None for _, r in good], pa.string())
            for i in at
        ]
        yield [n for n, _ in good], pa.record_batch(columns, schema=schema), broken


def _chunks(rows: Iterator[tuple[int, Cells]]) -> Iterator[list[tuple[int, Cells]]]:
    while some := [row for _, row in zip(range(ROWS), rows, strict=False)]:
        yield some


def _names(cells: Cells) -> list[str]:
    names = [(c or "").strip() for c in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _rows(file: DataFile) -> Iterator[tuple[int, Cells]]:
    """Every row that holds anything, as text, with its number in the sheet."""
    with _opened(file.path) as book:
        sheet = book[file.sheet or book.sheetnames[0]]
        sheet.reset_dimensions()  # what a file says of its own size may be wrong
        for number, row in enumerate(sheet.iter_rows(), 1):
            cells = tuple(_text(c, file) for c in row)
            if any(cells):
                yield number, cells


def _holds(sheet: Any) -> bool:  # noqa: ANN401  openpyxl has no types
    sheet.reset_dimensions()
    return any(c.value is not None for row in sheet.iter_rows() for c in row)


@contextmanager
def _opened(path: Path) -> Iterator[Workbook]:
    from openpyxl import load_workbook  # noqa: PLC0415  only who has such files waits

    if path.stat().st_size == 0:
        raise DataError("D905", file=path.name)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # a zip, XML or key error, as the damage happens to be
        raise DataError("D906", file=path.name, detail=str(error)[:160]) from error
    try:
        yield book
    finally:
        book.close()


def _text(cell: Any, file: DataFile) -> str | None:  # noqa: ANN401  openpyxl has no types
    """A cell as it would stand in CSV; an error cell keeps its text and is rejected."""
    value = cell.value
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float):
        return _number(value, cell.coordinate, file)
    if isinstance(value, dt.datetime):
        whole = value.time() == dt.time.min
        return value.strftime("%Y-%m-%d" if whole else "%Y-%m-%d %H:%M:%S")
    return str(value)


def _number(value: float, place: str, file: DataFile) -> str:
    if abs(value) >= EXACT:
        raise DataError("D943", file=file.name, cell=place)
    return f"{Decimal(repr(value)).normalize():f}"
