"""The file, its policies and their items other than benefits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.source import Span
from jiugao.syntax import tree
from jiugao.syntax.build.expressions import OPERATORS
from jiugao.syntax.build.members import (
    Assumed,
    Beginning,
    Clauses,
    Coded,
    Codes,
    Columns,
    Condition,
    Context,
    Counted,
    DatedValues,
    Default,
    End,
    Excepted,
    Extended,
    Given,
    Keys,
    Kind,
    Lookback,
    Members,
    Months,
    Names,
    Options,
    PartOf,
    Published,
    Start,
    Table,
    ToBeSet,
    Until,
    Via,
)  # fmt: skip
from jiugao.syntax.build.tables import period_of
from jiugao.syntax.keywords import COUNTED_BY
from jiugao.syntax.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Sequence

LOCKS = {"LOCKED": tree.Lock.EVERYONE, "LOCKED_FOR_OVERLAYS": tree.Lock.OVERLAYS}
# What may stand once in an item, and the token by which messages name it.
PARTS_ONCE = (
    (Given, "EQUALS"), (DatedValues, "LBRACE"), (Start, "FROM"), (End, "TO"),
    (Published, "PUBLISHED"), (Assumed, "ASSUMED"), (Options, "OPTIONS"),
    (tree.Citation, "SOURCE"), (Excepted, "EXCEPT"), (Months, "LOOKBACK"),
    (Condition, "WHEN"), (Default, "DEFAULT"), (Table, "FROM_FILE"),
    (Codes, "LBRACE"), (Lookback, "LOOKBACK"), (Counted, "CUMULATIVE"),
    (ToBeSet, "TO_BE_SET"), (Until, "TO"), (Via, "BY"), (tree.Advice, "ADVISE"),
)  # fmt: skip


def _once(context: Context, span: Span, members: Members) -> None:
    """Report what stands twice where it may stand once."""
    for kind, token in PARTS_ONCE:
        if len(members.every(kind)) > 1:
            context.twice(span, token)


def document(context: Context, _: Span, members: Members) -> tree.Document:
    """The whole file; comments are added by the parser."""
    whole = Span(context.source, 0, len(context.source.text))
    policies = tuple(m for m in members if isinstance(m, tree.Block))
    return tree.Document(whole, policies, ())


def policy(_: Context, span: Span, members: Members) -> tree.Policy:
    """方案 name (code) [属于 main] { items }."""
    joins = members.maybe(PartOf)
    items = tuple(m for m in members if isinstance(m, tree.Item))
    return tree.Policy(
        span,
        members.one(tree.Name),
        members.one(Coded).text,
        joins.text if joins else None,
        items,
    )


def profile(_: Context, span: Span, members: Members) -> tree.Profile:
    """数据标准 name (code) { inputs and lists }."""
    items = tuple(m for m in members if isinstance(m, tree.Input | tree.NameList))
    return tree.Profile(span, members.one(tree.Name), members.one(Coded).text, items)


def overlay(_: Context, span: Span, members: Members) -> tree.Overlay:
    """细则 name (code) 继承 base { items }."""
    return tree.Overlay(
        span,
        members.one(tree.Name),
        members.one(Coded).text,
        members.one(Extended).base,
        tuple(m for m in members if isinstance(m, tree.Item)),
    )


def extended(context: Context, _: Span, members: Members) -> Extended:
    """The code of a base beside the overlay."""
    token = members.one(Token)
    return Extended(tree.Name(context.span(token), token.text, token.type == "QUOTED"))


def extended_at(context: Context, _: Span, members: Members) -> Extended:
    """The file or folder of a base."""
    token = members.one(Token)
    return Extended(tree.FileName(context.span(token), token.text))


def part_of(_: Context, __: Span, members: Members) -> PartOf:
    """属于 main."""
    return PartOf(members.every(Token)[1].text)


def force(context: Context, span: Span, members: Members) -> tree.Force:
    """施行 start [至 end] [，追溯 day] [，累计 自 day] [当 reading]."""
    _once(context, span, members)
    end, lookback = members.maybe(Until), members.maybe(Lookback)
    counted = members.maybe(Counted)
    condition, cited = members.maybe(Condition), members.maybe(tree.Citation)
    ids = members.maybe(Clauses)
    return tree.Force(
        span,
        members.day(),
        end.day if end else None,
        lookback.date if lookback else None,
        ids.ids if ids else cited.clauses if cited else (),
        condition.expression if condition else None,
        cited,
        counted.date if counted else None,
    )


def year(_: Context, span: Span, members: Members) -> tree.Year:
    """年度 自然年度 | 自 day 按 结算时间 [当 reading]."""
    begins, condition = members.maybe(Beginning), members.maybe(Condition)
    return tree.Year(
        span,
        begins.day if begins else None,
        members.one(tree.Name),
        condition.expression if condition else None,
    )


def carried(context: Context, span: Span, members: Members) -> tree.Carried:
    """承接 name (code) [当 reading] { new = old }."""
    _once(context, span, members)
    condition = members.maybe(Condition)
    return tree.Carried(
        span,
        members.one(tree.Name),
        members.one(Coded).text,
        members.every(tree.CarriedTotal),
        condition.expression if condition else None,
        members.maybe(tree.Citation),
    )


def carried_total(_: Context, span: Span, members: Members) -> tree.CarriedTotal:
    """New = old."""
    return tree.CarriedTotal(span, *members.every(tree.Name))


def standing(_: Context, span: Span, members: Members) -> tree.Standing:
    """身份 name 就高不重复 | 择优 按年 { rows }."""
    best = tree.Period.YEAR if members.has("BY_YEAR") else None
    best = tree.Period.CLAIM if members.has("PER_CLAIM") else best
    return tree.Standing(
        span,
        members.one(tree.Name),
        members.has("HIGHEST_ONLY"),
        members.every(tree.StandingRow),
        members.maybe(tree.Citation),
        best,
    )


def standing_row(context: Context, span: Span, members: Members) -> tree.StandingRow:
    """class: identities …."""
    _once(context, span, members)
    without, months = members.maybe(Excepted), members.maybe(Months)
    condition = members.maybe(Condition)
    return tree.StandingRow(
        span,
        members.one(tree.Name),
        members.one(Names).items,
        without.items if without else (),
        members.has("ON_APPLICATION"),
        months.count if months else None,
        members.has("ONCE_A_YEAR"),
        members.maybe(tree.Citation),
        condition.expression if condition else None,
        months.unclassed_only if months else False,
        members.has("LIFETIME"),
    )


def input_(context: Context, span: Span, members: Members) -> tree.Input:
    """输入 label (column): kind …."""
    _once(context, span, members)
    columns = members.one(Columns).texts
    default, table = members.maybe(Default), members.maybe(Table)
    codes, via = members.maybe(Codes), members.maybe(Via)
    return tree.Input(
        span,
        members.one(tree.Name),
        columns[0],
        members.one(Kind).name,
        default.value if default else None,
        table.name if table else None,
        codes.rows if codes else (),
        members.maybe(tree.Citation),
        columns[1:],
        members.has("ASCENDING"),
        via.name if via else None,
    )


def default(_: Context, __: Span, members: Members) -> Default:
    """缺省 value."""
    return Default(members.expressions()[0])


def codes(_: Context, __: Span, members: Members) -> Codes:
    """{ 21 普通住院；… }."""
    return Codes(members.every(tree.Code))


def code_row(_: Context, span: Span, members: Members) -> tree.Code:
    """21 普通住院."""
    return tree.Code(span, members.one(Token).text, members.one(tree.Name))


def parameter(context: Context, span: Span, members: Members) -> tree.Parameter:
    """参数 name = …."""
    _once(context, span, members)
    given, rows = members.maybe(Given), members.maybe(DatedValues)
    unset, code = members.maybe(ToBeSet), members.maybe(Coded)
    options, why = members.maybe(Options), members.maybe(Assumed)
    if sum(1 for way in (given, rows, unset) if way is not None) != 1:
        context.found.add("E132", span, name=members.one(tree.Name).text)
    values = rows.rows if rows else ()
    if given is not None:
        values = (_dated(given.value.span, given.value, members, None),)
    return tree.Parameter(
        span,
        members.one(tree.Name),
        code.text if code else None,
        values,
        unset.kind if unset else None,
        options.items if options else (),
        why.text if why else None,
        members.maybe(tree.Citation),
        _bounds(context, members),
        _lock(context, span, members),
        members.maybe(tree.Advice),
    )


def _bounds(context: Context, members: Members) -> tuple[tree.Bound, ...]:
    """不低于 before 不超过, each once."""
    found: list[tree.Bound] = []
    for token in ("AT_LEAST", "NOT_OVER"):
        same = [b for b in members.every(tree.Bound) if b.operator is OPERATORS[token]]
        for again in same[1:]:
            context.twice(again.span, token)
        found += same[:1]
    return tuple(found)


def _lock(context: Context, span: Span, members: Members) -> tree.Lock | None:
    """锁定 | 对细则锁定, once."""
    words = [t.type for t in members.every(Token) if t.type in LOCKS]
    if len(words) > 1:
        context.twice(span, "LOCKED")
    return LOCKS[words[0]] if words else None


def bound(_: Context, span: Span, members: Members) -> tree.Bound:
    """不低于 | 不超过 value."""
    operator = OPERATORS[members.one(Token).type]
    return tree.Bound(span, operator, members.expressions()[0])


def advise(_: Context, span: Span, members: Members) -> tree.Advice:
    """提示 "text"."""
    return tree.Advice(span, members.every(Token)[1].text)


def _dated(
    span: Span,
    value: tree.Expression,
    members: Members,
    citation: tree.Citation | None,
) -> tree.DatedValue:
    start, end = members.maybe(Start), members.maybe(End)
    published = members.maybe(Published)
    return tree.DatedValue(
        span,
        start.date if start else None,
        end.date if end else None,
        value,
        published.date if published else None,
        citation,
    )


def given(_: Context, __: Span, members: Members) -> Given:
    """= value."""
    return Given(members.expressions()[0])


def to_be_set(_: Context, __: Span, members: Members) -> ToBeSet:
    """= 待定 [(kind)]."""
    kind = members.maybe(Kind)
    return ToBeSet(kind.name if kind else None)


def of_kind(_: Context, __: Span, members: Members) -> Kind:
    """(kind)."""
    return members.one(Kind)


def options(_: Context, __: Span, members: Members) -> Options:
    """可选 a、b."""
    return Options(members.every(tree.Name))


def assumed(_: Context, __: Span, members: Members) -> Assumed:
    """假定 "why"."""
    return Assumed(members.every(Token)[1].text)


def dated_values(_: Context, __: Span, members: Members) -> DatedValues:
    """{ 自 … 至 …: value }."""
    return DatedValues(members.every(tree.DatedValue))


def dated_value(context: Context, span: Span, members: Members) -> tree.DatedValue:
    """自 start [至 end]: value …."""
    _once(context, span, members)
    value = members.expressions()[0]
    return _dated(span, value, members, members.maybe(tree.Citation))


def list_(_: Context, span: Span, members: Members) -> tree.NameList:
    """名录 name = a、b."""
    name, *rest = members.every(tree.Name)
    return tree.NameList(span, name, tuple(rest), members.maybe(tree.Citation))


def term(_: Context, span: Span, members: Members) -> tree.Term:
    """条件 name = condition."""
    name, condition = members.expressions()
    assert isinstance(name, tree.Name)
    return tree.Term(span, name, condition, members.maybe(tree.Citation))


def code_list(context: Context, span: Span, members: Members) -> tree.CodeList:
    """名录 name 来自 "file" | = 待定."""
    return tree.CodeList(
        span,
        members.one(tree.Name),
        file_name(context, members),
        members.maybe(tree.Citation),
        _lock(context, span, members),
    )


def file_name(context: Context, members: Members) -> tree.FileName | None:
    """The text after 来自."""
    token = members.token("TEXT")
    return tree.FileName(context.span(token), token.text) if token else None


def expense(_: Context, span: Span, members: Members) -> tree.Expense:
    """费用 name [(code)] [从 whole] = amount."""
    code, whole = members.maybe(Coded), members.maybe(Names)
    return tree.Expense(
        span,
        members.one(tree.Name),
        code.text if code else None,
        whole.items[0] if whole else None,
        members.expressions()[1],
        members.maybe(tree.Citation),
    )


def paid(_: Context, span: Span, members: Members) -> tree.Paid:
    """已付 name [(code)] 从 expense = amount."""
    code = members.maybe(Coded)
    return tree.Paid(
        span,
        members.one(tree.Name),
        code.text if code else None,
        members.one(Names).items[0],
        members.expressions()[1],
        members.maybe(tree.Citation),
    )


def out_of(_: Context, __: Span, members: Members) -> Names:
    """从 expense."""
    return Names(members.every(tree.Name))


def shared_limit(_: Context, span: Span, members: Members) -> tree.SharedLimit:
    """限额 name [amount] 每人每年."""
    amounts = members.expressions()[1:]
    return tree.SharedLimit(
        span,
        members.one(tree.Name),
        amounts[0] if amounts else None,
        period_of(members) or tree.Period.YEAR,
        members.maybe(tree.Citation),
    )


def indicator(_: Context, span: Span, members: Members) -> tree.Indicator:
    """指标 name (code) 按 人、年 = 合计 amount，目标 …."""
    code = members.maybe(Coded)
    by = tuple(
        n if n.quoted else tree.Name(n.span, COUNTED_BY.get(n.text, n.text))
        for n in members.one(Names).items
    )
    target = members.maybe(tree.Target) or members.one(tree.TargetTable)
    return tree.Indicator(
        span,
        members.one(tree.Name),
        code.text if code else None,
        by,
        members.expressions()[1],
        target,
        members.maybe(tree.Citation),
    )


def counted(_: Context, __: Span, members: Members) -> Names:
    """人、年."""
    return Names(members.every(tree.Name))


def target(_: Context, span: Span, members: Members) -> tree.Target:
    """不超过 amount."""
    operator = OPERATORS[members.one(Token).type]
    return tree.Target(span, operator, members.expression())


def pending(_: Context, span: Span, __: Members) -> tree.Target:
    """待定."""
    return tree.Target(span, tree.Operator.NOT_OVER, None, pending=True)


def target_table(_: Context, span: Span, members: Members) -> tree.TargetTable:
    """按 subject { rows }."""
    subject = members.expressions()[0]
    return tree.TargetTable(span, subject, members.every(tree.TargetRow))


def target_row(_: Context, span: Span, members: Members) -> tree.TargetRow:
    """key: target."""
    target = members.maybe(tree.Target)
    if target is None:
        target = tree.Target(span, tree.Operator.NOT_OVER, None)
    return tree.TargetRow(span, members.one(Keys).items, target)


def not_computed(_: Context, span: Span, members: Members) -> tree.NotComputed:
    """不计算 ids "reason"."""
    tokens: Sequence[Token] = members.every(Token)
    ids = tuple(t.text for t in tokens if t.type == "CLAUSE")
    return tree.NotComputed(span, ids, tokens[-1].text)
