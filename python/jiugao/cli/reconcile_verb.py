"""`jiugao reconcile`: due against paid, with causes."""

from __future__ import annotations

from pathlib import Path

import click

from jiugao.cli import options
from jiugao.cli.endings import Exit, in_words
from jiugao.cli.progress import progress
from jiugao.cli.words import help_of, say

ROUNDINGS = (
    "each",
    "half_even",
    "half_even_each",
    "truncate",
    "truncate_each",
    "yuan",
    "yuan_each",
)


def command(language: str) -> click.Command:
    """The verb, in the language asked for."""

    @click.command("reconcile", help=help_of("reconcile", language))
    @options.policy_argument()
    @options.tables(language)
    @options.settings(language)
    @click.option(
        "--paid-rounding",
        type=click.Choice(ROUNDINGS),
        help=say("option.paid_rounding", language),
    )
    @click.option("--adjusted", multiple=True, help=say("option.adjusted", language))
    @options.machine(language)
    @options.folder(language)
    @in_words(language)
    def reconcile(  # noqa: PLR0913  one for each option
        policy: Path,
        claims: tuple[str, ...],
        people: tuple[str, ...],
        institutions: tuple[str, ...],
        applications: tuple[str, ...],
        settings: tuple[str, ...],
        paid_rounding: str | None,
        adjusted: tuple[str, ...],
        reversals: str,
        memory: str,
        threads: int,
        temp: Path | None,
        quiet: bool,
        out: Path,
    ) -> Exit:
        from jiugao.cli.tables import print_reconciled  # noqa: PLC0415  slow to load
        from jiugao.reconcile.run import reconcile as hold  # noqa: PLC0415
        from jiugao.results.options import Files  # noqa: PLC0415

        with progress(claims, quiet, language) as told:
            done = hold(
                policy,
                Files(claims, people, institutions, applications, adjusted=adjusted),
                out,
                options.run_options(
                    settings, reversals, memory, threads, temp, language, told
                ),
                paid_rounding,
            )
        print_reconciled(done, language)
        return Exit.REJECTS if done.outcome.rejects else Exit.DONE

    return reconcile
