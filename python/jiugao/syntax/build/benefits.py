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
from jiugao.syntax.keywords import COUNTED_BY
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


def base(context: Context, span: Span, members: Members) -> tree.Setting:
    """基数 expense [扣除 a、b] [至多 cap [按年] | 超出 floor]; 基数 { parts }."""
    if members.has("LBRACE"):
        return tree.BaseParts(span, members.every(tree.BasePart))
    return _base(context, span, members)


def base_part(context: Context, span: Span, members: Members) -> tree.BasePart:
    """目录内: 目录内费用 扣除 基本医保."""
    name, rest = members.one(tree.Name), Members(members[2:])
    inner = span
    if (first := rest.expression()) is not None:
        inner = first.span.to(span)
    return tree.BasePart(span, name, _base(context, inner, rest))


def _base(context: Context, span: Span, members: Members) -> tree.Base:
    amount = members.expressions()[0]
    less, cap = members.maybe(Less), members.maybe(Cap)
    by_year = members.has("BY_YEAR") or (cap is not None and cap.by_year)
    if cap is not None:
        whole = amount.span.to(cap.amount.span)
        kind = tree.InExcessOf if cap.over else tree.AtMost
        amount = kind(whole, amount, cap.amount)
    if by_year and not isinstance(amount, tree.AtMost):
        context.found.add("E145", span, text=span.text)
        by_year = False
    return tree.Base(span, amount, less.items if less else (), by_year)


def less(_: Context, __: Span, members: Members) -> Less:
    """扣除 a、b."""
    return Less(members.every(tree.Name))


def cap(_: Context, __: Span, members: Members) -> Cap:
    """至多 amount [按年]; 超出 amount."""
    over, by_year = members.has("IN_EXCESS_OF"), members.has("BY_YEAR")
    return Cap(members.expressions()[0], over, by_year)


def counted_from(_: Context, span: Span, members: Members) -> tree.Counting:
    """累计 自 day [当 reading]."""
    condition = members.maybe(Condition)
    start = members.one(tree.Date)
    return tree.Counting(span, start, condition.expression if condition else None)


def sharing(_: Context, span: Span, members: Members) -> tree.Sharing:
    """先 甲 后 乙; 按比例; 按时间."""
    ways = {"FIRST": "in_order", "PRO_RATA": "pro_rata", "BY_DATE": "by_date"}
    way = next(ways[t] for t in ways if members.has(t))
    return tree.Sharing(span, way, members.every(tree.Name))


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
    """比例 70%; 比例 甲 90%，乙 70%."""
    return _figure(context, span, "rate", members)


def part_rates(_: Context, span: Span, members: Members) -> tree.PartRates:
    """甲 90%，乙 70%."""
    return tree.PartRates(span, members.every(tree.PartRate))


def part_rate(_: Context, span: Span, members: Members) -> tree.PartRate:
    """甲 90%; 甲 (rate)."""
    part = members.one(tree.Name)
    return tree.PartRate(span, part, members.expressions()[1])


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
    written = [one for one in tree.Change if one.value and members.has(one.value)]
    [change] = written or [tree.Change.SET]
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
    """支付方 name; `institution` is 医疗机构, the one that treated."""
    name = members.one(tree.Name)
    if name.text == "institution" and not name.quoted:
        name = tree.Name(name.span, COUNTED_BY[name.text])
    return tree.Payer(span, name)


def payee(_: Context, span: Span, members: Members) -> tree.Payee:
    """收款方 name [归垫 [至多] outlay] [当 condition]."""
    outlay, condition = members.maybe(Outlay), members.maybe(Condition)
    return tree.Payee(
        span,
        members.one(tree.Name),
        outlay.name if outlay else None,
        outlay is not None and outlay.at_most,
        condition.expression if condition else None,
    )


def reimbursing(_: Context, __: Span, members: Members) -> Outlay:
    """归垫 [至多] outlay."""
    return Outlay(members.one(tree.Name), members.has("AT_MOST"))


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
