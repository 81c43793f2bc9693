"""Finished results come in; tables on the terminal go out."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from jiugao.claims.contract import tables
from jiugao.cli.words import say
from jiugao.diagnostics import Diagnostic
from jiugao.diagnostics.shape import word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jiugao.claims.people import Unnamed
    from jiugao.claims.persons import Joined
    from jiugao.reconcile.run import Reconciled
    from jiugao.report.summary import Line, Summary
    from jiugao.results.run import Outcome
    from jiugao.results.totals import Written

KINDS_SHOWN = 8  # identities listed on a terminal; the manifest has all


def console() -> Console:
    """Standard output; plain and wide when it is no terminal."""
    return Console(
        file=sys.stdout, width=None if sys.stdout.isatty() else 120, highlight=False
    )


def yuan(fen: int) -> str:
    """Fen as yuan with thousands separators."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def print_outcome(done: Outcome, language: str) -> None:
    """Row counts, money by fund and benefit, and why rows do not count."""
    out = console()
    tally = done.tally
    rows = Table("", say("rows", language), box=None, pad_edge=False)
    rows.columns[1].justify = "right"
    counts = {
        "read": tally.read,
        "settled": tally.roles["settled"],
        "reversed": tally.roles["reversed"],
        "reversals": tally.roles["reversal"],
        "duplicates": tally.duplicates,
        "rejected": tally.rejected,
        **({"later": tally.later} if tally.later else {}),
    }
    for key, count in counts.items():
        rows.add_row(say(key, language), f"{count:,}")
    out.print(rows)
    if tally.without_class:
        classless = f"{tally.without_class:,}"
        out.print(say("without_class", language, count=classless))
    out.print(_money(done, language))
    _print_rejects(out, done, language)
    _print_not_carried(out, done, language)
    if done.merged:
        out.print(say("merged", language, count=done.merged))
    _print_unnamed(out, done.unnamed, language)
    print_joined(out, done.joined, language)
    if done.taken_up:
        parts = sum(name.startswith("causes-") for name in done.taken_up)
        out.print(say("resumed", language, parts=parts))
    if done.policy.body.order_dependent:
        names = _on_order(done.policy.body.order_dependent)
        out.print(say("order_dependent", language, names=word(names, language)))
    out.print(say("written", language, folder=done.folder))


def _on_order(constructs: Iterable[str]) -> tuple[str, ...]:
    """What depends on the order of claims, each name once: `construct:name` come in."""
    return tuple(dict.fromkeys(one.split(":", 1)[1] for one in constructs))


def _money(done: Outcome, language: str) -> Table:
    tally = done.tally
    money = Table("", say("money", language), box=None, pad_edge=False)
    money.columns[1].justify = "right"
    money.add_row(say("charge", language), yuan(tally.charge))
    money.add_row(say("other_funds", language), yuan(sum(tally.other_funds.values())))
    if standing := sum(tally.not_taken_back.values()):
        money.add_row(say("not_taken_back", language), yuan(standing))
    money.add_row(say("hospital", language), yuan(tally.hospital))
    for benefit in done.policy.body.benefits:
        name = benefit.name if language == "zh" else benefit.code
        money.add_row(name, yuan(tally.benefits[benefit.code]))
    money.add_row(say("psn_burden", language), yuan(tally.burden))
    state = "balanced" if tally.money_balances and tally.rows_balance else "unbalanced"
    money.add_row("", say(state, language))
    for key, sums in (("year_end", tally.year_end), ("lookback", tally.lookback)):
        if any(sums.values()):
            money.add_row(say(key, language), yuan(sum(sums.values())))
    return money


def _print_not_carried(out: Console, done: Outcome, language: str) -> None:
    """Totals of a replaced policy that do not go on, and so begin at nothing."""
    begun = done.tally.begun
    for policy, left in begun.left.items() if begun else ():
        count = f"{sum(left.values()):,}"
        words = {"policy": policy, "count": count, "names": word(tuple(left), language)}
        out.print(say("not_carried", language, **words))


def _print_rejects(out: Console, done: Outcome, language: str) -> None:
    if done.rejects:
        out.print(say("reject_hint", language))
    for table, codes in done.rejects.items():
        label = tables()[table].label(language)
        reasons = sum(codes.values())
        if table == "claims":
            key, count = "rejected_rows", done.tally.rejected
        else:
            key, count = "rejected_entries", reasons
        told = say(key, language, table=label, count=f"{count:,}")
        if reasons > count:
            told += say("several_reasons", language, reasons=f"{reasons:,}")
        out.print(f"  {told}")
        _print_codes(out, codes, language)
    if done.warnings:
        out.print(say("warning_hint", language))
    for codes in done.warnings.values():
        _print_codes(out, codes, language)


