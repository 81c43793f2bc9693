"""Written premium subsidies (benefits on enrolment) come in; those in force go out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.policy import model
from jiugao.policy.benefits import one, read_actual, read_rounding
from jiugao.policy.comparisons import PERSON_NAMES
from jiugao.policy.expressions import Typing
from jiugao.policy.fold import left_open, never
from jiugao.policy.gather import Gathered, Placed, cite
from jiugao.policy.inputs import TABLES
from jiugao.policy.literals import option_name
from jiugao.policy.nearest import report_unknown
from jiugao.policy.scope import Place
from jiugao.syntax import tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jiugao.diagnostics import Diagnostics
    from jiugao.policy.scope import Scope

MONEY, RATE = model.Kind.MONEY, model.Kind.RATE
ALLOWED = (
    tree.Citation, tree.Applies, tree.Base, tree.BestOf, tree.By, tree.Payer,
    tree.Actual, tree.Rounding,
)  # fmt: skip


def read_subsidies(
    gathered: Gathered, scope: Scope, found: Diagnostics
) -> tuple[model.Subsidy, ...]:
    """Every premium subsidy in force."""
    read = (
        read_subsidy(placed, scope, found)
        for placed in gathered.of(tree.Benefit)
        if placed.node.table is not None
    )
    live = (s for s in read if s is not None)
    return tuple(s for s in live if not never(s.applies))


def read_subsidy(
    placed: Placed[tree.Benefit], scope: Scope, found: Diagnostics
) -> model.Subsidy | None:
    """One subsidy, or None after findings without which it has no meaning."""
    node = placed.node
    assert node.table is not None
    if TABLES.get(node.table.text) != "enrolment":
        report_unknown(found, node.table.span, node.table.text, ["参保", "enrolment"])
        return None
    typing = Typing(scope, found, Place.ENROLMENT)
    for setting in node.settings:
        if not isinstance(setting, ALLOWED):
            found.add("E422", setting.span, what=setting.span.text)
    condition = one(node.settings, tree.Applies, found)
    applies = typing.condition(condition.condition) if condition else None
    base = one(node.settings, tree.Base, found)
    if base is None:
        found.add("E504", node.name.span, name=node.name.text)
    if base is not None and base.by_year:
        found.add("E422", base.span, what=base.span.text)
    amount = typing.typed(base.amount, MONEY) if base else None
    cited = placed.cited(one(node.settings, tree.Citation, found))
    if cited is None:
        found.add("E601", node.name.span, name=node.name.text)
    payer = one(node.settings, tree.Payer, found)
    if payer is None:
        found.add("E602", node.name.span, name=node.name.text)
    alternatives = tuple(read_alternatives(node, typing))
    if amount is None or cited is None or payer is None or not alternatives:
        return None
    return model.Subsidy(
        name=node.name.text,
        code=node.code or node.name.text,
        applies=left_open(applies),
        base=amount,
        alternatives=alternatives,
        payer=payer.name.text,
        rounding=read_rounding(one(node.settings, tree.Rounding, found)),
        actual=read_actual(typing, one(node.settings, tree.Actual, found)),
        cited=cited,
        span=node.span,
    )


def read_alternatives(
    node: tree.Benefit, typing: Typing
) -> Iterator[model.SubsidyAlternative]:
    """The rows of 按 身份: who, and the rate or the fixed amount."""
    by = one(node.settings, tree.By, typing.found)
    if by is None or option_name(by.subject) not in PERSON_NAMES:
        span = by.subject.span if by else node.name.span
        typing.found.add("E430", span, name=node.name.text)
        return
    best = one(node.settings, tree.BestOf, typing.found)
    if best is None and len(by.rows) > 1:
        typing.found.add("E431", by.span, name=node.name.text)
    for row in by.rows:
        identities = tuple(k.text for k in row.keys if isinstance(k, tree.Name))
        rate = one(row.settings, tree.Rate, typing.found)
        fixed = one(row.settings, tree.Fixed, typing.found)
        if not identities or (rate is None) is (fixed is None):
            typing.found.add("E432", row.span)
            continue
        share = typing.typed(rate.rate, RATE) if rate else None
        amount = typing.typed(fixed.amount, MONEY) if fixed else None
        if share is None and amount is None:
            continue
        own = one(row.settings, tree.Citation, typing.found)
        cited = cite(row.citation) or cite(own)
        yield model.SubsidyAlternative(identities, share, amount, cited, row.span)
