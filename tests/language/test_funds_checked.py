"""What funds of small policies are read as, or what is told of them."""

from __future__ import annotations

import pytest
from tests.language.shown import checked_text, errors, shown

from jiugao.diagnostics import Diagnostics
from jiugao.policy import fund_model, model

POLICY = """方案 样例 (sample) {{
  依据 "样例文件"
  施行 2023-01-01 起
  年度 自然年度 按 结算时间
  输入 等级 (grade): 代码 {{ 1 一级；2 二级；3 三级 }}
  参数 口径 = 甲 可选 甲、乙
  参数 标准 {{ 自 2022-01-01 至 2023-12-31: 100元；自 2024-01-01: 200元 }}
  参数 名单日 = 2023-03-01
  费用 目录内 = 符合政策范围金额
  已付 基本医保 从 目录内 = 统筹基金支出
  待遇 救助 (assistance) {{ 基数 目录内 扣除 基本医保，比例 70%，支付方 甲 }}
  待遇 停用 (stopped) {{ 适用 口径 是 乙，基数 目录内，比例 70%，支付方 甲 }}
  {rest}
}}
"""


def checked(rest: str) -> tuple[model.Policy | None, Diagnostics]:
    return checked_text(POLICY.format(rest=rest))


def row(one: fund_model.Row) -> str:
    match one:
        case fund_model.Headcount():
            told = f"{shown(one.as_of)} {shown(one.condition)} {one.later.name}"
            return f"{one.name} {told}"
        case fund_model.Amount():
            return f"{one.name} = {shown(one.amount)} {one.kind.name}"
        case fund_model.Share():
            bands = (
                f"{shown(b.lower)}-{shown(b.upper)}: "
                + " ".join(f"{p.bearer} {shown(p.share)}" for p in b.parts)
                for b in one.bands
            )
            return f"{one.name} = {shown(one.amount)} of {shown(one.of)} {{{'; '.join(bands)}}}"


