"""Both spellings make one tree; the tree holds what was written, with its places."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from tests.language.notation import bare, show
from tests.language.syntax import samples

from jiugao.source import Source
from jiugao.syntax import parse, tree
from jiugao.syntax.format import format_document

ROOT = Path(__file__).parents[3]
CORPUS = [
    *sorted(ROOT.glob("rules/*/*.rules")),
    *sorted(ROOT.glob("python/jiugao/profile/*.rules")),
    *sorted(ROOT.glob("tests/language/*/good/*.rules")),
    *sorted(ROOT.glob("tests/language/meaning/*.rules")),
]


def read(text: str) -> tree.Document:
    document, found = parse(Source("t.rules", text))
    assert document is not None, [(d.code, d.cause("en")) for d in found]
    return document


def item(text: str) -> str:
    document = read(f"方案 甲 (a) {{\n{text}\n}}")
    return show(document.policies[0].items)[1:-1]


def test_the_two_samples_are_one_tree() -> None:
    assert bare(read(samples.ZH)) == bare(read(samples.EN))


def test_the_samples_hold_every_node_of_the_tree() -> None:
    seen: set[type] = set()

    def walk(node: object) -> None:
        if isinstance(node, tuple):
            for each in node:
                walk(each)
        elif dataclasses.is_dataclass(node):
            seen.add(type(node))
            for field in dataclasses.fields(node):
                if field.name != "span":
                    walk(getattr(node, field.name))

    walk(read(samples.ZH))
    nodes = {
        n for n in vars(tree).values()
        if isinstance(n, type) and dataclasses.is_dataclass(n) and n.__module__.startswith(tree.__name__)
    }  # fmt: skip
    assert nodes - seen == set()


@pytest.mark.parametrize("path", CORPUS, ids=[p.stem for p in CORPUS])
def test_every_file_is_one_tree_in_both_spellings(path: Path) -> None:
    document = read(path.read_text("utf-8"))
    for keywords in ("zh", "en"):
        assert bare(read(format_document(document, keywords))) == bare(document)


def test_spans_are_the_characters_of_the_node() -> None:
    text = "方案 甲 (a) {\n  费用 乙 = 丙 + （丁 × 50％）  依据 “三”\n}\n"
    (policy,) = read(text).policies
    (expense,) = policy.items
    assert isinstance(expense, tree.Expense)
    assert expense.span.text == "费用 乙 = 丙 + （丁 × 50％）  依据 “三”"
    assert expense.name.span.text == "乙"
    assert expense.amount.span.text == "丙 + （丁 × 50％）"
    assert isinstance(expense.amount, tree.Binary)
    assert expense.amount.right.span.text == "丁 × 50％"
    assert expense.citation is not None
    assert expense.citation.span.text == "依据 “三”"
    assert policy.span.text == text.rstrip()


def test_comments_are_kept_with_their_places() -> None:
    document = read("# 一\n方案 甲 (a) { # 二\n  费用 乙 = 丙  # 三\n}\n＃四")
    assert [c.text for c in document.comments] == ["# 一", "# 二", "# 三", "＃四"]
    assert [c.span.line_column[0] for c in document.comments] == [1, 2, 3, 5]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A line that is further in goes on; one that is not begins anew.
        (
            '参数 甲 = 5元\n    依据 "三"',
            "Parameter(甲, [DatedValue(5 yuan)], Citation(三))",
        ),
        ('参数 甲 = 5元\n依据 "三"', "Parameter(甲, [DatedValue(5 yuan)]), Citation(三)"),
        ('参数 甲 = 5元，\n依据 "三"', "Parameter(甲, [DatedValue(5 yuan)], Citation(三))"),
        (
            '算例 "x" {\n  结算 2023-01-01 住院\n    应得 个人 5元\n}',
            "Example(x, [ExampleClaim(2023-01-01, [住院], [Assignment(个人, 5 yuan)])])",
        ),
        (
            '算例 "x" {\n  结算 2023-01-01 住院\n  应得 个人 5元\n}',
            ("Example(x, [ExampleClaim(2023-01-01, [住院]), "
            "ExampleExpectation([Assignment(个人, 5 yuan)])])"),
        ),
        # Operators bind as people read them.
        (
            "费用 甲 = 乙 - 丙 - 丁 × 2",
            "Expense(甲, Binary(-, Binary(-, 乙, 丙), Binary(*, 丁, 2)))",
        ),
        (
            "费用 甲 = 乙 当 丙 或 丁 且 非 戊 是 己",
            "Expense(甲, When(乙, Binary(or, 丙, Binary(and, 丁, Not(Binary(is, 戊, 己))))))",
        ),
        (
            "费用 甲 = 乙 至多 10% × 丙 + 丁",
            "Expense(甲, AtMost(乙, Binary(+, Binary(*, 1/10, 丙), 丁)))",
        ),
        # A row of a table may take several lines, 是 at the head of one is the key.
        (
            "待遇 甲 {\n 按 乙 {\n 否: 比例 70%\n 是: 比例 60%\n 不享受\n } }",
            ("Benefit(甲, [By(乙, [ByRow([no], [Rate(7/10)]), "
            "ByRow([yes], [Rate(3/5), NotEntitled()])])])"),
        ),
        # Lists are joined by 、 or a comma; a comma before a key separates rows.
        ("名录 甲 = 乙、丙，丁", "NameList(甲, [乙, 丙, 丁])"),
        (
            "待遇 甲 { 按 乙 { 一、二，三: 限额 丙、丁，四: 不享受 } }",
            ("Benefit(甲, [By(乙, [ByRow([一, 二, 三], [Limit([丙, 丁])]), "
            "ByRow([四], [NotEntitled()])])])"),
        ),
        # 参保 is a word only where an example's line begins with it and a date.
        (
            "待遇 参保 { 适用 对象 是 参保 }",
            "Benefit(参保, [Applies(Binary(is, 对象, 参保))])",
        ),
        ("施行 2023/1/1至2023.12.31", "Force(2023-01-01, 2023-12-31)"),
        ("不计算 A-1，A-2、A-3 “无”", "NotComputed([A-1, A-2, A-3], 无)"),
    ],
)  # fmt: skip
def test_what_is_written_is_what_is_held(text: str, expected: str) -> None:
    assert item(text) == expected
