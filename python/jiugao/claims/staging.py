"""Claim files come in; typed, complete, ordered claims go out as one stream.

Files are read once into DuckDB (which spills beyond its memory limit), copies of one
settlement are settled there, and rows leave ordered by person, full time and settlement.
Parquet that is already in that order is streamed straight through.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa
import pyarrow.compute as pc

from jiugao.claims.contract import Column, ColumnKind, tables
from jiugao.claims.control import Control
from jiugao.claims.files import DataFile
from jiugao.claims.findings import DataError, Findings, Reason, yuan_of
from jiugao.claims.intake import ARROW, intake
from jiugao.claims.reading import Batch, Broken, batches
from jiugao.claims.rejects import Rejects
from jiugao.claims.scalars import NO, NOTHING, YES, ZERO_FLAG, number

INSTITUTION = "fixmedins_code"
REGIONS = ("insu_admdvs", "fix_blng_admdvs")  # of the person, of the institution
DIGITS = {"in_county": None, "in_city": 4}  # how much of a region's code says it
SETTLED = "setl_time"
Progress = Callable[[int], None]


class Reversals(StrEnum):
    """How a file writes the undoing of a settlement (domain: refund and reversal).

    NEGATIVE: a row with the original's id and amounts below zero. FLAGS: a row with the
    original's id whose amounts are positive, the sign being in the flag.
    """

    NEGATIVE = "negative"
    FLAGS = "flags"


@dataclass(frozen=True)
class Institutions:
    """The institution table, ready to be joined: codes and the columns beside them."""

    codes: pa.Array
    columns: dict[str, pa.Array]


@dataclass(frozen=True)
class Reading:
    """How claims are to be read: columns wanted, convention, persons left out.

    `day`: the column by which the policy takes days and years. `certificate`: the column
    that tells which numbers are one person's, where persons are told by it; `control`: what
    is held against what; `known_on`: later rows are left out.
    """

    columns: tuple[Column, ...]
    reversals: Reversals
    barred: pa.Array  # persons whose identity intervals are unusable
    institutions: Institutions | None
    wanted_of_institutions: tuple[Column, ...] = ()
    undone: tuple[str, ...] = ()  # amounts of a reversal that must undo its original's
    regions: tuple[Column, ...] = ()  # in_county, in_city: told by region codes
    day: str = SETTLED
    certificate: Column | None = None
    control: Control | None = None
    known_on: dt.date | None = None

    @property
    def typed(self) -> tuple[Column, ...]:
        """The columns that are taken from a file: its own, and those of the control."""
        return (*self.columns, *(self.control.columns if self.control else ()))

    @property
    def with_certificate(self) -> tuple[Column, ...]:
        """The columns, that of the certificate among them."""
        if self.certificate is None or self.certificate in self.columns:
            return self.columns
        return (*self.columns, self.certificate)

    @property
    def keys(self) -> tuple[str, ...]:
        """Claims go by person, the policy's day, the time of settlement, its id."""
        return tuple(dict.fromkeys(("psn_no", self.day, SETTLED, "setl_id")))


@dataclass
class Counts:
    """Rows of the claims table: read = accepted + duplicates + rejected + later.

    `later`: not known yet on the day as of which the year is looked at.
    """

    read: int = 0
    duplicates: int = 0
    later: int = 0


class Order:
    """Watches whether rows come in the order of their keys."""

    def __init__(self, keys: Sequence[str]) -> None:
        self.kept = True
        self._keys = keys
        self._last: pa.RecordBatch | None = None

    def watch(self, columns: Mapping[str, pa.Array]) -> None:
        """Compare the rows of a batch with each other and with the row before them."""
        keys = pa.record_batch([columns[k] for k in self._keys], names=list(self._keys))
        if not self.kept or keys.num_rows == 0:
            return
        if self._last is not None:
            self.kept = _rise(pa.concat_batches([self._last, keys.slice(0, 1)]))
        self.kept = self.kept and _rise(keys)
        self._last = keys.slice(keys.num_rows - 1)


