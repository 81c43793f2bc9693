"""One claim at a time comes in, with its person's account; what it pays goes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from jiugao import _core
from jiugao.engine import errors, names
from jiugao.engine.program import Program

CHINA = dt.timezone(dt.timedelta(hours=8))
Day = str | dt.date
"""A day or a time: a date, a datetime, or ISO text."""


class Paid(NamedTuple):
    """What a claim pays, in fen. For a late claim and a reversal: how the account changes."""

    standing: str | None
    reversal: bool
    benefits: dict[str, int]
    psn_burden: int
    excess: int


class Counter:
    """A program at a counter: accounts are opened here and share its machine.

    One counter settles one claim at a time, so threads want counters of their own. Of
    the columns that the program does not read those `beside` it may come along (None: any).
    """

    def __init__(self, program: Program, beside: Collection[str] | None = None) -> None:
        self._beside = None if beside is None else frozenset(beside)
        self._core = _core.Counter(program.core, self._beside)

    def account(
        self,
        identities: Sequence[tuple[str, Day | None, Day | None]] = (),
        applications: Sequence[tuple[Day, str]] = (),
        opening: Sequence[tuple[int, str, str]] = (),
    ) -> Account:
        """Open a person's account.

        `identities`: name or code, first and last day (None: open). `applications`: day
        and identity. `opening`: what a year begins with, as year, accumulator (a name of
        `Program.accumulators`) and yuan as text. Raises StreamError for a day, an identity
        or a total that cannot be.
        """
        held = [
            (name, optional(start), optional(end)) for name, start, end in identities
        ]
        asked = [(text(day), identity) for day, identity in applications]
        try:
            account = self._core.open(held, asked, list(opening))
        except _core.Refused as refused:
            raise errors.of(refused) from None
        return Account(account, self._beside or ())


class Account:
    """A person's claims so far."""

    def __init__(self, core: _core.Account, known: Collection[str] = ()) -> None:
        self._settle = core.settle
        self._known = known

    def settle(
        self,
        time: Day,
        setl_id: str,
        values: Mapping[str, int | str],
        undoes: str | None = None,
    ) -> Paid:
        """Settle a claim; in whatever order claims come, the account is right.

        `values`: the program's columns (fen as int, or as text what a file would hold; a
        flag may be a bool). `undoes`: the settlement that this one reverses. A claim that
        is refused leaves the account as it was: StreamError for columns that nobody knows,
        for values and for claims that cannot be settled (outside the days in force,
        reversed twice), EngineError for an overflow.
        """
        when = time if isinstance(time, str) else text(time)
        given = values if isinstance(values, dict) else dict(values)
        try:
            return Paid._make(self._settle(when, setl_id, given, undoes))
        except _core.Refused as refused:
            wrong = errors.of(refused)
            if wrong.code == "D811":
                name = str(wrong.diagnostic.arguments["name"])
                raise names.unknown(name, self._known) from None
            raise wrong from None


def text(day: Day) -> str:
    """A day or a time as ISO text; an instant (a time with a zone) by China's clock."""
    if isinstance(day, dt.datetime) and day.tzinfo is not None:
        day = day.astimezone(CHINA).replace(tzinfo=None)
    return day if isinstance(day, str) else day.isoformat()


def optional(day: Day | None) -> str | None:
    """A day as ISO text, where there is one."""
    return None if day is None else text(day)
