"""A base in parts, on random policies and years: after every claim each part was paid no
less than nothing and no more than its total, the parts sum to the payment, and the claim
is paid no more than it has of all parts.

Left out: benefits whose base falls where an earlier payment moves (signed), which may
have been paid at other rates than those at which it falls, and reversals, which replay.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING

import pytest

from jiugao import engine
from jiugao.explain.trace import BenefitTrace, Row, read_trace
from jiugao.policy import model
from jiugao.program.encode import decode
from tests.properties import machine
from tests.properties.cases import draw_policy
from tests.properties.years import Years, draw_years

if TYPE_CHECKING:
    from jiugao.compile import Compiled

CLAIMS = 60


def in_parts(policy: model.Policy) -> bool:
    """Whether a benefit in parts is there, with accounts of years only."""
    classes = policy.standing.classes if policy.standing else ()
    return any(b.parts and not b.signed for b in policy.benefits) and not any(
        k.on_application for k in classes
    )


def rounds_up(benefit: model.Benefit) -> bool:
    """Whether rounding alone could pay more than there is."""
    return benefit.rounding.unit > 1 or (
        benefit.rounding.mode is model.RoundingMode.HALF_EVEN
    )


def held(benefit: BenefitTrace, fen: int) -> None:
    """One claim in one benefit; `fen` is how many units of its base make one."""
    for part in benefit.parts:
        assert 0 <= part.p[1] <= ceil(part.s[1] / fen), part
        assert part.p[1] == part.p[0] + part.paid
    assert sum(part.paid for part in benefit.parts) == benefit.paid
    assert benefit.paid <= sum(ceil(max(0, part.base) / fen) for part in benefit.parts)


@pytest.mark.parametrize("lot", range(4))
def test_no_part_is_paid_more_than_it_has(lot: int) -> None:
    settled, again, coarse = 0, 0, 0
    for seed in range(lot * 15, lot * 15 + 15):
        drawn = draw_policy(f"parts {seed}", lambda one: in_parts(one.policy)).policy
        for claim in traces(drawn, seed):
            for own in claim:
                benefit = drawn.policy.benefits[own.benefit]
                if own.parts and not benefit.signed:
                    body = decode(drawn.program_bytes).benefits[own.benefit]
                    held(own, 10**body.base_scale)
                    settled += own.paid > 0
                    again += any(p.paid > max(0, p.base) for p in own.parts)
                    coarse += rounds_up(benefit) and own.paid > 0
    assert settled > 100
    assert again  # the deductible was shared anew
    assert coarse > 10


def traces(drawn: Compiled, seed: int) -> list[tuple[BenefitTrace, ...]]:
    """Every claim of random years, each benefit as the machine told of it."""
    years = draw_years(drawn.policy, seed, CLAIMS)
    plain = [c for c in years.claims if not c["init_setl_id"]]
    years = replace(years, claims=plain)
    way = machine.PLAIN
    given = engine.Tables(
        machine.claims_table(drawn.policy, years, way),
        machine.people_table(years, way),
        machine.applications_table(years, way),
    )
    program = engine.Program.load(drawn.program_bytes)
    told = [
        read_trace(engine.trace(program, given, place), Row("", ""))
        for place in accepted(drawn, years)
    ]
    return [tuple(one.benefits) for one in told]


def accepted(drawn: Compiled, years: Years) -> list[int]:
    """Positions of the claims that are settled."""
    rows = machine.run(drawn.program_bytes, drawn.policy, years).rows
    taken = {row.settlement for row in rows if row.role == "settled"}
    return [n for n, c in enumerate(years.claims) if c["setl_id"] in taken]
