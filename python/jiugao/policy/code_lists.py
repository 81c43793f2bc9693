"""The text of a list file comes in; its codes with their days go out, or what is wrong.

A list is CSV: code, label, from, to (empty: open), source. Two rows of one code may not
overlap, so that a claim's day decides which version of the list it is judged by.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.diagnostics import Diagnostics, Related
from jiugao.policy import model
from jiugao.policy.gather import cite
from jiugao.policy.nearest import report_unknown
from jiugao.source import Source, Span
from jiugao.syntax import tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jiugao.policy.gather import Gathered, Placed

CODE, LABEL, FROM, TO, ORIGIN = COLUMNS = ("code", "label", "from", "to", "source")
NEEDED = (CODE, FROM, TO)


@dataclass(frozen=True)
class Row:
    """One line of a list file, its cells by column."""

    span: Span
    number: int  # 1 is the line of column names
    cells: Mapping[str, str]


def read_code_lists(
    gathered: Gathered, files: Mapping[str, Source], found: Diagnostics
) -> dict[str, model.CodeList]:
    """Every list that comes from a file, by name; `files` holds their texts by name."""
    read = (
        read_code_list(placed, files.get(placed.node.name.text), found)
        for placed in gathered.of(tree.CodeList)
    )
    return {one.name: one for one in read}


def read_code_list(
    placed: Placed[tree.CodeList], source: Source | None, found: Diagnostics
) -> model.CodeList:
    """One list; without a text it is still to be given."""
    node = placed.node
    cited = placed.cited(node.citation)
    rows = () if source is None else read_rows(source, found)
    declared = cite(node.declared)
    return model.CodeList(node.name.text, rows, source, cited, node.span, declared)


def read_rows(source: Source, found: Diagnostics) -> tuple[model.Listed, ...]:
    """The codes of a list file by code and day."""
    lines = list(cells(source, found))
    listed = (read_row(row, found) for row in lines)
    rows = sorted(
        (r for r in listed if r), key=lambda r: (r.code, r.start or dt.date.min)
    )
    for before, after in itertools.pairwise(rows):
        if before.code == after.code and overlap(before, after):
            first = Related(before.span, "first")
            words = {"listed": after.code, "row": str(after.row), "file": source.name}
            found.add("E653", after.span, first, **words)
    return tuple(rows)


def overlap(before: model.Listed, after: model.Listed) -> bool:
    """Whether the earlier of two periods of a code reaches into the later."""
    return before.end is None or after.start is None or after.start <= before.end


def cells(source: Source, found: Diagnostics) -> Iterator[Row]:
    """The lines of the file under its column names; wrong columns are findings."""
    reader = csv.reader(io.StringIO(source.text, newline=""), strict=True)
    head: list[str] | None = None
    last = 0
    try:
        for line in reader:
            number, last = last + 1, reader.line_num
            span = line_span(source, number)
            if not any(cell.strip() for cell in line):
                continue
            if head is None:
                head = [cell.strip() for cell in line]
                if not columns_known(head, span, found):
                    return
            elif len(line) != len(head):
                words = {"row": str(number), "cells": str(len(line))}
                found.add(
                    "E654", span, wanted=str(len(head)), file=source.name, **words
                )
            else:
                stripped = (cell.strip() for cell in line)
                yield Row(span, number, dict(zip(head, stripped, strict=True)))
    except csv.Error:
        words = {"row": str(last + 1), "file": source.name}
        found.add("E657", line_span(source, last + 1), **words)
        return
    if head is None:
        found.add("E652", line_span(source, 1), file=source.name, column=CODE)


def line_span(source: Source, number: int) -> Span:
    """The characters of a 1-based line."""
    number = min(number, len(source.line_starts))
    start = source.line_starts[number - 1]
    return Span(source, start, start + len(source.line_text(number).rstrip("\r")))


def columns_known(head: list[str], span: Span, found: Diagnostics) -> bool:
    """Whether every needed column is there, each once, and no other."""
    good = True
    for name in head:
        if name not in COLUMNS:
            report_unknown(found, span, name, COLUMNS)
            good = False
        elif head.count(name) > 1:
            found.add("E204", span, name=name)
            good = False
    for name in NEEDED:
        if name not in head:
            found.add("E652", span, file=span.source.name, column=name)
            good = False
    return good


def read_row(row: Row, found: Diagnostics) -> model.Listed | None:
    """One code and the days on which it is listed."""
    source, number = row.span.source, str(row.number)
    code = row.cells[CODE]
    if not code:
        found.add("E655", row.span, row=number, file=source.name)
        return None
    days: list[dt.date | None] = []
    for column in (FROM, TO):
        text = row.cells[column]
        day = day_of(text) if text else None
        if text and day is None:
            words = {"row": number, "file": source.name, "column": column}
            found.add("E651", row.span, text=text, **words)
            return None
        days.append(day)
    start, end = days
    if start and end and end < start:
        found.add("E656", row.span, row=number, file=source.name, listed=code)
        return None
    label, origin = row.cells.get(LABEL, ""), row.cells.get(ORIGIN, "")
    return model.Listed(code, label, start, end, origin, row.number, row.span)


def day_of(text: str) -> dt.date | None:
    """`2018-01-01`, and nothing else."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None
