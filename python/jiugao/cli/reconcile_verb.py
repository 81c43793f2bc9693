"""`jiugao reconcile`: due against paid, with causes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from jiugao.results.options import Files


def command(language: str) -> click.Command:
    """The verb, in the language asked for."""

    @click.command("reconcile", help=help_of("reconcile", language))
    @in_words(language)
    @options.policy_argument()
    @options.tables(language, "adjusted")
    @options.settings(language)
    @click.option(
        "--paid-rounding",
        type=click.Choice(ROUNDINGS),
        help=say("option.paid_rounding", language),
    )
    @options.looking(language)
    @options.database(language)
    @options.machine(language)
    @options.folder(language)
    def reconcile(
        policy: Path,
        files: Files,
        settings: tuple[str, ...],
        paid_rounding: str | None,
        looking: Mapping[str, Any],
        database: bool,
        machine: options.Machine,
        out: Path,
    ) -> Exit:
        from jiugao.cli.tables import print_reconciled  # noqa: PLC0415  slow to load
        from jiugao.reconcile.run import reconcile as hold  # noqa: PLC0415

        with progress(files, machine.progress, language) as told:
            how = machine.options(settings, language, told)
            done = hold(
                policy,
                files,
                out,
                replace(how, database=database, **looking),
                paid_rounding,
            )
        print_reconciled(done, language)
        return Exit.REJECTS if done.outcome.rejects else Exit.DONE

    return reconcile
