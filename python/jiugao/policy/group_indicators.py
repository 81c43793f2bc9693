"""Written indicators by institution, area, month or year come in, typed ones go out."""

from __future__ import annotations

from dataclasses import field
from fractions import Fraction
from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.policy import fund_model, model
from jiugao.policy.expressions import Typing
from jiugao.policy.fold import folded
from jiugao.policy.funds import before_of
from jiugao.policy.nearest import report_unknown
from jiugao.policy.scope import Place
from jiugao.policy.tables import Row, resolve
from jiugao.syntax import tree
from jiugao.syntax.keywords import COUNTED_BY

if TYPE_CHECKING:
    from jiugao.diagnostics import Diagnostics
    from jiugao.policy.gather import Gathered, Placed
    from jiugao.policy.scope import Scope

Kind = model.Kind
WORDS = {zh: en for en, zh in COUNTED_BY.items()}
PERIODS = ("month", "year")
GROUPS = {
    "claims": {"institution", "area", "month", "year"},
    "enrolment": {"area", "year"},
}
PLACES = {"claims": Place.CLAIM, "enrolment": Place.ENROLMENT}


def read_group_indicators(
    gathered: Gathered, scope: Scope, absent: frozenset[str], found: Diagnostics
) -> tuple[fund_model.Indicator, ...]:
    """Every indicator that is not by person."""
    read = (
        read_indicator(placed, scope, absent, found)
        for placed in gathered.of(tree.Indicator)
        if not by_person(placed.node)
    )
    return tuple(one for one in read if one is not None)


def by_person(node: tree.Indicator) -> bool:
    """Whether an indicator is of persons: a warning, which the machine works out."""
    return any(name.text == "人" for name in node.by)


def read_indicator(
    placed: Placed[tree.Indicator],
    scope: Scope,
    absent: frozenset[str],
    found: Diagnostics,
) -> fund_model.Indicator | None:
    """One indicator: its groups, its totals and what they are held against."""
    node = placed.node
    for name in node.by:
        if name.text not in WORDS:
            report_unknown(found, name.span, name.text, WORDS)
            return None
    every = [WORDS[name.text] for name in node.by]
    table = "enrolment" if "enrolment" in every else "claims"
    by = [word for word in every if word not in PLACES]
    wrong = not {*by} <= GROUPS[table]
    if len(set(by)) < len(by) or len({*by} & {*PERIODS}) != 1 or wrong:
        found.add("E446", node.span, what=tuple(n.text for n in node.by))
        return None
    cited = placed.cited(node.citation)
    if cited is None:
        found.add("E601", node.name.span, name=node.name.text)
    rows = Typing(scope, found, PLACES[table])
    typing = IndicatorTyping(
        scope, found, Place.FIGURE, rows=rows, node=node, table=table, absent=absent
    )
    value = typing.inferred(node.amount)
    if value is None:
        return None
    aims = read_aims(node, rows, value.kind)
    if aims is None or cited is None:
        return None
    subject, listed = aims
    return fund_model.Indicator(
        node.name.text,
        node.code or node.name.text,
        table,
        tuple(by),
        tuple(typing.totals),
        value,
        subject,
        listed,
        cited,
        node.span,
    )


