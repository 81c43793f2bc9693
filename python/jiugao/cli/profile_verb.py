"""`jiugao profile`: what files hold, and a draft of the mapping that a run needs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jiugao.cli import options
from jiugao.cli.endings import Exit, in_words
from jiugao.cli.words import help_of, say
from jiugao.diagnostics.shape import LISTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiugao.claims.contract import Column
    from jiugao.claims.profile import Found, Labels, TableProfile
    from jiugao.results.options import Files
    from jiugao.results.policy import Policy


def command(language: str) -> click.Command:
    """The verb, in the language asked for."""

    @click.command("profile", help=help_of("profile", language))
    @in_words(language)
    @options.policy_argument()
    @options.tables(language, "enrolment")
    @click.option("--ask", is_flag=True, help=say("option.ask", language))
    @click.option(
        "-o",
        "--out",
        "out",
        type=click.Path(path_type=Path, dir_okay=False),
        help=say("option.mapping_out", language),
    )
    def profile(policy: Path, files: Files, ask: bool, out: Path | None) -> Exit:
        from jiugao.claims.profile import draft  # noqa: PLC0415  verbs load late
        from jiugao.cli.profiles import print_profile  # noqa: PLC0415
        from jiugao.results.looking import profiles  # noqa: PLC0415
        from jiugao.results.policy import load_policy  # noqa: PLC0415

        known = load_policy(policy, {})
        seen = profiles(known, files)
        for table in seen:
            print_profile(table, language)
        if ask:
            seen = tuple(asked(table, known, language) for table in seen)
        if out is not None:
            out.write_text(draft(seen, say("mapping_remark", language)), "utf-8")
            click.echo(say("written", language, folder=out))
        return Exit.DONE

    return profile


def asked(table: TableProfile, policy: Policy, language: str) -> TableProfile:
    """The profile after somebody has said what is not certain; an empty answer skips."""
    from jiugao.results.looking import columns_of, labels  # noqa: PLC0415  verbs load late

    columns, codes = columns_of(policy, table.table), labels(policy, table.table)
    found = tuple(
        _values_asked(_column_asked(f, columns, codes, language), codes, language)
        for f in table.columns
    )
    return replace(table, columns=found)


def _column_asked(
    found: Found, columns: Sequence[Column], codes: Labels, language: str
) -> Found:
    from jiugao.claims.profile import How, understood  # noqa: PLC0415  verbs load late

    if found.sure:
        return found
    names = [c.name for c in columns]
    question = say("ask_column", language, name=found.seen.name)
    answer = click.prompt(
        question,
        default=found.meant or "",
        show_default=bool(found.meant),
        type=click.Choice(["", *names]),
        show_choices=False,
    )
    if not answer:
        return replace(found, meant=None, how=How.UNKNOWN)
    return understood(found.seen, answer, How.PROPOSED, codes)


def _values_asked(found: Found, codes: Labels, language: str) -> Found:
    if found.meant is None or not found.strange:
        return found
    known = [*codes[found.meant].values()]
    click.echo(say("ask_codes", language, codes=LISTED[language].join(known)))
    said = dict(found.codes)
    for value, near in found.strange.items():
        question = say("ask_code", language, column=found.seen.name, value=value)
        answer = click.prompt(
            question,
            default=near or "",
            show_default=bool(near),
            type=click.Choice(["", *known]),
            show_choices=False,
        )
        if answer:
            said[value] = answer
    left = {v: near for v, near in found.strange.items() if v not in said}
    return replace(found, codes=said, strange=left)
