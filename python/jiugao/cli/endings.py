"""Errors of every room come in; a message in the user's language and an exit code go out."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from functools import wraps
from types import FrameType
from typing import NoReturn, ParamSpec

import click

from jiugao.cli.words import say
from jiugao.diagnostics import Diagnostic, RulesError, render_text

P = ParamSpec("P")
AGAIN = 0.05  # seconds
WRONG_CALLS = frozenset({"D924", "D925"})  # codes about the call, not about the data


class Exit(IntEnum):
    """How a command ends."""

    DONE = 0
    RULES = 1
    CALL = 2
    DATA = 3
    REJECTS = 4
    INTERRUPTED = 130  # as shells have it


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
    try:
        with told_to_stop():
            return verb()
    except KeyboardInterrupt:
        click.echo(say("interrupted", language), err=True)
        return Exit.INTERRUPTED
    except RulesError as error:
        show(error.diagnostics, language)
        return Exit.RULES
    except Exception as error:
        known = refused(error)
        if known is None:
            raise
        diagnostic, ending = known
        show([diagnostic], language)
        return ending


def refused(error: Exception) -> tuple[Diagnostic, Exit] | None:
    """What later rooms say of rules and data, and the exit code; None: a bug.

    Their exceptions are slow to load, and only looked up where there is one.
    """
    from jiugao.claims.findings import DataError  # noqa: PLC0415
    from jiugao.engine import CoreError, ProgramError  # noqa: PLC0415
    from jiugao.program.encode import ProgramFileError  # noqa: PLC0415

    match error:
        case DataError():
            call = error.diagnostic.code in WRONG_CALLS
            return error.diagnostic, Exit.CALL if call else Exit.DATA
        case ProgramFileError():
            return Diagnostic(error.code, None, {"place": error.place}), Exit.RULES
        case ProgramError():
            return error.diagnostic, Exit.RULES
        case CoreError():
            return error.diagnostic, Exit.DATA
        case _:
            return None


@contextmanager
def told_to_stop() -> Iterator[None]:
    """A scheduler's SIGTERM is Ctrl-C; whatever the libraries below made of it.

    Where an interrupt falls into a call that cannot raise (a destructor, a callback of a
    library), Python drops it: then it comes again a moment later.
    """
    told: list[int] = []
    reported = sys.unraisablehook

    def stop(number: int, _: FrameType | None) -> NoReturn:
        told.append(number)
        raise KeyboardInterrupt

    def dropped(found: sys.UnraisableHookArgs) -> None:
        if issubclass(found.exc_type, KeyboardInterrupt):
            signal.setitimer(signal.ITIMER_REAL, AGAIN)
        else:
            reported(found)

    mine = threading.current_thread() is threading.main_thread()
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM) if mine else ()
    before = {number: signal.signal(number, stop) for number in signals}
    if mine:
        sys.unraisablehook = dropped
    try:
        yield
    except Exception:
        if told:
            raise KeyboardInterrupt from None
        raise
    finally:
        sys.unraisablehook = reported
        if mine:
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)


def show(found: Iterable[Diagnostic], language: str) -> None:
    """Print findings on stderr, as the diagnostics room renders them."""
    colour = sys.stderr.isatty()
    click.echo(render_text(found, language, colour=colour), err=True)
