"""A row of figures and the base before and after come in; what each band pays goes out."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from jiugao.explain.model import Slice

if TYPE_CHECKING:
    from jiugao.program.body import Figures


def scaled(number: int, scale: int) -> Fraction:
    """An integer of the program file at its scale."""
    return Fraction(number, 10**scale)


def gate_open(figures: Figures, base: Fraction, base_scale: int) -> bool:
    """Whether the base passes the gate; always without one."""
    if figures.gate is None:
        return True
    amount = scaled(int(figures.gate[0]), base_scale)
    return base >= amount if figures.gate[1] == "at_least" else base > amount


def counted_from(figures: Figures, base_scale: int) -> Fraction:
    """From where on the base is paid for: the deductible, or the start."""
    if figures.deductible is None:
        return Fraction(0)
    return scaled(int(figures.deductible[0]), base_scale)


def slices(
    figures: Figures,
    before: Fraction,
    after: Fraction,
    base_scale: int,
    rate_scale: int,
) -> tuple[Slice, ...]:
    """The part of the base from `before` to `after` that each band takes.

    With a gate that opens on this claim the base from the start counts; while it is shut
    nothing does.
    """
    if not gate_open(figures, after, base_scale):
        return ()
    if not gate_open(figures, before, base_scale):
        before = Fraction(0)
    floor = counted_from(figures, base_scale)
    found: list[Slice] = []
    for lower, upper, numerator in figures.bands:
        assert lower is not None
        assert numerator is not None
        low = scaled(lower, base_scale)
        high = None if upper is None else scaled(upper, base_scale)
        start = max(low, floor, before)
        end = after if high is None else min(high, after)
        if end > start:
            rate = scaled(numerator, rate_scale)
            found.append(Slice(low, high, rate, end - start))
    return tuple(found)
