"""The tables of a fund year come in; headings and rows as people read them go out.

The page, the workbook and the terminal show the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from jiugao.report.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa

Cell = str | int | Decimal | None
Row = tuple[Cell, ...]
Parts = tuple["pa.Table", "pa.Table", "pa.Table", "pa.Table"]
KEYS = ("statement", "indicators", "warnings", "subsidies")
COUNTS = ("count", "rate")


@dataclass(frozen=True)
class Shown:
    """A table to be shown. `numbers`: which columns are figures."""

    key: str
    headings: tuple[str, ...]
    numbers: tuple[bool, ...]
    rows: Callable[[], Iterator[tuple[Cell, ...]]]
    count: int


def shown_tables(parts: Parts, language: str) -> tuple[Shown, ...]:
    """Statement, indicators, warnings and subsidies."""
    makers = (statement_row, indicator_row, warning_row, subsidy_row)
    headings = (
        ("fund_year", "fund_name", "area", "item", "bearer", "amount", "clauses", "source"),
        ("indicator", "institution", "area", "subject", "period", "value", "target",
         "state", "clauses", "source"),
        ("indicator", "psn_no", "benefit_year", "watched_sum"),
        ("subsidy", "psn_no", "area", "subsidy_day", "due", "paid", "difference"),
    )  # fmt: skip
    figures = {"amount", "value", "watched_sum", "due", "paid", "difference"}
    return tuple(
        Shown(
            key,
            tuple(word(h, language) for h in heads),
            tuple(h in figures for h in heads),
            partial(made_rows, table, make, language),
            table.num_rows,
        )
        for key, table, make, heads in zip(KEYS, parts, makers, headings, strict=True)
    )


def made_rows(
    table: pa.Table, make: Callable[[dict[str, Any], str], Row], language: str
) -> Iterator[Row]:
    """Rows of a table as they are shown."""
    return (make(row, language) for row in rows_of(table))


def rows_of(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Rows, some at a time."""
    for batch in table.to_batches(max_chunksize=1 << 14):
        yield from batch.to_pylist()


def statement_row(row: dict[str, Any], language: str) -> tuple[Cell, ...]:
    """One row of a statement; counts and rates as they are."""
    item = row["item"]
    if row["sort"] == "benefit":
        item = word("paid_by_benefit", language).format(name=item)
    figure: Cell = row["amount"]
    if row["kind"] in COUNTS:
        figure = row["exact"]
    area = row["area"] or word("all_areas", language)
    return (
        row["year"], row["fund_name"], area, item, row["bearer"], figure,
        row["clauses"], row["source"],
    )  # fmt: skip


def indicator_row(row: dict[str, Any], language: str) -> tuple[Cell, ...]:
    """One indicator in one group."""
    value: Cell = row["value"]
    target = ""
    if row["target"] is not None:
        shown = (
            percent(row["target"]) if row["kind"] == "rate" else f"{row['target']:,}"
        )
        target = f"{word('op_' + row['operator'], language)} {shown}"
    if row["kind"] == "rate" and row["value"] is not None:
        value = percent(row["value"])
    return (
        row["name"], row["institution"], row["area"], row["subject"], row["period"],
        value, target, word(f"state_{row['state']}", language), row["clauses"],
        row["source"],
    )  # fmt: skip


def percent(rate: Decimal) -> str:
    """0.1034 as 10.34%."""
    return f"{rate * 100:.2f}%"


def warning_row(row: dict[str, Any], _: str) -> tuple[Cell, ...]:
    """One person and year."""
    return (row["indicator"], row["psn_no"], row["benefit_year"], row["sum"])


def subsidy_row(row: dict[str, Any], _: str) -> tuple[Cell, ...]:
    """One subsidy of one enrolment row."""
    day = row["day"].isoformat() if row["day"] else ""
    money = (row["due"], row["paid"], row["difference"])
    return (row["subsidy"], row["psn_no"], row["insu_admdvs"] or "", day, *money)


def text(cell: Cell) -> str:
    """A cell as people read it."""
    match cell:
        case None:
            return ""
        case Decimal():
            return f"{cell:,}"
        case _:
            return str(cell)
