"""What a run is told, apart from the policy: files, convention, limits of the machine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jiugao.claims.files import DataFile, data_files
from jiugao.claims.local import AS_IT_IS, Local
from jiugao.claims.persons import PersonsBy
from jiugao.claims.staging import Reversals


@dataclass(frozen=True)
class Files:
    """Paths, folders and globs of each table, and by table what its files call things."""

    claims: tuple[str, ...]
    people: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    applications: tuple[str, ...] = ()
    enrolment: tuple[str, ...] = ()
    adjusted: tuple[str, ...] = ()
    opening: tuple[str, ...] = ()
    local: Mapping[str, Local] = field(default_factory=dict)

    def of(self, table: str) -> tuple[DataFile, ...]:
        """The data files of a table. Raises DataError for a path that names none."""
        return data_files(getattr(self, table), self.local.get(table, AS_IT_IS))


@dataclass(frozen=True)
class Options:
    """How to run. Memory is DuckDB's limit; none of the machine's limits changes a fen."""

    settings: Mapping[str, str] = field(default_factory=dict)
    reversals: Reversals = Reversals.NEGATIVE
    persons: PersonsBy = PersonsBy.CERTIFICATE
    close_year: bool = False
    control: bool = False
    database: bool = False  # results.duckdb too
    memory: str = "1GiB"
    threads: int = 2
    temp: Path | None = None
    resume: bool = False
    language: str = "zh"
    overdue_on: dt.date | None = None
    known_on: dt.date | None = None
    notify_over: int = 300_00  # fen; a county office's own practice (docs/year_end.md)
    show_persons: bool = False
    progress: Callable[[int], None] = lambda _: None
