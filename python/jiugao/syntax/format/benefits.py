"""A benefit and its settings, laid out."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from jiugao.syntax import tree
from jiugao.syntax.format.expressions import TOKENS, Level, expression, pieces
from jiugao.syntax.format.layout import Block, Node, Row, Text
from jiugao.syntax.format.parts import (
    amount,
    citation,
    code,
    condition,
    figure,
    keys,
    subject,
    text,
)  # fmt: skip

if TYPE_CHECKING:
    from jiugao.syntax.format.speller import Speller, Spellers

FIGURES = {
    "deductible": "DEDUCTIBLE", "gate": "GATE", "rate": "RATE", "limit": "LIMIT",
    "fixed": "FIXED", "bands": "EACH_BAND",
}  # fmt: skip
ROUNDING = {"half_up": "HALF_UP", "half_even": "HALF_EVEN", "truncate": "TRUNCATE"}


def benefit(node: tree.Benefit, spellers: Spellers) -> Block:
    """待遇 name (code) { settings }."""
    say = spellers.of(node.span)
    words = [say("BENEFIT"), say.name(node.name), code(node.code)]
    if node.table is not None:
        words += [say("BY"), say.place_word(node.table)]
    return Block(
        (" ".join(filter(None, words)),),
        tuple(setting(s, spellers) for s in node.settings),
        node.span.start,
        (node.table or node.name).span.end,
        node.span.end,
        apart=True,
    )


def setting(node: tree.Setting, spellers: Spellers) -> Node:
    """One setting."""
    say = spellers.of(node.span)
    match node:
        case tree.By():
            return by(node, spellers)
        case tree.Bands():
            return bands(say, node)
        case tree.BaseParts():
            return base_parts(say, node)
        case tree.Tilt():
            return tilt(say, node)
        case tree.Applies():
            first, *rest = pieces(say, node.condition, Level.OR)
            return text(node, f"{say('APPLIES')} {first}", *rest)
        case tree.Actual():
            first, *rest = pieces(say, node.amount, Level.AMOUNT)
            return text(node, f"{say('ACTUAL')} {first}", *rest)
        case _:
            return text(node, words(say, node))


def words(say: Speller, node: tree.Setting) -> str:
    """A setting that stands on one line."""
    match node:
        case tree.Citation():
            return citation(say, node)
        case tree.Base():
            return f"{say('BASE')} {base(say, node)}"
        case tree.Counting():
            start = f"{say('CUMULATIVE')} {say('FROM')} {say.date(node.start)}"
            return " ".join(filter(None, (start, condition(say, node.condition))))
        case tree.Deductible():
            name = figure(say, node.period, "DEDUCTIBLE")
            return f"{name} {deductible_value(say, node)}"
        case tree.Gate():
            return f"{gate_head(say, node.period)} {gate_value(say, node)}"
        case tree.Rate():
            return f"{say('RATE')} {amount(say, node.rate)}"
        case tree.PartRates():
            return f"{say('RATE')} {part_rates(say, node)}"
        case tree.Limit():
            return f"{figure(say, node.period, 'LIMIT')} {limit_value(say, node)}"
        case tree.Fixed():
            return f"{say('FIXED')} {amount(say, node.amount)}"
        case tree.NotEntitled():
            return say("NOT_ENTITLED")
        case tree.Settle():
            return settle(say, node)
        case tree.Rounding():
            return rounding(say, node)
        case tree.Payer():
            return f"{say('PAYER')} {say.payer(node.name)}"
        case tree.Payee():
            who = [say("PAYEE"), say.name(node.name)]
            if node.reimbursing is not None:
                bound = [say("AT_MOST")] if node.at_most else []
                who += [say("REIMBURSING"), *bound, say.name(node.reimbursing)]
            return " ".join(filter(None, (*who, condition(say, node.condition))))
        case tree.DueBy():
            day = f"{say('DUE_BY')} {expression(say, node.day, Level.SUM)}"
            return " ".join(filter(None, (day, condition(say, node.condition))))
        case tree.Replaces():
            paid = f"{say('REPLACES')} {say('PAID')} {say.name(node.name)}"
            return f"{paid} {condition(say, node.condition)}"
        case tree.BestOf():
            word = {tree.Period.YEAR: "BY_YEAR", tree.Period.CLAIM: "PER_CLAIM"}
            by = f" {say(word[node.by])}" if node.by in word else ""
            return f"{say('BEST_OF')}{by}"
        case (
            tree.By() | tree.Bands() | tree.Tilt() | tree.Applies() | tree.Actual()
            | tree.BaseParts()
        ):  # fmt: skip
            raise AssertionError(node)  # laid out by `setting`
        case _:
            assert_never(node)


def base(say: Speller, node: tree.Base) -> str:
    """Expense 扣除 a、b 至多 cap 按年; 至多 and 超出 come after 扣除."""
    inner, end = node.amount, ""
    bound = node.amount if node.less or node.by_year else None
    if isinstance(bound, tree.AtMost):
        inner = bound.value
        end = f" {say('AT_MOST')} {expression(say, bound.cap, Level.SUM)}"
    elif isinstance(bound, tree.InExcessOf):
        inner = bound.value
        end = f" {say('IN_EXCESS_OF')} {expression(say, bound.floor, Level.SUM)}"
    less = f" {say('LESS')} {say.names(node.less)}" if node.less else ""
    year = f" {say('BY_YEAR')}" if node.by_year else ""
    return (
        f"{expression(say, inner, Level.SUM if end else Level.AMOUNT)}{less}{end}{year}"
    )


def base_parts(say: Speller, node: tree.BaseParts) -> Block:
    """基数 { parts }."""
    return Block(
        (say("BASE"),),
        tuple(
            text(part, f"{say.name(part.name)}: {base(say, part.base)}")
            for part in node.parts
        ),
        node.span.start,
        node.span.start,
        node.span.end,
    )


def deductible_value(say: Speller, node: tree.Deductible) -> str:
    """3000元 先 甲 后 乙."""
    how = sharing(say, node.sharing) if node.sharing else ""
    return " ".join(filter(None, (amount(say, node.amount), how)))


def sharing(say: Speller, node: tree.Sharing) -> str:
    """先 甲 后 乙; 按比例; 按时间."""
    if node.way != "in_order":
        return say({"pro_rata": "PRO_RATA", "by_date": "BY_DATE"}[node.way])
    first, *rest = (say.name(name) for name in node.parts)
    after = (f"{say('THEN')} {name}" for name in rest)
    return " ".join((f"{say('FIRST')} {first}", *after))


def part_rates(say: Speller, node: tree.PartRates) -> str:
    """甲 90%，乙 70%; a rate that is no literal stands in brackets."""
    return say.comma.join(part_rate(say, one) for one in node.rates)


def part_rate(say: Speller, node: tree.PartRate) -> str:
    """甲 90%."""
    rate = expression(say, node.rate)
    amounts = (tree.Unit.RATE, tree.Unit.MONEY, tree.Unit.POINTS)
    plain = isinstance(node.rate, tree.Literal) and node.rate.unit in amounts
    return f"{say.name(node.part)} {rate if plain else f'({rate})'}"


def gate_head(say: Speller, period: tree.Period | None) -> str:
    """门槛 年度累计; a gate on the claim alone has nothing to add up."""
    match period:
        case None:
            return say("GATE")
        case tree.Period.CLAIM:
            return f"{say('GATE')} {say('EACH_CLAIM')}"
        case _:
            return f"{say('GATE')} {figure(say, period, 'CUMULATIVE')}"


def gate_value(say: Speller, node: tree.Gate) -> str:
    """达到 5000元."""
    return f"{say(TOKENS[node.operator])} {amount(say, node.amount)}"


def limit_value(say: Speller, node: tree.Limit) -> str:
    """An amount, 不设, or names of shared limits."""
    return say.names(node.shared) if node.shared else amount(say, node.amount)


def settle(say: Speller, node: tree.Settle) -> str:
    """结算 按次，年终补差."""
    mode = say("YEAR_END" if node.mode == "year_end" else "PER_CLAIM")
    if node.mode == "per_claim_year_end_top_up":
        mode += f"{say.comma}{say('TOP_UP')}"
    back = f"{say.comma}{say('CLAW_BACK')}" if node.claw_back else ""
    return f"{say('SETTLE')} {mode}{back}"


def rounding(say: Speller, node: tree.Rounding) -> str:
    """舍入 [每次] [四舍五入] [到元]."""
    parts = [say("EACH_CLAIM")] if node.each else []
    if node.mode != "half_up" or not (node.each or node.unit == "yuan"):
        parts.append(say(ROUNDING[node.mode]))
    if node.unit == "yuan":
        parts.append(say("TO_YUAN"))
    return " ".join((say("ROUNDING"), *parts))


def by(node: tree.By, spellers: Spellers) -> Block:
    """[figure] 按 subject { rows }."""
    say = spellers.of(node.span)
    head = f"{say('BY')} {subject(say, node.subject)}"
    if node.figure is not None:
        head = f"{figure_head(say, node.figure, table_period(node))} {head}"
        rows = tuple(figure_row(say, r) for r in node.rows)
    else:
        rows = tuple(row(say, r, spellers) for r in node.rows)
    return Block(
        (head,),
        rows,
        node.span.start,
        node.subject.span.end,
        node.span.end,
        inline=say.row,
    )


def figure_head(say: Speller, name: str, period: tree.Period | None) -> str:
    """The keyword of the figure that a table gives."""
    if name == "gate":
        return gate_head(say, period)
    return figure(say, period, FIGURES[name])


def table_period(node: tree.By) -> tree.Period | None:
    """The period of the figure in a table's rows: the grammar writes it at the head."""
    for one in node.rows:
        for each in one.settings:
            match each:
                case tree.Deductible() | tree.Limit() | tree.Gate():
                    if each.period is not None:
                        return each.period
                case tree.By():
                    inner = table_period(each)
                    if inner is not None:
                        return inner
                case _:
                    pass
    return None


