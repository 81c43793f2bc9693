"""A ledger and its adjustments come in; the tables that every report shows go out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiugao.reconcile.causes import Cause
from jiugao.report.figures import Figures

if TYPE_CHECKING:
    from jiugao.reconcile.adjustments import Adjustment
    from jiugao.reconcile.differences import Ledger
    from jiugao.reconcile.paid import Held
    from jiugao.results.policy import Policy
    from jiugao.results.tally import Tally


@dataclass(frozen=True)
class Balance:
    """One benefit's control totals, in fen.

    due - paid = adjustments + rounding + before, where `due` includes the amounts of the
    year's close and `before` is what earlier corrections settled.
    """

    benefit: str
    payer: str
    due: int
    paid: int
    adjustments: int
    rounding: int
    before: int

    @property
    def holds(self) -> bool:
        """Whether every fen between due and paid is accounted for."""
        return self.due - self.paid == self.adjustments + self.rounding + self.before


@dataclass(frozen=True)
class Line:
    """One row of a table by something: how much was due and paid, and what is adjusted."""

    name: str
    due: int
    paid: int
    adjusted: int
    owed: int  # to be paid
    owing: int  # to be taken back, below zero
    count: int


@dataclass(frozen=True)
class Summary:
    """Everything a report shows. Names of `by_*` lines are as the data has them."""

    policy: str
    citation: str
    program: str
    balances: tuple[Balance, ...]
    by_payer: tuple[Line, ...]
    by_benefit: tuple[Line, ...]
    by_standing: tuple[Line, ...]
    by_institution: tuple[Line, ...]
    by_area: tuple[Line, ...]
    by_year: tuple[Line, ...]
    by_cause: tuple[Line, ...]
    adjustments: tuple[Adjustment, ...]
    rows: dict[str, int]
    charge: int
    burden: int
    names: dict[str, str]  # benefit code -> its name in the policy
    figures: Figures

    def benefit(self, code: str, language: str) -> str:
        """What people call a benefit: its name, in English its code."""
        return self.names.get(code, code) if language == "zh" else code

    @property
    def holds(self) -> bool:
        """Whether all control totals balance."""
        return all(b.holds for b in self.balances)


def summarised(
    policy: Policy,
    groups: Sequence[Held],
    ledger: Ledger,
    adjustments: Sequence[Adjustment],
    balances: Sequence[Balance],
    tally: Tally,
    shown: Figures,
) -> Summary:
    """All tables of a reconciliation."""
    names = {b.code: b.name for b in policy.body.benefits}
    for group in groups:
        names[group.name] = "、".join(names[c] for c in group.benefits)
    rows = {
        "read": tally.read,
        **{r: tally.roles[r] for r in ("settled", "reversed")},
        "reversals": tally.roles["reversal"],
        "duplicates": tally.duplicates,
        "rejected": tally.rejected,
    }
    return Summary(
        policy=policy.body.policy.name,
        citation=policy.body.policy.citation,
        program=policy.program.digest,
        balances=tuple(balances),
        by_payer=_by(adjustments, lambda a: a.payer, _payers(balances)),
        by_benefit=_by(adjustments, lambda a: a.benefit, _benefits(balances)),
        by_standing=_by_standing(
            _by(adjustments, lambda a: a.standing, _split(ledger, "standing")),
            [c.name for c in policy.body.classes],
        ),
        by_institution=_by(
            adjustments, lambda a: a.institution, _split(ledger, "fixmedins_code")
        ),
        by_area=_by(adjustments, lambda a: a.area, _split(ledger, "insu_admdvs")),
        by_year=_by(
            adjustments, lambda a: str(a.benefit_year), _split(ledger, "benefit_year")
        ),
        by_cause=_by_cause(adjustments),
        adjustments=tuple(adjustments),
        rows=rows,
        charge=tally.charge,
        burden=tally.burden,
        names=names,
        figures=shown,
    )


Totals = dict[str, tuple[int, int]]


def _payers(balances: Sequence[Balance]) -> Totals:
    totals: Totals = {}
    for balance in balances:
        due, paid = totals.get(balance.payer, (0, 0))
        totals[balance.payer] = due + balance.due, paid + balance.paid
    return totals


def _benefits(balances: Sequence[Balance]) -> Totals:
    return {b.benefit: (b.due, b.paid) for b in balances}


def _split(ledger: Ledger, name: str) -> Totals:
    return {value: (sum(due), sum(paid)) for value, due, paid in ledger.split(name)}


def _by(
    adjustments: Sequence[Adjustment], key: Callable[[Adjustment], str], totals: Totals
) -> tuple[Line, ...]:
    """One line for each name with money or adjustments, in order of name."""
    parts: dict[str, list[int]] = {}
    for adjustment in adjustments:
        parts.setdefault(key(adjustment), []).append(adjustment.difference)
    lines = []
    for name in sorted({*totals, *parts}):
        due, paid = totals.get(name, (0, 0))
        differences = parts.get(name, [])
        if due or paid or differences:
            lines.append(_line(name, due, paid, differences))
    return tuple(lines)


def _by_standing(lines: Sequence[Line], classes: Sequence[str]) -> tuple[Line, ...]:
    """As the standing table has its classes, the highest first; without one last."""
    places = {name: place for place, name in reversed([*enumerate(classes)])}

    def place(line: Line) -> tuple[bool, int]:
        return not line.name, places.get(line.name, len(classes))

    return tuple(sorted(lines, key=place))


def _line(name: str, due: int, paid: int, differences: Sequence[int]) -> Line:
    return Line(
        name=name,
        due=due,
        paid=paid,
        adjusted=sum(differences),
        owed=sum(d for d in differences if d > 0),
        owing=sum(d for d in differences if d < 0),
        count=len(differences),
    )


def _by_cause(adjustments: Sequence[Adjustment]) -> tuple[Line, ...]:
    """One line for each cause found, in the order of the documented list."""
    lines = []
    for cause in Cause:
        mine = [a for a in adjustments if a.cause is cause]
        if mine:
            due, paid = sum(a.due for a in mine), sum(a.paid for a in mine)
            lines.append(_line(str(cause), due, paid, [a.difference for a in mine]))
    return tuple(lines)
