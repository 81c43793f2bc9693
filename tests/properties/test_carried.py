"""A policy replaced by one of the same figures and other names: the cut changes no fen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from jiugao.claims.carrying import Heir, renamed
from jiugao.claims.opening import known_accumulators
from jiugao.engine import Program
from jiugao.program.encode import decode
from tests.oracle import evaluate
from tests.oracle.opening import carried
from tests.properties import compare, machine
from tests.properties.cases import draw_policy
from tests.properties.lists import compile_text
from tests.properties.machine import PLAIN, Way
from tests.properties.test_opening import a_day, by_account, cut_at, held, openings
from tests.properties.years import draw_years

if TYPE_CHECKING:
    import datetime as dt

    from jiugao.compile import Compiled
    from tests.properties.years import Years

FORMER = {
    "(random)": "(former)", "(benefit_": "(aid_", "共用": "旧共用", "范围内": "旧范围内",
    "(watched)": "(seen)",
}  # fmt: skip


def former_text(text: str) -> str:
    """The same policy under other names."""
    for new, old in FORMER.items():
        text = text.replace(new, old)
    return text


def heir_text(text: str) -> str:
    """The policy with everything carried that accumulates."""
    lines = [f"待遇{n} = aid_{c}" for n, c in re.findall(r"待遇 待遇(.) \(benefit_(.)\)", text)]  # fmt: skip
    lines += [f"{n} = 旧{n}" for n in re.findall(r"\n  限额 (共用.)", text)]
    lines += ["范围内 = 旧范围内"]
    lines += ["预警 = seen"] if "(watched)" in text else []
    block = "  承接 从前 (former) {\n    " + "\n    ".join(lines) + "\n  }\n"
    return re.sub(r"(\n  年度 [^\n]*\n)", lambda m: m[1] + block, text, count=1)


def heirs_names(heir: Compiled, table: pa.Table) -> pa.Table:
    """A table of the former policy's totals as a run of the heir reads it."""
    program = decode(heir.program_bytes)
    known = known_accumulators(Program.load(heir.program_bytes).accumulators)
    exact = {k.name: (k.decimals, "" if k.fraction else k.kind) for k in known}
    told = table.append_column("policy", pa.array(["former"] * len(table), pa.string()))
    done = renamed(told, Heir.of(program), exact, ())
    assert done.left == {}
    return done.rows.select(table.column_names)


def hold(text: str, seed: int, way: Way = PLAIN) -> int:
    """Held against the policy that goes on all year; how many years were carried."""
    whole = compile_text(text)
    heir, former = compile_text(heir_text(text)), compile_text(former_text(text))
    years: Years = draw_years(whole.policy, seed, 400)
    day: dt.date = a_day(whole, years, seed)
    cut = cut_at(whole, years, day)
    at_once = machine.run(whole.program_bytes, whole.policy, years, way)
    table = machine.totals(former.program_bytes, former.policy, cut.first, day, way)
    early = machine.run(
        former.program_bytes, former.policy, cut.first, way, close=False
    )
    mine = heirs_names(heir, table)
    late = machine.run(heir.program_bytes, heir.policy, cut.second, way, opening=mine)
    begun = [carried(heir.policy, one, "former") for one in openings(table)]
    oracle = evaluate(
        heir.policy,
        cut.second.claims,
        cut.second.held,
        cut.second.applications,
        begun,
        close_year=True,
    )
    assert compare.differences(late, oracle) == []
    rows = {row.settlement: row for row in late.rows}
    for row in at_once.rows:
        if row.settlement in rows:
            assert held(rows[row.settlement], row), (row, rows[row.settlement])
    went_on = 0
    accounts, before = by_account(late), by_account(early)
    for key, year in by_account(at_once).items():
        if key not in accounts or key not in before:
            continue
        went_on += 1
        assert accounts[key].used == year.used or machine.carried(years), key
    return went_on


@pytest.mark.parametrize("part", range(3))
def test_a_renamed_policy_goes_on(part: int) -> None:
    went_on = 0
    for seed in range(part * 12, part * 12 + 12):
        went_on += hold(draw_policy(f"carried {seed}").text, seed)
    assert went_on > 30


def test_every_way_of_running_goes_on_alike() -> None:
    went_on = 0
    for seed in range(3):
        text = draw_policy(f"carried ways {seed}").text
        for way in (Way(batch=1), Way(batch=97, threads=3)):
            went_on += hold(text, seed, way)
    assert went_on > 10
