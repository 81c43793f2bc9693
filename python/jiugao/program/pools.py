"""What instructions refer to by position: inputs, tables, sets, days, tallies, places.

Equal things get one position.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from jiugao.dataclass import dataclass
from jiugao.policy import model
from jiugao.policy.walk import parts, policy_expressions
from jiugao.program import body, days

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from jiugao.source import Source, Span

T = TypeVar("T")
KINDS = {
    model.Kind.MONEY: "money",
    model.Kind.FLAG: "flag",
    model.Kind.CODE: "code",
    model.Kind.DATE: "day",
    model.Kind.COUNT: "count",
    model.Kind.TEXT: "text",
}


@dataclass
class Known:
    """How far the figures of one kind of section are known."""

    until: dt.date | None = None

    def before(self, day: dt.date | None) -> None:
        """Take note that something is unknown after a day."""
        if day is not None and (self.until is None or day < self.until):
            self.until = day


@dataclass
class Pools:
    """The lists of a program while it is made. `first` and `last` bound its days."""

    policy: model.Policy
    inputs: list[model.Input] = field(default_factory=list)
    tables: list[body.Table] = field(default_factory=list)
    sets: list[tuple[int, ...]] = field(default_factory=list)
    dates: list[tuple[int, ...]] = field(default_factory=list)
    lists: list[body.CodeList] = field(default_factory=list)
    tallies: list[int] = field(default_factory=list)
    known: dict[str, Known] = field(default_factory=lambda: defaultdict(Known))

    @property
    def first(self) -> dt.date:
        """The first day that a claim may have."""
        return self.policy.force.first

    @property
    def last(self) -> dt.date | None:
        """The last one."""
        return self.policy.force.end

    def stretches(
        self, section: str, expressions: Sequence[model.Expression]
    ) -> tuple[dt.date, ...]:
        """First days of the stretches over which none of the expressions changes.

        They end where one has no value; the section is not to judge later days.
        """
        found: list[dt.date] = []
        for day in days.stretches(
            days.edges_of_all(expressions), self.first, self.last
        ):
            if any(days.unknown(expression, day) for expression in expressions):
                self.known[section].before(day - days.DAY)
                break
            found.append(day)
        return tuple(found)

    @property
    def classes(self) -> tuple[model.Class, ...]:
        """The standing's classes, none without a standing."""
        standing = self.policy.standing
        return standing.classes if standing else ()

    def input(self, found: model.Input) -> int:
        """The position of an input, by table and column."""
        for position, known in enumerate(self.inputs):
            if (known.table, known.column) == (found.table, found.column):
                return position
        self.inputs.append(found)
        return len(self.inputs) - 1

    def codes(self, found: model.Input) -> Mapping[str, str]:
        """The codes of an input with their labels; of a text, those asked for."""
        if found.kind is not model.Kind.TEXT:
            return found.codes
        return self.texts.get((found.table, found.column), {})

    @cached_property
    def texts(self) -> Mapping[tuple[str, str], Mapping[str, str]]:
        """What some rule asks of each text column: texts with their labels."""
        asked: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for one in (p for e in policy_expressions(self.policy) for p in parts(e)):
            match one:
                case model.InList(operand=operand, listed=listed):
                    texts = {row.code: row.label or row.code for row in listed.rows}
                case model.InSet(operand=model.InputRef() as operand, members=members):
                    texts = {text: text for text in members}
                case _:
                    continue
            found = asked[operand.input.table, operand.input.column]
            found.update({text: texts[text] for text in texts.keys() - found.keys()})
        return {column: dict(sorted(found.items())) for column, found in asked.items()}

    def column(self, column: str) -> model.Input | None:
        """A claims input by column."""
        for known in self.policy.inputs:
            if known.column == column and known.table == "claims":
                return known
        return None

    def class_position(self, name: str | None) -> int:
        """The position of a class; -1 for none."""
        names = [found.name for found in self.classes]
        return -1 if name is None else names.index(name)

    def mask(self, identities: tuple[str, ...]) -> int:
        """Identities as bits."""
        positions = (self.policy.identities.index(name) for name in identities)
        return sum(1 << position for position in set(positions))

    def place(self, cited: model.Cited | None, span: Span | None = None) -> body.Place:
        """A place of the program file: `span`, or else that of the citation."""
        at = span or (cited.span if cited else None)
        return body.Place(
            self.span(at),
            cited.text if cited else "",
            cited.clauses if cited else (),
        )

    def span(self, span: Span | None) -> tuple[int, int, int] | None:
        """A span of one of the policy's sources; None for any other (the profile's)."""
        if span is None or span.source not in self.policy.sources:
            return None
        return (self.source(span.source), span.start, span.end)

    def source(self, source: Source) -> int:
        """The position of a source."""
        return self.policy.sources.index(source)


def interned(pool: list[T], value: T) -> int:
    """The position of a value, put at the end if it is new."""
    if value not in pool:
        pool.append(value)
    return pool.index(value)
