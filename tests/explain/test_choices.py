"""What an account tells of alternatives, of payees and of deadlines."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from tests.explain.test_accounts import hold

from jiugao.compile import Compiled, compile_policy
from jiugao.explain import as_json, as_text, sentence
from jiugao.testing import explain_example

LANGUAGE = Path(__file__).parents[1] / "language"
BY_CLAIM = LANGUAGE / "choices/good/by_claim.rules"
BY_CLASS = LANGUAGE / "classes/good/by_claim.rules"
BY_YEAR = LANGUAGE / "choices/good/by_year.rules"
OUTLAY = LANGUAGE / "payees/good/outlay_replaced.rules"


@cache
def compiled(path: Path) -> Compiled:
    return compile_policy(path)


@pytest.mark.parametrize(
    ("path", "row", "offered"),
    [
        (BY_CLAIM, 1, {"甲救助": (80000, True), "乙救助": (50000, False)}),
        (BY_CLAIM, 4, {"甲救助": (0, True)}),  # 乙救助 does not apply
        (BY_YEAR, 2, {"甲救助": (200000, False), "乙救助": (250000, True)}),
    ],
)
def test_every_alternative_is_told_with_what_it_would_pay(
    path: Path, row: int, offered: dict[str, tuple[int, bool]]
) -> None:
    title = compiled(path).policy.examples[0].title
    account = explain_example(compiled(path), title, row)
    told = {
        b.name: (b.alternative.offered, b.alternative.taken)
        for b in account.benefits
        if b.alternative is not None
    }
    assert told == offered
    assert "择优" in as_text(account, "zh")
    assert "alternative" in as_text(account, "en")


def test_what_is_not_taken_by_claim_uses_up_no_limit() -> None:
    title = compiled(BY_CLAIM).policy.examples[0].title
    account = explain_example(compiled(BY_CLAIM), title, 1)
    used = {b.name: [(n.before, n.after) for n in b.limits] for b in account.benefits}
    assert used["甲救助"] == [(0, 80000)]
    assert used["乙救助"] == [(50000, 50000)]  # the first claim's; this one was 甲's


def test_by_year_every_alternative_goes_on_as_if_it_had_paid() -> None:
    title = compiled(BY_YEAR).policy.examples[0].title
    account = explain_example(compiled(BY_YEAR), title, 2)
    lost = next(b for b in account.benefits if b.name == "甲救助")
    assert [(n.before, n.after) for n in lost.limits] == [(160000, 200000)]


def test_the_sentence_says_what_was_not_taken() -> None:
    title = compiled(BY_CLAIM).policy.examples[0].title
    account = explain_example(compiled(BY_CLAIM), title, 1)
    assert "可付500.00元，择优未取" in sentence(account, "zh")
    assert "would pay 500.00 yuan, not taken" in sentence(account, "en")


def test_payee_deadline_and_outlay_are_told() -> None:
    title = compiled(OUTLAY).policy.examples[1].title
    account = explain_example(compiled(OUTLAY), title, 0)
    assert account.paying is not None
    assert (account.paying.payee, str(account.paying.due_by)) == (
        "县账户",
        "2018-03-30",
    )
    assert (account.paying.replaced, account.paying.excess) == (70000, 830000)
    text = as_text(account, "zh")
    for words in ("收款方", "县账户", "顶替垫付", "超出垫付", "2018年3月30日"):
        assert words in text
    assert "付给县账户，最晚2018年3月30日。" in sentence(account, "zh")
    assert "Paid to 县账户, by 2018-03-30." in sentence(account, "en")
    assert json.loads(as_json(account))["account"]["paying"]["excess"] == "8300.00"


def test_what_is_above_the_outlay_may_be_the_persons() -> None:
    at_most = OUTLAY.with_name("outlay_at_most.rules")
    title = compiled(at_most).policy.examples[1].title
    account = explain_example(compiled(at_most), title, 0)
    assert account.paying is not None
    told = (account.paying.replaced, account.paying.excess, account.paying.rest)
    assert told == (70000, 0, 830000)
    text = as_text(account, "zh")
    assert "其余付给本人" in text
    assert "超出垫付 " not in text
    assert "付给县账户，其中8,300.00元付给本人，" in sentence(account, "zh")
    assert "Paid to 县账户, 8,300.00 yuan of it to the person," in sentence(
        account, "en"
    )
    last = compiled(at_most).policy.examples[3].title  # taken back from both
    undone = explain_example(compiled(at_most), last, 1)
    assert undone.paying is not None
    assert (undone.paying.replaced, undone.paying.rest) == (-20000, 0)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("row", "name"), [(1, "classes"), (0, "classes_first")])
def test_the_account_of_a_person_in_two_classes(
    language: str, row: int, name: str
) -> None:
    title = compiled(BY_CLASS).policy.examples[0].title
    account = explain_example(compiled(BY_CLASS), title, row)
    hold(f"{name}.{language}.txt", as_text(account, language))


def test_the_classes_passed_over_are_told_with_what_they_would_pay() -> None:
    title = compiled(BY_CLASS).policy.examples[0].title
    account = explain_example(compiled(BY_CLASS), title, 1)
    told = {
        b.name: (b.alternative.offered, b.alternative.taken)
        for b in account.benefits
        if b.alternative is not None
    }
    assert told == {
        "医疗救助·一类": (80000, True),
        "医疗救助·二类·三类": (50000, False),
        "再救助·一类": (2000, False),
        "再救助·二类": (4000, True),
    }
    assert "属一类、二类（特困人员、低保对象）" in sentence(account, "zh")
    assert "classes 一类, 二类 (特困人员, 低保对象)" in sentence(account, "en")
