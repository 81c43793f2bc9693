"""Random policies as the text that an author would write, out of a row of picks.

Everything is decided by picks of one of n, the plainest first. Hypothesis makes them (and
shrinks them), or a seeded generator does, or a list of picks replays a known case.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

AMOUNTS = ("1000元", "100元", "1.5万元", "333.33元", "5万元", "10元", "3.33元")
STARTS = ("10元", "0.01元", "1元", "3.33元", "50元", "66.67元", "200元", "1500元")
EDGES = (
    "0.05元",
    "2元",
    "20元",
    "66.67元",
    "100元",
    "500元",
    "2000元",
    "1万元",
    "3万元",
)
RATES = ("50%", "100%", "0%", "70%", "60%", "33.33%", "66.7%", "12.5%", "85%")
LEVELS = ("一级", "二级", "三级")
KINDS = ("普通住院", "门诊慢特病", "普通门诊")
DAYS = tuple(
    dt.date(2022, 1, 1) + dt.timedelta(days=d) for d in (180, 90, 334, 364, 365, 500)
)
LISTED = "病种 属于 病种名录"
PER_CLAIM, YEAR_END, TOP_UP = "按次", "年终", "按次，年终补差"


@dataclass
class Written:
    """The lines of a policy so far and the names that later lines may use."""

    items: list[str] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    entitled: list[str] = field(default_factory=list)  # classes not on application
    identities: list[str] = field(default_factory=list)
    shared: list[str] = field(default_factory=list)
    figures: int = 0
    told: bool = False  # a benefit names a payee or a deadline

    def text(self) -> str:
        """The whole file."""
        inside = "\n".join(
            f"  {line}" for item in self.items for line in item.split("\n")
        )
        return f"方案 随机 (random) {{\n{inside}\n}}\n"


class Draw:
    """Choices, each made by one pick: `pick(n)` is a number from 0 up to n, excluded."""

    def __init__(self, pick: Callable[[int], int]) -> None:
        self._pick = pick

    def one(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self._pick(len(options))]

    def number(self, least: int, most: int) -> int:
        """From least to most, both included."""
        return least + self._pick(most - least + 1)

    def once_in(self, times: int) -> bool:
        """Now and then; no is plainer."""
        return self._pick(times) == times - 1

    def some(self, options: Sequence[T], most: int) -> list[T]:
        """One or more different ones, in the order given."""
        count = self.number(1, min(most, len(options)))
        left = list(range(len(options)))
        chosen = {left.pop(self._pick(len(left))) for _ in range(count)}
        return [option for n, option in enumerate(options) if n in chosen]


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
        "年度 自然年度 按 结算时间",
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
    return text if draw.once_in(4) else with_best_of(draw, text)


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


def figure(draw: Draw, written: Written, pool: tuple[str, ...]) -> str:
    """A constant, or a parameter that changes within the year."""
    first = draw.one(pool)
    if not draw.once_in(6):
        return first
    second = draw.one(pool)
    day = draw.one(DAYS)
    before = day - dt.timedelta(days=1)
    written.figures += 1
    name = f"数{written.figures}"
    until = draw.one(("", "", "", " 至 2023-10-15", " 至 2023-12-31"))
    written.items.append(
        f"参数 {name} {{ 自 2021-01-01 至 {before}: {first}；自 {day}{until}: {second} }}"
    )
    return name


def benefit(
    draw: Draw,
    written: Written,
    name: str,
    code: str,
    sources: dict[str, list[str]],
    owed: list[str],
    chosen: str = "",
) -> tuple[str, list[str]]:
    """One benefit's block and the shared limits that it names; `sources` are the expenses
    that it pays out of, with what was paid from each before."""
    lines = []
    condition = conditions(draw, written)
    if condition:
        lines.append(f"适用 {condition}")
    bases = [base(draw, *source) for source in sources.items()]
    parts = ["甲部", "乙部", "丙部"][: len(bases)] if len(bases) > 1 else []
    if parts:
        rows = (f"  {part}: {one}" for part, one in zip(parts, bases, strict=True))
        lines.append("\n".join(("基数 {", *rows, "}")))
    else:
        lines.append(f"基数 {bases[0]}")
    if draw.once_in(12):
        lines.append(f"累计 自 {draw.one(('2022-01-01', '2021-12-15'))}")
    settle = draw.one((PER_CLAIM, PER_CLAIM, PER_CLAIM, TOP_UP, YEAR_END))
    settle = PER_CLAIM if chosen or parts else settle
    by_claim = settle == PER_CLAIM
    taken = owed
    if not taken and written.shared and chosen != "按年" and draw.once_in(2):
        taken = draw.some(written.shared, 2)
    if parts:
        lines += part_figures(draw, written, parts, taken)
    else:
        lines += figures(draw, written, by_claim=by_claim, shared=taken)
    if written.identities and draw.once_in(4):
        lines += filter(None, [tilt(draw, written, "\n".join(lines))])
    if settle != PER_CLAIM:
        back = " 多退少补" if settle == TOP_UP and draw.once_in(4) else ""
        lines.append(f"结算 {settle}{back}")
    rounding = draw.one(
        (
            "",
            "",
            "",
            "四舍六入五成双",
            "截位",
            "每次 四舍五入",
            "每次 截位",
            "四舍五入 到元",
        )
    )
    if rounding:
        lines.append(f"舍入 {rounding}")
    lines.append("支付方 救助基金")
    if by_claim and not written.told and draw.once_in(4):
        lines += payees(draw, written)
    if draw.once_in(5) and code == "benefit_0":
        lines.append("实付 医疗救助基金支出")
    body = "\n".join(f"  {line}" for part in lines for line in part.split("\n"))
    return f"待遇 {name} ({code}) {{\n{body}\n}}", taken


def payees(draw: Draw, written: Written) -> list[str]:
    """收款方 and 期限 of the one benefit that has them."""
    if "申请类" in written.classes:
        return []
    written.told = True
    whens = ("", " 当 特殊", " 当 结算时间 早于 2022-09-01", " 当 医疗类别 是 普通住院")
    lines = []
    if not draw.once_in(4):
        outlay = draw.one(("", " 归垫 另费", " 归垫 另列", " 归垫 至多 另费"))
        lines.append(f"收款方 县政府账户{outlay}{draw.one(whens)}")
        if "当" in lines[0] and draw.once_in(2):
            outlay = draw.one(("", " 归垫 另费", " 归垫 至多 另列"))
            lines.append(f"收款方 医院账户{outlay}{draw.one(whens)}")
    if not lines or draw.once_in(2):
        day = draw.one(("2022-09-01 + 30日", "结算时间 + 15日", "开单日 - 3日"))
        lines.append(f"期限 {day}{draw.one(whens)}")
    return lines


def base(draw: Draw, expense: str, paid: list[str]) -> str:
    """An expense, what is deducted, and what bounds it."""
    bound = draw.one(
        (
            "", "", "", "至多 800元", "至多 50% × 医疗费总额", "至多 20% × 医疗费总额 按年",
            "超出 10% × 医疗费总额", "超出 66.67元",
        )
    )  # fmt: skip
    less = f"扣除 {'、'.join(paid)}" if paid else ""
    return " ".join(filter(None, (expense, less, bound)))


def part_figures(
    draw: Draw, written: Written, parts: list[str], shared: list[str]
) -> list[str]:
    """Deductible, rates and limits of a base in parts."""

    def rates() -> str:
        if draw.once_in(5):
            return draw.one(RATES)
        order = parts if draw.once_in(2) else parts[::-1]
        return "，".join(f"{part} {draw.one(RATES)}" for part in order)

    def settings() -> list[str]:
        period = draw.one(("年度", "年度", "年度", "每次"))
        turn = " 后 ".join(parts if draw.once_in(2) else parts[::-1])
        how = draw.one((f"先 {turn}", "按比例", "按时间"))
        start = f"{period}起付线 {figure(draw, written, STARTS)} {how}"
        limit = draw.one(("不设", "年度", "每次"))
        most = "年度限额 不设"
        if limit != "不设":
            most = f"{limit}限额 {figure(draw, written, AMOUNTS)}"
        return [draw.one((start, start, "起付线 不设")), f"比例 {rates()}", most]

    named = [f"限额 {'、'.join(shared)}"] if shared else []
    if not written.classes or draw.once_in(2):
        return ["，".join(settings()), *named]
    rows = (f"  {name}: {'，'.join(settings())}" for name in written.classes)
    return ["\n".join(("按 类别 {", *rows, "}")), *named]


def conditions(draw: Draw, written: Written) -> str:
    """适用, or nothing."""
    choices = [
        "",
        "医疗类别 属于 (普通住院、门诊慢特病)",
        "医疗类别 是 普通住院 或 特殊",
        "非 特殊",
        "医疗费总额 超过 20元",
        "结算时间 早于 2022-07-01",
        "开单日 早于 2022-06-01 且 非 医疗类别 是 普通门诊",
        "级别 属于 (一级、三级)",
        "病种 属于 病种名录",
        '非 病种 属于 (病种名录、「药品以上」、"其他病")',
        '病种 是 "M02" 或 病种 属于 「药品以上」',
    ]
    if written.identities:
        choices += ["类别 是 一类", "非 类别 属于 (一类)"]
        choices += ["「身份」 属于 (身份甲)", "特殊 或 非 身份 属于 (身份甲)"]
    return "" if draw.once_in(2) else draw.one(choices)


def figures(
    draw: Draw, written: Written, *, by_claim: bool, shared: list[str]
) -> list[str]:
    """Deductible or gate, rates and limits, in a table by standing or each alone."""
    gated = draw.once_in(5)
    settings = partial(_settings, draw, written, by_claim=by_claim, gated=gated)
    layout = draw.number(0, 3) if written.classes else draw.one((0, 2))
    named = [f"限额 {'、'.join(shared)}"] if shared else []
    if layout == 0:
        return ["，".join(settings()), *named]
    if layout in (1, 3):
        rows = []
        for position, name in enumerate(written.classes):
            if position and draw.once_in(5):
                rows.append(f"  {name}: 不享受")
            else:
                own = settings()
                rows.append(f"  {name}: {'，'.join([*own, *named])}")
        table = "\n".join(rows)
        return [f"按 类别 {{\n{table}\n}}"]
    start, rate, limit = settings(plain=True)
    subjects = ["级别", "特殊", "医疗类别", LISTED] if by_claim else []
    subjects += ["类别"] if written.classes else []
    if not subjects:
        return [start, rate, limit, *named]
    rate = f"比例 {table_of(draw, written, subjects, RATES)}"
    return [start, rate, limit, *named]


def table_of(
    draw: Draw, written: Written, subjects: list[str], pool: tuple[str, ...]
) -> str:
    """按 … { } of one figure, with 其余 or every value written out."""
    subject = draw.one(subjects)
    keys = {
        "级别": list(LEVELS),
        "特殊": ["是", "否"],
        LISTED: ["是", "否"],
        "医疗类别": list(KINDS),
        "类别": written.classes,
    }[subject]
    keys = list(keys)
    if subject == "医疗类别" or (len(keys) > 1 and draw.once_in(2)):
        keys[-1] = "其余"
    rows = []
    for key in keys:
        refused = key != keys[0] and draw.once_in(8)
        rows.append(f"{key}: {'不享受' if refused else draw.one(pool)}")
    return f"按 {subject} {{ {'；'.join(rows)} }}"


def _settings(
    draw: Draw, written: Written, *, by_claim: bool, gated: bool, plain: bool = False
) -> list[str]:
    """起付线 or 门槛, 比例 or 分段, 限额."""
    period = draw.one(("年度", "年度", "每次")) if by_claim else "年度"
    start = "门槛" if gated else draw.one(("不设", "起付线", "起付线"))
    if start == "不设":
        lines = ["起付线 不设"]
    elif start == "起付线":
        lines = [f"{period}起付线 {figure(draw, written, STARTS)}"]
    else:
        how = draw.one(("达到", "超过"))
        counted = "年度累计" if period == "年度" else "每次"
        lines = [f"门槛 {counted} {how} {figure(draw, written, STARTS)}"]
    if plain or not draw.once_in(3):
        lines.append(f"比例 {figure(draw, written, RATES)}")
    else:
        lines.append(bands(draw, period))
    limit = draw.one(("不设", "年度", "年度", "年度", "每次"))
    if limit == "不设" or (limit == "每次" and not by_claim):
        lines.append("年度限额 不设")
    else:
        lines.append(f"{limit}限额 {figure(draw, written, AMOUNTS)}")
    if limit == "年度" and by_claim and not plain and draw.once_in(6):
        lines.append(f"每次限额 {figure(draw, written, AMOUNTS)}")
    return lines


def bands(draw: Draw, period: str) -> str:
    """分段 with one to three edges."""
    edges = draw.some(range(len(EDGES)), 3)
    rows = [f"至{EDGES[edge]}: {draw.one(RATES)}" for edge in edges]
    rows.append(f"以上: {draw.one(RATES)}")
    counted = "累计" if period == "年度" else "每次"
    return f"分段 {counted} {{ {'；'.join(rows)} }}"


def tilt(draw: Draw, written: Written, figures_text: str) -> str:
    """倾斜 for one or two identities."""
    who = draw.some(written.identities, 2)
    edits = []
    if "起付线 " in figures_text and "起付线 不设" not in figures_text:
        edits.append(draw.one(("起付线 降低 50%", "起付线 不设", "起付线 提高 10%")))
    if "年度限额 " in figures_text and "年度限额 不设" not in figures_text:
        edits.append("年度限额 不设")
    rates = [float(rate) for rate in re.findall(r"([\d.]+)%", figures_text)]
    if "数" not in figures_text and all(10 <= rate <= 90 for rate in rates):
        how = draw.one(("", "提高 5个百分点", "降低 7.5个百分点"))
        part = "各段" if "分段" in figures_text else "比例"
        both = "分段" in figures_text and "比例" in figures_text
        edits += [f"{part} {how}"] if how and not both else []
    if not edits:
        return ""
    return f"倾斜 {'、'.join(who)} {{ {'，'.join(edits)} }}"


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
