"""Tables and real output of the code come in; the pages' parts that show them go out.

    python docs/generate.py          rewrite
    python docs/generate.py --check  say whether anything would change (exit 1)

A generated part stands between <!-- generated: NAME --> and <!-- /generated -->; the
account of an example is `explained`, or `explained FOLDER ROW TITLE` of another policy.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from os import environ
from pathlib import Path
from tempfile import TemporaryDirectory

from findings import DATA, FAMILIES, findings

import jiugao
from jiugao.compile import Compiled, compile_policy
from jiugao.diagnostics.shape import codes
from jiugao.explain import as_text
from jiugao.explain.schema import schema
from jiugao.syntax.keywords import KEYWORDS, Role
from jiugao.testing import explain_example, lines, run_examples

HERE = Path(__file__).parent
ROOT = HERE.parent
RULES = ROOT / "rules"
SHIPPED = "liaocheng_2022"
SCHEMA = HERE / "explain.schema.json"
PAGES = {
    HERE / "language.md": "en",
    HERE / "language.zh.md": "zh",
    HERE / "diagnostics.md": "en",
    HERE / "diagnostics.zh.md": "zh",
    ROOT / "README.md": "en",
    ROOT / "README.zh.md": "zh",
    **dict.fromkeys(sorted(RULES.glob("*/README.md")), "en"),
    **dict.fromkeys(sorted(RULES.glob("*/README.zh.md")), "zh"),
}
SHOWN = f"{SHIPPED} 1 超过再救助起付线"
DIGEST = re.compile(r"\b[0-9a-f]{16}\b")
PART = re.compile(
    r"(<!-- generated: (\w+)(?: ([^\n]+))? -->\n)(.*?)(<!-- /generated -->)", re.DOTALL
)
ROLES = {
    Role.POLICY: ("文件", "file"),
    Role.ITEM: ("方案的一项", "item of a policy"),
    Role.SETTING: ("待遇的设置", "setting of a benefit"),
    Role.LINE: ("算例的一行", "line of an example"),
    Role.WORD: ("用在里面", "word inside"),
    Role.OPERATOR: ("运算", "operator"),
    Role.VALUE: ("值", "value"),
    Role.LATER: ("保留，本版没有", "reserved, not in this version"),
}


def keywords(language: str, _: str) -> str:
    """Every keyword in both spellings, by role."""
    index = 0 if language == "zh" else 1
    head = ("| 中文 | 英文 | 用处 |", "| Chinese | English | where |")[index]
    rows = [head, "| --- | --- | --- |"]
    for role, names in ROLES.items():
        for keyword in KEYWORDS:
            if keyword.role is role:
                zh = "、".join(f"`{w}`" for w in keyword.zh)
                en = ", ".join(f"`{w}`" for w in keyword.en)
                rows.append(f"| {zh} | {en} | {names[index]} |")
    return "\n".join(rows) + "\n"


def diagnostics(language: str, _: str) -> str:
    """Every code that rules can meet, with its cause and way out."""
    index = 0 if language == "zh" else 1
    head = ("| 代码 | 说什么 | 怎么办 |", "| code | says | way out |")[index]
    rows: list[str] = []
    for family, names in FAMILIES.items():
        if family in DATA:
            continue
        found = sorted(c for c in codes() if c.startswith(family))
        if not found:
            continue
        rows += [f"\n**{family}xx {names[index]}**\n", head, "| --- | --- | --- |"]
        for code in found:
            cause, way = (
                codes()[code][part][language].replace("|", "\\|").replace("\n", " ")
                for part in ("cause", "way_out")
            )
            rows.append(f"| {code} | {cause} | {way} |")
    return "\n".join(rows).lstrip("\n") + "\n"


@cache
def compiled(folder: str) -> Compiled:
    """A policy of the repository, with what its examples assume."""
    return compile_policy(RULES / folder, for_examples=True)


def explained(language: str, which: str) -> str:
    """The account of an example, but for the digest, which every comment changes."""
    folder, row, title = (which or SHOWN).split(" ", 2)
    told = explain_example(compiled(folder), title, int(row) - 1)
    text = as_text(told, language)
    text = DIGEST.sub("…", text)
    return f"```text\n{text}```\n"


def tested(language: str, _: str) -> str:
    """What `jiugao test --coverage` says of the shipped policy."""
    text = "\n".join(lines(run_examples(compiled(SHIPPED)), language))
    return f"```text\n{text}\n```\n"


@cache
def reconciliations() -> dict[str, str]:
    """What `jiugao reconcile` says of a small sample year, in each language."""
    with TemporaryDirectory() as folder:
        work = Path(folder)
        said(
            work,
            "sample",
            "--people",
            "3000",
            "--seed",
            "7",
            "--errors",
            "0.05",
            "-o",
            "year",
        )
        tables = ("claims", "people", "institutions", "applications")
        named = [a for t in tables for a in (f"--{t}", f"year/{t}.csv")]
        quiet = ("--progress", "none", "-o")
        return {
            language: said(
                work, "reconcile", *named, *quiet, language, language=language
            )
            for language in ("zh", "en")
        }


def said(work: Path, verb: str, *more: str, language: str = "zh") -> str:
    """What a command says of the shipped policy, run in a folder."""
    main = "import jiugao.cli; jiugao.cli.main()"
    call = [sys.executable, "-c", main, "--lang", language, verb, str(RULES / SHIPPED)]
    # The package that this page is made of, wherever the command runs; a failure is no output.
    here = {**environ, "PYTHONPATH": str(Path(jiugao.__file__).parents[1])}
    done = subprocess.run(  # noqa: S603  our own command
        [*call, *more],
        cwd=work,
        check=True,
        env=here,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


def reconciled(language: str, _: str) -> str:
    """The same as a block, but for the folder's name."""
    lines = [line.rstrip() for line in reconciliations()[language].splitlines()]
    shown = [line for line in lines if not line.endswith((" zh", " en"))]
    return "```text\n" + "\n".join(shown).strip("\n") + "\n```\n"


PARTS = {
    "reconciled": reconciled,
    "findings": lambda language, _: findings(language),
    "keywords": keywords,
    "diagnostics": diagnostics,
    "explained": explained,
    "tested": tested,
}


def rewritten(text: str, language: str) -> str:
    """A page with its generated parts made again."""
    return PART.sub(lambda m: m[1] + PARTS[m[2]](language, m[3]) + m[5], text)


def main() -> int:
    """Rewrite the pages, or only say whether they are as generated."""
    stale = 0
    made = {
        p: rewritten(p.read_text("utf-8"), language) for p, language in PAGES.items()
    }
    made[SCHEMA] = json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"
    for page, after in made.items():
        before = page.read_text("utf-8") if page.exists() else ""
        if before != after:
            stale = 1
            if "--check" in sys.argv:
                where = page.relative_to(ROOT)
                print(f"{where} is not as generated: run python docs/generate.py")
            else:
                page.write_text(after, "utf-8")
    return stale if "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