def _rise(keys: pa.RecordBatch) -> bool:
    """Whether no row is below the one before it. The first key comes before the others."""
    before, after = keys.slice(0, keys.num_rows - 1), keys.slice(1)
    *outer, name = range(keys.num_columns)
    fine = pc.less_equal(before.column(name), after.column(name))
    for at in reversed(outer):
        rises = pc.less(before.column(at), after.column(at))
        stays = pc.equal(before.column(at), after.column(at))
        fine = pc.or_(rises, pc.and_(stays, fine))
    return pc.all(fine).as_py() is not False


def cleaned(
    files: Sequence[DataFile],
    reading: Reading,
    rejects: Rejects,
    counts: Counts,
    progress: Progress,
) -> Iterator[pa.RecordBatch]:
    """Accepted rows of all files in the files' order, with `file` and `row`."""
    schema = schema_of(reading)
    for file in files:
        broken = Broken()
        for batch in batches(file, reading.typed, broken):
            counts.read += batch.columns.num_rows
            out = _clean(batch, file, reading, schema, rejects)
            progress(batch.columns.num_rows)
            if out.num_rows:
                yield out
        rejects.add_broken("claims", file, broken.lines, broken.texts)
        counts.read += len(broken.lines)


def schema_of(reading: Reading) -> pa.Schema:
    """The columns that `cleaned` yields."""
    fields = [(c.name, ARROW[c.kind]) for c in reading.columns]
    known = {c.name for c in reading.columns}
    if reading.institutions is not None:
        fields += [
            (c.name, ARROW[c.kind])
            for c in reading.wanted_of_institutions
            if c.name not in known
        ]
    fields += [(c.name, ARROW[c.kind]) for c in reading.regions if c.name not in known]
    return pa.schema([*fields, ("file", pa.int32()), ("row", pa.int64())])


def _clean(
    batch: Batch,
    file: DataFile,
    reading: Reading,
    schema: pa.Schema,
    rejects: Rejects,
) -> pa.RecordBatch:
    typed = intake(batch.columns, reading.typed, file.name)
    columns, found = typed.columns, typed.findings
    rows, warned = batch.rows, Findings.none()
    if reading.control is not None:
        warned = reading.control.check(columns, found)
    _check_persons(columns, reading, found)
    _check_valid(columns, found)
    columns = _signs(columns, reading, file, rows, found)
    if reading.institutions is not None:
        columns = _with_institutions(columns, reading, found)
    if reading.regions:
        columns = _with_regions(columns, reading)
    rejects.add_findings("claims", file, rows, columns, found)
    warned = warned.without(set(found.rows))
    rejects.warnings.add_findings("claims", file, rows, columns, warned)
    columns = {
        **columns,
        "file": pa.repeat(number(file.number, pa.int32()), len(rows)),
        "row": rows,
    }
    whole = pa.record_batch([columns[f.name] for f in schema], schema=schema)
    if not found.rows:
        return whole
    bad = pa.array(sorted(set(found.rows)), pa.int64())
    keep = pc.invert(pc.is_in(pa.arange(0, len(rows)), value_set=bad))
    return whole.filter(keep)


def _check_persons(
    columns: dict[str, pa.Array], reading: Reading, found: Findings
) -> None:
    # Where persons are told by certificates, whose claims do not count is told later.
    if len(reading.barred) and reading.certificate is None:
        hit = pc.indices_nonzero(pc.is_in(columns["psn_no"], value_set=reading.barred))
        if len(hit):
            values = columns["psn_no"].take(hit).to_pylist()
            found.add(hit.to_pylist(), "psn_no", Reason.PERSON_INTERVAL, values)


def _check_valid(columns: dict[str, pa.Array], found: Findings) -> None:
    flag = columns.get("vali_flag")
    if flag is None:
        return
    invalid = pc.equal(flag, ZERO_FLAG)
    if invalid.true_count:
        hit = pc.indices_nonzero(invalid)
        found.add(hit.to_pylist(), "vali_flag", Reason.INVALID_ROW, ["0"] * len(hit))


