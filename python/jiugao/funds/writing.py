"""Statements, readings, warnings and subsidies come in; Parquet and CSV go out."""

from __future__ import annotations

import csv
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from jiugao.claims.rejects import inert
from jiugao.funds.amounts import to_the_fen
from jiugao.results.parquet import ParquetSink

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from jiugao.funds.folders import Totals
    from jiugao.funds.indicators import Reading
    from jiugao.funds.statement import Line, Statement

MONEY = pa.decimal64(18, 2)
DECIMALS = 4
STATEMENT = pa.schema(
    [
        ("year", pa.int16()),
        ("fund", pa.string()),
        ("fund_name", pa.string()),
        ("area", pa.string()),
        ("sort", pa.string()),  # benefit | heads | amount | share | part
        ("item", pa.string()),
        ("bearer", pa.string()),
        ("kind", pa.string()),  # money | count | rate
        ("amount", MONEY),  # of money
        ("exact", pa.string()),  # as a fraction; money in fen
        ("clauses", pa.string()),
        ("source", pa.string()),
    ]
)
INDICATORS = pa.schema(
    [
        ("indicator", pa.string()),
        ("name", pa.string()),
        ("institution", pa.string()),
        ("area", pa.string()),
        ("subject", pa.string()),
        ("period", pa.string()),
        ("kind", pa.string()),
        ("value", pa.decimal128(28, DECIMALS)),  # money in yuan
        ("exact", pa.string()),  # as a fraction; money in fen
        ("operator", pa.string()),
        ("target", pa.decimal128(28, DECIMALS)),
        ("state", pa.string()),
        ("clauses", pa.string()),
        ("source", pa.string()),
    ]
)
TOTALS = pa.schema(
    [
        ("indicator", pa.string()),
        ("institution", pa.string()),
        ("area", pa.string()),
        ("subject", pa.string()),
        ("period", pa.string()),
        ("total", pa.string()),
        ("exact", pa.string()),
    ]
)
WARNINGS = pa.schema(
    [
        ("indicator", pa.string()),
        ("psn_no", pa.string()),
        ("benefit_year", pa.int16()),
        ("sum", MONEY),
    ]
)


def statement_rows(
    statement: Statement, paid: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    """What benefits paid, then every row of the fund with who bears what."""
    fund = statement.fund
    head = {
        "year": statement.year,
        "fund": fund.code,
        "fund_name": fund.name,
        "area": statement.area,
    }
    for name, fen in paid.items():
        yield {
            **head, "sort": "benefit", "item": name, "bearer": "", "kind": "money",
            "amount": fen, "exact": str(fen), "clauses": "", "source": "",
        }  # fmt: skip
    for line in statement.lines:
        yield {**head, **line_row(line)}
        place = line.row.place
        for bearer, fen in line.borne.items():
            yield {
                **head, "sort": "part", "item": line.row.name, "bearer": bearer,
                "kind": "money", "amount": fen, "exact": str(fen),
                "clauses": " ".join(place.clauses), "source": place.text,
            }  # fmt: skip


def line_row(line: Line) -> dict[str, Any]:
    """One row of a fund as the statement says it."""
    money = line.row.kind == "money"
    return {
        "sort": line.row.sort,
        "item": line.row.name,
        "bearer": "",
        "kind": line.row.kind,
        "amount": to_the_fen(line.value) if money else None,
        "exact": str(line.stated),
        "clauses": " ".join(line.row.place.clauses),
        "source": line.row.place.text,
    }


def reading_row(reading: Reading) -> dict[str, Any]:
    """One indicator in one group."""
    indicator, group = reading.indicator, reading.group
    return {
        "indicator": indicator.code,
        "name": indicator.name,
        "institution": group.institution,
        "area": group.area,
        "subject": group.subject,
        "period": group.period,
        "kind": indicator.kind,
        "value": four_decimals(reading.value, indicator.kind),
        "exact": None if reading.value is None else str(reading.value),
        "operator": reading.operator,
        "target": four_decimals(reading.target, indicator.kind),
        "state": reading.state.value,
        "clauses": " ".join(indicator.place.clauses),
        "source": indicator.place.text,
    }


def four_decimals(exact: Fraction | None, kind: str) -> int | None:
    """Ten-thousandths, half up; money in yuan."""
    if exact is None:
        return None
    return to_the_fen((exact / 100 if kind == "money" else exact) * 10**DECIMALS)


def total_rows(indicator: str, totals: Totals) -> Iterator[dict[str, Any]]:
    """The totals behind an indicator, for the next year."""
    for group, sums in totals.items():
        for name, exact in sums.items():
            yield {
                "indicator": indicator, "institution": group.institution,
                "area": group.area, "subject": group.subject, "period": group.period,
                "total": name, "exact": str(exact),
            }  # fmt: skip


def table_of(rows: Iterable[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Rows as a table; decimals are given as whole numbers of their last place."""
    listed = list(rows)
    arrays = []
    for field in schema:
        values = [row[field.name] for row in listed]
        if pa.types.is_decimal(field.type):
            arrays.append(decimals(values, field.type))
        else:
            arrays.append(pa.array(values, field.type))
    return pa.table(arrays, schema=schema)


def decimals(values: Sequence[int | None], kind: pa.DataType) -> pa.Array:
    """Whole numbers of the last place as decimals, exactly."""
    from decimal import Decimal  # noqa: PLC0415

    made = [None if v is None else Decimal(v).scaleb(-kind.scale) for v in values]
    return pa.array(made, pa.decimal128(38, kind.scale)).cast(kind)


def write_table(table: pa.Table, folder: Path, name: str) -> None:
    """NAME.parquet and NAME.csv (UTF-8 with BOM, cells inert)."""
    with ParquetSink(folder / f"{name}.parquet", table.schema, []) as sink:
        for batch in table.to_batches():
            sink.write(batch)
    with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(table.column_names)
        for batch in table.to_batches(max_chunksize=1 << 14):
            for row in batch.to_pylist():
                writer.writerow(
                    inert("" if cell is None else str(cell)) for cell in row.values()
                )
