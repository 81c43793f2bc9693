"""A result folder: written under temporary names, renamed whole, frozen once signed."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import duckdb

from jiugao.claims.findings import DataError

MANIFEST = "manifest.json"
SIGNED = "signed.json"
LOCK = ".jiugao.lock"
WRITING = ".writing"
WORK = ".work"
NO_ROOM = "Could not write file"  # in what DuckDB says of a commit that failed
OURS = frozenset(
    {
        MANIFEST,
        LOCK,
        WRITING,
        WORK,
        "settlements.parquet",
        "years.parquet",
        "persons.parquet",
        "results.duckdb",
        "rejects.csv",
        "run.log",
        "adjustments.parquet",
        "summary.xlsx",
        "summary.html",
        "worklist.xlsx",
        "letters.csv",
        "measures.parquet",
        "statement.parquet",
        "statement.csv",
        "indicators.parquet",
        "indicators.csv",
        "totals.parquet",
        "warnings.parquet",
        "warnings.csv",
        "subsidies.parquet",
        "subsidies.csv",
    }
)
"""Every name that a run may find in a folder of an earlier one."""


@contextmanager
def result_folder(
    folder: Path, temp: Path | None = None, *, resume: bool = False
) -> Iterator[tuple[Path, Path]]:
    """A place for new files and one for scratch; on leaving well, the files are renamed in.

    Raises DataError when the folder is signed, holds strange files, cannot be written, or
    is being written by another run. After an error nothing new stands under a final name.
    Scratch of a run that was killed or interrupted stays for one with `resume`.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(
            "D917", folder=str(folder), detail=error.strerror or ""
        ) from error
    refuse_frozen(folder)
    with _locked(folder):
        writing = folder / WRITING
        work = folder / WORK if temp is None else temp / _named_after(folder)
        for place in (writing,) if resume else (writing, work):
            shutil.rmtree(place, ignore_errors=True)
        with _told(folder):
            for place in (writing, work):
                place.mkdir(parents=True, exist_ok=True)
            try:
                yield writing, work
                _publish(writing, folder)
            except duckdb.InterruptException:
                raise
            except Exception:
                shutil.rmtree(work, ignore_errors=True)
                raise
            finally:  # an interruption leaves the scratch
                shutil.rmtree(writing, ignore_errors=True)
        shutil.rmtree(work, ignore_errors=True)


def _named_after(folder: Path) -> str:
    """A name in a folder of temporary files that is this result folder's alone."""
    path = str(folder.resolve()).encode("utf-8", "surrogateescape")
    return "jiugao-" + hashlib.sha256(path).hexdigest()[:16]


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """What the machine refuses in words of ours: no disk, no memory."""
    try:
        yield
    except OSError as error:
        detail = error.strerror or str(error)
        raise DataError("D917", folder=str(folder), detail=detail) from error
    except duckdb.InterruptException:
        raise KeyboardInterrupt from None
    except duckdb.OutOfMemoryException as error:
        raise DataError("D926", detail=str(error).splitlines()[0]) from error
    except duckdb.Error as error:
        detail = str(error).splitlines()[0]
        if isinstance(error, duckdb.IOException) or NO_ROOM in detail:
            raise DataError("D917", folder=str(folder), detail=detail) from error
        raise DataError("D919", detail=detail) from error


def refuse_frozen(folder: Path) -> None:
    """Raise DataError if the folder is signed off or not one of ours."""
    if (folder / SIGNED).exists():
        raise DataError("D911", folder=str(folder))
    if any(entry.name not in OURS for entry in folder.iterdir()):
        raise DataError("D918", folder=str(folder))


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    path = folder / LOCK
    try:
        stream = path.open("w")
    except OSError as error:
        raise DataError(
            "D917", folder=str(folder), detail=error.strerror or ""
        ) from error
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            mine = path.stat().st_ino == os.fstat(stream.fileno()).st_ino
        except OSError as error:
            raise DataError("D920", folder=str(folder)) from error
        if not mine:  # the run that held it has just ended, and another may have begun
            raise DataError("D920", folder=str(folder))
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def _publish(writing: Path, folder: Path) -> None:
    """The manifest goes last: a folder with a manifest is whole."""
    with ThreadPoolExecutor() as disk:  # which takes several files at once
        for _ in disk.map(_to_disk, writing.iterdir()):
            pass
    (folder / MANIFEST).unlink(missing_ok=True)
    for name in OURS - {LOCK, WRITING, WORK, MANIFEST}:
        new = writing / name
        if new.exists():
            new.replace(folder / name)
        else:
            (folder / name).unlink(missing_ok=True)
    (writing / MANIFEST).replace(folder / MANIFEST)


def _to_disk(file: Path) -> None:
    with file.open("rb") as stream:
        os.fsync(stream)
