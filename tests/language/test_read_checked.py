"""What conditions and amounts of small policies are read as, or what is told of them."""

from __future__ import annotations

import pytest
from tests.language.shown import checked_text, errors, shown

from jiugao.diagnostics import Diagnostics
from jiugao.policy import model

POLICY = """方案 样例 (sample) {{
  依据 "样例文件"
  施行 2023-01-01 起
  年度 自然年度 按 结算时间
  输入 等级 (grade): 代码 由低到高 {{ 1 一级；2 二级；3 三级 }}
  输入 重病 (serious): 是否
  输入 慢病 (chronic): 是否
  输入 病名 (illness): 文本
  输入 床日 (days): 数
  输入 入院日 (in_day): 日期
  输入 人群 (crowd): 代码 来自 人员 {{ 1 低保对象；2 特困人员；3 孤儿 }}
  身份 类别 就高不重复 {{ 一类: 特困人员；二类: 低保对象；三类: 孤儿 当 口径 是 乙 }}
  参数 口径 = 甲 可选 甲、乙
  参数 标准 {{ 自 2022-01-01 至 2023-12-31: 100元；自 2024-01-01: 200元 }}
  参数 倍数 = 2
  费用 目录内 = 符合政策范围金额
  费用 另计 = {expense}
  待遇 救助 (assistance) {{
    适用 {condition}
    基数 目录内，比例 70%，支付方 甲
  }}
  {more}
}}
"""


def checked(
    condition: str = "重病", expense: str = "全自费金额", more: str = ""
) -> tuple[model.Policy | None, Diagnostics]:
    text = POLICY.format(condition=condition, expense=expense, more=more)
    return checked_text(text)


READ = [
    ("身份 属于 (低保对象、孤儿)", "holds 低保对象 孤儿"),
    ("人群 是 低保对象", "holds 低保对象"),
    ("人群 属于 (低保对象、孤儿)", "holds 低保对象 孤儿"),
    ("重病 是 是", "重病"),
    ("重病 是 否", "not 重病"),
    ("重病 是 慢病", "(重病 IS 慢病)"),
    ("床日 是 3", "(床日 IS 3)"),
    ("目录内 + 100元 是 3元", "((expense 目录内 ADD 10000) IS 300)"),
    ('病名 是 "甲"', "病名 in 甲"),
    ('病名 属于 ("甲"、"乙")', "病名 in 乙 甲"),
    ("等级 是 二级", "等级 in 2"),
    ("等级 不低于 二级", "等级 in 2 3"),
    ("等级 超过 二级", "等级 in 3"),
    ("等级 超过 三级", "False"),
    ("等级 不超过 二级", "等级 in 1 2"),
    ("等级 低于 二级", "等级 in 1"),
    ("床日 不低于 3", "(床日 AT_LEAST 3)"),
    ("类别 属于 (一类、三类)", "standing in 一类"),
    ("类别 是 三类", "False"),
    ("口径 属于 (甲、乙)", "True"),
    ("口径 属于 (乙)", "False"),
    ("标准 不低于 上年 标准", "(标准 AT_LEAST last 标准)"),
    ("目录内 超出 100元 不低于 50元", "(excess(expense 目录内, 10000) AT_LEAST 5000)"),
    ("目录内 至多 100元 不低于 50元", "(smaller(expense 目录内, 10000) AT_LEAST 5000)"),
    ("入院日 + 3天 早于 结算时间", "((入院日 ADD 3) BEFORE day)"),
    ("入院日 - 3天 早于 结算时间", "((入院日 SUB 3) BEFORE day)"),
    ("倍数 × 100元 超过 目录内", "((倍数 MUL 10000) OVER expense 目录内)"),
    ("100元 × 倍数 超过 目录内", "((倍数 MUL 10000) OVER expense 目录内)"),
    (
        "目录内 × 50% 超过 目录内 × 床日",
        "((1/2 MUL expense 目录内) OVER (床日 MUL expense 目录内))",
    ),
    ("50% × 50% 超过 20%", "((1/2 MUL 1/2) OVER 1/5)"),
    ("50% + 5% 超过 20%", "((1/2 ADD 1/20) OVER 1/5)"),
]


@pytest.mark.parametrize(("written", "read"), READ)
def test_conditions_are_read_as(written: str, read: str) -> None:
    policy, found = checked(expense=f"全自费金额 当 {written}")
    assert policy is not None, list(found)
    whole = {"True": "全自费金额", "False": "0"}
    shape = whole.get(read, f"(全自费金额 if {read})")
    assert shown(policy.expenses[1].amount) == shape


TOLD = [
    ("重病 + 慢病", "E304", "重病 + 慢病"),
    ("3天", "E605", "3天"),
    ("类别 当 重病", "E301", "类别"),
    ("等级 至多 100元", "E301", "等级"),
    ("等级 超出 100元", "E301", "等级"),
    ("全自费金额 至多 3", "E305", "3"),
    ("上年 口径", "E306", "口径"),
    ("上年 目录内", "E306", "目录内"),
    ("上年 标注", "E201", "标注"),
    ("全自费金额 + 3天", "E301", "全自费金额"),
    ("全自费金额 × 全自费金额", "E303", "全自费金额 × 全自费金额"),
    ("全自费金额 × 重病", "E304", "全自费金额 × 重病"),
    ("全自费金额 / 3", "E605", "全自费金额 / 3"),
    ("全自费金额 + 3", "E304", "全自费金额 + 3"),
    ("0.001元", "E309", "0.001元"),
]
TOLD_OF_CONDITIONS = [
    ("目录内 属于 (甲、乙)", "E301", "目录内"),
    ("3天", "E605", "3天"),
    ("重病 是 3", "E301", "3"),
    ("重病 是 一级", "E201", "一级"),
    ("床日 是 重病", "E301", "重病"),
    ("等级 不低于 四级", "E201", "四级"),
    ("口径 是 丙", "E203", "丙"),
    ("类别 是 四类", "E201", "四类"),
    ("病名 是 4", "E301", "4"),
    ("病名 是 甲乙丙", "E202", "甲乙丙"),
    ("等级 是 口径", "E203", "口径"),
    ("入院日 + 3个月 早于 结算时间", "E310", "3个月"),
    ("入院日 + 99999999天 早于 结算时间", "E314", "入院日 + 99999999天"),
    ("重病 早于 慢病", "E304", "重病 早于 慢病"),
    ("目录内 早于 结算时间", "E304", "目录内 早于 结算时间"),
    ("目录内 超过 3", "E305", "3"),
    ("目录内 超过 50%", "E301", "50%"),
    ("50% 超过 3", "E302", "3"),
    ("50% 超过 0.3", "E315", "0.3"),
    ("50% 超过 1.0", "E302", "1.0"),
    ("50% 超过 0", "E302", "0"),
]


@pytest.mark.parametrize(
    ("written", "code", "place"),
    TOLD + [(f"全自费金额 当 {one}", *told) for one, *told in TOLD_OF_CONDITIONS],
)
def test_what_is_told_of_amounts(written: str, code: str, place: str) -> None:
    assert errors(checked(expense=written)[1]) == [(code, place)]


def test_each_option_that_is_none_is_told() -> None:
    _, found = checked(expense="全自费金额 当 口径 属于 (丙、甲、丁)")
    assert errors(found) == [("E203", "丙"), ("E203", "丁")]
