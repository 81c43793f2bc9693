"""Whatever is written, the checker tells what is wrong; it never breaks down."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.language.test_cases import BAD, GOOD

from jiugao.diagnostics import Diagnostics, RulesError, render_text
from jiugao.policy import check
from jiugao.profile import standard
from jiugao.program.lowering import lower
from jiugao.source import Source
from jiugao.syntax import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiugao.syntax import tree

RULES = Path(__file__).parents[2] / "rules" / "liaocheng_2022"
NAMES = ("assistance.rules", "critical_illness.rules")
COMPUTED = {"大病保险来源": "测算"}
# Words that stand where a name or a value stands: any of them for any other.
VALUES = (
    "政策范围内", "基本医保", "大病保险", "救助", "再救助", "类别", "一类", "二类",
    "特困人员", "低保对象", "医疗类别", "普通住院", "住院类", "级别", "一档", "险种",
    "线", "口径", "宽", "严", "总限额", "个人缴费", "结算时间", "医疗费总额",
    "70%", "5000元", "10万元", "3万元", "12", "5个百分点", "2023-06-01", "是", "否",
)  # fmt: skip
WRITTEN = [p for p in (*GOOD, *BAD) if "结算时间" in p.read_text("utf-8")]
VALUE = re.compile("|".join(sorted(map(re.escape, VALUES), key=len, reverse=True)))


@cache
def parsed(name: str, text: str) -> tree.Document | None:
    document, found = parse(Source(name, text))
    assert (document is None) == bool(found.errors)
    return document


def tell(documents: Sequence[tree.Document | None], given: dict[str, str]) -> None:
    read = [document for document in documents if document is not None]
    if len(read) < len(documents):
        return
    policy, found = check(read, standard(), given)
    assert (policy is None) == bool(found.errors)
    told(found)
    if policy is not None:
        try:
            lower(policy, given)
        except RulesError as error:
            told(error.diagnostics)


def told(found: Diagnostics) -> None:
    for language in ("zh", "en"):
        assert bool(render_text(found, language)) == bool(list(found))


@pytest.mark.parametrize("given", [{}, COMPUTED], ids=["given", "computed"])
def test_without_any_one_line(given: dict[str, str]) -> None:
    texts = {name: (RULES / name).read_text("utf-8") for name in NAMES}
    for name, text in texts.items():
        lines = text.splitlines()
        for gone in range(len(lines)):
            kept = "\n".join(lines[:gone] + lines[gone + 1 :])
            changed = {**texts, name: kept}
            tell([parsed(*file) for file in changed.items()], given)


@settings(max_examples=1000)
@given(st.data())
def test_with_any_value_put_for_another(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(WRITTEN))
    text = path.read_text("utf-8")
    for _ in range(data.draw(st.integers(1, 3))):
        places = list(VALUE.finditer(text))
        place = data.draw(st.sampled_from(places))
        word = data.draw(st.sampled_from(VALUES))
        text = text[: place.start()] + word + text[place.end() :]
    tell([parsed(path.name, text)], {})
