"""The ```rules snippets of a page: where they stand, and the policy that is put around them.

rules                 a whole file
rules policy          items of a policy
rules benefit         settings of a benefit
… error [CODE]        the snippet is refused (with that code)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiugao.source import Source

if TYPE_CHECKING:
    from pathlib import Path

CSV = re.compile(r"^```csv\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FENCE = re.compile(r"^```rules([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

# What a snippet may rely on; left out where the snippet declares it itself.
HEAD_ZH = {
    r"^依据": '依据 "样例"',
    r"^施行": "施行 2023-01-01 起",
    r"^年度 (自然年度|自 )": "年度 自然年度 按 结算时间",
    r"^身份 ": "身份 救助类别 就高不重复 { 一类: 特困人员、低保对象；二类: 低保边缘家庭成员 }",
    r"^费用 政策范围内": "费用 政策范围内 = 符合政策范围金额",
    r"^已付 基本医保": "已付 基本医保 从 政策范围内 = 统筹基金支出",
    r"^已付 大病保险": "已付 大病保险 从 政策范围内 = 居民大病保险资金支出",
}
BENEFIT_ZH = """待遇 医疗救助 (assistance) {
  适用 医疗类别 属于 (住院类、门诊慢特病)
  基数 政策范围内 扣除 基本医保、大病保险
  支付方 医疗救助基金
  BODY
}"""
BODY_ZH = "按 救助类别 { 一类: 起付线 不设，比例 70%，年度限额 3万元；二类: 年度起付线 3000元，比例 50%，年度限额 1.5万元；其余: 不享受 }"
HEAD_EN = {
    r"^source": 'source "for this page"',
    r"^effective": "effective 2023-01-01 onward",
    r"^annual (calendar_year|from )": "annual calendar_year by setl_time",
    r"^standing ": "standing class highest_only { one: destitute, minimum_living; two: marginal }",
    r"^expense in_scope": "expense in_scope = inscp_scp_amt",
    r"^paid basic": "paid basic out_of in_scope = hifp_pay",
    r"^paid critical": "paid critical out_of in_scope = hifmi_pay",
}
BENEFIT_EN = """benefit medical_assistance (assistance) {
  applies med_type in (住院类, 门诊慢特病)
  base in_scope less basic, critical
  payer assistance_fund
  BODY
}"""
BODY_EN = (
    "by class { one: deductible none, rate 70%, annual limit 30000 yuan; "
    "two: annual deductible 3000 yuan, rate 50%, annual limit 15000 yuan; others: not_entitled }"
)


@dataclass(frozen=True)
class Snippet:
    """One fenced snippet of a page."""

    page: Path
    line: int
    kind: str  # "" | "policy" | "benefit"
    error: str | None  # None: compiles; "": some error; else the code
    text: str

    @property
    def name(self) -> str:
        return f"{self.page.name}:{self.line}"

    def file(self, spelling: str) -> str:
        """The snippet as a whole file, in the spelling of its page."""
        if not self.kind:
            return self.text
        head, benefit, body = (
            (HEAD_ZH, BENEFIT_ZH, BODY_ZH)
            if spelling == "zh"
            else (HEAD_EN, BENEFIT_EN, BODY_EN)
        )
        inside = self.text if self.kind == "policy" else ""
        items = [
            line
            for pattern, line in head.items()
            if not re.search(pattern, inside, re.MULTILINE)
        ]
        opening = r"^待遇 (?!参保资助)" if spelling == "zh" else r"^benefit (?!premium)"
        if self.kind == "benefit":
            items.append(benefit.replace("BODY", self.text))
        elif not re.search(opening, inside, re.MULTILINE):
            items.append(benefit.replace("BODY", body))
        word = "方案 示例" if spelling == "zh" else "policy sample"
        return f"{word} (demo) {{\n" + "\n".join((*items, inside)) + "\n}\n"


def lists(page: Path) -> list[Source]:
    """The list that a page shows, under the name by which its snippets call it."""
    shown = CSV.search(page.read_text("utf-8"))
    return [Source("lists/major_diseases.csv", shown[1])] if shown else []


def snippets(page: Path) -> list[Snippet]:
    """Every snippet of a page."""
    text = page.read_text("utf-8")
    found = []
    for match in FENCE.finditer(text):
        words = match[1].split()
        error = None
        if "error" in words:
            after = words[words.index("error") + 1 :]
            error = after[0] if after else ""
        kind = next((w for w in words if w in {"policy", "benefit"}), "")
        line = text.count("\n", 0, match.start()) + 1
        found.append(Snippet(page, line, kind, error, match[2]))
    return found
