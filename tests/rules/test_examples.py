"""Running examples: what differs is told line by line, what is not reached is named."""

from __future__ import annotations

import pytest

from jiugao.compile import compile_policy
from jiugao.diagnostics import RulesError
from jiugao.testing import Part, Report, explain_example, lines, run_examples

POLICY = """方案 示例 (demo) {
  依据 "办法"
  施行 2023-01-01 至 2023-12-31
  年度 自然年度 按 结算时间
  参数 自付口径 = 不计入 可选 不计入、计入  依据 "三"
  身份 类别 就高不重复 { 一类: 特困人员；二类: 低保边缘家庭成员 }
  费用 政策范围内 = 符合政策范围金额 + (先行自付金额 当 自付口径 是 计入)
  已付 基本医保 从 政策范围内 = 统筹基金支出
  待遇 救助 (aid) {
    适用 医疗类别 属于 (住院类)
    基数 政策范围内 扣除 基本医保
    按 类别 {
      一类: 起付线 不设，比例 70%，年度限额 3万元
      二类: 年度起付线 3000元，分段 累计 { 至1万元: 50%；以上: 60% }，年度限额 1.5万元
    }
    支付方 医疗救助基金
  }
  指标 预警 (warned) 按 人、年 = 合计 (医疗费总额)，目标 不超过 5万元 依据 "五"
EXAMPLES
}
"""


def run(examples: str, language: str = "zh", *, coverage: bool = False) -> Report:
    compiled = compile_policy(POLICY.replace("EXAMPLES", examples))
    return run_examples(compiled, coverage=coverage, language=language)


ROW = "结算 2023-03-01 普通住院，政策范围内 1万元"


def test_a_right_answer_passes() -> None:
    report = run(f'算例 "对" {{ 身份 特困人员；{ROW} 应得 救助 7000元，个人 3000元 }}')
    assert report.passed
    assert report.cases[0].answers == 2
    assert list(lines(report, "zh")) == ["示例：算例 1 个，通过 1 个；比较 2 个数"]
    assert list(lines(report, "en")) == [
        "示例: 1 of 1 examples pass; 2 amounts compared"
    ]


def test_one_fen_is_a_difference_with_its_line_and_both_amounts() -> None:
    report = run(f'算例 "差一分" {{\n身份 特困人员\n{ROW} 应得 救助 7000.01元\n}}')
    assert not report.passed
    (failed,) = report.failures
    (difference,) = failed.differences
    assert (difference.expected, difference.got) == (700001, 700000)
    line, _ = difference.span.line_column
    text = "\n".join(lines(report, "zh"))
    assert "不通过" in text
    assert f"第 {line} 行 1 2023-03-01 救助：应得 7,000.01元，算得 7,000.00元" in text
    text = "\n".join(lines(report, "en"))
    assert "FAILED" in text
    assert "救助: expected 7,000.01 yuan, got 7,000.00 yuan" in text
    assert difference.span.source.line_text(line).startswith("结算 2023-03-01")


@pytest.mark.parametrize(
    ("examples", "where"),
    [
        (f"身份 特困人员；{ROW}；应得 救助 1元", "合计"),
        (f"身份 特困人员；{ROW}；年终 应得 救助 1元", "年终"),
        (f"身份 特困人员；{ROW}；应得 个人 1元", "合计"),
    ],
)
def test_totals_and_year_ends_are_compared(examples: str, where: str) -> None:
    report = run(f'算例 "错" {{ {examples} }}')
    assert not report.passed
    assert any(f"{where} " in line for line in lines(report, "zh"))


def test_a_warning_is_yes_or_no() -> None:
    report = run(f'算例 "错" {{ 身份 特困人员；{ROW}；应得 预警 是 }}')
    assert "应得 是，算得 否" in "\n".join(lines(report, "zh"))
    assert "expected yes, got no" in "\n".join(lines(report, "en"))


def test_a_refused_row_is_told_and_pays_nothing() -> None:
    late = "结算 2024-01-01 普通住院，政策范围内 1万元 应得 救助 0元"
    report = run(f'算例 "过期" {{ 身份 特困人员；{late} }}')
    assert report.passed
    assert len(report.cases[0].rejections) == 1
    assert "被退回" in "\n".join(lines(report, "zh"))
    assert "rejected" in "\n".join(lines(report, "en"))


