"""Rows done come in; a bar with rate and time left goes to a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from jiugao.cli.words import say

if TYPE_CHECKING:
    from jiugao.results.options import Files

SAMPLED = 1 << 20


@contextmanager
def progress(
    files: Files, quiet: bool, language: str
) -> Iterator[Callable[[int], None]]:
    """A function to be told of rows read. Quiet when asked or when stderr is no terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
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

    0, which is no expectation, where a spreadsheet is among them.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415

    rows = 0
    for file in files.of("claims"):
        if file.is_sheet:
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
