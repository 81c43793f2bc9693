"""Programs with claims and what they pay by the second evaluator, for the tests of the
engine: `python -m tests.program.recorded` writes rust/engine/tests/recorded/.

The engine's own tests need no Python. What they are held to is not what the machine paid
once, but what the exact evaluator of the tests says. Written anew only when the program
file or the meaning changes.
"""

from __future__ import annotations

import json
import random
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiugao.policy.model import Rounding
from jiugao.program import dates, lower
from jiugao.program.encode import canonical
from jiugao.program.isa import Op
from tests.oracle import Result, evaluate
from tests.oracle.accrual import rounded
from tests.program.test_meaning import for_life, mask_of, number
from tests.program.written import checked
from tests.properties.policies import policy_text
from tests.properties.years import Years, draw_years, in_order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jiugao.policy import model
    from jiugao.program import Program
    from tests.oracle import YearRow

ENGINE = Path(__file__).parents[2] / "rust" / "engine" / "tests" / "recorded"
EVERY = 16  # of the first
DRAWN = 200
SHARING = 8  # more, of those that share a limit and settle in blocks
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
    """What a program makes the machine do: instructions, ways of settling, roundings.

    Each counts once where claims are settled in blocks and once where one by one.
    """
    sections = (program.claim.code, program.watch.code, *(y.code for y in program.year))
    found: set[object] = {words[0] for code in sections for words in code}
    for one in program.benefits:
        found |= {one.settle, one.rounding, one.signed, one.claw_back, one.by_standing}
        found |= {("from", one.counts_from is not None), ("finer", one.base_scale > 0)}
        for row in one.figures:
            found |= {("gate", row.gate and row.gate[1:]), ("by", row.bands_by)}
            found |= {("limit", use[0]) for use in row.limits}
            found |= {("parts", row.parts and row.parts.sharing)}
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
    found |= {(one, limited(program)) for one in found if isinstance(one, int)}
    return {(one, in_blocks(program)) for one in found}


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
            [number(one, found, c.get(found.column)) for c in claims for one in read]
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


def expected(policy: model.Policy, result: Result) -> dict[str, Any]:
    """Every row and every account, in fen, by the second evaluator."""
    codes = [benefit.code for benefit in policy.benefits]
    classes = [k.name for k in policy.standing.classes] if policy.standing else []
    persons = list(dict.fromkeys(row.person for row in result.rows))
    rows: list[dict[str, Any] | None] = []
    for row in result.rows:
        if row.role == "rejected":
            rows.append(None)
            continue
        paid = [row.payments.get(code, 0) for code in codes]
        plain = row.role != "reversal"
        standing = classes.index(row.standing) if row.standing else -1
        rows.append(
            {
                "role": ROLES.index(row.role),
                "year": row.benefit_year,
                "standing": standing if plain else None,
                "paid": paid,
                "burden": row.burden,
                "excess": rounded(row.excess, Rounding()) if plain else None,
            }
        )
    return {"rows": rows, "years": [account(policy, persons, y) for y in result.years]}


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
        "program": slim(json.loads(canonical(program))),
        "batch": batch(policy, program, years),
        "expected": expected(policy, result),
    }


def telling() -> Iterator[tuple[int, model.Policy, Program]]:
    """Of random policies the first, those that do something that none before did, a few of
    a sort that is rare."""
    seen: set[object] = set()
    for seed, policy, program in islice(drawn(), DRAWN):
        if seed < EVERY or features(program) - seen:
            seen |= features(program)
            yield seed, policy, program
    later = islice(drawn(), DRAWN, None)
    sharing = (one for one in later if in_blocks(one[2]) and limited(one[2]))
    yield from islice(sharing, SHARING)


def drawn() -> Iterator[tuple[int, model.Policy, Program]]:
    """Random policies that compile, without end."""
    for seed in count():
        policy = checked(policy_text(random.Random(f"recorded {seed}").randrange))
        if policy is not None:
            yield seed, policy, lower(policy)


def main() -> None:
    """Write them all, one a file."""
    ENGINE.mkdir(exist_ok=True)
    for old in ENGINE.glob("*.json"):
        old.unlink()
    for seed, policy, program in telling():
        found = record(policy, program, seed)
        text = json.dumps(found, separators=(",", ":"))
        (ENGINE / f"{seed:02}.json").write_text(f"{text}\n", "utf-8")


if __name__ == "__main__":
    main()
