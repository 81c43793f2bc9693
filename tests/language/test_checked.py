"""What the checker notes of small policies: order, payments that move, columns, citations."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.language.shown import checked_text

from jiugao.policy import model
from jiugao.policy.inputs import declared_columns
from jiugao.policy.walk import leaves
from jiugao.source import Source
from jiugao.syntax import parse

POLICY = """方案 样例 (sample) {{
  依据 "样例文件"
  施行 2023-01-01 起
  年度 自然年度 按 结算时间
  输入 级别 (level): 代码 {{ 1 一档；2 二档 }}
  限额 总限额 3万元 每人每年
  身份 类别 就高不重复 {{ 一类: 特困人员；二类: 低保对象 }}
  参数 率 {{ 自 2023-01-01 至 2023-12-31: 50%；自 {change}: 60% }}
  费用 政策范围内 = 符合政策范围金额
  待遇 救助 (assistance) {{ 基数 政策范围内，{first}，支付方 甲 }}
  待遇 再救助 (again) {{ 基数 政策范围内 扣除 救助，{second}，支付方 甲 }}
}}
"""


@pytest.mark.parametrize(
    ("first", "second", "constructs"),
    [
        ("年度起付线 100元，比例 70%，年度限额 3万元", "比例 50%", ()),
        ("按 类别 { 一类: 比例 70%；二类: 比例 50% }", "比例 50%，年度限额 1万元", ()),
        ("比例 按 级别 { 一档: 70%；二档: 50% }", "比例 50%", ()),
        ("比例 按 级别 { 一档: 70%；二档: 50% }，年度限额 1万元", "比例 50%", ()),
        ("比例 率，年度限额 1万元", "比例 50%", ()),
        ("门槛 每次 达到 100元，比例 70%", "比例 50%", ("base:再救助",)),
        (
            "门槛 年度累计 达到 100元，比例 70%",
            "比例 50%",
            ("gate:救助", "base:再救助"),
        ),
        ("比例 70%，每次限额 100元", "比例 50%", ("claim_limit:救助",)),
        (
            "比例 70%，限额 总限额",
            "比例 50%，限额 总限额",
            ("shared_limit:总限额",),
        ),
        (
            "年度起付线 100元，比例 按 级别 { 一档: 70%；二档: 50% }",
            "比例 50%",
            ("figures_vary:救助",),
        ),
        (
            "比例 70%，按 级别 { 一档: 年度限额 100元；二档: 年度限额 200元 }",
            "比例 50%",
            ("figures_vary:救助",),
        ),
        ("比例 70%", "比例 按 级别 { 一档: 50%；二档: 不享受 }", ("base:再救助",)),
        ("比例 70%", "适用 级别 是 一档，比例 50%", ("base:再救助",)),
        ("适用 级别 是 一档，比例 70%", "适用 级别 是 一档，比例 50%", ()),
        ("适用 级别 是 一档，比例 70%", "比例 50%", ()),
    ],
)
def test_constructs_that_depend_on_order(
    first: str, second: str, constructs: tuple[str, ...]
) -> None:
    text = POLICY.format(change="2024-01-01", first=first, second=second)
    policy, found = checked_text(quiet(text))
    assert policy is not None, [d.cause("zh") for d in found]
    assert policy.order_dependent == constructs


@pytest.mark.parametrize(
    ("change", "deductible", "constructs"),
    [
        ("2024-01-01", "年度起付线 100元", ()),
        ("2024-07-01", "年度起付线 100元", ("figures_change:救助",)),
        ("2024-07-01", "每次起付线 100元", ()),
    ],
)
def test_figures_that_change_within_a_year(
    change: str, deductible: str, constructs: tuple[str, ...]
) -> None:
    text = POLICY.format(
        change=change, first=f"{deductible}，比例 率", second="比例 50%"
    )
    if change != "2024-01-01":
        text = text.replace("至 2023-12-31", "至 2024-06-30")
    policy, _ = checked_text(quiet(text))
    assert policy is not None
    assert policy.order_dependent == constructs


def quiet(text: str) -> str:
    """The policy without the shared limit where nothing draws on it."""
    if "限额 总限额，" in text or "限额 总限额 }" in text:
        return text
    return text.replace("  限额 总限额 3万元 每人每年\n", "")


WHOLE = """方案 样例 (sample) {{
  依据 "样例文件"
  施行 2023-01-01 起
  年度 自然年度 按 结算时间
  费用 政策范围内 = 符合政策范围金额
  费用 目录外 = 全自费金额
  待遇 救助 (assistance) {{ {first}，支付方 甲 }}
  {more}
}}
"""


def whole(more: str, first: str = "基数 政策范围内，比例 70%") -> model.Policy:
    text = WHOLE.format(first=first, more=more)
    policy, found = checked_text(text)
    assert policy is not None, [d.cause("zh") for d in found]
    return policy


PARTS = "基数 { 内: 政策范围内；外: 目录外 }，起付线 不设，比例 70%"


@pytest.mark.parametrize(
    ("first", "expense", "moves"),
    [
        (PARTS, "政策范围内", False),
        (PARTS, "目录外", True),  # may take a fen from the part before
        (
            f"{PARTS}，舍入 四舍六入五成双",
            "政策范围内",
            True,
        ),  # pays later what it held back
        (f"{PARTS}，舍入 到元", "政策范围内", True),
        ("基数 政策范围内，比例 70%，舍入 到元", "政策范围内", False),
        ("基数 政策范围内，门槛 年度累计 达到 100元，比例 70%", "政策范围内", True),
        ("基数 政策范围内，门槛 每次 达到 100元，比例 70%", "政策范围内", False),
    ],
)
def test_what_may_be_paid_on_one_claim_for_another(
    first: str, expense: str, moves: bool
) -> None:
    again = f"待遇 再救助 (again) {{ 基数 {expense} 扣除 救助，比例 50%，支付方 甲 }}"
    moving = [benefit.moving for benefit in whole(again, first).benefits]
    assert moving == [(), ("救助",) if moves else ()]


@pytest.mark.parametrize(
    ("code", "known_as"), [(" (special)", "special"), ("", "专户")]
)
def test_a_fund_without_a_code_goes_by_its_name(code: str, known_as: str) -> None:
    more = f"基金 专户{code} {{ 计数 参保人数，分担 保费 = 100元 × 参保人数 {{ 市级财政 100% }} }}"
    assert [fund.code for fund in whole(more).funds] == [known_as]


@pytest.mark.parametrize(("code", "known_as"), [(" (warned)", "warned"), ("", "预警")])
def test_a_warning_without_a_code_goes_by_its_name(code: str, known_as: str) -> None:
    more = f"指标 预警{code} 按 人、年 = 合计 医疗费总额，目标 不超过 500元"
    assert [warning.code for warning in whole(more).warnings] == [known_as]


@pytest.mark.parametrize(("how", "columns"), [("测算", ["hifmi_pay"]), ("照付", None)])
def test_what_takes_the_place_of_a_payment_was_really_paid_in_its_column(
    how: str, columns: list[str] | None
) -> None:
    more = (
        f"参数 来源 = {how} 可选 测算、照付\n"
        "已付 大病保险 从 政策范围内 = 居民大病保险资金支出\n"
        "待遇 大病 (critical) { 代替 已付 大病保险 当 来源 是 测算，"
        "基数 政策范围内 扣除 救助，比例 60%，支付方 乙 }"
    )
    made = {b.name: [c.column for c in b.actual] for b in whole(more).benefits}
    assert made.get("大病") == columns


def test_a_class_to_which_nothing_applies_is_no_alternative() -> None:
    path = Path(__file__).parent / "classes" / "good" / "applies_to_one.rules"
    policy, _ = checked_text(path.read_text("utf-8"))
    assert policy is not None
    (choice,) = policy.choices
    assert choice.whole is not None
    assert sorted(choice.whole.classes) == ["三类", "二类"]


def test_a_total_that_an_indicator_names_twice_is_one() -> None:
    ratio = "合计 医疗费总额 / 合计 {other}"
    names = []
    for other in ("医疗费总额", "政策范围内", "全自费金额"):
        more = f"指标 占比 (ratio) 按 年 = {ratio.format(other=other)}，目标 不超过 90%"
        (indicator,) = whole(more).indicators
        names.append([total.name for total in indicator.totals])
    assert names == [["ratio.1"], ["ratio.1", "ratio.2"], ["ratio.1", "ratio.2"]]


def test_columns_are_declared_for_one_table() -> None:
    text = """方案 样例 (sample) {
      输入 甲 (a 或 aa): 金额
      输入 乙 (b): 金额 来自 结算
      输入 丙 (c): 金额 来自 机构
      输入 丁 (d): 金额 来自 参保
      输入 戊 (e): 文本 来自 人员
    }"""
    document, _ = parse(Source("-", text))
    assert document is not None
    expected = {"claims": {"a", "aa", "b"}, "institutions": {"c"}}
    expected |= {"enrolment": {"d"}, "people": {"e"}}
    found = {table: declared_columns(document, table) for table in expected}
    assert found == expected


@pytest.mark.parametrize(
    ("way", "moves"),
    [
        ("先 甲 后 乙", False),
        ("先 乙 后 甲", True),
        ("按比例", True),
        ("按时间", False),
    ],
)
def test_what_a_shared_deductible_takes_again_moves_payments(
    way: str, moves: bool
) -> None:
    text = f"""方案 样例 (sample) {{
      依据 "样例文件"
      施行 2023-01-01 起
      年度 自然年度 按 结算时间
      费用 目录内 = 符合政策范围金额
      费用 目录外 = 全自费金额
      待遇 补充 (supplement) {{
        基数 {{ 甲: 目录内；乙: 目录外 }}
        年度起付线 3000元 {way}
        比例 60%，支付方 承保机构
      }}
      待遇 余下 (later) {{
        基数 目录内 扣除 补充，比例 50%，支付方 承保机构
      }}
    }}"""
    policy, found = checked_text(text)
    assert policy is not None, list(found)
    [moving] = {part.moving for part in policy.benefits[1].bases}
    assert moving == (("补充",) if moves else ())


def test_what_a_row_cites_is_cited_for_its_figures() -> None:
    text = """方案 样例 (sample) {
      依据 "样例文件"
      施行 2023-01-01 起
      年度 自然年度 按 结算时间
      身份 类别 就高不重复 { 一类: 特困人员；二类: 低保对象 }
      费用 目录内 = 符合政策范围金额
      待遇 救助 (assistance) {
        依据 "三"
        基数 目录内
        按 类别 { 一类: 依据 "三（一）" 条款 A-1，比例 80%；二类: 比例 70% }
        支付方 救助基金
      }
    }"""
    policy, found = checked_text(text)
    assert policy is not None, list(found)
    cited = [
        leaf.value.cited and leaf.value.cited.text
        for leaf in leaves(policy.benefits[0].rates)
        if isinstance(leaf.value, model.Rates)
    ]
    assert cited == ["三（一）", None]


def test_totals_of_an_example_are_in_fen() -> None:
    text = """方案 样例 (sample) {
      依据 "样例文件"
      施行 2023-01-01 起
      年度 自然年度 按 结算时间
      费用 目录内 = 符合政策范围金额
      待遇 救助 (assistance) { 基数 目录内，比例 80%，年度限额 100元，支付方 救助基金 }
      算例 "期初" {
        承接 至 2023-02-01，"assistance.base" 100元，"assistance.paid" 80.5元
        结算 2023-03-01 普通住院，医疗费总额 100元，目录内 100元 应得 救助 19.5元
      }
    }"""
    policy, found = checked_text(text)
    assert policy is not None, list(found)
    [carried] = policy.examples[0].carried
    assert carried.totals == {"assistance.base": 10_000, "assistance.paid": 8_050}
