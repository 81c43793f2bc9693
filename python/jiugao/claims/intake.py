"""Text or typed columns of one batch come in; exact typed columns and findings go out.

Money becomes fen in int64 (at most two decimals, never through a float), days date32,
times timestamp[us], flags bool, counts int64. Whole columns at a time; a value is looked
at alone only where its column has a bad one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

import pyarrow as pa
import pyarrow.compute as pc

from jiugao.claims.contract import Column, ColumnKind
from jiugao.claims.findings import DataError, Findings, Reason

MONEY = r"^[+-]?[0-9]{1,15}(\.[0-9]{1,2})?$"
LONGER = r"^[+-]?[0-9]+\.[0-9]{3,}$"
TIME = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?)?$"
COMPACT = r"^([0-9]{4})([0-9]{2})([0-9]{2})$"
TRUE = ("1", "是", "true", "True", "TRUE", "Y", "y")
FALSE = ("0", "否", "false", "False", "FALSE", "N", "n")

ARROW = {
    ColumnKind.TEXT: pa.string(),
    ColumnKind.CODE: pa.string(),
    ColumnKind.MONEY: pa.int64(),
    ColumnKind.TIME: pa.timestamp("us"),
    ColumnKind.DAY: pa.date32(),
    ColumnKind.FLAG: pa.bool_(),
    ColumnKind.COUNT: pa.int64(),
}
"""The Arrow type that each kind has inside."""


@dataclass(frozen=True)
class Typed:
    """Columns of the same length as the batch, null where blank or bad."""

    columns: dict[str, pa.Array]
    findings: Findings


def intake(batch: pa.RecordBatch, columns: Sequence[Column], file: str) -> Typed:
    """Type every column of `columns`; one that the batch lacks is its default throughout.

    Raises DataError for a column whose type cannot be taken at all (float amounts).
    """
    findings = Findings.none()
    made: dict[str, pa.Array] = {}
    for column in columns:
        index = present(batch.schema, column)
        if index is None:
            array = default_array(column, batch.num_rows)
        else:
            array = _typed(batch.column(index), column, file, findings)
            if column.default is not None:
                array = array.fill_null(default_scalar(column))
        if column.required and array.null_count:
            _missing(array, column, findings)
        made[column.name] = array
    return Typed(made, findings)


def present(schema: pa.Schema, column: Column) -> int | None:
    """Where the schema has the column, under any of its spellings."""
    return next((i for n in column.names if (i := schema.get_field_index(n)) >= 0), None)


def default_scalar(column: Column) -> pa.Scalar:
    """The column's default, typed; null without one."""
    kind = ARROW[column.kind]
    if column.default is None:
        return pa.scalar(None, kind)
    one = pa.array([column.default], pa.string())
    return _typed(one, column, "", Findings.none())[0]


def default_array(column: Column, rows: int) -> pa.Array:
    """A whole column of the default."""
    return pa.repeat(default_scalar(column), rows)


def _missing(array: pa.Array, column: Column, findings: Findings) -> None:
    already = {r for r, c in zip(findings.rows, findings.columns, strict=True) if c == column.name}
    rows = [r for r in pc.indices_nonzero(pc.is_null(array)).to_pylist() if r not in already]
    findings.add(rows, column.name, Reason.MISSING, [""] * len(rows))


def _typed(array: pa.Array, column: Column, file: str, findings: Findings) -> pa.Array:
    kind = array.type
    if pa.types.is_dictionary(kind):
        array = array.dictionary_decode()
        kind = array.type
    if pa.types.is_null(kind):
        return pa.nulls(len(array), ARROW[column.kind])
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return _from_text(array.cast(pa.string()), column, findings)
    match column.kind:
        case ColumnKind.MONEY:
            return _typed_money(array, column, file, findings)
        case ColumnKind.TIME | ColumnKind.DAY if pa.types.is_temporal(kind):
            return array.cast(ARROW[column.kind], safe=False)
        case ColumnKind.FLAG if pa.types.is_boolean(kind):
            return array
        case ColumnKind.FLAG | ColumnKind.TEXT | ColumnKind.CODE if pa.types.is_integer(kind):
            return _from_text(array.cast(pa.string()), column, findings)
        case ColumnKind.COUNT if pa.types.is_integer(kind):
            return array.cast(pa.int64())
        case _:
            raise DataError("D908", file=file, column=column.name, kind=str(kind))


def _typed_money(array: pa.Array, column: Column, file: str, findings: Findings) -> pa.Array:
    kind = array.type
    if pa.types.is_floating(kind):
        raise DataError("D904", file=file, column=column.name)
    if not pa.types.is_decimal(kind):
        raise DataError("D908", file=file, column=column.name, kind=str(kind))
    if kind.scale <= 2:
        return fen(array.cast(pa.decimal64(18, 2)))
    return _from_text(_shortest(array.cast(pa.string())), column, findings)


