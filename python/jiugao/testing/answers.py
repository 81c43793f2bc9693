"""Tables of examples come in; what the engine answers for each of them goes out, in fen."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jiugao import engine

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from jiugao.compile import Compiled
    from jiugao.testing.cases import CaseTables

PERSON = "个人"
FEN = 100


@dataclass(frozen=True)
class RowAnswer:
    """One settled row: fen by benefit name and 个人."""

    amounts: Mapping[str, int]
    role: str
    standing: str | None
    reject: str | None
    figures: Mapping[str, int]  # benefit code -> row of figures, 0: does not apply
    cuts: Mapping[str, int]
    payee: str | None = None
    due_by: dt.date | None = None

    def amount(self, name: str) -> int:
        """Fen under a name; a benefit that the readings leave out pays nothing."""
        return self.amounts.get(name, 0)


@dataclass
class Answers:
    """Everything that the engine answers for a group of examples."""

    rows: dict[tuple[int, str], RowAnswer] = field(default_factory=dict)
    lumps: dict[tuple[int, str], int] = field(default_factory=dict)
    year_ends: dict[tuple[int, int, str], int] = field(default_factory=dict)
    warned: dict[tuple[int, int, str], bool] = field(default_factory=dict)
    subsidies: dict[tuple[int, int, str], int] = field(default_factory=dict)
    warning_names: frozenset[str] = frozenset()
    benefit_names: frozenset[str] = frozenset()
    whole_names: frozenset[str] = frozenset()  # what classes of a benefit pay together

    def row(self, case: int, settlement: str) -> RowAnswer:
        """One row of one example."""
        return self.rows[case, settlement]

    def subsidy(self, case: int, row: int, name: str) -> int:
        """A subsidy on one enrolment row; one that the readings leave out is nothing."""
        return self.subsidies.get((case, row, name), 0)

    def total(self, case: int, name: str) -> int:
        """All rows of a case with what applications pay in one sum, no year end.

        A warning counts 1 if any year of the case gives it; a subsidy is the sum of the
        enrolment rows.
        """
        if name in self.warning_names:
            found = (
                w for (c, _, n), w in self.warned.items() if (c, n) == (case, name)
            )
            return int(any(found))
        if name == PERSON:
            paid = sum(self.lumps.get((case, b), 0) for b in self.benefit_names)
            return self._rows_sum(case, name) - paid
        if name in self.benefit_names | self.whole_names:
            return self._rows_sum(case, name) + self.lumps.get((case, name), 0)
        return sum(
            v for (c, _, n), v in self.subsidies.items() if (c, n) == (case, name)
        )

    def _rows_sum(self, case: int, name: str) -> int:
        return sum(r.amounts[name] for (c, _), r in self.rows.items() if c == case)

    def year_end(self, case: int, year: int | None, name: str) -> int:
        """What closing a year (of several: all of them) pays; 个人 is the change."""
        if name in self.warning_names:
            return int(
                any(
                    w
                    for (c, y, n), w in self.warned.items()
                    if (c, n) == (case, name) and year in {None, y}
                )
            )
        closed = (
            (n, amount)
            for (c, y, n), amount in self.year_ends.items()
            if c == case and year in {None, y}
        )
        if name == PERSON:
            return -sum(amount for n, amount in closed if n in self.benefit_names)
        return sum(amount for n, amount in closed if n == name)


def fen(value: Decimal | None) -> int:
    """Yuan of a result column as fen."""
    return 0 if value is None else int(value * FEN)


def read_answers(compiled: Compiled, tables: CaseTables) -> Answers:
    """Settle the tables, close the years, pay the subsidies."""
    policy = compiled.policy
    program = engine.Program.load(compiled.program_bytes)
    answers = Answers(
        warning_names=frozenset(w.name for w in policy.warnings),
        benefit_names=frozenset(b.name for b in policy.benefits),
        whole_names=frozenset(c.whole.name for c in policy.choices if c.whole),
    )
    codes = {b.code: b.name for b in policy.benefits}
    paid = {c.whole.code: c.whole.name for c in policy.choices if c.whole} | codes
    if tables.claims.num_rows or tables.opening is not None:
        given = tables.given()
        wanted = engine.Options(close_year=True, details=True)
        settlement = engine.settle(program, given, wanted)
        for row in settlement.table().to_pylist():
            answer = row_answer(row, paid, tuple(codes))
            answers.rows[row["psn_no"], row["setl_id"]] = answer
        warnings = {w.code: w.name for w in policy.warnings}
        lumps: dict[tuple[int, str], int] = defaultdict(int)
        ends: dict[tuple[int, int, str], int] = defaultdict(int)
        for row in settlement.years().table().to_pylist():
            case, year = row["psn_no"], row["benefit_year"]
            for code, name in paid.items():
                lumps[case, name] += fen(row[f"{code}.lookback"])
                ends[case, year, name] += fen(row[f"{code}.year_end"])
            for code, name in warnings.items():
                known = answers.warned.get((case, year, name), False)
                answers.warned[case, year, name] = known or bool(row[f"{code}.warned"])
        answers.lumps, answers.year_ends = dict(lumps), dict(ends)
    if tables.enrolment.num_rows and policy.subsidies:
        stream = engine.subsidies(program, tables.enrolment, tables.people)
        given_out = stream.table().to_pylist()
        for (case, index), row in zip(tables.enrolments, given_out, strict=True):
            for subsidy in policy.subsidies:
                answers.subsidies[case, index, subsidy.name] = fen(row[subsidy.code])
    return answers


def row_answer(
    row: Mapping[str, Any], paid: Mapping[str, str], codes: Sequence[str]
) -> RowAnswer:
    """One row of the settlement stream; `paid`: columns of amounts and their names."""
    amounts = {name: fen(row[code]) for code, name in paid.items()}
    amounts[PERSON] = fen(row["psn_burden"])
    return RowAnswer(
        amounts=amounts,
        role=row["role"],
        standing=row["standing"],
        reject=row["reject"],
        figures={code: row[f"{code}.figure"] for code in codes},
        cuts={code: row[f"{code}.cuts"] for code in codes},
        payee=row.get("payee"),
        due_by=row.get("due_by"),
    )
