"""`jiugao funds`: fund statements, indicators, warnings and premium subsidies of a year."""

from __future__ import annotations

from pathlib import Path

import click

from jiugao.cli import options
from jiugao.cli.endings import Exit, in_words
from jiugao.cli.words import help_of, say

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


def command(language: str) -> click.Command:
    """The verb, in the language asked for."""

    @click.command("funds", help=help_of("funds", language))
    @options.policy_argument()
    @click.option(
        "--results",
        multiple=True,
        required=True,
        type=FOLDER,
        help=say("option.results", language),
    )
    @click.option("--claims", multiple=True, help=say("option.funds_claims", language))
    @click.option(
        "--enrolment",
        multiple=True,
        required=True,
        help=say("option.enrolment", language),
    )
    @click.option("--people", multiple=True, help=say("option.people", language))
    @click.option(
        "--institutions", multiple=True, help=say("option.institutions", language)
    )
    @click.option("--last-year", type=FOLDER, help=say("option.last_year", language))
    @click.option(
        "--mapping",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help=say("option.mapping", language),
    )
    @options.settings(language)
    @options.database(language)
    @options.folder(language)
    @in_words(language)
    def funds(  # noqa: PLR0913  one for each option
        policy: Path,
        results: tuple[Path, ...],
        claims: tuple[str, ...],
        enrolment: tuple[str, ...],
        people: tuple[str, ...],
        institutions: tuple[str, ...],
        last_year: Path | None,
        mapping: Path | None,
        settings: tuple[str, ...],
        database: bool,
        out: Path,
    ) -> Exit:
        from jiugao.claims.local import read_mapping  # noqa: PLC0415  slow to load
        from jiugao.cli.funds_tables import print_funds  # noqa: PLC0415
        from jiugao.funds.run import Given  # noqa: PLC0415
        from jiugao.funds.run import funds as work_out  # noqa: PLC0415
        from jiugao.results.options import Files  # noqa: PLC0415

        given = Given(
            results,
            Files(
                claims,
                people,
                institutions,
                enrolment=enrolment,
                local=read_mapping(mapping) if mapping else {},
            ),
            last_year,
            options.parsed_settings(settings, language),
            language=language,
            database=database,
        )
        done = work_out(policy, given, out)
        print_funds(done, out, language)
        return Exit.REJECTS if done.rejects else Exit.DONE

    return funds
