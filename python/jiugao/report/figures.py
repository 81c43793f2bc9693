"""The tally and files of a run come in; what the charts of its report show goes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

if TYPE_CHECKING:
    import duckdb

    from jiugao.results.policy import Policy
    from jiugao.results.tally import Tally

# A person's burden of a year, yuan: nothing, then up to and with each of these, then more.
BURDEN_STEPS = (0, 1_000, 5_000, 10_000, 30_000, 50_000, 100_000)
# How much of a yearly limit is used, in parts of a hundred: up to each of these, then all.
LIMIT_STEPS = (50, 80)


@dataclass(frozen=True)
class Part:
    """One payer's part of all charges, fen. `sort`: fund, hospital, taken_back or benefit."""

    sort: str
    name: str  # the column or the benefit's code
    fen: int


@dataclass(frozen=True)
class Figures:
    """What the charts show.

    `flow` and `burden` make up the charge. `burdens`: years of persons whose burden ends on
    each step of BURDEN_STEPS (and beyond the last), before the policy's benefits and after.
    `limits`: by benefit, accounts with something paid under a yearly limit: used up to each
    of LIMIT_STEPS, up to the whole, and wholly.
    """

    charge: int = 0
    flow: tuple[Part, ...] = ()
    burden: int = 0
    burdens: tuple[tuple[int, int], ...] = ()
    limits: Mapping[str, tuple[int, ...]] | None = None


def figures(
    new: Path, policy: Policy, tally: Tally, connection: duckdb.DuckDBPyConnection
) -> Figures:
    """Read settlements.parquet and years.parquet once more; DuckDB keeps to its memory."""
    flow = _flow(policy, tally)
    burden = tally.charge - sum(part.fen for part in flow)
    return Figures(
        tally.charge, flow, burden, _burdens(new, policy, connection),
        _limits(new, policy, connection),
    )  # fmt: skip


def _flow(policy: Policy, tally: Tally) -> tuple[Part, ...]:
    """Who pays, in the order of the chain, amounts of the year's close among the benefits."""
    parts = [
        Part("fund", name, fen - tally.not_taken_back.get(name, 0))
        for name, fen in tally.other_funds.items()
    ]
    parts.append(Part("hospital", "hosp_part_amt", tally.hospital))
    parts.append(Part("taken_back", "", -tally.outlay_replaced - tally.payee_excess))
    for code in policy.benefit_codes:
        later = tally.year_end.get(code, 0) + tally.lookback.get(code, 0)
        parts.append(Part("benefit", code, tally.benefits.get(code, 0) + later))
    return tuple(part for part in parts if part.fen)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _sum(names: list[str]) -> str:
    return " + ".join(_quoted(n) for n in names) or "0"


def _burdens(
    new: Path, policy: Policy, connection: duckdb.DuckDBPyConnection
) -> tuple[tuple[int, int], ...]:
    rows, years = new / "settlements.parquet", new / "years.parquet"
    known = set(pq.read_schema(years).names)
    present = set(pq.read_schema(rows).names)
    later = [
        name
        for code in policy.benefit_codes
        for name in (f"{code}.year_end", f"{code}.lookback")
        if name in known
    ]
    beyond = [n for n in ("payee_excess", "outlay_replaced") if n in present]
    less = f" - ({_sum(beyond)})" if beyond else ""
    found = connection.execute(
        f"""
        WITH claims AS (
          SELECT psn_no, benefit_year, sum(psn_burden) AS burden,
                 sum({_sum(list(policy.benefit_codes))}{less}) AS paid
          FROM read_parquet($rows) GROUP BY ALL),
        accounts AS (
          SELECT psn_no, benefit_year, sum({_sum(later)}) AS later
          FROM read_parquet($years) GROUP BY ALL),
        burdens AS (
          SELECT burden + paid AS before, burden - coalesce(later, 0) AS after
          FROM claims LEFT JOIN accounts USING (psn_no, benefit_year)),
        steps AS (
          SELECT len(list_filter($steps, lambda s: s < before)) AS before,
                 len(list_filter($steps, lambda s: s < after)) AS after
          FROM burdens)
        SELECT step, count(*) FILTER (before = step), count(*) FILTER (after = step)
        FROM steps, range($count) AS places (step) GROUP BY step ORDER BY step
        """,
        {
            "rows": str(rows),
            "years": str(years),
            "steps": list(BURDEN_STEPS),
            "count": len(BURDEN_STEPS) + 1,
        },
    ).fetchall()
    return tuple((before, after) for _, before, after in found)


def _limits(
    new: Path, policy: Policy, connection: duckdb.DuckDBPyConnection
) -> dict[str, tuple[int, ...]]:
    path = new / "years.parquet"
    known = set(pq.read_schema(path).names)
    found = {}
    for code in policy.benefit_codes:
        used, left = f"{code}.limit_used", f"{code}.limit_left"
        if used not in known or left not in known:
            continue
        u, rest = _quoted(used), _quoted(left)
        low, high = (f"{u} * 100 <= ({u} + {rest}) * {step}" for step in LIMIT_STEPS)
        row = connection.execute(
            f"""
            SELECT count(*) FILTER ({low}),
                   count(*) FILTER (NOT {low} AND {high}),
                   count(*) FILTER (NOT {high} AND {rest} > 0),
                   count(*) FILTER ({rest} = 0)
            FROM read_parquet($path) WHERE {u} > 0 AND {rest} IS NOT NULL
            """,
            {"path": str(path)},
        ).fetchone()
        if row is not None and any(row):
            found[code] = tuple(int(n) for n in row)
    return found
