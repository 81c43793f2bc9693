"""Tokens as read come in; tokens as the grammar wants them go out.

Three things that depend on neighbours and lines are settled here, so that the grammar
stays free of new lines: which commas join the members of a list, which merely pause
before a word that goes on, and whether 依据 or 应得 belongs to what stands before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jiugao.source import Source
    from jiugao.syntax.tokens import Token

# A comma before one of these only pauses: 施行 … 至 …，追溯 …; 按次，年终补差.
GOES_ON = frozenset({
    "TO", "LOOKBACK", "TOP_UP", "CLAW_BACK", "TARGET", "EXPECT", "ONCE_A_YEAR",
    "ON_APPLICATION", "EXCEPT", "LESS", "WHEN", "AND", "OR", "FROM", "PUBLISHED",
    "ASSUMED", "OPTIONS", "DEFAULT", "FROM_FILE", "ONWARD", "PER_YEAR", "OUT_OF",
    "HIGHEST_ONLY", "AT_MOST", "AT_LEAST", "NOT_OVER", "LOCKED", "ADVISE",
    "LOCKED_FOR_OVERLAYS", "IN_EXCESS_OF", "SOURCE", "EXCLUDING_CLASSED", "THEN", "CUMULATIVE", "LIFETIME",
})  # fmt: skip
NAMES = frozenset({"NAME", "QUOTED"})
KEYS = NAMES | {"AMOUNT", "NUMBER", "DATE", "DURATION", "TEXT", "YES", "NO", "IS"}
# What cannot follow a list: the run of names before it is something else.
NOT_AFTER_LIST = frozenset({
    "AMOUNT", "NUMBER", "DATE", "DURATION", "TEXT", "NAME", "QUOTED", "LPAR",
    "COLON", "MINUS",
})  # fmt: skip
OPERANDS = frozenset({
    "NAME", "QUOTED", "AMOUNT", "NUMBER", "DATE", "DURATION", "TEXT", "RPAR", "YES", "NO",
})  # fmt: skip
ENROLLED = frozenset({"参保", "enrolment"})


def arrange(source: Source, tokens: list[Token]) -> list[Token]:
    """The tokens with joining commas, pauses and line ends settled."""
    return _settle_lines(source, _settle_commas(tokens))


def _settle_commas(tokens: list[Token]) -> list[Token]:
    out: list[Token] = []
    for i, token in enumerate(tokens):
        if token.type != "COMMA":
            out.append(token)
            continue
        after = tokens[i + 1] if i + 1 < len(tokens) else None
        if after is None:
            out.append(token)
        elif after.type in GOES_ON:
            # An 应得 after a comma goes on, whatever the line.
            tokens[i + 1] = after._replace(first=False)
        elif joins(tokens, i):
            out.append(token._replace(type="ENUM"))
        else:
            out.append(token)
    return out


def joins(tokens: list[Token], i: int) -> bool:
    """Whether the comma at `i` stands between members of a list, as 、 does."""
    before = tokens[i - 1] if i else None
    after = tokens[i + 1]
    if before is None:
        return False
    if after.type == "CLAUSE":
        return before.type == "CLAUSE"
    if names_row(tokens, i):
        return opens_row(tokens, i)
    if part_rate(tokens, i):
        return True
    if before.type not in NAMES or after.type not in NAMES:
        return False
    end = i + 1
    while end < len(tokens) and tokens[end].type in NAMES:
        end += 1
        if end < len(tokens) and tokens[end].type in {"COMMA", "ENUM"}:
            end += 1
        else:
            break
    following = tokens[end] if end < len(tokens) else None
    if following is None or following.first:
        return True
    return following.type not in NOT_AFTER_LIST


def part_rate(tokens: list[Token], i: int) -> bool:
    """Whether the comma at `i` stands between the rates of two parts."""
    if i + 2 >= len(tokens) or tokens[i + 1].type not in NAMES:
        return False
    if tokens[i + 2].type not in {"AMOUNT", "LPAR"}:
        return False
    at = i - 1
    if at >= 0 and tokens[at].type == "RPAR":
        depth = 0
        while at >= 0:
            depth += {"RPAR": 1, "LPAR": -1}.get(tokens[at].type, 0)
            if depth == 0:
                break
            at -= 1
    elif at < 0 or tokens[at].type != "AMOUNT":
        return False
    if at <= 1 or tokens[at - 1].type not in NAMES:
        return False
    opening = tokens[at - 2].type
    if opening in {"COMMA", "ENUM"}:
        return part_rate(tokens, at - 2)
    return opening in {"RATE", "COLON"}


def names_row(tokens: list[Token], i: int) -> bool:
    """Whether a colon follows the names and values after the comma at `i`."""
    end = i
    while end < len(tokens) and tokens[end].type in {"COMMA", "ENUM"}:
        end += 1
        if end >= len(tokens) or tokens[end].type not in KEYS:
            return False
        end += 1
        if end < len(tokens) and tokens[end].type in {"ABOVE", "WITHIN"}:
            end += 1
    return end < len(tokens) and tokens[end].type == "COLON"


def opens_row(tokens: list[Token], i: int) -> bool:
    """Whether the names and values before the comma at `i` are the first of their row."""
    start = i - 1
    while start > 0:
        if tokens[start].type in {"ABOVE", "WITHIN"}:
            start -= 1
        if tokens[start].type not in KEYS:
            return False
        before = tokens[start - 1]
        if before.type not in {"COMMA", "ENUM"}:
            return tokens[start].first or before.type in {"LBRACE", "SEMICOLON"}
        start -= 2
    return start == 0


def _settle_lines(source: Source, tokens: list[Token]) -> list[Token]:
    """依据 and 应得 that go on from what stands before them; 参保 before a date."""
    out: list[Token] = []
    columns: list[int | None] = [None]  # where statements of each open block begin
    for i, token in enumerate(tokens):
        depth = max(token.depth, 0)
        if len(columns) != depth + 1:
            del columns[depth + 1 :]
            columns.extend([None] * (depth + 1 - len(columns)))
        goes_on = bool(out) and out[-1].type not in {"LBRACE", "SEMICOLON"}
        if token.first:
            column = indentation(source, token.start)
            base = columns[depth]
            goes_on = goes_on and base is not None and column > base
            if base is None:
                columns[depth] = column
        kind = settled(out, tokens, i, goes_on=goes_on)
        begins = token.first and not goes_on
        same = kind == token.type and not begins
        out.append(token if same else token._replace(type=kind, begins=begins))
    return out


def settled(before: list[Token], tokens: list[Token], i: int, *, goes_on: bool) -> str:
    """The kind of a token among its neighbours."""
    token = tokens[i]
    if token.type in {"SOURCE", "EXPECT"} and goes_on:
        return f"{token.type}_HERE"
    if token.type == "IS" and is_value(before, tokens, i):
        return "YES"
    if token.type in NAMES and is_part(before, tokens, i):
        return "PART"
    if token.text in ENROLLED and token.first and followed(tokens, i, "DATE"):
        return "ENROLMENT"
    return token.type


def is_part(settled: list[Token], tokens: list[Token], i: int) -> bool:
    """Whether a name is that of a part with its rate after it: 目录内 90%."""
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    if not settled or after is None or after.first:
        return False
    if after.type not in {"AMOUNT", "LPAR"}:
        return False
    match settled[-1].type:
        case "RATE":
            return True
        case "COLON":
            return in_rates(settled)
        case "ENUM":
            return ends_part(settled[:-1])
        case _:
            return False


def in_rates(settled: list[Token]) -> bool:
    """Whether the rows being written are those of 比例 按 …."""
    depth = 0
    for at in range(len(settled) - 1, 0, -1):
        match settled[at].type:
            case "RBRACE":
                depth += 1
            case "LBRACE":
                depth -= 1
            case "BY" if depth < 0:
                before = settled[at - 1].type
                if before != "COLON":
                    return before == "RATE"
                depth = 0  # a table in a table
            case _:
                pass
    return False


def ends_part(settled: list[Token]) -> bool:
    """Whether a part with its rate stands last."""
    at = len(settled) - 1
    depth = 0
    while at > 0 and settled[at].type != "AMOUNT":
        depth += {"RPAR": 1, "LPAR": -1}.get(settled[at].type, 0)
        if depth == 0:
            break
        at -= 1
    return at > 0 and settled[at - 1].type == "PART"


def is_value(settled: list[Token], tokens: list[Token], i: int) -> bool:
    """Whether 是 is the value and not the operator.

    It is where no operand stands before it, and where it is the key of a row.
    """
    before = settled[-1].type if settled else ""
    if before not in OPERANDS or followed(tokens, i, "COLON"):
        return True
    return tokens[i].first


def followed(tokens: list[Token], i: int, kind: str) -> bool:
    """Whether the next token is of this kind."""
    return i + 1 < len(tokens) and tokens[i + 1].type == kind


def indentation(source: Source, offset: int) -> int:
    """How far in an offset's line begins, in columns (a wide space is two)."""
    start = source.text.rfind("\n", 0, offset) + 1
    width = 0
    for char in source.text[start:offset]:
        width += 4 - width % 4 if char == "\t" else 2 if char == "\u3000" else 1
    return width
