"""One data file comes in; batches of its columns with row numbers go out, nothing lost.

CSV and spreadsheets are read as text throughout; a row with too many or too few fields
becomes a reject and the rows after it keep their numbers. Row numbers are those a person
sees: in CSV the line (the header is line 1), in a sheet its own, in Parquet and of a
query the row counted from 1.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from jiugao.claims import query, spreadsheet
from jiugao.claims.ahead import ahead
from jiugao.claims.contract import Column
from jiugao.claims.encoding import blank_lines, look
from jiugao.claims.files import DataFile
from jiugao.claims.findings import DataError
from jiugao.claims.intake import present

BATCH_ROWS = 1 << 15
"""No less than the core cuts at (LONG in cutting.rs): shorter ones it copies together."""
ROOM = 1  # batch of all columns that may wait: another is in the making, and one is settled
CSV_BLOCK = (
    1 << 20
)  # bytes: pyarrow reads up to 32 of them ahead, and parses them in the caches
BUFFER = 1 << 17  # bytes of a column read at once: whole row groups would be held
BOM = b"\xef\xbb\xbf"


@dataclass
class Broken:
    """CSV lines that have another number of fields than the header.

    `lines` are numbered as a person sees them once `seen` has mapped them.
    """

    lines: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def take(self, row: pacsv.InvalidRow) -> str:
        """Remember the line and go on."""
        self.lines.append(row.number)
        self.texts.append(str(row.text)[:200])
        return "skip"


@dataclass(frozen=True)
class Batch:
    """Columns as the file has them, and the number of each row in it."""

    columns: pa.RecordBatch
    rows: pa.Array


def check_columns(there: Sequence[str], columns: Sequence[Column], file: str) -> None:
    """Raise DataError for a required column that is missing or two spellings of one."""
    for column in columns:
        spelt = [n for n in column.names if n in there]
        if len(spelt) > 1 or any(there.count(n) > 1 for n in spelt):
            raise DataError("D910", file=file, column=tuple(spelt))
        if column.required and not spelt:
            raise DataError("D903", file=file, column="/".join(column.names))


def schema_of(file: DataFile) -> pa.Schema:
    """Names (and, in Parquet, types) of the columns; raises DataError like `batches`.

    Names are the contract's where a mapping gives them.
    """
    schema = _own_schema(file)
    return pa.schema([f.with_name(file.local.name(f.name)) for f in schema])


def own_names(file: DataFile) -> list[str]:
    """The columns as the file itself calls them."""
    return list(_own_schema(file).names)


def _own_schema(file: DataFile) -> pa.Schema:
    if file.is_parquet:
        return _parquet(file).schema_arrow
    if file.is_query:
        return query.schema(file)
    names = spreadsheet.header(file) if file.is_sheet else _header(file)
    return pa.schema([(n, pa.string()) for n in names])


def batches(
    file: DataFile, columns: Sequence[Column], broken: Broken
) -> Iterator[Batch]:
    """The file's batches with only the columns asked for, in order.

    Raises DataError: empty, damaged, in an unknown encoding, without a required column.
    """
    schema = schema_of(file)
    check_columns(schema.names, columns, file.name)
    indices = [i for c in columns if (i := present(schema, c)) is not None]
    yield from of_names(file, [schema.names[i] for i in sorted(indices)], broken)


def of_names(file: DataFile, names: list[str], broken: Broken) -> Iterator[Batch]:
    """The file's batches with the columns of these names (the contract's, if mapped)."""
    wanted = set(names)
    own = [n for n in _own_schema(file).names if file.local.name(n) in wanted]
    for batch in _own_batches(file, own, broken):
        yield Batch(file.local.said(batch.columns), batch.rows)


def as_written(file: DataFile, broken: Broken) -> Iterator[Batch]:
    """The file's batches with all columns, under the names it has itself."""
    return _own_batches(file, own_names(file), broken)


def _own_batches(file: DataFile, names: list[str], broken: Broken) -> Iterator[Batch]:
    if file.is_parquet:
        yield from ahead(_parquet_batches(file, names), ROOM)
    elif file.is_query:
        yield from _numbered(query.rows(file, names, BATCH_ROWS))
    elif file.is_sheet:
        for numbers, cells, bad in spreadsheet.text_rows(file, names):
            broken.lines.extend(n for n, _ in bad)
            broken.texts.extend(text[:200] for _, text in bad)
            if numbers:
                yield Batch(cells, pa.array(numbers, pa.int64()))
    else:
        yield from ahead(_csv_batches(file, names, broken))


