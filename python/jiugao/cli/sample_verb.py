"""`jiugao sample`: an invented year with known errors."""

from __future__ import annotations

from pathlib import Path

import click

from jiugao.cli import options
from jiugao.cli.endings import Exit, in_words
from jiugao.cli.words import help_of, say


def command(language: str) -> click.Command:
    """The verb, in the language asked for."""

    @click.command("sample", help=help_of("sample", language))
    @options.policy_argument()
    @click.option(
        "--people",
        type=click.IntRange(1, 50_000_000),
        required=True,
        help=say("option.sample_people", language),
    )
    @click.option(
        "--seed",
        type=int,
        default=1,
        show_default=True,
        help=say("option.seed", language),
    )
    @click.option(
        "--errors",
        type=click.FloatRange(0, 1),
        default=0.0,
        show_default=True,
        help=say("option.errors", language),
    )
    @click.option(
        "--year",
        type=int,
        help=say("option.year", language),
    )
    @click.option(
        "--format",
        "file_format",
        type=click.Choice(["csv", "parquet"]),
        default="csv",
        show_default=True,
        help=say("option.format", language),
    )
    @options.settings(language)
    @options.folder(language)
    @in_words(language)
    def sample(
        policy: Path,
        people: int,
        seed: int,
        errors: float,
        year: int | None,
        file_format: str,
        settings: tuple[str, ...],
        out: Path,
    ) -> Exit:
        from jiugao.sample.generate import Wanted  # noqa: PLC0415  slow to load
        from jiugao.sample.generate import sample as make  # noqa: PLC0415

        chosen = options.parsed_settings(settings, language)
        wanted = Wanted(people, seed, errors, year, file_format, chosen)
        made = make(policy, wanted, out)
        text = say(
            "sampled",
            language,
            people=f"{made.people:,}",
            claims=f"{made.claims:,}",
            planted=f"{made.planted:,}",
            open=f"{made.open_amounts:,}",
        )
        click.echo(text)
        click.echo(say("written", language, folder=made.folder))
        return Exit.DONE

    return sample
