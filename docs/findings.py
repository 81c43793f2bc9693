"""The table of codes and the kept findings of the tests come in; their page goes out."""

from __future__ import annotations

import re
from pathlib import Path

from jiugao.diagnostics.shape import codes

LANGUAGE = Path(__file__).parent.parent / "tests" / "language"
DATA = ("D9", "D8")
FAMILIES = {
    "E1": ("写法", "syntax"),
    "E2": ("名称", "names"),
    "E3": ("种类和单位", "kinds and units"),
    "E4": ("数", "figures"),
    "E5": ("先后和费用", "chain and expenses"),
    "E6": ("完整和日期", "completeness and dates"),
    "W7": ("警告", "warnings"),
    "P8": ("程序文件", "program files"),
    "D9": ("数据", "data"),
    "D8": ("数据（续）", "data, continued"),
}


def findings(language: str) -> str:
    """Every code: what it says, what to do, and how it looks where rules show it."""
    index = 0 if language == "zh" else 1
    shown = examples(language)
    out: list[str] = []
    for family, names in FAMILIES.items():
        found = sorted(code for code in codes() if code.startswith(family))
        out.append(f"\n## {family}xx {names[index]}\n")
        for code in found:
            cause, way = (
                plain(codes()[code][p][language]) for p in ("cause", "way_out")
            )
            out.append(f"**{code}** {cause}  \n→ {way}\n")
            if code in shown:
                out.append(f"```text\n{shown[code]}\n```\n")
    return "\n".join(out).lstrip("\n")


def plain(template: str) -> str:
    """A template as it is read: its places as ⟨name⟩."""
    text = re.sub(r"\{(\w+?)(?:_zh|_en)?\}", r"⟨\1⟩", template)
    return text.replace("{{", "{").replace("}}", "}").replace("|", "\\|")


def examples(language: str) -> dict[str, str]:
    """For each code the first finding of the first bad file named after it."""
    shown: dict[str, str] = {}
    for path in sorted(LANGUAGE.glob(f"*/bad/*.{language}.txt"), key=lambda p: p.name):
        first = path.read_text("utf-8").split("\n\n")[0].rstrip()
        shown.setdefault(path.name[:4], first)
    return shown
