"""Why due and paid differ: the documented list, with words for people."""

from __future__ import annotations

from enum import StrEnum


class Cause(StrEnum):
    """The cause of a difference, as adjustments.parquet names it."""

    IDENTITY = "identity"
    LATE_CLAIM = "late_claim"
    REVERSAL = "reversal"
    DUPLICATE = "duplicate"
    DOUBLE_PAYMENT = "double_payment"
    LIMIT = "limit"
    PARAMETER_DATE = "parameter_date"
    CROSS_YEAR = "cross_year"
    SPLIT_PERSON = "split_person"
    MISSING_PAYMENT = "missing_payment"
    CONSEQUENCE = "consequence"
    YEAR_END = "year_end"
    LOOKBACK = "lookback"
    EARLIER_CORRECTION = "earlier_correction"
    OTHER = "other"


WORDS: dict[Cause, dict[str, str]] = {
    Cause.IDENTITY: {"zh": "身份用错", "en": "identity of another day or class"},
    Cause.LATE_CLAIM: {"zh": "后到的单据", "en": "claim that arrived late"},
    Cause.REVERSAL: {"zh": "撤销未处理", "en": "reversal not carried out"},
    Cause.DUPLICATE: {"zh": "重复单据计入", "en": "duplicate counted"},
    Cause.DOUBLE_PAYMENT: {"zh": "重复支付", "en": "paid twice"},
    Cause.LIMIT: {"zh": "限额未执行", "en": "limit not applied"},
    Cause.PARAMETER_DATE: {"zh": "用了别的时期的标准", "en": "figures of another date"},
    Cause.CROSS_YEAR: {"zh": "跨年单据归错年度", "en": "stay across the year's end"},
    Cause.SPLIT_PERSON: {"zh": "一人两号未合并", "en": "one person under two numbers"},
    Cause.MISSING_PAYMENT: {"zh": "漏付", "en": "not paid"},
    Cause.CONSEQUENCE: {
        "zh": "前一笔差错的后果",
        "en": "consequence of an earlier error",
    },
    Cause.YEAR_END: {"zh": "年终补差未付", "en": "year-end amount open"},
    Cause.LOOKBACK: {"zh": "追溯救助未付", "en": "look-back sum open"},
    Cause.EARLIER_CORRECTION: {
        "zh": "先前的更正已不应付",
        "en": "an earlier correction that is no longer due",
    },
    Cause.OTHER: {"zh": "其他", "en": "other"},
}
"""What people call each cause."""
