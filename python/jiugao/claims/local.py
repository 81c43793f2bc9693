"""A mapping file (TOML) comes in; local names of columns and codes, by table, go out.

[claims.columns]
"总费用" = "medfee_sumamt"        # as in the files = as in the contract
[claims.codes.med_type]
"住院" = "21"
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from jiugao.claims.contract import tables
from jiugao.claims.findings import DataError

PARTS = ("columns", "codes")


@dataclass(frozen=True, eq=False)
class Local:
    """How the files of one table say things: local name -> the contract's.

    `codes` is by the contract's column.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def name(self, column: str) -> str:
        """The contract's name of a column of a file."""
        return self.columns.get(column, column)

    def said(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """A batch in the contract's words; values without a translation stay."""
        if self is AS_IT_IS:
            return batch
        names = [self.name(n) for n in batch.schema.names]
        columns = [
            self._translated(n, c) for n, c in zip(names, batch.columns, strict=True)
        ]
        return pa.record_batch(columns, names=names)

    def _translated(self, name: str, column: pa.Array) -> pa.Array:
        codes = self.codes.get(name)
        if not codes:
            return column
        text = column.cast(pa.string())
        at = pc.index_in(
            pc.utf8_trim_whitespace(text), value_set=pa.array(list(codes), pa.string())
        )
        meant = pa.array(list(codes.values()), pa.string()).take(at)
        return pc.coalesce(meant, text)


AS_IT_IS = Local()


def read_mapping(path: Path) -> dict[str, Local]:
    """The mapping file's tables.

    Raises DataError D944 for what is no mapping, D945 for a table or a part that the
    contract does not know.
    """
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise DataError("D944", file=path.name, detail=str(error)) from error
    return {table: _local(path, table, part) for table, part in content.items()}


def digest(tables_said: Mapping[str, Local]) -> str | None:
    """SHA-256 of what a mapping says, for the manifest; None without one."""
    if not tables_said:
        return None
    said = {t: [dict(m.columns), dict(m.codes)] for t, m in tables_said.items()}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, default=dict)
    return hashlib.sha256(text.encode()).hexdigest()


def check_used(
    local: Local, known: Iterable[str], there: Iterable[str], table: str
) -> None:
    """Every name on both sides of a mapping is one that exists.

    Raises DataError D946 for a contract column that neither contract nor policy knows,
    D947 for a column that no file of the table has.
    """
    names = sorted(set(known))
    for name in (*local.columns.values(), *local.codes):
        if name not in names:
            near = get_close_matches(name, names, n=1, cutoff=0.3) or ["—"]
            raise DataError("D946", name=name, nearest=near[0], table=table)
    found = set(there)
    for name in local.columns:
        if name not in found:
            raise DataError("D947", name=name, table=table)


def _local(path: Path, table: str, part: object) -> Local:
    _known(path, table, tables())
    if not isinstance(part, dict):
        raise DataError("D944", file=path.name, detail=f"[{table}]")
    for name in part:
        _known(path, name, PARTS, f"{table}.")
    columns = _words(path, f"{table}.columns", part.get("columns", {}))
    codes = part.get("codes", {})
    if not isinstance(codes, dict):
        raise DataError("D944", file=path.name, detail=f"[{table}.codes]")
    return Local(
        columns,
        {c: _words(path, f"{table}.codes.{c}", words) for c, words in codes.items()},
    )


def _known(path: Path, name: str, known: Iterable[str], before: str = "") -> None:
    names = list(known)
    if name not in names:
        near = get_close_matches(name, names, n=1, cutoff=0.3) or names
        words = {"file": path.name, "name": before + name}
        raise DataError("D945", nearest=tuple(near), **words)


def _words(path: Path, where: str, part: object) -> dict[str, str]:
    if not isinstance(part, dict) or not all(isinstance(v, str) for v in part.values()):
        raise DataError("D944", file=path.name, detail=f"[{where}]")
    return {str(k).strip(): str(v).strip() for k, v in part.items()}
