"""From paths to sources: folders, encodings, program files, and what is told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jiugao.compile import compile_policy, compile_sources
from jiugao.diagnostics import RulesError, render_text
from jiugao.program.encode import ProgramFileError
from jiugao.source import Source

if TYPE_CHECKING:
    from pathlib import Path

    from jiugao.compile import Compiled

TEXT = """方案 样例 (sample) {
  依据 "样例文件"
  施行 2023-01-01 起
  年度 自然年度 按 结算时间
  参数 线 (line) = 3000元
  费用 政策范围内 = 符合政策范围金额
  待遇 救助 (assistance) {
    基数 政策范围内
    年度起付线 线，比例 70%
    支付方 救助基金
  }
}
"""
MORE = """方案 续 (more) 属于 sample {
  依据 "续"
  待遇 再救助 (again) { 基数 政策范围内 扣除 救助，比例 50%，支付方 救助基金 }
}
"""


def told(path: Path, language: str) -> str:
    with pytest.raises(RulesError) as raised:
        compile_policy(path, language=language)
    return render_text(raised.value.diagnostics, language).replace(str(path), "PATH")


def test_one_file_with_and_without_bom(tmp_path: Path) -> None:
    plain, marked = tmp_path / "a.rules", tmp_path / "b.rules"
    plain.write_text(TEXT, "utf-8")
    marked.write_text(TEXT, "utf-8-sig")
    one, other = (compile_policy(p).policy for p in (plain, marked))
    assert one.sources[0].text == other.sources[0].text == TEXT


def test_text_itself() -> None:
    assert compile_policy(TEXT).policy.code == "sample"


def test_a_folder_is_its_rules_files_alone(tmp_path: Path) -> None:
    (tmp_path / "a.rules").write_text(TEXT, "utf-8")
    (tmp_path / "b.rules").write_text(MORE, "utf-8")
    (tmp_path / "notes.txt").write_text("no rules", "utf-8")
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "c.rules").write_text("{", "utf-8")
    policy = compile_policy(tmp_path).policy
    assert [b.name for b in policy.benefits] == ["救助", "再救助"]
    assert [b.cited.text for b in policy.benefits] == ["样例文件", "续"]


def test_the_order_of_files_does_not_matter() -> None:
    first, second = Source("a.rules", TEXT), Source("b.rules", MORE)
    one = compile_sources([first, second]).policy
    other = compile_sources([second, first]).policy
    assert [b.name for b in one.benefits] == [b.name for b in other.benefits]


def test_a_program_file_is_compiled_anew_with_other_settings(tmp_path: Path) -> None:
    path = tmp_path / "sample.rulesc"
    path.write_bytes(compile_policy(TEXT, settings={"line": "4000"}).program_bytes)
    kept = compile_policy(path)
    changed = compile_policy(path, settings={"line": "5000"})
    assert kept.program_bytes == path.read_bytes()
    assert kept.policy.parameters[0].values[0].value == 4000_00
    assert changed.policy.parameters[0].values[0].value == 5000_00


def test_a_damaged_program_file(tmp_path: Path) -> None:
    path = tmp_path / "sample.rulesc"
    path.write_bytes(compile_policy(TEXT).program_bytes[:-1])
    with pytest.raises(ProgramFileError, match="P802"):
        compile_policy(path)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode("gb18030"), "GB18030"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (b"\xff\xff\xff", "?"),
    ],
    ids=["gb18030", "utf-16", "neither"],
)
def test_another_encoding_is_named(tmp_path: Path, data: bytes, encoding: str) -> None:
    path = tmp_path / "a.rules"
    path.write_bytes(data)
    assert told(path, "zh").splitlines() == [
        f"错误 E691: PATH 不是 UTF-8 文字，像是 {encoding}",
        f"  办法：另存为 UTF-8，例如 iconv -f {encoding} -t UTF-8",
    ]
    assert told(path, "en").startswith("error E691: PATH is not UTF-8 text; it looks")


def test_what_cannot_be_read(tmp_path: Path) -> None:
    assert told(tmp_path / "none.rules", "en").startswith("error E692: PATH cannot be")
    assert told(tmp_path / "none.rulesc", "en").startswith("error E692: PATH cannot be")
    assert told(tmp_path, "zh").splitlines()[0] == (
        "错误 E693: 文件夹 PATH 里没有 .rules 文件"
    )


LISTED = TEXT.replace(
    "    基数 政策范围内\n",
    "    适用 病种编号 属于 大病\n    基数 政策范围内\n",
).replace(
    "  参数 线",
    '  名录 大病 来自 "lists/a.csv"\n  参数 线',
)


def folder(path: Path, rows: bytes = b"code,from,to\nM01,,\n") -> Path:
    """A folder of rules with a list beside them."""
    (path / "lists").mkdir(parents=True)
    (path / "lists" / "a.csv").write_bytes(rows)
    (path / "sample.rules").write_text(LISTED, "utf-8")
    return path


def codes(compiled: Compiled) -> list[str]:
    return [row.code for row in compiled.policy.lists[0].rows]


def test_a_list_stands_beside_the_rules_with_and_without_bom(tmp_path: Path) -> None:
    plain = compile_policy(folder(tmp_path / "one"))
    rows = "code,from,to\nM01,,\n".encode("utf-8-sig")
    marked = compile_policy(folder(tmp_path / "two", rows) / "sample.rules")
    assert codes(plain) == codes(marked) == ["M01"]
    assert plain.program_bytes == marked.program_bytes


def test_a_program_file_carries_its_lists(tmp_path: Path) -> None:
    place = folder(tmp_path / "rules")
    given = tmp_path / "given.csv"
    given.write_text("code,from,to\nM02,,\n", "utf-8")
    own, path = compile_policy(place), tmp_path / "sample.rulesc"
    path.write_bytes(own.program_bytes)
    (place / "lists" / "a.csv").unlink()
    assert compile_policy(path).program_bytes == own.program_bytes
    other = compile_policy(path, settings={"大病": str(given)})
    assert codes(other) == ["M02"]
    path.write_bytes(other.program_bytes)
    given.write_text("code,from,to\nM03,,\n", "utf-8")
    assert codes(compile_policy(path)) == ["M02"]  # as it came along
    assert codes(compile_policy(path, settings={"大病": str(given)})) == ["M03"]


@pytest.mark.parametrize(
    ("rows", "code", "said"),
    [
        (None, "E692", "lists/a.csv"),
        ("code,from,to\nM01,,\n".encode("utf-16"), "E691", "UTF-16"),
        ("code,label,from,to\nM01,病,,\n".encode("gb18030"), "E691", "GB18030"),
    ],
    ids=["missing", "utf-16", "gb18030"],
)
def test_a_list_that_cannot_be_read(
    tmp_path: Path, rows: bytes | None, code: str, said: str
) -> None:
    place = folder(tmp_path / "rules", rows or b"")
    if rows is None:
        (place / "lists" / "a.csv").unlink()
    with pytest.raises(RulesError) as raised:
        compile_policy(place)
    (found,) = raised.value.diagnostics.errors
    assert found.code == code
    assert found.span is not None
    assert "lists/a.csv" in found.span.text
    assert said in found.cause("en")


def test_two_files_of_one_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = folder(tmp_path / "rules")
    text = (place / "sample.rules").read_text("utf-8")
    text = text.replace("  参数 线", '  名录 特药 来自 "lists/a.csv"\n  参数 线')
    (place / "sample.rules").write_text(text, "utf-8")
    there = folder(tmp_path / "there", b"code,from,to\nM09,,\n")
    monkeypatch.chdir(there)
    with pytest.raises(RulesError, match="E661"):
        compile_policy(place, settings={"大病": "lists/a.csv"})


def test_an_exception_speaks_the_language_asked_for() -> None:
    bad = TEXT.replace("70%", "170%")
    with pytest.raises(RulesError, match="E405: from 2023-01-01 the rate is 170%"):
        compile_policy(bad, language="en")
    with pytest.raises(RulesError, match="E405: 2023-01-01 起比例是 170%"):
        compile_policy(bad)
