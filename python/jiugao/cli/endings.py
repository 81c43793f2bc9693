"""Errors of every room come in; a message in the user's language and an exit code go out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import IntEnum
from functools import wraps
from typing import NoReturn, ParamSpec

import click

from jiugao.diagnostics import Diagnostic, RulesError

P = ParamSpec("P")


class Exit(IntEnum):
    """How a command ends."""

    DONE = 0
    RULES = 1
    CALL = 2
    DATA = 3
    REJECTS = 4


def in_words(language: str) -> Callable[[Callable[P, Exit | None]], Callable[P, None]]:
    """Turn what a verb raises into words on stderr and an exit code."""

    def around(verb: Callable[P, Exit | None]) -> Callable[P, None]:
        @wraps(verb)
        def called(*args: P.args, **kwargs: P.kwargs) -> None:
            ending = guarded(lambda: verb(*args, **kwargs), language)
            if ending is not None:
                raise click.exceptions.Exit(int(ending))

        return called

    return around


def guarded(verb: Callable[[], Exit | None], language: str) -> Exit | None:
    """Call the verb; what it raises becomes words and an exit code."""
    from jiugao.claims.findings import DataError  # noqa: PLC0415  slow to load
    from jiugao.engine import Refused  # noqa: PLC0415
    from jiugao.program.encode import ProgramFileError  # noqa: PLC0415

    try:
        return verb()
    except RulesError as error:
        show(error.diagnostics, language)
        return Exit.RULES
    except DataError as error:
        show([error.diagnostic], language)
        return Exit.DATA
    except ProgramFileError as error:
        show([Diagnostic(error.code, None, {"where": error.where})], language)
        return Exit.RULES
    except Refused as error:
        fault, code, details = error.args
        show([Diagnostic(str(code), None, dict(details))], language)
        return Exit.RULES if fault == "program" else Exit.DATA


def show(found: Iterable[Diagnostic], language: str) -> None:
    """Print findings on stderr, as the diagnostics room renders them."""
    from jiugao.diagnostics.render import render_text  # noqa: PLC0415

    click.echo(render_text(found, language), err=True, nl=False)


def fail_call(text: str) -> NoReturn:
    """The call itself is wrong."""
    raise click.UsageError(text)
