"""Tokens and tables come in; the document that `build` makes of them goes out.

The loop is the usual LALR one, with two things of our own: every node gets the exact
span of its first to its last token, and after an error the parser goes on at the next
place where it can, so that one run reports several mistakes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from jiugao.syntax.keywords import BY_TOKEN, Role
from jiugao.syntax.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiugao.syntax.tables import Rule, Tables

END = "$END"
GRACE = 3
# How many nodes may stand one in another. The deepest policy of `rules` has fifteen;
# every later pass walks the tree by calls within calls, of which Python allows so many.
DEEPEST = 100


class Build(Protocol):
    """Makes the nodes."""

    def make(self, rule: str, start: int, end: int, members: list[object]) -> object:
        """The node of a rule over the characters from `start` to `end`."""


class Explain(Protocol):
    """Reports what is wrong with a token."""

    def unexpected(
        self, parser: Parser, token: Token, accepted: frozenset[str]
    ) -> None:
        """The token cannot stand here; `accepted` could."""

    def unclosed(self, opening: Token, token: Token) -> None:
        """What `opening` opens was not closed before the token (or the end)."""

    def outside(self, opening: Token, token: Token) -> bool:
        """Whether the token stands, by the look of it, outside of what is open."""

    def too_deep(self, start: int, end: int) -> None:
        """What stands from `start` to `end` holds more than can be followed."""


class _TooDeepError(Exception):
    """More nodes in one another than `DEEPEST`; from where to where."""


@dataclass(frozen=True, slots=True)
class _Members:
    """What a rule that begins with _ gives to the rule that uses it."""

    items: list[object]


def flat(parts: Sequence[object]) -> list[object]:
    """What a rule matched, with the members that its own _rules gathered.

    A list that grows by one (`_list: _list item`) grows in place: it is used once.
    """
    members: list[object] = []
    for part in parts:
        if type(part) is not _Members:
            members.append(part)
        elif members:
            members += part.items
        else:
            members = part.items
    return members


def stands_for(rule: Rule, member: object) -> bool:
    """Whether what a rule makes of its only member is the member itself."""
    return not rule.build or (rule.passes and type(member) is not _Members)


class Parser:
    """The state of one parse: stacks of states, values and places."""

    def __init__(self, tables: Tables, build: Build, tokens: Sequence[Token]) -> None:
        self.tables = tables
        self.build = build
        self.tokens = tokens
        self.position = 0
        self.states = [tables.start]
        self.values: list[object] = []
        self.places: list[tuple[int, int]] = []
        self.heights: list[int] = []  # of the values: nodes in one another
        self.missing = 0  # braces found missing so far: depths count from there

    def run(self, explain: Explain) -> object | None:
        """The document; None if there was an error."""
        failed = False
        taken = GRACE  # tokens since the last error: fewer, and it is the same mistake
        end = self.tokens[-1].end if self.tokens else 0
        ending = Token(END, "", end, end)
        while True:
            more = self.position < len(self.tokens)
            token = self.tokens[self.position] if more else ending
            before = tuple(self.states)
            try:
                fed = self.feed(token)
            except _TooDeepError as found:
                explain.too_deep(*found.args)
                return None
            if fed:
                if not more:
                    return None if failed else self.values[-1]
                self.position += 1
                taken += 1
                continue
            failed = True
            if self.close_for(token, explain):
                continue
            if taken >= GRACE or token.first or self.after_pause():
                explain.unexpected(self, token, self.accepted(before))
            if not more or not self.recover():
                return None
            taken = GRACE if self.tokens[self.position].begins else 0

    def after_pause(self) -> bool:
        """Whether the token is the first after a comma or a semicolon."""
        before = self.tokens[self.position - 1].type if self.position else ""
        return before in {"COMMA", "SEMICOLON"}

    def close_for(self, token: Token, explain: Explain) -> bool:
        """Report a missing `}` before an item or the end, and go on as if it were there."""
        if not (token.first and role(token.type) in {Role.POLICY, Role.ITEM}) and (
            token.type != END
        ):
            return False
        opening = self.innermost()
        if opening is None or not explain.outside(opening, token):
            return False
        closing = Token("RBRACE", "}", token.start, token.start)
        if not self.would_take(self.states, "RBRACE"):
            return False
        explain.unclosed(opening, token)
        self.feed(closing)
        self.missing += 1
        return True

    def innermost(self) -> Token | None:
        """The brace that is open here."""
        open_braces: list[Token] = []
        for value in self.values:
            if isinstance(value, Token) and value.type == "LBRACE":
                open_braces.append(value)
            elif isinstance(value, Token) and value.type == "RBRACE":
                open_braces.pop()
        return open_braces[-1] if open_braces else None

    def feed(self, token: Token) -> bool:
        """Take one token; False where it cannot stand here."""
        actions, rules = self.tables.actions, self.tables.rules
        states, values, kind = self.states, self.values, token.type
        end = self.tables.end if kind == END else None
        while states[-1] != end:
            action = actions[states[-1]].get(kind)
            if action is None:
                return False
            if action > 0:
                states.append(action - 1)
                values.append(token)
                self.places.append((token.start, token.end))
                self.heights.append(0)
                return True
            rule = rules[-action - 1]
            if rule.length == 1 and stands_for(rule, values[-1]):
                states[-1] = actions[states[-2]][rule.origin] - 1
            else:
                self.reduce(rule, token.start)
        return True

    def reduce(self, rule: Rule, here: int) -> None:
        """Replace a rule's symbols by what it makes."""
        states, values = self.states, self.values
        count = len(states) - rule.length
        members = flat(values[count - 1 :])
        places, heights = self.places, self.heights
        start, end, height = here, here, 0
        if rule.length:
            start, end = places[count - 1][0], places[-1][1]
            height = max(heights[count - 1 :])
            del states[count:], values[count - 1 :]
            del places[count - 1 :], heights[count - 1 :]
        value: object
        if not rule.build:
            value = _Members(members)
        elif rule.passes and len(members) == 1:
            value = members[0]
        else:
            height += 1
            if height > DEEPEST:
                raise _TooDeepError(start, end)
            value = self.build.make(rule.build, start, end, members)
        states.append(self.tables.actions[states[-1]][rule.origin] - 1)
        values.append(value)
        places.append((start, end))
        heights.append(height)

    def accepted(self, states: Sequence[int]) -> frozenset[str]:
        """The tokens that could stand after these states."""
        row = self.tables.actions[states[-1]]
        return frozenset(
            t for t in row if (t.isupper() or t == END) and self.would_take(states, t)
        )

    def would_take(self, states: Sequence[int], kind: str) -> bool:
        """Whether a token of this kind could be shifted (or the text end) here."""
        stack = list(states)
        actions, rules = self.tables.actions, self.tables.rules
        while True:
            if kind == END and stack[-1] == self.tables.end:
                return True
            action = actions[stack[-1]].get(kind)
            if action is None:
                return False
            if action > 0:
                return True
            rule = rules[-action - 1]
            if rule.length:
                del stack[-rule.length :]
            stack.append(actions[stack[-1]][rule.origin] - 1)

    def recover(self) -> bool:
        """Go to the next token where a row, a setting, a line or an item may begin.

        What was begun at that depth is given up; a statement whose first word is
        wrong as well is gone to too, so that it is told of.
        """
        depths = self.depths()
        for position in range(self.position, len(self.tokens)):
            token = self.tokens[position]
            depth = token.depth - self.missing + (token.type == "RBRACE")
            # States inside of a block that was closed since are deeper than `lowest`.
            lowest = depths[-1]
            for kept in range(len(self.states), 0, -1):
                lowest = min(lowest, depths[kept - 1])
                if depths[kept - 1] > lowest or lowest != depth:
                    continue
                if self.resumes(token, kept):
                    del self.states[kept:]
                    del self.values[kept - 1 :], self.places[kept - 1 :]
                    del self.heights[kept - 1 :]
                    self.position = position
                    return True
        return False

    def depths(self) -> list[int]:
        """For each state, how many braces are open before it."""
        depth, out = 0, [0]
        for value in self.values:
            if isinstance(value, Token):
                depth += (value.type == "LBRACE") - (value.type == "RBRACE")
            out.append(depth)
        return out

    def resumes(self, token: Token, kept: int) -> bool:
        """Whether parsing may go on with this token after the first `kept` states.

        Only where it is taken at once: a node that was left half-done is not made.
        """
        row = self.tables.actions[self.states[kept - 1]]
        if row.get(token.type, 0) > 0:
            return starts_something(token)
        told = token is self.tokens[self.position]
        return token.begins and not told and row.get("RBRACE", 0) > 0


def starts_something(token: Token) -> bool:
    """Whether a row, a setting, a line or an item may begin (or a block end) here."""
    keyword = role(token.type) in {Role.ITEM, Role.SETTING, Role.LINE}
    return token.type in {"RBRACE", "SEMICOLON", "COMMA"} or token.first or keyword


def role(kind: str) -> Role | None:
    """The part that a token's keyword plays, if it is one."""
    keyword = BY_TOKEN.get(kind)
    return keyword.role if keyword else None
