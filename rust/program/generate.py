"""isa.toml in; the instruction set in Rust and Python and its tables in the documents out.

Run it after a change to isa.toml; tests/program/test_generated.py says when it was not.
"""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SECTIONS = ("claim", "year", "watch", "enrolment")
KINDS = ("money", "flag", "count", "day", "code", "class", "row")
INDEXES = {
    "register": "a register of the section",
    "input": "a position in the program's inputs", "table": "a position in the program's tables",
    "set": "a position in the program's sets",
    "dates": "a position in the program's lists of days",
    "list": "a position in the program's lists",
    "benefit": "a position in the program's benefits",
    "tally": "a position in the program's tallies",
}  # fmt: skip
BOUNDS = {
    "integer": None, "numerator": (0, None), "flag": (0, 1), "scale": (0, 6), "power": (1, 6), "radix": (2, 65536),
    "day": (-(2**31), 2**31 - 1), "mask": (1, None), "mode": (0, 2), "unit": (1, 100),
}  # fmt: skip
HEADINGS = {
    "zh": "| 操作码 | 指令 | 操作数 | 段 | 含义 |",
    "en": "| opcode | instruction | operands | sections | meaning |",
}
Row = dict[str, Any]


def camel(name: str) -> str:
    """ABOVE_ZERO -> AboveZero."""
    return "".join(part.capitalize() for part in name.split("_"))


def operands(row: Row) -> list[Row]:
    """The operands in file order, the result register first where there is one."""
    head = [{"name": "d", "type": "result"}] if "result" in row else []
    return head + row["operands"]


def position(row: Row, name: str) -> int:
    """Where an operand stands among the words after the opcode."""
    return [o["name"] for o in operands(row)].index(name)


def accept_rust(row: Row, operand: Row) -> str:
    """What the verifier takes for one operand."""
    match operand:
        case {"type": "result"}:
            return "Accept::Result"
        case {"type": "register", "accepts": kinds}:
            listed = ", ".join(f"Kind::{camel(k)}" for k in kinds)
            return f"Accept::Kinds(&[{listed}])"
        case {"type": "register", "like": name}:
            return f"Accept::Like({position(row, name)})"
        case {"type": "register", "fen": True}:
            return "Accept::Fen"
        case {"type": "register", "base_of": name}:
            return f"Accept::BaseOf({position(row, name)})"
        case {"type": kind} if kind in INDEXES:
            return f"Accept::{camel(kind)}"
        case {"type": kind} if kind in BOUNDS:
            low, high = BOUNDS[kind] or (None, None)
            return f"Accept::Number({'i64::MIN' if low is None else low}, {'i64::MAX' if high is None else high})"
    raise ValueError(f"{row['name']}: operand {operand}")


def result_rust(row: Row) -> str:
    """The rule by which the result gets its kind."""
    match row.get("result"):
        case None:
            return "Outcome::Nothing"
        case str(kind) if kind in KINDS:
            return f"Outcome::Kind(Kind::{camel(kind)})"
        case {"money": int(scale)}:
            return f"Outcome::Money({scale})"
        case {"money": name}:
            return f"Outcome::MoneyAt({position(row, name)})"
        case {"like": name, "plus": added}:
            return f"Outcome::Finer({position(row, name)}, {position(row, added)})"
        case {"like": name}:
            return f"Outcome::Like({position(row, name)})"
        case {"of": name}:
            return f"Outcome::Of({position(row, name)})"
    raise ValueError(f"{row['name']}: result {row['result']}")


def field_type(operand: Row) -> str:
    """The Rust type of a decoded operand."""
    kind = operand["type"]
    return "Register" if kind == "result" else camel(kind) if kind in INDEXES else "i64"


def filled(template: str, parts: dict[str, str]) -> str:
    """A template beside this file with its marks replaced."""
    text = (HERE / template).read_text("utf-8")
    for mark, part in parts.items():
        text = text.replace(mark, part)
    return text


