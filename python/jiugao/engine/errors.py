"""What the core refuses comes in; exceptions with words in two languages go out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.diagnostics import Argument, Diagnostic

if TYPE_CHECKING:
    from jiugao._core import Refused


class CoreError(Exception):
    """Something stopped the core; `diagnostic` says what and what to do."""

    def __init__(self, code: str, **arguments: Argument) -> None:
        self.diagnostic = Diagnostic(code, None, arguments)
        super().__init__(f"{code}: {self.diagnostic.cause('en')}")

    @property
    def code(self) -> str:
        """The code of the diagnostics table."""
        return self.diagnostic.code

    @property
    def row(self) -> int | None:
        """The row of the stream (from 1), where one row is to blame."""
        row = self.diagnostic.arguments.get("row")
        return int(row) if isinstance(row, str) and row else None

    @property
    def claim(self) -> str | None:
        """The settlement (or else the person) to blame, where there is one."""
        claim = self.diagnostic.arguments.get("claim")
        return claim if isinstance(claim, str) and claim else None


class ProgramError(CoreError):
    """The program file is damaged, or none."""


class StreamError(CoreError):
    """The data, or the way in which it is given, cannot be used."""


class EngineError(CoreError):
    """The run stopped: an amount that does not fit."""


def exception(parts: tuple[str, str, dict[str, str]]) -> CoreError:
    """The exception of a fault, a code and its arguments."""
    fault, code, arguments = parts
    kinds: dict[str, type[CoreError]] = {
        "program": ProgramError,
        "data": StreamError,
        "run": EngineError,
    }
    return kinds[fault](code, **arguments)


def of(refused: Refused) -> CoreError:
    """The exception of what the core refused."""
    fault, code, arguments = refused.args
    return exception((fault, code, arguments))
