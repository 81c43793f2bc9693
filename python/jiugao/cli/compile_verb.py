"""`jiugao compile`: rules in, a program file out."""

from __future__ import annotations

from pathlib import Path

import click

from jiugao.cli import options
from jiugao.cli.endings import Exit, in_words, show
from jiugao.cli.words import help_of, say


def command(language: str) -> click.Command:
    """The verb, in the language asked for."""

    @click.command("compile", help=help_of("compile", language))
    @options.policy_argument()
    @options.settings(language)
    @click.option(
        "-o",
        "--out",
        "out",
        type=click.Path(path_type=Path, dir_okay=False),
        required=True,
        help=say("option.out_file", language),
    )
    @in_words(language)
    def compile_(policy: Path, settings: tuple[str, ...], out: Path) -> Exit:
        from jiugao.compile import compile_policy  # noqa: PLC0415  verbs load late
        from jiugao.engine import Program  # noqa: PLC0415

        chosen = options.parsed_settings(settings, language)
        compiled = compile_policy(policy, settings=chosen, language=language)
        digest = Program.load(compiled.program_bytes).digest
        show(compiled.diagnostics, language)
        part = out.with_name(out.name + ".part")
        part.write_bytes(compiled.program_bytes)
        part.replace(out)
        click.echo(say("compiled", language, file=out, digest=digest))
        return Exit.DONE

    return compile_
