"""A fund's year in an example comes in; its statement, and what of it is reached, go out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.funds.amounts import Figures, UnknownFigureError
from jiugao.funds.statement import last_day, reckon
from jiugao.funds.unknown import missing
from jiugao.program.dates import date
from jiugao.testing.report import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from fractions import Fraction

    from jiugao.funds.statement import Statement
    from jiugao.policy.fund_model import ExampleFund
    from jiugao.program.body import Fund, FundRow, Program

Key = tuple[Part, str, str]


def stated(program: Program, example: ExampleFund) -> Statement:
    """The statement of the example's figures; RulesError for figures still open."""
    (fund,) = (f for f in program.funds if f.name == example.fund)
    start = date(program.force.start)
    year = example.year or program.years.of(start)
    sorts = ("row", "bearer", "benefit")
    before = {(s, n): v for n, v in example.last_year.items() for s in sorts}
    now = {(s, n): v for n, v in example.given.items() for s in sorts}
    figures = Figures(program, last_day(program, year), now, before)
    try:
        return reckon(fund, year, "", figures, example.given)
    except UnknownFigureError as error:
        raise missing(error) from error


def answer(statement: Statement, name: str, part: str | None) -> Fraction | int:
    """A row's figure, what a bearer bears in all, or its part of one row."""
    figures = statement.figures
    if part is not None:
        (line,) = (x for x in statement.lines if x.row.name == name)
        return line.borne.get(part, 0)
    found = figures.get(("row", name))
    return figures.get(("bearer", name), 0) if found is None else found


def fund_targets(program: Program) -> Iterator[Key]:
    """Every band of every share of every fund."""
    for fund in program.funds:
        for row in fund.rows:
            if row.sort == "share":
                yield from band_keys(fund, row)


def band_keys(fund: Fund, row: FundRow) -> Iterator[Key]:
    """One share's bands by their place."""
    for place in range(len(row.bands)):
        what = row.name if len(row.bands) == 1 else f"{row.name} {place + 1}"
        yield Part.FUND, fund.name, what


def fund_hits(statements: Iterable[Statement]) -> Iterator[Key]:
    """The bands into which some money falls."""
    for statement in statements:
        for line in statement.lines:
            keys = band_keys(statement.fund, line.row)
            for key, fen in zip(keys, line.bands, strict=bool(line.bands)):
                if fen:
                    yield key
