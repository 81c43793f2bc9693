"""The keywords, once: token, Chinese and English spelling, and what part each plays.

The lexer, the messages, the formatter, the tests and the reference read this table and
nothing else; a new keyword is one row here and its place in `grammar.lark`.
"""

from __future__ import annotations

from enum import StrEnum

from jiugao.dataclass import dataclass


class Role(StrEnum):
    """Where a keyword stands; messages group what is accepted by it."""

    POLICY = "policy"  # opens a file's block
    ITEM = "item"  # opens an item of a policy
    SETTING = "setting"  # opens a setting of a benefit
    LINE = "line"  # opens a line of an example
    WORD = "word"  # belongs inside an item, a setting or a line
    OPERATOR = "operator"
    VALUE = "value"
    LATER = "later"  # reserved: has a meaning in the language, not in this version


@dataclass(frozen=True)
class Keyword:
    """One token and its spellings; the formatter writes the first of each."""

    token: str
    zh: tuple[str, ...]
    en: tuple[str, ...]
    role: Role
    splits: bool = False  # ends a name that it touches: 政策范围内扣除基本医保


def _row(token: str, zh: str, en: str, role: Role, *, splits: bool = False) -> Keyword:
    return Keyword(token, tuple(zh.split()), tuple(en.split()), role, splits)


P, I, S, L, W, O, V, X = (  # noqa: E741
    Role.POLICY, Role.ITEM, Role.SETTING, Role.LINE,
    Role.WORD, Role.OPERATOR, Role.VALUE, Role.LATER,
)  # fmt: skip

KEYWORDS: tuple[Keyword, ...] = (
    # --- a file ---
    _row("POLICY", "方案", "policy", P),
    _row("PROFILE", "数据标准", "data_standard", P),
    _row("PART_OF", "属于", "part_of", W),
    _row("OVERLAY", "细则", "overlay", P),
    _row("EXTENDS", "继承", "extends", W),
    # --- items of a policy ---
    _row("SOURCE", "依据", "source", I),
    _row("CLAUSES", "条款", "clauses", W),
    _row("NOT_COMPUTED", "不计算", "not_computed", I),
    _row("EFFECTIVE", "施行", "effective", I),
    _row("ONWARD", "起", "onward", W),
    _row("FROM", "自", "from", W),
    _row("TO", "至", "to", W),
    _row("LOOKBACK", "追溯", "lookback", W),
    _row("ANNUAL", "年度", "annual", I),
    _row("EACH_CLAIM", "每次", "each_claim", W),
    _row("LIFETIME", "终身", "lifetime", W),
    _row("PER_YEAR", "每人每年", "per_year", W),
    _row("CUMULATIVE", "累计", "cumulative", W),
    _row("CALENDAR_YEAR", "自然年度", "calendar_year", W),
    _row("CARRIES", "承接", "carries", I),
    _row("STANDING", "身份", "standing", I),
    _row("HIGHEST_ONLY", "就高不重复", "highest_only", W),
    _row("EXCEPT", "除外", "except", W),
    _row("ON_APPLICATION", "依申请", "on_application", W),
    _row("EXCLUDING_CLASSED", "不含他类", "excluding_classed", W),
    _row("ONCE_A_YEAR", "每年一次", "once_a_year", W),
    _row("INPUT", "输入", "input", I),
    _row("ASCENDING", "由低到高", "ascending", W),
    _row("DEFAULT", "缺省", "default", W),
    _row("FROM_FILE", "来自", "from_file", W),
    _row("PARAMETER", "参数", "parameter", I),
    _row("TO_BE_SET", "待定", "to_be_set", W),
    _row("OPTIONS", "可选", "options", W),
    _row("PUBLISHED", "公布", "published", W),
    _row("ASSUMED", "假定", "assumed", W),
    _row("LOCKED", "锁定", "locked", W),
    _row("LOCKED_FOR_OVERLAYS", "对细则锁定", "locked_for_overlays", W),
    _row("ADVISE", "提示", "advise", W),
    _row("LIST", "名录", "list", I),
    _row("TERM", "条件", "condition", I),
    _row("EXPENSE", "费用", "expense", I),
    _row("OUT_OF", "从", "out_of", W),
    _row("PAID", "已付", "paid", I),
    _row("BENEFIT", "待遇", "benefit", I),
    _row("INDICATOR", "指标", "indicator", I),
    _row("TARGET", "目标", "target", W),
    _row("SUM", "合计", "sum", W),
    _row("LAST_YEAR", "上年", "last_year", W),
    _row("COUNT", "计数", "count", W),
    _row("YEAR_ON_YEAR", "同比", "year_on_year", W),
    _row("FUND", "基金", "fund", I),
    _row("POOLED", "统筹", "pooled", W),
    _row("AS_OF", "于", "as_of", W),
    _row("LATER_ENTRIES", "后续", "later_entries", W),
    _row("SHARE", "分担", "share", W),
    _row("OF", "占", "of", W),
    _row("EXAMPLE", "算例", "example", I),
    # --- settings of a benefit ---
    _row("APPLIES", "适用", "applies", S),
    _row("REPLACES", "代替", "replaces", S),
    _row("BASE", "基数", "base", S),
    _row("LESS", "扣除", "less", W, splits=True),
    _row("DEDUCTIBLE", "起付线", "deductible", S),
    _row("FIRST", "先", "first", W),
    _row("THEN", "后", "then", W),
    _row("PRO_RATA", "按比例", "pro_rata", W),
    _row("BY_DATE", "按时间", "by_date", W),
    _row("GATE", "门槛", "gate", S),
    _row("RATE", "比例", "rate", S),
    _row("BANDS", "分段", "bands", S),
    _row("FIXED", "定额", "fixed", S),
    _row("LIMIT", "限额", "limit", S),
    _row("UNSET", "不设", "none", W),
    _row("BY", "按", "by", S),
    _row("OTHERS", "其余", "others", W),
    _row("NOT_ENTITLED", "不享受", "not_entitled", S),
    _row("TILT", "倾斜", "tilt", S),
    _row("RAISED", "提高", "raised", W),
    _row("LOWERED", "降低", "lowered", W),
    _row("EACH_BAND", "各段", "each_band", W),
    _row("SETTLE", "结算", "settle", S),
    _row("PER_CLAIM", "按次", "per_claim", W),
    _row("YEAR_END", "年终", "year_end", W),
    _row("TOP_UP", "年终补差", "year_end_top_up", W),
    _row("CLAW_BACK", "多退少补", "claw_back", W),
    _row("ROUNDING", "舍入", "rounding", S),
    _row("HALF_UP", "四舍五入", "half_up", W),
    _row("HALF_EVEN", "四舍六入五成双", "half_even", W),
    _row("TRUNCATE", "截位", "truncate", W),
    _row("TO_YUAN", "到元", "to_yuan", W),
    _row("TO_FEN", "到分", "to_fen", W),
    _row("BEST_OF", "择优", "best_of", S),
    _row("BY_YEAR", "按年", "by_year", W),
    _row("PAYER", "支付方", "payer", S),
    _row("PAYEE", "收款方", "payee", S),
    _row("REIMBURSING", "归垫", "reimbursing", W),
    _row("DUE_BY", "期限", "due_by", S),
    _row("ACTUAL", "实付", "actual", S),
    # --- lines of an example ---
    _row("EXPECT", "应得", "expect", L),
    _row("REVERSE", "撤销", "reverse", L),
    _row("APPLY", "申请", "apply", L),
    # --- operators and values ---
    _row("WHEN", "当", "when", O),
    _row("AND", "且", "and", O),
    _row("OR", "或", "or", O),
    _row("NOT", "非", "not", O),
    _row("IN", "属于", "in", O),
    _row("IS", "是", "is", O),
    _row("OVER", "超过", "over", O, splits=True),
    _row("NOT_OVER", "不超过", "not_over", O, splits=True),
    _row("AT_LEAST", "达到 不低于", "at_least", O, splits=True),
    _row("BELOW", "低于", "below", O, splits=True),
    _row("BEFORE", "早于", "before", O),
    _row("AFTER", "晚于", "after", O),
    _row("AT_MOST", "至多", "at_most", O),
    _row("IN_EXCESS_OF", "超出", "in_excess_of", O),
    _row("ABOVE", "以上", "above", W, splits=True),
    _row("WITHIN", "以内 以下", "within", W, splits=True),
    _row("YES", "是", "yes", V),
    _row("NO", "否", "no", V),
    # --- reserved for a later version ---
    _row("CARRY_OVER", "结转", "carry_over", X),
)

