"""Options that several verbs share, with their words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jiugao.cli.words import say

if TYPE_CHECKING:
    from jiugao.results.options import Options

LISTS_TABLE = "lists"  # of a parameter file
PARAMETER_FILES = "jiugao.parameter_files"  # where the context keeps them
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def policy_argument() -> Decorator:
    """POLICY: rules, a folder of them, or a program file."""
    return click.argument("policy", type=click.Path(exists=True, path_type=Path))


def tables(language: str, *more: str) -> Decorator:
    """--claims, --people, … (and `more` tables), --mapping; the verb takes `files`."""
    names = ("claims", "people", "institutions", "applications", "opening", *more)

    def add(verb: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(verb)
        def with_files(mapping: Path | None, **given: Any) -> Any:  # noqa: ANN401  as the verb
            from jiugao.claims.local import read_mapping  # noqa: PLC0415  slow to load
            from jiugao.results.options import Files  # noqa: PLC0415

            local = read_mapping(mapping) if mapping else {}
            named = {name: given.pop(name) for name in names}
            return verb(files=Files(**named, local=local), **given)

        taken: Callable[..., Any] = click.option(
            "--mapping",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help=say("option.mapping", language),
        )(with_files)
        for name in reversed(names):
            taken = click.option(
                f"--{name}",
                multiple=True,
                required=name == "claims",
                help=say(f"option.{name}", language),
            )(taken)
        return taken

    return add


def settings(language: str) -> Decorator:
    """--set NAME=VALUE, and --parameters FILE with many of them."""

    def add(verb: Callable[..., Any]) -> Callable[..., Any]:
        verb = click.option(
            "--parameters",
            "parameter_files",
            multiple=True,
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            expose_value=False,
            callback=keep_files,
            help=say("option.parameters", language),
        )(verb)
        return click.option(
            "--set",
            "settings",
            multiple=True,
            metavar="NAME=VALUE",
            help=say("option.set", language),
        )(verb)

    return add


def keep_files(
    context: click.Context, _: click.Parameter, files: tuple[Path, ...]
) -> None:
    """The files of --parameters, for `parsed_settings`."""
    context.meta[PARAMETER_FILES] = files


def conventions(language: str) -> Decorator:
    """--reversals, --persons, --known-on: how to read files; `conventions`, for Options."""

    def add(verb: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(verb)
        def with_conventions(
            reversals: str,
            persons: str,
            known_on: dt.datetime | None,
            **given: Any,  # noqa: ANN401  as the verb
        ) -> Any:  # noqa: ANN401
            from jiugao.claims.persons import PersonsBy  # noqa: PLC0415  slow to load
            from jiugao.claims.staging import Reversals  # noqa: PLC0415

            told = {
                "reversals": Reversals(reversals),
                "persons": PersonsBy(persons),
                "known_on": known_on.date() if known_on else None,
            }
            return verb(conventions=told, **given)

        taken: Callable[..., Any] = click.option(
            "--persons",
            type=click.Choice(["certno", "psn_no"]),
            default="certno",
            show_default=True,
            help=say("option.persons", language),
        )(with_conventions)
        taken = day("known_on", language)(taken)
        return click.option(
            "--reversals",
            type=click.Choice(["negative", "flags"]),
            default="negative",
            show_default=True,
            help=say("option.reversals", language),
        )(taken)

    return add


def looking(language: str) -> Decorator:
    """--overdue-on, --notify-over, --show-persons: `looking`, for Options."""

    def add(verb: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(verb)
        def with_days(
            overdue_on: dt.datetime | None,
            notify_over: int,
            show_persons: bool,
            **given: Any,  # noqa: ANN401  as the verb
        ) -> Any:  # noqa: ANN401
            told = {
                "overdue_on": overdue_on.date() if overdue_on else None,
                "notify_over": notify_over * 100,
                "show_persons": show_persons,
            }
            return verb(looking=told, **given)

        taken: Callable[..., Any] = click.option(
            "--show-persons", is_flag=True, help=say("option.show_persons", language)
        )(with_days)
        taken = click.option(
            "--notify-over",
            type=click.IntRange(0),
            default=300,
            show_default=True,
            help=say("option.notify_over", language),
        )(taken)
        return day("overdue_on", language)(taken)

    return add


def day(name: str, language: str, *, required: bool = False) -> Decorator:
    """--NAME YYYY-MM-DD."""
    return click.option(
        f"--{name.replace('_', '-')}",
        type=click.DateTime(["%Y-%m-%d"]),
        required=required,
        help=say(f"option.{name}", language),
    )


def machine(language: str) -> Decorator:
    """--memory, --threads, --temp, --quiet and the conventions, as `machine`."""

    def add(verb: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(verb)
        def with_machine(
            conventions: Mapping[str, Any],
            memory: str,
            threads: int,
            temp: Path | None,
            resume: bool,
            quiet: bool,
            progress: str,
            **given: Any,  # noqa: ANN401  as the verb
        ) -> Any:  # noqa: ANN401
            shown = "none" if quiet else progress
            told = Machine(conventions, memory, threads, temp, resume, shown)
            return verb(machine=told, **given)

        taken: Callable[..., Any] = click.option(
            "--quiet", "-q", is_flag=True, help=say("option.quiet", language)
        )(with_machine)
        taken = click.option(
            "--progress",
            type=click.Choice(["bar", "json", "none"]),
            default="bar",
            show_default=True,
            help=say("option.progress", language),
        )(taken)
        taken = click.option(
            "--temp", type=click.Path(path_type=Path), help=say("option.temp", language)
        )(taken)
        taken = click.option(
            "--resume", is_flag=True, help=say("option.resume", language)
        )(taken)
        taken = click.option(
            "--threads",
            type=click.IntRange(1),
            default=2,
            help=say("option.threads", language),
        )(taken)
        taken = click.option(
            "--memory",
            default="1GiB",
            show_default=True,
            help=say("option.memory", language),
        )(taken)
        return conventions(language)(taken)

    return add


@dataclass(frozen=True)
class Machine:
    """How a bulk run is to use the machine, and how its files tell reversals and persons."""

    conventions: Mapping[str, Any]
    memory: str
    threads: int
    temp: Path | None
    resume: bool
    progress: str  # bar | json | none

    def options(
        self,
        settings: tuple[str, ...],
        language: str,
        told: Callable[[int], None],
        *,
        close_year: bool = False,
    ) -> Options:
        """The options as the results room takes them."""
        from jiugao.results.options import Options  # noqa: PLC0415  slow to load

        return Options(
            settings=parsed_settings(settings, language),
            **self.conventions,
            close_year=close_year,
            memory=self.memory,
            threads=self.threads,
            temp=self.temp,
            resume=self.resume,
            language=language,
            progress=told,
        )


def database(language: str) -> Decorator:
    """--duckdb: results.duckdb too, as `database`."""
    return click.option(
        "--duckdb", "database", is_flag=True, help=say("option.duckdb", language)
    )


def folder(language: str) -> Decorator:
    """-o DIR."""
    return click.option(
        "-o",
        "--out",
        "out",
        type=click.Path(path_type=Path, file_okay=False),
        required=True,
        help=say("option.out", language),
    )


def parsed_settings(given: tuple[str, ...], language: str) -> dict[str, str]:
    """--parameters files and over them NAME=VALUE pairs, as one mapping.

    A pair without `=`, or a file of another shape, is a wrong call.
    """
    from jiugao.diagnostics import Diagnostic  # noqa: PLC0415

    pairs: dict[str, str] = {}
    context = click.get_current_context(silent=True)
    for path in context.meta.get(PARAMETER_FILES, ()) if context else ():
        pairs |= file_settings(path, language)
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise click.UsageError(
                Diagnostic("D924", None, {"text": text}).cause(language)
            )
        pairs[name.strip()] = value.strip()
    return pairs


def file_settings(path: Path, language: str) -> dict[str, str]:
    """A file of lines `"name" = "value"`, each value the text that --set takes.

    A list's path may start from the folder of the file itself.
    Under [lists] the values are files, their paths from the folder of this file.
    """
    import tomllib  # noqa: PLC0415

    from jiugao.diagnostics import Diagnostic  # noqa: PLC0415

    try:
        read = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        words = {"file": path.name, "detail": str(error)}
        raise click.UsageError(
            Diagnostic("D928", None, words).cause(language)
        ) from None
    lists = read.pop(LISTS_TABLE, {})
    named = lists if isinstance(lists, dict) else {LISTS_TABLE: lists}
    for name, value in (*read.items(), *named.items()):
        if not isinstance(value, str) or lists is not named:
            words = {"file": path.name, "detail": f"{name} = {value}"}
            raise click.UsageError(Diagnostic("D928", None, words).cause(language))
    beside = {name: path.parent / value for name, value in read.items()}
    plain = {
        name: str(beside[name])
        if value.endswith(".csv") and beside[name].is_file()
        else value
        for name, value in read.items()
    }
    files = {name: str(path.parent / file) for name, file in named.items()}
    return plain | files