def _shortest(text: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(text, r"(\.[0-9]{2}[0-9]*?)0+$", r"\1")


def fen(amounts: pa.Array) -> pa.Array:
    """decimal64(18,2) as int64 fen: the same bytes under another name."""
    return pa.Array.from_buffers(
        pa.int64(), len(amounts), amounts.buffers(), amounts.null_count, amounts.offset
    )


def yuan(amounts: pa.Array) -> pa.Array:
    """int64 fen as decimal64(18,2): the same bytes under another name."""
    return pa.Array.from_buffers(
        pa.decimal64(18, 2), len(amounts), amounts.buffers(), amounts.null_count, amounts.offset
    )


def sum_fen(amounts: pa.Array) -> int:
    """The sum of a money column, in fen; null counts as nothing."""
    if pa.types.is_decimal(amounts.type):
        amounts = fen(amounts.cast(pa.decimal64(18, 2)))
    total: int | None = pc.sum(amounts).as_py()
    return total or 0


def _from_text(text: pa.Array, column: Column, findings: Findings) -> pa.Array:
    match column.kind:
        case ColumnKind.MONEY:
            return _money(text, column, findings)
        case ColumnKind.TIME:
            return _time(text, column, findings)
        case ColumnKind.DAY:
            return _time(text, column, findings).cast(pa.date32(), safe=False)
        case ColumnKind.TEXT:
            return _trimmed(text)
        case ColumnKind.CODE:
            return _code(_trimmed(text), column, findings)
        case ColumnKind.FLAG:
            return _flag(_trimmed(text), column, findings)
        case ColumnKind.COUNT:
            good, text = _split(text, r"^[0-9]{1,15}$", column, Reason.COUNT, findings)
            return pc.if_else(good, text, None).cast(pa.int64())
        case _:
            assert_never(column.kind)


def _trimmed(text: pa.Array) -> pa.Array:
    """Without spaces around; a blank is null. Touches nothing where nothing is to trim."""
    if pc.any(pc.match_substring_regex(text, r"^\s|\s$|^$")).as_py():
        text = pc.utf8_trim_whitespace(text)
        text = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    return text


def _split(
    text: pa.Array, pattern: str, column: Column, reason: Reason, findings: Findings
) -> tuple[pa.Array, pa.Array]:
    """Which rows match (null stays null), after trimming only where some do not."""
    good = pc.match_substring_regex(text, pattern)
    if pc.all(good).as_py() is not False:
        return good, text
    text = _trimmed(text)
    good = pc.match_substring_regex(text, pattern)
    bad = pc.indices_nonzero(pc.invert(good).fill_null(False))
    if len(bad):
        findings.add(bad.to_pylist(), column.name, reason, text.take(bad).to_pylist())
    return good, text


def _money(text: pa.Array, column: Column, findings: Findings) -> pa.Array:
    found = Findings.none()
    good, text = _split(text, MONEY, column, Reason.MONEY, found)
    if found.rows:
        longer = pc.match_substring_regex(pa.array(found.values), LONGER).to_pylist()
        for row, value, many in zip(found.rows, found.values, longer, strict=True):
            reason = Reason.DECIMALS if many else Reason.MONEY
            findings.add([row], column.name, reason, [value])
        text = pc.if_else(good, text, pa.scalar(None, pa.string()))
    return fen(text.cast(pa.decimal64(18, 2)))


def _time(text: pa.Array, column: Column, findings: Findings) -> pa.Array:
    good = pc.match_substring_regex(text, TIME)
    if pc.all(good).as_py() is not False:
        try:
            return text.cast(pa.timestamp("us"))
        except pa.ArrowInvalid:
            pass
    return _time_one_by_one(_trimmed(text), column, findings)


def _time_one_by_one(text: pa.Array, column: Column, findings: Findings) -> pa.Array:
    """Other spellings of a day, and days that no calendar has: each distinct text once."""
    text = pc.replace_substring_regex(text, COMPACT, r"\1-\2-\3")
    text = pc.replace_substring_regex(text, r"^([0-9]{4})[/.]([0-9]{1,2})[/.]", r"\1-\2-")
    text = pc.replace_substring_regex(text, r"^([0-9]{4})-([0-9])-", r"\1-0\2-")
    text = pc.replace_substring_regex(text, r"^([0-9]{4}-[0-9]{2})-([0-9])($|[ T])", r"\1-0\2\3")
    encoded = text.dictionary_encode()
    parsed: list[object] = []
    for value in encoded.dictionary.to_pylist():
        try:
            whole = pc.match_substring_regex(pa.scalar(value), TIME).as_py()
            parsed.append(
                pa.scalar(value, pa.string()).cast(pa.timestamp("us")).value if whole else None
            )
        except pa.ArrowInvalid:
            parsed.append(None)
    times = pa.array(parsed, pa.int64()).cast(pa.timestamp("us")).take(encoded.indices)
    bad = pc.indices_nonzero(pc.and_(pc.is_valid(text), pc.is_null(times)))
    if len(bad):
        findings.add(bad.to_pylist(), column.name, Reason.DATE, text.take(bad).to_pylist())
    return times


def _code(text: pa.Array, column: Column, findings: Findings) -> pa.Array:
    if not column.codes:
        return text
    known = pc.is_in(text, value_set=pa.array(column.codes, pa.string()))
    bad = pc.indices_nonzero(pc.and_(pc.is_valid(text), pc.invert(known)))
    if len(bad):
        findings.add(bad.to_pylist(), column.name, Reason.UNKNOWN_CODE, text.take(bad).to_pylist())
    return text


def _flag(text: pa.Array, column: Column, findings: Findings) -> pa.Array:
    yes = pc.is_in(text, value_set=pa.array(TRUE))
    no = pc.is_in(text, value_set=pa.array(FALSE))
    bad = pc.indices_nonzero(pc.and_(pc.is_valid(text), pc.invert(pc.or_(yes, no))))
    if len(bad):
        findings.add(bad.to_pylist(), column.name, Reason.FLAG, text.take(bad).to_pylist())
    return pc.if_else(pc.or_(yes, no), yes, pa.scalar(None, pa.bool_()))
