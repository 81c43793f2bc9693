"""A benefit and its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.syntax import tree
from jiugao.syntax.build.members import (
    Cap,
    Coded,
    Condition,
    Context,
    FigureTable,
    Less,
    Members,
    Names,
    Outlay,
    Table,
)  # fmt: skip
from jiugao.syntax.build.tables import figure_by, figure_setting, period_of
from jiugao.syntax.tree import Period

if TYPE_CHECKING:
    from jiugao.source import Span

TILTED = {
    "DEDUCTIBLE": "deductible", "RATE": "rate", "LIMIT": "limit", "EACH_BAND": "bands",
}  # fmt: skip
ROUNDING = {"HALF_UP": "half_up", "HALF_EVEN": "half_even", "TRUNCATE": "truncate"}


def benefit(_: Context, span: Span, members: Members) -> tree.Benefit:
    """待遇 name (code) [按 table] { settings }."""
    code, table = members.maybe(Coded), members.maybe(Table)
    settings = tuple(m for m in members if isinstance(m, tree.Setting))
    return tree.Benefit(
        span,
        members.one(tree.Name),
        code.text if code else None,
        table.name if table else None,
        settings,
    )


def applies(_: Context, span: Span, members: Members) -> tree.Applies:
    """适用 condition."""
    return tree.Applies(span, members.expressions()[0])


def replaces(_: Context, span: Span, members: Members) -> tree.Replaces:
    """代替 已付 name 当 condition."""
    condition = members.one(Condition).expression
    return tree.Replaces(span, members.one(tree.Name), condition)


def base(_: Context, span: Span, members: Members) -> tree.Base:
    """基数 expense [扣除 a、b] [至多 cap]."""
    amount = members.expressions()[0]
    less, cap = members.maybe(Less), members.maybe(Cap)
    if cap is not None:
        amount = tree.AtMost(amount.span.to(cap.amount.span), amount, cap.amount)
    return tree.Base(span, amount, less.items if less else ())


def less(_: Context, __: Span, members: Members) -> Less:
    """扣除 a、b."""
    return Less(members.every(tree.Name))


def cap(_: Context, __: Span, members: Members) -> Cap:
    """至多 amount."""
    return Cap(members.expressions()[0])


def _figure(
    context: Context, span: Span, figure: str, members: Members
) -> tree.Setting:
    period = period_of(members)
    table = members.maybe(FigureTable)
    if table is not None:
        return figure_by(context, span, figure, period, table)
    values = members.expressions()
    return figure_setting(context, span, figure, period, members, values)


def deductible(context: Context, span: Span, members: Members) -> tree.Setting:
    """年度起付线 5000元."""
    return _figure(context, span, "deductible", members)


def gate(context: Context, span: Span, members: Members) -> tree.Setting:
    """门槛 年度累计 达到 5000元; 累计 without a period is the year's."""
    period = period_of(members)
    if period is None and members.has("CUMULATIVE"):
        period = Period.YEAR
    table = members.maybe(FigureTable)
    if table is not None:
        return figure_by(context, span, "gate", period, table)
    values = members.expressions()
    return figure_setting(context, span, "gate", period, members, values)


def rate(context: Context, span: Span, members: Members) -> tree.Setting:
    """比例 70%."""
    return _figure(context, span, "rate", members)


def limit(context: Context, span: Span, members: Members) -> tree.Setting:
    """年度限额 3万元; 限额 names of shared ones."""
    return _figure(context, span, "limit", members)


def fixed(context: Context, span: Span, members: Members) -> tree.Setting:
    """定额 amount."""
    return _figure(context, span, "fixed", members)


def not_entitled(_: Context, span: Span, __: Members) -> tree.NotEntitled:
    """不享受."""
    return tree.NotEntitled(span)


def tilt(_: Context, span: Span, members: Members) -> tree.Tilt:
    """倾斜 who { edits }."""
    return tree.Tilt(
        span,
        members.one(Names).items,
        members.every(tree.TiltEdit),
        members.maybe(tree.Citation),
    )


def edit(_: Context, span: Span, members: Members) -> tree.TiltEdit:
    """起付线 降低 50%; 年度限额 不设; 比例 80%."""
    word = members.token(*TILTED)
    assert word is not None
    change = "set"
    if members.has("UNSET"):
        change = "none"
    elif members.has("RAISED"):
        change = "raised"
    elif members.has("LOWERED"):
        change = "lowered"
    return tree.TiltEdit(
        span, TILTED[word.type], change, members.expression(), period_of(members)
    )


def settle(_: Context, span: Span, members: Members) -> tree.Settle:
    """结算 按次，年终补差 [多退少补]."""
    mode = "year_end" if members.has("YEAR_END") else "per_claim"
    if members.has("TOP_UP"):
        mode = "per_claim_year_end_top_up"
    return tree.Settle(span, mode, members.has("CLAW_BACK"))


def rounding(context: Context, span: Span, members: Members) -> tree.Rounding:
    """舍入 [每次] [四舍五入] [到元]."""
    modes = [ROUNDING[t] for t in ROUNDING if members.has(t)]
    if len(modes) > 1 or (members.has("TO_YUAN") and members.has("TO_FEN")):
        context.twice(span, "ROUNDING")
    unit = "yuan" if members.has("TO_YUAN") else "fen"
    mode = modes[0] if modes else "half_up"
    return tree.Rounding(span, mode, members.has("EACH_CLAIM"), unit)


def best_of(_: Context, span: Span, members: Members) -> tree.BestOf:
    """择优 [按次|按年]."""
    by = Period.CLAIM if members.has("PER_CLAIM") else None
    return tree.BestOf(span, Period.YEAR if members.has("BY_YEAR") else by)


def payer(_: Context, span: Span, members: Members) -> tree.Payer:
    """支付方 name."""
    return tree.Payer(span, members.one(tree.Name))


def payee(_: Context, span: Span, members: Members) -> tree.Payee:
    """收款方 name [归垫 outlay] [当 condition]."""
    outlay, condition = members.maybe(Outlay), members.maybe(Condition)
    return tree.Payee(
        span,
        members.one(tree.Name),
        outlay.name if outlay else None,
        condition.expression if condition else None,
    )


def reimbursing(_: Context, __: Span, members: Members) -> Outlay:
    """归垫 outlay."""
    return Outlay(members.one(tree.Name))


def due_by(_: Context, span: Span, members: Members) -> tree.DueBy:
    """期限 day [当 condition]."""
    condition = members.maybe(Condition)
    when = condition.expression if condition else None
    return tree.DueBy(span, members.expressions()[0], when)


def choice(_: Context, span: Span, members: Members) -> tree.Choice:
    """择优 按次|按年 { a、b }."""
    by = Period.YEAR if members.has("BY_YEAR") else Period.CLAIM
    cited = members.maybe(tree.Citation)
    return tree.Choice(span, by, members.every(tree.Name), cited)


def actual(_: Context, span: Span, members: Members) -> tree.Actual:
    """实付 columns."""
    return tree.Actual(span, members.expressions()[0])
