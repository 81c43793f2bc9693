"""Accounts of a base in parts, of what the institution bears, and of claims that only
count, kept as files: Xianning's examples.

JIUGAO_GOLDEN=write pytest tests/explain     writes them again
"""

from __future__ import annotations

import json
from fractions import Fraction
from functools import cache

import pytest
from tests.explain.test_accounts import ROOT, conforms, hold

from jiugao.compile import Compiled, compile_policy
from jiugao.explain import Account, as_json, as_text
from jiugao.explain.schema import schema
from jiugao.testing import explain_example

CASES = {
    "parts_in_order": ("E16 市内住院，目录外超过一成", 0),
    "parts_pro_rata": ("E16 按两部分分摊的读法", 0),
    "parts_by_date": ("起付线依结算先后抵", 1),
    "parts_shared_anew": ("同样两次，先抵目录内", 1),
    "parts_by_year": ("一成按年的读法", 1),
    "parts_reversal": ("E20 三次门诊跨过起付线，再撤销一次", 3),
    "only_counted": ("年初起累计，发布之日起付", 0),
}


@cache
def xianning() -> Compiled:
    return compile_policy(ROOT / "rules/xianning_2017", for_examples=True)


@cache
def told(case: str) -> Account:
    return explain_example(xianning(), *CASES[case])


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_text(case: str, language: str) -> None:
    hold(f"{case}.{language}.txt", as_text(told(case), language))


@pytest.mark.parametrize("case", ["parts_pro_rata", "parts_shared_anew"])
def test_json(case: str) -> None:
    hold(f"{case}.json", as_json(told(case)))


@pytest.mark.parametrize("case", CASES)
def test_json_is_as_the_schema_says(case: str) -> None:
    whole = schema()
    conforms(json.loads(as_json(told(case))), whole, whole)


@pytest.mark.parametrize("case", CASES)
def test_the_parts_add_up(case: str) -> None:
    for benefit in told(case).benefits:
        if not benefit.parts:
            continue
        assert sum((p.base for p in benefit.parts), Fraction(0)) == benefit.base
        assert sum(p.paid for p in benefit.parts) == benefit.paid
        for part in benefit.parts:
            before, after = part.year_base
            assert after - before == part.base
