"""Paths, folders and globs come in; numbered data files with their digests go out."""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Thread

from jiugao.claims.findings import DataError
from jiugao.claims.local import AS_IT_IS, Local

CSV = (".csv", ".txt")
PARQUET = (".parquet",)
SHEETS = (".xlsx", ".xlsm")
QUERIES = (".sql",)  # named one by one: a folder of exports may hold scripts too
ENDINGS = CSV + PARQUET + SHEETS


@dataclass(frozen=True)
class DataFile:
    """One file of a table, or one sheet of it; rejects name it by `number`, from 1.

    `sheet`: which one, where the workbook holds several. `local`: what its columns and
    codes are called, where that is not as in the contract.
    """

    number: int
    path: Path
    sheet: str | None = None
    local: Local = AS_IT_IS

    @property
    def is_parquet(self) -> bool:
        """Parquet by its ending."""
        return self.path.suffix.lower() in PARQUET

    @property
    def is_sheet(self) -> bool:
        """A spreadsheet by its ending; what is neither this nor Parquet is CSV."""
        return self.path.suffix.lower() in SHEETS

    @property
    def is_query(self) -> bool:
        """A query by its ending: its rows are what DuckDB brings for it."""
        return self.path.suffix.lower() in QUERIES

    @property
    def name(self) -> str:
        """The file's own name, without the folders above it; a sheet's in brackets."""
        return (
            self.path.name if self.sheet is None else f"{self.path.name}[{self.sheet}]"
        )

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the bytes, as hex; of a query its text, not what it reads."""
        with self.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()


def hashed_beside(files: Iterable[DataFile]) -> Thread:
    """A thread that works out the files' digests while their rows are read.

    What breaks it is met again by whoever asks for the digest.
    """

    def work() -> None:
        with suppress(OSError):
            for file in files:
                _ = file.digest  # which is kept

    hashing = Thread(target=work, daemon=True)
    hashing.start()
    return hashing


def data_files(
    paths: Iterable[str | Path], local: Local = AS_IT_IS
) -> tuple[DataFile, ...]:
    """Every data file that the paths name, folders and globs opened, sorted within each.

    Raises DataError for a path that names nothing and for an ending that is not known.
    """
    found: list[Path] = []
    for path in paths:
        found.extend(p for p in _named(Path(path)) if p not in found)
    parts = [(p, sheet) for p in found for sheet in _sheets(p)]
    return tuple(DataFile(n, p, sheet, local) for n, (p, sheet) in enumerate(parts, 1))


def _sheets(path: Path) -> list[str | None]:
    """Every sheet that holds anything is a part of the table; one alone needs no name."""
    if path.suffix.lower() not in SHEETS:
        return [None]
    from jiugao.claims.spreadsheet import sheets  # noqa: PLC0415  it knows DataFile

    names = sheets(path)
    return list(names) if len(names) > 1 else [None]


def _named(path: Path) -> list[Path]:
    if path.is_dir():
        inside = sorted(p for p in path.iterdir() if p.suffix.lower() in ENDINGS)
        if not inside:
            raise DataError("D901", file=str(path))
        return inside
    if path.is_file():
        if path.suffix.lower() not in ENDINGS + QUERIES:
            raise DataError("D909", file=str(path))
        return [path]
    matches = sorted(
        Path(p)
        for p in glob.glob(str(path), recursive=True)  # noqa: PTH207  absolute patterns too
    )
    if not matches:
        raise DataError("D901", file=str(path))
    return [p for m in matches for p in _named(m)]
