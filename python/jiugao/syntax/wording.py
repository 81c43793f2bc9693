"""Kinds of tokens come in; words in which people are told of them go out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.syntax.keywords import BY_TOKEN, KEYWORDS, Role, spelling

if TYPE_CHECKING:
    from collections.abc import Collection

    from jiugao.syntax.tokens import Token

KINDS: dict[str, tuple[str, str]] = {
    "NAME": ("名称", "a name"),
    "QUOTED": ("名称", "a name"),
    "PART": ("名称", "a name"),
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
FEW = 2  # operators that are still told one by one
VALUES = frozenset({"NAME", "QUOTED", "AMOUNT", "NUMBER"})
VALUE_WORDS = ("名称、金额、比例或数", "a name, an amount, a rate or a number")
IN_VALUES = VALUES | {
    "LPAR",
    "TEXT",
    "DATE",
    "DURATION",
    "YES",
    "NO",
    "LAST_YEAR",
    "NOT",
    "SUM",
    "COUNT",
    "YEAR_ON_YEAR",
}


def described(token: Token) -> tuple[str, str]:
    """The token that was found, in Chinese and English."""
    if token.type == "$END":
        return KINDS["$END"]
    return f"“{token.text}”", f"“{token.text}”"


def words_for(kind: str) -> tuple[str, str]:
    """A kind of token, in Chinese and English."""
    if kind in KINDS:
        return KINDS[kind]
    return f"“{spelling(kind, 'zh')}”", f"“{spelling(kind, 'en')}”"


def expected(kinds: Collection[str]) -> tuple[str, str]:
    """What is accepted, in Chinese and English, the most telling first."""
    left = set(kinds)
    words: list[tuple[str, str]] = []
    if left >= VALUES:
        words.append(VALUE_WORDS)
        left -= IN_VALUES
    operators = {k for k in left if is_operator(k)}
    left -= operators
    if "PLUS" not in operators:
        operators.discard("MINUS")  # a sign
    if "YES" in kinds and "OVER" not in operators:
        operators.discard("IS")  # the value
    if "PART_OF" in left:
        operators.discard("IN")  # the same word 属于, of a policy
    loud = left - QUIET
    words.extend(
        (spelling(k.token, "zh"), spelling(k.token, "en"))
        for k in KEYWORDS
        if k.token in loud and k.token not in KINDS
    )
    words.extend(KINDS[k] for k in KINDS if k in loud)
    if operators:
        words.append(_operators(operators))
    if not words:
        words.extend(KINDS[k] for k in KINDS if k in left)
    told = list(dict.fromkeys(words))
    return "、".join(zh for zh, _ in told), ", ".join(en for _, en in told)


def is_operator(kind: str) -> bool:
    """Whether a token stands between operands."""
    if kind in BY_TOKEN:
        return BY_TOKEN[kind].role is Role.OPERATOR and kind != "NOT"
    return KINDS[kind][0] == KINDS["PLUS"][0]


def _operators(kinds: set[str]) -> tuple[str, str]:
    named = [k for k in KEYWORDS if k.token in kinds]
    if len(named) > FEW:
        return "运算符", "an operator"
    zh = [k.zh[0] for k in named] or ["运算符"]
    en = [k.en[0] for k in named] or ["an operator"]
    return "、".join(zh), ", ".join(en)


# Reserved words, and the word of `words.toml` that says what to write instead.
LATER: dict[str, str] = {
    "CARRY_OVER": "carry_over",
}  # fmt: skip
