"""Random policies as the text that an author would write, out of a row of picks.

Everything is decided by picks of one of n, the plainest first. Hypothesis makes them (and
shrinks them), or a seeded generator does, or a list of picks replays a known case.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from tests.properties.benefits import AMOUNTS, benefit, figure
from tests.properties.picks import Draw, Written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


CALENDAR = "年度 自然年度 按 结算时间"


@st.composite
def policies(draw: st.DrawFn) -> str:
    """The text of a policy, by hypothesis."""
    return policy_text(lambda n: draw(st.integers(0, n - 1)))


def replayed(picks: Sequence[int]) -> str:
    """The text of a policy from recorded picks; where they end, the plainest."""
    left = iter(picks)
    return policy_text(lambda n: min(next(left, 0), n - 1))


def policy_text(pick: Callable[[int], int]) -> str:
    """The text of a policy that compiles (or is refused as unreachable)."""
    draw = Draw(pick)
    written = Written()
    written.items += [
        '依据 "随机方案" 条款 R-1',
        force(draw),
        CALENDAR,
    ]
    written.items += [
        "输入 级别 (level): 代码 { 1 一级；2 二级；3 三级 }",
        "输入 特殊 (special): 是否 缺省 否",
        "输入 另列 (extra_amt): 金额 缺省 0元",
        "输入 另费 (other_amt): 金额 缺省 0元",
        "输入 分项 (part_amt): 金额 缺省 0元",
        "输入 开单日 (ordered_on): 日期 缺省 2022-03-01",
        '输入 病种 (dise_no): 文本 缺省 ""',
        '名录 病种名录 来自 "conditions.csv"',
        '名录 「药品以上」 来自 "drugs.csv"',
    ]
    if not draw.once_in(3):
        draw_standing(draw, written)
    draw_expenses(draw, written)
    draw_benefits(draw, written)
    if draw.once_in(4):
        draw_warning(draw, written)
    if draw.once_in(3):
        draw_totals(draw, written)
    text = written.text()
    text = text if draw.once_in(4) else with_best_of(draw, text)
    return text.replace(CALENDAR, year(draw))  # last: earlier picks stay what they were


def with_best_of(draw: Draw, text: str) -> str:
    """The same policy, every class that a person is in counting, where it can be so."""
    way = draw.one(("按次", "按年"))
    every = re.findall(r"  待遇 .*?\n  }", text, re.DOTALL)
    blocks = {block.split()[1]: block for block in every}
    by_class = [name for name, block in blocks.items() if "按 类别" in block]
    chosen = " ".join(re.findall(r"择优 .*", text))
    if "申请类" in text or not by_class or any(name in chosen for name in by_class):
        return text
    if any("基数 {" in blocks[name] for name in by_class):
        return text
    if any("共用" in blocks[name] for name in by_class):
        way = "按次"
    text = text.replace("类别 就高不重复", f"类别 择优 {way}").replace(" 终身", "")
    for name in by_class:
        alone = re.sub(r"\n *结算 .*", "", blocks[name])
        text = text.replace(blocks[name], alone)
    return re.sub(r"目标 按 类别 \{.*?\}", "目标 不超过 500元", text)


def force(draw: Draw) -> str:
    """施行, mostly open."""
    return draw.one(
        (
            "施行 2022-01-01 起",
            "施行 2022-03-10 起，追溯 2022-01-01",
            "施行 2022-01-01 至 2023-09-30",
            "施行 2022-04-01 起，累计 自 2022-01-01",
        )
    )


def year(draw: Draw) -> str:
    """年度, mostly the calendar's."""
    begins = draw.one(
        ("自然年度",) * 5 + ("自 2022-07-01 起", "自 2021-03-01 起", "自 2022-12-31 起")
    )
    return f"年度 {begins} 按 结算时间"


def draw_standing(draw: Draw, written: Written) -> None:
    """A standing table of one to three classes, perhaps one more on application."""
    rows = []
    names = ["一类", "二类", "三类"][: draw.number(1, 3)]
    count = draw.number(len(names), 4)
    written.identities = [f"身份{c}" for c in "甲乙丙丁"[:count]]
    for number, name in enumerate(names):
        own = [i for k, i in enumerate(written.identities) if k % len(names) == number]
        row = f"{name}: {'、'.join(own)}" + draw.one((" 终身", "", "", ""))
        if draw.once_in(6):
            row += " 除外 农垦职工"
        rows.append(row)
        written.classes.append(name)
        written.entitled.append(name)
    if draw.once_in(2):
        place = draw.number(0, len(rows))
        months = draw.one((12, 3, 1))
        once = draw.one((" 每年一次", ""))
        only = draw.one((" 不含他类", ""))
        rows.insert(place, f"申请类: 因病致贫 依申请 追溯 {months}个月{only}{once}")
        written.classes.insert(place, "申请类")
    table = "\n".join(f"  {row}" for row in rows)
    written.items.append(f"身份 类别 就高不重复 {{\n{table}\n}}")