def _signs(
    columns: dict[str, pa.Array],
    reading: Reading,
    file: DataFile,
    rows: pa.Array,
    found: Findings,
) -> dict[str, pa.Array]:
    """Reversal rows negative throughout, whichever way the file writes them."""
    original = columns.get("init_setl_id")
    reversal = (
        pc.is_valid(original) if original is not None else pa.repeat(NO, len(rows))
    )
    undoing = pc.indices_nonzero(reversal)
    total = columns["medfee_sumamt"].take(undoing)
    wrong = (
        pc.greater(total, NOTHING)
        if reading.reversals is Reversals.NEGATIVE
        else pc.less(total, NOTHING)
    )
    if wrong.true_count:
        row = str(rows[undoing[pc.index(wrong, YES).as_py()].as_py()].as_py())
        raise DataError(
            "D907", file=file.name, row=row, convention=str(reading.reversals)
        )
    money = [c.name for c in reading.columns if c.kind is ColumnKind.MONEY]
    flip = reading.reversals is Reversals.FLAGS and len(undoing) > 0
    for name in money:
        amounts = columns[name]
        below = pc.less(amounts, NOTHING)
        # Most are those of reversals: only where there are more is it asked which.
        if below.true_count > pc.less(amounts.take(undoing), NOTHING).true_count:
            bad = pc.indices_nonzero(pc.and_(below, pc.invert(reversal)))
            values = [yuan_of(v) for v in amounts.take(bad).to_pylist()]
            found.add(bad.to_pylist(), name, Reason.NEGATIVE, values)
        if flip:
            columns = {
                **columns,
                name: pc.if_else(reversal, pc.negate(amounts), amounts),
            }
    return columns


def key_of(name: str) -> str:
    """The claims column by which an institution's column is found: `code.column`."""
    key, dot, _ = name.rpartition(".")
    return key if dot else INSTITUTION


def plain(name: str) -> str:
    """The institution table's own name of a column."""
    return name.rpartition(".")[2]


def _with_institutions(
    columns: dict[str, pa.Array], reading: Reading, found: Findings
) -> dict[str, pa.Array]:
    assert reading.institutions is not None
    table = reading.institutions
    joined: dict[str, pa.Array] = {}
    for key in dict.fromkeys(
        (INSTITUTION, *(key_of(c.name) for c in reading.wanted_of_institutions))
    ):
        code = columns[key]
        at = pc.index_in(code, value_set=table.codes)
        if at.null_count > code.null_count:
            lost = pc.indices_nonzero(pc.and_(pc.is_valid(code), pc.is_null(at)))
            values = code.take(lost).to_pylist()
            found.add(lost.to_pylist(), key, Reason.UNKNOWN_INSTITUTION, values)
        for c in reading.wanted_of_institutions:
            if key_of(c.name) == key:
                joined[c.name] = table.columns[plain(c.name)].take(at)
    own = {
        name: pc.coalesce(columns[name], array) if name in columns else array
        for name, array in joined.items()
    }
    return {**columns, **own}


def _with_regions(
    columns: dict[str, pa.Array], reading: Reading
) -> dict[str, pa.Array]:
    """Treated in one's own county, or city: by the region codes of person and institution.

    Counties have codes of their own, cities the first four digits; where a claim lacks
    either code, the institution's in_area says it. A column of the claims comes first.
    """
    insured, treated = (columns[name] for name in REGIONS)
    table = reading.institutions
    area = pa.nulls(len(insured), pa.bool_())
    if table is not None and "in_area" in table.columns:
        at = pc.index_in(columns[INSTITUTION], value_set=table.codes)
        area = table.columns["in_area"].take(at)
    made: dict[str, pa.Array] = {}
    for column in reading.regions:
        digits = DIGITS[column.name]
        one, other = (_region(codes, digits) for codes in (insured, treated))
        told = pc.coalesce(pc.equal(one, other), area)
        own = columns.get(column.name)
        made[column.name] = told if own is None else pc.coalesce(own, told)
    return {**columns, **made}


def _region(codes: pa.Array, digits: int | None) -> pa.Array:
    return codes if digits is None else pc.utf8_slice_codeunits(codes, 0, digits)


def claims_columns(wanted: Sequence[Column]) -> tuple[Column, ...]:
    """The contract's own columns that every run reads, then those wanted beside them."""
    always = (
        "psn_no",
        "setl_id",
        "setl_time",
        "init_setl_id",
        "refd_setl_flag",
        "vali_flag",
        "updt_time",
    )
    contract = tables()["claims"]
    base = [c for name in always if (c := contract.column(name)) is not None]
    base += [c for c in contract.columns if c.required and c not in base]
    names = {c.name for c in wanted}
    return (*(c for c in base if c.name not in names), *wanted)
