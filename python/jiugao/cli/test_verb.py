"""`jiugao test`: the examples in the rules, run through the engine."""

from __future__ import annotations

from pathlib import Path

import click

from jiugao.cli import options
from jiugao.cli.endings import Exit, in_words
from jiugao.cli.words import help_of, say


def command(language: str) -> click.Command:
    """The verb, in the language asked for."""

    @click.command("test", help=help_of("test", language))
    @click.argument(
        "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
    )
    @options.settings(language)
    @click.option("--coverage", is_flag=True, help=say("option.coverage", language))
    @in_words(language)
    def test(
        paths: tuple[Path, ...], settings: tuple[str, ...], coverage: bool
    ) -> Exit:
        from jiugao.compile import compile_policy  # noqa: PLC0415  verbs load late
        from jiugao.testing import lines, run_examples  # noqa: PLC0415

        chosen = options.parsed_settings(settings, language)
        passed = True
        for path in paths:
            compiled = compile_policy(
                path, settings=chosen, language=language, for_examples=True
            )
            report = run_examples(compiled, coverage=coverage, language=language)
            for line in lines(report, language):
                click.echo(line)
            passed = passed and report.passed
        return Exit.DONE if passed else Exit.RULES

    return test
