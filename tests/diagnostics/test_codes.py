"""The table of codes: each has a cause and a way out in both languages, told alike."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from jiugao.diagnostics.shape import codes, entry, words

FAMILIES = re.compile(r"(E[1-6]|W7|P8|D[89])\d\d")
TABLE = codes()
HAN = re.compile("[一-鿿]")


def places(template: str) -> set[str]:
    """The named places of a template, without the language at their end."""
    fields = {field for _, field, _, _ in Formatter().parse(template) if field}
    return {re.sub("_(zh|en)$", "", field) for field in fields}


@pytest.mark.parametrize("code", TABLE)
def test_a_code_is_told_in_both_languages(code: str) -> None:
    assert FAMILIES.fullmatch(code)
    assert set(TABLE[code]) <= {"cause", "way_out", "labels"}
    for part in ("cause", "way_out"):
        told = TABLE[code][part]
        assert set(told) == {"zh", "en"}
        assert HAN.search(told["zh"]) or places(told["zh"])
        assert told["en"] != told["zh"] or places(told["en"])


def test_a_code_read_alone_is_that_of_the_table() -> None:
    assert {code: entry(code) for code in TABLE} == TABLE


@pytest.mark.parametrize("code", TABLE)
def test_both_languages_tell_the_same_things(code: str) -> None:
    for part in ("cause", "way_out"):
        told = TABLE[code][part]
        assert places(told["zh"]) == places(told["en"])
        for language in ("zh", "en"):
            wrong = set(re.findall(r"\{(\w+)\}", told[language]))
            assert not {
                w for w in wrong if w.endswith("_zh" if language == "en" else "_en")
            }


@pytest.mark.parametrize("code", [c for c in TABLE if "labels" in TABLE[c]])
def test_labels_are_told_in_both_languages(code: str) -> None:
    for told in TABLE[code]["labels"].values():
        assert set(told) == {"zh", "en"}
        assert all(told.values())


@pytest.mark.parametrize("code", TABLE)
def test_no_message_ends_like_a_sentence_or_shows_the_machine(code: str) -> None:
    for part in ("cause", "way_out"):
        for text in TABLE[code][part].values():
            assert text == text.strip()
            assert not text.endswith(("。", "."))
            assert not re.search(
                r"\b(None|Traceback|Option<|Result<|dict|tuple)\b", text
            )


def test_words_for_places_are_told_in_both_languages() -> None:
    for word, told in words().items():
        assert set(told) == {"zh", "en"}, word
        assert HAN.search(told["zh"]) or word.startswith("operator_"), word
