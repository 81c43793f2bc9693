"""What indicators of small policies are read as, or what is told of them."""

from __future__ import annotations

import pytest
from tests.language.shown import errors, shown
from tests.language.test_funds_checked import checked

from jiugao.policy import fund_model


def indicator(one: fund_model.Indicator) -> list[str]:
    totals = (f"{t.name} {t.kind.name} {shown(t.value)}" for t in one.totals)
    aims = (
        f"{'else' if a.others else ' '.join(sorted(a.keys))} "
        f"{a.threshold.operator.name} {shown(a.threshold.amount)}"
        f"{' pending' if a.pending else ''}"
        for a in one.aims
    )
    head = f"{one.table} {' '.join(one.by)}: {shown(one.value)} {one.value.kind.name}"
    return [head, *totals, f"by {shown(one.subject)}", *aims]


INDICATORS = [
    (
        "年 = 合计 医疗费总额 / 合计 目录内，目标 按 口径 { 甲: 不超过 5%；乙: 不超过 10% }",
        [
            "claims year: (total 甲.1 DIV total 甲.2) RATE",
            "甲.1 MONEY 医疗费总额",
            "甲.2 MONEY expense 目录内",
            "by none",
            "else NOT_OVER 1/20",
        ],
    ),
    (
        "年 = 合计 医疗费总额 / 合计 目录内，目标 按 口径 { 乙: 不超过 5%；其余: 不超过 10% }",
        [
            "claims year: (total 甲.1 DIV total 甲.2) RATE",
            "甲.1 MONEY 医疗费总额",
            "甲.2 MONEY expense 目录内",
            "by none",
            "else NOT_OVER 1/10",
        ],
    ),
    (
        "年 = 合计 医疗费总额 / 合计 目录内，目标 按 口径 { 乙: 不超过 5%；甲: 待定 }",
        [
            "claims year: (total 甲.1 DIV total 甲.2) RATE",
            "甲.1 MONEY 医疗费总额",
            "甲.2 MONEY expense 目录内",
            "by none",
            "else NOT_OVER none pending",
        ],
    ),
    (
        "年 = 合计 医疗费总额 / 合计 目录内，目标 按 口径 { 乙: 不超过 5%；甲: 不享受 }",
        [
            "claims year: (total 甲.1 DIV total 甲.2) RATE",
            "甲.1 MONEY 医疗费总额",
            "甲.2 MONEY expense 目录内",
            "by none",
            "else NOT_OVER none",
        ],
    ),
    (
        "年 = 合计 医疗费总额 / 合计 目录内，目标 按 等级 { 一级: 不超过 5%；其余: 不超过 10% }",
        [
            "claims year: (total 甲.1 DIV total 甲.2) RATE",
            "甲.1 MONEY 医疗费总额",
            "甲.2 MONEY expense 目录内",
            "by 等级",
            "1 NOT_OVER 1/20",
            "else NOT_OVER 1/10",
        ],
    ),
    (
        "年 = 合计 医疗费总额 / 合计 目录内，目标 按 等级 { 一级: 不超过 5%；二级: 待定；三级: 不享受 }",
        [
            "claims year: (total 甲.1 DIV total 甲.2) RATE",
            "甲.1 MONEY 医疗费总额",
            "甲.2 MONEY expense 目录内",
            "by 等级",
            "1 NOT_OVER 1/20",
            "2 NOT_OVER none pending",
            "3 NOT_OVER none",
        ],
    ),
    (
        "年 = 合计 医疗费总额 / 计数 全部，目标 不超过 5元",
        [
            "claims year: (total 甲.1 DIV total 甲.2) MONEY",
            "甲.1 MONEY 医疗费总额",
            "甲.2 COUNT True",
            "by none",
            "else NOT_OVER 500",
        ],
    ),
    (
        "年 = 计数 (等级 是 一级) / 计数 全部，目标 达到 5%",
        [
            "claims year: (total 甲.1 DIV total 甲.2) RATE",
            "甲.1 COUNT 等级 in 1",
            "甲.2 COUNT True",
            "by none",
            "else AT_LEAST 1/20",
        ],
    ),
    (
        "年 = 合计 医疗费总额 / (合计 目录内 / 合计 医疗费总额)，目标 不超过 5元",
        [
            "claims year: (total 甲.1 DIV (total 甲.2 DIV total 甲.1)) MONEY",
            "甲.1 MONEY 医疗费总额",
            "甲.2 MONEY expense 目录内",
            "by none",
            "else NOT_OVER 500",
        ],
    ),
    (
        "年 = 同比 合计 (基本医保 + 救助)，目标 不超过 5%",
        [
            "claims year: ((total 甲.1 DIV last total 甲.1) SUB 1) RATE",
            "甲.1 MONEY (paid 基本医保 ADD benefit 救助)",
            "by none",
            "else NOT_OVER 1/20",
        ],
    ),
    (
        "年 = 同比 (合计 基本医保 + 合计 救助)，目标 不超过 5%",
        [
            "claims year: (((total 甲.1 ADD total 甲.2) DIV (last total 甲.1 ADD last total 甲.2)) SUB 1) RATE",
            "甲.1 MONEY paid 基本医保",
            "甲.2 MONEY benefit 救助",
            "by none",
            "else NOT_OVER 1/20",
        ],
    ),
    (
        "年 = 同比 (合计 基本医保 至多 合计 救助)，目标 不超过 5%",
        [
            "claims year: ((smaller(total 甲.1, total 甲.2) DIV smaller(last total 甲.1, last total 甲.2)) SUB 1) RATE",
            "甲.1 MONEY paid 基本医保",
            "甲.2 MONEY benefit 救助",
            "by none",
            "else NOT_OVER 1/20",
        ],
    ),
    (
        "年 = 同比 (合计 基本医保 超出 100元)，目标 不超过 5%",
        [
            "claims year: ((excess(total 甲.1, 10000) DIV excess(last total 甲.1, 10000)) SUB 1) RATE",
            "甲.1 MONEY paid 基本医保",
            "by none",
            "else NOT_OVER 1/20",
        ],
    ),
    (
        "年 = 合计 停用，目标 不超过 5元",
        [
            "claims year: total 甲.1 MONEY",
            "甲.1 MONEY 0",
            "by none",
            "else NOT_OVER 500",
        ],
    ),
    (
        "年 = 合计 目录内，目标 不超过 标准",
        [
            "claims year: total 甲.1 MONEY",
            "甲.1 MONEY expense 目录内",
            "by none",
            "else NOT_OVER 标准",
        ],
    ),
    (
        "医疗机构、区域、月 = 合计 目录内，目标 不超过 5元",
        [
            "claims institution area month: total 甲.1 MONEY",
            "甲.1 MONEY expense 目录内",
            "by none",
            "else NOT_OVER 500",
        ],
    ),
    (
        "参保、年 = 合计 个人缴费，目标 不超过 5元",
        [
            "enrolment year: total 甲.1 MONEY",
            "甲.1 MONEY 个人缴费",
            "by none",
            "else NOT_OVER 500",
        ],
    ),
]
WRONG_INDICATORS = [
    (
        "年 = 合计 医疗费总额 / 合计 目录内，目标 按 等级 { 一级: 不超过 5元；其余: 不超过 10% }",
        [("E301", "5元")],
    ),
    (
        "年 = 合计 医疗费总额 / 合计 目录内，目标 按 定点医药机构 { 是: 不超过 5%；否: 不超过 10% }",
        [("E448", "定点医药机构")],
    ),
    (
        "年 = 合计 医疗费总额 / 合计 目录内，目标 按 口径 { 乙: 不超过 5% }",
        [("E410", "按 口径 { 乙: 不超过 5% }")],
    ),
    ("年 = 合计 医疗费总额 / 计数 全部，目标 不超过 5%", [("E301", "5%")]),
    (
        "年 = 合计 医疗费总额 / 合计 目录内 / 计数 全部，目标 不超过 5%",
        [("E304", "合计 医疗费总额 / 合计 目录内 / 计数 全部")],
    ),
    (
        "年 = 计数 全部 / 合计 目录内，目标 不超过 5%",
        [("E304", "计数 全部 / 合计 目录内")],
    ),
    (
        "年 = (计数 全部 / 计数 全部) / 计数 全部，目标 不超过 5%",
        [("E304", "(计数 全部 / 计数 全部) / 计数 全部")],
    ),
    ("年 = 合计 等级，目标 不超过 5元", [("E301", "等级")]),
    ("年 = 计数 目录内，目标 不超过 5元", [("E301", "目录内")]),
    ("年 = 同比 没有，目标 不超过 5%", [("E202", "没有")]),
    (
        "年 = 合计 没有 / 合计 也没有，目标 不超过 5%",
        [("E202", "没有"), ("E202", "也没有")],
    ),
    ("年 = 目录内，目标 不超过 5元", [("E447", "目录内")]),
    ("年 = 没有，目标 不超过 5元", [("E202", "没有")]),
    ("年 = 合计 目录内，目标 不超过 没有", [("E203", "没有")]),
    (
        "年、月 = 合计 目录内，目标 不超过 5元",
        [("E446", "指标 甲 按 年、月 = 合计 目录内，目标 不超过 5元")],
    ),
    (
        "年、年 = 合计 目录内，目标 不超过 5元",
        [("E446", "指标 甲 按 年、年 = 合计 目录内，目标 不超过 5元")],
    ),
    (
        "医疗机构 = 合计 目录内，目标 不超过 5元",
        [("E446", "指标 甲 按 医疗机构 = 合计 目录内，目标 不超过 5元")],
    ),
    (
        "参保、月 = 合计 个人缴费，目标 不超过 5元",
        [("E446", "指标 甲 按 参保、月 = 合计 个人缴费，目标 不超过 5元")],
    ),
    (
        "参保、医疗机构、年 = 合计 个人缴费，目标 不超过 5元",
        [("E446", "指标 甲 按 参保、医疗机构、年 = 合计 个人缴费，目标 不超过 5元")],
    ),
    ("参保、区域、年 = 合计 目录内，目标 不超过 5元", [("E306", "目录内")]),
    ("医院、年 = 合计 目录内，目标 不超过 5元", [("E203", "医院")]),
    ("人、年 = 合计 目录内，目标 待定", [("E449", "待定")]),
    ("人、年 = 合计 等级，目标 不超过 5元", [("E301", "等级")]),
    ("人、年 = 计数 全部，目标 不超过 5元", [("E449", "计数 全部")]),
    (
        "人、月 = 合计 目录内，目标 不超过 5元",
        [("E446", "指标 甲 按 人、月 = 合计 目录内，目标 不超过 5元")],
    ),
    ("人、年 = 合计 目录内，目标 不超过 没有", [("E203", "没有")]),
    (
        "人、年 = 合计 目录内，目标 按 等级 { 一级: 不超过 5元；其余: 不超过 6元 }",
        [("E605", "等级")],
    ),
]


