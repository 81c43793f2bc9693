"""The command line comes in; the verb that it names is loaded and called."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from importlib import import_module

import click

from jiugao.cli.words import say

VERBS = (
    "check",
    "format",
    "test",
    "compile",
    "listing",
    "profile",
    "run",
    "reconcile",
    "totals",
    "funds",
    "explain",
    "sample",
    "clauses",
    "verify",
)
LANGUAGES = ("zh", "en")
OPENING = "（“"  # never last
CLOSING = "，。；：、）”"  # never first on a line


class Verbs(click.Group):
    """Loads a verb's file only when it is asked for; `--lang` may stand anywhere."""

    language = "zh"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take `--lang` out of the arguments before they are read."""
        self.language, rest = taken_language(args)
        if self.language not in LANGUAGES:
            raise click.BadParameter(self.language, ctx=ctx, param_hint="--lang")
        ctx.obj = self.language
        self.help = say("jiugao", self.language)
        return super().parse_args(ctx, rest)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every verb, in the order of the work."""
        del ctx
        return list(VERBS)

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Every verb with all of its words: click would cut them short."""
        del ctx
        longest = max(len(verb) for verb in VERBS)
        room = formatter.width - longest - 4
        with formatter.section("Commands"):
            for verb in VERBS:
                name = verb.ljust(longest)
                for line in wrapped(say(verb, self.language), room):
                    formatter.write(f"  {name}  {line}\n")
                    name = " " * longest

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb, with its words in the language asked for."""
        del ctx
        if cmd_name not in VERBS:
            return None
        make: Callable[[str], click.Command]
        make = import_module(f"jiugao.cli.{cmd_name}_verb").command
        return make(self.language)


def wrapped(text: str, room: int) -> list[str]:
    """Lines of so many columns; a Chinese character takes two and may end a line."""
    from rich.cells import cell_len  # noqa: PLC0415  verbs load late

    lines, line = [], ""
    for piece in re.findall(r"[\x21-\x7e]+|\s+|[^\x00-\x7f]", text):
        if cell_len(line + piece) > room and line and piece not in CLOSING:
            kept = line.rstrip(OPENING)
            lines.append(kept.rstrip())
            line = line[len(kept) :]
        line += piece if line or not piece.isspace() else ""
    return [*lines, line]


def taken_language(args: list[str]) -> tuple[str, list[str]]:
    """The language that `--lang` or JIUGAO_LANG asks for, and the other arguments."""
    language, rest = os.environ.get("JIUGAO_LANG", "zh"), []
    waiting = False
    for argument in args:
        if waiting:
            language, waiting = argument, False
        elif argument == "--lang":
            waiting = True
        elif argument.startswith("--lang="):
            language = argument.removeprefix("--lang=")
        else:
            rest.append(argument)
    return language, rest


@click.group(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="jiugao")
@click.option("--lang", type=click.Choice(LANGUAGES), help="zh | en")
def jiugao(lang: str | None) -> None:
    """Replaced by the words of the language asked for."""
    del lang
