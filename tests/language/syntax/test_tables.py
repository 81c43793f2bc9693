"""The tables beside the grammar are those of the grammar, and it leaves nothing open."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import lark

from jiugao.syntax import tables

if TYPE_CHECKING:
    import pytest

KEPT = Path(tables.__file__).with_name("tables.json")


def test_the_kept_tables_are_current() -> None:
    made = tables.make(tables.grammar_text())
    assert json.loads(KEPT.read_text("utf-8")) == json.loads(json.dumps(made))


def test_the_grammar_has_no_conflict(caplog: pytest.LogCaptureFixture) -> None:
    lark.logger.setLevel(logging.DEBUG)
    lark.logger.propagate = True
    with caplog.at_level(logging.DEBUG, logger=lark.logger.name):
        tables.make(tables.grammar_text())
    assert not [r for r in caplog.records if "onflict" in r.getMessage()]


def test_a_conflict_would_be_noticed(caplog: pytest.LogCaptureFixture) -> None:
    lark.logger.setLevel(logging.DEBUG)
    lark.logger.propagate = True
    ambiguous = tables.grammar_text() + "\n_setting: extra\nextra: RATE _amount NAME?\n"
    grammar = ambiguous.replace(
        "rate: RATE (_amount | part_rates | figure_table)",
        "rate: RATE (_amount NAME? | part_rates | figure_table)",
    ).replace("\n_setting: extra\nextra: RATE _amount NAME?\n", "")
    with caplog.at_level(logging.DEBUG, logger=lark.logger.name):
        tables.make(grammar)
    assert [r for r in caplog.records if "onflict" in r.getMessage()]


def test_reading_rules_does_not_need_the_parser_generator() -> None:
    code = (
        "import sys; from jiugao.source import Source; from jiugao.syntax import parse;"
        "document, _ = parse(Source('t', '方案 甲 (a) { }'));"
        "assert document is not None; sys.exit('lark' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