ROWS = [
    (
        "基数额 = 上年 参保人数 × 1元",
        "ALL",
        ["基数额 = (last row 参保人数 MUL 100) MONEY"],
    ),
    ("基数额 = 上年 保费", "ALL", ["基数额 = last row 保费 MONEY"]),
    ("基数额 = 上年 市级财政", "ALL", ["基数额 = last bearer 市级财政 MONEY"]),
    ("基数额 = 上年 救助", "ALL", ["基数额 = last benefit 救助 MONEY"]),
    ("基数额 = 上年 停用", "ALL", ["基数额 = 0 MONEY"]),
    ("基数额 = 停用", "ALL", ["基数额 = 0 MONEY"]),
    ("基数额 = 停用 + 救助", "ALL", ["基数额 = benefit 救助 MONEY"]),
    ("基数额 = 上年 标准", "ALL", ["基数额 = last 标准 MONEY"]),
    ("基数额 = 标准", "ALL", ["基数额 = 标准 MONEY"]),
    ("基数额 = 救助 + 1元", "ALL", ["基数额 = (benefit 救助 ADD 100) MONEY"]),
    ("基数额 = 上年 基数额 + 1元", "ALL", ["基数额 = (last row 基数额 ADD 100) MONEY"]),
    (
        "基数额 = 上年 后面；后面 = 标准 × 2",
        "ALL",
        ["后面 = (2 MUL 标准) MONEY", "基数额 = last row 后面 MONEY"],
    ),
    (
        "基数额 = 上年 后面；后面 = 参保人数 + 2",
        "ALL",
        ["后面 = (row 参保人数 ADD 2) COUNT", "基数额 = last row 后面 COUNT"],
    ),
    (
        "计数 另数 于 名单日 当 参保险种 是 城乡居民 后续 按日",
        "ALL",
        ["另数 名单日 参保险种 in 390 BY_DAY"],
    ),
    (
        "计数 另数 于 名单日 当 口径 是 甲 后续 按月",
        "ALL",
        ["另数 名单日 none BY_MONTH"],
    ),
    ("计数 另数 当 口径 是 乙", "ALL", ["另数 none False FULL"]),
    ("计数 另数 于 2023-02-01 后续 不计", "ALL", ["另数 2023-02-01 none NOT_COUNTED"]),
    ("计数 另数 后续 全额", "ALL", ["另数 none none FULL"]),
    ("统筹 按 县", "COUNTY", []),
    ("统筹 按 市", "CITY", []),
    ("统筹 按 市 当 口径 是 乙；统筹 按 县", "COUNTY", []),
    ("统筹 按 市 当 口径 是 甲；统筹 按 县 当 口径 是 乙", "CITY", []),
    (
        "分担 另担 = 保费 { 至 10万元: 甲方 100%；10万元以上: 乙方 100% }",
        "ALL",
        ["另担 = row 保费 of none {0-10000000: 甲方 1; 10000000-none: 乙方 1}"],
    ),
    (
        "分担 另担 = 保费 { 10万元以内: 甲方 100%；10万元以上: 乙方 40%，丙方 60% }",
        "ALL",
        [
            "另担 = row 保费 of none {0-10000000: 甲方 1; 10000000-none: 乙方 2/5 丙方 3/5}"
        ],
    ),
    (
        "分担 另担 = 保费 占 救助 { 5%以内: 甲方 100%；5%以上: 乙方 100% }",
        "ALL",
        ["另担 = row 保费 of benefit 救助 {0-1/20: 甲方 1; 1/20-none: 乙方 1}"],
    ),
]
WRONG_ROWS = [
    ("基数额 = 上年 没有", [("E203", "没有")]),
    ("基数额 = 上年 口径", [("E306", "口径")]),
    ("基数额 = 没有", [("E203", "没有")]),
    ("基数额 = 基本医保", [("E306", "基本医保")]),
    ("基数额 = 上年 基本医保", [("E203", "基本医保")]),
    ("基数额 = 市级财政", [("E306", "市级财政")]),
    ("基数额 = 目录内", [("E306", "目录内")]),
    ("基数额 = 后面；后面 = 基数额", [("E441", "基数额 = 后面")]),
    ("计数 另数 于 标准", [("E301", "标准")]),
    ("计数 另数 当 没有", [("E202", "没有")]),
    ("统筹 按 省", [("E203", "省")]),
    ("统筹 按 市；统筹 按 县", [("E204", "统筹 按 县")]),
    ("统筹 按 市 当 没有", [("E203", "没有")]),
    ("分担 另担 = 保费 { 10万元以内: 甲方 100% }", [("E403", "10万元以内: 甲方 100%")]),
    ("分担 另担 = 保费 { 10万元以内: 甲方 5万元 }", [("E301", "5万元")]),
    ("分担 另担 = 保费 { 甲方 3 }", [("E302", "3")]),
    ("分担 另担 = 保费 { 甲方 3元，乙方 50% }", [("E443", "乙方 50%")]),
    ("分担 另担 = 保费 { 甲方 50%，甲方 50% }", [("E204", "甲方 50%")]),
    ("分担 另担 = 保费 { 参保人数 50%，甲方 50% }", [("E204", "参保人数")]),
    (
        "分担 另担 = 保费 占 参保人数 { 5%以内: 甲方 100%；5%以上: 乙方 100% }",
        [("E301", "参保人数")],
    ),
    ("分担 另担 = 保费 占 救助 { 甲方 100% }", [("E442", "救助")]),
    ("分担 另担 = 参保人数 { 甲方 100% }", [("E301", "参保人数")]),
    (
        "分担 另担 = 保费 { 10万元以上: 甲方 100%；20万元以内: 乙方 100% }",
        [("E404", "20万元以内: 乙方 100%")],
    ),
    ("分担 另担 = 没有 { 甲方 100% }", [("E203", "没有")]),
    ("分担 另担 = 保费 { 甲方 没有 }", [("E203", "没有")]),
    (
        "分担 另担 = 保费 { 没有以内: 甲方 100%；10万元以上: 乙方 100% }",
        [("E203", "没有")],
    ),
    ("保费 = 3元", [("E204", "保费")]),
]
FUND = """基金 专户 {{
  计数 参保人数；分担 保费 = 100元 × 参保人数 {{ 市级财政 100% }}；{rows}
}}"""


