"""A benefit's decision tables and a moment come in, the figures in force (φ) go out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from jiugao.policy import model
from jiugao.syntax.tree import Operator, Period
from tests.oracle.exact import Fraction
from tests.oracle.expressions import Meaning, Moment, meaning
from tests.oracle.parts import Shares
from tests.oracle.walk import by_day

if TYPE_CHECKING:
    from tests.oracle.shape import Number


@dataclass(frozen=True)
class Cap:
    """A limit in force: `shared` names a limit that several benefits draw on."""

    amount: Number
    period: Period
    shared: str | None


@dataclass(frozen=True)
class Figures:
    """φ: what steps 3, 4 and 5 use. Bands are (from, to or None, rate)."""

    deductible: Number
    deductible_by: Period
    gate: tuple[Number, Operator, Period] | None
    bands: tuple[tuple[Number, Number | None, Number], ...]
    bands_by: Period
    caps: tuple[Cap, ...]
    parts: Shares | None = None

    @property
    def by_claim(self) -> bool:
        """Whether a claim earns by its own base, whatever came before it."""
        banded = self.bands_by is Period.CLAIM and len(self.bands) > 1
        return banded or (self.deductible > 0 and self.deductible_by is Period.CLAIM)

    def above_deductible(self, before: Number, base: Number) -> Number:
        """How much of a claim's base, from its start, the deductible takes."""
        if self.deductible_by is Period.CLAIM:
            return min(self.deductible, base)
        return min(max(self.deductible - before, 0), base)

    def rated(self, start: Number, end: Number) -> Number:
        """Σ rate × the part of each band that lies between two positions."""
        total: Number = 0
        for lower, upper, rate in self.bands:
            top = end if upper is None or upper > end else upper
            bottom = max(start, lower)
            if top > bottom:
                total += rate * (top - bottom)
        return total

    def of_slice(self, before: Number, base: Number) -> Number:
        """What a claim adds without regard to a gate."""
        gated = self.gate is not None and self.gate[2] is Period.CLAIM
        if gated or self.by_claim or self.bands_by is Period.CLAIM:
            before = 0  # by the claim's own base: totals, which may be below 0, are no matter
        taken = self.above_deductible(before, base)
        return self.rated(before + taken, before + base)

    def yearly(self, base: Number, start: Number = 0) -> Number:
        """gφ of a year's base, limits apart; nothing for the first `start` of it."""
        if self.gate is not None and not reached(self.gate, base):
            return 0
        return self.of_slice(0, base) - self.of_slice(0, min(start, base))

    def added_by(self, before: Number, base: Number, start: Number = 0) -> Number:
        """e: what a claim of `base` adds after a base of `before` in the year."""
        if self.gate is not None and self.gate[2] is Period.YEAR:
            return self.yearly(before + base, start) - self.yearly(before, start)
        if self.gate is not None and not reached(self.gate, base):
            return 0
        if base < 0:  # taken back: what the claims before it earned for as much
            return 0 if self.by_claim else -self.of_slice(before + base, -base)
        return self.of_slice(before, base)


def reached(gate: tuple[Number, Operator, Period], base: Number) -> bool:
    """达到 includes the amount, 超过 does not."""
    amount, operator, _ = gate
    return base > amount if operator is Operator.OVER else base >= amount


class NotEntitledError(Exception):
    """不享受: the benefit does not apply."""


_Chosen = Callable[[Moment], object]


def chosen(figure: model.Figure) -> _Chosen:
    """The leaf to which the tables lead at a moment; NotEntitledError where they end so."""
    match figure:
        case model.NotEntitled():

            def refuse(_moment: Moment) -> object:
                raise NotEntitledError

            return refuse
        case model.Leaf():
            return lambda _moment: figure.value
        case model.Table():
            return _table(figure)
    assert_never(figure)


