"""`jiugao run`: claims in, settled results out."""

from __future__ import annotations

from dataclasses import replace
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

    @click.command("run", help=help_of("run", language))
    @in_words(language)
    @options.policy_argument()
    @options.tables(language)
    @options.settings(language)
    @click.option("--close-year", is_flag=True, help=say("option.close_year", language))
    @click.option("--control", is_flag=True, help=say("option.control", language))
    @options.database(language)
    @options.machine(language)
    @options.folder(language)
    def run(
        policy: Path,
        files: Files,
        settings: tuple[str, ...],
        close_year: bool,
        control: bool,
        database: bool,
        machine: options.Machine,
        out: Path,
    ) -> Exit:
        from jiugao.cli.tables import print_outcome  # noqa: PLC0415  slow to load
        from jiugao.results.run import run as settle  # noqa: PLC0415

        with progress(files, machine.progress, language) as told:
            how = machine.options(settings, language, told, close_year=close_year)
            how = replace(how, control=control, database=database)
            done = settle(policy, files, out, how)
        print_outcome(done, language)
        return Exit.REJECTS if done.rejects else Exit.DONE

    return run
