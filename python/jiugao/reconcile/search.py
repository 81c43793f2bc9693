"""Persons whose due and paid differ come in; each difference with its cause goes out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from jiugao.claims.persons import OWN
from jiugao.engine import Options, Tables, settle
from jiugao.reconcile.adjustments import (
    Adjustment,
    read_whole_table,
    write_whole_table,
)
from jiugao.reconcile.causes import Cause
from jiugao.reconcile.differences import summed
from jiugao.reconcile.judge import Court, Verdict
from jiugao.reconcile.paid import Held
from jiugao.reconcile.suspects import PLAIN, Sides, Suspicion, load_subset, suspicions
from jiugao.results.policy import Policy
from jiugao.results.prepare import Own, Prepared
from jiugao.results.variants import boundary_moved, rounded, without_limits

PART = "causes-"  # what is found of some persons, as it is kept
AT_ONCE = 4000  # persons whose suspicions are settled together
DAYS_SHOWN = ("fixmedins_code", "insu_admdvs")


@dataclass
class Found:
    """Differences of claims with their causes, and what the declared rounding explains."""

    adjustments: list[Adjustment] = field(default_factory=list)
    rounding: dict[str, int] = field(default_factory=dict)
    rounding_rows: int = 0

    def add(self, part: Found) -> None:
        """Take in what was found of other persons."""
        self.adjustments.extend(part.adjustments)
        self.rounding_rows += part.rounding_rows
        for name, fen in part.rounding.items():
            self.rounding[name] += fen


def search(
    prepared: Prepared,
    groups: Sequence[Held],
    persons: pa.Array,
    paid_rounding: str | None,
) -> Found:
    """Work out every differing person's year again and find why it differs.

    What is found of some of the persons is kept for a run that goes on after this one.
    """
    found = Found(rounding=dict.fromkeys((g.name for g in groups), 0))
    for start in range(0, len(persons), AT_ONCE):
        some = persons.slice(start, AT_ONCE)
        name = _part_name(some, paid_rounding)
        if path := prepared.kept.find(name):
            part = _read_part(path)
        else:
            part = Found(rounding=dict.fromkeys(found.rounding, 0))
            _search_some(prepared, groups, some, paid_rounding, part)
            prepared.kept.keep(name, partial(_write_part, part))
        found.add(part)
    return found


def _part_name(persons: pa.Array, rounding: str | None) -> str:
    names = "\n".join([rounding or "", *persons.to_pylist()])
    return f"{PART}{hashlib.sha256(names.encode()).hexdigest()}"


def _write_part(part: Found, path: Path) -> None:
    told = {"rounding": part.rounding, "rounding_rows": part.rounding_rows}
    write_whole_table(part.adjustments, path, told)


def _read_part(path: Path) -> Found:
    adjustments, told = read_whole_table(path)
    return Found(adjustments, **told)


def _search_some(
    prepared: Prepared,
    groups: Sequence[Held],
    persons: pa.Array,
    rounding: str | None,
    found: Found,
) -> None:
    policy = prepared.policy
    people = prepared.people.intervals.of(persons) if prepared.people else None
    applications = _of(prepared.applications, persons)
    opening = _of(prepared.opening.passed if prepared.opening else None, persons)
    sides = Sides(people, applications, opening)
    claims = prepared.claims.rows_of(persons)
    claims = claims.append_column("rid", pa.arange(0, claims.num_rows)).combine_chunks()
    claims = _judged(policy, claims, sides, groups, rounding, found)
    if not pc.any(claims["differs"]).as_py():
        return
    still = pc.unique(claims["psn_no"].filter(claims["differs"]))
    claims = claims.filter(pc.is_in(claims["psn_no"], value_set=still)).combine_chunks()
    connection = prepared.connection
    copies = prepared.claims.dropped_copies()
    copies = copies.filter(pc.is_in(copies["psn_no"], value_set=still))
    own = Own(
        prepared.own.people.of(still) if prepared.own.people else None,
        _of(prepared.own.applications, still),
        _of(prepared.own.opening, still),
    )
    sides = Sides(_of(people, still), _of(applications, still), _of(opening, still))
    load_subset(connection, claims, copies, sides, own)
    court = Court(connection, groups, claims.column_names)
    _hear_all(court, policy, prepared.present | {OWN}.intersection(claims.column_names))
    found.adjustments.extend(_adjustments(court.verdicts(), claims, groups))


def _of(table: pa.Table | None, persons: pa.Array) -> pa.Table | None:
    if table is None:
        return None
    return table.filter(pc.is_in(table["psn_no"], value_set=persons))


def _judged(
    policy: Policy,
    claims: pa.Table,
    sides: Sides,
    groups: Sequence[Held],
    rounding: str | None,
    found: Found,
) -> pa.Table:
    """The claims with due, paid, `differs`, `moved`, `accepted`, standing and year."""
    settled = _settled(policy, claims, sides)
    dues = [_sums(settled, g.benefits) for g in groups]
    paids = [_sums(claims, g.columns) for g in groups]
    accepted = pc.is_null(settled["reject"].combine_chunks())
    differs = [
        pc.and_(pc.not_equal(d, p), accepted) for d, p in zip(dues, paids, strict=True)
    ]
    if rounding is not None:
        other = _settled(rounded(policy, rounding), claims, sides)
        for n, group in enumerate(groups):
            vanishes = pc.and_(
                differs[n], pc.equal(_sums(other, group.benefits), paids[n])
            )
            gone = pc.subtract(dues[n], paids[n]).filter(vanishes)
            found.rounding[group.name] += pc.sum(gone).as_py() or 0
            found.rounding_rows += len(gone)
            differs[n] = pc.and_(differs[n], pc.invert(vanishes))
            dues[n] = pc.if_else(vanishes, paids[n], dues[n])
    whole = claims.append_column("accepted", accepted)
    any_differs, moved = differs[0], pc.not_equal(dues[0], 0)
    for n, (due, paid) in enumerate(zip(dues, paids, strict=True)):
        whole = whole.append_column(f"due{n}", due).append_column(f"paid{n}", paid)
        any_differs = pc.or_(any_differs, differs[n])
        moved = pc.or_(moved, pc.or_(pc.not_equal(due, 0), pc.not_equal(paid, 0)))
    whole = whole.append_column("differs", any_differs).append_column("moved", moved)
    whole = whole.append_column("standing", settled["standing"].cast(pa.string()))
    return whole.append_column("benefit_year", settled["benefit_year"])


def _settled(policy: Policy, claims: pa.Table, sides: Sides) -> pa.Table:
    tables = Tables(claims, sides.people, sides.applications, opening=sides.opening)
    options = Options(years=False, passthrough=("rid",))
    return settle(policy.program, tables, options).table().unify_dictionaries()


def _sums(table: pa.Table, names: Sequence[str]) -> pa.Array:
    batches = table.select(list(names)).combine_chunks().to_batches()
    if not batches:
        return pa.array([], pa.int64())
    return pa.concat_arrays([summed(batch, names) for batch in batches])


def _hear_all(court: Court, policy: Policy, present: frozenset[str]) -> None:
    court.hear(Suspicion("as it should be", Cause.OTHER, 0, PLAIN), policy)
    ranks = [
        (name, rank)
        for bit, name in enumerate(policy.body.identities)
        for rank, kind in enumerate(policy.body.classes)
        if kind.lookback is None and kind.any_of >> bit & 1
    ]
    for suspicion in suspicions(ranks, policy.body.years):
        if all(c in present for c in suspicion.needs):
            court.hear(suspicion, policy)
    codes = policy.benefit_codes
    limited = [
        c
        for c in codes
        if any(f.limits for b in policy.body.benefits if b.code == c for f in b.figures)
    ]
    choices = dict.fromkeys([frozenset(limited), *(frozenset([c]) for c in limited)])
    for benefits in choices:
        if benefits:
            court.hear_program(without_limits(policy, benefits), Cause.LIMIT, 5)
    for day in policy.body.change_days:
        for late in (True, False):
            court.hear_program(
                boundary_moved(policy, day, late=late), Cause.PARAMETER_DATE, 5
            )


def _adjustments(
    verdicts: Sequence[Verdict], claims: pa.Table, groups: Sequence[Held]
) -> list[Adjustment]:
    positions = {rid: n for n, rid in enumerate(claims["rid"].to_pylist())}
    wanted = ["setl_id", "psn_no", "benefit_year", "standing", *DAYS_SHOWN]
    wanted = [n for n in wanted if n in claims.column_names]
    sums = [f"{what}{n}" for n in range(len(groups)) for what in ("due", "paid")]
    rows = (
        claims.select([*wanted, *sums])
        .take([positions[v.rid] for v in verdicts])
        .to_pylist()
    )
    return [
        Adjustment(
            setl_id=row["setl_id"],
            psn_no=row["psn_no"],
            benefit_year=row["benefit_year"],
            benefit=groups[verdict.group].name,
            payer=groups[verdict.group].payer,
            due=row[f"due{verdict.group}"],
            paid=row[f"paid{verdict.group}"],
            cause=verdict.cause,
            root_setl_id=verdict.root,
            standing=row["standing"] or "",
            institution=row.get("fixmedins_code") or "",
            area=row.get("insu_admdvs") or "",
        )
        for verdict, row in zip(verdicts, rows, strict=True)
    ]
