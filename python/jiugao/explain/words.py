"""Amounts, rates, days and the fixed words of an account, in Chinese and English."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

FEN = 100


def decimal(value: Fraction) -> str:
    """An exact decimal without needless zeros; where there is no end, ≈ and six places."""
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
        if places > 12:  # noqa: PLR2004  no exact decimal of the language is longer
            return f"≈{decimal(Fraction(round(value * 10**6), 10**6))}"
    digits = f"{abs(value * 10**places).numerator:0{places + 1}d}"
    whole, part = (digits[:-places], digits[-places:]) if places else (digits, "")
    sign = "-" if value < 0 else ""
    grouped = f"{int(whole):,}"
    return f"{sign}{grouped}.{part}" if part else f"{sign}{grouped}"


def yuan(fen: int | Fraction) -> str:
    """An amount of fen as yuan, at least two decimals: 11,666.67 or 11,666.669."""
    text = decimal(Fraction(fen) / FEN)
    whole, _, part = text.partition(".")
    return f"{whole}.{part.ljust(2, '0')}"


def money(fen: int | Fraction, language: str) -> str:
    """An amount with its unit."""
    return f"{yuan(fen)}元" if language == "zh" else f"{yuan(fen)} yuan"


def percent(rate: Fraction) -> str:
    """A rate: 70%, 62.5%."""
    return f"{decimal(rate * 100)}%"


def figure(value: str, kind: str, language: str) -> str:
    """A parameter's value as the program file writes it: yuan, a decimal, other text."""
    if kind == "money":
        return money(Fraction(value) * FEN, language)
    if kind == "rate":
        return percent(Fraction(value))
    return value


def day(value: dt.date, language: str) -> str:
    """A day: 2023年3月1日, 2023-03-01."""
    if language == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return value.isoformat()


def listed(names: tuple[str, ...], language: str) -> str:
    """Names joined as a list."""
    return ("、" if language == "zh" else ", ").join(names)


WORDS: dict[str, dict[str, str]] = {
    "begun.base": {"zh": "已计入的基数", "en": "base so far"},
    "begun.accrued": {"zh": "累计应付（未舍入）", "en": "accrued, not rounded"},
    "begun.paid": {"zh": "已付", "en": "paid"},
    "begun.counted": {
        "zh": "其中支付开始前计入的",
        "en": "of the base, from before payment began",
    },
    "begun.used": {"zh": "已用", "en": "used"},
    "begun.total": {"zh": "", "en": ""},
    "role.settled": {"zh": "结算", "en": "settled"},
    "role.reversed": {"zh": "结算（后被撤销）", "en": "settled, later reversed"},
    "role.reversal": {"zh": "撤销", "en": "reversal"},
    "role.rejected": {"zh": "退回", "en": "rejected"},
    "year": {"zh": "年度", "en": "annual"},
    "claim": {"zh": "每次", "en": "per claim"},
    "none": {"zh": "无", "en": "none"},
    "deductible": {"zh": "起付线", "en": "deductible"},
    "at_least": {"zh": "门槛（达到）", "en": "gate (at least)"},
    "over": {"zh": "门槛（超过）", "en": "gate (over)"},
    "limit": {"zh": "限额", "en": "limit"},
    "half_up": {"zh": "四舍五入", "en": "half up"},
    "half_even": {"zh": "四舍六入五成双", "en": "half even"},
    "truncate": {"zh": "截位", "en": "truncated"},
    "not_applicable": {"zh": "不适用", "en": "does not apply"},
    "why.condition": {"zh": "适用条件不成立", "en": "its condition does not hold"},
    "why.no_standing": {"zh": "没有救助类别", "en": "no class on the day"},
    "why.not_entitled": {"zh": "这一情形不享受", "en": "not entitled in this case"},
    "why.not_in_force": {"zh": "不在施行日期内", "en": "outside the days in force"},
    "why.before_application": {"zh": "在申请之前，并入申请的一笔补付", "en": "before the application, in its one sum"},
    "top_up": {"zh": "年终补差", "en": "at year end"},
    "top_up.why": {"zh": "年终按最后有资格之日的类别把全年再看一遍，少付的补上", "en": "the year is looked at again by the class of the last entitled day; what is short is paid"},
    "deferred": {"zh": "年终结算，本次只计基数", "en": "settled at year end; the base is counted"},
    "taken": {"zh": "择优：付得最多，取这一项", "en": "pays most of the alternatives and is taken"},
    "beaten": {"zh": "择优：另一项付得更多（或同样多而先写），不取这一项", "en": "another alternative pays more (or as much and stands first): not taken"},
    "offered.claim": {"zh": "本次可付", "en": "would pay"},
    "offered.year": {"zh": "本年至今可付", "en": "would have paid this year"},
    "payee": {"zh": "收款方", "en": "paid to"},
    "person": {"zh": "本人", "en": "the person"},
    "due_by": {"zh": "期限", "en": "due by"},
    "outlay_replaced": {"zh": "顶替垫付", "en": "makes good an outlay"},
    "outlay_replaced.why": {"zh": "收款方替本人垫付过，个人负担不再减少", "en": "the payee had paid for the person; the burden is not lowered"},
    "paid_rest": {"zh": "其余付给本人", "en": "rest paid to the person"},
    "paid_rest.why": {"zh": "超出垫付的部分，减少个人负担", "en": "beyond the outlay; it lowers the burden"},
    "payee_excess": {"zh": "超出垫付", "en": "beyond the outlay"},
    "payee_excess.why": {"zh": "归收款方，个人负担不减少", "en": "goes to the payee; the burden is not lowered"},
    "counted": {"zh": "只计累计，不支付", "en": "counts only, nothing is paid"},
    "counted.why": {"zh": "开始支付以前的费用，计入本年累计", "en": "from before payments begin; it counts in the year's totals"},
    "uneven": {"zh": "本行与本次费用不等的原因", "en": "why the row differs from its own bill"},
    "uneven.gate_opened": {"zh": "本次到了门槛，本年以前的费用一并计付", "en": "the gate opens on this claim and pays for the year's earlier ones too"},
    "uneven.parts_again": {"zh": "起付线在各部分之间按全年合计重新分，前次多扣的在本次补回", "en": "the parts share the deductible anew on the year's totals; what one took up before comes back now"},
    "uneven.taken_back": {"zh": "所扣除的待遇在本次补付了以前的费用，多付的在本次收回", "en": "what is deducted was paid on this claim for earlier ones; what was paid too much comes back"},
    "uneven.by_year": {"zh": "按全年合计的占比计，本次用上以前没有用足的部分", "en": "a share of the year's bills: this claim may use what earlier ones left"},
    "cut.limit": {"zh": "受限额限制", "en": "cut by a limit"},
    "cut.covered": {"zh": "账单已由别处付掉，只付未付的部分", "en": "already covered: only what the bill has left is paid"},
}  # fmt: skip


def word(key: str, language: str) -> str:
    """A fixed word."""
    return WORDS[key][language]
