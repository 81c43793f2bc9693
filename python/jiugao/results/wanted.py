"""A policy and claim files come in; the columns to read, and how, go out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa

from jiugao.claims.contract import Column, ColumnKind, tables
from jiugao.claims.control import Control, control
from jiugao.claims.files import DataFile
from jiugao.claims.persons import CERTIFICATE, PersonsBy
from jiugao.claims.reading import schema_of
from jiugao.claims.staging import (
    DIGITS,
    REGIONS,
    Institutions,
    Reading,
    claims_columns,
    key_of,
    plain,
)
from jiugao.results.options import Options
from jiugao.results.policy import Policy


def reading_of(
    policy: Policy,
    files: Sequence[DataFile],
    options: Options,
    extra: Sequence[str],
    barred: pa.Array,
    institutions: Institutions | None,
) -> Reading:
    """How claims are read. `barred`: persons whose claims do not count."""
    wanted = _wanted(policy, extra, files)
    by_certificate = options.persons is PersonsBy.CERTIFICATE
    contract = tables()["claims"]
    reading = Reading(
        columns=claims_columns(wanted),
        reversals=options.reversals,
        barred=barred,
        institutions=institutions,
        wanted_of_institutions=_beside(policy, institutions),
        undone=_undone(policy, wanted),
        day=policy.day_column,
        regions=_regions(policy),
        known_on=options.known_on,
        certificate=contract.column(CERTIFICATE) if by_certificate else None,
    )
    if not options.control:
        return reading
    return replace(reading, control=_control(policy, reading, files))


def present(files: Sequence[DataFile], columns: Sequence[Column]) -> frozenset[str]:
    """The columns that the files have, by the contract's names."""
    names = {n for f in files for n in schema_of(f).names}
    return frozenset(c.name for c in columns if names.intersection(c.names))


def _control(policy: Policy, reading: Reading, files: Sequence[DataFile]) -> Control:
    """The control equations, of what the files have."""
    contract = tables()["claims"].columns
    own = [policy.body.inputs[i].column for i in policy.body.fund_columns]
    paid = [c for columns in policy.actual_columns().values() for c in columns]
    there = present(files, (*contract, *reading.columns))
    funds = [c for c in dict.fromkeys((*own, *paid)) if c in there]
    day = (policy.day_column, policy.body.years)
    return control(contract, reading.columns, there, funds, day)


def _wanted(
    policy: Policy, extra: Sequence[str], files: Sequence[DataFile]
) -> list[Column]:
    """The policy's inputs, the fund columns, and what the caller wants passed on."""
    contract = tables()["claims"]
    wanted = {c.name: c for c in policy.columns("claims")}
    names = [
        *(REGIONS if _regions(policy) else ()),
        *(c.name for c in contract.columns if c.fund),
        "hosp_part_amt",
        "fixmedins_code",
        *(("insu_admdvs",) if policy.grouped else ()),
        *extra,
    ]
    spelt = {s for c in wanted.values() for s in c.names}
    for name in names:
        column = contract.column(name)
        if column is not None and not spelt.intersection(column.names):
            wanted[name] = column
    in_files = {n for f in files for n in schema_of(f).names}
    for key in dict.fromkeys(key_of(c.name) for c in policy.columns("institutions")):
        if not spelt.intersection((key,)) and key not in wanted:
            wanted[key] = contract.column(key) or _code(key)
    for column in policy.columns("institutions"):
        if in_files.intersection(column.names):
            wanted[column.name] = column
    return list(wanted.values())


def _regions(policy: Policy) -> tuple[Column, ...]:
    """in_county and in_city, where the policy reads them."""
    return tuple(c for c in policy.columns("institutions") if c.name in DIGITS)


def _code(name: str) -> Column:
    """A claims column that the policy alone knows, by which institutions are found."""
    return Column(name, ColumnKind.TEXT, required=False, zh=name, en=name)


def _undone(policy: Policy, wanted: Sequence[Column]) -> tuple[str, ...]:
    """Amounts of a reversal that undo its original's: the bill, whose reading is the policy's.

    Not what funds paid: whether a payer took its payment back is that payer's affair, and a
    payment left standing makes the reversal no less one.
    """
    payments = {c.name for c in tables()["claims"].columns if c.fund}
    payments |= {c for columns in policy.actual_columns().values() for c in columns}
    return tuple(
        c.name for c in wanted if c.kind is ColumnKind.MONEY and c.name not in payments
    )


def _beside(policy: Policy, institutions: Institutions | None) -> tuple[Column, ...]:
    if institutions is None:
        return ()
    return tuple(
        c
        for c in policy.columns("institutions")
        if plain(c.name) in institutions.columns
    )
