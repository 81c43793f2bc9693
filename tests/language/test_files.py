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


def test_an_exception_speaks_the_language_asked_for() -> None:
    bad = TEXT.replace("70%", "170%")
    with pytest.raises(RulesError, match="E405: from 2023-01-01 the rate is 170%"):
        compile_policy(bad, language="en")
    with pytest.raises(RulesError, match="E405: 2023-01-01 起比例是 170%"):
        compile_policy(bad)
