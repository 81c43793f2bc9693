"""One benefit of a random policy, as an author would write it."""

from __future__ import annotations

import datetime as dt
import re
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.properties.picks import Draw, Written

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
