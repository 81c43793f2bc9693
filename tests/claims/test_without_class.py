"""Rows of persons whom the standing table has in no class are counted and told of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jiugao.cli.tables import print_outcome
from jiugao.results.options import Files, Options
from jiugao.results.run import run
from tests.claims.claim_files import Year, row

LABELS = Path(__file__).parents[1] / "language/standing/good/for_life.rules"


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
    assert "1 row is of a person in no class" in told(capsys)
    print_outcome(year.settle([row()]), "en")
    assert "in no class" not in told(capsys)


def told(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def test_labels_of_two_rows_name_the_column_to_look_at(year: Year) -> None:
    year.people = [
        {"psn_no": "P1", "psn_idet_type": label, "begndate": "2020-01-01"}
        for label in ("一类", "二类")
    ]
    claims = year.write("claims.csv", [row()])
    people = year.write("people.csv", year.people)
    run(LABELS, Files((str(claims),), (str(people),)), year.folder / "out", Options())
    (told,) = year.rejects()
    assert (told["code"], told["column"]) == ("D976", "psn_idet_type")
