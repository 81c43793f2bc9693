"""A benefit's figures at one point come in as decision tables, one row goes out.

A point is a class, a value of every other subject, and a day.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.policy import model
from jiugao.program import body, days
from jiugao.program.builder import LARGEST
from jiugao.program.expressions import label, scale_of
from jiugao.program.refusals import refuse
from jiugao.program.subjects import Key, amounts, identity
from jiugao.syntax.tree import Operator, Period

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jiugao.program.pools import Pools

Band = tuple[Fraction, Fraction | None, Fraction]


@dataclass(frozen=True)
class Point:
    """Where figures are looked for: `values` of subjects by their identity."""

    at: days.At
    values: Mapping[object, Key]


@dataclass(frozen=True)
class Shares:
    """A rate for each part, and how they use up the deductible."""

    rates: tuple[Fraction, ...]
    sharing: model.SharingWay | None
    order: tuple[int, ...]


@dataclass(frozen=True)
class Exact:
    """A row with exact amounts, before its scale is known."""

    deductible: tuple[Fraction, Period] | None
    gate: tuple[Fraction, Operator, Period] | None
    bands: tuple[Band, ...]
    bands_by: Period
    parts: Shares | None
    limits: tuple[tuple[str, int | None, Fraction], ...]
    path: str
    places: tuple[tuple[str, body.Place], ...]
    parameters: tuple[str, ...]


@dataclass
class Reading:
    """The figures of one benefit. `path` collects the keys that led to a row."""

    benefit: model.Benefit
    pools: Pools

    def row(self, point: Point) -> Exact | None:
        """The row at a point; None where the benefit is not for it."""
        path: list[str] = []
        benefit = self.benefit
        found: dict[str, model.Leaf] = {}
        for name, figure in (
            ("deductible", benefit.deductible),
            ("gate", benefit.gate),
            ("rates", benefit.rates),
            ("limits", benefit.limits),
        ):
            leaf = figure and self.leaf(figure, point, path)
            if isinstance(leaf, model.Leaf):
                found[name] = leaf
            elif figure is not None:
                return None
        return self.exact(found, point, " · ".join(dict.fromkeys(path)))

    def leaf(
        self, figure: model.Figure, point: Point, path: list[str]
    ) -> model.Leaf | None:
        """The leaf to which the tables lead; None for 不享受."""
        while isinstance(figure, model.Table):
            arm = self.arm(figure, point)
            if arm is None:
                return None
            words = arm_words(figure, arm)
            if words:
                path.append(words)
            figure = arm.body
        return figure if isinstance(figure, model.Leaf) else None

    def arm(self, table: model.Table, point: Point) -> model.Arm | None:
        """The arm that holds the subject's value; 其余 where none names it."""
        if days.fixed(table.subject, standing=True):
            known = days.worth(table.subject, point.at)
            assert isinstance(known, (str, bool))
            value: Key = known or None if isinstance(known, str) else known
        else:
            value = point.values[identity(table.subject)]
        if value is None and isinstance(table.subject, model.StandingRef):
            return None
        for arm in table.arms:
            if not arm.others and value in arm.keys:
                return arm
        return next((arm for arm in table.arms if arm.others), None)

    def exact(self, found: Mapping[str, model.Leaf], point: Point, path: str) -> Exact:
        """The amounts of the leaves on the point's day."""
        deductible = gate = None
        bands: tuple[Band, ...] = ()
        rates: tuple[Fraction, ...] = ()
        shared: model.Sharing | None = None
        by = Period.YEAR
        limits: list[tuple[str, int | None, Fraction]] = []
        for leaf in found.values():
            match leaf.value:
                case model.Deductible() as value if value.amount is not None:
                    deductible = (self.amount(value.amount, point), self.period(value))
                    deductible = deductible if deductible[0] else None
                    shared = value.sharing if deductible else None
                case model.Gate() as value:
                    amount = self.amount(value.amount, point)
                    gate = (amount, value.operator, self.period(value))
                case model.Rates() as value:
                    bands, by = self.bands(value, point), value.by
                case model.PartRates() as value:
                    rates = tuple(self.amount(r.rate, point) for r in value.rates)
                case tuple() as value:
                    limits = [one for v in value for one in self.limit(v, point)]
                case model.Deductible() | model.Fixed():
                    pass
        by = settled_period(self.benefit, deductible, gate, bands, by)
        shares = self.shares(rates, shared) if self.benefit.parts else None
        places = tuple((name, self.place(leaf)) for name, leaf in found.items())
        used = frozenset[str]().union(
            *(
                days.parameters(a)
                for leaf in found.values()
                for a in amounts(leaf.value)
            )
        )
        names = tuple(p.name for p in self.pools.policy.parameters if p.name in used)
        return Exact(
            deductible, gate, bands, by, shares, tuple(limits), path, places, names
        )

    def shares(
        self, rates: tuple[Fraction, ...], shared: model.Sharing | None
    ) -> Shares:
        """The parts' rates, and their order where one comes after another."""
        names = [part.name for part in self.benefit.parts]
        order = tuple(names.index(name) for name in shared.parts) if shared else ()
        return Shares(rates, shared.way if shared else None, order)

    def amount(self, expression: model.Expression, point: Point) -> Fraction:
        """A figure's amount or rate on the point's day."""
        value = days.worth(expression, point.at)
        assert isinstance(value, Fraction)
        return value

    def period(self, value: model.Deductible | model.Gate) -> Period:
        """The period of a deductible or gate."""
        if value.period is Period.LIFETIME:
            refuse("E483", value.span, what=value.span.text)
        return value.period

    def bands(self, rates: model.Rates, point: Point) -> tuple[Band, ...]:
        """Bands from 0 without end; where the author has none, the rate is 0."""
        made: list[Band] = []
        reached: Fraction | None = Fraction(0)
        for band in rates.bands:
            lower = self.amount(band.lower, point)
            upper = None if band.upper is None else self.amount(band.upper, point)
            if reached is not None and lower > reached:
                made.append((reached, lower, Fraction(0)))
            made.append((lower, upper, self.amount(band.rate, point)))
            reached = upper
        if reached is not None:
            made.append((reached, None, Fraction(0)))
        return tuple(made)

    def limit(
        self, limit: model.Limit, point: Point
    ) -> list[tuple[str, int | None, Fraction]]:
        """A limit's kind, slot and amount; nothing for 不设."""
        if limit.shared is not None:
            shared = self.pools.policy.shared_limits
            slot = [s.name for s in shared].index(limit.shared)
            amount = self.amount(shared[slot].amount, point)
            found: tuple[str, int | None, Fraction] = ("shared", slot, amount)
        elif limit.amount is None:
            return []
        else:
            if limit.period is Period.LIFETIME:
                refuse("E483", limit.span, what=limit.span.text)
            found = (limit.period.value, None, self.amount(limit.amount, point))
        if found[2].denominator != 1:
            refuse("E486", limit.span, benefit=self.benefit.name)
        return [found]

    def place(self, leaf: model.Leaf) -> body.Place:
        """Where a figure is written."""
        value = (
            leaf.value[0]
            if isinstance(leaf.value, tuple) and leaf.value
            else leaf.value
        )
        if isinstance(value, tuple):
            return self.pools.place(self.benefit.cited, leaf.span)
        return self.pools.place(value.cited or self.benefit.cited, value.span)