BY_TOKEN = {k.token: k for k in KEYWORDS}

# The same word for two tokens (属于, 是): the operator is meant, the grammar takes both.
TOKEN_OF: dict[str, str] = {}
for _k in sorted(KEYWORDS, key=lambda k: k.role is Role.OPERATOR):
    for _spelling in (*_k.zh, *_k.en):
        TOKEN_OF[_spelling] = _k.token

SPLITTING = tuple(
    sorted((w for k in KEYWORDS if k.splits for w in k.zh), key=len, reverse=True)
)

# 年度, 每次, 终身 may touch one of these nouns, 分段 its way of counting.
TOUCHING: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("年度", "每次", "终身"), ("起付线", "限额", "累计")),
    "分段": ("累计", "每次"),
}

# Closed words that are names to the grammar and are known by where they stand: the kind
# and the table of an input, what an indicator is counted by, the person in an answer,
# where a fund is pooled and how later entries count.
# The tree holds the Chinese spelling.
PLACE_WORDS: dict[str, str] = {
    "money": "金额",
    "rate": "比例",
    "flag": "是否",
    "code": "代码",
    "date": "日期",
    "count": "数",
    "text": "文本",
    "claims": "结算",
    "institutions": "机构",
    "enrolment": "参保",
    "people": "人员",
    "person": "个人",
    "standing": "身份",
    "all": "全部",
    "county": "县",
    "city": "市",
    "full": "全额",
    "by_month": "按月",
    "by_day": "按日",
    "not_counted": "不计",
}
COUNTED_BY: dict[str, str] = {
    "person": "人", "year": "年", "month": "月", "institution": "医疗机构",
    "area": "区域", "enrolment": "参保",
}  # fmt: skip


def spelling(token: str, language: str) -> str:
    """How the formatter writes a token in `zh` or `en`."""
    keyword = BY_TOKEN[token]
    return keyword.zh[0] if language == "zh" else keyword.en[0]
