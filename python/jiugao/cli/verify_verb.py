"""`jiugao verify`: a result folder against its manifest."""

from __future__ import annotations

from pathlib import Path

import click

from jiugao.cli.endings import Exit, in_words, show
from jiugao.cli.words import help_of, say


def command(language: str) -> click.Command:
    """The verb, in the language asked for."""

    @click.command("verify", help=help_of("verify", language))
    @click.argument(
        "folder", type=click.Path(exists=True, file_okay=False, path_type=Path)
    )
    @click.option("--sign", "name", help=say("option.sign", language))
    @in_words(language)
    def verify(folder: Path, name: str | None) -> Exit:
        from jiugao.results.verify import sign  # noqa: PLC0415  slow to load
        from jiugao.results.verify import verify as check  # noqa: PLC0415

        found = check(folder)
        if found:
            show(found, language)
            return Exit.DATA
        click.echo(say("verified", language))
        if name is not None:
            sign(folder, name)
            click.echo(say("signed", language, name=name))
        return Exit.DONE

    return verify
