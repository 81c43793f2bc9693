"""`jiugao listing`: a program file in, its instructions in readable form out."""

from __future__ import annotations

from pathlib import Path

import click

from jiugao.cli import options
from jiugao.cli.endings import Exit, in_words
from jiugao.cli.words import help_of


def command(language: str) -> click.Command:
    """The verb, in the language asked for."""

    @click.command("listing", help=help_of("listing", language))
    @options.policy_argument()
    @options.settings(language)
    @in_words(language)
    def listing(policy: Path, settings: tuple[str, ...]) -> Exit:
        from jiugao.program import listing as readable  # noqa: PLC0415  verbs load late
        from jiugao.results.policy import load_policy  # noqa: PLC0415

        chosen = options.parsed_settings(settings, language)
        click.echo(readable(load_policy(policy, chosen).body, language), nl=False)
        return Exit.DONE

    return listing
