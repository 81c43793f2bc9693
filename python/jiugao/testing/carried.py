"""What years of examples begin with comes in; a table of opening balances goes out.

The totals go the way of a table that a run reads: renamed as 承接 says, and checked.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa

from jiugao import engine
from jiugao.claims.carrying import new_name
from jiugao.claims.findings import DataError
from jiugao.claims.opening import Begins, opening_in
from jiugao.claims.rejects import Rejects
from jiugao.diagnostics import Diagnostic
from jiugao.program.encode import decode
from jiugao.testing.report import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from fractions import Fraction

    from jiugao.compile import Compiled
    from jiugao.policy.model import Example, ExampleCarried, Policy
    from jiugao.program.body import Program

Key = tuple[Part, str, str]

GIVEN = pa.schema(
    [
        ("psn_no", pa.string()),
        ("benefit_year", pa.int64()),
        ("accumulator", pa.string()),
        ("amount", pa.string()),
        ("until", pa.date32()),
        ("policy", pa.string()),
        ("file", pa.int32()),
        ("row", pa.int64()),
    ]
)


@dataclass(frozen=True)
class Begun:
    """Opening balances of some examples, the person an example's place among them.

    `faults`: what is wrong with the totals of an example, which cannot be run then.
    """

    table: pa.Table | None = None
    faults: Mapping[int, tuple[str, Diagnostic]] = field(default_factory=dict)


NOTHING = Begun()


def begun(compiled: Compiled, examples: Sequence[Example]) -> Begun:
    """What the years of the examples begin with."""
    if not any(example.carried for example in examples):
        return NOTHING
    body = decode(compiled.program_bytes)
    faults: dict[int, tuple[str, Diagnostic]] = {}
    rows: list[dict[str, object]] = []
    known = {"", *(former.code for former in body.carried)}
    for case, example in enumerate(examples):
        for line in example.carried:
            if (line.code or "") in known:
                rows += total_rows(compiled.policy, case, line)
            else:
                faults[case] = (line.code or "", not_carried(line, body))
    given = pa.Table.from_pylist(rows, GIVEN)
    told = engine.Program.load(compiled.program_bytes).accumulators
    rejects = Rejects()
    opening = opening_in(given, len(given), Begins.of(body, told), rejects)
    for fault in rejects.table().to_pylist():
        diagnostic = Diagnostic(fault["code"], None, {})
        faults.setdefault(int(fault["psn_no"]), (fault["value"] or "", diagnostic))
    return Begun(opening.passed, faults)


def total_rows(
    policy: Policy, case: int, line: ExampleCarried
) -> Iterable[dict[str, object]]:
    """The rows of one line."""
    place, _ = line.span.line_column
    for name, fen in line.totals.items():
        yield {
            "psn_no": str(case),
            "benefit_year": policy.years.of(line.until),
            "accumulator": name,
            "amount": yuan(fen),
            "until": line.until,
            "policy": line.code or "",
            "file": 0,
            "row": place,
        }


def yuan(fen: Fraction) -> str:
    """Fen as yuan, with every decimal that was written."""
    return f"{Decimal(fen.numerator) / Decimal(fen.denominator * 100):f}"


def not_carried(line: ExampleCarried, body: Program) -> Diagnostic:
    """D801: under these readings nothing of that policy goes on."""
    row, _ = line.span.line_column
    return DataError(
        "D801", file=line.span.source.name, row=str(row), policy=line.code or "",
        name=body.policy.name,
    ).diagnostic  # fmt: skip


def carried_targets(program: Program) -> Iterable[Key]:
    """Every total that goes on."""
    for former in program.carried:
        for total in former.totals:
            yield Part.CARRIED, former.name, f"{total.new} = {total.old}"


def carried_hits(examples: Sequence[Example], program: Program) -> Iterable[Key]:
    """The totals that examples begin with, where they are not nothing."""
    for example in examples:
        for line in example.carried:
            told = [name for name, fen in line.totals.items() if fen]
            for former in program.carried:
                if former.code != line.code:
                    continue
                for total in former.totals:
                    alone = replace(former, totals=(total,))
                    if any(new_name(alone, name, {}) for name in told):
                        yield Part.CARRIED, former.name, f"{total.new} = {total.old}"
