"""Data files come in; what their columns hold, and a draft of a mapping, go out.

A proposal is made where a name of the file is one of the contract's under another
spelling (its Chinese name, what offices call it, other case or blanks), and where a
value is the label of a code. What only looks alike is a guess: it stands in the draft as
a comment.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum

import pyarrow as pa
import pyarrow.compute as pc

from jiugao.claims.contract import Column, ColumnKind, TableContract
from jiugao.claims.files import DataFile
from jiugao.claims.local import AS_IT_IS, Local
from jiugao.claims.reading import Broken, as_written, own_names

LOOKED_AT = 200_000  # rows of a file: enough to see its kinds
SHOWN = 3
MOST_CODES = 60  # a column of more values than this is no column of codes
ALIKE = 0.6
Labels = Mapping[str, Mapping[str, str]]
"""By column: label -> code."""


@dataclass
class Seen:
    """What a column of a file holds."""

    name: str
    filled: int = 0
    longest_decimals: int = 0
    negative: int = 0
    values: Counter[str] = field(default_factory=Counter)

    @property
    def examples(self) -> tuple[str, ...]:
        """The most frequent values."""
        return tuple(v for v, _ in self.values.most_common(SHOWN))


class How(StrEnum):
    """How a column of a file was understood."""

    AS_IT_IS = "as_it_is"  # the contract's own name or second spelling
    PROPOSED = "proposed"  # the same word written otherwise
    GUESSED = "guessed"  # only alike: somebody must say
    UNKNOWN = "unknown"  # nothing a run reads


@dataclass(frozen=True)
class Found:
    """A column of the files: what it is read as.

    `meant`: the contract's name, None where unknown. `codes`: values that are labels ->
    their codes; `strange`: values that are neither -> the nearest label's code, or None.
    """

    seen: Seen
    meant: str | None
    how: How
    codes: Mapping[str, str] = field(default_factory=dict)
    strange: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def sure(self) -> bool:
        """Nobody needs to be asked."""
        return self.how in (How.AS_IT_IS, How.PROPOSED)


@dataclass(frozen=True)
class TableProfile:
    """One table's files as they were found. `missing`: required columns not found."""

    table: str
    rows: int
    encodings: tuple[str, ...]
    columns: tuple[Found, ...]
    missing: tuple[str, ...]
    negative_rows: bool


def profile_table(
    contract: TableContract,
    columns: Sequence[Column],
    labels: Labels,
    files: Sequence[DataFile],
) -> TableProfile:
    """Look at the files of a table.

    `columns`: the contract's and the policy's; `labels`: by column, label -> code.
    """
    seen: dict[str, Seen] = {}
    rows = 0
    for file in files:
        rows += _look(file, seen)
    local = next((f.local for f in files), AS_IT_IS)
    words = (word for c in columns for word in (*c.names, c.zh, c.en))
    own = {_plain(word) for word in (*words, *local.columns)}
    found = _once([_found(s, columns, labels, local) for s in seen.values()], own)
    meant = {f.meant for f in found if f.sure}
    missing = tuple(
        c.name for c in columns if c.required and not meant.intersection(c.names)
    )
    amounts = {c.name for c in columns if c.kind is ColumnKind.MONEY}
    return TableProfile(
        contract.name,
        rows,
        tuple(sorted({_encoding(f) for f in files})),
        found,
        missing,
        any(f.seen.negative for f in found if f.meant in amounts),
    )


def _once(found: Sequence[Found], own: Collection[str]) -> tuple[Found, ...]:
    """Offices' words only where no other column is what they mean; the rest are guesses.

    `own`: the contract's words and those of the mapping, which are surer.
    """
    taken = {f.meant for f in found if f.sure and _plain(f.seen.name) in own}
    made: list[Found] = []
    for one in found:
        words = one.sure and _plain(one.seen.name) not in own
        twice = words and one.meant in taken
        made.append(Found(one.seen, one.meant, How.GUESSED) if twice else one)
        taken.add(one.meant if one.sure else None)
    return tuple(made)


def _look(file: DataFile, seen: dict[str, Seen]) -> int:
    names = own_names(file)
    for name in names:
        seen.setdefault(name, Seen(name))
    rows = 0
    for batch in as_written(file, Broken()):
        for name in names:
            _count(seen[name], batch.columns.column(name))
        rows += batch.columns.num_rows
        if rows >= LOOKED_AT:
            break
    return rows


