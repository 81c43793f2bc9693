"""An account comes in; one sentence a clerk can sign goes out: why this amount."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.diagnostics import Diagnostic
from jiugao.explain.words import day, money, percent, word, yuan

if TYPE_CHECKING:
    from jiugao.explain.model import Account, BenefitAccount, Who


def sentence(told: Account, language: str = "zh") -> str:
    """Why the claim was paid what it was paid."""
    if told.reject is not None:
        return rejected(told, told.reject, language)
    if told.role == "reversal":
        return reversal(told, language)
    if language == "zh":
        return chinese(told)
    return english(told)


def rejected(told: Account, code: str, language: str) -> str:
    """Why nothing is paid, and what can be done about it."""
    finding = Diagnostic(code, None)
    cause, way_out = finding.cause(language), finding.way_out(language)
    if language == "zh":
        return f"{day(told.day, 'zh')}的结算 {told.settlement} 被退回，不付。{finding.code} {cause}；办法：{way_out}。"
    return (
        f"Settlement {told.settlement} of {told.day} was rejected, nothing is paid."
        f" {finding.code}: {cause}; way out: {way_out}."
    )


def chinese(told: Account) -> str:
    """The Chinese sentence."""
    who = told.who
    opening = [f"{day(told.day, 'zh')}的结算 {told.settlement}"]
    if told.total is not None:
        opening.append(f"总费用{money(told.total, 'zh')}")
    if person := standing_zh(who) + (f"（{'、'.join(who.held)}）" if who.held else ""):
        opening.append(person)
    parts = ["，".join(opening)]
    made = who.application
    if made is not None and made.before:
        parts.append(f"在{day(made.day, 'zh')}的申请之前，并入该申请一笔补付，本行不付")
    if told.opening:
        rows = "、".join(dict.fromkeys(str(b.row) for b in told.opening))
        parts.append(f"年度累计从期初余额起算（{told.opening[0].file} 第 {rows} 行）")
    parts += [benefit_zh(b) for b in told.benefits]
    out = "；".join(parts)
    return f"{out}。个人负担{money(told.burden, 'zh')}。{paid_to_zh(told)}"


def paid_to_zh(told: Account) -> str:
    """To whom and by when, where the policy says so."""
    if told.paying is None:
        return ""
    due = told.paying.due_by
    by = f"，最晚{day(due, 'zh')}" if due else ""
    rest = f"，其中{money(told.paying.rest, 'zh')}付给本人" if told.paying.rest else ""
    return f"付给{told.paying.payee or '本人'}{rest}{by}。"


def paid_to_en(told: Account) -> str:
    """To whom and by when, where the policy says so."""
    if told.paying is None:
        return ""
    by = f", by {told.paying.due_by}" if told.paying.due_by else ""
    above = told.paying.rest
    rest = f", {money(above, 'en')} of it to the person" if above else ""
    return f" Paid to {told.paying.payee or 'the person'}{rest}{by}."


def standing_zh(who: Who) -> str:
    """The class, where the policy has a table of them."""
    if who.table is None:
        return ""
    if who.standing is None:
        return f"没有{who.table}"
    if who.best_of:
        return f"属{'、'.join((who.standing, *who.passed_over))}"
    return f"按{who.standing}"


def standing_en(who: Who) -> str:
    """The class, where the policy has a table of them."""
    if who.table is None:
        return ""
    if who.standing is None:
        return "no class"
    if who.passed_over and who.best_of:
        return f"classes {', '.join((who.standing, *who.passed_over))}"
    return f"class {who.standing}"


def benefit_zh(benefit: BenefitAccount) -> str:
    """One benefit's clause of the Chinese sentence."""
    if benefit.outcome == "not_applicable":
        return f"{benefit.name}：不适用，{word(f'why.{benefit.reason}', 'zh')}"
    told = f"{benefit.name}："
    for part in benefit.base_of:
        if part.amount:
            told += f"{'减' if part.amount < 0 else ''}{part.name}{yuan(abs(part.amount))}元"
    told += f"{'' if told.endswith('：') else '，'}基数{money(benefit.base, 'zh')}"
    if benefit.outcome == "deferred":
        return f"{told}，年终结算"
    if benefit.outcome == "counted":
        return f"{told}，{word('counted.why', 'zh')}，不支付"
    line = benefit.threshold
    if line is not None and line.kind == "deductible" and line.used_now:
        told += (
            f"，其中{money(line.used_now, 'zh')}在{word(line.period, 'zh')}起付线以下"
        )
    for piece in benefit.slices:
        told += f"，{money(piece.part, 'zh')}按{percent(piece.rate)}"
    for each in benefit.parts:
        if each.accrues:
            counted = money(each.base - (each.deductible or 0), "zh")
            told += f"，{each.name}{counted}按{percent(each.rate)}"
    if benefit.uneven is not None:
        told += f"（{word(f'uneven.{benefit.uneven}', 'zh')}）"
    if benefit.cut == "limit":
        told += f"，限额只余{money(benefit.room or 0, 'zh')}"
    if benefit.cut == "covered":
        told += f"，账单上只有{money(benefit.uncovered, 'zh')}没有人付"
    if benefit.alternative is not None and not benefit.alternative.taken:
        told += f"，可付{money(benefit.alternative.offered, 'zh')}，择优未取"
    return f"{told}，支付{money(benefit.paid, 'zh')}（{where(benefit, '、', '；')}）"


