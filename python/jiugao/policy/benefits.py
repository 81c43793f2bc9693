"""Written benefits come in; typed benefits go out.

Those that the chosen readings leave out are typed too, so that a mistake in them is
found whatever was chosen.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from jiugao.diagnostics import Diagnostics, Related
from jiugao.policy import model
from jiugao.policy.expressions import Place, Typing
from jiugao.policy.figures import Figures, read_figures
from jiugao.policy.fold import folded, known
from jiugao.policy.lifted import lifted
from jiugao.policy.money import expense_name
from jiugao.policy.nearest import report_unknown
from jiugao.policy.payees import read_due, read_payees
from jiugao.policy.scope import Payment, Scope
from jiugao.policy.tilts import apply_tilts
from jiugao.policy.walk import benefit_expressions, inputs_in, parts
from jiugao.syntax import tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jiugao.policy.gather import Gathered, Placed
    from jiugao.policy.inputs import Columns

S = TypeVar("S", bound=tree.Setting)
SETTLE = {
    "per_claim": model.SettleMode.PER_CLAIM,
    "year_end": model.SettleMode.YEAR_END,
    "per_claim_year_end_top_up": model.SettleMode.PER_CLAIM_YEAR_END_TOP_UP,
}
UNITS = {"fen": 1, "yuan": 100}


@dataclass(frozen=True)
class Read:
    """The benefits in force and those left out, whose limits still count as used."""

    live: list[model.Benefit] = field(default_factory=list)
    absent: list[model.Benefit] = field(default_factory=list)


def one(
    settings: Sequence[tree.Setting], kind: type[S], found: Diagnostics
) -> S | None:
    """The setting of a kind; written twice it is a finding."""
    of_kind = [s for s in settings if isinstance(s, kind)]
    for again in of_kind[1:]:
        first = Related(of_kind[0].span, "first")
        found.add("E420", again.span, first, text=again.span.text)
    return of_kind[0] if of_kind else None


def claims_benefits(gathered: Gathered) -> tuple[Placed[tree.Benefit], ...]:
    """Benefits on claims; those with a table are premium subsidies."""
    return tuple(p for p in gathered.of(tree.Benefit) if p.node.table is None)


def replaces(node: tree.Benefit) -> tree.Replaces | None:
    """代替 已付 …, if the benefit has it."""
    return next((s for s in node.settings if isinstance(s, tree.Replaces)), None)


def replaced_payments(
    gathered: Gathered, scope: Scope, found: Diagnostics
) -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    """Payments that benefits compute, by name; benefits left out as those are given."""
    typing = Typing(scope, found, Place.READING)
    given = {p.node.name.text: p.node.name.text for p in gathered.of(tree.Paid)}
    given.update(
        {p.node.code: p.node.name.text for p in gathered.of(tree.Paid) if p.node.code}
    )
    computed: dict[str, tuple[str, ...]] = {}
    absent: set[str] = set()
    for placed in claims_benefits(gathered):
        node = placed.node
        instead = replaces(node)
        if instead is None:
            continue
        name = given.get(instead.name.text)
        if name is None:
            report_unknown(found, instead.name.span, instead.name.text, given)
        condition = typing.condition(instead.condition)
        if name is None or condition is None:
            continue
        if known(condition):
            computed[name] = (*computed.get(name, ()), node.name.text)
        else:
            absent.add(node.name.text)
    return computed, frozenset(absent)


def payment_names(
    gathered: Gathered,
    computed: dict[str, tuple[str, ...]],
    absent: frozenset[str],
) -> dict[str, tuple[Payment, ...]]:
    """What each name of a payment or a benefit stands for under the readings."""
    names: dict[str, tuple[Payment, ...]] = {}
    for placed in claims_benefits(gathered):
        node = placed.node
        meant: tuple[Payment, ...] = (Payment("benefit", node.name.text),)
        if node.name.text in absent:
            meant = ()
        names[node.name.text] = meant
        if node.code:
            names[node.code] = meant
    for paid in gathered.of(tree.Paid):
        name = paid.node.name.text
        meant = tuple(Payment("benefit", b) for b in computed.get(name, ()))
        meant = meant or (Payment("paid", name),)
        names[name] = meant
        if paid.node.code:
            names[paid.node.code] = meant
    return names


def read_benefits(
    gathered: Gathered, scope: Scope, absent: frozenset[str], found: Diagnostics
) -> Read:
    """All benefits on claims.

    One whose condition is false under the chosen readings is left out, like one whose
    payment is given.
    """
    read = Read()
    for placed in claims_benefits(gathered):
        benefit = read_benefit(placed, scope, found)
        if benefit is None:
            continue
        applies = benefit.applies
        decided = applies is not None and known(applies) is False
        gone = decided or benefit.name in absent
        (read.absent if gone else read.live).append(benefit)
    given = {p.node.name.text for p in gathered.of(tree.Paid)}
    missing = frozenset(b.name for b in read.absent) - given
    live = [without(b, missing) for b in read.live]
    return Read(live, read.absent)


def with_columns(
    benefits: Sequence[model.Benefit],
    paid: Sequence[model.Paid],
    computed: Mapping[str, tuple[str, ...]],
    columns: Columns,
) -> list[model.Benefit]:
    """The benefits, with the columns of the payments they compute as really paid.

    Each column goes to the benefit that names it, else to the first.
    """
    read = {b.name: b for b in benefits}
    for payment in paid:
        names = [n for n in computed.get(payment.name, ()) if n in read]
        if not names:
            continue
        claimed = {c.column for n in names for c in read[n].actual}
        left = [c for c in inputs_in(payment.amount) if c.column not in claimed]
        left = [c for c in left if c.kind is model.Kind.MONEY and c in columns.funds]
        first = read[names[0]]
        actual = distinct(iter((*first.actual, *left)))
        read[first.name] = replace(first, actual=actual)
    return list(read.values())


def without(benefit: model.Benefit, absent: frozenset[str]) -> model.Benefit:
    """The benefit where those left out pay nothing."""
    less = tuple(name for name in benefit.less if name not in absent)

    def gone(expression: model.Expression | None) -> model.Expression | None:
        return None if expression is None else folded(expression, absent)

    return replace(
        benefit,
        less=less,
        base_cap=gone(benefit.base_cap),
        applies=gone(benefit.applies),
        payees=tuple(replace(p, condition=gone(p.condition)) for p in benefit.payees),
        due=tuple(replace(d, condition=gone(d.condition)) for d in benefit.due),
    )


def read_benefit(
    placed: Placed[tree.Benefit], scope: Scope, found: Diagnostics
) -> model.Benefit | None:
    """One benefit, or None after findings without which it has no meaning."""
    typing = Typing(scope, found, Place.CLAIM)
    apart = lifted(typing, placed.node.settings)
    check_others(placed, typing, apart.others)
    placed = replace(placed, node=replace(placed.node, settings=apart.settings))
    node = placed.node
    settings = node.settings
    if (best := one(settings, tree.BestOf, found)) is not None:
        found.add("E605", best.span, what=best.span.text)
    condition = one(settings, tree.Applies, found)
    applies = None
    if condition is not None:
        applies = typing.condition(condition.condition)
        if applies is not None and known(applies) is True:
            applies = None
    base = read_base(placed, typing)
    cited = placed.cited(one(settings, tree.Citation, found))
    if cited is None:
        found.add("E601", node.name.span, name=node.name.text)
    payer = one(settings, tree.Payer, found)
    if payer is None:
        found.add("E602", node.name.span, name=node.name.text)
    actual = read_actual(typing, one(settings, tree.Actual, found))
    one(settings, tree.Replaces, found)
    figures = read_all_figures(placed, typing)
    if base is None or cited is None or payer is None or figures is None:
        return None
    settle = one(settings, tree.Settle, found)
    expense, less, cap = base
    benefit = model.Benefit(
        name=node.name.text,
        code=node.code or node.name.text,
        applies=applies,
        expense=expense,
        less=less,
        base_cap=cap,
        deductible=figures.found["deductible"],
        gate=figures.found.get("gate"),
        rates=figures.found["rates"],
        limits=figures.found["limits"],
        settle=SETTLE[settle.mode] if settle else model.SettleMode.PER_CLAIM,
        claw_back=settle.claw_back if settle else False,
        rounding=read_rounding(one(settings, tree.Rounding, found)),
        payer=payer.name.text,
        actual=actual,
        by_standing=False,
        cited=cited,
        span=node.span,
        payees=read_payees(typing, settings),
        due=read_due(typing, settings),
    )
    return replace(benefit, by_standing=depends_on_standing(benefit))


def check_others(
    placed: Placed[tree.Benefit], typing: Typing, settings: Sequence[tree.Setting]
) -> None:
    """Bases and conditions of rows that the chosen readings leave out."""
    for setting in settings:
        match setting:
            case tree.Base():
                node = replace(placed.node, settings=(setting,))
                read_base(replace(placed, node=node), typing)
            case tree.Applies(condition=condition):
                typing.condition(condition)
            case _:
                pass


def depends_on_standing(benefit: model.Benefit) -> bool:
    """Whether the standing decides if, or by which figures, the benefit pays."""
    everything = (p for e in benefit_expressions(benefit) for p in parts(e))
    return any(isinstance(p, model.StandingRef) for p in everything)


def read_base(
    placed: Placed[tree.Benefit], typing: Typing
) -> tuple[str, tuple[str, ...], model.Expression | None] | None:
    """The expense, what is taken off it, and the amount that caps the base (至多)."""
    node = placed.node
    base = one(node.settings, tree.Base, typing.found)
    if base is None:
        typing.found.add("E504", node.name.span, name=node.name.text)
        return None
    amount, cap = base.amount, None
    if isinstance(amount, tree.AtMost):
        cap = typing.typed(amount.cap, model.Kind.MONEY)
        amount = amount.value
        if cap is None:
            return None
    if not isinstance(amount, tree.Name):
        typing.found.add("E506", amount.span, text=amount.span.text)
        return None
    expense = expense_name(amount, typing.scope, typing.found)
    less = tuple(dict.fromkeys(less_names(typing, base.less, node.name.text)))
    return None if expense is None else (expense, less, cap)


def less_names(
    typing: Typing, names: Sequence[tree.Name], benefit: str
) -> Iterator[str]:
    """Payments and benefits after 扣除; lists of them taken apart."""
    scope = typing.scope
    for name in names:
        if name.text in scope.payments:
            for payment in scope.payments[name.text]:
                if payment.name == benefit and payment.of == "benefit":
                    typing.found.add("E501", name.span, names=f"{benefit} → {benefit}")
                else:
                    yield payment.name
        elif name.text in scope.lists:
            yield from less_names(typing, scope.lists[name.text].members, benefit)
        else:
            what = scope.what(name.text)
            if what is None:
                known_names = (*scope.payments, *scope.lists)
                report_unknown(typing.found, name.span, name.text, known_names)
            else:
                words = {"name": name.text, "what": what, "wanted": "@payment"}
                typing.found.add("E306", name.span, **words)


def read_actual(typing: Typing, actual: tree.Actual | None) -> tuple[model.Input, ...]:
    """The columns whose sum was really paid."""
    if actual is None:
        return ()
    amount = typing.typed(actual.amount, model.Kind.MONEY)
    if amount is None:
        return ()
    for part in parts(amount):
        match part:
            case model.InputRef() | model.Binary(operator=tree.Operator.ADD):
                pass
            case _:
                typing.found.add("E508", part.span, text=part.span.text)
    return distinct(inputs_in(amount))


def distinct(inputs: Iterator[model.Input]) -> tuple[model.Input, ...]:
    """Each column once, in written order."""
    return tuple({i.column: i for i in inputs}.values())


def read_all_figures(placed: Placed[tree.Benefit], typing: Typing) -> Figures | None:
    """Every figure, with tilts; a deductible or limit not written is 不设."""
    node = placed.node
    figures = read_figures(typing, node.settings, citation=None)
    tilts = [s for s in node.settings if isinstance(s, tree.Tilt)]
    apply_tilts(replace(typing, place=Place.FIGURE), figures, tilts)
    if (fixed := figures.found.pop("fixed", None)) is not None:
        typing.found.add("E426", fixed.span)
    if "rates" not in figures.found:
        if not gives_rate(node.settings):
            typing.found.add("E412", node.name.span, name=node.name.text)
        return None
    year = tree.Period.YEAR
    none: model.Value = model.Deductible(None, year, node.name.span)
    figures.found.setdefault("deductible", model.Leaf(none, node.name.span))
    figures.found.setdefault("limits", model.Leaf((), node.name.span))
    return figures


def gives_rate(settings: Sequence[tree.Setting]) -> bool:
    """Whether a rate is written anywhere, rightly or wrongly."""
    for setting in settings:
        match setting:
            case tree.Rate() | tree.Bands():
                return True
            case tree.By(rows=rows) if any(gives_rate(row.settings) for row in rows):
                return True
            case _:
                pass
    return False


def read_rounding(node: tree.Rounding | None) -> model.Rounding:
    """How fen are settled; the cumulative amount, half up, where nothing is written."""
    if node is None:
        return model.Rounding()
    mode = model.RoundingMode(node.mode)
    return model.Rounding(mode, node.each, UNITS[node.unit])
