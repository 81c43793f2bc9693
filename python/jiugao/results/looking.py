"""A policy and files come in; a profile of each table in that policy's words goes out."""

from __future__ import annotations

from jiugao.claims.contract import Column, tables
from jiugao.claims.profile import Labels, TableProfile, profile_table
from jiugao.results.options import Files
from jiugao.results.policy import Policy

TABLES = ("claims", "people", "institutions", "applications", "opening", "enrolment")


def profiles(policy: Policy, files: Files) -> tuple[TableProfile, ...]:
    """The profile of every table given. Raises DataError for files that cannot be read."""
    return tuple(
        profile_table(
            tables()[table], columns_of(policy, table), labels(policy, table), found
        )
        for table in TABLES
        if getattr(files, table) and (found := files.of(table))
    )


def columns_of(policy: Policy, table: str) -> tuple[Column, ...]:
    """The contract's columns of a table and those that the policy adds."""
    known = tables()[table].columns
    names = {n for c in known for n in c.names}
    added = (c for c in policy.columns(table) if not names.intersection(c.names))
    return (*known, *added)


def labels(policy: Policy, table: str) -> Labels:
    """By column: what the policy calls a code -> the code."""
    found = {
        i.column: dict(zip(i.labels, i.codes, strict=True))
        for i in policy.body.inputs
        if i.table == table and i.codes
    }
    if table in ("people", "applications"):
        codes = {code: code for code in policy.body.identity_codes}
        found["psn_idet_type"] = {n: n for n in policy.body.identities} | codes
    return found