@dataclass(frozen=True, kw_only=True)
class IndicatorTyping(Typing):
    """An indicator's value: totals of rows, and figures that no row changes."""

    rows: Typing
    node: tree.Indicator
    table: str
    absent: frozenset[str]
    totals: list[fund_model.Total] = field(default_factory=list)

    def total(self, node: tree.Total | tree.YearOnYear) -> model.Expression | None:
        """合计, 计数, or 同比 of what is made of them."""
        if isinstance(node, tree.YearOnYear):
            return self.growth(node)
        span = node.span
        if not node.counted:
            assert node.value is not None
            value = self.rows.typed(node.value, Kind.MONEY)
            kind = Kind.MONEY
        else:
            kind = Kind.COUNT
            value = model.Const(Kind.FLAG, True, span)
            if node.value is not None:
                value = self.rows.condition(node.value)
        if value is None:
            return None
        value = folded(value, self.absent)
        code = self.node.code or self.node.name.text
        name = f"{code}.{len(self.totals) + 1}"
        for before in self.totals:
            if span.text == before.span.text:
                name = before.name
                break
        else:
            self.totals.append(fund_model.Total(name, kind, self.table, value, span))
        return model.YearFigure(kind, "total", name, span)

    def growth(self, node: tree.YearOnYear) -> model.Expression | None:
        """同比 x: x over that of the year before, less one."""
        now = self.inferred(node.value)
        if now is None:
            return None
        ratio = model.Binary(
            Kind.RATE, tree.Operator.DIV, now, before_of(now), node.span
        )
        one = model.Const(Kind.RATE, Fraction(1), node.span)
        return model.Binary(Kind.RATE, tree.Operator.SUB, ratio, one, node.span)

    def quotient(self, node: tree.Binary) -> model.Expression | None:
        """Like over like is a rate; money over a count is money."""
        left, right = self.inferred(node.left), self.inferred(node.right)
        if left is None or right is None:
            return None
        match left.kind, right.kind:
            case (
                (Kind.MONEY, Kind.MONEY) | (Kind.COUNT, Kind.COUNT)
                | (Kind.RATE, Kind.RATE)
            ):  # fmt: skip
                kind = Kind.RATE
            case Kind.MONEY, (Kind.COUNT | Kind.RATE):
                kind = Kind.MONEY
            case _:
                self.report_operator(node, left, right)
                return None
        return model.Binary(kind, node.operator, left, right, node.span)

    def misplaced(self, node: tree.Name, wanted: str) -> None:
        """E447: what rows have stands outside 合计 and 计数."""
        del wanted
        if self.scope.what(node.text) is None:
            self.rows.name(node)
        else:
            self.found.add("E447", node.span, name=node.text)


def read_aims(
    node: tree.Indicator, rows: Typing, kind: Kind
) -> tuple[model.Expression | None, tuple[fund_model.Aim, ...]] | None:
    """One target for all groups, or one for each code of the subject."""
    figures = Typing(rows.scope, rows.found, Place.FIGURE)
    if isinstance(node.target, tree.Target):
        threshold = read_threshold(node.target, figures, kind)
        if threshold is None:
            return None
        aim = fund_model.Aim(frozenset(), True, threshold, node.target.pending)
        return None, (aim,)
    table = node.target
    written = [Row(row.keys, row.span) for row in table.rows]
    resolved = resolve(rows, table.subject, written, table.span)
    thresholds = [read_threshold(row.target, figures, kind) for row in table.rows]
    if resolved is None or any(one is None for one in thresholds):
        return None
    subject: model.Expression | None = resolved.subject
    if resolved.known:
        chosen = resolved.chosen
        target = table.rows[chosen].target if chosen is not None else None
        found = thresholds[chosen] if chosen is not None else None
        if target is None or found is None:
            return None
        aim = fund_model.Aim(frozenset(), True, found, target.pending)
        return None, (aim,)
    if not isinstance(subject, model.InputRef) or subject.kind is not Kind.CODE:
        rows.found.add("E448", table.subject.span, what=table.subject.span.text)
        return None
    aims = tuple(
        fund_model.Aim(
            frozenset(str(key) for key in row.keys),
            row.others,
            threshold,
            table.rows[row.index].target.pending,
        )
        for row in resolved.rows
        if (threshold := thresholds[row.index]) is not None
    )
    return subject, aims


def read_threshold(
    target: tree.Target, typing: Typing, kind: Kind
) -> model.Threshold | None:
    """`不超过 amount`; 不享受 watches nothing, 待定 nothing yet."""
    if target.amount is None:
        return model.Threshold(target.operator, None, target.span)
    amount = typing.typed(target.amount, kind)
    if amount is None:
        return None
    return model.Threshold(target.operator, amount, target.span)
