"""Rows done come in; a bar on a terminal, or lines of JSON for a scheduler, go out."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jiugao.cli.words import say

if TYPE_CHECKING:
    from jiugao.results.options import Files

SAMPLED = 1 << 20
EVERY = 1.0  # seconds between two lines
Told = Callable[[int], None]


@contextmanager
def progress(files: Files, form: str, language: str) -> Iterator[Told]:
    """A function to be told of rows read; what it shows goes to stderr.

    `form`: bar (nothing where stderr is no terminal), json, or none.
    """
    if form == "json":
        lines = Lines(expected_rows(files) or None)
        yield lines.told
        lines.say()
    elif form == "bar" and sys.stderr.isatty():
        with _bar(files, language) as told:
            yield told
    else:
        yield lambda _: None


class Lines:
    """Progress for schedulers: a JSON object a line, at most one a second and a last one.

    `rows` of `expected` (null where it cannot be known; of CSV an estimate), rows a second,
    seconds left.
    """

    def __init__(self, expected: int | None) -> None:
        self._expected = expected
        self._rows = 0
        self._started = self._said = time.monotonic()

    def told(self, rows: int) -> None:
        """So many rows more."""
        self._rows += rows
        if time.monotonic() - self._said >= EVERY:
            self.say()

    def say(self) -> None:
        """Where it stands now."""
        self._said = time.monotonic()
        rate = self._rows / max(self._said - self._started, 0.001)
        left = None
        if self._expected is not None and rate:
            left = round(max(self._expected - self._rows, 0) / rate, 1)
        line = {
            "rows": self._rows,
            "expected": self._expected,
            "rows_per_second": round(rate),
            "seconds_left": left,
        }
        click.echo(json.dumps(line), err=True)


@contextmanager
def _bar(files: Files, language: str) -> Iterator[Told]:
    from rich.console import Console  # noqa: PLC0415  only for terminals
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task(
            say("progress", language), total=expected_rows(files) or None, rate=""
        )

        def told(rows: int) -> None:
            speed = bar.tasks[0].speed
            text = f"{speed:,.0f} {say('rate', language)}" if speed else ""
            bar.update(task, advance=rows, rate=text)

        yield told


def expected_rows(files: Files) -> int:
    """About how many claims there are: exact for Parquet, by line length for CSV.

    0, which is no expectation, where a spreadsheet or a query is among them.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415

    rows = 0
    for file in files.of("claims"):
        if file.is_sheet or file.is_query:
            return 0
        if file.is_parquet:
            rows += pq.read_metadata(file.path).num_rows
        else:
            rows += _lines(file.path)
    return rows


def _lines(path: Path) -> int:
    with path.open("rb") as stream:
        head = stream.read(SAMPLED)
    lines = head.count(b"\n")
    return int(path.stat().st_size * lines / len(head)) if lines else 0
