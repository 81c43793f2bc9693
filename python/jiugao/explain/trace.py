"""The JSON that the engine's trace writes comes in; typed raw facts go out.

Amounts stay integers in the program's own scales; words and places are the program's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

VERSION = 1


@dataclass(frozen=True)
class LimitUse:
    """A limit of the row of figures: fen used before and after."""

    position: int
    amount: int
    before: int
    after: int


@dataclass(frozen=True)
class BenefitTrace:
    """One SETTLE or DEFER. S and base at the base scale, E and e at the exact scale."""

    benefit: int
    account: str  # "year" | "application"
    row: int
    base: int
    uncovered: int
    s: tuple[int, int]
    e: tuple[int, int]
    p: tuple[int, int]
    accrues: int
    room: int | None
    limits: tuple[LimitUse, ...]
    cut: str | None
    paid: int


@dataclass(frozen=True)
class Window:
    """The application that takes the claim; days since 1970-01-01."""

    day: int
    identity: int
    first: int
    last: int
    before: bool


@dataclass(frozen=True)
class Trace:
    """One claim, as the engine worked it out."""

    person: str
    settlement: str
    day: int
    year: int
    role: str
    reject: str | None
    original: str | None
    judged_day: int
    judged_class: int
    held: tuple[int, ...]
    also: tuple[int, ...]
    window: Window | None
    registers: tuple[int | None, ...]
    benefits: tuple[BenefitTrace, ...]
    burden: int
    excess: int
    undone: tuple[tuple[int, int], ...]  # by benefit: the year before and after


def read_trace(text: str) -> Trace:
    """The trace of one claim."""
    raw = json.loads(text)
    if raw["version"] != VERSION:
        raise ValueError(f"a trace of version {raw['version']}, not {VERSION}")
    claim, judged = raw["claim"], raw["judged"]
    reversal = raw.get("reversal")
    return Trace(
        person=str(claim["psn_no"]),
        settlement=str(claim["setl_id"]),
        day=claim["day"],
        year=claim["year"],
        role=claim["role"],
        reject=claim["reject"],
        original=claim["original"],
        judged_day=judged["day"],
        judged_class=judged["class"],
        held=tuple(judged["held"]),
        also=tuple(judged["also"]),
        window=_window(judged["application"]),
        registers=tuple(raw["registers"]),
        benefits=tuple(_benefit(b) for b in raw["benefits"]),
        burden=raw["burden"],
        excess=raw["excess"],
        undone=tuple(zip(reversal["before"], reversal["after"], strict=True))
        if reversal
        else (),
    )


def _window(raw: dict[str, Any] | None) -> Window | None:
    if raw is None:
        return None
    first, last = raw["window"]
    return Window(raw["day"], raw["identity"], first, last, raw["before"])


def _benefit(raw: dict[str, Any]) -> BenefitTrace:
    return BenefitTrace(
        benefit=raw["benefit"],
        account=raw["account"],
        row=raw["row"],
        base=raw["base"],
        uncovered=raw["uncovered"],
        s=tuple(raw["S"]),
        e=tuple(raw["E"]),
        p=tuple(raw["P"]),
        accrues=raw["e"],
        room=raw["room"],
        limits=tuple(
            LimitUse(u["position"], u["amount"], *u["used"]) for u in raw["limits"]
        ),
        cut=raw["cut"],
        paid=raw["paid"],
    )
