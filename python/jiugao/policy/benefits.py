"""Written benefits come in; typed benefits go out.

Those that the chosen readings leave out are typed too, so that a mistake in them is
found whatever was chosen.
"""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, TypeVar

from jiugao.dataclass import dataclass
from jiugao.diagnostics import Diagnostics, Related
from jiugao.policy import model
from jiugao.policy.base_amounts import read_base
from jiugao.policy.expressions import Typing
from jiugao.policy.figures import Figures, read_figures
from jiugao.policy.fold import folded, known, left_open, never
from jiugao.policy.lifted import lifted
from jiugao.policy.nearest import report_unknown
from jiugao.policy.parts import check_names, fit_parts
from jiugao.policy.payees import read_due, read_payees
from jiugao.policy.scope import INSTITUTION_COLUMN, Payment, Place, Scope
from jiugao.policy.tilts import apply_tilts
from jiugao.policy.walk import benefit_expressions, inputs_in, parts
from jiugao.syntax import tree
from jiugao.syntax.keywords import COUNTED_BY

if TYPE_CHECKING:
    import datetime as dt
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
        gone = never(benefit.applies) or benefit.name in absent
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


def with_institution(
    benefits: Sequence[model.Benefit], columns: Columns, found: Diagnostics
) -> list[model.Benefit]:
    """The institution's part on the claim is what it really paid, where nothing else is.

    E456: two benefits that it bears, and one column for both.
    """
    borne = [b for b in benefits if b.by_institution and not b.actual]
    for again in borne[1:]:
        place = Related(borne[0].span, "first")
        names = {"first": borne[0].name, "second": again.name}
        found.add("E456", again.span, place, **names)
    column = columns.claims.get(INSTITUTION_COLUMN)
    actual = () if column is None else (column,)
    return [replace(b, actual=actual) if b in borne else b for b in benefits]


def with_counting(
    benefits: Sequence[model.Benefit],
    force: model.Force,
    computed: Mapping[str, tuple[str, ...]],
    found: Diagnostics,
) -> list[model.Benefit]:
    """From when each benefit's totals count, where that is before payment begins.

    One that is worked out in the place of a payment (`computed`) would pay nothing on the
    claims that only count, though the other system did.
    """
    made: list[model.Benefit] = []
    instead = {name: payment for payment, names in computed.items() for name in names}
    for benefit in benefits:
        own = benefit.counted_from
        if own is not None and own > force.claims_from:
            words = {"day": own.isoformat(), "start": force.claims_from.isoformat()}
            found.add("E455", benefit.span, name=benefit.name, **words)
        day = own or force.counted_from
        early = day is not None and day < force.claims_from
        if early and benefit.name in instead:
            start = force.claims_from.isoformat()
            words = {"payment": instead[benefit.name], "start": start}
            found.add("E457", benefit.span, name=benefit.name, **words)
        made.append(replace(benefit, counted_from=day if early else None))
    return made


def without(benefit: model.Benefit, absent: frozenset[str]) -> model.Benefit:
    """The benefit where those left out pay nothing."""

    def gone(expression: model.Expression | None) -> model.Expression | None:
        return None if expression is None else folded(expression, absent)

    bases = tuple(base_without(part, absent) for part in benefit.bases)
    return with_bases(
        replace(
            benefit,
            applies=gone(benefit.applies),
            payees=tuple(
                replace(p, condition=gone(p.condition)) for p in benefit.payees
            ),
            due=tuple(replace(d, condition=gone(d.condition)) for d in benefit.due),
        ),
        bases,
    )


def base_without(part: model.Part, absent: frozenset[str]) -> model.Part:
    """A part of a base where some benefits pay nothing."""
    return replace(
        part,
        less=tuple(name for name in part.less if name not in absent),
        cap=None if part.cap is None else folded(part.cap, absent),
        floor=None if part.floor is None else folded(part.floor, absent),
    )


def with_bases(benefit: model.Benefit, bases: Sequence[model.Part]) -> model.Benefit:
    """The benefit with the parts of its base changed."""
    first = bases[0]
    less = tuple(dict.fromkeys(name for part in bases for name in part.less))
    plain = not first.name
    return replace(
        benefit,
        expense=first.expense,
        less=less,
        base_cap=first.cap if plain else None,
        base_floor=first.floor if plain else None,
        cap_by_year=plain and first.cap_by_year,
        parts=() if plain else tuple(bases),
    )


