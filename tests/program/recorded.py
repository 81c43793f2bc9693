"""Programs with claims and what they pay by the second evaluator, for the tests of the
engine: `python -m tests.program.recorded` writes rust/engine/tests/recorded.jsonl.

One file, a program a line, after a line of what most of them say (`compact.py`).

The engine's own tests need no Python. What they are held to is not what the machine paid
once, but what the exact evaluator of the tests says. Written anew only when the program
file or the meaning changes.
"""

from __future__ import annotations

import json
import random
from fractions import Fraction
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiugao.policy.model import Rounding
from jiugao.program import dates, lower
from jiugao.program.encode import canonical
from jiugao.program.isa import SPECS, Op
from tests.oracle import Result, evaluate
from tests.oracle.accrual import rounded
from tests.program.compact import text, usual, without
from tests.program.test_meaning import for_life, mask_of, number
from tests.program.written import checked
from tests.properties.policies import policy_text
from tests.properties.years import Years, draw_years, in_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jiugao.policy import model
    from jiugao.program import Program
    from jiugao.program.body import Measure
    from tests.oracle import Row, YearRow

RECORDED = Path(__file__).parents[2] / "rust/engine/tests/recorded.jsonl"
DRAWN = 1000
KEPT = 150  # of those drawn, the ones that do most that none before did
CLAIMS = 40
NOWHERE = {"span": None, "text": "", "clauses": []}
ROLES = ("settled", "reversed", "reversal")


def slim(body: dict[str, Any]) -> dict[str, Any]:
    """The body without its words: what is said of a figure, and where, moves no fen.

    The debug lines, one for each instruction, are put back by the test.
    """
    body |= {"sources": [{"name": "", "sha256": "", "text": ""}], "parameters": []}
    body |= {"funds": [], "indicators": [], "debug": []}
    body["lists"] = [one | {"source": 0} for one in body["lists"]]
    for one in body["inputs"]:
        one |= {"alternatives": [], "label": "", "labels": [""] * len(one["codes"])}
    for benefit in body["benefits"]:
        for figure in benefit["figures"]:
            figure |= {"note": "", "places": {}, "parameters": []}

    def without_places(value: object) -> object:
        match value:
            case {"span": _, "text": _, "clauses": _}:
                return NOWHERE
            case dict():
                return {name: without_places(one) for name, one in value.items()}
            case list():
                return [without_places(one) for one in value]
            case _:
                return value

    cleaned = without_places(body)
    assert isinstance(cleaned, dict)
    return cleaned


def features(program: Program) -> set[object]:
    """What a program makes the machine do: instructions and what they read, ways of
    settling, roundings.

    Each counts once where claims are settled in blocks and once where one by one.
    """
    sections = (program.claim.code, program.watch.code, *(y.code for y in program.year))
    found: set[object] = {pair for code in sections for pair in flows(code)}
    for one in program.benefits:
        found |= {one.settle, one.rounding, one.signed, one.claw_back, one.by_standing}
        found |= {("from", one.counts_from is not None), ("finer", one.base_scale > 0)}
        for row in one.figures:
            found |= {("gate", row.gate and row.gate[1:]), ("by", row.bands_by)}
            found |= {("limit", use[0]) for use in row.limits}
            found |= {("parts", row.parts and row.parts.sharing)}
            found |= {("bands", len(row.bands), row.bands_by)}
    found |= {("choice", one.by) for one in program.choices}
    found |= {
        (
            "lookback",
            k.lookback is not None,
            k.once_a_year,
            k.unclassed_only,
            k.lifetime,
        )
        for k in program.classes
    }
    found |= {("begins", program.years.month > 1)}
    found |= {(one, limited(program)) for one in found if isinstance(one, tuple)}
    return {(one, in_blocks(program)) for one in found}


def flows(code: Sequence[Sequence[int]]) -> Iterator[tuple[int, int, int]]:
    """Instructions, each with the instruction that made what it reads, and where."""
    made: dict[int, int] = {}
    for opcode, *operands in code:
        spec = SPECS[Op(opcode)]
        for place, operand in enumerate(operands):
            if spec.operands[place][1] == "register":
                yield opcode, place, made[operand]
        yield opcode, -1, -1
        if spec.has_result:
            made[operands[0]] = opcode


