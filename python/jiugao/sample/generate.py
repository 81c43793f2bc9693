"""A policy, a number of people and a seed come in; files of a whole invented year go out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from jiugao.claims.contract import ColumnKind, tables
from jiugao.claims.database import literal, one
from jiugao.claims.findings import DataError
from jiugao.claims.intake import fen
from jiugao.diagnostics import Diagnostics, RulesError
from jiugao.program.dates import date
from jiugao.reconcile.causes import Cause
from jiugao.results.policy import Policy, load_policy
from jiugao.sample.description import Description, describe
from jiugao.sample.payments import REPLACED, pay, shared_columns
from jiugao.sample.place import Known, Size, invent
from jiugao.sample.planting import all_held, plant

PLAIN_YEAR = 2023
HOSPITAL = "hosp_part_amt"
FILES = (
    "claims",
    "people",
    "institutions",
    "applications",
    "enrolment",
    "planted_errors",
)


@dataclass(frozen=True)
class Sampled:
    """How much was made."""

    folder: Path
    people: int
    claims: int
    planted: int
    open_amounts: int


@dataclass(frozen=True)
class Wanted:
    """What is asked for.

    `errors`: share of the persons who are paid anything who get one planted mistake;
    `year`: unless given the one described beside the policy, else one in which it is in
    force; `file_format`: csv or parquet.
    """

    people: int
    seed: int
    errors: float = 0.0
    year: int | None = None
    file_format: str = "csv"
    settings: Mapping[str, str] = field(default_factory=dict)


def sample(policy_path: Path, wanted: Wanted, out: Path) -> Sampled:
    """Write claims, people, institutions, applications, enrolment and planted_errors.csv.

    Raises DataError when `out` cannot be written, RulesError for wrong rules.
    """
    described = describe(policy_path)
    policy = load_policy(policy_path, wanted.settings)
    if not policy.body.years.calendar:
        found = Diagnostics()
        found.add("E643", None, name=policy.body.policy.name)
        raise RulesError(found)
    year = wanted.year or described.year or _year_in_force(policy)
    _check_folder(out)
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        size = Size(wanted.people, wanted.seed, year)
        invent(connection, described, size, _known(policy, described))
        years = pay(
            connection,
            policy,
            described.lower,
            lambda more: load_policy(policy_path, {**wanted.settings, **more}),
        )
        plant(connection, policy, wanted.errors, year)
        _open_amounts(connection, policy, years)
        _complete(connection, policy)
        for old in out.iterdir():
            old.unlink()
        return _write(connection, policy, out, wanted)


def _year_in_force(policy: Policy) -> int:
    """The plain year, or the nearest one in which claims are taken."""
    force = policy.body.force
    first = date(force.claims_from).year
    last = PLAIN_YEAR if force.end is None else date(force.end).year
    return max(first, min(PLAIN_YEAR, last))


def _known(policy: Policy, described: Description) -> Known:
    identities, applied = _identities(policy, described)
    columns = (*tables()["claims"].columns, *policy.columns("claims"))
    paid = {c: None for cs in policy.actual_columns().values() for c in cs}
    money = frozenset(c.name for c in columns if c.kind is ColumnKind.MONEY)
    return Known(identities, applied, money, tuple(paid))


def _check_folder(out: Path) -> None:
    """Make the folder; DataError if it cannot be or has other files than a sample's."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        detail = error.strerror or ""
        raise DataError("D917", folder=str(out), detail=detail) from error
    if any(p.stem not in FILES for p in out.iterdir()):
        raise DataError("D918", folder=str(out))


def _identities(policy: Policy, described: Description) -> tuple[list[str], str | None]:
    """Identities that a person can hold, and the one that is applied for.

    One that only takes a person out of a class is held where it is described.
    """
    body = policy.body
    held = [
        name
        for bit, name in enumerate(body.identities)
        if name in described.identities
        or any(c.any_of >> bit & 1 and c.lookback is None for c in body.classes)
    ]
    applied = [
        name
        for bit, name in enumerate(body.identities)
        if any(c.any_of >> bit & 1 and c.lookback is not None for c in body.classes)
    ]
    return held or list(body.identities), applied[0] if applied else None


def _open_amounts(
    connection: duckdb.DuckDBPyConnection, policy: Policy, years: pa.Table
) -> None:
    """Year-end and look-back amounts: due at the close, and nobody has paid them yet."""
    connection.execute(
        "CREATE OR REPLACE TABLE open_amounts (psn_no VARCHAR, benefit_year INT, benefit VARCHAR, due BIGINT, cause VARCHAR)"
    )
    for code in policy.benefit_codes:
        for what, cause in (("year_end", Cause.YEAR_END), ("lookback", Cause.LOOKBACK)):
            column = f"{code}.{what}"
            if column not in years.column_names:
                continue
            amounts = years[column].combine_chunks()
            table = pa.table(
                {
                    "psn_no": years["psn_no"].cast(pa.string()),
                    "benefit_year": years["benefit_year"],
                    "due": fen(amounts.cast(pa.decimal64(18, 2))),
                }
            )
            connection.register("years_in", table)
            connection.execute(
                f"INSERT INTO open_amounts SELECT psn_no, benefit_year, '{code}', due, '{cause}' FROM years_in WHERE due <> 0"
            )
            connection.unregister("years_in")


