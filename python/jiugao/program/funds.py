"""Checked funds and indicators come in; their parts of the program body go out."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, assert_never

from jiugao.policy import fund_model, model
from jiugao.program import body
from jiugao.program.builder import Note, Register
from jiugao.syntax.tree import Operator

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from jiugao.program.expressions import Expressions
    from jiugao.program.pools import Pools

Kind = model.Kind
WORDS = {
    Operator.ADD: "+", Operator.SUB: "-", Operator.MUL: "*", Operator.DIV: "/",
    Operator.AND: "and", Operator.OR: "or", Operator.IS: "is", Operator.OVER: "over",
    Operator.NOT_OVER: "not_over", Operator.AT_LEAST: "at_least",
    Operator.BELOW: "below", Operator.BEFORE: "below", Operator.AFTER: "over",
}  # fmt: skip


class Measured:
    """The measures of one section: which register shows what."""

    def __init__(self, section: str, expressions: Expressions) -> None:
        self.section, self.expressions = section, expressions
        self.kept: list[tuple[str, str, Register, Note]] = []

    def add(self, name: str, kind: str, value: model.Expression, note: Note) -> None:
        """Show an expression's value under a name."""
        register = self.expressions.value(value)
        self.kept.append((name, kind, register, note))

    def registers(self) -> list[Register]:
        """What the section has to keep."""
        return [register for _, _, register, _ in self.kept]

    def made(
        self, renumbered: Mapping[int, int], pools: Pools
    ) -> tuple[body.Measure, ...]:
        """The measures as the program has them."""
        return tuple(
            body.Measure(
                name, self.section, kind, register.scale if kind == "money" else 0,
                renumbered[register.number], pools.place(note.cited, note.span),
            )
            for name, kind, register, note in self.kept
        )  # fmt: skip


def measured(policy: model.Policy, section: str, expressions: Expressions) -> Measured:
    """Everything that indicators and funds read of the rows of a section."""
    found = Measured(section, expressions)
    table = "claims" if section == "claim" else "enrolment"
    for indicator in policy.indicators:
        if indicator.table != table:
            continue
        for total in indicator.totals:
            kind = "money" if total.kind is Kind.MONEY else "flag"
            note = Note("measure", indicator.name, total.span, indicator.cited)
            found.add(total.name, kind, total.value, note)
        if indicator.subject is not None:
            note = Note("measure", indicator.name, indicator.span, indicator.cited)
            found.add(subject_name(indicator), "code", indicator.subject, note)
    if table == "enrolment":
        for fund, row in counted(policy):
            if row.condition is not None:
                note = Note("measure", row.name, row.span, row.cited)
                found.add(condition_name(fund, row), "flag", row.condition, note)
    return found


def counted(
    policy: model.Policy,
) -> Iterator[tuple[fund_model.Fund, fund_model.Headcount]]:
    """Every count of heads with its fund."""
    for fund in policy.funds:
        for row in fund.rows:
            if isinstance(row, fund_model.Headcount):
                yield fund, row


def condition_name(fund: fund_model.Fund, row: fund_model.Headcount) -> str:
    """The measure that says whether an enrolment row counts."""
    return f"{fund.code}.{row.name}"


def subject_name(indicator: fund_model.Indicator) -> str:
    """The measure that says which aim a row comes under."""
    return f"{indicator.code}.subject"


