"""Examples of a policy come in; tables as a run of real claims would bring them go out.

One person an example; the settlement id is the row's place in it, so that rows of one day
keep their written order.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import pyarrow as pa

from jiugao import engine
from jiugao.policy.model import Kind

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from jiugao.policy.model import Example, ExampleRow, Input, Policy

    Value = Fraction | str | bool | dt.date

TYPES = {
    Kind.MONEY: pa.int64(),
    Kind.COUNT: pa.int64(),
    Kind.FLAG: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.CODE: pa.string(),
    Kind.TEXT: pa.string(),
}


@dataclass(frozen=True)
class CaseTables:
    """What the engine reads; `rows` says which example and row each claim is."""

    claims: pa.Table
    people: pa.Table
    applications: pa.Table
    enrolment: pa.Table
    rows: tuple[tuple[int, int], ...]
    enrolments: tuple[tuple[int, int], ...]
    opening: pa.Table | None = None

    def given(self) -> engine.Tables:
        """All that decides what claims are paid."""
        return engine.Tables(
            self.claims, self.people, self.applications, opening=self.opening
        )


def case_tables(
    policy: Policy, examples: Sequence[Example], opening: pa.Table | None = None
) -> CaseTables:
    """Tables of all the examples together, persons in order, rows in order of time."""
    placed = [
        (case, row)
        for case, example in enumerate(examples)
        for row in in_order_of_time(example.rows)
    ]
    enrolled = [
        (case, row)
        for case, example in enumerate(examples)
        for row in range(len(example.enrolments))
    ]
    return CaseTables(
        claims=claims_table(policy, examples, placed),
        people=people_table(examples),
        applications=applications_table(examples),
        enrolment=enrolment_table(policy, examples, enrolled),
        rows=tuple(placed),
        enrolments=tuple(enrolled),
        opening=opening,
    )


def in_order_of_time(rows: Sequence[ExampleRow]) -> list[int]:
    """Positions by day; of one day in written order."""
    return sorted(range(len(rows)), key=lambda i: (rows[i].day, i))


def settlement_id(row: int) -> str:
    """The id of an example's row; ids sort as rows are written."""
    return f"{row:04d}"


def row_values(example: Example, row: ExampleRow) -> Mapping[str, Value]:
    """The row's values; a reversal has its original's, amounts negative."""
    if row.reverses is None:
        return row.values
    original = next(r for r in example.rows if r.label == row.reverses)
    return {
        column: -value if isinstance(value, Fraction) else value
        for column, value in original.values.items()
    }


def claims_table(
    policy: Policy, examples: Sequence[Example], placed: Sequence[tuple[int, int]]
) -> pa.Table:
    """Claims with the columns of every claim and institution input."""
    inputs = [i for i in policy.inputs if i.table in {"claims", "institutions"}]
    day = policy.year_by.column
    columns: dict[str, pa.Array] = {
        "psn_no": pa.array([case for case, _ in placed], pa.int64()),
        "setl_id": pa.array([settlement_id(row) for _, row in placed], pa.string()),
        "init_setl_id": pa.array(
            [original_id(examples[case], row) for case, row in placed], pa.string()
        ),
        day: pa.array([examples[c].rows[r].day for c, r in placed], pa.date32()),
    }
    values = [row_values(examples[c], examples[c].rows[r]) for c, r in placed]
    for column in inputs:
        if column.column != day:
            columns[column.column] = input_array(column, values)
    return pa.table(columns)


def original_id(example: Example, row: int) -> str | None:
    """The settlement that a reversal undoes."""
    label = example.rows[row].reverses
    if label is None:
        return None
    return next(
        settlement_id(i) for i, r in enumerate(example.rows) if r.label == label
    )


def input_array(column: Input, rows: Sequence[Mapping[str, Value]]) -> pa.Array:
    """One input's values, null where the example says nothing and it has a default."""
    values = (row.get(column.column) for row in rows)
    cells = [int(v) if isinstance(v, Fraction) else v for v in values]
    return pa.array(cells, TYPES[column.kind])


def people_table(examples: Sequence[Example]) -> pa.Table:
    """Identities by their names, with first and last day."""
    held = [(case, h) for case, e in enumerate(examples) for h in e.identities]
    return pa.table(
        {
            "psn_no": pa.array([case for case, _ in held], pa.int64()),
            "psn_idet_type": pa.array([h.identity for _, h in held], pa.string()),
            "begndate": pa.array([h.start for _, h in held], pa.date32()),
            "enddate": pa.array([h.end for _, h in held], pa.date32()),
        }
    )


def applications_table(examples: Sequence[Example]) -> pa.Table:
    """Applications by person and day."""
    made = [
        (case, day, identity)
        for case, e in enumerate(examples)
        for day, identity in sorted(e.applications)
    ]
    return pa.table(
        {
            "psn_no": pa.array([case for case, _, _ in made], pa.int64()),
            "apply_date": pa.array([day for _, day, _ in made], pa.date32()),
            "psn_idet_type": pa.array([name for _, _, name in made], pa.string()),
        }
    )


def enrolment_table(
    policy: Policy, examples: Sequence[Example], placed: Sequence[tuple[int, int]]
) -> pa.Table:
    """Enrolment rows with the columns of every enrolment input."""
    rows = [examples[case].enrolments[row] for case, row in placed]
    columns: dict[str, pa.Array] = {
        "psn_no": pa.array([case for case, _ in placed], pa.int64()),
        "begndate": pa.array([r.day for r in rows], pa.date32()),
    }
    for column in policy.inputs:
        if column.table == "enrolment" and column.column not in columns:
            columns[column.column] = input_array(column, [r.values for r in rows])
    return pa.table(columns)
