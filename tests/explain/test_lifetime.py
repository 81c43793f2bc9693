"""Labels for life stand in an account, apart from what is held on the day."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from jiugao.compile import Compiled, compile_policy
from jiugao.explain import as_text
from jiugao.testing import explain_example

RULES = Path(__file__).parents[1] / "language/standing/good/for_life.rules"
TITLE = "与类别同名的标签，除外的身份仍看日期"


@cache
def policy() -> Compiled:
    return compile_policy(RULES)


def test_a_label_is_told_apart() -> None:
    who = explain_example(policy(), TITLE, 1).who
    assert (who.held, who.for_life) == (("二类", "特困人员"), ("二类",))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("其中终身不变的", "二类", "不看起止日期")),
        ("en", ("of these, for a lifetime", "二类", "whatever the days beside them")),
    ],
)
def test_in_both_languages(language: str, words: tuple[str, ...]) -> None:
    text = as_text(explain_example(policy(), TITLE), language)
    assert [line for line in text.splitlines() if all(word in line for word in words)]


def test_without_a_label_nothing_is_said() -> None:
    account = explain_example(policy(), "别的行的身份仍看日期")
    assert account.who.for_life == ()
    assert "终身" not in as_text(account, "zh")
