"""Funds of random rules: the statement is the second evaluator's, and always balances."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from jiugao.compile import compile_policy
from jiugao.diagnostics import RulesError
from jiugao.funds.amounts import Figures
from jiugao.funds.statement import last_day, reckon
from jiugao.program.encode import decode
from tests.oracle.funds import Year

HEAD = """方案 基金样例 (funds_sample) {
  依据 "随机" 条款 R-1
  施行 2023-01-01 起
  年度 自然年度 按 结算时间
  参数 标准 (standard) { 自 2023-01-01 至 2023-12-31: 110元；自 2024-01-01: 33.33元 }
  参数 份额 (part) = 37.5%
  费用 范围内 = 符合政策范围金额
  已付 基本医保 从 范围内 = 统筹基金支出
  待遇 甲待遇 (aid) { 基数 范围内 扣除 基本医保，比例 70%，年度限额 不设，支付方 救助基金 }
"""
AMOUNTS = (
    "赔付", "赔付 - 保费", "保费 - 赔付", "5% × 保费", "(赔付 + 5% × 保费 - 保费) × 份额",
    "保费 + 上年 下年度", "上年 保费", "赔付 至多 100元", "赔付 当 赔付 超过 保费",
)  # fmt: skip
PARTS = (
    "甲 100%", "甲 50%，乙 50%", "甲 33.33%，乙 33.33%，丙 33.34%", "甲 0%，乙 100%",
    "甲 份额，乙 100% - 份额", "甲 12.5%，下年度 87.5%",
)  # fmt: skip
EDGES = ("10%", "0.5%", "100%", "33.3%")
MONEY = ("0.01元", "100元", "333.33元", "1万元")

amounts = st.sampled_from(AMOUNTS)
parts = st.sampled_from(PARTS)


@st.composite
def shares(draw: st.DrawFn) -> str:
    """One share, plain or in bands on a base or on amounts."""
    amount = draw(amounts)
    way = draw(st.integers(0, 2))
    if way == 0:
        return f"{amount} {{ {draw(parts)} }}"
    edge = draw(st.sampled_from(EDGES if way == 1 else MONEY))
    base = " 占 保费" if way == 1 else ""
    below, above = draw(parts), draw(parts)
    return f"{amount}{base} {{ {edge}以内: {below}；{edge}以上: {above} }}"


@st.composite
def policies(draw: st.DrawFn) -> str:
    """A policy with one fund of one to three shares beside the premium."""
    rows = draw(st.lists(shares(), min_size=1, max_size=3))
    lines = "\n".join(f"    分担 项{n} = {row}" for n, row in enumerate(rows))
    return f"""{HEAD}
  基金 资金 (pool) {{
    计数 人数
    赔付 = 甲待遇
    分担 保费 = 标准 × 人数 {{ {draw(parts)} }}
    分担 亏损 = 赔付 {{ 甲 10%，下年度 90% }}
{lines}
  }}
}}"""


fen = st.integers(0, 10**9).map(Fraction)
heads = st.one_of(
    st.integers(0, 10**5).map(Fraction),
    st.integers(0, 10**5).map(lambda n: Fraction(n, 12)),
)


@settings(max_examples=150)
@given(policies(), heads, fen, fen, st.sampled_from((2023, 2024)))
def test_statements_agree_and_balance(
    text: str, count: Fraction, claims: Fraction, carried: Fraction, number: int
) -> None:
    try:
        made = compile_policy(text)
    except RulesError as error:
        raise AssertionError(text) from error
    program, policy = decode(made.program_bytes), made.policy
    (fund,) = program.funds
    given_figures = {"人数": count, "甲待遇": claims}
    before = {"下年度": carried, "保费": carried}
    now = {("row", "人数"): count, ("benefit", "甲待遇"): claims}
    earlier = {(s, n): v for n, v in before.items() for s in ("row", "bearer")}
    figures = Figures(program, last_day(program, number), now, earlier)
    statement = reckon(fund, number, "", figures, {})
    (checked,) = policy.funds
    year = Year(policy, checked, number, given_figures, before)
    for line in statement.lines:
        assert line.value == year.row(line.row.name), (text, line.row.name)
        if line.row.sort == "share":
            assert line.borne == year.borne(line.row.name), (text, line.row.name)
            assert sum(line.borne.values()) == line.value >= 0
            assert all(part >= 0 for part in line.borne.values())
    assert statement.balances
