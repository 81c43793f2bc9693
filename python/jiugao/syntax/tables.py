"""The grammar comes in; the tables that drive the parser go out.

lark works out the LALR tables, which takes a third of a second, so they are kept beside
the grammar in `tables.json` (with the digest of what they were made from: stale tables
are made again in memory). `python -m jiugao.syntax.tables` writes them.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

from jiugao.dataclass import dataclass
from jiugao.packaged import PACKAGE, packaged
from jiugao.syntax.keywords import KEYWORDS

TABLES = "syntax/tables.json"
FORMAT = 1
PLAIN_TOKENS = (
    "NAME", "QUOTED", "PART", "TEXT", "CLAUSE", "DATE", "AMOUNT", "DURATION", "NUMBER",
    "LBRACE", "RBRACE", "LPAR", "RPAR", "COLON", "SEMICOLON", "COMMA", "ENUM", "EQUALS",
    "PLUS", "MINUS", "TIMES", "DIVIDE", "SOURCE_HERE", "EXPECT_HERE", "ENROLMENT",
)  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """One production: what it makes, from how many symbols."""

    origin: str
    build: str  # the function that makes the node; "" gives its members on
    length: int
    passes: bool  # a single member stands for the node


@dataclass(frozen=True)
class Tables:
    """LALR tables: for each state, the action on a token and the way on a rule.

    An action n > 0 shifts to state n - 1, n < 0 reduces by rule -n - 1.
    """

    rules: tuple[Rule, ...]
    actions: tuple[dict[str, int], ...]
    start: int
    end: int  # the state in which the document is complete


def grammar_text() -> str:
    """The grammar as written."""
    return packaged("syntax/grammar.lark")


def digest(grammar: str) -> str:
    """What the tables depend on."""
    tokens = ",".join((*(k.token for k in KEYWORDS), *PLAIN_TOKENS))
    return hashlib.sha256(f"{FORMAT}\n{tokens}\n{grammar}".encode()).hexdigest()


@cache
def tables() -> Tables:
    """The tables, read or (where they are stale) made."""
    grammar = grammar_text()
    kept = PACKAGE / TABLES
    if kept.is_file():
        data = json.loads(kept.read_text("utf-8"))
        if data["digest"] == digest(grammar):
            return _from_json(data)
    return _from_json(make(grammar))


def _from_json(data: dict[str, Any]) -> Tables:
    rules = tuple(Rule(*row) for row in data["rules"])
    return Tables(rules, tuple(data["actions"]), data["start"], data["end"])


def make(grammar: str) -> dict[str, Any]:
    """The tables as plain data, worked out by lark."""
    from lark import Lark  # noqa: PLC0415 - only where tables are made
    from lark.lexer import Lexer  # noqa: PLC0415
    from lark.parsers.lalr_analysis import Shift  # noqa: PLC0415

    class Given(Lexer):
        """Tokens are made elsewhere."""

        def __init__(self, _conf: object) -> None: ...

        def lex(self, *_: object) -> Any:  # noqa: ANN401
            raise NotImplementedError

    names = [*dict.fromkeys((*(k.token for k in KEYWORDS), *PLAIN_TOKENS))]
    declared = "\n".join(f"%declare {name}" for name in names)
    lark = Lark(
        f"{grammar}\n{declared}\n", parser="lalr", lexer=Given, start="document",
        keep_all_tokens=True, strict=False,
    )  # fmt: skip
    table: Any = lark.parser.parser._parse_table  # noqa: SLF001
    start, end = table.start_states["document"], table.end_states["document"]
    order = _numbered(table.states, start, Shift)
    rules: list[Any] = []
    numbers: dict[Any, int] = {}
    actions: list[dict[str, int]] = []
    for state in order:
        known: dict[str, int] = {}
        for symbol, (action, argument) in sorted(table.states[state].items()):
            if action is Shift:
                known[symbol] = order[argument] + 1
            else:
                if argument not in numbers:
                    numbers[argument] = len(rules)
                    rules.append(_rule(argument))
                known[symbol] = -numbers[argument] - 1
        actions.append(known)
    return {
        "digest": digest(grammar),
        "rules": rules,
        "actions": actions,
        "start": order[start],
        "end": order[end],
    }


def _numbered(states: Any, start: int, shift: object) -> dict[int, int]:  # noqa: ANN401
    """Numbers for the states in the order in which they are reached.

    lark's own numbers change from run to run.
    """
    order = {start: 0}
    for state in (queue := [start]):
        for _, (action, argument) in sorted(states[state].items()):
            if action is shift and argument not in order:
                order[argument] = len(order)
                queue.append(argument)
    return order


def _rule(rule: Any) -> list[object]:  # noqa: ANN401 - lark's own
    origin = str(rule.origin.name)
    build = str(rule.alias or origin)
    if origin.startswith("_"):
        build = ""
    passes = bool(rule.options.expand1) and rule.alias is None
    return [origin, build, len(rule.expansion), passes]


def write() -> None:
    """Make the tables and keep them beside the grammar."""
    path = PACKAGE / TABLES
    data = make(grammar_text())
    path.write_text(json.dumps(data, separators=(",", ":"), sort_keys=True) + "\n")


if __name__ == "__main__":
    write()
