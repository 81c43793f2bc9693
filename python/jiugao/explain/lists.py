"""A claim's registers come in; the lists that a benefit asked about go out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.diagnostics import Diagnostics
from jiugao.explain.model import ListTest
from jiugao.explain.passages import passage
from jiugao.policy.code_lists import read_rows
from jiugao.program.isa import Op
from jiugao.source import Source

if TYPE_CHECKING:
    import datetime as dt

    from jiugao.explain.registers import ClaimValues
    from jiugao.policy.model import Listed
    from jiugao.program.body import CodeList, Program


def list_tests(
    program: Program, values: ClaimValues, benefit: int, day: dt.date
) -> tuple[ListTest, ...]:
    """Every list that the benefit's conditions, row or base looked into."""
    found: list[ListTest] = []
    for register in values.lists_asked(benefit):
        words = values.made[register]
        code = values.made[words[2]]
        if Op(code[0]) is not Op.INPUT:
            continue
        column, asked = program.inputs[code[2]], program.lists[words[4]]
        position = values.values[words[2]]
        known = position is not None and position >= 0
        text = column.codes[position] if known and position is not None else None
        row = row_of(program, asked, text, day)
        place = values.places[register]
        found.append(
            ListTest(
                name=asked.name,
                input=column.label,
                holds=bool(values.values[register]),
                code=text,
                label=row.label if row else "",
                file=program.sources[asked.source].name,
                line=row.row if row else None,
                start=row.start if row else None,
                end=row.end if row else None,
                origin=row.origin if row else "",
                passage=passage(program, place),
            )
        )
    return tuple(found)


def row_of(
    program: Program, asked: CodeList, code: str | None, day: dt.date
) -> Listed | None:
    """The row of the list's file that holds for a code on a day."""
    source = program.sources[asked.source]
    for row in read_rows(Source(source.name, source.text), Diagnostics()):
        begun = row.start is None or row.start <= day
        if row.code == code and begun and (row.end is None or day <= row.end):
            return row
    return None
