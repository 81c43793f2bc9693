"""The yearly records of a person come in; what each year came to, told, goes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jiugao.explain.as_text import columns
from jiugao.explain.passages import passage
from jiugao.explain.steps import Step, cited
from jiugao.explain.words import day, money, yuan

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping
    from decimal import Decimal

    from jiugao.explain.model import Passage
    from jiugao.program.body import Program

FEN = 100


@dataclass(frozen=True)
class YearBenefit:
    """What one benefit came to in a year, in fen."""

    name: str
    on_claims: int
    look_back: int
    year_end: int
    limit_used: int
    limit_left: int | None  # None: no yearly limit of its own
    top_up: bool  # settled again at year end
    passage: Passage


@dataclass(frozen=True)
class YearWarning:
    """An indicator of the year. `total` None: nothing was watched."""

    name: str
    total: int | None
    given: bool
    passage: Passage


@dataclass(frozen=True)
class YearAccount:
    """A person's benefit year, or what one application carries."""

    person: str
    year: int
    application: dt.date | None
    benefits: tuple[YearBenefit, ...]
    warnings: tuple[YearWarning, ...]
    year_begins: dt.date | None = None  # where it is not a calendar year: its first day

    @property
    def total(self) -> int:
        """All that the benefits paid, the year end included."""
        return sum(b.on_claims + b.look_back + b.year_end for b in self.benefits)


def year_accounts(
    program: Program, records: Iterable[Mapping[str, Any]]
) -> tuple[YearAccount, ...]:
    """The engine's yearly records (as rows of its `years` stream), in their order."""
    return tuple(year_account(program, record) for record in records)


def year_account(program: Program, record: Mapping[str, Any]) -> YearAccount:
    """One record."""
    benefits = []
    for benefit in program.benefits:
        left = record[f"{benefit.code}.limit_left"]
        benefits.append(
            YearBenefit(
                name=benefit.name,
                on_claims=fen(record[benefit.code]),
                look_back=fen(record[f"{benefit.code}.lookback"]),
                year_end=fen(record[f"{benefit.code}.year_end"]),
                limit_used=fen(record[f"{benefit.code}.limit_used"]),
                limit_left=None if left is None else fen(left),
                top_up=benefit.settle != "per_claim",
                passage=passage(program, benefit.place),
            )
        )
    warnings = []
    for warning in program.warnings:
        total = record[f"{warning.code}.sum"]
        warnings.append(
            YearWarning(
                name=warning.name,
                total=None if total is None else fen(total),
                given=bool(record[f"{warning.code}.warned"]),
                passage=passage(program, warning.place),
            )
        )
    return YearAccount(
        person=str(record["psn_no"]),
        year=record["benefit_year"],
        application=record["application"],
        benefits=tuple(benefits),
        warnings=tuple(warnings),
        year_begins=program.years.begins(record["benefit_year"]),
    )


def fen(value: Decimal) -> int:
    """Yuan of a record as fen; exact, since records have two decimals."""
    return int(value * FEN)


def year_text(told: YearAccount, language: str = "zh") -> str:
    """The year as a table and a sentence."""
    rows = columns(list(year_steps(told, language)))
    return f"【{heading(told, language)}】\n{rows}\n\n{year_sentence(told, language)}\n"


def heading(told: YearAccount, language: str) -> str:
    """Which year, or which application."""
    made, begun = told.application, told.year_begins
    if language == "zh":
        since = "" if begun is None else f"度（{day(begun, 'zh')}起）"
        return f"{told.year}年{since}" if made is None else f"{day(made, 'zh')}的申请"
    since = "" if begun is None else f" (from {begun} on)"
    return f"{told.year}{since}" if made is None else f"application of {made}"


def year_steps(told: YearAccount, language: str) -> Iterator[Step]:
    """What each benefit paid and when, its limit, and the warnings."""
    zh = language == "zh"
    for benefit in told.benefits:
        yield Step(benefit.name, "", cited(benefit.passage))
        if told.application is None:
            yield Step("　按次" if zh else "  on claims", yuan(benefit.on_claims))
        else:
            label = "　追溯补付" if zh else "  for claims before it"
            yield Step(label, yuan(benefit.look_back))
        if benefit.top_up:
            label = "　年终" if zh else "  at year end"
            yield Step(label, yuan(benefit.year_end))
        if benefit.limit_left is not None:
            used, left = yuan(benefit.limit_used), yuan(benefit.limit_left)
            why = f"已用 {used}，还剩 {left}" if zh else f"used {used}, {left} left"
            yield Step("　年度限额" if zh else "  annual limit", "", why)
    for warning in told.warnings:
        if warning.total is None:
            continue
        given = (
            ("预警" if zh else "warned") if warning.given else ("否" if zh else "no")
        )
        amount = yuan(warning.total)
        yield Step(warning.name, amount, f"{given} {cited(warning.passage)}")


def year_sentence(told: YearAccount, language: str) -> str:
    """What the year came to, in one sentence."""
    zh = language == "zh"
    parts = []
    for benefit in told.benefits:
        words = [
            (("按次" if zh else "on claims"), benefit.on_claims),
            (("追溯补付" if zh else "for claims before it"), benefit.look_back),
            (("年终" if zh else "at year end"), benefit.year_end),
        ]
        said = [
            f"{what}{money(amount, language)}"
            if zh
            else f"{money(amount, language)} {what}"
            for what, amount in words
            if amount
        ]
        if said:
            joined = ("、" if zh else ", ").join(said)
            parts.append(f"{benefit.name}{'' if zh else ' '}{joined}")
    total = money(told.total, language)
    if not parts:
        none = "没有支付" if zh else "nothing was paid"
        return (
            f"{heading(told, language)}：{none}。"
            if zh
            else f"{heading(told, language)}: {none}."
        )
    if zh:
        return f"{heading(told, 'zh')}：{'；'.join(parts)}；共{total}。"
    return f"{heading(told, 'en')}: {'; '.join(parts)}; {total} in all."
