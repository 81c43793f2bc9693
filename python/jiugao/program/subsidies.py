"""Premium subsidies come in; the section that settles one enrolment row goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.program import body
from jiugao.program.builder import Builder, Note, Register
from jiugao.program.chain import MODES
from jiugao.program.closing import no_amounts
from jiugao.program.expressions import Expressions
from jiugao.program.funds import measured
from jiugao.program.isa import Op

if TYPE_CHECKING:
    from jiugao.policy import model
    from jiugao.program.pools import Pools


def enrolment_section(
    policy: model.Policy, pools: Pools
) -> tuple[body.EnrolmentSection, tuple[body.Measure, ...], tuple[body.Debug, ...]]:
    """What each subsidy pays on an enrolment row, and the measures of the row."""
    builder = Builder("enrolment", pools)
    expressions = Expressions(builder, no_amounts)
    out = [subsidy_amount(expressions, subsidy) for subsidy in policy.subsidies]
    shown = measured(policy, "enrolment", expressions)
    made = builder.made([*out, *shown.registers()])
    registers = tuple(made.renumbered[register.number] for register in out)
    section = body.EnrolmentSection(made.registers, made.code, registers)
    return section, shown.made(made.renumbered, pools), made.debug


def subsidy_amount(expressions: Expressions, subsidy: model.Subsidy) -> Register:
    """The best alternative held, never more than the base, rounded."""
    builder = expressions.builder
    note = Note("base", subsidy.name, subsidy.span, subsidy.cited)
    base = builder.above_zero(expressions.value(subsidy.base), note)
    note = Note("pay", subsidy.name, subsidy.span, subsidy.cited)
    nothing = builder.constant("money", 0, note)
    best = nothing
    for alternative in subsidy.alternatives:
        words = "、".join(alternative.identities)
        label = Note("alternative", words, alternative.span, alternative.cited)
        held = builder.holds(
            alternative.identities, Note("holds", words, alternative.span)
        )
        amount = alternative_amount(expressions, base, alternative)
        amount = builder.chosen(held, amount, nothing, label)
        best = amount if best == nothing else builder.two(Op.MAX, best, amount, label)
    if subsidy.applies is not None:
        best = builder.chosen(expressions.value(subsidy.applies), best, nothing, note)
    capped = builder.two(Op.MIN, best, base, note)
    rounding = subsidy.rounding
    mode = MODES.index(rounding.mode.value)
    paid = builder.rounded(capped, mode, rounding.unit, note)
    if rounding.unit != 1 or base.scale > 0:  # rounding up may pass the base
        whole = builder.rounded(base, MODES.index("truncate"), 1, note)
        paid = builder.two(Op.MIN, paid, whole, note)
    return paid


def alternative_amount(
    expressions: Expressions,
    base: Register,
    alternative: model.SubsidyAlternative,
) -> Register:
    """A rate of the base, or the fixed amount."""
    if alternative.fixed is not None:
        return expressions.value(alternative.fixed)
    assert alternative.rate is not None
    words = "、".join(alternative.identities)
    note = Note("alternative", words, alternative.span, alternative.cited)
    return expressions.times(base, alternative.rate, note)
