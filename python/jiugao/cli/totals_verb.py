"""`jiugao totals`: claims in, what everybody has accumulated by a day out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jiugao.cli import options
from jiugao.cli.endings import Exit, in_words
from jiugao.cli.progress import progress
from jiugao.cli.words import help_of, say

if TYPE_CHECKING:
    from jiugao.results.options import Files


def command(language: str) -> click.Command:
    """The verb, in the language asked for."""

    @click.command("totals", help=help_of("totals", language))
    @in_words(language)
    @options.policy_argument()
    @options.tables(language)
    @options.settings(language)
    @options.day("until", language, required=True)
    @options.machine(language)
    @click.option(
        "-o",
        "--out",
        type=click.Path(path_type=Path, dir_okay=False),
        required=True,
        help=say("option.totals_out", language),
    )
    def totals(
        policy: Path,
        files: Files,
        settings: tuple[str, ...],
        until: dt.datetime,
        machine: options.Machine,
        out: Path,
    ) -> Exit:
        from jiugao.cli.tables import print_totals  # noqa: PLC0415  slow to load
        from jiugao.results.totals import write_totals  # noqa: PLC0415

        with progress(files, machine.progress, language) as told:
            how = machine.options(settings, language, told)
            done = write_totals(policy, files, until.date(), out, how)
        print_totals(done, language)
        return Exit.REJECTS if done.rejects else Exit.DONE

    return totals
