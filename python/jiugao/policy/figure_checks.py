"""Benefits and subsidies come in; findings on edges, rates and amounts go out.

Looked at on every date on which a figure changes.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, assert_never

from jiugao.diagnostics import Diagnostics, Related
from jiugao.policy import model
from jiugao.policy.conditions import together
from jiugao.policy.regimes import change_days, value_on
from jiugao.policy.walk import counted_over, figure_expressions, figures_of, leaves
from jiugao.syntax.tree import Period

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence


def yuan(fen: Fraction) -> str:
    """An amount as people read it, without its unit: 16,666.67."""
    return f"{int(fen) // 100:,}.{int(fen) % 100:02d}"


def percent(rate: Fraction) -> str:
    """A rate as people read it: 70%, 66.5%."""
    hundredth = rate * 100
    exact = Decimal(hundredth.numerator) / Decimal(hundredth.denominator)
    return f"{exact.quantize(Decimal('0.0001')).normalize():f}%"


def check_figures(
    benefits: Sequence[model.Benefit], force: model.Force, found: Diagnostics
) -> None:
    """Every leaf of every benefit on every date."""
    for benefit in benefits:
        figures = figures_of(benefit)
        named = [e for f in figures for e in figure_expressions(f)]
        days = change_days(named, force)
        for figure in figures:
            for leaf in leaves(figure):
                for day in days:
                    check_leaf(leaf.value, day, found)
        for deductible, rates in together(benefit.deductible, benefit.rates):
            assert isinstance(deductible.value, model.Deductible)
            if isinstance(rates.value, model.PartRates):
                continue
            assert isinstance(rates.value, model.Rates)
            check_start(deductible.value, rates.value, days, found)
            check_periods(deductible.value, rates.value, found)
        if benefit.gate is not None:
            for met in together(benefit.gate, benefit.deductible, benefit.rates):
                check_gate(met, found)


def check_subsidies(
    subsidies: Sequence[model.Subsidy], force: model.Force, found: Diagnostics
) -> None:
    """Every rate and fixed amount of every subsidy on every date."""
    for one in (one for subsidy in subsidies for one in subsidy.alternatives):
        for figure, check in ((one.rate, check_rate), (one.fixed, check_amount)):
            if figure is not None:
                for day in change_days([figure], force):
                    check(figure, day, found)


def check_leaf(value: model.Value, day: dt.date, found: Diagnostics) -> None:
    """Amounts not below nought, rates from 0 to 100 %, edges that follow each other."""
    match value:
        case model.Deductible(amount=amount):
            check_amount(amount, day, found)
        case model.Gate(amount=amount):
            check_amount(amount, day, found)
        case model.Fixed(amount=amount):
            check_amount(amount, day, found)
        case model.Rates(bands=bands):
            check_bands(bands, day, found)
        case model.PartRates(rates=rates):
            for one in rates:
                check_rate(one.rate, day, found)
        case tuple():
            for limit in value:
                check_amount(limit.amount, day, found)
        case _:
            assert_never(value)


def check_amount(
    amount: model.Expression | None, day: dt.date, found: Diagnostics
) -> None:
    """E417: an amount below nought."""
    value = None if amount is None else value_on(amount, day)
    if amount is not None and value is not None and value < 0:
        found.add("E417", amount.span, value=str(value / 100), day=day.isoformat())


def check_rate(rate: model.Expression, day: dt.date, found: Diagnostics) -> None:
    """E405: a rate below nought or above the whole."""
    value = value_on(rate, day)
    if value is not None and not 0 <= value <= 1:
        on = day.isoformat()
        found.add("E405", rate.span, rate=percent(value), day=on)


def check_bands(bands: Sequence[model.Band], day: dt.date, found: Diagnostics) -> None:
    """Rates within 0–100 %; each band ends where the next begins, edges rise."""
    before: tuple[model.Band, Fraction] | None = None
    on = day.isoformat()
    for band in bands:
        check_rate(band.rate, day, found)
        lower = value_on(band.lower, day)
        upper = None if band.upper is None else value_on(band.upper, day)
        if lower is not None and upper is not None and upper <= lower:
            words = {"lower": yuan(lower), "upper": yuan(upper), "day": on}
            found.add("E427", band.span, **words)
            return
        if before is not None and lower is not None and lower != before[1]:
            code = "E401" if lower > before[1] else "E402"
            first = Related(before[0].span, "first")
            words = {"end": yuan(before[1]), "start": yuan(lower), "day": on}
            found.add(code, band.span, first, **words)
        before = None if upper is None else (band, upper)


def check_start(
    deductible: model.Deductible,
    rates: model.Rates,
    days: Sequence[dt.date],
    found: Diagnostics,
) -> None:
    """E428: between the deductible and the first band nothing says a rate."""
    for day in days:
        first = rates.bands[0]
        lower = value_on(first.lower, day)
        amount = deductible.amount
        start = Fraction(0) if amount is None else value_on(amount, day)
        if lower is None or start is None or lower <= max(start, Fraction(0)):
            continue
        related = Related(deductible.span, "deductible")
        words = {"start": yuan(start), "lower": yuan(lower), "day": day.isoformat()}
        found.add("E428", first.span, related, **words)


def check_gate(met: Sequence[model.Leaf], found: Diagnostics) -> None:
    """E435: a gate over one period and what it opens over another have no meaning."""
    gate, *opened = [leaf.value for leaf in met]
    assert isinstance(gate, model.Gate)
    for value in opened:
        if counted_over(value) not in {None, gate.period}:
            assert isinstance(value, model.Deductible | model.Rates)
            found.add("E435", gate.span, Related(value.span, "opened"))
            return


def check_periods(
    deductible: model.Deductible, rates: model.Rates, found: Diagnostics
) -> None:
    """E429: bands over one period and a deductible over another have no meaning."""
    periods = {counted_over(deductible), counted_over(rates)}
    if periods >= {Period.YEAR, Period.CLAIM}:
        related = Related(deductible.span, "deductible")
        found.add("E429", rates.span, related)