def test_settings_of_an_example_are_its_own() -> None:
    row = f"{ROW}，医疗费总额 1.2万元，先行自付金额 1000元"
    report = run(
        f'算例 "计入" {{ 参数 自付口径 = 计入；身份 特困人员；{row} 应得 救助 7700元 }}\n'
        f'算例 "不计入" {{ 身份 特困人员；{row} 应得 救助 7000元 }}'
    )
    assert report.passed, list(lines(report, "zh"))


SHARED = """方案 示例 (demo) {
  依据 "办法"
  施行 起始日 起
  年度 自然年度 按 结算时间
  参数 起始日 = 待定 (日期) 依据 "六" 条款 EX-6
  参数 比例数 = 待定 (比例) 依据 "三" 条款 EX-3
  费用 政策范围内 = 符合政策范围金额
  已付 基本医保 从 政策范围内 = 统筹基金支出
  待遇 救助 (aid) { 基数 政策范围内 扣除 基本医保，比例 比例数，支付方 救助基金 }
  算例 参数 起始日 = 2023-01-01
  算例 参数 比例数 = 70%
  算例 "共同的数" { 结算 2023-03-01 普通住院，政策范围内 1000元 应得 救助 700元 }
  算例 "自己的数" {
    参数 比例数 = 60%
    结算 2023-03-01 普通住院，政策范围内 1000元 应得 救助 600元
  }
}
"""


def test_settings_shared_by_all_examples_fill_what_is_open() -> None:
    with pytest.raises(RulesError) as refused:
        compile_policy(SHARED)
    asked = {d.arguments["name"] for d in refused.value.diagnostics.errors}
    assert asked == {"起始日"}
    compiled = compile_policy(SHARED, for_examples=True)
    report = run_examples(compiled)
    assert report.passed, list(lines(report, "zh"))
    assert [e.settings["比例数"] for e in compiled.policy.examples] == ["70%", "60%"]


def test_a_caller_does_not_change_what_examples_set() -> None:
    compiled = compile_policy(SHARED, settings={"比例数": "50%"}, for_examples=True)
    assert compiled.settings == {"起始日": "2023-01-01", "比例数": "50%"}
    assert run_examples(compiled).passed


def test_coverage_names_what_no_example_reaches() -> None:
    report = run(
        f'算例 "一" {{ 身份 特困人员；{ROW} 应得 救助 7000元 }}', coverage=True
    )
    assert report.coverage is not None
    missed = {(t.part, t.what) for t in report.coverage.missed}
    assert (Part.CLASS, "二类") in missed
    assert (Part.CLASS, "一类") not in missed
    assert (Part.ROW, "二类") in missed
    assert (Part.ROW, "一类") not in missed
    assert (Part.LIMIT, "一类 30,000.00") in missed
    assert (Part.READING, "计入") in missed
    assert (Part.READING, "不计入") not in missed
    assert (Part.WARNING, "是") in missed
    assert (Part.WARNING, "否") not in missed
    assert {w for p, w in missed if p is Part.BAND} == {
        "二类 0.00–10,000.00 50%",
        "二类 10,000.00– 60%",
    }
    text = "\n".join(lines(report, "zh"))
    assert "类别 1/2" in text
    assert "没有算例走到：类别 二类" in text
    assert "no example reaches: class 二类" in "\n".join(lines(report, "en"))


def test_full_coverage_misses_nothing() -> None:
    big = "结算 2023-03-01 普通住院，政策范围内 6万元"
    report = run(
        f'算例 "一" {{ 身份 特困人员；{big} 应得 救助 30000元；应得 预警 是 }}\n'
        f'算例 "二" {{ 身份 低保边缘家庭成员；{big} 应得 救助 15000元 }}\n'
        f'算例 "三" {{ 参数 自付口径 = 计入；身份 特困人员；{ROW} 应得 救助 7000元 }}',
        coverage=True,
    )
    assert report.passed, list(lines(report, "zh"))
    assert report.coverage is not None
    assert report.coverage.missed == ()


def test_the_account_of_an_examples_row() -> None:
    text = POLICY.replace(
        "EXAMPLES", f'算例 "对" {{ 身份 特困人员；{ROW} 应得 救助 7000元 }}'
    )
    compiled = compile_policy(text)
    assert explain_example(compiled, "对").benefits[0].paid == 700000
    with pytest.raises(KeyError):
        explain_example(compiled, "没有")
