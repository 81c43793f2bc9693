"""Benefits come in; warnings of cliffs go out, with the amount at which each happens.

A cliff: one fen more on the bill makes what is paid leap.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from jiugao.diagnostics import Diagnostics, Related
from jiugao.policy import model
from jiugao.policy.conditions import together
from jiugao.policy.figure_checks import yuan
from jiugao.policy.regimes import change_days, value_on
from jiugao.policy.walk import (
    benefit_expressions,
    figure_expressions,
    figures_of,
    parts,
)
from jiugao.syntax.tree import Operator

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

ORDER = (Operator.OVER, Operator.NOT_OVER, Operator.AT_LEAST, Operator.BELOW)
PASSED = (Operator.OVER, Operator.NOT_OVER)


def warn_of_cliffs(
    benefits: Sequence[model.Benefit], force: model.Force, found: Diagnostics
) -> None:
    """Gates (W701) and conditions on an amount (W702)."""
    for benefit in benefits:
        expressions = [e for f in figures_of(benefit) for e in figure_expressions(f)]
        days = change_days(expressions, force)
        if benefit.gate is not None:
            warn_of_gate(benefit, benefit.gate, days, found)
        for compared in amount_conditions(benefit):
            warn_of_condition(benefit, compared, days, found)


def warn_of_gate(
    benefit: model.Benefit,
    gate: model.Figure,
    days: Sequence[dt.date],
    found: Diagnostics,
) -> None:
    """At the gate everything before it is paid at once."""
    for leaves in together(gate, benefit.deductible, benefit.rates):
        match [leaf.value for leaf in leaves]:
            case [
                model.Gate() as reached, model.Deductible() as deductible,
                model.Rates() as rates,
            ]:  # fmt: skip
                for day in days:
                    amount = value_on(reached.amount, day)
                    if amount is None:
                        continue
                    at = leap_at(amount, reached.operator)
                    leap = accrued(deductible, rates, at, day)
                    if leap is None or leap <= 1:  # a fen more, a fen's part more
                        continue
                    words = {"at": yuan(at), "leap": yuan(leap)}
                    found.add("W701", reached.span, benefit=benefit.name, **words)
            case _:
                pass


def leap_at(amount: Fraction, operator: Operator) -> Fraction:
    """The amount itself, or one fen after it."""
    return amount + 1 if operator in PASSED else amount


def accrued(
    deductible: model.Deductible, rates: model.Rates, base: Fraction, day: dt.date
) -> Fraction | None:
    """What a base earns on a day, without gate and limits."""
    start = Fraction(0)
    if deductible.amount is not None:
        value = value_on(deductible.amount, day)
        if value is None:
            return None
        start = value
    whole = Fraction(0)
    for band in rates.bands:
        lower, rate = value_on(band.lower, day), value_on(band.rate, day)
        upper = base if band.upper is None else value_on(band.upper, day)
        if lower is None or upper is None or rate is None:
            return None
        whole += rate * max(Fraction(0), min(upper, base) - max(lower, start))
    return whole


def amount_conditions(benefit: model.Benefit) -> Iterator[model.Binary]:
    """Comparisons of the claim's money in conditions and table subjects."""
    for expression in benefit_expressions(benefit):
        for part in parts(expression):
            match part:
                case model.Binary(operator=operator, left=left) if operator in ORDER:
                    if left.kind is model.Kind.MONEY:
                        yield part
                case _:
                    pass


def warn_of_condition(
    benefit: model.Benefit,
    compared: model.Binary,
    days: Sequence[dt.date],
    found: Diagnostics,
) -> None:
    """The amount that decides, where it is a constant or a dated figure."""
    for day in days:
        amount = value_on(compared.right, day)
        if amount is None:
            continue
        at = leap_at(amount, compared.operator)
        place = Related(benefit.span, "benefit")
        words = {"benefit": benefit.name, "at": yuan(at)}
        found.add("W702", compared.span, place, **words)