def rust(rows: list[Row]) -> str:
    """rust/program/src/isa.rs."""
    variants, decode, opcodes, specs = [], [], [], []
    for row in rows:
        name, fields = camel(row["name"]), operands(row)
        typed = ", ".join(f"{o['name']}: {field_type(o)}" for o in fields)
        variants.append(f"    /// {row['en']}.\n    {name} {{ {typed} }},")
        names = ", ".join(o["name"] for o in fields)
        made = ", ".join(
            f"{o['name']}: *{o['name']}" if field_type(o) == "i64"
            else f"{o['name']}: {field_type(o)}::from_word({o['name']})?" for o in fields
        )  # fmt: skip
        decode.append(
            f"            [{row['opcode']}, {names}] => Ok(Self::{name} {{ {made} }}),"
        )
        opcodes.append(f"            Self::{name} {{ .. }} => {row['opcode']},")
        takes = ", ".join(
            f'Operand {{ name: "{o["name"]}", accept: {accept_rust(row, o)} }}'
            for o in fields
        )
        where = ", ".join(f"Section::{camel(s)}" for s in row["sections"])
        specs.append(
            f'    Spec {{ name: "{row["name"]}", opcode: {row["opcode"]}, sections: &[{where}],\n'
            f"        operands: &[{takes}],\n        outcome: {result_rust(row)} }},"
        )
    newtypes = "\n".join(
        f'index!({camel(k)}, "{words}");' for k, words in INDEXES.items()
    )
    parts = {
        "@newtypes@": newtypes, "@variants@": "\n".join(variants), "@decode@": "\n".join(decode),
        "@opcodes@": "\n".join(opcodes), "@specs@": "\n".join(specs), "@count@": str(len(rows)),
        "@sections@": ", ".join(map(camel, SECTIONS)), "@kinds@": ", ".join(map(camel, KINDS)),
    }  # fmt: skip
    command = ["rustfmt", "--edition", "2024", "--emit", "stdout"]
    text = filled("isa.rs.in", parts).encode()
    return subprocess.check_output(command, input=text).decode()  # noqa: S603


def python(rows: list[Row]) -> str:
    """python/jiugao/program/isa.py."""
    members = "\n".join(f"    {r['name']} = {r['opcode']}" for r in rows)
    specs = "\n".join(
        f"    Op.{r['name']}: Spec(\n        sections={tuple(r['sections'])!r},\n"
        f"        operands={tuple((o['name'], o['type']) for o in operands(r))!r},\n"
        f"        zh={r['zh']!r},\n        en={r['en']!r},\n    ),".replace("'", '"')
        for r in rows
    )
    return filled("isa.py.in", {"@members@": members, "@specs@": specs})


def table(rows: list[Row], language: str) -> str:
    """The instruction table of a document."""
    lines = [HEADINGS[language], "| --- | --- | --- | --- | --- |"]
    for row in rows:
        taken = " ".join(
            o["name"] if o["name"] == "d" else f"{o['name']}:{o['type']}"
            for o in operands(row)
        )
        where = (
            ", ".join(row["sections"]) if len(row["sections"]) < len(SECTIONS) else "*"
        )
        lines.append(
            f"| {row['opcode']} | `{row['name']}` | `{taken}` | {where} | {row[language]} |"
        )
    return "\n".join(lines)


def document(path: Path, rows: list[Row], language: str) -> str:
    """The document with its table between the marks replaced."""
    head, _, rest = path.read_text("utf-8").partition("<!-- isa -->\n")
    _, _, tail = rest.partition("<!-- /isa -->")
    return f"{head}<!-- isa -->\n{table(rows, language)}\n<!-- /isa -->{tail}"


def outputs() -> dict[Path, str]:
    """Every file written, with its text."""
    rows = tomllib.loads((HERE / "isa.toml").read_text("utf-8"))["instruction"]
    codes = [row["opcode"] for row in rows]
    if len(set(codes)) != len(codes) or len({row["name"] for row in rows}) != len(rows):
        raise ValueError("isa.toml: an opcode or a name stands twice")
    english, chinese = ROOT / "docs/machine.md", ROOT / "docs/machine.zh.md"
    return {
        HERE / "src/isa.rs": rust(rows),
        ROOT / "python/jiugao/program/isa.py": python(rows),
        english: document(english, rows, "en"),
        chinese: document(chinese, rows, "zh"),
    }


if __name__ == "__main__":
    for path, text in outputs().items():
        path.write_text(text, "utf-8")
