"""Tables: 按 subject { rows }, after a figure's keyword or alone; bands."""

from __future__ import annotations

from jiugao.source import Span
from jiugao.syntax import tree
from jiugao.syntax.build.expressions import OPERATORS
from jiugao.syntax.build.members import (
    Context,
    Edge,
    FigureRow,
    FigureTable,
    Keys,
    Members,
)  # fmt: skip
from jiugao.syntax.tree import Period

PERIODS = {
    "ANNUAL": Period.YEAR, "PER_YEAR": Period.YEAR, "EACH_CLAIM": Period.CLAIM,
    "LIFETIME": Period.LIFETIME,
}  # fmt: skip


def period_of(members: Members) -> Period | None:
    """年度, 每次, 终身, or nothing written."""
    token = members.token(*PERIODS)
    return PERIODS[token.type] if token else None


def keys(_: Context, __: Span, members: Members) -> Keys:
    """a、b, or 其余."""
    return Keys(members.expressions())


def key(_: Context, span: Span, members: Members) -> tree.Expression:
    """乡级, 县级以上, 是, 21."""
    value = members.expressions()[0]
    if isinstance(value, tree.Name) and members.has("ABOVE", "WITHIN"):
        return tree.LevelRange(span, value, upward=members.has("ABOVE"))
    return value


def by(_: Context, span: Span, members: Members) -> tree.By:
    """按 subject { rows of settings }."""
    subject = members.expressions()[0]
    return tree.By(span, None, subject, members.every(tree.ByRow))


def row(_: Context, span: Span, members: Members) -> tree.ByRow:
    """key: settings. A citation among them is the row's."""
    settings = tuple(
        m
        for m in members
        if isinstance(m, tree.Setting) and not isinstance(m, tree.Citation)
    )
    cited = members.maybe(tree.Citation)
    return tree.ByRow(span, members.one(Keys).items, settings, cited)


def figure_table(_: Context, span: Span, members: Members) -> FigureTable:
    """按 subject { rows } whose figure the rule around knows."""
    subject = members.expressions()[0]
    return FigureTable(span, subject, members.every(FigureRow))


def figure_row(_: Context, span: Span, members: Members) -> FigureRow:
    """key: value."""
    return FigureRow(span, members.one(Keys).items, members)


def figure_by(
    context: Context,
    span: Span,
    figure: str,
    period: Period | None,
    table: FigureTable,
) -> tree.By:
    """The table of one figure, each row holding that figure's setting."""
    rows = tuple(
        tree.ByRow(
            r.span,
            r.keys,
            (_row_setting(context, figure, period, r),),
            r.members.maybe(tree.Citation),
        )
        for r in table.rows
    )
    return tree.By(span, figure, table.subject, rows)


def _row_setting(
    context: Context, figure: str, period: Period | None, row: FigureRow
) -> tree.Setting:
    members = row.members
    nested = members.maybe(FigureTable)
    if nested is not None:
        return figure_by(context, nested.span, figure, period, nested)
    if members.has("NOT_ENTITLED"):
        token = members.token("NOT_ENTITLED")
        return tree.NotEntitled(context.span(token) if token else row.span)
    values = members.expressions()
    first, last = members[2], members[-1]
    span = _cover(context, first, last, row.span)
    return figure_setting(context, span, figure, period, members, values)


def _cover(context: Context, first: object, last: object, whole: Span) -> Span:
    """The characters of a row's value, without its key."""
    start = getattr(first, "start", None)
    if start is None:
        start = getattr(first, "span", whole).start
    ends = [m for m in (last,) if not isinstance(m, tree.Citation)]
    end = getattr(ends[0], "end", None) if ends else None
    if end is None:
        end = getattr(ends[0], "span", whole).end if ends else whole.end
    return Span(context.source, start, end)


def figure_setting(
    context: Context,
    span: Span,
    figure: str,
    period: Period | None,
    members: Members,
    values: tuple[tree.Expression, ...],
) -> tree.Setting:
    """One figure with its value; 不设 is no value."""
    unset = members.has("UNSET")
    value = values[0] if values else None
    operator = members.token("AT_LEAST", "OVER")
    fits = {
        "deductible": operator is None,
        "limit": operator is None,
        "gate": operator is not None,
        "rate": operator is None and not unset,
        "fixed": operator is None and not unset,
    }[figure]
    sharing, by_part = members.maybe(tree.Sharing), members.maybe(tree.PartRates)
    if by_part is not None and figure == "rate":
        return tree.PartRates(span, by_part.rates)
    fits = fits and by_part is None and (sharing is None or figure == "deductible")
    if not fits or (len(values) > 1 and figure != "limit"):
        context.found.add("E134", span, figure=f"@{figure}_word")
        return tree.NotEntitled(span)
    match figure:
        case "deductible":
            return tree.Deductible(span, None if unset else value, period, sharing)
        case "limit":
            return _limit(context, span, period, unset, values)
        case _:
            pass
    assert value is not None
    match figure:
        case "gate":
            assert operator is not None
            return tree.Gate(span, value, OPERATORS[operator.type], period)
        case "rate":
            return tree.Rate(span, value)
        case _:
            return tree.Fixed(span, value)


def _limit(
    context: Context,
    span: Span,
    period: Period | None,
    unset: bool,
    values: tuple[tree.Expression, ...],
) -> tree.Limit:
    """An own limit with its period; without one, names of shared limits."""
    if unset:
        return tree.Limit(span, None, period)
    names = tuple(v for v in values if isinstance(v, tree.Name))
    if period is None and len(names) == len(values):
        return tree.Limit(span, None, None, names)
    if len(values) > 1:
        context.found.add("E134", span, figure="@limit_word")
    return tree.Limit(span, values[0], period)


def bands(_: Context, span: Span, members: Members) -> tree.Bands:
    """分段 累计 { rows }."""
    over = members.token("CUMULATIVE", "ANNUAL", "EACH_CLAIM")
    counted = None
    if over is not None:
        counted = Period.CLAIM if over.type == "EACH_CLAIM" else Period.YEAR
    return tree.Bands(span, counted, members.every(tree.Band))


def band(_: Context, span: Span, members: Members) -> tree.Band:
    """edge: rate."""
    edge = members.one(Edge)
    return tree.Band(span, edge.lower, edge.upper, members.expressions()[0])


def edge(_: Context, __: Span, members: Members) -> Edge:
    """至10万元; 5000元以上至10万元; 10万元以上; 以上; 5000元以内."""
    values = members.expressions()
    if members.has("TO"):
        return Edge(values[0] if len(values) > 1 else None, values[-1])
    if members.has("WITHIN"):
        return Edge(None, values[0])
    return Edge(values[0] if values else None, None)
