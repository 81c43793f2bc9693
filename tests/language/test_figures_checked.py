"""What figures of small policies are read as, or what is told of them."""

from __future__ import annotations

import pytest
from tests.language.shown import checked_text, errors, shown

from jiugao.diagnostics import Diagnostics
from jiugao.policy import model
from jiugao.policy.walk import figures_of

POLICY = """方案 样例 (sample) {{
  依据 "样例文件"
  施行 2023-01-01 起
  年度 自然年度 按 结算时间
  输入 等级 (grade): 代码 由低到高 {{ 1 一级；2 二级；3 三级 }}
  输入 重病 (serious): 是否
  身份 类别 {ranking} {{ 一类: 特困人员；二类: 低保对象 }}
  限额 总限额 3万元 每人每年
  参数 点数 = 5个百分点
  参数 份额 = 5%
  费用 目录内 = 符合政策范围金额
  费用 目录外 = 全自费金额
  待遇 救助 (assistance) {{ {base}，支付方 甲，{figures} }}
  待遇 其他 (other) {{ 基数 目录外，比例 1%，限额 总限额，支付方 甲 }}
  {more}
}}
"""


def checked(
    figures: str,
    *,
    ranking: str = "就高不重复",
    base: str = "基数 目录内",
    more: str = "",
) -> tuple[model.Policy | None, Diagnostics]:
    text = POLICY.format(figures=figures, ranking=ranking, base=base, more=more)
    return checked_text(text)


def benefit(figures: str, **more: str) -> model.Benefit:
    policy, found = checked(figures, **more)
    assert policy is not None, list(found)
    return policy.benefits[0]


def value(one: model.Value) -> str:
    match one:
        case model.Deductible(amount=at, period=period):
            return f"{shown(at)} {period.name}"
        case model.Gate(amount=at, period=period):
            return f"{shown(at)} {period.name}"
        case model.Rates(bands=bands):
            return " ".join(f"{shown(b.lower)}: {shown(b.rate)}" for b in bands)
        case model.PartRates(rates=rates):
            return " ".join(f"{r.part} {shown(r.rate)}" for r in rates)
        case tuple():
            return " ".join(
                f"{v.shared or shown(v.amount)} {v.period.name}" for v in one
            )
        case _:
            return type(one).__name__


def shape(figure: model.Figure) -> str:
    match figure:
        case model.NotEntitled():
            return "-"
        case model.Leaf(value=inside):
            return value(inside)
        case model.Table(subject=subject, arms=arms):
            rows = (
                f"{'else' if a.others else ' '.join(sorted(map(str, a.keys)))} -> {shape(a.body)}"
                for a in arms
            )
            return f"{shown(subject)} {{{'; '.join(rows)}}}"