def row(say: Speller, node: tree.ByRow, spellers: Spellers) -> Row:
    """key: settings."""
    return Row(
        keys(say, node.keys),
        tuple(setting(s, spellers) for s in node.settings),
        citation(say, node.citation),
        say.comma,
        node.span.start,
        node.span.end,
    )


def figure_row(say: Speller, node: tree.ByRow) -> Row:
    """key: value, the figure's keyword being at the head of the table."""
    (only,) = node.settings
    return Row(
        keys(say, node.keys),
        (figure_value(say, only),),
        citation(say, node.citation),
        say.comma,
        node.span.start,
        node.span.end,
    )


def figure_value(say: Speller, node: tree.Setting) -> Node:
    """The value alone, or a table inside the table."""
    match node:
        case tree.By():
            rows = tuple(figure_row(say, r) for r in node.rows)
            head = f"{say('BY')} {subject(say, node.subject)}"
            return Block(
                (head,),
                rows,
                node.span.start,
                node.subject.span.end,
                node.span.end,
                inline=say.row,
            )
        case tree.Deductible():
            return text(node, deductible_value(say, node))
        case tree.PartRates():
            return text(node, part_rates(say, node))
        case tree.Fixed():
            return text(node, amount(say, node.amount))
        case tree.Limit():
            return text(node, limit_value(say, node))
        case tree.Gate():
            return text(node, gate_value(say, node))
        case tree.Rate():
            return text(node, amount(say, node.rate))
        case _:
            return text(node, say("NOT_ENTITLED"))