def arm_words(table: model.Table, arm: model.Arm) -> str:
    """The keys of an arm in the author's words; ≠ and the keys of all others for 其余."""
    subject = table.subject
    if isinstance(subject, model.ParameterRef):
        return ""
    if arm.others:
        named = [key for other in table.arms if not other.others for key in other.keys]
        return "≠ " + key_words(subject, named)
    return key_words(subject, list(arm.keys))


def key_words(subject: model.Expression, keys: Sequence[str | bool]) -> str:
    """Keys as the author wrote them."""
    if isinstance(subject, model.InputRef) and subject.kind is model.Kind.CODE:
        codes = subject.input.codes
        order = [str(key) for key in keys]
        return "、".join(codes[code] for code in codes if code in order)
    if keys and isinstance(keys[0], bool):
        words = (
            "、".join(subject.identities)
            if isinstance(subject, model.HoldsIdentity)
            else label(subject)
        )
        return " · ".join(words if key else f"¬ {words}" for key in keys)
    return "、".join(sorted(map(str, keys)))


def settled_period(
    benefit: model.Benefit,
    deductible: tuple[Fraction, Period] | None,
    gate: tuple[Fraction, Operator, Period] | None,
    bands: tuple[Band, ...],
    by: Period,
) -> Period:
    """The period of the bands; combinations without a meaning are refused."""
    if len(bands) <= 1:  # one rate has no period of its own
        by = deductible[1] if deductible else gate[2] if gate else Period.YEAR
    by_claim = by is Period.CLAIM and len(bands) > 1
    by_claim = by_claim or (deductible is not None and deductible[1] is Period.CLAIM)
    gate_by_claim = gate is not None and gate[2] is Period.CLAIM
    if gate is not None and not gate_by_claim and by_claim:
        refuse("E485", benefit.span, benefit=benefit.name)
    if benefit.settle is not model.SettleMode.PER_CLAIM and (by_claim or gate_by_claim):
        refuse("E485", benefit.span, benefit=benefit.name)
    return by


def base_amounts(rows: Sequence[Exact]) -> list[Fraction]:
    """Every amount that stands at the base scale."""
    found: list[Fraction] = []
    for row in rows:
        found += [row.deductible[0]] if row.deductible else []
        found += [row.gate[0]] if row.gate else []
        for lower, upper, _ in row.bands:
            found += [lower] if upper is None else [lower, upper]
    return found


def rate_scale(benefit: model.Benefit, rows: Sequence[Exact]) -> int:
    """Decimals of the rates."""
    rates = [rate for row in rows for _, _, rate in row.bands]
    rates += [rate for row in rows if row.parts for rate in row.parts.rates]
    return scale_of(rates, benefit.span, benefit.name)


def written(
    benefit: model.Benefit, row: Exact, note: str, base: int, rate: int
) -> body.Figures:
    """A row as a program file holds it."""

    def fine(amount: Fraction, scale: int) -> int:
        number = int(amount * 10**scale)
        if abs(number) > LARGEST:
            refuse("E487", benefit.span, what=benefit.name)
        return number

    gate = row.gate and (fine(row.gate[0], base), row.gate[1].value, row.gate[2].value)
    return body.Figures(
        row.deductible and (fine(row.deductible[0], base), row.deductible[1].value),
        gate,
        tuple(
            (fine(low, base), None if up is None else fine(up, base), fine(share, rate))
            for low, up, share in row.bands
        ),
        row.bands_by.value,
        None
        if row.parts is None
        else body.PartFigures(
            tuple(fine(share, rate) for share in row.parts.rates),
            row.parts.sharing.value if row.parts.sharing else None,
            row.parts.order,
        ),
        tuple(
            (kind, fine(amount, 0)) if slot is None else (kind, slot, fine(amount, 0))
            for kind, slot, amount in row.limits
        ),
        note,
        dict(row.places),
        row.parameters,
    )
