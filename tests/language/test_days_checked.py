"""What figures are on days, and what is told where one has ended or was not known yet."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from jiugao.compile import Options, check_sources
from jiugao.diagnostics import Diagnostics
from jiugao.policy import model
from jiugao.policy.parameters import parse_setting
from jiugao.policy.published import known_by
from jiugao.policy.regimes import value_on
from jiugao.source import Source, Span
from jiugao.syntax import parse, tree
from jiugao.syntax.tree import Operator

HERE = Span(Source("-", ""), 0, 0)
DAY = dt.date(2023, 1, 1)
MONEY = model.Kind.MONEY
UNKNOWN = model.AmountRef(MONEY, "expense", "目录内", HERE)
POLICY = """方案 样例 (sample) {{
  依据 "样例文件"
  施行 2023-01-01 起
  年度 自然年度 按 结算时间
  参数 标准 {{ 自 2023-01-01 至 2023-12-31: 100元 }}
  参数 份额 {{ 自 2023-01-01 至 2023-12-31: 50% }}
  费用 目录内 = 符合政策范围金额
  待遇 救助 (assistance) {{ 基数 目录内，支付方 甲，{figures} }}
}}
"""


def fen(amount: int) -> model.Const:
    return model.Const(MONEY, Fraction(amount), HERE)


@pytest.mark.parametrize(
    ("one", "value"),
    [
        (model.Excess(MONEY, fen(300), fen(100), HERE), 200),
        (model.Excess(MONEY, fen(100), fen(300), HERE), 0),
        (model.Excess(MONEY, UNKNOWN, fen(300), HERE), None),
        (model.Excess(MONEY, fen(100), UNKNOWN, HERE), None),
        (model.Smaller(MONEY, fen(300), fen(100), HERE), 100),
        (model.Smaller(MONEY, UNKNOWN, fen(100), HERE), None),
        (model.Smaller(MONEY, fen(100), UNKNOWN, HERE), None),
        (model.Binary(MONEY, Operator.ADD, fen(3), fen(4), HERE), 7),
        (model.Binary(MONEY, Operator.SUB, fen(3), fen(4), HERE), -1),
        (model.Binary(MONEY, Operator.MUL, fen(3), fen(4), HERE), 12),
        (model.Binary(MONEY, Operator.DIV, fen(3), fen(4), HERE), None),
        (model.Binary(MONEY, Operator.ADD, UNKNOWN, fen(4), HERE), None),
        (model.Binary(MONEY, Operator.ADD, fen(4), UNKNOWN, HERE), None),
        (UNKNOWN, None),
    ],
)
def test_an_amount_on_a_day(one: model.Expression, value: int | None) -> None:
    assert value_on(one, DAY) == value


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("2023-01-02", model.Kind.DATE, dt.date(2023, 1, 2)),
        ("2023-13-02", model.Kind.DATE, None),
        ("甲", model.Kind.TEXT, "甲"),
        ("甲", MONEY, None),
        ("是", model.Kind.FLAG, True),
        ("no", model.Kind.FLAG, False),
        ("甲", model.Kind.FLAG, None),
        ("1.5万元", MONEY, 1_500_000),
        ("0.001元", MONEY, None),
        ("1，000元", MONEY, 100_000),
        ("5个百分点", model.Kind.RATE, Fraction(1, 20)),
        ("5 points", model.Kind.RATE, Fraction(1, 20)),
        ("5％", model.Kind.RATE, Fraction(1, 20)),
        ("5元", model.Kind.RATE, None),
        ("5yuan", model.Kind.RATE, None),
        ("5", model.Kind.RATE, None),
        ("5%", model.Kind.COUNT, None),
        ("5万", model.Kind.COUNT, 50_000),
    ],
)
def test_a_value_that_is_set(text: str, kind: model.Kind, value: object) -> None:
    assert parse_setting(text, kind) == value


FIGURES = [
    ("门槛 每次 达到 标准，比例 50%", [("W701", "100.00", "50.00")]),
    ("门槛 每次 超过 100元，比例 50%", [("W701", "100.01", "50.00")]),
    ("门槛 每次 达到 100元，比例 50%", [("W701", "100.00", "50.00")]),
    ("门槛 每次 超过 100元，每次起付线 30元，比例 50%", [("W701", "100.01", "35.00")]),
    ("门槛 每次 达到 200元，每次起付线 标准，比例 50%", [("W701", "200.00", "50.00")]),
    ("门槛 每次 达到 100元，每次起付线 100元，比例 50%", []),
    ("门槛 每次 达到 100元，比例 份额", [("W701", "100.00", "50.00")]),
    (
        "门槛 每次 达到 100元，分段 每次 { 至60元: 50%；以上: 60% }",
        [("W701", "100.00", "54.00")],
    ),
    (
        "门槛 每次 达到 200元，分段 每次 { 标准以上: 50% }，每次起付线 标准",
        [("W701", "200.00", "50.00")],
    ),
    ("适用 目录内 达到 标准，比例 50%", [("W702", "100.00", None)]),
    ("适用 目录内 超过 100元，比例 50%", [("W702", "100.01", None)]),
    ("适用 目录内 不超过 100元，比例 50%", [("W702", "100.01", None)]),
    ("适用 目录内 低于 100元，比例 50%", [("W702", "100.00", None)]),
    ("适用 目录内 不低于 全自费金额，比例 50%", []),
]


@pytest.mark.parametrize(("figures", "leaps"), FIGURES)
def test_where_payment_leaps_on_the_days_that_have_a_figure(
    figures: str, leaps: list[tuple[str, str, str | None]]
) -> None:
    policy, found = check_sources(
        [Source("-", POLICY.format(figures=figures))], Options()
    )
    assert policy is not None, list(found)
    told = [
        (d.code, d.arguments["at"], d.arguments.get("leap"))
        for d in found
        if d.code in {"W701", "W702"}
    ]
    assert told == leaps


def published(*settings: str, day: dt.date) -> tuple[dict[str, int], list[str]]:
    text = """方案 样例 (sample) {
      参数 甲数 {
        自 2022-01-01 至 2022-12-31: 3元 公布 2022-06-01
        自 2023-01-01: 4元 公布 2023-06-01
      }
      参数 乙数 { 自 2022-01-01: 3元 公布 2023-01-01 }
      参数 丙数 = 3元
      限额 甲限 3元 每人每年
    }"""
    document, _ = parse(Source("-", text))
    assert document is not None
    found = Diagnostics()
    [made] = known_by([document], day, dict.fromkeys(settings, "5元"), found)
    items = (item for block in made.policies for item in block.items)
    known = {p.name.text: len(p.values) for p in items if isinstance(p, tree.Parameter)}
    return known, [str(one.arguments["name"]) for one in found]


def test_what_was_published_by_a_day() -> None:
    every = {"甲数": 2, "乙数": 1, "丙数": 1}
    assert published(day=dt.date(2023, 6, 1)) == (every, [])
    assert published(day=dt.date(2023, 5, 31)) == (every | {"甲数": 1}, [])
    before = {"甲数": 0, "乙数": 0, "丙数": 1}
    assert published(day=dt.date(2022, 5, 31)) == (before, ["甲数", "乙数"])
    set_ = published("乙数", day=dt.date(2022, 5, 31))
    assert set_ == (before | {"乙数": 1}, ["甲数"])