def bands(say: Speller, node: tree.Bands) -> Block:
    """分段 累计 { rows }."""
    counted = {tree.Period.CLAIM: "EACH_CLAIM", tree.Period.YEAR: "CUMULATIVE"}
    head = say("BANDS")
    if node.by in counted:
        head += f" {say(counted[node.by])}"
    return Block(
        (head,),
        tuple(band(say, b) for b in node.rows),
        node.span.start,
        node.span.start,
        node.span.end,
        inline=say.row,
    )


def band(say: Speller, node: tree.Band) -> Text:
    """edge: rate."""
    rate = expression(say, node.rate, Level.SUM)
    return text(node, f"{edge(say, node)}: {rate}")


def edge(say: Speller, node: tree.Band) -> str:
    """至10万元; 5000元以上至10万元; 10万元以上; 以上."""
    above, to = say("ABOVE"), say("TO")
    lower = expression(say, node.lower, Level.SUM) if node.lower else ""
    upper = expression(say, node.upper, Level.SUM) if node.upper else ""
    if say.zh:
        lower = lower if not lower or touches(lower) else f"{lower} "
        gap = "" if upper[:1].isdigit() else " "
        if upper:
            return f"{lower}{above}{to}{gap}{upper}" if lower else f"{to}{gap}{upper}"
        return f"{lower}{above}"
    if upper:
        return " ".join(filter(None, (lower, to, upper)))
    return " ".join(filter(None, (lower, above)))


def touches(text: str) -> bool:
    """Whether 以上 may touch: after a name or an amount, not after a sum."""
    return " " not in text and text[-1] not in ")」"


def tilt(say: Speller, node: tree.Tilt) -> Block:
    """倾斜 who { edits }."""
    head = f"{say('TILT')} {say.names(node.who)}"
    cited = citation(say, node.citation)
    end = node.who[-1].span.end if node.who else node.span.start
    return Block(
        (head, cited) if cited else (head,),
        tuple(edit(say, e) for e in node.edits),
        node.span.start,
        node.citation.span.end if node.citation else end,
        node.span.end,
        inline=say.comma,
    )


def edit(say: Speller, node: tree.TiltEdit) -> Text:
    """起付线 降低 50%; 年度限额 不设."""
    parts = [figure(say, node.period, FIGURES[node.figure])]
    if node.change.value:
        parts.append(say(node.change.value))
    if node.amount is not None:
        parts.append(expression(say, node.amount, Level.AMOUNT))
    return text(node, " ".join(parts))
