"""A program and random years come in; what the machine makes of them goes out, in the
second evaluator's shape, so that the two can be laid side by side."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from jiugao import _core
from jiugao.policy import model
from jiugao.program.encode import ProgramFileError, decode
from tests.oracle import Result, Row, YearRow
from tests.oracle.shape import Paying

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.properties.years import Years


@dataclass(frozen=True)
class Way:
    """How the machine is run; none of it may change a fen."""

    batch: int = 4096
    threads: int = 1
    money: str = "fen"  # fen | decimal | text
    day: str = "text"  # text | timestamp
    person: str = "text"  # text | number
    wide: bool = False  # decimal128 results


PLAIN = Way()


def _money(amounts: list[int | None], way: Way) -> pa.Array:
    if way.money == "fen":
        return pa.array(amounts, pa.int64())
    text = [None if a is None else f"{a // 100}.{a % 100:02}" for a in amounts]
    if way.money == "text":
        return pa.array(text, pa.string())
    return pa.array(text, pa.string()).cast(pa.decimal128(18, 2))


def _days(values: list[Any], kind: str) -> pa.Array:
    if kind == "timestamp":
        return pa.array(values, pa.timestamp("s"))
    return pa.array(
        [None if v is None else v.strftime("%Y-%m-%d %H:%M:%S") for v in values]
    )


def _person(names: list[str], way: Way) -> pa.Array:
    if way.person == "number":
        return pa.array([int(name.lstrip("p")) for name in names], pa.int64())
    return pa.array(names, pa.string())


def claims_table(policy: model.Policy, years: Years, way: Way) -> pa.Table:
    """The claims as the columns that a caller would hand over."""
    rows = years.claims
    columns: dict[str, pa.Array] = {
        "psn_no": _person([r["psn_no"] for r in rows], way),
        "setl_id": pa.array([r["setl_id"] for r in rows], pa.string()),
        "init_setl_id": pa.array([r["init_setl_id"] for r in rows], pa.string()),
    }
    if carried(years):
        held = ["、".join(sorted(row["identities"])) or None for row in rows]
        columns["psn_idet_type"] = pa.array(held, pa.string())
    for source in policy.inputs:
        if source.table == "enrolment":
            continue
        values = [row.get(source.column) for row in rows]
        match source.kind:
            case model.Kind.MONEY:
                columns[source.column] = _money(values, way)
            case model.Kind.DATE if source.column == policy.year_by.column:
                columns[source.column] = _days(values, way.day)
            case model.Kind.DATE:
                columns[source.column] = pa.array(values, pa.date32())
            case model.Kind.FLAG:
                text = [None if v is None else str(int(v)) for v in values]
                columns[source.column] = pa.array(text, pa.string())
            case model.Kind.COUNT:
                columns[source.column] = pa.array(values, pa.int64())
            case _:
                columns[source.column] = pa.array(values, pa.string())
    return pa.table(columns)


def carried(years: Years) -> bool:
    """Whether the claims carry the identities."""
    return any("identities" in claim for claim in years.claims)


def people_table(years: Years, way: Way) -> pa.Table:
    """Identities held from … to …"""
    return pa.table(
        {
            "psn_no": _person([h.person for h in years.held], way),
            "psn_idet_type": pa.array([h.identity for h in years.held], pa.string()),
            "begndate": pa.array([h.start for h in years.held], pa.date32()),
            "enddate": pa.array([h.end for h in years.held], pa.date32()),
        }
    )


def applications_table(years: Years, way: Way) -> pa.Table:
    """Applications, in no order."""
    return pa.table(
        {
            "psn_no": _person([a.person for a in years.applications], way),
            "apply_date": pa.array([a.day for a in years.applications], pa.date32()),
            "psn_idet_type": pa.array(
                [a.identity for a in years.applications], pa.string()
            ),
        }
    )


class StoppedError(Exception):
    """The run was refused; the cause as the core gives it."""


def _batches(table: pa.Table, rows: int) -> pa.RecordBatchReader:
    return pa.RecordBatchReader.from_batches(table.schema, table.to_batches(rows))


def _values(column: pa.ChunkedArray) -> list[Any]:
    """The values of a column; amounts in fen, 0 where there is none."""
    if pa.types.is_decimal64(column.type):
        fen = column.combine_chunks().view(pa.int64()).to_pylist()
        return [0 if value is None else value for value in fen]
    if pa.types.is_decimal(column.type):
        return [
            0 if value is None else int(value.scaleb(2)) for value in column.to_pylist()
        ]
    return column.to_pylist()  # type: ignore[no-any-return]


def _records(table: pa.Table) -> Iterator[dict[str, Any]]:
    columns = [_values(column) for column in table.columns]
    for values in zip(*columns, strict=True):
        yield dict(zip(table.column_names, values, strict=True))


def run(
    program: bytes,
    policy: model.Policy,
    years: Years,
    way: Way = PLAIN,
    *,
    close: bool = True,
    opening: pa.Table | None = None,
) -> Result:
    """Settle on the machine; claims that carry identities stand for the people table."""
    settled = _core.settle(
        _core.Program(program),
        _batches(claims_table(policy, years, way), way.batch),
        people=None if carried(years) else people_table(years, way),
        applications=applications_table(years, way),
        opening=opening,
        close_year=close,
        threads=way.threads,
        wide=way.wide,
        details=bool(policy.choices),
    )
    try:
        table = pa.RecordBatchReader.from_stream(settled).read_all()
    except pa.ArrowInvalid as error:
        raise StoppedError(settled.failure()) from error
    records = pa.RecordBatchReader.from_stream(settled.years()).read_all()
    codes = [benefit.code for benefit in policy.benefits]
    measures = measured(program)
    rows = list(_rows(table, codes, measures))
    return Result(rows, list(_years(records, policy, codes)))


def totals(
    program: bytes,
    policy: model.Policy,
    years: Years,
    until: dt.date,
    way: Way = PLAIN,
    opening: pa.Table | None = None,
) -> pa.Table:
    """What everybody has accumulated after a day: a table of opening balances."""
    settled = _core.settle(
        _core.Program(program),
        _batches(claims_table(policy, years, way), way.batch),
        people=None if carried(years) else people_table(years, way),
        applications=applications_table(years, way),
        opening=opening,
        threads=way.threads,
        totals_until=(until - dt.date(1970, 1, 1)).days,
    )
    pa.RecordBatchReader.from_stream(settled).read_all()
    table = pa.RecordBatchReader.from_stream(settled.accumulated()).read_all()
    return table.append_column("until", pa.array([until] * len(table), pa.date32()))


def measured(program: bytes) -> list[tuple[str, int]]:
    """Names and scales of what claims add; none where the file is damaged."""
    try:
        found = decode(program).measures
    except ProgramFileError:
        return []
    return [
        (m.name, m.scale) for m in found if m.section == "claim" and m.kind != "code"
    ]


def _name(value: str | int) -> str:
    return value if isinstance(value, str) else f"p{value:05}"


def _rows(
    table: pa.Table, codes: list[str], measures: list[tuple[str, int]]
) -> Iterator[Row]:
    for one in _records(table):
        row = Row(_name(one["psn_no"]), one["setl_id"], one["role"])
        row.reason = one["reject"] or ""
        if row.role != "rejected":
            row.benefit_year, row.standing = one["benefit_year"], one["standing"]
            row.payments = {code: one[code] for code in codes}
            row.burden, row.excess = one["psn_burden"], one["excess"]
            row.paying = Paying(
                one.get("payee"),
                one.get("due_by"),
                one.get("payee_excess", 0),
                one.get("outlay_replaced", 0),
            )
            row.offered = {
                code: one[f"{code}.offered"]
                for code in codes
                if f"{code}.offered" in one
            }
            row.measures = {n: Fraction(one[n], 10**scale) for n, scale in measures}
        yield row


def _years(
    table: pa.Table, policy: model.Policy, codes: list[str]
) -> Iterator[YearRow]:
    for one in _records(table):
        yield YearRow(
            _name(one["psn_no"]),
            one["benefit_year"],
            one["application"],
            rows={code: one[code] for code in codes},
            paid={code: one[f"{code}.limit_used"] for code in codes},
            year_end={code: one[f"{code}.year_end"] for code in codes},
            look_back={code: one[f"{code}.lookback"] for code in codes},
            used={s.name: one[f"{s.name}.used"] for s in policy.shared_limits},
            sums={w.code: one[f"{w.code}.sum"] for w in policy.warnings},
            warned={w.code: one[f"{w.code}.warned"] for w in policy.warnings},
        )