class Nodes:
    """Amounts of years as nodes; parameters by their position in the policy."""

    def __init__(self, policy: model.Policy) -> None:
        self.positions = {p.name: n for n, p in enumerate(policy.parameters)}

    def node(self, expression: model.Expression) -> body.Node:
        """An amount."""
        match expression:
            case model.Const(value=value):
                return body.Node("const", constant(value), ())
            case model.ParameterRef(parameter=parameter, last_year=before):
                op = "parameter_before" if before else "parameter"
                return body.Node(op, str(self.positions[parameter.name]), ())
            case model.YearFigure(of=of, name=name, last_year=before):
                return body.Node(f"{of}_before" if before else of, name, ())
            case model.Binary(operator=operator):
                return self.of(WORDS[operator], expression.left, expression.right)
            case model.Smaller():
                return self.of("at_most", expression.left, expression.right)
            case model.Excess():
                return self.of("in_excess_of", expression.left, expression.right)
            case model.Conditional():
                return self.of("when", expression.value, expression.condition)
            case model.Not():
                return self.of("not", expression.operand)
            case (
                model.InputRef() | model.AmountRef() | model.StandingRef()
                | model.HoldsIdentity() | model.DayRef() | model.InSet() | model.InList()
            ):  # fmt: skip
                raise TypeError("an amount of a year that a row changes")
        assert_never(expression)

    def of(self, op: str, *inside: model.Expression) -> body.Node:
        """An operator."""
        return body.Node(op, "", tuple(self.node(one) for one in inside))

    def maybe(self, expression: model.Expression | None) -> body.Node | None:
        """An amount, if there is one."""
        return None if expression is None else self.node(expression)


def constant(value: Fraction | str | bool | dt.date) -> str:
    """A constant as text: 1/3, true, 2018-07-11."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def funds_of(policy: model.Policy, pools: Pools) -> tuple[body.Fund, ...]:
    """Every fund."""
    nodes = Nodes(policy)
    return tuple(
        body.Fund(
            fund.code,
            fund.name,
            fund.pooled.value,
            tuple(row_of(nodes, pools, fund, row) for row in fund.rows),
            pools.place(fund.cited, fund.span),
        )
        for fund in policy.funds
    )


def row_of(
    nodes: Nodes, pools: Pools, fund: fund_model.Fund, row: fund_model.Row
) -> body.FundRow:
    """One row of a fund."""
    place = pools.place(row.cited, row.span)
    match row:
        case fund_model.Headcount():
            condition = None if row.condition is None else condition_name(fund, row)
            return body.FundRow(
                "heads", row.name, "count", nodes.maybe(row.as_of), condition,
                row.later.value, None, None, (), place,
            )  # fmt: skip
        case fund_model.Amount():
            return body.FundRow(
                "amount", row.name, row.kind.value, None, None, None,
                nodes.node(row.amount), None, (), place,
            )  # fmt: skip
        case fund_model.Share():
            bands = tuple(band_of(nodes, band) for band in row.bands)
            return body.FundRow(
                "share", row.name, "money", None, None, None, nodes.node(row.amount),
                nodes.maybe(row.of), bands, place,
            )  # fmt: skip
    assert_never(row)


def band_of(nodes: Nodes, band: fund_model.Band) -> body.ShareBand:
    """One band of a share."""
    parts = (
        body.SharePart(part.bearer, part.share.kind.value, nodes.node(part.share))
        for part in band.parts
    )
    return body.ShareBand(nodes.node(band.lower), nodes.maybe(band.upper), tuple(parts))


def indicators_of(policy: model.Policy, pools: Pools) -> tuple[body.Indicator, ...]:
    """Every indicator of groups."""
    nodes = Nodes(policy)
    return tuple(indicator_of(nodes, pools, one) for one in policy.indicators)


def indicator_of(
    nodes: Nodes, pools: Pools, indicator: fund_model.Indicator
) -> body.Indicator:
    """One indicator."""
    subject = indicator.subject
    codes: tuple[str, ...] = ()
    if isinstance(subject, model.InputRef):
        codes = tuple(subject.input.codes)
    aims = (
        body.Aim(
            tuple(sorted(aim.keys)), aim.others, aim.threshold.operator.value,
            nodes.maybe(aim.threshold.amount), aim.pending,
        )
        for aim in indicator.aims
    )  # fmt: skip
    return body.Indicator(
        indicator.code, indicator.name, indicator.table, indicator.by,
        tuple(total.name for total in indicator.totals), nodes.node(indicator.value),
        indicator.value.kind.value, None if subject is None else subject_name(indicator),
        codes, tuple(aims), pools.place(indicator.cited, indicator.span),
    )  # fmt: skip