def _table(table: model.Table) -> _Chosen:
    subject = meaning(table.subject)
    arms = [(arm.keys, chosen(arm.body)) for arm in table.arms if not arm.others]
    rest = [chosen(arm.body) for arm in table.arms if arm.others]

    def choose(moment: Moment) -> object:
        value = subject(moment)
        if value is None:  # no standing
            raise NotEntitledError
        found = [body for keys, body in arms if value in keys] or rest
        if len(found) != 1:
            raise LookupError(f"{len(found)} rows of a table for {value!r}")
        return found[0](moment)

    return choose


class FiguresOf:
    """The figures of one benefit, by moment."""

    def __init__(
        self, benefit: model.Benefit, shared: Sequence[model.SharedLimit]
    ) -> None:
        self._deductible = chosen(benefit.deductible)
        self._gate = None if benefit.gate is None else chosen(benefit.gate)
        self._rates = chosen(benefit.rates)
        self._limits = chosen(benefit.limits)
        self._shared = {limit.name: limit for limit in shared}
        self._dated = by_day((benefit, shared))
        self._known: dict[tuple[object, ...], Figures] = {}
        self._meanings: dict[int, Meaning] = {}

    def at(self, moment: Moment) -> Figures | None:
        """φ at a moment; None where the benefit is not for this claim."""
        try:
            leaves = (
                self._deductible(moment),
                self._gate(moment) if self._gate else None,
                self._rates(moment),
                self._limits(moment),
            )
        except NotEntitledError:
            return None
        key = (*map(id, leaves), moment.day if self._dated else None)
        if key not in self._known:
            self._known[key] = self._worked_out(leaves, moment)
        return self._known[key]

    def _worked_out(self, leaves: tuple[object, ...], moment: Moment) -> Figures:
        deductible, gate, rates, limits = leaves
        assert isinstance(deductible, model.Deductible)
        assert gate is None or isinstance(gate, model.Gate)
        assert isinstance(rates, model.Rates | model.PartRates)
        assert isinstance(limits, tuple)
        if isinstance(rates, model.PartRates):
            return self._in_parts(deductible, rates, limits, moment)
        return Figures(
            deductible=0
            if deductible.amount is None
            else self._worth(deductible.amount, moment),
            deductible_by=deductible.period,
            gate=gate
            and (self._worth(gate.amount, moment), gate.operator, gate.period),
            bands=tuple(
                (
                    self._worth(band.lower, moment),
                    None if band.upper is None else self._worth(band.upper, moment),
                    self._worth(band.rate, moment),
                )
                for band in rates.bands
            ),
            bands_by=rates.by,
            caps=tuple(self._caps(limits, moment)),
        )

    def _in_parts(
        self,
        deductible: model.Deductible,
        rates: model.PartRates,
        limits: tuple[model.Limit, ...],
        moment: Moment,
    ) -> Figures:
        names = [one.part for one in rates.rates]
        shared = deductible.sharing
        order = tuple(names.index(name) for name in shared.parts) if shared else ()
        line = (
            0 if deductible.amount is None else self._worth(deductible.amount, moment)
        )
        each = tuple(self._worth(one.rate, moment) for one in rates.rates)
        return Figures(
            line, deductible.period, None, (), Period.YEAR,
            tuple(self._caps(limits, moment)),
            Shares(each, shared.way if shared else None, order),
        )  # fmt: skip

    def _caps(self, limits: tuple[model.Limit, ...], moment: Moment) -> list[Cap]:
        found = []
        for limit in limits:
            if limit.shared is not None:
                shared = self._shared[limit.shared]
                found.append(
                    Cap(self._worth(shared.amount, moment), shared.period, shared.name)
                )
            elif limit.amount is not None:
                found.append(Cap(self._worth(limit.amount, moment), limit.period, None))
        return found

    def _worth(self, expression: model.Expression, moment: Moment) -> Number:
        if id(expression) not in self._meanings:
            self._meanings[id(expression)] = meaning(expression)
        return number(self._meanings[id(expression)](moment))


def worth(expression: model.Expression, moment: Moment) -> Number:
    """A figure's amount or rate."""
    return number(meaning(expression)(moment))


def number(value: object) -> Number:
    """An amount or rate that is one."""
    assert isinstance(value, int | Fraction)
    return value
