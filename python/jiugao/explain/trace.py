"""What the engine's trace says comes in; typed raw facts go out.

Amounts stay integers in the program's own scales; words and places are the program's.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = 1


@dataclass(frozen=True)
class Row:
    """What the claims table says of the row that is traced."""

    person: str
    settlement: str
    original: str | None = None


@dataclass(frozen=True)
class LimitUse:
    """A limit of the row of figures: fen used before and after."""

    position: int
    amount: int
    before: int
    after: int


@dataclass(frozen=True)
class PartTrace:
    """One part settled; E and e are exact, in units of the exact scale."""

    base: int
    s: tuple[int, int]
    accrues: Fraction
    e: tuple[Fraction, Fraction]
    p: tuple[int, int]
    paid: int


@dataclass(frozen=True)
class BenefitTrace:
    """One benefit settled. S and base at the base scale, E and e at the exact scale."""

    benefit: int
    applied: bool  # the totals are those of an application
    row: int
    base: int
    uncovered: int
    s: tuple[int, int]
    e: tuple[int, int]
    p: tuple[int, int]
    accrues: int
    room: int | None
    limits: tuple[LimitUse, ...]
    cut: str | None  # "limit" | "covered"
    paid: int
    counted: bool  # from before payments begin
    parts: tuple[PartTrace, ...]
    offered: int | None = None  # of an alternative: what it would pay
    taken: bool = True


@dataclass(frozen=True)
class Window:
    """The application that takes the claim; days since 1970-01-01."""

    day: int
    standing: int
    first: int
    last: int
    before: bool


@dataclass(frozen=True)
class Trace:
    """One claim, as the engine worked it out."""

    row: Row
    day: int
    year: int
    role: str
    reject: str | None  # why, where the role is "rejected"
    standing: int  # -1: none
    held: int  # bits of identities
    also: tuple[int, ...]
    window: Window | None
    registers: tuple[int | None, ...]
    registers_applied: tuple[int | None, ...]
    benefits: tuple[BenefitTrace, ...]
    burden: int
    excess: int
    undone: tuple[tuple[int, int], ...]  # by benefit: paid in all before and after
    paying: tuple[int, int, int, int] | None = None  # payee, last day, excess, replaced


def read_trace(raw: Mapping[str, Any], row: Row) -> Trace:
    """The trace of one claim; `ValueError` for another version."""
    if raw["version"] != VERSION:
        raise ValueError(f"a trace of version {raw['version']}, not {VERSION}")
    judged, reversal = raw["judged"], raw["reversal"]
    undone = zip(reversal["before"], reversal["after"], strict=True) if reversal else ()
    return Trace(
        row=row,
        day=raw["day"],
        year=raw["year"],
        role=raw["role"],
        reject=raw["reject"],
        standing=judged["class"],
        held=judged["held"],
        also=tuple(judged["also"]),
        window=_window(judged["application"]),
        registers=tuple(raw["registers"]),
        registers_applied=tuple(raw["registers_applied"]),
        benefits=tuple(_benefit(b) for b in raw["benefits"]),
        burden=raw["burden"],
        excess=raw["excess"],
        undone=tuple(undone),
        paying=tuple(raw["paying"]) if raw["paying"] else None,
    )


def _window(raw: Mapping[str, Any] | None) -> Window | None:
    if raw is None:
        return None
    return Window(raw["day"], raw["class"], raw["first"], raw["last"], raw["before"])


def _benefit(raw: Mapping[str, Any]) -> BenefitTrace:
    cut = "covered" if raw["covered"] else "limit" if raw["limited"] else None
    return BenefitTrace(
        benefit=raw["benefit"],
        applied=raw["applied"],
        row=raw["row"],
        base=raw["base"],
        uncovered=raw["uncovered"],
        s=tuple(raw["year_base"]),
        e=tuple(raw["accrued"]),
        p=tuple(raw["paid"]),
        accrues=raw["added"],
        room=raw["room"],
        limits=tuple(
            LimitUse(n, used["amount"], *used["used"])
            for n, used in enumerate(raw["limits"])
        ),
        cut=cut,
        paid=raw["pay"],
        offered=raw["choice"][0] if raw["choice"] else None,
        taken=raw["choice"][1] if raw["choice"] else True,
        counted=raw["counted"],
        parts=tuple(_part(part) for part in raw["parts"]),
    )


def _part(raw: Mapping[str, Any]) -> PartTrace:
    before, after = map(Fraction, raw["accrued"])
    return PartTrace(
        base=raw["base"],
        s=tuple(raw["year_base"]),
        accrues=Fraction(raw["added"]),
        e=(before, after),
        p=tuple(raw["paid"]),
        paid=raw["pay"],
    )