def _count(seen: Seen, column: pa.Array) -> None:
    text = pc.utf8_trim_whitespace(column.cast(pa.string()))
    text = text.filter(pc.fill_null(pc.not_equal(text, ""), False))
    seen.filled += len(text)
    numbers = text.filter(pc.match_substring_regex(text, r"^-?[0-9]+([.][0-9]+)?$"))
    if len(numbers):
        parts = pc.replace_substring_regex(numbers, r"^[^.]*[.]?", "")
        longest = pc.max(pc.utf8_length(parts)).as_py()
        seen.longest_decimals = max(seen.longest_decimals, longest)
        seen.negative += pc.sum(pc.starts_with(numbers, "-")).as_py()
    if len(seen.values) <= MOST_CODES:
        for one in pc.value_counts(text):
            seen.values[one["values"].as_py()] += one["counts"].as_py()


def _found(
    seen: Seen, columns: Sequence[Column], labels: Labels, local: Local
) -> Found:
    said = {c: {**labels.get(c, {}), **w} for c, w in local.codes.items()}
    if (meant := local.columns.get(seen.name)) is not None:
        return understood(seen, meant, How.PROPOSED, {**labels, **said})
    return understood(seen, *meaning(seen.name, columns), {**labels, **said})


def understood(seen: Seen, meant: str | None, how: How, labels: Labels) -> Found:
    """A column taken for the contract's column `meant`, its values for its codes."""
    codes = (
        labels.get(meant, {}) if meant is not None and how is not How.GUESSED else {}
    )
    if not codes or len(seen.values) > MOST_CODES:
        return Found(seen, meant, how)
    known = set(codes.values())
    by_plain = {_plain(label): code for label, code in codes.items()}
    values = [v for v in seen.values if v not in known]
    said = {v: by_plain[_plain(v)] for v in values if _plain(v) in by_plain}
    strange = {v: _nearest(v, by_plain) for v in values if v not in said}
    return Found(seen, meant, how, said, strange)


def meaning(name: str, columns: Sequence[Column]) -> tuple[str | None, How]:
    """The contract's column that a name means, and how far that is certain."""
    for column in columns:
        if name in column.names:
            return column.name, How.AS_IT_IS
    words = (
        (word, c.name) for c in columns for word in (*c.called, *c.names, c.zh, c.en)
    )
    plain = {_plain(word): column for word, column in words if word}
    if _plain(name) in plain:
        return plain[_plain(name)], How.PROPOSED
    near = _nearest(name, plain)
    return (near, How.GUESSED) if near else (None, How.UNKNOWN)


def _nearest(name: str, meanings: Mapping[str, str]) -> str | None:
    near = get_close_matches(_plain(name), meanings, n=1, cutoff=ALIKE)
    return meanings[near[0]] if near else None


def _plain(name: str) -> str:
    """A name without what offices add to it: units, blanks, case."""
    return re.sub(r"[（(][^）)]*[）)]|[\s_·:：-]", "", name).lower()


def _encoding(file: DataFile) -> str:
    if file.is_parquet:
        return "Parquet"
    if file.is_sheet:
        return "XLSX"
    from jiugao.claims.encoding import look  # noqa: PLC0415  reads the whole file

    return look(file.path).encoding.upper()


def draft(profiles: Sequence[TableProfile], remark: str) -> str:
    """A mapping file; guesses and values without a code are comments to be settled."""
    lines = [f"# {remark}"]
    for profile in profiles:
        lines += _columns_of(profile)
        for found in profile.columns:
            if found.codes or found.strange:
                lines += _codes_of(profile.table, found)
    return "\n".join(lines) + "\n"


def _columns_of(profile: TableProfile) -> list[str]:
    lines = []
    for found in profile.columns:
        name = found.seen.name
        if found.meant is None or found.how is How.AS_IT_IS:
            continue
        mark = "# ? " if found.how is How.GUESSED else ""
        lines.append(f"{mark}{_quoted(name)} = {_quoted(found.meant)}")
    return ["", f"[{profile.table}.columns]", *lines] if lines else []


def _codes_of(table: str, found: Found) -> list[str]:
    said = [f"{_quoted(v)} = {_quoted(c)}" for v, c in found.codes.items()]
    left = [f"# ? {_quoted(v)} = {_quoted(c or '')}" for v, c in found.strange.items()]
    return ["", f"[{table}.codes.{found.meant}]", *said, *left]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
