"""Single passes of the checker, where a whole policy would show too little."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest

from jiugao.compile import Options, check_sources
from jiugao.policy import model
from jiugao.policy.conditions import Fact, alternatives, both, possible
from jiugao.policy.fold import folded, known
from jiugao.policy.inputs import declared_columns
from jiugao.policy.parameters import parse_setting
from jiugao.policy.regimes import change_days, value_on
from jiugao.policy.walk import leaves
from jiugao.source import Source, Span
from jiugao.syntax import parse
from jiugao.syntax.tree import Operator

HERE = Span(Source("-", ""), 0, 0)
FLAG, MONEY = model.Kind.FLAG, model.Kind.MONEY
LEVEL = model.Input("级别", "level", model.Kind.CODE, "claims", True, None)
SERIOUS = model.Input("重病", "serious", FLAG, "claims", True, None)
OPEN = model.InputRef(FLAG, SERIOUS, HERE)


def const(value: bool | Fraction | dt.date, kind: model.Kind = FLAG) -> model.Const:
    return model.Const(kind, value, HERE)


def money(fen: int) -> model.Const:
    return const(Fraction(fen), MONEY)


def join(
    operator: Operator,
    left: model.Expression,
    right: model.Expression,
    kind: model.Kind = FLAG,
) -> model.Binary:
    return model.Binary(kind, operator, left, right, HERE)


def level(*codes: str) -> model.InSet:
    subject = model.InputRef(model.Kind.CODE, LEVEL, HERE)
    return model.InSet(FLAG, subject, frozenset(codes), HERE)


def day(operator: Operator, *date: int) -> model.Binary:
    ref = model.DayRef(model.Kind.DATE, HERE)
    return join(operator, ref, const(dt.date(*date), model.Kind.DATE))


def can_hold(*conditions: model.Expression) -> bool:
    ways: list[tuple[Fact, ...]] = [()]
    for condition in conditions:
        ways = both(ways, alternatives(condition))
    return bool(ways)


@pytest.mark.parametrize("sides", list(product((True, False, None), repeat=2)))
def test_folding_decides_what_can_be_decided(
    sides: tuple[bool | None, bool | None],
) -> None:
    left, right = (OPEN if side is None else const(side) for side in sides)
    no = [s for s in sides if s is False]
    yes = [s for s in sides if s is True]
    both_sides = folded(join(Operator.AND, left, right))
    either = folded(join(Operator.OR, left, right))
    assert known(both_sides) is (False if no else True if len(yes) == 2 else None)
    assert known(either) is (True if yes else False if len(no) == 2 else None)
    if None in sides and not no:
        assert (both_sides == OPEN) == bool(yes)
    if None in sides and not yes:
        assert (either == OPEN) == bool(no)


def test_folding_leaves_amounts_but_not_zeros() -> None:
    given, nothing = money(5), money(0)
    assert folded(join(Operator.ADD, given, nothing, MONEY)) == given
    assert folded(join(Operator.ADD, nothing, given, MONEY)) == given
    assert folded(join(Operator.SUB, given, nothing, MONEY)) == given
    whole = join(Operator.ADD, given, money(1), MONEY)
    assert folded(whole) == whole
    taken = join(Operator.SUB, nothing, given, MONEY)
    assert folded(taken) == taken
    assert folded(join(Operator.SUB, given, money(1), MONEY)) != given


def test_folding_conditionals_and_negations() -> None:
    value = money(5)
    never = model.Conditional(MONEY, value, model.Not(FLAG, const(True), HERE), HERE)
    always = model.Conditional(MONEY, value, model.Not(FLAG, const(False), HERE), HERE)
    open_one = model.Conditional(MONEY, value, OPEN, HERE)
    assert folded(never) == money(0)
    assert folded(always) == value
    assert folded(open_one) == open_one


def test_benefits_left_out_pay_nothing() -> None:
    ref = model.AmountRef(MONEY, "benefit", "救助", HERE)
    given = model.AmountRef(MONEY, "paid", "救助", HERE)
    assert folded(ref, frozenset({"救助"})) == money(0)
    assert folded(ref, frozenset({"再救助"})) == ref
    assert folded(given, frozenset({"救助"})) == given
    smaller = model.Smaller(MONEY, ref, money(3), HERE)
    gone = folded(smaller, frozenset({"救助"}))
    assert isinstance(gone, model.Smaller)
    assert gone.left == money(0)


@pytest.mark.parametrize(
    ("conditions", "possible_together"),
    [
        ((level("1"), level("1", "2")), True),
        ((level("1"), level("2")), False),
        ((level("1", "2"), level("2", "3"), level("3", "1")), False),
        ((level("1", "2"), level("2", "3"), level("2")), True),
        ((level("1"), model.Not(FLAG, level("1"), HERE)), False),
        ((model.Not(FLAG, level("1"), HERE), level("1", "2")), True),
        ((model.Not(FLAG, level("1"), HERE), model.Not(FLAG, level("2"), HERE)), True),
        ((OPEN, model.Not(FLAG, OPEN, HERE)), False),
        ((join(Operator.OR, level("1"), level("2")), level("2")), True),
        ((join(Operator.OR, level("1"), level("2")), level("3")), False),
        ((model.Not(FLAG, join(Operator.OR, level("1"), OPEN), HERE), OPEN), False),
        ((model.Not(FLAG, join(Operator.AND, level("1"), OPEN), HERE), OPEN), True),
        ((day(Operator.BEFORE, 2024, 1, 1), day(Operator.AFTER, 2023, 12, 31)), False),
        ((day(Operator.BEFORE, 2024, 1, 1), day(Operator.AFTER, 2023, 12, 30)), True),
        (
            (
                model.Not(FLAG, day(Operator.BEFORE, 2024, 1, 1), HERE),
                model.Not(FLAG, day(Operator.AFTER, 2024, 1, 1), HERE),
            ),
            True,
        ),
        (
            (
                model.Not(FLAG, day(Operator.BEFORE, 2024, 1, 2), HERE),
                model.Not(FLAG, day(Operator.AFTER, 2024, 1, 1), HERE),
            ),
            False,
        ),
        ((const(False), OPEN), False),
    ],
)
def test_conditions_together(
    conditions: tuple[model.Expression, ...], possible_together: bool
) -> None:
    assert can_hold(*conditions) == possible_together
    assert can_hold(*reversed(conditions)) == possible_together


def test_three_facts_of_one_subject() -> None:
    one, two = Fact("x", frozenset("ab")), Fact("x", frozenset("bc"))
    assert possible((one, two))
    assert not possible((one, two, Fact("x", frozenset("ac"))))
    assert not possible((one, two, Fact("x", None, frozenset("b"))))
    assert possible((one, Fact("y", frozenset("c")), two))


def dated(*values: tuple[int, int]) -> model.Parameter:
    """A figure of each year."""
    rows = tuple(
        model.Dated(
            dt.date(year, 1, 1), dt.date(year, 12, 31), Fraction(fen), None, HERE
        )
        for year, fen in values
    )
    return model.Parameter("收入", MONEY, rows, (), None, False, None, HERE)


FORCE = model.Force(dt.date(2023, 3, 1), None, dt.date(2023, 3, 1), (), HERE)


def test_last_year_reads_the_last_day_of_the_year_before() -> None:
    income = dated((2021, 1), (2022, 2), (2023, 3))
    now = model.ParameterRef(MONEY, income, HERE)
    before = model.ParameterRef(MONEY, income, HERE, last_year=True)
    for date in (dt.date(2023, 1, 1), dt.date(2023, 12, 31)):
        assert value_on(now, date) == 3
        assert value_on(before, date) == 2
    assert value_on(now, dt.date(2024, 1, 1)) is None
    assert value_on(before, dt.date(2024, 1, 1)) == 3


def test_last_day_before_decides_not_the_day_after_nor_the_month_before() -> None:
    late = model.Dated(
        dt.date(2022, 12, 31), dt.date(2022, 12, 31), Fraction(7), None, HERE
    )
    one = model.Parameter("收入", MONEY, (late,), (), None, False, None, HERE)
    ref = model.ParameterRef(MONEY, one, HERE, last_year=True)
    assert value_on(ref, dt.date(2023, 5, 5)) == 7


def test_days_of_change_within_the_force() -> None:
    income = dated((2022, 2), (2023, 3), (2024, 4))
    now = model.ParameterRef(MONEY, income, HERE)
    before = model.ParameterRef(MONEY, income, HERE, last_year=True)
    first = dt.date(2023, 3, 1)
    assert change_days([now], FORCE) == (
        first, dt.date(2024, 1, 1), dt.date(2025, 1, 1),
    )  # fmt: skip
    assert change_days([before], FORCE) == (
        first, dt.date(2024, 1, 1), dt.date(2025, 1, 1), dt.date(2026, 1, 1),
    )  # fmt: skip
    ending = model.Force(first, dt.date(2024, 1, 1), first, (), HERE)
    assert change_days([now], ending) == (first, dt.date(2024, 1, 1))


def test_amounts_on_a_day() -> None:
    at = dt.date(2023, 1, 1)
    assert value_on(model.Smaller(MONEY, money(3), money(5), HERE), at) == 3
    assert value_on(model.Smaller(MONEY, money(5), OPEN, HERE), at) is None
    assert value_on(model.Smaller(MONEY, OPEN, money(5), HERE), at) is None
    assert value_on(join(Operator.ADD, money(5), money(3), MONEY), at) == 8
    assert value_on(join(Operator.SUB, money(5), money(3), MONEY), at) == 2
    assert value_on(join(Operator.MUL, money(5), money(3), MONEY), at) == 15


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
    policy, found = check_sources([Source("-", quiet(text))], Options())
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
    policy, _ = check_sources([Source("-", quiet(text))], Options())
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
    policy, found = check_sources([Source("-", text)], Options())
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


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("3", model.Kind.COUNT, 3),
        ("3元", model.Kind.COUNT, None),
        ("3", MONEY, 300),
        ("3元", MONEY, 300),
        ("3%", MONEY, None),
        ("3", model.Kind.RATE, None),
        ("3%", model.Kind.RATE, Fraction(3, 100)),
    ],
)
def test_a_value_is_set_in_the_unit_of_its_kind(
    text: str, kind: model.Kind, value: Fraction | None
) -> None:
    assert parse_setting(text, kind) == value


def test_too_many_alternatives_say_nothing() -> None:
    many = [(Fact("standing", frozenset({f"{n}"})),) for n in range(400)]
    assert both(many, many) == [()]
    assert both(many[:2], many[:2]) == many[:2]


def test_a_class_to_which_nothing_applies_is_no_alternative() -> None:
    path = Path(__file__).parent / "classes" / "good" / "applies_to_one.rules"
    policy, _ = check_sources([Source("-", path.read_text("utf-8"))], Options())
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
    policy, found = check_sources([Source("-", text)], Options())
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
    policy, found = check_sources([Source("-", text)], Options())
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
    policy, found = check_sources([Source("-", text)], Options())
    assert policy is not None, list(found)
    [carried] = policy.examples[0].carried
    assert carried.totals == {"assistance.base": 10_000, "assistance.paid": 8_050}


def test_alternatives_are_told_apart_up_to_a_number() -> None:
    """Of 256 ways those that cannot be are left out; of more nothing is said."""

    def ways(count: int, name: str) -> list[tuple[Fact, ...]]:
        return [(Fact(f"{name} {n}", frozenset((True,))),) for n in range(count)]

    assert len(both(ways(16, "a"), ways(16, "b"))) == 256
    assert both(ways(257, "a"), ways(1, "b")) == [()]
