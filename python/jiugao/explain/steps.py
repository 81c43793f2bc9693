"""An account comes in; its steps as rows (what, amount, why) go out, in one language.

The text table and the HTML page show the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from jiugao.explain.words import day, figure, listed, money, percent, word, yuan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jiugao.explain.model import (
        Account,
        Alternative,
        Begun,
        BenefitAccount,
        LimitState,
        ListTest,
        PartAccount,
        Passage,
        Paying,
        Rounding,
        Threshold,
        UsedParameter,
        Who,
    )


@dataclass(frozen=True)
class Step:
    """One row: what was done, the amount, and the reason or place."""

    what: str
    amount: str = ""
    why: str = ""


def steps(told: Account, language: str) -> list[tuple[str, tuple[Step, ...]]]:
    """A title and its rows for each benefit, then what stays with the person."""
    found = [
        (f"{b.name}  {cited(b.passage)}", tuple(benefit_steps(b, language)))
        for b in told.benefits
    ]
    found.append(
        ("个人" if language == "zh" else "person", tuple(last(told, language)))
    )
    return found


def cited(passage: Passage) -> str:
    """The passage with its clause ids: 三（四）1 [LC-3.5]."""
    ids = f" [{', '.join(passage.clauses)}]" if passage.clauses else ""
    return f"{passage.text}{ids}"


def head(told: Account, language: str) -> list[Step]:
    """Which claim, by which policy, and who the person was."""
    zh = language == "zh"
    rows = [
        Step("方案" if zh else "policy", told.policy, told.citation),
        Step("程序" if zh else "program", told.digest[:16]),
        Step(
            "结算" if zh else "settlement",
            told.settlement,
            f"{day(told.day, language)} {word('role.' + told.role, language)}",
        ),
        Step("人员" if zh else "person", told.person),
    ]
    if told.role == "rejected":
        return rows
    if told.year_begins is not None:
        begun = day(told.year_begins, language)
        note = f"{begun}起" if zh else f"from {begun} on"
        rows.append(Step("待遇年度" if zh else "benefit year", str(told.year), note))
    if told.total is not None:
        rows.append(Step("总费用" if zh else "total charge", yuan(told.total)))
    rows += who_steps(told.who, language)
    rows += [begun_step(begun, language) for begun in told.opening]
    return rows


def begun_step(begun: Begun, language: str) -> Step:
    """A total that the year begins with, and where it is told."""
    zh = language == "zh"
    kind = word(f"begun.{begun.kind}", language)
    name = begun.accumulator
    if begun.benefit is not None:
        name = f"{begun.benefit}{kind}" if zh else f"{begun.benefit}, {kind}"
    elif begun.kind == "used":
        limit = name.removesuffix(".used")
        name = f"{limit}{kind}" if zh else f"{limit}, {kind}"
    note = f"{begun.file} 第 {begun.row} 行" if zh else f"{begun.file}, row {begun.row}"
    if begun.carried is not None:
        old = begun.carried
        note += f"，承接{old}" if zh else f", carried from {old}"
    return Step(
        f"期初余额 {name}" if zh else f"opening balance: {name}",
        yuan(begun.amount),
        note,
    )


def who_steps(who: Who, language: str) -> Iterator[Step]:
    """The class chosen, those passed over, the application."""
    zh = language == "zh"
    none = word("none", language)
    if who.table is not None:
        why = cited(who.passage) if who.passage else ""
        yield Step(who.table, who.standing or none, why)
    if who.table is not None or who.held:
        held = listed(who.held, language) or none
        label = f"{day(who.day, language)}持有的身份" if zh else f"held on {who.day}"
        yield Step(label, held)
    if who.for_life:
        why = "不看起止日期" if zh else "whatever the days beside them"
        label = "其中终身不变的" if zh else "of these, for a lifetime"
        yield Step(label, listed(who.for_life, language), why)
    if who.passed_over:
        why = "就高不重复" if zh else "the highest only"
        label = "也符合、不再适用" if zh else "also met, passed over"
        if who.best_of:
            why = "择优：逐类计算，取付得多的" if zh else "best of: each is worked out"
            label = "也符合" if zh else "also met"
        yield Step(label, listed(who.passed_over, language), why)
    made = who.application
    if made is not None:
        first, last = day(made.first, language), day(made.last, language)
        why = f"追溯窗口 {first} 至 {last}" if zh else f"window {first} to {last}"
        label = "申请" if zh else "application"
        yield Step(label, day(made.day, language), f"{made.standing} {why}")


def benefit_steps(benefit: BenefitAccount, language: str) -> Iterator[Step]:
    """The steps of a benefit, in order."""
    zh = language == "zh"
    if benefit.outcome == "not_applicable":
        why = word(f"why.{benefit.reason}", language)
        yield Step(word("not_applicable", language), "0.00", why)
        yield from (list_step(test, language) for test in benefit.lists)
        return
    if benefit.in_words:
        yield Step("适用的一行" if zh else "row of figures", "", benefit.in_words)
    yield from (list_step(test, language) for test in benefit.lists)
    for part in benefit.base_of:
        yield Step(part.name, yuan(part.amount))
    yield Step(
        "基数" if zh else "base", yuan(benefit.base), base_words(benefit, language)
    )
    if benefit.year_base is None:
        yield Step(word("deferred", language), "0.00")
        return
    before, after = benefit.year_base
    total = "申请窗口内累计基数" if zh else "base in the application's window"
    if benefit.scope == "year":
        total = "年度累计基数" if zh else "base of the year"
    yield Step(total, yuan(after), f"{yuan(before)} + {yuan(benefit.base)}")
    if benefit.outcome == "counted":
        yield Step(word("counted", language), "0.00", word("counted.why", language))
        return
    if benefit.threshold is not None:
        yield threshold_step(benefit.threshold, language)
    for piece in benefit.slices:
        to = yuan(piece.upper) if piece.upper is not None else ""
        band = f"{yuan(piece.lower)}–{to}"
        plain = piece.lower == 0 and piece.upper is None
        name = (
            ("比例" if zh else "rate")
            if plain
            else f"{'分段' if zh else 'band'} {band}"
        )
        yield Step(
            name, yuan(piece.pays), f"{yuan(piece.part)} × {percent(piece.rate)}"
        )
    for each in benefit.parts:
        yield from part_steps(each, language)
    yield Step("应计" if zh else "accrues", yuan(accrued(benefit)))
    for limit in benefit.limits:
        yield limit_step(limit, language)
    if benefit.cut is not None:
        yield Step(word(f"cut.{benefit.cut}", language), "", cut_why(benefit, language))
    if benefit.rounding is not None:
        yield rounding_step(benefit.rounding, language)
    for each in benefit.parts:
        before_, after_ = (yuan(fen) for fen in each.year_paid)
        name = f"{each.name} {'支付' if zh else 'is paid'}"
        yield Step(name, yuan(each.paid), f"{before_} → {after_}")
    if benefit.alternative is not None:
        yield alternative_step(benefit.alternative, language)
    yield Step("支付" if zh else "pays", yuan(benefit.paid), benefit.payer)
    if benefit.uneven is not None:
        why = word(f"uneven.{benefit.uneven}", language)
        yield Step(word("uneven", language), "", why)
    for parameter in benefit.parameters:
        yield parameter_step(parameter, language)
    if benefit.settle == "per_claim_year_end_top_up":
        yield Step(word("top_up", language), "", word("top_up.why", language))
    yield from passage_steps(benefit, language)


def accrued(benefit: BenefitAccount) -> Fraction:
    """What the claim adds: of parts their exact sum."""
    parts = sum((part.accrues for part in benefit.parts), Fraction(0))
    return parts if benefit.parts else benefit.accrues


def part_steps(part: PartAccount, language: str) -> Iterator[Step]:
    """One part: its base and total, its share of the deductible, its rate."""
    zh = language == "zh"
    for amount in part.base_of:
        yield Step(f"  {amount.name}", yuan(amount.amount))
    base = f"{part.name} {'基数' if zh else 'base'}"
    yield Step(base, yuan(part.base), less_words(part.expense, part.less, language))
    before, after = part.year_base
    total = f"{part.name} {'年度累计' if zh else 'of the year'}"
    yield Step(total, yuan(after), f"{yuan(before)} + {yuan(part.base)}")
    if part.deductible:
        name = f"{part.name} {'本次占用起付线' if zh else 'takes up of the deductible'}"
        if part.deductible < 0:
            name = (
                f"{part.name} {'让回起付线' if zh else 'gives back of the deductible'}"
            )
        yield Step(name, yuan(abs(part.deductible)))
    counted = part.base - (part.deductible or 0)
    why = f"{yuan(counted)} × {percent(part.rate)}"
    yield Step(f"{part.name} {'应计' if zh else 'accrues'}", yuan(part.accrues), why)


def passage_steps(benefit: BenefitAccount, language: str) -> Iterator[Step]:
    """Where figures are written, where that is not where the benefit is."""
    zh = language == "zh"
    own = cited(benefit.passage)
    elsewhere: dict[str, list[str]] = {}
    for name, passage in benefit.figure_passages:
        if cited(passage).strip() not in {"", own}:
            label = FIGURES[name][0 if zh else 1]
            elsewhere.setdefault(cited(passage), []).append(label)
    for where, figures in elsewhere.items():
        names = listed(tuple(figures), language)
        yield Step(f"{names}出处" if zh else f"written in: {names}", "", where)


def base_words(benefit: BenefitAccount, language: str) -> str:
    """The base as the author writes it, with what is taken off."""
    if benefit.parts:
        names = tuple(part.name for part in benefit.parts)
        return listed(names, language)
    return less_words(benefit.expense, benefit.less, language)


def less_words(expense: str, less: tuple[str, ...], language: str) -> str:
    """An expense with what is taken off."""
    if not less:
        return expense
    word_less = "扣除" if language == "zh" else "less"
    return f"{expense} {word_less} {listed(less, language)}"


FIGURES = {
    "deductible": ("起付线", "deductible"),
    "gate": ("门槛", "gate"),
    "rates": ("比例", "rates"),
    "limits": ("限额", "limits"),
}


def threshold_step(threshold: Threshold, language: str) -> Step:
    """The deductible used so far and now; a gate and whether it is reached."""
    zh = language == "zh"
    name = f"{word(threshold.period, language)}{'' if zh else ' '}"
    name += word(threshold.kind, language)
    if threshold.kind == "deductible":
        left = max(threshold.amount - threshold.after, 0 * threshold.amount)
        why = (
            f"本次用掉 {yuan(threshold.used_now)}，还剩 {yuan(left)}"
            if zh
            else f"{yuan(threshold.used_now)} used now, {yuan(left)} left"
        )
        return Step(name, yuan(threshold.amount), why)
    at = threshold.after >= threshold.amount
    passed = at if threshold.kind == "at_least" else threshold.after > threshold.amount
    if zh:
        return Step(name, yuan(threshold.amount), "已到" if passed else "未到")
    return Step(name, yuan(threshold.amount), "reached" if passed else "not reached")


def limit_step(limit: LimitState, language: str) -> Step:
    """A limit, what was used before and after, what is left."""
    zh = language == "zh"
    name = limit.shared or f"{word(limit.period, language)}{'' if zh else ' '}"
    if limit.shared is None:
        name += word("limit", language)
    why = f"已用 {yuan(limit.before)} → {yuan(limit.after)}，还剩 {yuan(limit.left)}"
    if not zh:
        why = (
            f"used {yuan(limit.before)} → {yuan(limit.after)}, {yuan(limit.left)} left"
        )
    return Step(name, yuan(limit.amount), why)


def alternative_step(one: Alternative, language: str) -> Step:
    """What an alternative of a choice would pay, and whether it was taken."""
    taken = word("taken" if one.taken else "beaten", language)
    why = " ".join(filter(None, (taken, cited(one.passage).strip())))
    return Step(word(f"offered.{one.by}", language), yuan(one.offered), why)


def cut_why(benefit: BenefitAccount, language: str) -> str:
    """How much a cut left."""
    zh = language == "zh"
    if benefit.cut == "covered":
        left = money(benefit.uncovered, language)
        return (
            f"账单还有 {left} 没有人付" if zh else f"{left} of the bill are uncovered"
        )
    room = money(benefit.room or 0, language)
    return f"限额还有 {room}" if zh else f"the limit allowed {room}"


def rounding_step(rounding: Rounding, language: str) -> Step:
    """Rounded after less rounded before."""
    zh = language == "zh"
    unit = ("分" if zh else "fen") if rounding.unit == 1 else ("元" if zh else "yuan")
    mode = word(rounding.mode, language)
    name = f"舍入（{mode}到{unit}）" if zh else f"rounding ({mode}, to the {unit})"
    now = rounding.rounded_after - rounding.rounded_before
    if rounding.unit > 1 and rounding.rounded_after % rounding.unit:
        name += "，不超过可付的余额" if zh else ", not above what is left to pay from"
    exact = f"{yuan(rounding.exact_before)} → {yuan(rounding.exact_after)}"
    whole = f"{yuan(rounding.rounded_after)} − {yuan(rounding.rounded_before)}"
    why = f"累计应付 {exact}；{whole}" if zh else f"accrued {exact}; {whole}"
    return Step(name, yuan(now), why)


def list_step(test: ListTest, language: str) -> Step:
    """A code held against a list: the row of the file that has it on the day."""
    zh = language == "zh"
    name = f"名录 {test.name}" if zh else f"list {test.name}"
    if not test.holds:
        asked = test.code or test.input
        why = f"{asked} 当日不在名录（{test.file}）"
        if not zh:
            why = f"{asked} is not on it on that day ({test.file})"
        return Step(name, "", " ".join(filter(None, (why, cited(test.passage)))))
    days = f"{test.start or '…'} – {test.end or '…'}"
    line = f"第 {test.line} 行" if zh else f"row {test.line}"
    where = f"{test.file} {line}，{days}" if zh else f"{test.file} {line}, {days}"
    told = (
        f"{test.code} {test.label}".strip(),
        where,
        test.origin,
        cited(test.passage),
    )
    return Step(name, "", " ".join(filter(None, told)))


def parameter_step(used: UsedParameter, language: str) -> Step:
    """A parameter's value, its days, and whether it is assumed."""
    zh = language == "zh"
    days = f"{used.start or '…'} – {used.end or '…'}"
    why = f"{days} {cited(used.passage)}".strip()
    if used.assumption is not None:
        why += (
            f"（假定：{used.assumption}）" if zh else f" (assumed: {used.assumption})"
        )
    name = f"{'参数' if zh else 'parameter'} {used.name}"
    return Step(name, figure(used.value, used.kind, language), why)


