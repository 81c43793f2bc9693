"""`jiugao run`: claims in, settled results out."""

from __future__ import annotations

from pathlib import Path

import click

from jiugao.cli import options
from jiugao.cli.endings import Exit, in_words
from jiugao.cli.progress import progress
from jiugao.cli.words import help_of, say


def command(language: str) -> click.Command:
    """The verb, in the language asked for."""

    @click.command("run", help=help_of("run", language))
    @options.policy_argument()
    @options.tables(language)
    @options.settings(language)
    @click.option("--close-year", is_flag=True, help=say("option.close_year", language))
    @options.machine(language)
    @options.folder(language)
    @in_words(language)
    def run(  # noqa: PLR0913  one for each option
        policy: Path,
        claims: tuple[str, ...],
        people: tuple[str, ...],
        institutions: tuple[str, ...],
        applications: tuple[str, ...],
        settings: tuple[str, ...],
        close_year: bool,
        reversals: str,
        memory: str,
        threads: int,
        temp: Path | None,
        quiet: bool,
        out: Path,
    ) -> Exit:
        from jiugao.cli.tables import print_outcome  # noqa: PLC0415  slow to load
        from jiugao.results.options import Files  # noqa: PLC0415
        from jiugao.results.run import run as settle  # noqa: PLC0415

        with progress(claims, quiet, language) as told:
            done = settle(
                policy,
                Files(claims, people, institutions, applications),
                out,
                options.run_options(
                    settings,
                    reversals,
                    memory,
                    threads,
                    temp,
                    language,
                    told,
                    close_year=close_year,
                ),
            )
        print_outcome(done, language)
        return Exit.REJECTS if done.rejects else Exit.DONE

    return run