@pytest.mark.parametrize(("rows", "pooled", "read"), ROWS)
def test_rows_of_a_fund_are_read_as(rows: str, pooled: str, read: list[str]) -> None:
    policy, found = checked(FUND.format(rows=rows))
    assert policy is not None, list(found)
    [fund] = policy.funds
    assert [fund.pooled.name, *map(row, fund.rows[2:])] == [pooled, *read]


@pytest.mark.parametrize(("rows", "told"), WRONG_ROWS)
def test_what_is_told_of_rows_of_a_fund(rows: str, told: list[tuple[str, str]]) -> None:
    assert errors(checked(FUND.format(rows=rows))[1]) == told


NOT_CITED = """方案 样例 (sample) {{
  施行 2023-01-01 起
  年度 自然年度 按 结算时间
  费用 目录内 = 符合政策范围金额 依据 "一"
  {more}
}}
"""


@pytest.mark.parametrize(
    ("fund", "rows", "cited"),
    [
        ('依据 "零"；', ["", ""], "零"),
        ('依据 "零"；', [' 依据 "一"', ' 依据 "二"'], "零"),
        ("", [' 依据 "一"', ' 依据 "二"'], "一"),
        ("", [' 依据 "一"', ""], None),
        ("", ["", ' 依据 "二"'], None),
    ],
)
def test_what_a_fund_cites(fund: str, rows: list[str], cited: str | None) -> None:
    first, second = rows
    more = f"基金 专户 {{ {fund}计数 参保人数{first}；分担 保费 = 3元 × 参保人数 {{ 甲方 100% }}{second} }}"
    text = NOT_CITED.format(more=more)
    policy, found = checked_text(text)
    if cited is None:
        assert errors(found) == [("E601", "专户")]
    else:
        assert policy is not None, list(found)
        assert [one.cited.text for one in policy.funds] == [cited]


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ("待遇 救助 (aid) { 基数 目录内，比例 50%，支付方 甲 }", "救助"),
        (
            "待遇 资助 (aid) 按 参保 { 基数 个人缴费，按 身份 { 孤儿: 比例 50% }，支付方 甲 }",
            "资助",
        ),
        ("指标 预警 按 人、年 = 合计 目录内，目标 不超过 3元", "预警"),
        ("指标 占比 按 年 = 合计 目录内，目标 不超过 3元", "占比"),
    ],
)
def test_what_cites_nothing_is_told(more: str, name: str) -> None:
    text = NOT_CITED.format(more=more)
    _, found = checked_text(text)
    assert errors(found) == [("E601", name)]


EXAMPLES = [
    ("参保人数 100 应得 保费 1万元", []),
    ("参保人数 100，参保人数 200 应得 保费 1万元", [("E434", "参保人数 200")]),
    ("没有 3元 应得 保费 1万元", [("E203", "没有")]),
    ("参保人数 100 应得 没有 1万元", [("E203", "没有")]),
    ("参保人数 100 应得 保费 没有 1万元", [("E203", "没有")]),
    ("参保人数 100 应得 保费 市级财政 1万元", []),
    ("参保人数 100 应得 市级财政 1万元", []),
    ("上年 市级财政 3元，参保人数 100 应得 保费 1万元", []),
    ("上年 没有 3元，参保人数 100 应得 保费 1万元", [("E203", "没有")]),
]


@pytest.mark.parametrize(("line", "told"), EXAMPLES)
def test_what_is_told_of_examples_of_a_fund(
    line: str, told: list[tuple[str, str]]
) -> None:
    example = f'算例 "一" {{ 基金 专户 2023年，{line} }}'
    _, found = checked(FUND.format(rows="统筹 按 县") + "\n" + example)
    assert errors(found) == told
