"""`jiugao check`: rules in, every finding out."""

from __future__ import annotations

from pathlib import Path

import click

from jiugao.cli import options
from jiugao.cli.endings import Exit, in_words
from jiugao.cli.words import help_of, say


def command(language: str) -> click.Command:
    """The verb, in the language asked for."""

    @click.command("check", help=help_of("check", language))
    @click.argument(
        "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
    )
    @options.settings(language)
    @click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        help=say("option.format", language),
    )
    @in_words(language)
    def check(paths: tuple[Path, ...], settings: tuple[str, ...], form: str) -> Exit:
        from jiugao.compile import Options, findings  # noqa: PLC0415  verbs load late
        from jiugao.diagnostics import Diagnostics, render_json, render_text  # noqa: PLC0415
        from jiugao.policy.files import read_sources, shelf_of  # noqa: PLC0415

        given = options.parsed_settings(settings, language)
        found = Diagnostics()
        for path in paths:
            unreadable = Diagnostics()
            sources = read_sources(path, unreadable)
            found.extend(unreadable)
            if not unreadable.errors:
                chosen = Options(given, language, shelf_of(path, sources))
                found.extend(findings(sources, chosen))
        if form == "json":
            click.echo(render_json(found), nl=False)
        elif len(found):
            click.echo(render_text(found, language))
            if not found.errors:
                click.echo("\n" + say("warned", language, count=f"{len(found):,}"))
        else:
            click.echo(say("clean", language))
        return Exit.RULES if found.errors else Exit.DONE

    return check