@pytest.mark.parametrize(("written", "read"), INDICATORS)
def test_indicators_are_read_as(written: str, read: list[str]) -> None:
    policy, found = checked(f"指标 甲 按 {written}")
    assert policy is not None, list(found)
    [one] = policy.indicators
    assert indicator(one) == read


@pytest.mark.parametrize(("written", "told"), WRONG_INDICATORS)
def test_what_is_told_of_indicators(written: str, told: list[tuple[str, str]]) -> None:
    assert errors(checked(f"指标 甲 按 {written}")[1]) == told


@pytest.mark.parametrize(
    ("limits", "by_class", "others"),
    [
        ("目标 不超过 5元", {}, "500"),
        ("目标 按 类别 { 一类: 不超过 5元；其余: 不享受 }", {"一类": "500"}, "none"),
        (
            "目标 按 类别 { 一类: 不超过 5元；二类: 不超过 6元 }",
            {"一类": "500", "二类": "600"},
            None,
        ),
    ],
)
def test_warnings_by_person_are_read_as(
    limits: str, by_class: dict[str, str], others: str | None
) -> None:
    standing = "身份 类别 就高不重复 { 一类: 特困人员；二类: 低保对象 }"
    policy, found = checked(f"{standing}\n指标 甲 按 人、年 = 合计 目录内，{limits}")
    assert policy is not None, list(found)
    [warning] = policy.warnings
    targets = warning.targets
    assert {k: shown(t.amount) for k, t in targets.by_class.items()} == by_class
    assert (targets.others and shown(targets.others.amount)) == others
    assert shown(warning.amount) == "expense 目录内"
