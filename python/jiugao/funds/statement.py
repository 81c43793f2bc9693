"""A fund and the figures of one year and area come in; its statement goes out, balanced.

Shares are whole fen; what is shared sums to the amount, the residual fen to the last.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from jiugao.claims.findings import DataError
from jiugao.funds.amounts import Figures, amount, to_the_fen
from jiugao.program.dates import date

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jiugao.program.body import Fund, FundRow, Program, ShareBand


@dataclass(frozen=True)
class Line:
    """A row worked out.

    `value` is exact, of a share whole fen; `borne`: fen by bearer; `bands`: how much of a
    share lies in each of its bands.
    """

    row: FundRow
    value: Fraction
    borne: dict[str, int]
    bands: tuple[Fraction, ...] = ()

    @property
    def balances(self) -> bool:
        """Whether what is borne is the whole of what is shared."""
        return self.row.sort != "share" or sum(self.borne.values()) == self.value

    @property
    def stated(self) -> Fraction:
        """The value as the statement says it: money to the fen."""
        if self.row.kind == "money":
            return Fraction(to_the_fen(self.value))
        return self.value


@dataclass(frozen=True)
class Statement:
    """One fund in one year and area."""

    fund: Fund
    year: int
    area: str
    lines: tuple[Line, ...]

    @property
    def figures(self) -> dict[tuple[str, str], Fraction]:
        """What the statement of the next year may name."""
        found = {("row", line.row.name): line.stated for line in self.lines}
        for line in self.lines:
            for bearer, fen in line.borne.items():
                key = ("bearer", bearer)
                found[key] = found.get(key, Fraction(0)) + fen
        return found

    @property
    def balances(self) -> bool:
        """Whether every line does."""
        return all(line.balances for line in self.lines)


def last_day(program: Program, year: int) -> dt.date:
    """The day whose dated figures a year's statement reads: its last one in force."""
    day, end = program.years.last(year), program.force.end
    return day if end is None else min(day, date(end))


def first_day(program: Program, year: int) -> dt.date:
    """The first day of a year in force."""
    start = date(program.force.start)
    return max(program.years.first(year), start)


def reckon(
    fund: Fund, year: int, area: str, figures: Figures, given: Mapping[str, Fraction]
) -> Statement:
    """Work out every row in order; `given` replaces a row's own value.

    `figures` brings heads ("row") and what benefits paid; rows are added to it. Raises
    DataError for parts that are not the whole.
    """
    lines: list[Line] = []
    for row in fund.rows:
        match row.sort:
            case "heads":
                exact = given.get(row.name, figures.of("row", row.name))
                line = Line(row, exact, {})
            case "amount":
                assert row.amount is not None
                own = given.get(row.name)
                line = Line(
                    row, amount(row.amount, figures) if own is None else own, {}
                )
            case _:
                assert row.amount is not None
                own = given.get(row.name)
                whole = amount(row.amount, figures) if own is None else own
                fen = max(0, to_the_fen(whole))
                bands = cut(row, fen, figures)
                borne = divided(row, fen, bands, figures)
                line = Line(row, Fraction(fen), borne, bands)
        figures.now["row", row.name] = line.value
        lines.append(line)
    return Statement(fund, year, area, tuple(lines))


def cut(row: FundRow, fen: int, figures: Figures) -> tuple[Fraction, ...]:
    """How much of a share lies in each of its bands."""
    unit = Fraction(1)
    if row.of is not None:
        unit = max(Fraction(0), amount(row.of, figures))
    return tuple(inside(band, Fraction(fen), unit, figures) for band in row.bands)


def divided(
    row: FundRow, fen: int, bands: tuple[Fraction, ...], figures: Figures
) -> dict[str, int]:
    """What each bearer bears of a share, in fen; the residual fen to the last."""
    exact: dict[str, Fraction] = {}
    for band, part in zip(row.bands, bands, strict=True):
        for bearer, share in parts_of(row, band, part, figures).items():
            exact[bearer] = exact.get(bearer, Fraction(0)) + share
    borne: dict[str, int] = {}
    left = fen
    for bearer, share in exact.items():
        borne[bearer] = min(to_the_fen(share), left)
        left -= borne[bearer]
    if borne:
        last = next(reversed(borne))
        borne[last] += left
    return borne


def inside(
    band: ShareBand, whole: Fraction, unit: Fraction, figures: Figures
) -> Fraction:
    """How much of an amount lies between a band's edges."""
    lower = amount(band.lower, figures) * unit
    reached = whole
    if band.upper is not None:
        reached = min(whole, amount(band.upper, figures) * unit)
    return max(Fraction(0), reached - lower)


def parts_of(
    row: FundRow, band: ShareBand, part: Fraction, figures: Figures
) -> dict[str, Fraction]:
    """Exact parts of a band: rates that are 1 together, or amounts that are the whole."""
    shares = {one.bearer: amount(one.share, figures) for one in band.parts}
    rates = band.parts[0].kind == "rate"
    total = sum(shares.values(), Fraction(0))
    wanted = Fraction(1) if rates else part
    if total != wanted or any(share < 0 for share in shares.values()):
        words = {"sum": said(total, rates), "whole": said(wanted, rates)}
        raise DataError("D984", name=row.name, **words)
    if not rates:
        return shares
    return {bearer: part * share for bearer, share in shares.items()}


def said(exact: Fraction, rates: bool) -> str:
    """A rate in percent, or fen as yuan."""
    if rates:
        hundredth = exact * 100
        return (
            f"{hundredth.numerator}/{hundredth.denominator}%"
            if (hundredth.denominator != 1)
            else f"{hundredth.numerator}%"
        )
    fen = to_the_fen(exact)
    return f"{fen // 100}.{fen % 100:02d}"
