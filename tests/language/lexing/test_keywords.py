"""The keyword table: one word, one token; both spellings; the grammar knows them all."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from jiugao.diagnostics import Diagnostics
from jiugao.source import Source
from jiugao.syntax.keywords import BY_TOKEN, KEYWORDS, TOKEN_OF, Keyword, Role
from jiugao.syntax.tables import PLAIN_TOKENS, grammar_text
from jiugao.syntax.tokens import Token, tokenize
from jiugao.syntax.wording import LATER

EACH = pytest.mark.parametrize("keyword", KEYWORDS, ids=[k.token for k in KEYWORDS])
# 属于 and 是 are one word with two English spellings; the operator is meant.
TWICE = {"属于", "是"}


def tokens(text: str) -> list[Token]:
    found = Diagnostics()
    read, _ = tokenize(Source("t", text), found)
    assert not list(found)
    return read


def test_a_spelling_belongs_to_one_keyword() -> None:
    spelled = Counter(w for k in KEYWORDS for w in (*k.zh, *k.en))
    assert {w for w, n in spelled.items() if n > 1} == TWICE
    assert len(BY_TOKEN) == len(KEYWORDS)


@EACH
def test_both_spellings_are_the_token(keyword: Keyword) -> None:
    for word in (*keyword.zh, *keyword.en):
        (token,) = tokens(word)
        assert token.type == TOKEN_OF[word]
        assert token.type == keyword.token or word in TWICE


@EACH
def test_a_letter_after_it_makes_a_name(keyword: Keyword) -> None:
    for word in keyword.en:
        assert [t.type for t in tokens(f"{word}x")] == ["NAME"]
    for word in keyword.zh:
        kinds = [t.type for t in tokens(f"{word}甲")]
        assert kinds == (["NAME"] if not keyword.splits else [keyword.token, "NAME"])


@EACH
def test_a_digit_after_chinese_does_not(keyword: Keyword) -> None:
    for word in keyword.zh:
        assert [t.type for t in tokens(f"{word}70%")] == [TOKEN_OF[word], "AMOUNT"]


@EACH
def test_splitting_words_end_a_name(keyword: Keyword) -> None:
    for word in keyword.zh:
        kinds = [t.type for t in tokens(f"甲{word}")]
        assert kinds == (["NAME", keyword.token] if keyword.splits else ["NAME"])


@EACH
def test_the_grammar_or_a_later_version_has_it(keyword: Keyword) -> None:
    used = re.search(rf"\b{keyword.token}\b", grammar_text()) is not None
    # 数 (count) is also a kind of input, so its word stands in the grammar.
    assert used != (keyword.role is Role.LATER and keyword.token != "COUNT")
    assert (keyword.role is Role.LATER) == (keyword.token in LATER)


def test_the_grammar_names_no_other_token() -> None:
    bare = re.sub(r"//[^\n]*|->\s*\w+", "", grammar_text())
    named = set(re.findall(r"\b[A-Z][A-Z_]+\b", bare))
    assert named <= {*BY_TOKEN, *PLAIN_TOKENS}
    assert set(PLAIN_TOKENS) <= named
