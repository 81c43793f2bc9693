"""Whatever is typed, the parser answers: a tree, or findings that can be printed."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from tests.language.syntax import samples

from jiugao.diagnostics import render_json, render_text
from jiugao.source import Source
from jiugao.syntax import parse
from jiugao.syntax.format import format_document
from jiugao.syntax.keywords import TOKEN_OF

UNFILLED = re.compile(r"\{[a-z]+_?[a-z]*\}|@later")
PIECES = re.findall(r"\s+|\w+|.", samples.ZH)
WORDS = [
    *TOKEN_OF,
    *"{}()（）：:；;，,、=+-×/。～#「」“”\"'\n　\u200b７",
    "5000元",
    "70%",
    "甲",
]


def answers(text: str) -> None:
    document, found = parse(Source("t.rules", text))
    assert (document is None) == bool(found.errors)
    for language in ("zh", "en"):
        assert render_text(found, language) or not len(found)
        for diagnostic in found:
            said = (diagnostic.cause(language), diagnostic.way_out(language))
            assert all(said)
            assert not any(UNFILLED.search(each) for each in said)
    assert render_json(found)
    for diagnostic in found:
        assert diagnostic.span is not None
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text)
    if document is not None:
        format_document(document)


@given(st.lists(st.sampled_from(WORDS), max_size=40), st.booleans())
def test_any_words_in_any_order(words: list[str], spaced: bool) -> None:
    answers((" " if spaced else "").join(words))


@given(st.text(max_size=60))
def test_any_characters(text: str) -> None:
    answers(text)


@given(st.data())
def test_a_whole_file_with_a_piece_missing_added_or_doubled(
    data: st.DataObject,
) -> None:
    pieces = list(PIECES)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(pieces) - 1))
        match data.draw(st.sampled_from(["drop", "double", "add", "swap"])):
            case "drop":
                del pieces[at]
            case "double":
                pieces.insert(at, pieces[at])
            case "add":
                pieces.insert(at, data.draw(st.sampled_from(WORDS)))
            case _:
                other = data.draw(st.integers(0, len(pieces) - 1))
                pieces[at], pieces[other] = pieces[other], pieces[at]
    answers("".join(pieces))
