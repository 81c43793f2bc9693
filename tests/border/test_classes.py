"""Columns of a benefit whose classes are alternatives: their sum, then each of them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from jiugao import engine
from jiugao.compile import compile_policy
from jiugao.testing.cases import case_tables

GOOD = Path(__file__).parents[1] / "language/classes/good"


@pytest.mark.parametrize("name", ["by_claim", "by_year"])
def test_a_benefit_has_the_sum_of_its_classes_under_its_own_code(name: str) -> None:
    compiled = compile_policy(GOOD / f"{name}.rules")
    tables = case_tables(compiled.policy, compiled.policy.examples)
    given = engine.Tables(tables.claims, tables.people, tables.applications)
    program = engine.Program.load(compiled.program_bytes)
    settlement = engine.settle(program, given, engine.Options(close_year=True))
    rows = settlement.table()
    years = settlement.years().table()
    paid = Decimal(0)
    for table, endings in ((rows, ("",)), (years, ("", ".year_end", ".lookback"))):
        names = table.schema.names
        for ending in endings:
            place = names.index(f"assistance{ending}")
            for row in table.to_pylist():
                one, two = row[f"assistance_1{ending}"], row[f"assistance_2{ending}"]
                assert row[f"assistance{ending}"] == one + two
                paid += abs(one + two)
            assert place < names.index(f"assistance_1{ending}")
    assert paid


def test_a_benefit_with_one_class_to_choose_has_one_column() -> None:
    compiled = compile_policy(GOOD / "by_reading.rules")
    tables = case_tables(compiled.policy, compiled.policy.examples)
    given = engine.Tables(tables.claims, tables.people, tables.applications)
    program = engine.Program.load(compiled.program_bytes)
    names = engine.settle(program, given).table().schema.names
    assert [n for n in names if n.startswith("assistance")] == ["assistance"]
