"""A checked policy comes in; every clause goes out with its rules or the reason for none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from jiugao.policy import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jiugao.policy.model import Cited, Figure, Policy
    from jiugao.source import Span


@dataclass(frozen=True)
class Rule:
    """A rule that carries a clause. `kind` is a keyword's token name in lower case."""

    kind: str
    name: str
    passage: str
    file: str
    line: int


@dataclass(frozen=True)
class ClauseLine:
    """One clause id: its rules, or the reason why it is not computed."""

    clause: str
    rules: tuple[Rule, ...]
    reason: str | None


def clauses(policy: Policy) -> tuple[ClauseLine, ...]:
    """All clause ids in order of their numbers."""
    rules: dict[str, list[Rule]] = {}
    for kind, name, cited, span in cited_items(policy):
        for clause in cited.clauses if cited else ():
            rule = Rule(kind, name, cited.text if cited else "", *place(span))
            known = rules.setdefault(clause, [])
            if rule not in known:
                known.append(rule)
    reasons = {c: n.reason for n in policy.not_computed for c in n.clauses}
    found = sorted({*rules, *reasons}, key=natural)
    return tuple(ClauseLine(c, tuple(rules.get(c, ())), reasons.get(c)) for c in found)


def cited_items(policy: Policy) -> Iterator[tuple[str, str, Cited | None, Span]]:
    """Everything in a policy that can cite a passage."""
    force = policy.force
    yield "force", policy.name, model.Cited("", force.clauses, force.span), force.span
    for carried in policy.carried:
        yield "carries", carried.name, carried.cited, carried.span
    standing = policy.standing
    if standing is not None:
        yield "standing", standing.name, standing.cited, standing.span
        for row in standing.classes:
            yield "standing", f"{standing.name} {row.name}", row.cited, row.span
    for parameter in policy.parameters:
        yield "parameter", parameter.name, parameter.cited, parameter.span
        yield "parameter", parameter.name, parameter.declared, parameter.span
        for value in parameter.values:
            yield "parameter", parameter.name, value.cited, value.span
    for listed in policy.lists:
        yield "list", listed.name, listed.cited, listed.span
        yield "list", listed.name, listed.declared, listed.span
    for column in policy.inputs:
        if column.span is not None:
            yield "input", column.name, column.cited, column.span
    for term in policy.terms:
        yield "term", term.name, term.cited, term.span
    for expense in policy.expenses:
        yield "expense", expense.name, expense.cited, expense.span
    for paid in policy.paid:
        yield "paid", paid.name, paid.cited, paid.span
    for limit in policy.shared_limits:
        yield "limit", limit.name, limit.cited, limit.span
    for benefit in (*policy.benefits, *policy.left_out):
        yield "benefit", benefit.name, benefit.cited, benefit.span
        for figure in (benefit.deductible, benefit.gate, benefit.rates, benefit.limits):
            for cited, span in cited_figures(figure):
                yield "benefit", benefit.name, cited, span
    for subsidy in policy.subsidies:
        yield "benefit", subsidy.name, subsidy.cited, subsidy.span
        for one in subsidy.alternatives:
            yield "benefit", subsidy.name, one.cited, one.span
    for warning in policy.warnings:
        yield "indicator", warning.name, warning.cited, warning.span
    for fund in policy.funds:
        yield "fund", fund.name, fund.cited, fund.span
        for item in fund.rows:
            yield "fund", f"{fund.name} {item.name}", item.cited, item.span
    for indicator in policy.indicators:
        yield "indicator", indicator.name, indicator.cited, indicator.span


def cited_figures(figure: Figure | None) -> Iterator[tuple[Cited | None, Span]]:
    """What the leaves of a figure's tables cite."""
    match figure:
        case model.Table(arms=arms):
            for arm in arms:
                yield from cited_figures(arm.body)
        case model.Leaf(value=tuple() as limits):
            for limit in limits:
                yield limit.cited, limit.span
        case model.Leaf(value=one) if not isinstance(one, tuple):
            yield one.cited, one.span
        case model.Leaf() | model.NotEntitled() | None:
            return
        case _:
            assert_never(figure)


def place(span: Span) -> tuple[str, int]:
    """File and line of a rule."""
    return span.source.name, span.line_column[0]


def natural(clause: str) -> tuple[str, tuple[int, ...], str]:
    """LC-2.10 after LC-2.9."""
    letters = clause.split("-", 1)[0]
    numbers = tuple(int(n) for n in re.findall(r"\d+", clause))
    return letters, numbers, clause