def last(told: Account, language: str) -> Iterator[Step]:
    """What stays with the person; what a reversal undoes."""
    zh = language == "zh"
    for undone in told.undone:
        change = undone.after - undone.before
        why = (
            f"全年重放：{yuan(undone.before)} → {yuan(undone.after)}"
            if zh
            else f"the year replayed: {yuan(undone.before)} → {yuan(undone.after)}"
        )
        yield Step(undone.benefit, yuan(change), why)
    yield Step("个人负担" if zh else "person's burden", yuan(told.burden))
    if told.excess:
        label = "下层超付" if zh else "paid in excess by others"
        yield Step(label, yuan(told.excess))
    if told.paying is not None:
        yield from paying_steps(told.paying, language)


def paying_steps(paying: Paying, language: str) -> Iterator[Step]:
    """To whom the claim is paid, by when, and what that makes good."""
    yield Step(word("payee", language), "", paying.payee or word("person", language))
    if paying.due_by is not None:
        yield Step(word("due_by", language), "", day(paying.due_by, language))
    if paying.replaced:
        why = word("outlay_replaced.why", language)
        yield Step(word("outlay_replaced", language), yuan(paying.replaced), why)
    if paying.excess:
        why = word("payee_excess.why", language)
        yield Step(word("payee_excess", language), yuan(paying.excess), why)
    if paying.rest:
        why = word("paid_rest.why", language)
        yield Step(word("paid_rest", language), yuan(paying.rest), why)
