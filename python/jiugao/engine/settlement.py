"""A program and Arrow streams come in; settled claims and yearly accounts go out."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from jiugao import _core
from jiugao.engine import errors
from jiugao.engine.streams import Batches

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jiugao.engine.program import Program
    from jiugao.engine.streams import ArrowStream

EPOCH = dt.date(1970, 1, 1).toordinal()
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Tables:
    """What is settled: claims, and what is known of their persons.

    `opening`: what accumulators of a person's year begin with (`Program.accumulators`).
    `columns`: column of the program (or psn_no, setl_id, …) -> column of the claims.
    `constants`: column of the program -> the value it has on every claim, as written.
    `people_in_order`: claims and people both rise by psn_no, a text, by bytes; identities
    are then read as the claims come, and memory does not grow with the people.
    """

    claims: ArrowStream
    people: ArrowStream | None = None
    applications: ArrowStream | None = None
    columns: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    constants: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    opening: ArrowStream | None = None
    people_in_order: bool = False


@dataclass(frozen=True)
class Options:
    """How claims are settled, and what is told beside the payments.

    `wide`: amounts as decimal128 instead of decimal64, which some readers (polars 2.1)
    take for one of 128 bits and show wrong amounts without a word. `threads`: how many
    settle, the reader's own among them. `result_columns`: the columns wanted (None: all);
    those left out are not made. Rejected rows then show only in `totals`, unless `role` or
    `reject` is among them. `totals_until`: `accumulated` tells what accounts have after the
    claims of this day; claims of later days are left out of everything. `months`: a column
    `month`, the first day of the month in which a row counts (a reversal where what it
    undoes does). `summed`: columns of the claims, whole numbers, for `Settlement.sums`.
    """

    close_year: bool = False
    years: bool = True
    details: bool = False
    wide: bool = False
    threads: int = 1
    passthrough: Sequence[str] = ()
    result_columns: Sequence[str] | None = None
    totals_until: dt.date | None = None
    months: bool = False
    summed: Sequence[str] = ()


DEFAULT = Options()


class Settlement(Batches):
    """Settled claims: batches of whole persons in the order given, made on demand.

    What is told beside them is of the batches that were made. Before any was asked for it
    raises StreamError D813: there is nothing yet, which would look like nothing due.
    """

    def __init__(self, core: _core.Settlement, *owners: ArrowStream | None) -> None:
        super().__init__(core, *owners)
        self._unread = core
        self._begun = False

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Give the stream away, once."""
        self._begun = True
        return super().__arrow_c_stream__(requested_schema)

    @property
    def _core(self) -> _core.Settlement:
        if not self._begun:
            raise errors.StreamError("D813")
        return self._unread

    def years(self) -> Batches:
        """The accounts finished since the last call; all once every batch is read."""
        return Batches(self._core.years())

    def accumulated(self) -> Batches:
        """Of the accounts finished since the last call, what they have accumulated.

        As a table of opening balances has it. Nothing of persons who made an application:
        what it looks back on is claims, which no totals hold.
        """
        return Batches(self._core.accumulated())

    def opened_without_claims(self) -> list[str]:
        """Persons with an opening balance and no claims, once every batch is read."""
        return self._core.opened_without_claims()

    def unnamed_identities(self) -> dict[str, int]:
        """Identities of the people table that the policy does not name: name -> rows.

        Persons who hold nothing else are paid as if they held none. The most first; known
        once the first batch is read, with `people_in_order` once every batch is.
        """
        told = self._core.unnamed_identities()
        return dict(sorted(told.items(), key=lambda item: (-item[1], item[0])))

    def totals(self) -> dict[str, int]:
        """Counts and sums (fen) of what was read so far."""
        return self._core.totals()

    def sums(self) -> dict[str, tuple[int, int]]:
        """Of each column of `Options.summed`, in what was read so far.

        Over all rows that count, and over those of them that are reversed or reversals.
        """
        return self._core.sums()


def settle(program: Program, tables: Tables, options: Options = DEFAULT) -> Settlement:
    """Settle claims. Nothing but the names of columns is read before the result is.

    Claims of a person stand together, in order of time, then setl_id. Raises
    `StreamError` for columns that are missing or cannot be used; while reading also for
    rows out of order, and `EngineError` for amounts that do not fit.
    """
    try:
        core = _core.settle(
            program.core,
            tables.claims,
            people=tables.people,
            applications=tables.applications,
            opening=tables.opening,
            columns=dict(tables.columns),
            constants=dict(tables.constants),
            close_year=options.close_year,
            years=options.years,
            details=options.details,
            wide=options.wide,
            threads=options.threads,
            passthrough=list(options.passthrough),
            result_columns=(
                None if options.result_columns is None else list(options.result_columns)
            ),
            totals_until=(
                None
                if options.totals_until is None
                else options.totals_until.toordinal() - EPOCH
            ),
            people_in_order=tables.people_in_order,
            months=options.months,
            summed=list(options.summed),
        )
    except _core.Refused as refused:
        raise errors.of(refused) from None
    owners = (tables.claims, tables.people, tables.applications, tables.opening)
    return Settlement(core, *owners)


def trace(program: Program, tables: Tables, row: int) -> dict[str, Any]:
    """Every step of one row (from 0) of the claims of a few whole persons."""
    try:
        text = _core.trace(
            program.core,
            tables.claims,
            row,
            people=tables.people,
            applications=tables.applications,
            opening=tables.opening,
            columns=dict(tables.columns),
            constants=dict(tables.constants),
        )
    except _core.Refused as refused:
        raise errors.of(refused) from None
    steps: dict[str, Any] = json.loads(text)
    return steps


def subsidies(
    program: Program,
    enrolment: ArrowStream,
    people: ArrowStream | None = None,
    passthrough: Sequence[str] = (),
) -> Batches:
    """The premium subsidies of every enrolment row, in any order."""
    try:
        stream = _core.subsidies(
            program.core, enrolment, people=people, passthrough=list(passthrough)
        )
    except _core.Refused as refused:
        raise errors.of(refused) from None
    return Batches(stream, enrolment)
