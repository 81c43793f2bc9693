"""Examples, checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from fractions import Fraction

    from jiugao.policy.fund_model import ExampleFund
    from jiugao.source import Span


@dataclass(frozen=True)
class ExampleRow:
    """One settlement of an example: values by input column, kinds as the inputs say."""

    label: str
    day: dt.date
    values: Mapping[str, Fraction | str | bool | dt.date]
    reverses: str | None
    expected: Mapping[str, Fraction]  # benefit name or 个人 -> fen, on this row
    span: Span
    payee: str | None = None  # expected too
    due_by: dt.date | None = None


@dataclass(frozen=True)
class ExampleEnrolment:
    """One enrolment row of an example."""

    day: dt.date
    values: Mapping[str, Fraction | str | bool | dt.date]
    expected: Mapping[str, Fraction]
    span: Span


@dataclass(frozen=True)
class ExampleIdentity:
    """An identity held from … to …, both included."""

    identity: str
    start: dt.date | None
    end: dt.date | None


@dataclass(frozen=True)
class ExampleCarried:
    """What the case's year begins with, as a table of totals would say: name -> fen, exact.

    `code`: the replaced policy whose names these are; None: the policy's own.
    """

    code: str | None
    until: dt.date
    totals: Mapping[str, Fraction]
    span: Span


@dataclass(frozen=True)
class Example:
    """A case with its answer.

    `expected`: totals of all rows at the counter (benefit name, 个人 -> fen; a warning's
    name -> 1 or 0); `year_end`: by year, amounts of the close. `settings`: parameters set
    for this case, which is then compiled with them.
    """

    title: str
    identities: tuple[ExampleIdentity, ...]
    applications: tuple[tuple[dt.date, str], ...]
    rows: tuple[ExampleRow, ...]
    enrolments: tuple[ExampleEnrolment, ...]
    funds: tuple[ExampleFund, ...]
    expected: Mapping[str, tuple[Fraction, Span]]
    year_end: Mapping[tuple[int | None, str], tuple[Fraction, Span]]
    settings: Mapping[str, str]
    span: Span
    carried: tuple[ExampleCarried, ...] = ()
