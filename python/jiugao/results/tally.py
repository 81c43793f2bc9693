"""Counts and money of a run: every row is somewhere, every yuan is somebody's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from jiugao.claims.intake import sum_fen
from jiugao.engine import Settlement
from jiugao.results.begun import Begun
from jiugao.results.manifest import yuan_text
from jiugao.results.paying import Falling
from jiugao.results.policy import Policy

ROLES = ("settled", "reversed", "reversal")
TOTAL = "medfee_sumamt"
HOSPITAL = "hosp_part_amt"


@dataclass
class Tally:
    """Counts and money of a run, in fen.

    `other_funds`: what was paid by funds that the policy names in no 实付; `not_taken_back`:
    what of that these funds have paid still for settlements that are undone;
    `without_class`: rows that count, of persons whom the standing table has in no class.
    """

    roles: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ROLES, 0))
    read: int = 0
    duplicates: int = 0
    rejected: int = 0
    later: int = 0
    without_class: int = 0
    charge: int = 0
    hospital: int = 0
    other_funds: dict[str, int] = field(default_factory=dict)
    not_taken_back: dict[str, int] = field(default_factory=dict)
    benefits: dict[str, int] = field(default_factory=dict)
    burden: int = 0
    year_end: dict[str, int] = field(default_factory=dict)
    lookback: dict[str, int] = field(default_factory=dict)
    payee_excess: int = 0
    outlay_replaced: int = 0
    falling: Falling = field(default_factory=Falling)
    begun: Begun | None = None

    @property
    def rows_balance(self) -> bool:
        """Read = settled + reversed + reversals + duplicates + rejected + later."""
        left_out = self.duplicates + self.rejected + self.later
        return self.read == sum(self.roles.values()) + left_out

    @property
    def money_balances(self) -> bool:
        """Charge = other funds for what stands + hospital + benefits + burden.

        What of benefits makes good an outlay, or goes beyond it, covers nothing more.
        """
        funds = sum(self.other_funds.values()) - sum(self.not_taken_back.values())
        paid = funds + self.hospital + sum(self.benefits.values())
        paid -= self.outlay_replaced + self.payee_excess
        return self.charge == paid + self.burden

    def described(self) -> dict[str, Any]:
        """The tally as it stands in a manifest."""
        return {
            "rows": {
                "read": self.read,
                "settled": self.roles["settled"],
                "reversed": self.roles["reversed"],
                "reversals": self.roles["reversal"],
                "duplicates": self.duplicates,
                "rejected": self.rejected,
                "later": self.later,
            },
            "money": {
                "charge": yuan_text(self.charge),
                "hospital": yuan_text(self.hospital),
                "other_funds": {
                    k: yuan_text(v) for k, v in sorted(self.other_funds.items())
                },
                "not_taken_back": {
                    k: yuan_text(v) for k, v in sorted(self.not_taken_back.items()) if v
                },
                "benefits": {k: yuan_text(v) for k, v in self.benefits.items()},
                "psn_burden": yuan_text(self.burden),
                "year_end": {k: yuan_text(v) for k, v in self.year_end.items()},
                "lookback": {k: yuan_text(v) for k, v in self.lookback.items()},
                "payee_excess": yuan_text(self.payee_excess),
                "outlay_replaced": yuan_text(self.outlay_replaced),
            },
            "without_class": self.without_class,
            "falling_due": self.falling.described(),
            **({"opening": self.begun.described()} if self.begun else {}),
        }

    def watch(self, batch: pa.RecordBatch, policy: Policy) -> None:
        """Take in a batch of rows that count: what falls due, where the policy says so."""
        if policy.body.outputs.paying is not None:
            self.payee_excess += sum_of(batch, "payee_excess")
            self.outlay_replaced += sum_of(batch, "outlay_replaced")
            self.falling.watch(batch, policy)

    def take(self, settlement: Settlement, policy: Policy, funds: list[str]) -> None:
        """Take in what a settlement counted; `funds`: columns of what others paid."""
        told, sums = settlement.totals(), settlement.sums()
        for role in ROLES:
            self.roles[role] += told[role]
        if policy.body.standing:
            self.without_class += told["without_standing"]
        self.charge += sums[TOTAL][0]
        if not any(HOSPITAL in columns for columns in policy.actual_columns().values()):
            self.hospital += sums[HOSPITAL][0]  # else a benefit takes its place
        self.burden += told["psn_burden"]
        for name in funds:
            paid, undone = sums[name]
            self.other_funds[name] = self.other_funds.get(name, 0) + paid
            self.not_taken_back[name] = self.not_taken_back.get(name, 0) + undone
        for code in policy.benefit_codes:
            self.benefits[code] = self.benefits.get(code, 0) + told[code]


def sum_of(batch: pa.RecordBatch, name: str) -> int:
    """The fen of a column; 0 without it."""
    index = batch.schema.get_field_index(name)
    return sum_fen(batch.column(index)) if index >= 0 else 0