def _print_codes(out: Console, codes: Mapping[str, int], language: str) -> None:
    """Each code with its cause, how often, and the way out."""
    for code, times in codes.items():
        told = Diagnostic(code, None)
        out.print(f"    {code} {told.cause(language)}: {times:,}")
        way = say("way_out", language, way=told.way_out(language))
        out.print(f"      {way}")


def print_totals(done: Written, language: str) -> None:
    """How many persons and rows were written, and what was not counted."""
    out = console()
    counts = {name: getattr(done, name) for name in ("persons", "rows", "applicants")}
    out.print(say("totals.done", language, **counts))
    if done.rejects:
        out.print(say("totals.rejects", language, file=done.rejects_file))
    for table, codes in done.rejects.items():
        label, count = tables()[table].label(language), f"{sum(codes.values()):,}"
        words = say("rejected_entries", language, table=label, count=count)
        out.print(f"  {words}")
        _print_codes(out, codes, language)


def _print_unnamed(out: Console, unnamed: Unnamed, language: str) -> None:
    if not unnamed.rows:
        return
    shown = [f"{kind} {count:,}" for kind, count in unnamed.kinds.items()][:KINDS_SHOWN]
    kinds = ("、" if language == "zh" else ", ").join(shown)
    if len(unnamed.kinds) > len(shown):
        kinds += " …"
    out.print(say("unnamed", language, count=f"{unnamed.rows:,}", kinds=kinds))


def print_joined(out: Console, joined: Joined, language: str) -> None:
    """How many persons had several numbers, and certificates of too many."""
    if joined.persons:
        words = {"persons": f"{joined.persons:,}", "numbers": f"{joined.numbers:,}"}
        out.print(say("joined", language, **words))
    if joined.fillers:
        out.print(say("fillers", language, count=joined.fillers))


def print_reconciled(done: Reconciled, language: str) -> None:
    """The outcome, then control totals and differences by payer and by cause."""
    print_outcome(done.outcome, language)
    out = console()
    summary = done.summary
    out.print()
    out.print(_balances(summary, language))
    out.print()
    out.print(_lines(summary, "payer", summary.by_payer, language))
    out.print()
    out.print(_lines(summary, "cause", summary.by_cause, language))
    if done.overdue is not None:
        told = done.overdue.described()
        words = {"day": told["on"], "rows": told["rows"], "amount": told["amount"]}
        out.print(say("overdue", language, **words))


def _balances(summary: Summary, language: str) -> Table:
    from jiugao.report.words import word  # noqa: PLC0415
    from jiugao.report.workbook import shown  # noqa: PLC0415

    keys = ("due", "paid", "difference", "rounding", "before")
    table = Table(
        word("benefit", language),
        *(word(k, language) for k in keys),
        word("holds", language),
        title=say("control_totals", language),
        title_justify="left",
        box=None,
        pad_edge=False,
    )
    for column in table.columns[1:6]:
        column.justify = "right"
    for balance in summary.balances:
        figures = (
            balance.due,
            balance.paid,
            balance.adjustments,
            balance.rounding,
            balance.before,
        )
        table.add_row(
            shown(summary, "benefit", balance.benefit, language),
            *(yuan(f) for f in figures),
            word("yes" if balance.holds else "no", language),
        )
    return table


def _lines(summary: Summary, split: str, lines: Sequence[Line], language: str) -> Table:
    from jiugao.report.words import word  # noqa: PLC0415
    from jiugao.report.workbook import shown  # noqa: PLC0415

    keys = ("owed", "owing", "adjusted", "count")
    table = Table(
        word("name", language),
        *(word(k, language) for k in keys),
        title=say(f"adjustments_by_{split}", language),
        title_justify="left",
        box=None,
        pad_edge=False,
    )
    for column in table.columns[1:]:
        column.justify = "right"
    for line in lines:
        money = (yuan(line.owed), yuan(line.owing), yuan(line.adjusted))
        table.add_row(
            shown(summary, split, line.name, language), *money, f"{line.count:,}"
        )
    return table
