"""A policy, files and a settlement or person come in; accounts of the claims go out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from jiugao import engine
from jiugao.claims.findings import DataError
from jiugao.explain import account, year_accounts
from jiugao.explain.trace import Row, read_trace
from jiugao.results.begun import begun_of
from jiugao.results.person import only, person_of
from jiugao.results.prepare import prepare

if TYPE_CHECKING:
    from pathlib import Path

    from jiugao.explain import Account, YearAccount
    from jiugao.results.options import Files, Options
    from jiugao.results.policy import Policy


@dataclass(frozen=True)
class Told:
    """Accounts of claims; and, where a person was asked for, what each year came to."""

    claims: list[Account]
    years: tuple[YearAccount, ...] = ()


def accounts(
    policy: Policy,
    named: Files,
    options: Options,
    work: Path,
    *,
    settlement: str | None = None,
    person: str | None = None,
) -> Told:
    """The account of one settlement, or of each of a person's in order of time.

    A person's years are told with them, closed if the options say so.

    Raises DataError D981 where the files do not have it, D982 where its row was rejected
    before it could be settled.
    """
    who = person if person is not None else person_of(named, str(settlement))
    found = only(named, who, options.persons, work)
    scratch = work / "prepared"
    scratch.mkdir()
    ready = prepare(policy, found, options, scratch)
    claims = ready.claims.stream().read_all()
    ids = [str(i) for i in claims["setl_id"].to_pylist()]
    if settlement is not None and settlement not in ids:
        raise DataError("D982", what=settlement)
    opening = ready.opening.of(pc.unique(claims["psn_no"])) if ready.opening else None
    tables = engine.Tables(
        claims,
        ready.people.intervals.table() if ready.people else None,
        ready.applications,
        opening=opening.passed if opening else None,
    )
    undone = (
        claims["init_setl_id"].to_pylist()
        if "init_setl_id" in claims.column_names
        else []
    )
    numbers = [str(n) for n in claims["psn_no"].to_pylist()]
    rows = range(len(ids)) if settlement is None else [ids.index(settlement)]
    told = []
    for row in rows:
        place = Row(numbers[row], ids[row], undone[row] if undone else None)
        steps = engine.trace(policy.program, tables, row)
        trace = read_trace(steps, place)
        begun = begun_of(policy, opening, ready.files, numbers[row], trace.year)
        told.append(account(policy.body, trace, begun))
    if settlement is not None:
        return Told(told)
    settled = engine.settle(
        policy.program, tables, engine.Options(close_year=options.close_year)
    )
    settled.table()
    records = settled.years().table().to_pylist()
    return Told(told, year_accounts(policy.body, records))
