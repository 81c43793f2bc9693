"""Benefits settled at year end and indicators come in; their sections go out."""

from __future__ import annotations

from fractions import Fraction
from operator import attrgetter
from typing import TYPE_CHECKING, NoReturn

from jiugao.policy import model
from jiugao.program import body, days
from jiugao.program.builder import Builder, Made, Note, Register
from jiugao.program.chain import MODES
from jiugao.program.dates import number
from jiugao.program.expressions import Expressions, scale_of
from jiugao.program.isa import Op
from jiugao.program.refusals import refuse
from jiugao.syntax.tree import Operator

if TYPE_CHECKING:
    import datetime as dt

    from jiugao.program.chain import ClaimSection
    from jiugao.program.pools import Pools

# What says that a target is missed, and whether sum and target change places.
MISSED = {
    Operator.NOT_OVER: (Op.LT, True),
    Operator.BELOW: (Op.LE, True),
    Operator.AT_LEAST: (Op.LT, False),
    Operator.OVER: (Op.LE, False),
}


def no_amounts(ref: model.AmountRef) -> NoReturn:
    """Refuse an amount of a claim where there is no claim."""
    refuse("E484", ref.span, benefit=ref.name)


def year_sections(
    claim: ClaimSection,
) -> tuple[tuple[body.YearSection, ...], tuple[body.Debug, ...]]:
    """How each benefit with a year-end settlement closes a year."""
    sections: list[body.YearSection] = []
    debug: list[body.Debug] = []
    for position, benefit in enumerate(claim.policy.benefits):
        if benefit.settle is model.SettleMode.PER_CLAIM:
            continue
        builder = Builder(f"year:{position}", claim.pools)
        row = claim.figures[position].row_of_year(Expressions(builder, no_amounts))
        note = Note("uncovered", benefit.name, benefit.span)
        assert claim.uncovered_tally is not None
        left = whole_fen(builder, claim.left_tallied[benefit.expense], note)
        uncovered = whole_fen(builder, claim.uncovered_tally, note)
        note = Note("close", benefit.name, benefit.span, benefit.cited)
        operands = (row.number, left.number, uncovered.number, position)
        out = builder.emit(Op.CLOSE, operands, note, "money")
        made = builder.made([out])
        debug.extend(made.debug)
        sections.append(
            body.YearSection(
                position, made.registers, made.code, made.renumbered[out.number]
            )
        )
    return tuple(sections), tuple(debug)


def whole_fen(builder: Builder, slot: int, note: Note) -> Register:
    """A total of the year in fen, the rest of a fen left out."""
    scale = builder.pools.tallies[slot]
    total = builder.emit(Op.YEAR_TALLY, (slot,), note, "money", scale)
    return builder.rounded(total, MODES.index("truncate"), 1, note)


def watch_section(
    claim: ClaimSection,
) -> tuple[body.WatchSection, tuple[body.Debug, ...]]:
    """Each indicator's sum over the year and whether it misses its target."""
    builder = Builder("watch", claim.pools)
    found: list[tuple[int, Register, Register]] = []
    for position, warning in enumerate(claim.policy.warnings):
        slot = claim.tallied[warning.name]
        note = Note("sum", warning.name, warning.span, warning.cited)
        scale = claim.pools.tallies[slot]
        total = builder.emit(Op.YEAR_TALLY, (slot,), note, "money", scale)
        flag = Targets(builder, claim.pools, warning).missed(total)
        found.append((position, builder.rounded(total, 0, 1, note), flag))
    made: Made = builder.made([register for _, *two in found for register in two])
    out = tuple(
        (position, made.renumbered[total.number], made.renumbered[flag.number])
        for position, total, flag in found
    )
    return body.WatchSection(made.registers, made.code, out), made.debug


class Targets:
    """The targets of one indicator, by class and stretch of days."""

    def __init__(self, builder: Builder, pools: Pools, warning: model.Warning_) -> None:
        self.builder, self.pools, self.warning = builder, pools, warning
        table = warning.targets
        names = [found.name for found in pools.classes]
        self.by_class: list[model.Threshold | None] = [
            table.others,
            *(table.by_class.get(name, table.others) for name in names),
        ]
        amounts = [
            t.amount for t in self.by_class if t is not None and t.amount is not None
        ]
        self.starts = pools.stretches("watch", amounts)
        if not self.starts:
            refuse("E488", warning.span, what=warning.name)
        self.note = Note("target", warning.name, warning.span, warning.cited)

    def missed(self, total: Register) -> Register:
        """Whether the sum misses the target; never where nothing is watched."""
        flag = self.builder.constant("flag", 0, self.note)
        operators = {t.operator for t in self.by_class if t is not None and t.amount}
        for operator in sorted(operators, key=attrgetter("value")):
            if operator not in MISSED:
                refuse("E489", self.warning.span, what=self.warning.name)
            op, swapped = MISSED[operator]
            target = self.target(operator)
            pair = (target, total) if swapped else (total, target)
            note = Note(
                "warned", self.warning.name, self.warning.span, self.warning.cited
            )
            one = self.builder.compared(op, *pair, note)
            one = self.builder.both(one, self.watched(operator), note)
            flag = self.builder.either(flag, one, note)
        return flag

    def watched(self, operator: Operator) -> Register:
        """Whether the class has a target of this operator."""
        values = tuple(int(self.has(t, operator)) for t in self.by_class)
        standing = self.builder.standing(Note("standing", self.warning.name))
        table = body.Table("flag", 0, values)
        return self.builder.looked_up(standing, table, self.note)

    def has(self, threshold: model.Threshold | None, operator: Operator) -> bool:
        """Whether a threshold is watched with this operator."""
        return (
            threshold is not None
            and threshold.amount is not None
            and threshold.operator is operator
        )

    def target(self, operator: Operator) -> Register:
        """The target of the class on the judged day."""
        rows = [
            [self.amount(t, operator, day) for day in self.starts]
            for t in self.by_class
        ]
        exact = [amount for row in rows for amount in row]
        scale = scale_of(exact, self.warning.span, self.warning.name)
        numbers = [[int(amount * 10**scale) for amount in row] for row in rows]
        by_day = len(self.starts) > 1
        if all(row == numbers[0] for row in numbers) and not by_day:
            return self.builder.constant("money", numbers[0][0], self.note, scale)
        index = self.builder.standing(Note("standing", self.warning.name))
        if by_day:
            starts = tuple(number(start) for start in self.starts[1:])
            regime = self.builder.regime(starts, Note("regime", self.warning.name))
            index = self.builder.radix(index, regime, self.note)
        values = tuple(number for row in numbers for number in row)
        return self.builder.looked_up(
            index, body.Table("money", scale, values), self.note
        )

    def amount(
        self, threshold: model.Threshold | None, operator: Operator, day: dt.date
    ) -> Fraction:
        """A threshold's amount from a day on."""
        if (
            threshold is None
            or threshold.amount is None
            or not self.has(threshold, operator)
        ):
            return Fraction(0)
        value = days.worth(threshold.amount, days.At(day))
        assert isinstance(value, Fraction)
        return value
