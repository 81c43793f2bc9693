"""`jiugao format`: rules in, the same rules in the canonical layout out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from jiugao.cli.endings import Exit, in_words
from jiugao.cli.words import help_of, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def command(language: str) -> click.Command:
    """The verb, in the language asked for."""

    @click.command("format", help=help_of("format", language))
    @click.argument(
        "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
    )
    @click.option(
        "--keywords",
        type=click.Choice(["zh", "en"]),
        help=say("option.keywords", language),
    )
    @click.option(
        "--check", "only_check", is_flag=True, help=say("option.format_check", language)
    )
    @in_words(language)
    def format_(
        paths: tuple[Path, ...], keywords: Literal["zh", "en"] | None, only_check: bool
    ) -> Exit:
        from jiugao.diagnostics import (  # noqa: PLC0415
            Diagnostics,
            RulesError,
        )
        from jiugao.policy.files import read_source  # noqa: PLC0415
        from jiugao.syntax import parse  # noqa: PLC0415
        from jiugao.syntax.format import format_document  # noqa: PLC0415

        found = Diagnostics()
        texts: dict[Path, tuple[str, str]] = {}
        for path in rules_files(paths):
            source = read_source(path, found)
            if source is None:
                continue
            document, mistakes = parse(source)
            found.extend(mistakes)
            if document is not None and not mistakes.errors:
                texts[path] = (
                    source.text,
                    format_document(document, keywords or "keep"),
                )
        changed = [path for path, (before, after) in texts.items() if before != after]
        for path in changed:
            if not only_check:
                path.write_text(texts[path][1], encoding="utf-8", newline="\n")
            key = "would_format" if only_check else "formatted"
            click.echo(say(key, language, file=path))
        if found.errors:
            raise RulesError(found, language)
        return Exit.RULES if only_check and changed else Exit.DONE

    return format_


def rules_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The `.rules` files that paths and folders name."""
    for path in paths:
        yield from sorted(path.glob("*.rules")) if path.is_dir() else [path]
