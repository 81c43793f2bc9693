"""Rows of persons whom the standing table has in no class are counted and told of."""

from __future__ import annotations

import json

import pytest

from jiugao.cli.tables import print_outcome
from tests.claims.claim_files import Year, row


def test_rows_without_a_class_are_counted(year: Year) -> None:
    claims = [
        row(),
        row(setl_id="S2", psn_no="P2"),  # nobody of the people table
        row(setl_id="S3", setl_time="2019-03-01 08:00:00"),  # rejected: not in force
        row(setl_id="S4", psn_no="P2", setl_time="2023-04-01 08:00:00"),
    ]
    done = year.settle(claims)
    assert done.tally.without_class == 2
    manifest = json.loads((done.folder / "manifest.json").read_text("utf-8"))
    assert manifest["without_class"] == 2


def test_the_summary_tells_of_them(
    year: Year, capsys: pytest.CaptureFixture[str]
) -> None:
    done = year.settle([row(), row(setl_id="S2", psn_no="P2")])
    print_outcome(done, "en")
    assert "1 rows are of persons in no class" in told(capsys)
    print_outcome(year.settle([row()]), "en")
    assert "in no class" not in told(capsys)


def told(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out
