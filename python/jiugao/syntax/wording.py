"""Kinds of tokens come in; words in which people are told of them go out."""

from __future__ import annotations

from collections.abc import Iterable

from jiugao.syntax.keywords import BY_TOKEN, KEYWORDS, Role, spelling
from jiugao.syntax.tokens import Token

KINDS: dict[str, tuple[str, str]] = {
    "NAME": ("名称", "a name"),
    "QUOTED": ("名称", "a name"),
    "TEXT": ("引号里的文字", "a text in quotes"),
    "CLAUSE": ("条款号（如 LC-3.5）", "a clause id (such as LC-3.5)"),
    "DATE": ("日期（如 2023-01-01）", "a date (such as 2023-01-01)"),
    "AMOUNT": ("金额或比例（如 5000元、70%）", "an amount or a rate (5000 yuan, 70%)"),
    "DURATION": ("时长（如 12个月）", "a length of time (12 months)"),
    "NUMBER": ("数", "a number"),
    "LBRACE": ("“{”", "{"),
    "RBRACE": ("“}”", "}"),
    "LPAR": ("“(”", "("),
    "RPAR": ("“)”", ")"),
    "COLON": ("“:”", ":"),
    "SEMICOLON": ("“；”", ";"),
    "COMMA": ("“，”", "a comma"),
    "ENUM": ("“、”", "a comma or 、"),
    "EQUALS": ("“=”", "="),
    "PLUS": ("运算符", "an operator"),
    "MINUS": ("运算符", "an operator"),
    "TIMES": ("运算符", "an operator"),
    "DIVIDE": ("运算符", "an operator"),
    "YES": ("是、否", "yes or no"),
    "NO": ("是、否", "yes or no"),
    "ENROLMENT": ("“参保 日期”", "enrolment and a date"),
    "SOURCE_HERE": ("依据", "source"),
    "EXPECT_HERE": ("应得", "expect"),
    "$END": ("文件结尾", "the end of the file"),
}
# Not worth telling where more telling things are accepted.
QUIET = frozenset({"SEMICOLON", "COMMA", "$END"})
VALUES = frozenset({"NAME", "QUOTED", "AMOUNT", "NUMBER", "LPAR"})
VALUE_WORDS = ("名称、金额、比例或数", "a name, an amount, a rate or a number")
IN_VALUES = VALUES | {"TEXT", "DATE", "DURATION", "YES", "NO", "LAST_YEAR", "NOT"}


def described(token: Token) -> tuple[str, str]:
    """The token that was found, in Chinese and English."""
    if token.type == "$END":
        return KINDS["$END"]
    return f"“{token.text}”", f"“{token.text}”"


def expected(kinds: Iterable[str]) -> tuple[str, str]:
    """What is accepted, in Chinese and English, the most telling first."""
    left = set(kinds)
    words: list[tuple[str, str]] = []
    if left >= VALUES:
        words.append(VALUE_WORDS)
        left -= IN_VALUES
    operators = {k for k in left if KINDS.get(k, ("",))[0] == "运算符"}
    if operators == {"MINUS"}:
        operators = set()
    operators |= {
        k for k in left if k in BY_TOKEN and BY_TOKEN[k].role is Role.OPERATOR
    } - {"NOT"}
    left -= operators
    if "YES" in left and "OVER" not in operators:
        operators.discard("IS")
    loud = left - QUIET
    for keyword in KEYWORDS:
        if keyword.token in loud and keyword.token not in KINDS:
            words.append((spelling(keyword.token, "zh"), spelling(keyword.token, "en")))
    words.extend(KINDS[k] for k in KINDS if k in loud)
    if operators:
        words.append(_operators(operators))
    if not words:
        words.extend(KINDS[k] for k in KINDS if k in left)
    told = list(dict.fromkeys(words))
    return "、".join(zh for zh, _ in told), ", ".join(en for _, en in told)


def _operators(kinds: set[str]) -> tuple[str, str]:
    named = [k for k in KEYWORDS if k.token in kinds]
    if len(named) > 2:
        return "运算符", "an operator"
    zh = [k.zh[0] for k in named] or ["运算符"]
    en = [k.en[0] for k in named] or ["an operator"]
    return "、".join(zh), ", ".join(en)


# What to write instead of a construct that waits for a later version.
INSTEAD: dict[str, tuple[str, str]] = {
    "parts": (
        "把各部分写成各自的费用和待遇；同一条起付线下分部分的写法以后才有",
        "write each part as an expense and a benefit of its own; parts under one "
        "deductible come in a later version",
    ),
    "fund": (
        "基金的分担、结余不影响每个人的待遇，先用“不计算 条款号 \"原因\"”记下",
        "shares of a fund do not change what a person is paid: record the clause with "
        'not_computed and the reason for now',
    ),
    "payee": (
        "收款方和期限不影响金额，先用“不计算 条款号 \"原因\"”记下",
        "payee and deadline do not change amounts: record the clause with not_computed "
        "and the reason for now",
    ),
    "overlay": (
        "把细则写成同一文件夹里的另一个文件：方案 名称 (代号) 属于 主方案代号 { … }",
        "write the overlay as another file of the same folder: policy name (code) "
        "part_of main_code { … }",
    ),
    "best_of": (
        "择优目前只用于参保资助的 按 身份 表；待遇之间请写成一个身份表就高不重复",
        "best_of is for the standing table of a premium subsidy; between benefits use a "
        "standing table with highest_only",
    ),
    "list": (
        "把名录的内容直接写在文件里：名录 名称 = 甲、乙",
        "write the members in the file: list name = a, b",
    ),
    "ratio": (
        "指标目前按人、年合计一个金额：合计 金额；其他指标先用“不计算”记下",
        "an indicator sums one amount by person and year for now: sum amount; record "
        "other indicators with not_computed",
    ),
    "cap": (
        "写成 甲 扣除 乙，或把它列为一项费用",
        "write a less b, or make it an expense",
    ),
    "carry_over": (
        "不写结转：付超的部分在报告里列出，不带到以后的结算",
        "leave carry_over out: what was paid in excess is reported, not carried on",
    ),
    "locked": (
        "不写锁定；参数的取值在本文件里定",
        "leave locked out: the parameter is settled in this file",
    ),
}
LATER: dict[str, str] = {
    "FIRST": "parts", "THEN": "parts", "PRO_RATA": "parts", "IN_EXCESS_OF": "cap",
    "PAYEE": "payee", "DUE_BY": "payee", "FUND": "fund", "SHARE": "fund", "OF": "fund",
    "COUNT": "ratio", "YEAR_ON_YEAR": "ratio", "OVERLAY": "overlay",
    "EXTENDS": "overlay", "LOCKED": "locked", "CARRY_OVER": "carry_over",
}  # fmt: skip