def read_benefit(
    placed: Placed[tree.Benefit], scope: Scope, found: Diagnostics
) -> model.Benefit | None:
    """One benefit, or None after findings without which it has no meaning."""
    typing = Typing(scope, found, Place.CLAIM)
    apart = lifted(typing, placed.node.settings)
    check_others(placed, typing, apart.others)
    if apart.lost:
        return None
    placed = replace(placed, node=replace(placed.node, settings=apart.settings))
    node = placed.node
    settings = node.settings
    if (best := one(settings, tree.BestOf, found)) is not None:
        found.add("E605", best.span, what=best.span.text)
    condition = one(settings, tree.Applies, found)
    applies = typing.condition(condition.condition) if condition else None
    bases = read_bases(placed, typing)
    cited = placed.cited(one(settings, tree.Citation, found))
    if cited is None:
        found.add("E601", node.name.span, name=node.name.text)
    payer = one(settings, tree.Payer, found)
    if payer is None:
        found.add("E602", node.name.span, name=node.name.text)
    actual = read_actual(typing, one(settings, tree.Actual, found))
    one(settings, tree.Replaces, found)
    figures = read_all_figures(placed, typing)
    settle = one(settings, tree.Settle, found)
    counting = read_counting(typing, one(settings, tree.Counting, found))
    if bases is None or cited is None or payer is None or figures is None:
        return None
    named = bases if bases[0].name else ()
    check_names(named, found)
    fit_parts(node.name.text, named, figures, found)
    if named and settle is not None and settle.mode != "per_claim":
        found.add("E453", settle.span, what=settle.span.text)
    benefit = model.Benefit(
        name=node.name.text,
        code=node.code or node.name.text,
        applies=left_open(applies),
        expense=bases[0].expense,
        less=(),
        base_cap=None,
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
        by_institution=payer.name.text == COUNTED_BY["institution"],
        counted_from=counting,
    )
    benefit = with_bases(benefit, bases)
    return replace(benefit, by_standing=depends_on_standing(benefit))


def check_others(
    placed: Placed[tree.Benefit], typing: Typing, settings: Sequence[tree.Setting]
) -> None:
    """Bases and conditions of rows that the chosen readings leave out."""
    for setting in settings:
        match setting:
            case tree.Base() | tree.BaseParts():
                node = replace(placed.node, settings=(setting,))
                read_bases(replace(placed, node=node), typing)
            case tree.Applies(condition=condition):
                typing.condition(condition)
            case _:
                pass


def read_counting(typing: Typing, node: tree.Counting | None) -> dt.date | None:
    """The day from which the benefit's own totals count, under this reading."""
    if node is None:
        return None
    if node.condition is not None:
        reading = replace(typing, place=Place.READING)
        if not known(reading.condition(node.condition)):
            return None
    return node.start.value


def depends_on_standing(benefit: model.Benefit) -> bool:
    """Whether the standing decides if, or by which figures, the benefit pays."""
    everything = (p for e in benefit_expressions(benefit) for p in parts(e))
    return any(isinstance(p, model.StandingRef) for p in everything)


def read_bases(
    placed: Placed[tree.Benefit], typing: Typing
) -> tuple[model.Part, ...] | None:
    """The parts of the base; one without a name where it is not in parts."""
    node = placed.node
    parts = one(node.settings, tree.BaseParts, typing.found)
    base = one(node.settings, tree.Base, typing.found)
    if parts is not None and base is not None:
        first = Related(base.span, "first")
        typing.found.add("E420", parts.span, first, text=parts.span.text)
    if parts is not None:
        read = [
            read_base(p.base, typing, node.name.text, p.name.text) for p in parts.parts
        ]
    elif base is not None:
        read = [read_base(base, typing, node.name.text, "")]
    else:
        read = []
    if not read:
        typing.found.add("E504", node.name.span, name=node.name.text)
    whole = tuple(part for part in read if part is not None)
    return whole if whole and len(whole) == len(read) else None


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
        if "rates" not in figures.unread:
            typing.found.add("E412", node.name.span, name=node.name.text)
        return None
    year = tree.Period.YEAR
    none: model.Value = model.Deductible(None, year, node.name.span)
    figures.found.setdefault("deductible", model.Leaf(none, node.name.span))
    figures.found.setdefault("limits", model.Leaf((), node.name.span))
    return figures


def read_rounding(node: tree.Rounding | None) -> model.Rounding:
    """How fen are settled; the cumulative amount, half up, where nothing is written."""
    if node is None:
        return model.Rounding()
    mode = model.RoundingMode(node.mode)
    return model.Rounding(mode, node.each, UNITS[node.unit])