def _parquet(file: DataFile) -> pq.ParquetFile:
    if file.path.stat().st_size == 0:
        raise DataError("D905", file=file.name)
    try:
        return pq.ParquetFile(file.path, pre_buffer=False, buffer_size=BUFFER)
    except (pa.ArrowInvalid, OSError) as error:
        raise DataError("D906", file=file.name, detail=_brief(error)) from error


def _parquet_batches(file: DataFile, names: list[str]) -> Iterator[Batch]:
    found = _parquet(file)
    try:
        yield from _numbered(
            found.iter_batches(BATCH_ROWS, columns=names, use_threads=False)
        )
    except (pa.ArrowInvalid, OSError) as error:
        raise DataError("D906", file=file.name, detail=_brief(error)) from error


def _numbered(found: Iterable[pa.RecordBatch]) -> Iterator[Batch]:
    """Rows counted from 1."""
    start = 1
    for batch in found:
        stop = start + batch.num_rows
        yield Batch(batch, _numbers(start, stop))
        start = stop


def _header(file: DataFile) -> list[str]:
    with file.path.open("rb") as stream:
        line = stream.readline(1 << 20).removeprefix(BOM)
    if not line.strip():
        raise DataError("D905", file=file.name)
    text = line.decode(look(file.path).encoding)
    table = pacsv.read_csv(
        pa.py_buffer(text.encode()),
        parse_options=_parse(Broken()),
        convert_options=_text([]),
    )
    return [n.strip() for n in table.column_names]


def _parse(broken: Broken) -> pacsv.ParseOptions:
    return pacsv.ParseOptions(
        invalid_row_handler=broken.take,
        newlines_in_values=False,
        ignore_empty_lines=True,
    )


def _text(names: list[str]) -> pacsv.ConvertOptions:
    return pacsv.ConvertOptions(
        column_types={n: pa.string() for n in names},
        include_columns=names or None,
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
    )


def _csv_batches(file: DataFile, names: list[str], broken: Broken) -> Iterator[Batch]:
    header, seen_as = _header(file), look(file.path)
    blank = blank_lines(file.path) if seen_as.blank else []
    reading = pacsv.ReadOptions(
        use_threads=False,
        block_size=CSV_BLOCK,
        column_names=header,
        skip_rows=1,
        encoding="utf8" if seen_as.encoding == "utf-8" else seen_as.encoding,
    )
    line = 2
    try:
        with pacsv.open_csv(file.path, reading, _parse(broken), _text(names)) as reader:
            for batch in _gathered(reader):
                rows, line = _lines(line, batch.num_rows, broken)
                yield Batch(batch, _as_seen(rows, blank))
            broken.lines = [seen(line, blank) for line in broken.lines]
    except pa.ArrowInvalid as error:
        raise DataError("D906", file=file.name, detail=_brief(error)) from error


def _gathered(blocks: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The rows of several blocks together: what is done to a batch costs the same for few."""
    held: list[pa.RecordBatch] = []
    rows = 0
    for block in blocks:
        held.append(block)
        rows += block.num_rows
        if rows >= BATCH_ROWS:
            yield pa.concat_batches(held)
            held, rows = [], 0
    if rows:
        yield pa.concat_batches(held)


def _lines(line: int, count: int, broken: Broken) -> tuple[pa.Array, int]:
    """Numbers of the next `count` good lines, blank ones not counted, and the one after."""
    skipped = {n for n in broken.lines if n >= line}
    if not skipped:
        return _numbers(line, line + count), line + count
    numbers: list[int] = []
    while len(numbers) < count:
        if line not in skipped:
            numbers.append(line)
        line += 1
    return pa.array(numbers, pa.int64()), line


def _numbers(start: int, stop: int) -> pa.Array:
    return pa.arange(start, stop)


def seen(line: int, blank: Sequence[int]) -> int:
    """The number that a person sees of a line counted without the blank ones."""
    for number in blank:
        if number > line:
            break
        line += 1
    return line


def _as_seen(rows: pa.Array, blank: Sequence[int]) -> pa.Array:
    if not blank:
        return rows
    shifts = [number - n for n, number in enumerate(blank)]
    return pa.array([r + bisect_right(shifts, r) for r in rows.to_pylist()], pa.int64())


def _brief(error: Exception) -> str:
    return str(error).splitlines()[0][:160]
