"""A policy and paid claims come in; results, adjustments and summaries go out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jiugao.claims.files import DataFile, data_files
from jiugao.claims.findings import DataError
from jiugao.reconcile.adjustments import Adjustment, table_of
from jiugao.reconcile.causes import Cause
from jiugao.reconcile.differences import Ledger
from jiugao.reconcile.earlier import Lessened, less_earlier, read_adjusted
from jiugao.reconcile.paid import Held, held
from jiugao.reconcile.search import Found, search
from jiugao.report.figures import figures
from jiugao.report.masking import masked
from jiugao.report.page import write_page
from jiugao.report.summary import Balance, Summary, summarised
from jiugao.report.workbook import write_workbook
from jiugao.report.worklist import (
    LETTERS,
    WORKLIST,
    Clearing,
    clearings,
    write_letters,
    write_worklist,
)
from jiugao.results.folder import result_folder
from jiugao.results.manifest import yuan_text
from jiugao.results.options import Files, Options
from jiugao.results.parquet import ParquetSink
from jiugao.results.paying import Overdue, overdue
from jiugao.results.policy import Policy, load_policy
from jiugao.results.prepare import Prepared, prepare
from jiugao.results.run import Outcome, finish, outcome, write_log
from jiugao.results.settling import settle_into
from jiugao.results.tally import Tally

EVIDENCE = ("begndate", "enddate", "updt_time", "insu_admdvs", "fixmedins_code")


@dataclass(frozen=True)
class Reconciled:
    """What a reconciliation did."""

    outcome: Outcome
    summary: Summary
    overdue: Overdue | None = None


def reconcile(
    policy_path: Path,
    files: Files,
    out: Path,
    options: Options,
    paid_rounding: str | None = None,
) -> Reconciled:
    """Settle the year again, close it, and hold it against what was paid.

    Raises RulesError and DataError; nothing new stands in `out` then.
    """
    started = dt.datetime.now(dt.UTC)
    policy = load_policy(policy_path, options.settings, options.known_on)
    options = replace(options, close_year=True, control=True)
    adjusted = data_files(files.adjusted)
    earlier = read_adjusted(adjusted)
    actual = [c for columns in policy.actual_columns().values() for c in columns]
    with result_folder(out, options.temp, resume=options.resume) as (new, work):
        prepared = prepare(policy, files, options, work, [*EVIDENCE, *actual])
        groups = _groups(prepared)
        ledger, tally = Ledger(groups), Tally()
        with prepared.connection:
            passed = [c for g in groups for c in g.columns]
            beside = [
                c for c in ("fixmedins_code", "insu_admdvs") if c in prepared.present
            ]
            for batch in settle_into(new, prepared, options, tally, (*passed, *beside)):
                ledger.watch(batch)
            found = search(prepared, groups, ledger.persons, paid_rounding)
            of_years = _of_years(new / "years.parquet", policy, groups)
            areas = _areas(prepared, of_years)
            shown = figures(new, policy, tally, prepared.connection)
        found.adjustments.extend(of_years)
        less = less_earlier(found.adjustments, earlier, groups, new)
        kept = less.kept
        kept.sort(
            key=lambda a: (
                a.psn_no,
                a.benefit_year,
                a.setl_id == "",
                a.setl_id,
                a.benefit,
            )
        )
        _write_adjustments(new / "adjustments.parquet", kept)
        told = kept if options.show_persons else [_masked(one) for one in kept]
        summary = summarised(
            policy,
            groups,
            ledger,
            told,
            _balances(groups, ledger, found, kept, less.before, tally),
            tally,
            shown,
        )
        write_workbook(summary, new / "summary.xlsx", options.language)
        write_page(summary, new / "summary.html", options.language)
        _write_lists(new, clearings(kept, areas), options)
        late = _overdue(new, kept, options.overdue_on)
        described = _described(summary, adjusted, less, paid_rounding)
        if late is not None:
            described["overdue"] = late.described()
        finish(new, prepared, options, tally, "reconcile", described)
        write_log(new, started, tally)
    return Reconciled(outcome(out, prepared, tally), summary, late)


def _masked(one: Adjustment) -> Adjustment:
    return replace(one, psn_no=masked(one.psn_no))


def _write_lists(new: Path, cleared: list[Clearing], options: Options) -> None:
    """What county offices have to do, and whom they write to."""
    if not options.show_persons:
        cleared = [replace(one, psn_no=masked(one.psn_no)) for one in cleared]
    how = options.notify_over
    write_worklist(cleared, how, new / WORKLIST, options.language)
    write_letters(cleared, how, new / LETTERS, options.language)


def _areas(prepared: Prepared, of_years: Sequence[Adjustment]) -> dict[str, str]:
    """Where the persons of amounts that stand on no claim's row are insured."""
    if "insu_admdvs" not in prepared.present or not of_years:
        return {}
    persons = pa.array(sorted({one.psn_no for one in of_years}), pa.string())
    rows = prepared.claims.rows_of(persons).select(["psn_no", "insu_admdvs"])
    # The last claim that says it; rows are in order of time.
    return {
        p: a for p, a in zip(*(c.to_pylist() for c in rows.columns), strict=True) if a
    }