def draw_expenses(draw: Draw, written: Written) -> None:
    """An expense with what may be carved out of it, perhaps one more, and payments made
    elsewhere."""
    amount = draw.one(
        (
            "符合政策范围金额",
            "符合政策范围金额 + (另列 当 特殊)",
            "符合政策范围金额 - 另列",
            "符合政策范围金额 至多 80% × 医疗费总额",
            "90% × 符合政策范围金额",
        )
    )
    written.items.append(f"费用 范围内 = {amount}")
    if draw.once_in(4):
        written.items.append("费用 划出 从 范围内 = 另列 当 非 特殊")
    written.items.append("已付 基本医保 从 范围内 = 统筹基金支出")
    if draw.once_in(3):
        written.items.append("已付 大病保险 从 范围内 = 居民大病保险资金支出")
    if draw.once_in(4):
        rest = draw.one(("另费", "医疗费总额 - 符合政策范围金额", "30% × 医疗费总额"))
        written.items.append(f"费用 范围外 = {rest}")
    if draw.once_in(2):
        written.items.append("费用 分项费用 = 分项")


def draw_benefits(draw: Draw, written: Written) -> None:
    """One to four benefits, each deducting those before it on its expense."""
    paid = {line.split()[1]: [] for line in written.items if line.startswith("费用")}
    paid["范围内"] = [
        line.split()[1] for line in written.items if line.startswith("已付")
    ]
    count = draw.number(1, 4)
    if count > 1 and draw.once_in(3):
        for name in ("共用一", "共用二")[: draw.number(1, 2)]:
            written.shared.append(name)
            written.items.append(
                f"限额 {name} {figure(draw, written, AMOUNTS)} 每人每年"
            )
    used: set[str] = set()
    blocks = []
    second = ""  # how the benefit before and this one are chosen between
    before = ""  # the expense of the benefit before
    before_name = ""
    for number in range(count):
        name = "待遇" + "一二三四"[number]
        last = number == count - 1
        owed = [s for s in written.shared if s not in used] if last else []
        expense = draw.one(list(paid)) if number and draw.once_in(2) else "范围内"
        by, second = second, ""
        first = not by and not last and draw.once_in(3)
        if first:
            second = draw.one(("按次", "按年"))
        if by:
            expense = before
            before_name = "待遇" + "一二三四"[number - 1]
            blocks.append(f"择优 {by} {{ {before_name}、{name} }}")
        how = by or second
        parts = [expense, *(e for e in paid if e != expense)]
        if how or len(parts) == 1 or not draw.once_in(3):
            parts = [expense]  # alternatives are in one piece
        else:
            parts = parts[: draw.number(2, min(3, len(parts)))]
        sources = {each: list(paid[each]) for each in parts}
        if how == "按年" and owed:  # shared limits are not for choices by year
            written.items = [
                i
                for i in written.items
                if not i.startswith("限额") or i.split()[1] in used
            ]
            written.shared, owed = [s for s in written.shared if s in used], []
        before = expense
        block, taken = benefit(
            draw, written, name, f"benefit_{number}", sources, owed, how
        )
        used |= set(taken)
        blocks.append(block)
        if not first:
            for each in parts:
                paid[each] += [before_name, name] if by else [name]
    written.items += blocks


def draw_warning(draw: Draw, written: Written) -> None:
    """指标 by person and year."""
    amount = draw.one(("医疗费总额 - 基本医保", "范围内", "医疗费总额 - 待遇一"))
    if written.entitled:
        limit = draw.one(AMOUNTS)
        rows = (
            f"{written.entitled[0]}: 不超过 {limit}；其余: 不超过 {draw.one(AMOUNTS)}"
        )
        target = f"按 类别 {{ {rows} }}"
    else:
        target = "不超过 500元"
    written.items.append(
        f'指标 预警 (watched) 按 人、年 = 合计 ({amount})，目标 {target} 依据 "随机" 条款 R-2'
    )


def draw_totals(draw: Draw, written: Written) -> None:
    """指标 of groups: what it sums and counts is compared row by row."""
    amount = draw.one(
        ("医疗费总额", "范围内 - 待遇一", "33.33% × 基本医保 至多 100元", "待遇一 当 医疗费总额 超过 500元")
    )  # fmt: skip
    counted = draw.one(("全部", "(医疗类别 是 普通住院)", "(待遇一 不低于 1元)"))
    condition = "医疗类别 是 普通住院 且 基本医保 超过 10元"
    written.items.append(
        f'指标 均数 (mean) 按 医疗机构、月 = 合计 ({amount}) / 计数 {counted}，目标 待定 依据 "随机" 条款 R-3'
    )
    written.items.append(
        f"指标 增长 (growth) 按 年 = 同比 合计 (待遇一 当 {condition})，目标 不超过 10%"
        '  依据 "随机" 条款 R-4'
    )
