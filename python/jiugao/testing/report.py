"""What running examples found: answers that differ, and what no example reaches."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

    from jiugao.source import Span


class Where(StrEnum):
    """Which line of an example an answer belongs to."""

    ROW = "row"  # one settlement or reversal
    TOTAL = "total"  # all rows of the case
    YEAR_END = "year_end"  # the close of a year
    ENROLMENT = "enrolment"  # one enrolment row
    FUND = "fund"  # a year of a fund


@dataclass(frozen=True)
class Difference:
    """One answer that is not what was expected.

    Amounts in fen; a warning's are 0 or 1; a payee or a deadline in words.
    `line`: the settlement's day (and label) as written, or the year, or empty.
    """

    where: Where
    line: str
    name: str
    expected: int | Fraction | str
    got: int | Fraction | str
    warning: bool
    span: Span
    number: bool = False  # a count or a rate, not fen


@dataclass(frozen=True)
class Rejection:
    """A row of an example that the engine refuses; such a row pays nothing."""

    line: str
    code: str
    span: Span


@dataclass(frozen=True)
class CaseResult:
    """One example, run. It passes if nothing differs and the engine took it.

    `error`: the rules do not compile with the example's own settings, or the engine
    refused the case as a whole.
    """

    title: str
    span: Span
    differences: tuple[Difference, ...]
    rejections: tuple[Rejection, ...]
    answers: int
    error: str | None = None

    @property
    def passed(self) -> bool:
        """Whether every answer is right to the fen."""
        return not self.differences and self.error is None


class Part(StrEnum):
    """What coverage counts."""

    CLASS = "class"  # a class of the standing table
    ROW = "row"  # a branch: one row of figures of a benefit (table arms and regime)
    BAND = "band"
    DEDUCTIBLE = "deductible"
    LIMIT = "limit"
    REGIME = "regime"  # a stretch of days between changes of figures
    READING = "reading"  # an option of a reading
    WARNING = "warning"  # a warning given, and not given
    SUBSIDY = "subsidy"
    FUND = "fund"  # a band of a fund's share
    CARRIED = "carried"  # a total of a replaced policy that goes on


@dataclass(frozen=True)
class Target:
    """One thing that examples can reach, and how many claims of them do."""

    part: Part
    owner: str  # the benefit, the reading, the warning; empty for classes
    what: str
    hits: int


@dataclass(frozen=True)
class Coverage:
    """Everything that examples can reach."""

    targets: tuple[Target, ...]

    @property
    def missed(self) -> tuple[Target, ...]:
        """What no example reaches."""
        return tuple(t for t in self.targets if not t.hits)

    @property
    def reached(self) -> int:
        """How many are reached."""
        return len(self.targets) - len(self.missed)


@dataclass(frozen=True)
class Report:
    """All examples of a policy, run."""

    policy: str
    cases: tuple[CaseResult, ...]
    coverage: Coverage | None

    @property
    def passed(self) -> bool:
        """Whether every example passes."""
        return all(c.passed for c in self.cases)

    @property
    def failures(self) -> tuple[CaseResult, ...]:
        """The examples that do not pass."""
        return tuple(c for c in self.cases if not c.passed)