BANDS = "分段 累计 { 至1万元: 60%；以上: 70% }"
YEARLY = "年度起付线 1000元，比例 60%"
LIMITED = "比例 60%，年度限额 1万元"
TILTED = [
    (YEARLY, "起付线 300元", "30000 YEAR"),
    (YEARLY, "每次起付线 300元", "30000 CLAIM"),
    (YEARLY, "年度起付线 降低 300元", "70000 YEAR"),
    (YEARLY, "起付线 降低 50%", "50000 YEAR"),
    (YEARLY, "起付线 提高 20%", "120000 YEAR"),
    (YEARLY, "起付线 提高 20元", "102000 YEAR"),
    (YEARLY, "起付线 不设", "none YEAR"),
    ("起付线 不设，比例 60%", "起付线 50元", "5000 YEAR"),
    ("起付线 不设，比例 60%", "每次起付线 50元", "5000 CLAIM"),
    ("比例 60%", "比例 80%", "0: 4/5"),
    ("比例 60%", "比例 提高 5个百分点", "0: 13/20"),
    ("比例 60%", "比例 降低 5个百分点", "0: 11/20"),
    ("比例 60%", "比例 提高 点数", "0: (3/5 ADD 点数)"),
    (BANDS, "比例 80%", "0: 4/5 1000000: 4/5"),
    (BANDS, "各段 提高 5个百分点", "0: 13/20 1000000: 3/4"),
    (LIMITED, "年度限额 提高 5000元", "1500000 YEAR"),
    (LIMITED, "年度限额 提高 50%", "1500000 YEAR"),
    (LIMITED, "年度限额 2万元", "2000000 YEAR"),
    (LIMITED, "年度限额 不设", "none YEAR"),
    (LIMITED, "限额 不设", "none YEAR"),
    (f"{LIMITED}，限额 总限额", "年度限额 2万元", "2000000 YEAR 总限额 YEAR"),
    (f"{LIMITED}，每次限额 100元", "年度限额 2万元", "2000000 YEAR 10000 CLAIM"),
    (f"{LIMITED}，每次限额 100元", "每次限额 降低 20元", "1000000 YEAR 8000 CLAIM"),
    ("比例 60%，限额 不设", "年度限额 2万元", "2000000 YEAR"),
    (
        "按 类别 { 一类: 比例 60%；二类: 不享受 }",
        "比例 80%",
        "standing {一类 -> 0: 4/5; 二类 -> -}",
    ),
    (
        "按 类别 { 一类: 每次起付线 200元；二类: 年度起付线 1000元 }，比例 60%",
        "每次起付线 降低 50%",
        "standing {一类 -> 10000 CLAIM; 二类 -> 100000 YEAR}",
    ),
    (
        "按 类别 { 一类: 起付线 不设；二类: 年度起付线 1000元 }，比例 60%",
        "起付线 降低 50%",
        "standing {一类 -> none YEAR; 二类 -> 50000 YEAR}",
    ),
]
TILTED_WRONGLY = [
    (YEARLY, "起付线 降低 3", "E305", "3"),
    (YEARLY, "起付线 降低 没有", "E203", "没有"),
    (YEARLY, "每次起付线 降低 300元", "E416", "每次起付线 降低 300元"),
    (YEARLY, "每次起付线 不设", "E416", "每次起付线 不设"),
    (YEARLY, "终身起付线 不设", "E416", "终身起付线 不设"),
    (LIMITED, "终身限额 提高 50%", "E416", "终身限额 提高 50%"),
    ("比例 60%，每次限额 100元", "限额 不设", "E416", "限额 不设"),
    ("起付线 不设，比例 60%", "起付线 降低 50%", "E416", "起付线 降低 50%"),
    ("起付线 不设，比例 60%", "起付线 不设", "E416", "起付线 不设"),
    ("比例 60%，限额 不设", "年度限额 提高 2万元", "E416", "年度限额 提高 2万元"),
    (YEARLY, "起付线 没有", "E203", "没有"),
    ("比例 60%", "起付线 50元", "E416", "起付线 50元"),
    ("比例 60%", "比例 提高 5%", "E308", "比例 提高 5%"),
    ("比例 60%", "比例 提高 份额", "E308", "比例 提高 份额"),
    ("比例 60%", "比例 提高 没有", "E203", "没有"),
    ("比例 60%", "比例 不设", "E605", "比例 不设"),
    (BANDS, "各段 不设", "E605", "各段 不设"),
    (LIMITED, "每次限额 2万元", "E416", "每次限额 2万元"),
    ("比例 60%，限额 总限额", "年度限额 2万元", "E416", "年度限额 2万元"),
    ("比例 60%，限额 不设", "年度限额 没有", "E203", "没有"),
]


@pytest.mark.parametrize(("figures", "edit", "better"), TILTED)
def test_what_a_tilt_makes_of_a_figure(figures: str, edit: str, better: str) -> None:
    plain, tilted = (
        benefit(figures + more) for more in ("", f"，倾斜 特困人员 {{ {edit} }}")
    )
    pairs = zip(map(shape, figures_of(plain)), figures_of(tilted), strict=True)
    changed = [(before, shape(now)) for before, now in pairs if before != shape(now)]
    assert [now for _, now in changed] == [
        f"holds 特困人员 {{True -> {better}; False -> {before}}}"
        for before, _ in changed
    ]
    assert changed


@pytest.mark.parametrize(("figures", "edit", "code", "place"), TILTED_WRONGLY)
def test_what_a_tilt_cannot_do(figures: str, edit: str, code: str, place: str) -> None:
    _, found = checked(f"{figures}，倾斜 特困人员 {{ {edit} }}")
    assert errors(found) == [(code, place)]
    for told in found:
        assert "@" not in told.cause("zh") + told.cause("en")


