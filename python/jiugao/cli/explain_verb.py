"""`jiugao explain`: why a settlement, or each settlement of a person, got its amount."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from jiugao.cli import options
from jiugao.cli.endings import Exit, in_words
from jiugao.cli.words import help_of, say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from jiugao.results.accounts import Told
    from jiugao.results.options import Files


def command(language: str) -> click.Command:
    """The verb, in the language asked for."""

    @click.command("explain", help=help_of("explain", language))
    @in_words(language)
    @options.policy_argument()
    @options.tables(language)
    @options.settings(language)
    @click.option("--settlement", help=say("option.settlement", language))
    @click.option("--person", help=say("option.person", language))
    @click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json", "html"]),
        default="text",
        help=say("option.format", language),
    )
    @click.option("--close-year", is_flag=True, help=say("option.close_year", language))
    @options.conventions(language)
    def explain(
        policy: Path,
        files: Files,
        settings: tuple[str, ...],
        settlement: str | None,
        person: str | None,
        form: str,
        close_year: bool,
        conventions: Mapping[str, Any],
    ) -> Exit:
        from jiugao.results.accounts import accounts  # noqa: PLC0415
        from jiugao.results.options import Options  # noqa: PLC0415
        from jiugao.results.policy import load_policy  # noqa: PLC0415

        if (settlement is None) == (person is None):
            raise click.UsageError(say("one_of_two", language))
        chosen = options.parsed_settings(settings, language)
        with TemporaryDirectory() as work:
            told = accounts(
                load_policy(policy, chosen, conventions["known_on"]),
                files,
                Options(
                    **conventions,
                    close_year=close_year,
                    language=language,
                    threads=1,
                ),
                Path(work),
                settlement=settlement,
                person=person,
            )
        click.echo(rendered(told, form, language), nl=False)
        return Exit.DONE

    return explain


def rendered(told: Told, form: str, language: str) -> str:
    """Accounts in the form asked for, a person's years last.

    Several JSON accounts are one list; JSON tells of claims only (years.parquet has years).
    """
    from jiugao.explain import (  # noqa: PLC0415  verbs load late
        as_html,
        as_json,
        as_text,
        year_text,
        years_html,
    )

    if form == "html":
        pages = [as_html(one, language) for one in told.claims]
        pages += [years_html(told.years, language)] if told.years else []
        return "\n".join(pages)
    if form == "json":
        texts = [as_json(one).rstrip() for one in told.claims]
        return (texts[0] if len(texts) == 1 else "[" + ",\n".join(texts) + "]") + "\n"
    texts = [as_text(one, language) for one in told.claims]
    return "\n".join(texts + [year_text(one, language) for one in told.years])
