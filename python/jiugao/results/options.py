"""What a run is told, apart from the policy: files, convention, limits of the machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jiugao.claims.staging import Reversals


@dataclass(frozen=True)
class Files:
    """Paths, folders and globs of each table."""

    claims: tuple[str, ...]
    people: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    applications: tuple[str, ...] = ()
    enrolment: tuple[str, ...] = ()
    adjusted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Options:
    """How to run. Memory is DuckDB's limit; none of the machine's limits changes a fen."""

    settings: Mapping[str, str] = field(default_factory=dict)
    reversals: Reversals = Reversals.NEGATIVE
    close_year: bool = False
    memory: str = "1GiB"
    threads: int = 2
    temp: Path | None = None
    language: str = "zh"
    progress: Callable[[int], None] = lambda _: None
