"""A written year of a fund (算例) comes in; given figures with expected ones go out."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from jiugao.policy import fund_model
from jiugao.policy.literals import fen_of, kind_word
from jiugao.policy.nearest import report_unknown
from jiugao.syntax import tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jiugao.diagnostics import Diagnostics
    from jiugao.policy.gather import Gathered
    from jiugao.policy.scope import Scope
    from jiugao.source import Span

Answer = tuple[str, str | None]
AMOUNTS = (tree.Unit.COUNT, tree.Unit.RATE)


class FundNames:
    """What examples of a fund may name."""

    def __init__(self, node: tree.Fund, scope: Scope) -> None:
        rows = [row for row in node.rows if not isinstance(row, tree.Pooled)]
        self.rows = [row.name.text for row in rows]
        self.bearers = {
            row.name.text: [p.name.text for band in row.bands for p in band.parts]
            for row in rows
            if isinstance(row, tree.Share)
        }
        self.benefits = {
            name: paid[0].name
            for name, paid in scope.payments.items()
            if any(one.computed for one in paid)
        }

    @property
    def everyone(self) -> list[str]:
        """Every bearer."""
        return list(dict.fromkeys(b for some in self.bearers.values() for b in some))


def fund_names(gathered: Gathered, scope: Scope) -> dict[str, tuple[str, FundNames]]:
    """Funds by name and code name, with their own name."""
    found: dict[str, tuple[str, FundNames]] = {}
    for placed in gathered.of(tree.Fund):
        node = placed.node
        names = (node.name.text, FundNames(node, scope))
        found[node.name.text] = names
        if node.code:
            found[node.code] = names
    return found


def read_example_fund(
    line: tree.ExampleFund,
    funds: dict[str, tuple[str, FundNames]],
    found: Diagnostics,
) -> fund_model.ExampleFund | None:
    """基金 name [2018年]，facts 应得 answers."""
    if line.name.text not in funds:
        report_unknown(found, line.name.span, line.name.text, funds)
        return None
    name, names = funds[line.name.text]
    given: dict[str, Fraction] = {}
    last_year: dict[str, Fraction] = {}
    for fact in line.facts:
        if isinstance(fact, tree.Name) or fact.part is not None:
            words = {"wanted": "@literal", "found": "@other"}
            found.add("E301", fact.span, **words)
            continue
        read = figure(fact.value, found)
        known = [*names.rows, *(names.everyone if fact.last_year else names.benefits)]
        if fact.name.text not in known:
            report_unknown(found, fact.name.span, fact.name.text, known)
        elif read is not None:
            text = names.benefits.get(fact.name.text, fact.name.text)
            put(last_year if fact.last_year else given, text, read, fact.span, found)
    expected = dict(answers(line.expected, names, found))
    return fund_model.ExampleFund(
        name, line.year, given, last_year, expected, line.span
    )


def put(
    values: dict[str, Fraction],
    name: str,
    value: Fraction,
    span: Span,
    found: Diagnostics,
) -> None:
    """One figure; two facts about one are a finding."""
    if name in values:
        found.add("E434", span, name=name)
    values[name] = value


def figure(value: tree.Expression, found: Diagnostics) -> Fraction | None:
    """A literal amount (fen), count or rate."""
    match value:
        case tree.Literal(unit=tree.Unit.MONEY):
            return fen_of(value, found)
        case tree.Literal(unit=unit, value=Fraction() as exact) if unit in AMOUNTS:
            return exact
        case _:
            words = {"wanted": "@literal", "found": kind_word(value)}
            found.add("E301", value.span, **words)
            return None


def answers(
    written: Sequence[tree.Assignment], names: FundNames, found: Diagnostics
) -> Iterable[tuple[Answer, tuple[Fraction, Span]]]:
    """A row's figure, what a bearer bears in all, or its part of one row."""
    for one in written:
        read = figure(one.value, found)
        text, part = one.name.text, one.part
        known = list(names.bearers) if part else [*names.rows, *names.everyone]
        if text not in known:
            report_unknown(found, one.name.span, text, known)
        elif part is not None and part.text not in names.bearers[text]:
            report_unknown(found, part.span, part.text, names.bearers[text])
        elif read is not None:
            yield (text, part.text if part else None), (read, one.span)
