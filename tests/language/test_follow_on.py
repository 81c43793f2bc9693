"""One mistake is told as one: what only follows from it is not told beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiugao.compile import Options, check_sources, example_settings
from jiugao.policy.files import shelf_of
from jiugao.source import Source

HERE = Path(__file__).parent
RULES = HERE.parents[1] / "rules"
CHOICE = HERE / "choices/good/by_claim.rules"
CLASSES = HERE / "classes/good/by_claim.rules"
PARTS = HERE / "parts/good/three_parts.rules"
TILTS = HERE / "tilts/good/three_edits.rules"


def told(folder: Path, name: str, written: str, instead: str) -> set[str]:
    """The codes of errors once one text of one file is changed."""
    paths = sorted(folder.glob("*.rules")) if folder.is_dir() else [folder]
    texts = {path.name: path.read_text("utf-8") for path in paths}
    assert written in texts[name]
    settings = example_settings([Source(n, text) for n, text in texts.items()])
    options = Options(settings, shelf=shelf_of(folder, []))
    texts[name] = texts[name].replace(written, instead, 1)
    _, found = check_sources([Source(n, text) for n, text in texts.items()], options)
    return {d.code for d in found if d.code != "W704"}


@pytest.mark.parametrize(
    ("path", "written", "instead", "code"),
    [
        # Two that are chosen between are not said to pay twice (E502).
        (CHOICE, "{ 甲救助、乙救助 }", "{ 甲救助、乙救济 }", "E201"),
        (CHOICE, "{ 甲救助、乙救助 }", "{ 甲救助 }", "E517"),
        (CHOICE, "扣除 基本医保、甲救助、乙救助", "扣除 基本医保、甲救助、乙救济", "E201"),
        # Days that run backwards hold no claim (E617).
        (CHOICE, "2023-01-01 起", "2023-01-01 至 2022-01-01", "E618"),
        # A figure without its unit is a figure: the row has one (E409, E416, W703), the
        # benefit has a rate (E412), and examples find its classes (E201).
        (CLASSES, "1000元", "1000", "E305"),
        (CLASSES, "80%", "80", "E302"),
        (PARTS, "3000元", "3000", "E305"),
        (TILTS, "60%", "60", "E302"),
        # What a table by an unknown reading holds is not missing (E416).
        (PARTS, "参数 口径", "参数 口经", "E201"),
        # Examples give what an expense is that had a finding (E202).
        (PARTS, "先行自付金额", "先行自负金额", "E201"),
    ],
)  # fmt: skip
def test_in_one_file(path: Path, written: str, instead: str, code: str) -> None:
    assert told(path, path.name, written, instead) == {code}


MENGJIN, XIANNING = RULES / "mengjin_2018", RULES / "xianning_2017"
LIAOCHENG = RULES / "liaocheng_2022"


@pytest.mark.parametrize(
    ("folder", "name", "written", "instead"),
    [
        # Two payees on one row (E510), one after another that holds always (E513).
        (MENGJIN, "reinsurance.rules", "参数 病种来源", "参数 病种来原"),
        (MENGJIN, "reinsurance.rules", "参数 归垫口径", "参数 归垫口经"),
        # A base inside a table by a reading: E421, E504.
        (XIANNING, "supplement.rules", "参数 目录外比例口径", "参数 目录外比例口经"),
        (XIANNING, "supplement.rules", "      逐次: 基数", "      逐此: 基数"),
        # The kind of an indicator whose condition has a misspelt name: E301.
        (XIANNING, "funds.rules", "且 险种 是 城乡居民", "且 险种 是 城乡具民"),
        # Rows of which it is open whether they are in force: E204, E411.
        (LIAOCHENG, "assistance.rules", "可选 一类、", "可选 一累、"),
        # An indicator of persons whose groups are misspelt: E203 in examples.
        (LIAOCHENG, "assistance.rules", "按 人、年", "按 人们、年"),
    ],
)
def test_in_a_policy(folder: Path, name: str, written: str, instead: str) -> None:
    assert told(folder, name, written, instead) == {"E201"}