def limited(program: Program) -> bool:
    """Whether benefits share a limit: then payments are worked out again, row by row."""
    uses = (use for b in program.benefits for row in b.figures for use in row.limits)
    return any(use[0] == "shared" for use in uses)


def in_blocks(program: Program) -> bool:
    """Whether nothing in it has claims settled one by one (as the engine decides)."""
    return not (
        program.choices
        or program.force.counts_from is not None
        or any(one.signed or one.parts for one in program.benefits)
        or any(words[0] == Op.CAP_BY_YEAR for words in program.claim.code)
    )


def batch(policy: model.Policy, program: Program, years: Years) -> dict[str, Any]:
    """The claims as the engine reads them: positions, days, masks."""
    persons = list(dict.fromkeys(c["psn_no"] for c in years.claims))
    held, claims = for_life(program, years.held, years.claims)
    starts = [0]
    for person in persons:
        starts.append(starts[-1] + sum(c["psn_no"] == person for c in claims))
    day = policy.year_by.column
    rows = {(c["psn_no"], c["setl_id"]): n for n, c in enumerate(claims)}
    columns = []
    for found in program.inputs:
        same = [
            one
            for one in policy.inputs
            if (one.column, one.table) == (found.column, found.table)
        ]
        read = same if found.table != "enrolment" else []
        columns.append(
            alike(
                [
                    number(one, found, c.get(found.column))
                    for c in claims
                    for one in read
                ]
            )
        )
    return {
        "persons": starts,
        "days": [dates.number(c[day].date()) for c in claims],
        "inputs": columns,
        "masks": [mask_of(program, c["identities"]) for c in claims]
        if any("identities" in c for c in claims)
        else None,
        "held": [
            [
                persons.index(h.person),
                mask_of(program, [h.identity]),
                None if h.start is None else dates.number(h.start),
                None if h.end is None else dates.number(h.end),
            ]
            for h in sorted(held, key=lambda h: persons.index(h.person))
        ],
        "applications": [
            [p, d, i]
            for p, d, i in sorted(
                (
                    persons.index(a.person),
                    dates.number(a.day),
                    program.identities.index(a.identity),
                )
                for a in years.applications
            )
        ],
        "reversals": [
            [n, rows.get((c["psn_no"], c["init_setl_id"]))]
            for n, c in enumerate(claims)
            if c["init_setl_id"]
        ],
    }


def alike(column: list[Any]) -> object:
    """One value for all, where there is but one."""
    return column[0] if len(set(column)) == 1 else column


def expected(policy: model.Policy, program: Program, result: Result) -> dict[str, Any]:
    """Every row and every account, in fen, by the second evaluator."""
    codes = [benefit.code for benefit in policy.benefits]
    persons = list(dict.fromkeys(row.person for row in result.rows))
    rows = [None if r.role == "rejected" else r for r in result.rows]
    return {
        "roles": [row and ROLES.index(row.role) for row in rows],
        "years": [row and row.benefit_year for row in rows],
        "standings": [row and standing_of(policy, row) for row in rows],
        "paid": [
            alike([r.payments.get(c, 0) if r else 0 for r in rows]) for c in codes
        ],
        "burden": [row and row.burden for row in rows],
        "excess": [
            row and plain(row) and rounded(row.excess, Rounding()) for row in rows
        ],
        "measures": [
            [row and measured(row, one) for row in rows]
            for one in program.measures
            if one.section == "claim" and one.kind != "code"
        ],
        "paying": [row and paid_to(program, row) for row in rows]
        if program.outputs.paying
        else None,
        "accounts": [account(policy, persons, year) for year in result.years],
    }


def plain(row: Row) -> bool | None:
    """None for what undoes a row: what it shows beside amounts is its own affair."""
    return None if row.role == "reversal" else True


def standing_of(policy: model.Policy, row: Row) -> int | None:
    """The class of a row by its place; -1 for none."""
    classes = [k.name for k in policy.standing.classes] if policy.standing else []
    return plain(row) and (classes.index(row.standing) if row.standing else -1)