def _overdue(
    new: Path, kept: Sequence[Adjustment], day: dt.date | None
) -> Overdue | None:
    """What is still to be paid past its deadline, where a day was asked for."""
    if day is None:
        return None
    unpaid: dict[str, int] = {}
    for one in kept:
        unpaid[one.setl_id] = unpaid.get(one.setl_id, 0) + one.difference
    return overdue(new / "settlements.parquet", unpaid, day)


def _groups(prepared: Prepared) -> tuple[Held, ...]:
    groups = held(prepared.policy, prepared.present)
    if not groups:
        columns = {c for cs in prepared.policy.actual_columns().values() for c in cs}
        if not columns:
            raise DataError("D927", policy=prepared.policy.body.policy.name)
        name = prepared.files["claims"][0].name
        raise DataError("D921", file=name, column=tuple(sorted(columns)))
    return groups


def _of_years(path: Path, policy: Policy, groups: Sequence[Held]) -> list[Adjustment]:
    """Year-end amounts and look-back sums: due at the close, on no claim's row."""
    names = {code: g for g in groups for code in g.benefits}
    payers = {b.code: b.payer for b in policy.body.benefits}
    made: list[Adjustment] = []
    for batch in pq.ParquetFile(path).iter_batches():
        table = pa.Table.from_batches([batch])
        for code in policy.benefit_codes:
            for what, cause in (
                ("year_end", Cause.YEAR_END),
                ("lookback", Cause.LOOKBACK),
            ):
                column = f"{code}.{what}"
                if column not in table.column_names:
                    continue
                rows = table.filter(pc.not_equal(table[column], 0))
                for row in rows.select(["psn_no", "benefit_year", column]).to_pylist():
                    group = names.get(code)
                    made.append(
                        Adjustment(
                            setl_id="",
                            psn_no=str(row["psn_no"]),
                            benefit_year=row["benefit_year"],
                            benefit=group.name if group else code,
                            payer=payers[code],
                            due=int(row[column].scaleb(2)),
                            paid=0,
                            cause=cause,
                            root_setl_id="",
                        )
                    )
    return made


def _balances(
    groups: Sequence[Held],
    ledger: Ledger,
    found: Found,
    kept: Sequence[Adjustment],
    before: dict[str, int],
    tally: Tally,
) -> list[Balance]:
    """For each group: due + year amounts - paid = adjustments + rounding + settled before."""
    balances = []
    for group in groups:
        name = group.name
        year = sum(tally.year_end[c] + tally.lookback[c] for c in group.benefits)
        balances.append(
            Balance(
                benefit=name,
                payer=group.payer,
                due=ledger.due[name] + year,
                paid=ledger.paid[name],
                adjustments=sum(a.difference for a in kept if a.benefit == name),
                rounding=found.rounding[name],
                before=before.get(name, 0),
            )
        )
    return balances


def _write_adjustments(path: Path, adjustments: Sequence[Adjustment]) -> None:
    table = table_of(adjustments)
    with ParquetSink(path, table.schema, ["benefit", "payer", "cause"]) as sink:
        for batch in table.combine_chunks().to_batches():
            sink.write(batch)


def _described(
    summary: Summary,
    adjusted: Sequence[DataFile],
    less: Lessened,
    rounding: str | None,
) -> dict[str, Any]:
    return {
        "reconciled": {
            "paid_rounding": rounding,
            "adjusted": [{"name": f.name, "sha256": f.digest} for f in adjusted],
            "adjusted_unused": {
                "rows": len(less.unused),
                "amount": yuan_text(sum(less.unused.values())),
            },
            "adjustments": len(summary.adjustments),
            "balances": [
                {
                    "benefit": b.benefit,
                    "due": yuan_text(b.due),
                    "paid": yuan_text(b.paid),
                    "adjustments": yuan_text(b.adjustments),
                    "rounding": yuan_text(b.rounding),
                    "adjusted_before": yuan_text(b.before),
                }
                for b in summary.balances
            ],
        }
    }
