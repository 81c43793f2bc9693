"""A worked-out fund year comes in; its statement on the terminal goes out."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from rich.table import Table

from jiugao.cli.tables import console, print_joined, yuan
from jiugao.cli.words import say
from jiugao.diagnostics import Diagnostic
from jiugao.report.words import word

if TYPE_CHECKING:
    from pathlib import Path

    from jiugao.funds.run import FundYear
    from jiugao.funds.statement import Line, Statement

MOST = 40  # statements on the terminal; all are in the folder


def print_funds(done: FundYear, folder: Path, language: str) -> None:
    """Statements, how indicators stand, subsidies, and why rows do not count."""
    out = console()
    colon, comma = ("：", "，") if language == "zh" else (": ", ", ")
    pairs = list(zip(done.statements, done.paid, strict=True))
    code_of = {b.name: b.code for b in done.policy.body.benefits}
    for statement, by_name in pairs[:MOST]:
        said = {n if language == "zh" else code_of[n]: f for n, f in by_name.items()}
        out.print(statement_table(statement, said, language))
        out.print()
    if len(pairs) > MOST:
        count = f"{len(pairs) - MOST:,}"
        out.print(word("more_in", language).format(count=count, file="statement.csv"))
    for indicator, states in done.states().items():
        name = next(i.name for i in done.policy.body.indicators if i.code == indicator)
        told = (
            f"{word(f'state_{state}', language)} {count:,}"
            for state, count in states.items()
            if count
        )
        name = name if language == "zh" else indicator
        out.print(f"{name}{colon}{comma.join(told)}")
    print_joined(out, done.persons.joined, language)
    if done.opened:
        begun = Diagnostic("D807", None, {"yuan": yuan(sum(done.opened.values()))})
        out.print(f"D807 {begun.cause(language)}{colon}{begun.way_out(language)}")
    if done.warnings:
        out.print(f"{word('warnings', language)}{colon}{len(done.warnings):,}")
    if done.subsidies.num_rows:
        due, paid_fen = (
            sum(int(v.as_py() * 100) for v in done.subsidies[name])
            for name in ("due", "paid")
        )
        sums = f"{word('due', language)} {yuan(due)}{comma}{word('paid', language)} {yuan(paid_fen)}"
        out.print(f"{word('subsidies', language)}{colon}{sums}")
    counts = {"read": done.read, "counted": done.counted}
    rejected = done.read - done.counted
    out.print(say("enrolment_rows", language, rejected=rejected, **counts))
    for table, codes in done.rejects.items():
        for code, rows in codes.items():
            cause = Diagnostic(code, None).cause(language)
            out.print(f"  {table} {code} {cause}{colon}{rows:,}")
    state = say("balanced" if done.balances else "unbalanced", language)
    out.print(say("shares_balance", language, state=state))
    out.print(say("written", language, folder=folder))


def statement_table(statement: Statement, paid: dict[str, int], language: str) -> Table:
    """One fund in one year and area."""
    area = statement.area or word("all_areas", language)
    fund = statement.fund
    name = fund.name if language == "zh" else fund.code
    table = Table(
        word("item", language),
        word("amount", language),
        word("bearer", language),
        word("amount", language),
        word("clauses", language),
        title=f"{name} {statement.year} {area}",
        title_justify="left",
        box=None,
        pad_edge=False,
    )
    for column in (1, 3):
        table.columns[column].justify = "right"
    for benefit, fen in paid.items():
        item = word("paid_by_benefit", language).format(name=benefit)
        table.add_row(item, yuan(fen), "", "", "")
    for line in statement.lines:
        rows: list[tuple[str, int | None]] = [*line.borne.items()]
        rows = rows or [("", None)]
        for at, (bearer, borne) in enumerate(rows):
            table.add_row(
                line.row.name if at == 0 else "",
                stated(line) if at == 0 else "",
                bearer,
                "" if borne is None else yuan(borne),
                " ".join(line.row.place.clauses) if at == 0 else "",
            )
    return table


def stated(line: Line) -> str:
    """Money in yuan, a count or a rate as it is."""
    if line.row.kind == "money":
        return yuan(int(line.stated))
    value = line.stated
    if value.denominator == 1:
        return f"{value.numerator:,}"
    return f"{Decimal(value.numerator) / value.denominator:,.4f}"
