"""The file and the items of a policy, laid out."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from jiugao.syntax import tree
from jiugao.syntax.format.benefits import benefit
from jiugao.syntax.format.examples import example
from jiugao.syntax.format.expressions import TOKENS, Level, expression, pieces
from jiugao.syntax.format.funds import fund
from jiugao.syntax.format.layout import Block, Node, Row, Text
from jiugao.syntax.format.parts import (
    citation,
    cited,
    clauses,
    code,
    coded,
    condition,
    dates,
    keys,
    subject,
    text,
)  # fmt: skip

if TYPE_CHECKING:
    from jiugao.syntax.format.speller import Speller, Spellers


BLOCKS: dict[type[tree.Block], str] = {
    tree.Policy: "POLICY", tree.Profile: "PROFILE", tree.Overlay: "OVERLAY",
}  # fmt: skip
# AT_LEAST is written 达到 where a sum reaches an edge, 不低于 where a value has a floor.
FLOOR = "不低于"
LOCKS = {
    tree.Lock.EVERYONE: "LOCKED", tree.Lock.OVERLAYS: "LOCKED_FOR_OVERLAYS",
}  # fmt: skip
CHOOSING = {tree.Period.CLAIM: "PER_CLAIM", tree.Period.YEAR: "BY_YEAR"}


def block_of(node: tree.Block, spellers: Spellers) -> Block:
    """方案 name (code) { items }."""
    say = spellers.of(node.span)
    head = [say(BLOCKS[type(node)]), say.name(node.name), code(node.code)]
    after = node.name.span.end
    match node:
        case tree.Policy(part_of=str(joins)):
            head += [say("PART_OF"), coded(joins)]
        case tree.Overlay(base=base):
            head += [say("EXTENDS"), extended(say, base)]
            after = base.span.end
        case _:
            pass
    items = tuple(item(i, spellers) for i in node.items)
    return Block(
        (" ".join(head),),
        items,
        node.span.start,
        after,
        node.span.end,
        apart=True,
    )


def extended(say: Speller, node: tree.Name | tree.FileName) -> str:
    """The base of an overlay: its code, or where it is."""
    return say.text(node.text) if isinstance(node, tree.FileName) else say.name(node)


def item(node: tree.Item, spellers: Spellers) -> Node:
    """One item."""
    say = spellers.of(node.span)
    match node:
        case tree.Citation():
            return text(node, citation(say, node))
        case tree.Force():
            return force(say, node)
        case tree.Year():
            return year(say, node)
        case tree.Carried():
            return carried(say, node)
        case tree.Standing():
            return standing(say, node)
        case tree.Input():
            return input_(say, node)
        case tree.Parameter():
            return parameter(say, node)
        case tree.NameList():
            words = [say("LIST"), say.name(node.name), "=", say.names(node.members)]
            return text(node, " ".join(words), cited(say, node.citation))
        case tree.Term():
            return term(say, node)
        case tree.CodeList():
            words = [say("LIST"), say.name(node.name)]
            if node.file is None:
                words += ["=", say("TO_BE_SET")]
            else:
                words += [say("FROM_FILE"), say.text(node.file.text)]
            held = lock(say, node.lock)
            return text(node, " ".join(words), held, cited(say, node.citation))
        case tree.Expense() | tree.Paid():
            return expense(say, node)
        case tree.SharedLimit():
            return shared_limit(say, node)
        case tree.Benefit():
            return benefit(node, spellers)
        case tree.Choice():
            return choice(say, node)
        case tree.Fund():
            return fund(node, spellers)
        case tree.Indicator():
            return indicator(say, node)
        case tree.NotComputed():
            words = [
                say("NOT_COMPUTED"),
                ", ".join(node.clauses),
                say.text(node.reason),
            ]
            return text(node, " ".join(words))
        case tree.Example():
            return example(node, spellers)
        case tree.ExampleSetting():
            words = [say("EXAMPLE"), say("PARAMETER"), say.name(node.name), "="]
            return text(node, " ".join((*words, expression(say, node.value))))
        case tree.ExampleList():
            words = [say("EXAMPLE"), say("LIST"), say.name(node.name), say("FROM_FILE")]
            return text(node, " ".join((*words, say.text(node.file.text))))
        case _:
            assert_never(node)


def force(say: Speller, node: tree.Force) -> Text:
    """施行 start 起 | 至 end [，追溯 day]."""
    words = [say("EFFECTIVE"), day(say, node.start)]
    words += [say("TO"), day(say, node.end)] if node.end else [say("ONWARD")]
    head = " ".join(words)
    if node.lookback:
        head += f"{say.comma}{say('LOOKBACK')} {say.date(node.lookback)}"
    if node.counted:
        start = f"{say('CUMULATIVE')} {say('FROM')} {say.date(node.counted)}"
        head += f"{say.comma}{start}"
    written = cited(say, node.citation) or clauses(say, node.clauses)
    return text(node, head, condition(say, node.condition), written)


def year(say: Speller, node: tree.Year) -> Text:
    """年度 自然年度 | 自 start 起 按 name [当 …]."""
    words = [say("ANNUAL"), say("CALENDAR_YEAR")]
    if node.start is not None:
        words[1:] = [say("FROM"), day(say, node.start), say("ONWARD")]
    words += [say("BY"), say.name(node.by)]
    return text(node, " ".join(words), condition(say, node.condition))


def day(say: Speller, node: tree.Date | tree.Name) -> str:
    """A day, or the parameter that gives it."""
    return say.date(node) if isinstance(node, tree.Date) else say.name(node)


def carried(say: Speller, node: tree.Carried) -> Block:
    """承接 name (code) [当 …] { new = old }."""
    words = f"{say('CARRIES')} {say.name(node.name)} {code(node.code)}"
    head = (words, condition(say, node.condition), citation(say, node.citation))
    last = node.name.span.end
    for part in (node.condition, node.citation):
        last = max(last, part.span.end) if part else last
    return Block(
        tuple(filter(None, head)),
        tuple(
            text(one, f"{say.name(one.name)} = {say.name(one.old)}")
            for one in node.totals
        ),
        node.span.start,
        last,
        node.span.end,
        inline=say.row,
    )


def standing(say: Speller, node: tree.Standing) -> Block:
    """身份 name 就高不重复 { rows }."""
    words = [say("STANDING"), say.name(node.name)]
    if node.highest_only:
        words.append(say("HIGHEST_ONLY"))
    if node.best_of is not None:
        words += [say("BEST_OF"), say(CHOOSING[node.best_of])]
    head = (" ".join(words), citation(say, node.citation))
    return Block(
        tuple(filter(None, head)),
        tuple(standing_row(say, r) for r in node.rows),
        node.span.start,
        node.citation.span.end if node.citation else node.name.span.end,
        node.span.end,
        apart=True,
    )


def standing_row(say: Speller, node: tree.StandingRow) -> Text:
    """class: identities …."""
    words = [f"{say.name(node.name)}: {say.names(node.identities)}"]
    if node.lifetime:
        words.append(say("LIFETIME"))
    if node.excepted:
        words += [say("EXCEPT"), say.names(node.excepted)]
    if node.on_application:
        words.append(say("ON_APPLICATION"))
    if node.lookback_months is not None:
        months = tree.Duration(node.span, node.lookback_months, "month")
        words += [say("LOOKBACK"), say.duration(months)]
        if node.unclassed_only:
            words.append(say("EXCLUDING_CLASSED"))
    if node.once_a_year:
        words.append(say("ONCE_A_YEAR"))
    return text(
        node, " ".join(words), condition(say, node.condition), cited(say, node.citation)
    )


def input_(say: Speller, node: tree.Input) -> Node:
    """输入 label (column): kind …."""
    columns = f" {say('OR')} ".join(coded(c) for c in (node.column, *node.alternatives))
    words = [say("INPUT"), say.name(node.name), f"({columns}):"]
    words.append(say.place_word(node.kind))
    if node.default is not None:
        words += [say("DEFAULT"), expression(say, node.default)]
    if node.ascending:
        words.insert(4, say("ASCENDING"))
    if node.table is not None:
        words += [say("FROM_FILE"), say.place_word(node.table)]
    if node.via is not None:
        words += [say("BY"), say.name(node.via)]
    if not node.codes:
        return text(node, " ".join(words), cited(say, node.citation))
    head = (" ".join(words), citation(say, node.citation))
    rows = tuple(
        text(c, f"{code_text(say, c.value)} {say.name(c.label)}") for c in node.codes
    )
    return Block(
        tuple(filter(None, head)),
        rows,
        node.span.start,
        node.kind.span.end,
        node.span.end,
        inline=say.row,
    )


def code_text(say: Speller, value: str) -> str:
    """A code: digits or a plain word, else in quotes."""
    from jiugao.syntax.tokens import plain_name  # noqa: PLC0415

    return value if value.isdigit() or plain_name(value) else say.text(value)


def parameter(say: Speller, node: tree.Parameter) -> Node:
    """参数 name [(code)] = …, or with dated rows."""
    head = " ".join(
        filter(None, (say("PARAMETER"), say.name(node.name), code(node.code)))
    )
    single = node.values[0] if len(node.values) == 1 else None
    if (
        single is not None
        and single.citation is None
        and (single.span.start == single.value.span.start)
    ):
        given = f"{head} = {expression(say, single.value, Level.AMOUNT)}"
        tail = parameter_tail(say, node, single)
        return text(node, given, *tail, cited(say, node.citation))
    if not node.values:
        kind = f" ({say.place_word(node.kind)})" if node.kind else ""
        given = f"{head} = {say('TO_BE_SET')}{kind}"
        tail = parameter_tail(say, node, None)
        return text(node, given, *tail, cited(say, node.citation))
    heads = (head, *parameter_tail(say, node, None), citation(say, node.citation))
    rows = tuple(dated_value(say, v) for v in node.values)
    start = node.values[0].span.start
    return Block(
        tuple(filter(None, heads)), rows, node.span.start, start - 1, node.span.end
    )


def parameter_tail(
    say: Speller, node: tree.Parameter, single: tree.DatedValue | None
) -> tuple[str, ...]:
    """Options, dates, 公布, 假定, bounds, 锁定, 提示."""
    tail: list[str] = []
    if node.options:
        tail.append(f"{say('OPTIONS')} {say.names(node.options)}")
    if single is not None:
        tail.append(dates(say, single.start, single.end))
        tail.append(published(say, single.published))
    if node.assumption is not None:
        tail.append(f"{say('ASSUMED')} {say.text(node.assumption)}")
    tail += [bound(say, b) for b in node.bounds]
    tail.append(lock(say, node.lock))
    if node.advice is not None:
        tail.append(f"{say('ADVISE')} {say.text(node.advice.text)}")
    return tuple(tail)


def lock(say: Speller, held: tree.Lock | None) -> str:
    """锁定 | 对细则锁定."""
    return say(LOCKS[held]) if held else ""


def bound(say: Speller, node: tree.Bound) -> str:
    """不低于 | 不超过 value."""
    floor = say.zh and node.operator is tree.Operator.AT_LEAST
    word = FLOOR if floor else say(TOKENS[node.operator])
    return f"{word} {expression(say, node.value, Level.AMOUNT)}"


def published(say: Speller, day: tree.Date | None) -> str:
    """公布 day."""
    return f"{say('PUBLISHED')} {say.date(day)}" if day else ""


def dated_value(say: Speller, node: tree.DatedValue) -> Text:
    """自 start 至 end: value …."""
    value = expression(say, node.value, Level.AMOUNT)
    return text(
        node,
        f"{dates(say, node.start, node.end)}: {value}",
        published(say, node.published),
        cited(say, node.citation),
    )


def expense(say: Speller, node: tree.Expense | tree.Paid) -> Text:
    """费用 | 已付 name [(code)] [从 whole] = amount."""
    words = [say("EXPENSE" if isinstance(node, tree.Expense) else "PAID")]
    words += [say.name(node.name), code(node.code)]
    if node.out_of is not None:
        words += [say("OUT_OF"), say.name(node.out_of)]
    first, *rest = pieces(say, node.amount, Level.WHEN)
    head = " ".join(filter(None, (*words, "=", first)))
    return text(node, head, *rest, cited(say, node.citation))


def term(say: Speller, node: tree.Term) -> Text:
    """条件 name = condition."""
    first, *rest = pieces(say, node.condition, Level.OR)
    head = f"{say('TERM')} {say.name(node.name)} = {first}"
    return text(node, head, *rest, cited(say, node.citation))


def shared_limit(say: Speller, node: tree.SharedLimit) -> Text:
    """限额 name [amount] 每人每年."""
    words = [say("LIMIT"), say.name(node.name)]
    if node.amount is not None:
        words.append(expression(say, node.amount, Level.AMOUNT))
    words.append(
        say(
            {
                tree.Period.YEAR: "PER_YEAR",
                tree.Period.CLAIM: "EACH_CLAIM",
                tree.Period.LIFETIME: "LIFETIME",
            }[node.period]
        )
    )
    return text(node, " ".join(words), cited(say, node.citation))


def choice(say: Speller, node: tree.Choice) -> Block:
    """择优 按次|按年 { a、b }."""
    head = (f"{say('BEST_OF')} {say(CHOOSING[node.by])}", citation(say, node.citation))
    names = Text(
        (say.names(node.benefits),),
        node.benefits[0].span.start,
        node.benefits[-1].span.end,
    )
    last = node.citation.span.end if node.citation else node.span.start
    return Block(
        tuple(filter(None, head)), (names,), node.span.start, last, node.span.end
    )


def indicator(say: Speller, node: tree.Indicator) -> Node:
    """指标 name (code) 按 人、年 = 合计 amount，目标 …."""
    by = say.enum.join(say.counted_by(n) for n in node.by)
    words = [say("INDICATOR"), say.name(node.name), code(node.code), say("BY"), by, "="]
    head = " ".join(filter(None, words))
    summed = list(pieces(say, node.amount, Level.SUM))
    summed[-1] += say.comma.rstrip()
    match node.target:
        case tree.Target():
            aim = f"{say('TARGET')} {target(say, node.target)}"
            return text(node, head, *summed, aim, cited(say, node.citation))
        case tree.TargetTable():
            rows = tuple(target_row(say, r) for r in node.target.rows)
            aim = f"{say('TARGET')} {say('BY')} {subject(say, node.target.subject)}"
            return Block(
                (head, *summed, aim),
                rows,
                node.span.start,
                node.target.subject.span.end,
                node.span.end,
                tail=citation(say, node.citation),
                inline=say.row,
            )


def target(say: Speller, node: tree.Target) -> str:
    """不超过 amount."""
    if node.amount is None:
        return say("TO_BE_SET" if node.pending else "NOT_ENTITLED")
    word = say(TOKENS[node.operator])
    return f"{word} {expression(say, node.amount, Level.AMOUNT)}"


def target_row(say: Speller, node: tree.TargetRow) -> Row:
    """key: target."""
    value = Text((target(say, node.target),), node.target.span.start, node.span.end)
    return Row(
        keys(say, node.keys), (value,), "", say.comma, node.span.start, node.span.end
    )