CLASSED = [
    (
        "按 类别 { 一类: 比例 80%；二类: 比例 60% }",
        {"一类": "holds 特困人员 | 0: 4/5", "二类": "holds 低保对象 | 0: 3/5"},
    ),
    (
        "按 类别 { 一类: 比例 80%；其余: 比例 60% }",
        {"一类": "holds 特困人员 | 0: 4/5", "二类": "holds 低保对象 | 0: 3/5"},
    ),
    (
        "按 类别 { 一类: 比例 80%；二类: 不享受 }",
        {"": "holds 特困人员 | 0: 4/5"},
    ),
    (
        "按 类别 { 一类、二类: 比例 80% }",
        {"": "(holds 特困人员 OR holds 低保对象) | 0: 4/5"},
    ),
    (
        "按 类别 { 一类: 比例 按 重病 { 是: 70%；否: 50% }；二类: 比例 60% }",
        {
            "一类": "holds 特困人员 | 重病 {True -> 0: 7/10; False -> 0: 1/2}",
            "二类": "holds 低保对象 | 0: 3/5",
        },
    ),
    (
        "按 类别 是 一类 { 是: 比例 80%；否: 比例 60% }",
        {"一类": "holds 特困人员 | 0: 4/5", "二类": "holds 低保对象 | 0: 3/5"},
    ),
    (
        "按 类别 是 一类 { 是: 比例 80%；否: 不享受 }",
        {"": "holds 特困人员 | 0: 4/5"},
    ),
    (
        "按 类别 是 一类 且 重病 { 是: 比例 80%；否: 比例 60% }",
        {
            "一类": "holds 特困人员 | 重病 {True -> 0: 4/5; False -> 0: 3/5}",
            "二类": "holds 低保对象 | 0: 3/5",
        },
    ),
    (
        "比例 按 重病 { 是: 70%；否: 50% }",
        {"": "none | 重病 {True -> 0: 7/10; False -> 0: 1/2}"},
    ),
    ("适用 类别 是 一类，比例 50%", {"": "holds 特困人员 | 0: 1/2"}),
    (
        "适用 类别 是 一类 或 重病，比例 按 类别 { 一类: 80%；二类: 60% }",
        {
            "一类": "holds 特困人员 | 0: 4/5",
            "二类": "(holds 低保对象 AND 重病) | 0: 3/5",
        },
    ),
    (
        "适用 目录外 不低于 (100元 当 类别 是 一类)，比例 按 类别 { 一类: 80%；二类: 60% }",
        {
            "一类": "(holds 特困人员 AND (expense 目录外 AT_LEAST 10000)) | 0: 4/5",
            "二类": "(holds 低保对象 AND (expense 目录外 AT_LEAST 0)) | 0: 3/5",
        },
    ),
    (
        "按 类别 { 一类: 比例 80%，门槛 每次 达到 100元；二类: 比例 60%，门槛 每次 达到 200元 }",
        {
            "一类": "holds 特困人员 | 10000 CLAIM | 0: 4/5",
            "二类": "holds 低保对象 | 20000 CLAIM | 0: 3/5",
        },
    ),
    (
        "比例 按 类别 { 一类: 80%；二类: 60% }，收款方 医疗机构 当 类别 是 一类 或 重病",
        {
            "一类": "holds 特困人员 | 0: 4/5 | to 医疗机构 if none",
            "二类": "holds 低保对象 | 0: 3/5 | to 医疗机构 if 重病",
        },
    ),
    (
        "比例 按 类别 { 一类: 80%；二类: 60% }，期限 结算时间 + 30日 当 类别 是 一类",
        {
            "一类": "holds 特困人员 | 0: 4/5 | due if none",
            "二类": "holds 低保对象 | 0: 3/5",
        },
    ),
]


@pytest.mark.parametrize(("figures", "made"), CLASSED)
def test_what_a_benefit_is_for_each_class_of_a_person(
    figures: str, made: dict[str, str]
) -> None:
    policy, found = checked(figures, ranking="择优 按次")
    assert policy is not None, list(found)
    found_by_class = {}
    for one in policy.benefits[:-1]:
        figures_told = (shape(f) for f in (one.gate, one.rates) if f is not None)
        payees = (f"to {p.name} if {shown(p.condition)}" for p in one.payees)
        due = (f"due if {shown(d.condition)}" for d in one.due)
        told = (shown(one.applies), *figures_told, *payees, *due)
        found_by_class[one.name.removeprefix("救助").strip("·")] = " | ".join(told)
    assert found_by_class == made
