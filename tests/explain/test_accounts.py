"""Accounts of real claims: the text, JSON and page of examples, kept as files.

JIUGAO_GOLDEN=write pytest tests/explain     writes them again
"""

from __future__ import annotations

import json
import os
import re
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from jiugao.compile import Compiled, compile_policy
from jiugao.explain import Account, as_html, as_json, as_text, sentence
from jiugao.explain.schema import schema
from jiugao.testing import explain_example

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
CASES = {
    "at_the_line": ("刚好到再救助起付线", 0),
    "above_the_line": ("超过再救助起付线", 0),
    "shared_limit": ("住院和门诊慢特病共用限额", 1),
    "identity_changed": ("年中由监测对象转为低保", 1),
    "highest_only": ("同日两种身份取高", 0),
    "limit_reached": ("一类用满之后不再付", 0),
    "already_covered": ("账单已被别处付掉，只付剩下的", 0),
    "lower_layers": ("下层已付先扣", 0),
    "not_in_scope": ("普通门诊不在范围", 0),
    "no_standing": ("没有身份不享受", 0),
    "reversed": ("撤销第一次住院", 0),
    "reversal": ("撤销第一次住院", 3),
    "before_application": ("依申请跨两年追溯", 0),
    "after_application": ("依申请跨两年追溯", 2),
    "bands_and_tilt": ("低保对象，不设限额", 0),
}


@cache
def liaocheng() -> Compiled:
    return compile_policy(ROOT / "rules/liaocheng_2022")


@cache
def told(case: str) -> Account:
    return explain_example(liaocheng(), *CASES[case])


def without_digest(text: str) -> str:
    """A program's digest changes with every word of its comments."""
    return re.sub(r"\b[0-9a-f]{64}\b|\b[0-9a-f]{16}\b", "DIGEST", text)


def hold(name: str, text: str) -> None:
    path = GOLDEN / name
    text = without_digest(text)
    if os.environ.get("JIUGAO_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert path.read_text("utf-8") == text


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_text(case: str, language: str) -> None:
    hold(f"{case}.{language}.txt", as_text(told(case), language))


@pytest.mark.parametrize("case", ["above_the_line", "reversal", "bands_and_tilt"])
def test_json(case: str) -> None:
    hold(f"{case}.json", as_json(told(case)))


def test_page() -> None:
    hold("above_the_line.html", as_html(told("above_the_line"), "zh"))


@pytest.mark.parametrize("case", CASES)
def test_json_is_as_the_schema_says(case: str) -> None:
    whole = schema()
    conforms(json.loads(as_json(told(case))), whole, whole)


def conforms(value: Any, part: dict[str, Any], whole: dict[str, Any]) -> None:
    """As much of JSON Schema as ours uses."""
    if "$ref" in part:
        conforms(value, whole["$defs"][part["$ref"].rsplit("/", 1)[1]], whole)
    elif "anyOf" in part:
        problems = []
        for choice in part["anyOf"]:
            try:
                conforms(value, choice, whole)
            except AssertionError as problem:
                problems.append(problem)
        assert len(problems) < len(part["anyOf"]), value
    elif "const" in part:
        assert value == part["const"]
    else:
        types = {"object": dict, "array": list, "string": str, "integer": int}
        types |= {"boolean": bool, "null": type(None)}
        assert isinstance(value, types[part["type"]]), (value, part)
        if "pattern" in part:
            assert re.search(part["pattern"], value), value
        if part["type"] == "object":
            properties = part["properties"]
            assert set(part["required"]) <= set(value)
            assert set(value) <= set(properties)
            for key, held in value.items():
                conforms(held, properties[key], whole)
        for position, item in enumerate(value if part["type"] == "array" else ()):
            fixed = part.get("prefixItems")
            conforms(item, fixed[position] if fixed else part["items"], whole)


@pytest.mark.parametrize("case", CASES)
def test_the_account_adds_up(case: str) -> None:
    account = told(case)
    for benefit in account.benefits:
        if benefit.outcome == "not_applicable":
            assert benefit.paid == 0
            continue
        total = sum((part.amount for part in benefit.base_of), Fraction(0))
        assert benefit.base == max(Fraction(0), total)
        assert benefit.year_base is not None
        before, after = benefit.year_base
        assert after - before == benefit.base
        assert sum((s.pays for s in benefit.slices), Fraction(0)) == benefit.accrues
        assert benefit.rounding is not None
        paid = benefit.rounding.rounded_after - benefit.rounding.rounded_before
        assert paid == benefit.paid
        for limit in benefit.limits:
            assert limit.after - limit.before == benefit.paid
            assert limit.after <= limit.amount


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sentence_names_every_payment(case: str, language: str) -> None:
    account = told(case)
    text = sentence(account, language)
    assert account.settlement in text
    for benefit in account.benefits:
        assert benefit.name in text
