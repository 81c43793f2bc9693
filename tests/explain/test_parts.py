"""Words, slices and pages of accounts, without an engine."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from jiugao.explain.as_html import as_html
from jiugao.explain.as_text import columns, width
from jiugao.explain.clauses import natural
from jiugao.explain.model import Account, Slice, Who
from jiugao.explain.sentence import sentence
from jiugao.explain.slices import slices
from jiugao.explain.steps import Step
from jiugao.explain.words import day, decimal, money, percent, yuan
from jiugao.program.body import Figures


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "0.00"),
        (5, "0.05"),
        (-1050, "-10.50"),
        (1166667, "11,666.67"),
        (Fraction(11666669, 10), "11,666.669"),
        (Fraction(1, 2), "0.005"),
        (Fraction(-1, 2), "-0.005"),
        (10**17, "1,000,000,000,000,000.00"),
    ],
)
def test_yuan_is_exact(fen: int | Fraction, text: str) -> None:
    assert yuan(fen) == text


def test_decimals_have_no_needless_zeros_and_no_end_is_told() -> None:
    assert decimal(Fraction(70)) == "70"
    assert decimal(Fraction(125, 2)) == "62.5"
    assert decimal(Fraction(1, 3)) == "≈0.333333"
    assert decimal(Fraction(-2, 3)) == "≈-0.666667"
    assert percent(Fraction(5, 8)) == "62.5%"


def test_words_follow_the_language() -> None:
    assert money(100, "zh") == "1.00元"
    assert money(100, "en") == "1.00 yuan"
    assert day(dt.date(2023, 3, 1), "zh") == "2023年3月1日"
    assert day(dt.date(2023, 3, 1), "en") == "2023-03-01"


def test_columns_line_up_where_characters_are_wide() -> None:
    rows = [Step("基数", "1.00", "x"), Step("base", "20,000.00", "y")]
    first, second = columns(rows).split("\n")
    assert width(first[: first.index("x")]) == width(second[: second.index("y")])


def test_clause_ids_are_sorted_by_number() -> None:
    ids = ["LC-10.1", "LC-2.10", "LC-2.9", "LC-0"]
    assert sorted(ids, key=natural) == ["LC-0", "LC-2.9", "LC-2.10", "LC-10.1"]


BANDS = ((0, 100_000, 60), (100_000, 200_000, 65), (200_000, None, 75))


def figures(
    deductible: tuple[int | str, ...] | None = None,
    gate: tuple[int | str, ...] | None = None,
) -> Figures:
    return Figures(
        deductible=deductible,
        gate=gate,
        bands=BANDS,
        bands_by="year",
        parts=None,
        limits=(),
        note="",
        places={},
        parameters=(),
    )


def cut(row: Figures, before: int, after: int) -> list[tuple[int, Fraction]]:
    found = slices(row, Fraction(before), Fraction(after), 0, 2)
    return [(int(s.part), s.rate) for s in found]


def test_a_claim_is_cut_at_deductible_and_edges() -> None:
    row = figures(deductible=(70_000, "year"))
    assert cut(row, 0, 250_000) == [
        (30_000, Fraction(60, 100)),
        (100_000, Fraction(65, 100)),
        (50_000, Fraction(75, 100)),
    ]
    assert cut(row, 0, 70_000) == []
    assert cut(row, 60_000, 70_001) == [(1, Fraction(60, 100))]
    assert cut(row, 150_000, 150_000) == []


def test_a_gate_pays_all_of_the_year_at_once() -> None:
    row = figures(gate=(50_000, "at_least", "year"))
    assert cut(row, 0, 49_999) == []
    assert cut(row, 40_000, 50_000) == [(50_000, Fraction(60, 100))]
    assert cut(row, 50_000, 60_000) == [(10_000, Fraction(60, 100))]
    assert cut(figures(gate=(50_000, "over", "year")), 0, 50_000) == []


def test_what_a_slice_pays_is_exact() -> None:
    piece = Slice(Fraction(0), None, Fraction(7, 10), Fraction(1))
    assert piece.pays == Fraction(7, 10)


def told(person: str) -> Account:
    who = Who(dt.date(2023, 1, 1), None, None, (), (), (), None, None)
    return Account(
        "方案", "p", "出处", "0" * 64, (), person, "s<1>", dt.date(2023, 1, 1), 2023,
        "settled", None, Fraction(0), who, (), 0, 0, (),
    )  # fmt: skip


def test_names_in_a_page_are_inert() -> None:
    page = as_html(told('<script>alert("x")</script>'), "zh")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "s&lt;1&gt;" in page
    assert "http" not in page


def test_a_rejected_claim_says_so() -> None:
    account = replace(told("1"), role="rejected", reject="D966")
    page = as_html(account, "en")
    assert "was rejected, nothing is paid. D966: outside the days" in page
    assert "被退回，不付。D966 日期不在施行期内；办法：" in sentence(account, "zh")


def test_a_policy_without_classes_says_nothing_of_them() -> None:
    account = told("1")
    assert "class" not in sentence(account, "en")
    assert "类" not in sentence(account, "zh")
    who = replace(account.who, table="救助类别")
    assert "，没有救助类别。" in sentence(replace(account, who=who), "zh")
    assert ", no class. " in sentence(replace(account, who=who), "en")
    assert "救助类别" in as_html(replace(account, who=who), "zh")
