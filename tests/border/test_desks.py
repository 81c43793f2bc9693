"""What settlements of a program leave behind: memory for the next ones, and nothing else."""

from __future__ import annotations

import random
from typing import Any

import pyarrow as pa
import pytest

from jiugao.compile import compile_policy
from jiugao.engine import EngineError, Options, Program, Settlement, Tables, settle
from tests.border.ground import RULES, claims, year
from tests.border.test_opening import ROW, table

BYTES = compile_policy(RULES).program_bytes
YEAR, PEOPLE, APPLICATIONS = year(persons=400, seed=11)
HUGE = pa.array([2**62, 2**62, 2**62], pa.int64())
OPENED = table(ROW, ("q", 2023, "aid.base", "1.00"))

TABLES: dict[str, dict[str, Any]] = {
    "identities on claims": {"claims": claims()},
    "identities of people": {"claims": YEAR, "people": PEOPLE},
    "no identities": {"claims": claims(psn_idet_type=None)},
    "applications": {"claims": YEAR, "people": PEOPLE, "applications": APPLICATIONS},
    "opening": {"claims": claims(), "opening": OPENED},
    "a rejected row": {"claims": claims(med_type=["21", "?", "21"])},
    "a constant": {
        "claims": claims(med_type=None),
        "constants": {"med_type": "21"},
    },
    "no rows": {"claims": claims().slice(0, 0)},
}
OPTIONS: dict[str, dict[str, Any]] = {
    "rows alone": {"years": False, "result_columns": ["aid"]},
    "all": {},
    "closed": {"close_year": True, "months": True},
    "details": {"details": True, "wide": True},
    "two threads": {"threads": 2},
}
BROKEN = {"inscp_scp_amt": HUGE, "medfee_sumamt": HUGE}


def settled(program: Program, tables: str, options: str) -> Settlement:
    """One of the settlements, not read yet."""
    given = dict(TABLES[tables])
    return settle(
        program, Tables(given.pop("claims"), **given), Options(**OPTIONS[options])
    )


def told(settlement: Settlement) -> list[Any]:
    """Everything that it tells; the table of rows first."""
    rows = settlement.table()
    years = settlement.years().table()
    opened = settlement.opened_without_claims()
    return [rows, years, opened, settlement.totals()]


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_seen_of_it(seed: int) -> None:
    """In any order, with settlements among them that break off or are not read to the end."""
    shared = Program.load(BYTES)
    chance = random.Random(seed)
    cases = [(tables, options) for tables in TABLES for options in OPTIONS]
    chance.shuffle(cases)
    held = []
    for tables, options in cases:
        if chance.random() < 0.2:
            with pytest.raises(EngineError, match="D934"):
                settle(shared, Tables(claims(**BROKEN))).table()
        if chance.random() < 0.2:
            next(iter(settled(shared, *chance.choice(cases))), None)
        held.append(((tables, options), told(settled(shared, tables, options))))
    # Tables that are still held when all is settled are what they were.
    for case, found in held:
        assert found == told(settled(Program.load(BYTES), *case)), case


def test_two_at_a_time() -> None:
    """One takes what was left, the other a desk of its own; their batches come in turns."""
    large, people, _ = year(persons=14_000, seed=12)
    given = [Tables(large, people=people), Tables(large)]
    alone = [settle(Program.load(BYTES), tables).table() for tables in given]
    assert alone[0]["aid"] != alone[1]["aid"]
    shared = Program.load(BYTES)
    settle(shared, given[0]).table()
    turns = list(zip(*(settle(shared, tables) for tables in given), strict=True))
    assert len(turns) > 1
    found = [pa.Table.from_batches(batches) for batches in zip(*turns, strict=True)]
    assert found == alone
