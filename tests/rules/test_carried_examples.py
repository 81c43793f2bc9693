"""Examples whose year begins with totals: what is wrong with these, and what they reach."""

from __future__ import annotations

import pytest

from jiugao.compile import compile_policy
from jiugao.testing import Part, Report, explain_example, lines, run_examples

POLICY = """方案 新办法 (new_2023) {
  依据 "新办法"
  施行 2023-07-01 起
  年度 自然年度 按 结算时间
  参数 衔接口径 = 接着算 可选 接着算、重新起算  依据 "十二" 条款 N-12
  承接 旧办法 (old_2020) 当 衔接口径 是 接着算 { 救助 = aid；合计限额 = 封顶线 }
  费用 政策范围内 = 符合政策范围金额
  限额 合计限额 20000元 每人每年
  待遇 救助 (assistance) {
    依据 "三"
    基数 政策范围内
    年度起付线 1000元，比例 70%，限额 合计限额
    支付方 救助基金
  }
EXAMPLES
}
"""
ROW = "结算 2023-08-01 普通住院，政策范围内 1000元"
BEGUN = '"aid.base" 1000元，"aid.paid" 0元，"封顶线.used" 0元'


def run(examples: str, language: str = "zh", *, coverage: bool = False) -> Report:
    compiled = compile_policy(POLICY.replace("EXAMPLES", examples))
    return run_examples(compiled, coverage=coverage, language=language)


@pytest.mark.parametrize(
    ("totals", "told"),
    [
        ("aid.bse", "assistance.bse：方案里没有这个累计项"),
        ('aid.base" 1元，"aid.paid" 2元，"封顶线.used', "期初余额对不上"),
        ('aid.base" 1000元，"aid.paid', "合计限额.used：期初余额对不上"),
    ],
    ids=["unknown", "paid more than there was", "limit left out"],
)
def test_totals_that_are_no_use_refuse_their_example_alone(
    totals: str, told: str
) -> None:
    report = run(
        f'算例 "坏" {{ 承接 old_2020 至 2023-06-30，"{totals}" 2元；{ROW} 应得 救助 0元 }}\n'
        f'算例 "好" {{ 承接 old_2020 至 2023-06-30，{BEGUN}；{ROW} 应得 救助 700元 }}'
    )
    bad, good = report.cases
    assert good.passed
    assert bad.error is not None
    assert told in bad.error
    assert bad.error in "\n".join(lines(report, "zh"))


def test_under_a_reading_that_carries_nothing_totals_are_refused() -> None:
    case = f'算例 "坏" {{ 参数 衔接口径 = 重新起算；承接 old_2020 至 2023-06-30，{BEGUN}；{ROW} 应得 救助 0元 }}'
    (bad,) = run(case, "en").cases
    assert bad.error is not None
    assert "old_2020" in bad.error
    assert "does not carry" in bad.error


def test_a_claim_within_the_totals_is_told() -> None:
    case = f'算例 "期初以内" {{ 承接 至 2023-08-01，"assistance.base" 0元，"合计限额.used" 0元；{ROW} 应得 救助 0元 }}'
    (found,) = run(case).cases
    assert found.passed
    assert [r.code for r in found.rejections] == ["D929"]


def test_coverage_knows_which_totals_go_on() -> None:
    report = run(
        f'算例 "起付线" {{ 承接 old_2020 至 2023-06-30，{BEGUN}；{ROW} 应得 救助 700元 }}',
        coverage=True,
    )
    assert report.coverage is not None
    carried = {
        t.what: t.hits for t in report.coverage.targets if t.part is Part.CARRIED
    }
    assert carried == {"assistance = aid": 1, "合计限额 = 封顶线": 0}
    assert "没有算例走到：承接 旧办法 合计限额 = 封顶线" in "\n".join(
        lines(report, "zh")
    )


def test_the_account_of_a_row_begins_with_the_totals() -> None:
    text = (
        f'算例 "例" {{ 承接 old_2020 至 2023-06-30，{BEGUN}；{ROW} 应得 救助 700元 }}'
    )
    account = explain_example(compile_policy(POLICY.replace("EXAMPLES", text)), "例")
    (benefit,) = account.benefits
    assert benefit.threshold is not None
    assert benefit.threshold.before == benefit.threshold.amount