def _complete(connection: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """The sums of a settlement: funds in all, the person's part, account and cash."""
    platform = [c.name for c in tables()["claims"].columns if c.fund]
    body = policy.body
    own = [body.inputs[i].column for i in body.fund_columns]
    paid = [c for columns in policy.actual_columns().values() for c in columns]
    there = connection.table("base").columns
    named = dict.fromkeys(c for c in (*platform, *own, *paid) if c in there)
    funds = " + ".join(c for c in named if c != HOSPITAL)
    if policy.body.outputs.paying is not None:
        funds += " - " + _made_good(policy)
    connection.execute(
        "CREATE OR REPLACE TABLE finished AS"
        f" WITH summed AS (SELECT base.*, {funds} AS fund_pay_sumamt FROM base LEFT JOIN due USING (setl_id)),"
        " parted AS (SELECT *, medfee_sumamt - fund_pay_sumamt - hosp_part_amt AS psn_part_amt FROM summed),"
        " account AS (SELECT *, CASE WHEN has_account AND psn_part_amt > 0 THEN psn_part_amt * 3 // 10 ELSE 0 END::BIGINT AS acct_pay FROM parted)"
        " SELECT *, psn_part_amt - acct_pay AS psn_cash_pay, '1' AS vali_flag, year(setl_time)::VARCHAR AS year,"
        " CASE WHEN pay_loc = '1' THEN '1' ELSE '2' END AS setl_type,"
        " CASE WHEN pay_loc = '3' THEN '1' ELSE '0' END AS out_flag FROM account"
    )


def _made_good(policy: Policy) -> str:
    """What payments made good of outlays, which stand in columns of their own."""
    paid = " + ".join(shared_columns(policy))
    return (
        f"CASE WHEN abs({paid}) < abs(coalesce(due.{REPLACED}, 0)) THEN {paid}"
        f" ELSE coalesce(due.{REPLACED}, 0) END"
    )


def _write(
    connection: duckdb.DuckDBPyConnection, policy: Policy, out: Path, wanted: Wanted
) -> Sampled:
    file_format = wanted.file_format
    names = connection.sql("SELECT * FROM finished").columns
    contract = tables()["claims"].columns
    known = {n for c in contract for n in c.names}
    local = [c for c in policy.columns("claims") if not known.intersection(c.names)]
    columns = [c for c in (*contract, *local) if c.name in names]
    shown = ", ".join(
        _money(c.name)
        if c.kind is ColumnKind.MONEY
        else _shown(c.name, c.kind, file_format)
        for c in columns
    )
    order = (
        f"psn_no, {policy.day_column}, setl_time, setl_id"
        if file_format == "parquet"
        else "setl_time, setl_id, updt_time"
    )
    _copy(
        connection,
        f"SELECT {shown} FROM finished ORDER BY {order}",
        out / "claims",
        file_format,
    )
    _copy(
        connection,
        "SELECT i.psn_no, p.certno, psn_idet_type, begndate, enddate FROM identities i JOIN persons p USING (i)"
        " ORDER BY i.psn_no, begndate, psn_idet_type",
        out / "people",
        file_format,
    )
    _copy(
        connection,
        "SELECT fixmedins_code, medins_admin_level, designated, in_area FROM institutions ORDER BY 1",
        out / "institutions",
        file_format,
    )
    _copy(
        connection,
        "SELECT psn_no, apply_date, psn_idet_type FROM applications ORDER BY 1, 2",
        out / "applications",
        file_format,
    )
    _copy(
        connection,
        "SELECT psn_no, certno, insutype, insu_admdvs, begndate, enddate, notice_date,"
        f" {_money('psn_contribution')}, {_money('subsidy_paid')} FROM enrolment ORDER BY psn_no",
        out / "enrolment",
        file_format,
    )
    planted, still_open = _write_planted(connection, policy, out / "planted_errors.csv")
    claims = one(connection, "SELECT count(*) FROM finished")
    return Sampled(out, wanted.people, claims, planted, still_open)


def _money(name: str) -> str:
    return f"CAST({name} * 0.01::DECIMAL(3,2) AS DECIMAL(18,2)) AS {name}"


def _shown(name: str, kind: ColumnKind, file_format: str) -> str:
    if kind is ColumnKind.TIME and file_format == "csv":
        return f"strftime({name}, '%Y-%m-%d %H:%M:%S') AS {name}"
    return name


def _copy(
    connection: duckdb.DuckDBPyConnection, sql: str, path: Path, file_format: str
) -> None:
    target = path.with_suffix(f".{file_format}")
    options = (
        "FORMAT csv, HEADER"
        if file_format == "csv"
        else "FORMAT parquet, COMPRESSION zstd"
    )
    try:
        connection.execute(f"COPY ({sql}) TO {literal(str(target))} ({options})")
    except duckdb.IOException as error:
        raise DataError(
            "D917", folder=str(path.parent), detail=str(error).splitlines()[0]
        ) from error


def _write_planted(
    connection: duckdb.DuckDBPyConnection, policy: Policy, path: Path
) -> tuple[int, int]:
    """planted_errors.csv: every row that reconciliation must report, and nothing else."""
    name_of = {code: g.name for g in all_held(policy) for code in g.benefits}
    cases = " ".join(f"WHEN '{code}' THEN '{name}'" for code, name in name_of.items())
    named = f"CASE benefit {cases} ELSE benefit END" if cases else "benefit"
    connection.execute(
        "CREATE OR REPLACE TABLE to_find AS"
        " SELECT setl_id, psn_no, benefit_year, benefit, due, paid, cause, root_setl_id FROM planted"
        f" UNION ALL SELECT '', psn_no, benefit_year, {named}, due, 0, cause, '' FROM open_amounts"
    )
    _copy(
        connection,
        f"SELECT setl_id, psn_no, benefit_year, benefit, {_money('due')}, {_money('paid')}, cause, root_setl_id"
        " FROM to_find ORDER BY psn_no, benefit_year, setl_id, benefit",
        path.with_suffix(""),
        "csv",
    )
    planted = one(connection, "SELECT count(DISTINCT psn_no) FROM planted")
    return planted, one(connection, "SELECT count(*) FROM open_amounts")
