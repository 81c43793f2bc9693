"""A token that cannot stand, with what is around it, comes in; what is wrong goes out.

Each rule knows one way in which people go wrong and says so; what none of them knows is
told as "this cannot stand here, that can".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from jiugao.dataclass import dataclass
from jiugao.source import Source, Span
from jiugao.syntax.amounts import HAN_UNITS
from jiugao.syntax.arrange import indentation
from jiugao.syntax.braces import line_indentation, pairs
from jiugao.syntax.driver import END, role
from jiugao.syntax.keywords import BY_TOKEN, KEYWORDS, TOKEN_OF, Role
from jiugao.syntax.nearest import ending_operator, nearest_keyword
from jiugao.syntax.tokens import Token, keyword_at_start, spaced
from jiugao.syntax.wording import IN_VALUES, LATER, described, expected

NAMES = frozenset({"NAME", "QUOTED"})
AMOUNT_INSIDE = re.compile(rf"\d(?:{'|'.join(HAN_UNITS)})$")
SETTINGS = tuple(k.token for k in KEYWORDS if k.role is Role.SETTING)
DENIALS = {"不是": "是", "不属于": "属于", "不等于": "是"}
LINES = (
    *(k.token for k in KEYWORDS if k.role is Role.LINE),
    "SETTLE",
    "PARAMETER",
    "STANDING",
)
OPENS_SETTING = frozenset({"LBRACE", "SEMICOLON", "COMMA", "COLON"})


@dataclass(frozen=True)
class Trouble:
    """The token that cannot stand, what is before it, and what could stand."""

    source: Source
    tokens: Sequence[Token]
    position: int
    token: Token
    accepted: frozenset[str]
    depth: int  # braces open where the parser is

    def before(self, back: int = 1) -> Token | None:
        """A token before this one."""
        i = self.position - back
        return self.tokens[i] if i >= 0 else None

    def after(self, ahead: int = 1) -> Token | None:
        """A token after this one."""
        i = self.position + ahead
        return self.tokens[i] if i < len(self.tokens) else None

    def span(self, first: Token, last: Token | None = None) -> Span:
        """From one token to another."""
        return Span(self.source, first.start, (last or first).end)


@dataclass(frozen=True)
class Finding:
    """A code, its place and its arguments."""

    code: str
    span: Span
    arguments: dict[str, str]


Rule = Callable[[Trouble], Finding | None]


def later_keyword(t: Trouble) -> Finding | None:
    """A word that is reserved for a later version, unless it is meant as a name."""
    why = LATER.get(t.token.type)
    if why is None:
        return None
    after = t.after()
    is_key = after is not None and after.type in {"COLON", "ENUM"}
    if "NAME" in t.accepted and (is_key or "RBRACE" not in t.accepted):
        return keyword_as_name(t)
    return later(t, t.token.text, why)


def later(t: Trouble, word: str, why: str) -> Finding:
    """A construct that this version does not have, with a way out."""
    before = t.before()
    first = before if before and word.startswith(before.text) else t.token
    last = t.token if word.endswith(t.token.text) else first
    arguments = {"word": word, "instead": f"@later_{why}"}
    return Finding("E105", t.span(first, last), arguments)


def later_construct(t: Trouble) -> Finding | None:
    """Parts, lists from files, ratios …: known by what stands together."""
    before, kind = t.before(), t.token.type
    if before is None:
        return None
    statement = statement_type(t)
    match before.type, kind:
        case "BEST_OF", ("NAME" | "QUOTED"):
            return later(t, f"{before.text} {t.token.text}", "best_of")
        case _, ("FROM_FILE" | "FROM") if statement == "LIST":
            return later(t, t.token.text, "list")
        case _:
            return None


def statement_type(t: Trouble) -> str | None:
    """The keyword that opened the setting or item in which the parser is."""
    depth = t.token.depth
    for i in range(t.position - 1, -1, -1):
        token = t.tokens[i]
        if token.depth > depth:
            continue
        depth = token.depth
        figure = t.tokens[i - 1].type if i else ""
        if token.type == "BY" and figure in {"RATE", "DEDUCTIBLE", "LIMIT"}:
            return figure
        if token.type == "BY" and not token.first and figure not in OPENS_SETTING:
            continue
        if role(token.type) in {Role.ITEM, Role.SETTING, Role.LINE}:
            return token.type
    return None


def extra_brace(t: Trouble) -> Finding | None:
    """A `}` where nothing is open, or an item that an earlier one left outside."""
    if t.depth:
        return None
    if t.token.type == "RBRACE":
        return Finding("E116", t.span(t.token), {})
    if role(t.token.type) not in {Role.ITEM, Role.SETTING, Role.LINE}:
        return None
    for opening, closing in pairs(t.tokens[: t.position]):
        if not closing.first:
            continue
        inner = indentation(t.source, closing.start)
        if inner > line_indentation(t.source, opening):
            return Finding("E116", t.span(closing), {})
    return None


def included_bounds(t: Trouble) -> Finding | None:
    """（含5000元）, （含本数）: what the words say anyway."""
    inside = t.after()
    if t.token.type != "LPAR" or inside is None or not inside.text.startswith("含"):
        return None
    before = t.before()
    if before is None or before.type not in {"AMOUNT", "ABOVE", "WITHIN", "RATE"}:
        return None
    text = bracketed(t, t.token.start)
    end = t.token.start + len(text)
    return Finding("E127", Span(t.source, t.token.start, end), {"text": text})


def bracketed(t: Trouble, start: int) -> str:
    """From a place to the end of the brackets that open at the token."""
    line_end = t.source.text.find("\n", t.token.start)
    line_end = len(t.source.text) if line_end < 0 else line_end
    closing = re.search("[)）]", t.source.text[t.token.start : line_end])
    end = t.token.start + closing.end() if closing else t.token.end
    return t.source.text[start:end]


def glued_operator(t: Trouble) -> Finding | None:
    """医疗类别属于 (…): an operator that became the end of a name."""
    before = t.before()
    if before is None or before.type != "NAME":
        return None
    apart = ending_operator(before.text)
    if apart is None:
        return None
    return Finding("E138", t.span(before), {"text": before.text, "spaced": apart})


def name_with_brackets(t: Trouble) -> Finding | None:
    """门诊慢特病（含特药）."""
    before = t.before()
    if t.token.type != "LPAR" or before is None or before.type != "NAME":
        return None
    if before.end != t.token.start:
        return None
    name = bracketed(t, before.start)
    span = Span(t.source, before.start, before.start + len(name))
    return Finding("E112", span, {"name": name})


def missing_code(t: Trouble) -> Finding | None:
    """方案 名称 { without (code)."""
    before = t.before()
    if "LPAR" not in t.accepted or before is None or before.type not in NAMES:
        return None
    if len(t.accepted) > 1 or t.token.type not in {"LBRACE", "COLON", "IN", "PART_OF"}:
        return None
    return Finding("E135", t.span(before), {"name": before.text})


def misspelt_line(t: Trouble) -> Finding | None:
    """申清 2023-05-10 …: a line whose first word was taken for the end of the one above."""
    before = t.before()
    if before is None or before.type != "NAME" or not before.begins:
        return None
    word = nearest_keyword(before.text, LINES)
    if word is None:
        return None
    return Finding("E103", t.span(before), {"word": before.text, "nearest": word})


def missing_comma(t: Trouble) -> Finding | None:
    """普通住院 政策范围内 5元: two facts of an example and no comma."""
    one, two = t.before(2), t.before()
    if one is None or two is None or one.type not in NAMES or two.type not in NAMES:
        return None
    if (
        t.token.first
        or not {"COMMA", "ENUM"} & t.accepted
        or (statement_type(t) not in {"SETTLE", "EXPECT"})
    ):
        return None
    arguments = {"one": one.text, "two": two.text}
    return Finding("E137", t.span(one, two), arguments)


def not_a_clause(t: Trouble) -> Finding | None:
    """条款 LC3.5."""
    before = t.before()
    wanted = before is not None and before.type in {"CLAUSES", "NOT_COMPUTED"}
    if "CLAUSE" not in t.accepted or not (wanted or t.accepted == {"CLAUSE"}):
        return None
    end = re.compile(r"[^\s,，、；;}]*").match(t.source.text, t.token.start)
    stop = max(end.end() if end else 0, t.token.end)
    text = t.source.text[t.token.start : stop]
    return Finding("E124", Span(t.source, t.token.start, stop), {"text": text})


def name_cut_in_two(t: Trouble) -> Finding | None:
    """起付线以上费用: words that touch and were taken apart by a keyword."""
    run = touching(t)
    cutting = [w for w in run if w.type in BY_TOKEN and BY_TOKEN[w.type].splits]
    if run == [t.token] or not cutting:
        return None
    cut = t.token if t.token in cutting else cutting[0]
    name = "".join(w.text for w in run)
    return Finding("E111", t.span(run[0], run[-1]), {"name": name, "word": cut.text})


def touching(t: Trouble) -> list[Token]:
    """The words without a space between them of which the token is one."""

    def wordy(token: Token) -> bool:
        return token.type == "NAME" or token.type in BY_TOKEN

    first = last = t.position
    if first >= len(t.tokens) or not wordy(t.tokens[first]):
        return []
    while (
        first
        and wordy(t.tokens[first - 1])
        and (t.tokens[first - 1].end == t.tokens[first].start)
    ):
        first -= 1
    while (
        last + 1 < len(t.tokens)
        and wordy(t.tokens[last + 1])
        and (t.tokens[last].end == t.tokens[last + 1].start)
    ):
        last += 1
    return list(t.tokens[first : last + 1])


def glued_keyword(t: Trouble) -> Finding | None:
    """按医疗机构级别: a keyword that swallowed what follows it."""
    if t.token.type == "NAME":
        for word in keyword_at_start(t.token.text):
            if TOKEN_OF[word] in t.accepted:
                return glued(t, t.token, word)
    before = t.before()
    if before is None or before.type != "NAME" or t.token.type != "LBRACE":
        return None
    for word in keyword_at_start(before.text):
        if TOKEN_OF[word] in {"BY", "CUMULATIVE", "LESS", "STANDING"}:
            return glued(t, before, word)
    return None


def denied(t: Trouble) -> Finding | None:
    """医疗类别 不是 普通住院, kind is not inpatient: 非 goes in front."""
    before, after = t.before(), t.after()
    if before is None or after is None or "NOT" in t.accepted:
        return None
    if t.token.text in DENIALS and before.type in NAMES:
        subject, word = before, DENIALS[t.token.text]
    elif t.token.type == "NOT" and before.type in NAMES and after.type == "IN":
        subject, word = before, after.text
    elif t.token.type == "NOT" and before.type == "IS":
        subject, word = t.before(2) or before, before.text
    else:
        return None
    words = {"text": t.token.text, "left": subject.text, "word": word}
    return Finding("E146", t.span(t.token), words)


def glued_amount(t: Trouble) -> Finding | None:
    """各段提高5个百分点: words and a number that make up one name."""
    if t.token.type != "NAME" or not AMOUNT_INSIDE.search(t.token.text):
        return None
    arguments = {"text": t.token.text, "spaced": spaced(t.token.text)}
    return Finding("E138", t.span(t.token), arguments)


def glued(t: Trouble, name: Token, word: str) -> Finding:
    """The hint to leave a space."""
    rest = name.text[len(word) :]
    arguments = {"word": name.text, "keyword": word, "rest": rest}
    return Finding("E104", t.span(name), arguments)


def misspelt_keyword(t: Trouble) -> Finding | None:
    """起付钱 for 起付线."""
    if t.token.type != "NAME":
        return None
    word = nearest_keyword(t.token.text, t.accepted)
    if word is None:
        return None
    rest = t.token.text[len(word) :] if t.token.text.startswith(word) else ""
    if rest and not (word.isascii() and len(rest) == 1):
        return None
    return Finding("E103", t.span(t.token), {"word": t.token.text, "nearest": word})


def keyword_as_name(t: Trouble) -> Finding | None:
    """待遇 限额 { … }: a keyword where a name is wanted."""
    if "NAME" not in t.accepted or t.token.type not in BY_TOKEN:
        return None
    if t.token.first and t.token.type not in LATER:
        return None
    return Finding("E102", t.span(t.token), {"word": t.token.text})


def missing_colon(t: Trouble) -> Finding | None:
    """一类 比例 70%: no colon after the key."""
    before = t.before()
    if "COLON" not in t.accepted or before is None or t.token.type in {END, "RBRACE"}:
        return None
    if t.token.first or t.token.type in {"LBRACE", "EQUALS", "SEMICOLON"}:
        return None
    meant = nearest_keyword(before.text, SETTINGS) if before.type == "NAME" else None
    if meant is not None:
        return Finding("E103", t.span(before), {"word": before.text, "nearest": meant})
    inside = t.before(2)
    text = f"({inside.text})" if before.type == "RPAR" and inside else before.text
    texts = {"before": text, "after": t.token.text}
    return Finding("E117", t.span(before, t.token), texts)


def bracket_left_open(t: Trouble) -> Finding | None:
    """( without its )."""
    ends = t.token.first or t.token.type in {"RBRACE", "SEMICOLON", END}
    if "RPAR" not in t.accepted or not ends:
        return None
    open_ones: list[Token] = []
    for token in t.tokens[: t.position]:
        if token.type == "LPAR":
            open_ones.append(token)
        elif token.type == "RPAR" and open_ones:
            open_ones.pop()
    return Finding("E139", t.span(open_ones[-1]), {}) if open_ones else None


def unfinished(t: Trouble) -> Finding | None:
    """支付方, and then a new line: what should follow is missing."""
    before = t.before()
    ends = t.token.first or t.token.type in {"RBRACE", "SEMICOLON", END}
    if before is None or not ends or "RBRACE" in t.accepted or END in t.accepted:
        return None
    if not t.accepted & IN_VALUES:
        return None
    zh, en = expected(t.accepted)
    arguments = {"before": before.text, "expected_zh": zh, "expected_en": en}
    return Finding("E136", t.span(before), arguments)


def general(t: Trouble) -> Finding:
    """This cannot stand here, that can."""
    found_zh, found_en = described(t.token)
    expected_zh, expected_en = expected(t.accepted)
    arguments = {
        "found_zh": found_zh, "found_en": found_en,
        "expected_zh": expected_zh, "expected_en": expected_en,
    }  # fmt: skip
    return Finding("E101", t.span(t.token), arguments)


RULES: tuple[Rule, ...] = (
    later_keyword, later_construct, extra_brace, included_bounds, glued_operator,
    name_with_brackets, missing_code, misspelt_line, missing_comma, not_a_clause,
    denied, name_cut_in_two, misspelt_keyword, glued_amount, glued_keyword, bracket_left_open,
    keyword_as_name, missing_colon, unfinished,
)  # fmt: skip
