"""Where an overlay's base is found, and what of the two stands in the program."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest

from jiugao.compile import compile_policy
from jiugao.diagnostics import RulesError
from jiugao.explain import clauses
from jiugao.testing import run_examples

HERE = Path(__file__).parent / "overlay"
RAISED = HERE / "good" / "raised.rules"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the base, its list, and an overlay that names the base's code."""
    folder = tmp_path / "rules"
    copytree(HERE / "base", folder)
    copytree(HERE / "good" / "lists", folder / "lists", dirs_exist_ok=True)
    text = RAISED.read_text("utf-8").replace('继承 "../base"', "继承 province")
    (folder / "county.rules").write_text(text, "utf-8")
    (folder / "other.rules").write_text("方案 别的 (other) {", "utf-8")
    return folder


def test_the_overlay_is_the_policy() -> None:
    compiled = compile_policy(RAISED, for_examples=True)
    policy = compiled.policy
    assert (policy.code, policy.name) == ("county", "某县实施细则")
    assert policy.cited.text == "某县文件"
    by_name = {p.name: p for p in policy.parameters}
    share, start, kept = (by_name[n] for n in ("报销比例", "起始", "封顶线"))
    assert [v.cited and v.cited.text for v in share.values] == [None, "补充通知"]
    assert share.cited is not None
    assert share.cited.text == "某县文件"
    assert start.cited is not None
    assert start.cited.text == "第一条"
    assert kept.cited is not None
    assert kept.cited.text == "四"
    carried = {line.clause for line in clauses(policy)}
    assert carried == {*(f"BA-{n}" for n in range(1, 11)), "CO-9"}
    names = {s.name for s in policy.sources}
    assert names == {"raised.rules", "base.rules", "lists/county.csv", "lists/none.csv"}


def test_only_the_overlays_examples_are_run() -> None:
    report = run_examples(compile_policy(RAISED, for_examples=True))
    assert report.passed
    titles = [case.title for case in report.cases]
    assert titles == ["县的比例，第二年再高", "县的名录、起始日和读法"]


def test_a_program_file_is_compiled_anew_within_the_bounds(tmp_path: Path) -> None:
    own, path = compile_policy(RAISED), tmp_path / "county.rulesc"
    path.write_bytes(own.program_bytes)
    assert compile_policy(path).program_bytes == own.program_bytes
    assert compile_policy(path, settings={"报销比例": "95%"}).policy.code == "county"
    with pytest.raises(RulesError, match="E671"):
        compile_policy(path, settings={"报销比例": "79.9%"})


def test_beside_its_base_by_code(place: Path) -> None:
    (place / "other.rules").unlink()
    beside = compile_policy(place / "county.rules").policy
    assert beside.code == "county"
    own = compile_policy(place, settings={"起始": "2023-01-01"}).policy
    assert own.code == "province"
    assert len(own.examples) == 1


def test_a_file_beside_that_is_no_rules_is_told(place: Path) -> None:
    with pytest.raises(RulesError, match="E115"):
        compile_policy(place / "county.rules")


def test_lists_of_one_name_in_two_folders(tmp_path: Path) -> None:
    copytree(HERE / "base", tmp_path / "base")
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "major.csv").write_text("code,from,to\nM07,,\n", "utf-8")
    overlay = tmp_path / "county.rules"
    text = '细则 县 (county) 继承 "base" {\n  依据 "县"\n  名录 大病 来自 "lists/major.csv"\n}\n'
    overlay.write_text(text, "utf-8")
    policy = compile_policy(overlay, for_examples=True).policy
    assert [row.code for row in policy.lists[0].rows] == ["M07"]
    overlay.write_text(text.replace("  名录", "  # 名录"), "utf-8")
    policy = compile_policy(overlay, for_examples=True).policy
    assert [row.code for row in policy.lists[0].rows] == ["M01"]


def test_a_base_that_is_an_overlay_is_none(tmp_path: Path) -> None:
    path = tmp_path / "town.rules"
    path.write_text(f'细则 乡 (town) 继承 "{RAISED}" {{ 依据 "乡" }}\n', "utf-8")
    with pytest.raises(RulesError, match="E680"):
        compile_policy(path)


def test_the_overlays_settings_for_examples_stand_for_the_bases(tmp_path: Path) -> None:
    copytree(HERE / "base", tmp_path / "base")
    overlay = tmp_path / "county.rules"
    text = """细则 县 (county) 继承 "base" {
  依据 "县"
  算例 参数 起始 = 2023-02-01
  算例 "县里二月才起" {
    结算 2023-01-15 普通住院，病种编号 "M01"，医疗费总额 1000元，政策范围内 1000元
        应得 补充 0元
    结算 2023-02-01 普通住院，病种编号 "M01"，医疗费总额 1000元，政策范围内 1000元
        应得 补充 800元
  }
}
"""
    overlay.write_text(text, "utf-8")
    assert run_examples(compile_policy(overlay, for_examples=True)).passed
    # What only the base sets holds still.
    own = text.replace("  算例 参数 起始 = 2023-02-01\n", "").replace(
        "补充 0元", "补充 800元"
    )
    overlay.write_text(own, "utf-8")
    assert run_examples(compile_policy(overlay, for_examples=True)).passed


def test_a_base_in_two_files(tmp_path: Path) -> None:
    copytree(HERE / "base", tmp_path / "base")
    more = tmp_path / "base" / "more.rules"
    text = '方案 续 (more) 属于 province {\n  依据 "续"\n  不计算 BA-11 "宣传要求"\n}\n'
    more.write_text(text, "utf-8")
    overlay = tmp_path / "county.rules"
    overlay.write_text('细则 县 (county) 继承 "base" { 依据 "县" }\n', "utf-8")
    policy = compile_policy(overlay, for_examples=True).policy
    assert policy.code == "county"
    assert "BA-11" in {line.clause for line in clauses(policy)}
