"""Years that do not begin with nothing: opening balances and whom they fit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from jiugao.claims.findings import Reason
from jiugao.claims.opening import (
    Begins,
    Known,
    Opening,
    known_accumulators,
    read_opening,
    refuse,
)
from jiugao.claims.undone import behind
from jiugao.explain.model import Begun as Told
from jiugao.results.manifest import yuan_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jiugao.claims.files import DataFile
    from jiugao.claims.rejects import Rejects
    from jiugao.claims.source import Staged
    from jiugao.results.policy import Policy
    from jiugao.results.prepare import Prepared


@dataclass(frozen=True)
class Begun:
    """How many rows of opening balances were read, how many count, and what they had paid.

    `left`: rows that do not go on, by replaced policy and accumulator.
    """

    read: int
    used: int
    rejected: int
    paid: dict[str, int]
    left: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def described(self) -> dict[str, Any]:
        """As it stands in a manifest."""
        return {
            "read": self.read,
            "used": self.used,
            "rejected": self.rejected,
            "paid": {code: yuan_text(fen) for code, fen in self.paid.items()},
            **({"not_carried": self.left} if self.left else {}),
        }


def known(policy: Policy) -> tuple[Known, ...]:
    """What a year of this policy accumulates."""
    return known_accumulators(policy.program.accumulators)


def opening_of(policy: Policy, files: Sequence[DataFile], rejects: Rejects) -> Opening:
    """The opening balances of the policy's years."""
    begins = Begins.of(policy.body, policy.program.accumulators)
    return read_opening(files, begins, rejects)


def apart_from_applications(
    opening: Opening, applications: pa.Table, policy: Policy, rejects: Rejects
) -> Opening:
    """Opening balances of persons whose applications look at nothing within them."""
    months = max((k.lookback or 0 for k in policy.body.classes), default=0)
    mine = pc.is_in(applications["psn_no"], value_set=pc.unique(opening.rows["psn_no"]))
    begin = policy.body.years
    reach: dict[str, set[int]] = {}
    for row in applications.filter(mine).to_pylist():
        day = row["apply_date"]
        from_month = day.year * 12 + day.month - 1 - months
        start = dt.date(max(from_month // 12, dt.MINYEAR), from_month % 12 + 1, 1)
        years = range(begin.of(start), begin.of(day) + 1)
        reach.setdefault(row["psn_no"], set()).update(years)
    if not reach:
        return opening
    rows = opening.rows.select(["psn_no", "benefit_year"])
    begun = rows.group_by(["psn_no", "benefit_year"]).aggregate([])
    looked_at = {
        row["psn_no"]
        for row in begun.to_pylist()
        if row["benefit_year"] in reach.get(row["psn_no"], ())
    }
    persons = pa.array(sorted(looked_at), pa.string())
    return refuse(opening, persons, Reason.OPENING_AND_APPLICATION, rejects)


def apart_from_undone(
    opening: Opening, staged: Staged, policy: Policy, rejects: Rejects
) -> Opening:
    """Opening balances of persons who undo nothing that is within them."""
    reversals = staged.reversals(pc.unique(opening.rows["psn_no"]))
    found = behind(opening.rows, reversals, policy.body.years.sql("r.undone"))
    persons = pa.array(list(found), pa.string())
    return refuse(opening, persons, Reason.UNDONE_WITHIN, rejects, found)


def begun_of(
    policy: Policy,
    opening: Opening | None,
    files: Mapping[str, Sequence[DataFile]],
    person: str,
    year: int,
) -> list[Told]:
    """What a person's year begins with, row by row, for an account."""
    if opening is None:
        return []
    rows = opening.rows
    mine = pc.and_(
        pc.equal(rows["psn_no"], person), pc.equal(rows["benefit_year"], year)
    )
    kinds = {k.name: k for k in known(policy)}
    names = {b.code: b.name for b in policy.body.benefits}
    carried = {c.code: c.name for c in policy.body.carried}
    file_names = {f.number: f.name for f in files["opening"]}
    order = [("file", "ascending"), ("row", "ascending")]
    found = []
    for row in rows.filter(mine).sort_by(order).to_pylist():
        kind = kinds[row["accumulator"]]
        parts = kind.name.split(".")[1:-1] if kind.benefit else []
        name = "·".join([names[kind.benefit], *parts]) if kind.benefit else None
        amount = Fraction(row["amount"]) * 100
        file = file_names.get(row["file"], "")
        code, _, old = row["origin"].partition(" ")
        origin = f"{carried[code]} {old}" if code else None
        told = Told(kind.name, name, kind.kind, amount, file, row["row"], origin)
        found.append(told)
    return found


def leave_strangers(prepared: Prepared, without_claims: Sequence[str]) -> pa.Array:
    """Persons with an opening balance whom nobody knows; their rows are rejected.

    Where there is no people table a number without claims may be anybody's: it is warned of.
    """
    opening = prepared.opening
    unseen = pa.array(list(without_claims), pa.string())
    if opening is None or not len(unseen):
        return pa.array([], pa.string())
    if prepared.people is None:
        refuse(opening, unseen, Reason.UNKNOWN_PERSON, prepared.rejects.warnings)
        return pa.array([], pa.string())
    known_ones = pc.is_in(unseen, value_set=prepared.people.numbers)
    strangers = unseen.filter(pc.invert(known_ones))
    prepared.opening = refuse(
        opening, strangers, Reason.UNKNOWN_PERSON, prepared.rejects
    )
    return strangers


def begun(prepared: Prepared) -> Begun | None:
    """What became of the opening balances, where there are some."""
    opening = prepared.opening
    if opening is None:
        return None
    found = prepared.rejects.table()
    mine = found.filter(pc.equal(found["table"], "opening"))
    rejected = mine.group_by(["file", "row"]).aggregate([]).num_rows
    paid = opening.paid(known(prepared.policy))
    return Begun(opening.read, opening.rows.num_rows, rejected, paid, opening.left)
