"""Corrections settled before come in; differences less what they settled go out.

An export of claims may or may not have taken them in already: a row on which exactly as much
was paid as before its corrections and with them has them in it, and counts them only once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from jiugao.claims.files import DataFile
from jiugao.reconcile.adjustments import Adjustment, read_adjustments
from jiugao.reconcile.causes import Cause
from jiugao.reconcile.paid import Held

Key = tuple[str, str, int, str]  # settlement, or person and year; benefit


@dataclass(frozen=True)
class Earlier:
    """What was paid before any correction of a row, and what the corrections came to."""

    base: int
    corrected: int

    def taken_in(self, paid: int) -> bool:
        """Whether what a file says was paid has the corrections in it."""
        return paid == self.base + self.corrected


@dataclass(frozen=True)
class Lessened:
    """`kept`: what is still to be settled; `before`: by benefit, what was settled before.

    `unused`: corrections of rows that this year's data do not have.
    """

    kept: list[Adjustment]
    before: dict[str, int]
    unused: dict[Key, int]


def key_of(settlement: str, person: str, year: int, benefit: str) -> Key:
    """A settlement's id says whose it is; an amount of a year goes by person and year."""
    return (settlement, "", 0, benefit) if settlement else ("", person, year, benefit)


def read_adjusted(files: Sequence[DataFile]) -> dict[Key, Earlier]:
    """Corrections of each row. Raises DataError for a file that has another shape."""
    found: dict[Key, list[tuple[int, int]]] = {}
    wanted = ["setl_id", "psn_no", "benefit_year", "benefit", "paid", "difference"]
    for file in files:
        for row in read_adjustments(file.path).select(wanted).to_pylist():
            named = (row["setl_id"] or "", row["psn_no"], row["benefit_year"])
            step = int(row["paid"].scaleb(2)), int(row["difference"].scaleb(2))
            found.setdefault(key_of(*named, row["benefit"]), []).append(step)
    return {key: _together(steps) for key, steps in found.items()}


def _together(steps: Sequence[tuple[int, int]]) -> Earlier:
    """Each correction starts from what was paid with those before it."""
    ends = [paid + difference for paid, difference in steps]
    starts = [paid for paid, _ in steps]
    first = next((paid for paid in starts if paid not in ends), starts[0])
    return Earlier(first, sum(difference for _, difference in steps))


def less_earlier(
    adjustments: Sequence[Adjustment],
    earlier: Mapping[Key, Earlier],
    groups: Sequence[Held],
    folder: Path,
) -> Lessened:
    """What is left of the differences once earlier corrections count as paid.

    A correction that is no longer due is taken back: `folder` has the settled year.
    """
    left = {k: e for k, e in earlier.items() if e.corrected}
    kept: list[Adjustment] = []
    before: dict[str, int] = {}
    for one in adjustments:
        key = key_of(one.setl_id, one.psn_no, one.benefit_year, one.benefit)
        found = left.pop(key, None)
        paid = one.paid
        if found is not None and not found.taken_in(paid):
            paid += found.corrected
            before[one.benefit] = before.get(one.benefit, 0) + found.corrected
        if one.due != paid:
            kept.append(replace(one, paid=paid))
    for taken in _no_longer_due(left, groups, folder):
        kept.append(taken)
        settled = before.get(taken.benefit, 0) - taken.difference
        before[taken.benefit] = settled
    return Lessened(kept, before, {k: e.corrected for k, e in left.items()})


def _no_longer_due(
    left: dict[Key, Earlier], groups: Sequence[Held], folder: Path
) -> Iterable[Adjustment]:
    """Rows on which due = paid without the correction; takes what it finds out of `left`."""
    with duckdb.connect() as connection:
        for group in groups:
            mine = [k for k in left if k[3] == group.name]
            asked = pa.table(
                {
                    "setl_id": [k[0] for k in mine],
                    "psn_no": [k[1] for k in mine],
                    "benefit_year": pa.array([k[2] for k in mine], pa.int16()),
                },
                pa.schema([("setl_id", pa.string()), ("psn_no", pa.string()), ("benefit_year", pa.int16())]),
            )  # fmt: skip
            connection.register("asked", asked)
            rows = _rows(connection, group, folder)
            connection.unregister("asked")
            for settlement, person, year, standing, due in rows:
                found = left.pop(key_of(settlement, person, year, group.name))
                if not found.taken_in(due):
                    yield Adjustment(
                        setl_id=settlement,
                        psn_no=person,
                        benefit_year=year,
                        benefit=group.name,
                        payer=group.payer,
                        due=due,
                        paid=due + found.corrected,
                        cause=Cause.EARLIER_CORRECTION,
                        root_setl_id="",
                        standing=standing,
                    )


def _rows(
    connection: duckdb.DuckDBPyConnection, group: Held, folder: Path
) -> list[tuple[str, str, int, str, int]]:
    due = " + ".join(f's."{code}"' for code in group.benefits)
    claims = connection.execute(
        "SELECT s.setl_id, s.psn_no, s.benefit_year, coalesce(s.standing, ''),"
        f" (100 * ({due}))::BIGINT FROM read_parquet($1) s JOIN asked a USING (setl_id)"
        " WHERE a.setl_id <> '' ORDER BY 1",
        [str(folder / "settlements.parquet")],
    ).fetchall()
    # What fell due at a year's end or by a look-back: nothing does now, or it were above.
    years = connection.execute(
        "SELECT DISTINCT '', y.psn_no, y.benefit_year, '', 0 FROM read_parquet($1) y"
        " JOIN asked a ON a.psn_no = y.psn_no AND a.benefit_year = y.benefit_year"
        " WHERE a.setl_id = '' ORDER BY 2, 3",
        [str(folder / "years.parquet")],
    ).fetchall()
    return [*claims, *years]
