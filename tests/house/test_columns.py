"""The names that no code may be are those of every column beside the codes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from jiugao.claims.contract import tables
from jiugao.columns import PASSED_COLUMNS, RESULT_COLUMNS, TAKEN_COLUMNS
from jiugao.compile import compile_policy
from jiugao.engine import Options, Tables, settle
from jiugao.profile import standard
from jiugao.program.encode import decode
from jiugao.results.measures import measured_schema
from jiugao.results.policy import Policy
from jiugao.results.settling import BESIDE, result_schema
from jiugao.syntax import tree

if TYPE_CHECKING:
    from collections.abc import Iterable

LANGUAGE = Path(__file__).parents[1] / "language"
POLICIES = (
    LANGUAGE / "payees" / "good" / "redirected.rules",
    LANGUAGE / "payees" / "good" / "outlay_replaced.rules",
)
"""With payees, so with every column of the results."""
READ = {
    name
    for node in standard().items
    if isinstance(node, tree.Input)
    for name in (node.column, *node.alternatives)
}


def plain(names: Iterable[str], codes: Iterable[str]) -> set[str]:
    """Names of columns, without those that are codes or made of codes by a dot."""
    return {n for n in names if "." not in n} - set(codes)


def test_every_column_of_claims_and_enrolment_is_taken() -> None:
    there = {
        name
        for table in ("claims", "enrolment")
        for column in tables()[table].columns
        for name in column.names
    }
    assert there <= READ | TAKEN_COLUMNS
    assert there & PASSED_COLUMNS - READ == PASSED_COLUMNS
    assert set(BESIDE) <= READ | TAKEN_COLUMNS


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_every_column_of_results_is_taken(path: Path) -> None:
    data = compile_policy(path).program_bytes
    policy = Policy(data, decode(data))
    wanted = ["psn_no", "setl_id", *(c.name for c in policy.columns("claims"))]
    claims = pa.table({name: pa.array([], pa.string()) for name in wanted})
    settled = settle(policy.program, Tables(claims), Options())
    made = [
        *settled.table().schema.names,
        *settled.years().table().schema.names,
        *result_schema(policy).names,
        *measured_schema(policy).names,
    ]
    assert plain(made, policy.paid_codes) <= READ | TAKEN_COLUMNS
    assert plain(made, policy.paid_codes) >= RESULT_COLUMNS