def measured(row: Row, measure: Measure) -> int | None:
    """What a row adds to an indicator, in units of the measure's scale."""
    exact = Fraction(row.measures.get(measure.name, 0)) * 10**measure.scale
    assert exact.denominator == 1
    return plain(row) and exact.numerator


def paid_to(program: Program, row: Row) -> list[int | None] | None:
    """Whom a row is paid to, by when, and what of it makes good an outlay."""
    told = row.paying
    return plain(row) and [
        program.payees.index(told.payee) + 1 if told.payee else 0,
        told.due_by and dates.number(told.due_by),
        rounded(told.excess, Rounding()),
        rounded(told.replaced, Rounding()),
    ]


def account(policy: model.Policy, persons: list[str], year: YearRow) -> dict[str, Any]:
    """One person's year, or what one application carries."""
    codes = [benefit.code for benefit in policy.benefits]
    return {
        "person": persons.index(year.person),
        "year": year.benefit_year,
        "application": year.application and dates.number(year.application),
        "rows": [year.rows.get(code, 0) for code in codes],
        "look_back": [year.look_back.get(code, 0) for code in codes],
        "year_end": [year.year_end.get(code, 0) for code in codes],
        "own": [year.paid.get(code, 0) for code in codes],
        "used": [year.used.get(one.name, 0) for one in policy.shared_limits],
        "sums": [
            [rounded(year.sums[w.code], Rounding()), year.warned[w.code]]
            if w.code in year.sums
            else None
            for w in policy.warnings
        ],
    }


def usable(policy: model.Policy, years: Years) -> Years:
    """Without what the border looks after: applications of one day, unknown values, labels
    of two classes for life."""
    result = evaluate(policy, years.claims, years.held, years.applications)
    odd = {row.person for row in result.rows if "labels" in row.reason}
    odd |= {a.person for a in years.applications if asked_twice(years, a.person)}
    named = {c["psn_no"] for c in years.claims}
    kept = years.of(named - odd)
    kept.claims[:] = [
        c
        for person in dict.fromkeys(c["psn_no"] for c in kept.claims)
        for c in in_order(policy, [c for c in kept.claims if c["psn_no"] == person])
    ]
    return kept


def asked_twice(years: Years, person: str) -> bool:
    """Whether a person applied twice on one day."""
    own = [a.day for a in years.applications if a.person == person]
    return len(own) != len(set(own))


def record(policy: model.Policy, program: Program, seed: int) -> dict[str, Any]:
    """A policy with claims and what they pay."""
    years = usable(policy, draw_years(policy, seed, CLAIMS))
    result = evaluate(
        policy, years.claims, years.held, years.applications, close_year=True
    )
    return {
        "name": f"{seed:03}",
        "program": slim(json.loads(canonical(program))),
        "batch": batch(policy, program, years),
        "expected": expected(policy, program, result),
    }


def telling() -> list[int]:
    """The seeds of random policies of which each does what none before it did, most first."""
    left = {seed: features(program) for seed, _, program in islice(drawn(), DRAWN)}
    seen: set[object] = set()
    kept: list[int] = []
    while left and len(kept) < KEPT:
        best = max(left, key=lambda seed: (len(left[seed] - seen), -seed))
        more = left.pop(best) - seen
        if not more:
            break
        seen |= more
        kept.append(best)
    return sorted(kept)


def drawn() -> Iterator[tuple[int, model.Policy, Program]]:
    """Random policies that compile, without end."""
    for seed in count():
        policy = policy_of(seed)
        if policy is not None:
            yield seed, policy, lower(policy)


def policy_of(seed: int) -> model.Policy | None:
    """A random policy; none where it does not compile."""
    return checked(policy_text(random.Random(f"recorded {seed}").randrange))


def main() -> None:
    """Write them all, one a line."""
    records = []
    for seed in telling():
        policy = policy_of(seed)
        assert policy is not None
        records.append(record(policy, lower(policy), seed))
    said = usual(records)
    lines = [said, *(without(one, said) for one in records)]
    RECORDED.write_text("".join(f"{text(line)}\n" for line in lines), "utf-8")


if __name__ == "__main__":
    main()
