"""The rows of one table (按) come in; its subject and what each row covers go out.

Every value has a row, and none has two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.diagnostics import Related
from jiugao.policy import model
from jiugao.policy.fold import folded, known
from jiugao.policy.literals import kind_word, option_name
from jiugao.policy.members import classes_in_force
from jiugao.policy.members import values as members
from jiugao.policy.nearest import report_unknown
from jiugao.syntax import tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiugao.policy.expressions import Typing
    from jiugao.source import Span

Key = str | bool


@dataclass(frozen=True)
class Row:
    """The keys of one written row; none is 其余."""

    keys: tuple[tree.Expression, ...]
    span: Span


@dataclass(frozen=True)
class Covered:
    """What the row at `index` covers under the chosen readings."""

    index: int
    keys: frozenset[Key]
    others: bool


@dataclass(frozen=True)
class Resolved:
    """The subject and the rows that can be met.

    `chosen`: the subject is known at compile time and this row is the one (None: none
    covers it).
    """

    subject: model.Expression
    rows: tuple[Covered, ...]
    known: bool = False
    chosen: int | None = None


def resolve(
    typing: Typing, subject: tree.Expression, rows: Sequence[Row], whole: Span
) -> Resolved | None:
    """The table's subject and coverage; findings where it is not a table."""
    read = typing.inferred(subject)
    if read is None:
        return None
    read = folded(read)
    match read:
        case model.ParameterRef(parameter=parameter) if parameter.options:
            options: tuple[Key, ...] = parameter.options
            covered = cover(typing, read, rows, options, whole)
            return decided(read, covered, parameter.option)
        case model.StandingRef():
            names: tuple[Key, ...] = typing.scope.classes
            covered = cover(typing, read, rows, names, whole)
            return Resolved(read, in_force(typing, covered))
        case model.InputRef(kind=model.Kind.CODE, input=coded):
            covered = cover(typing, read, rows, tuple(coded.codes), whole)
            return Resolved(read, covered)
        case _ if read.kind is model.Kind.FLAG:
            covered = cover(typing, read, rows, (True, False), whole)
            value = known(read)
            if value is not None:
                return decided(read, covered, value)
            return Resolved(read, covered)
        case _:
            kind = f"@{read.kind.value}"
            typing.found.add("E413", subject.span, name=subject.span.text, found=kind)
            return None


def decided(
    subject: model.Expression, rows: tuple[Covered, ...], value: object
) -> Resolved:
    """A table whose subject is known at compile time."""
    chosen = next((r.index for r in rows if value in r.keys), None)
    if chosen is None:
        chosen = next((r.index for r in rows if r.others), None)
    return Resolved(subject, rows, known=True, chosen=chosen)


def in_force(typing: Typing, rows: tuple[Covered, ...]) -> tuple[Covered, ...]:
    """Rows without the classes that the chosen readings leave out."""
    classes = classes_in_force(typing.scope)
    kept = (Covered(r.index, r.keys & classes, r.others) for r in rows)
    return tuple(r for r in kept if r.keys or r.others)


def cover(
    typing: Typing,
    subject: model.Expression,
    rows: Sequence[Row],
    domain: tuple[Key, ...],
    whole: Span,
) -> tuple[Covered, ...]:
    """Which values each row covers; twice and not at all are findings."""
    covered: list[Covered] = []
    seen: dict[Key, Span] = {}
    others: Span | None = None
    failed = False
    for index, row in enumerate(rows):
        if not row.keys:
            if others is not None:
                typing.found.add("E411", row.span, Related(others, "first"), key="其余")
            others = row.span
            covered.append(Covered(index, frozenset(), others=True))
            continue
        keys: set[Key] = set()
        for key in row.keys:
            values = key_values(typing, subject, key, domain)
            failed = failed or values is None
            for value in sorted(values or (), key=str):
                if value in seen:
                    first = Related(seen[value], "first")
                    label = key_label(subject, value)
                    typing.found.add("E411", key.span, first, key=label)
                seen.setdefault(value, key.span)
                keys.add(value)
        covered.append(Covered(index, frozenset(keys), others=False))
    missing = [key_label(subject, v) for v in domain if v not in seen]
    open_ended = not domain
    if others is None and not failed and (missing or open_ended):
        typing.found.add("E410", whole, keys=tuple(missing) or "@others")
    return tuple(covered)


def key_values(
    typing: Typing,
    subject: model.Expression,
    key: tree.Expression,
    domain: tuple[Key, ...],
) -> frozenset[Key] | None:
    """The values of the subject that a key stands for."""
    match subject, key:
        case model.ParameterRef(), _:
            name = option_name(key)
            if name in domain:
                return frozenset((name,)) if name is not None else None
            report_unknown(
                typing.found, key.span, name or key.span.text, [str(d) for d in domain]
            )
            return None
        case model.StandingRef(), _ if option_name(key) in domain:
            # A class left out by a reading still counts as written.
            return frozenset((option_name(key) or "",))
        case ((model.StandingRef() | model.InputRef(kind=model.Kind.CODE)), _):
            values = members(typing.scope, typing.found, subject, key)
            return None if values is None else frozenset(values)
        case _, tree.Literal(unit=tree.Unit.FLAG, value=bool() as flag):
            return frozenset((flag,))
        case _:
            words = {"wanted": "@flag", "found": kind_word(key)}
            typing.found.add("E301", key.span, **words)
            return None


def key_label(subject: model.Expression, value: Key) -> str:
    """A value as the author writes it."""
    match subject, value:
        case model.InputRef(input=coded), str() as code:
            return coded.codes.get(code, code)
        case _, True:
            return "是"
        case _, False:
            return "否"
        case _:
            return str(value)