def where(benefit: BenefitAccount, comma: str, semicolon: str) -> str:
    """The passages of the benefit and of its figures, each once, with all clause ids."""
    passages = [benefit.passage, *(p for _, p in benefit.figure_passages)]
    texts = dict.fromkeys(p.text for p in passages if p.text)
    clauses = dict.fromkeys(c for p in passages for c in p.clauses)
    return semicolon.join(filter(None, (comma.join(texts), comma.join(clauses))))


def english(told: Account) -> str:
    """The English sentence."""
    who = told.who
    opening = [f"Settlement {told.settlement} of {told.day}"]
    if told.total is not None:
        opening.append(f"total charge {money(told.total, 'en')}")
    held = f"({', '.join(who.held)})" if who.held else ""
    if person := f"{standing_en(who)} {held}".strip():
        opening.append(person)
    parts = [", ".join(opening)]
    made = who.application
    if made is not None and made.before:
        parts.append(
            f"it lies before the application of {made.day} and is paid in that "
            "application's one sum, not on this row"
        )
    if told.opening:
        rows = ", ".join(dict.fromkeys(str(b.row) for b in told.opening))
        place = f"{told.opening[0].file}, rows {rows}"
        parts.append(f"the year's totals go on from an opening balance ({place})")
    parts += [benefit_en(b) for b in told.benefits]
    borne = f"The person bears {money(told.burden, 'en')}."
    return f"{'; '.join(parts)}. {borne}{paid_to_en(told)}"


def benefit_en(benefit: BenefitAccount) -> str:
    """One benefit's clause of the English sentence."""
    if benefit.outcome == "not_applicable":
        return f"{benefit.name}: {word(f'why.{benefit.reason}', 'en')}"
    told = f"{benefit.name}:"
    for part in benefit.base_of:
        if part.amount:
            sign = " less" if part.amount < 0 else ""
            told += f"{sign} {part.name} {yuan(abs(part.amount))}"
    told += f" leaves a base of {yuan(benefit.base)}"
    if benefit.outcome == "deferred":
        return f"{told}, settled at year end"
    if benefit.outcome == "counted":
        return f"{told}, {word('counted.why', 'en')}, nothing is paid"
    line = benefit.threshold
    if line is not None and line.kind == "deductible" and line.used_now:
        period = word(line.period, "en")
        told += f", of which {yuan(line.used_now)} lie below the {period} deductible"
    for piece in benefit.slices:
        told += f", {yuan(piece.part)} at {percent(piece.rate)}"
    for each in benefit.parts:
        if each.accrues:
            counted = yuan(each.base - (each.deductible or 0))
            told += f", {each.name} {counted} at {percent(each.rate)}"
    if benefit.uneven is not None:
        told += f" ({word(f'uneven.{benefit.uneven}', 'en')})"
    if benefit.cut == "limit":
        told += f", the limit had {yuan(benefit.room or 0)} left"
    if benefit.cut == "covered":
        told += f", only {yuan(benefit.uncovered)} of the bill were uncovered"
    if benefit.alternative is not None and not benefit.alternative.taken:
        offered = money(benefit.alternative.offered, "en")
        told += f", would pay {offered}, not taken for the best"
    return f"{told}, pays {money(benefit.paid, 'en')} ({where(benefit, ', ', '; ')})"


def reversal(told: Account, language: str) -> str:
    """What a reversal takes back, and why."""
    zh = language == "zh"
    changes = [(u.benefit, u.after - u.before) for u in told.undone]
    listed = ("，" if zh else ", ").join(
        f"{name}{'' if zh else ' '}{money(change, language)}"
        for name, change in changes
    )
    if zh:
        return (
            f"{day(told.day, 'zh')}的 {told.settlement} 撤销结算 {told.original}：去掉它后把"
            f"{told.year}年重算，{listed}。"
        )
    return (
        f"{told.settlement} of {told.day} undoes settlement {told.original}: with "
        f"{told.year} replayed without it, {listed}."
    )
