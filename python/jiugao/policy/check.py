"""Parsed files and settings come in; the checked policy goes out, or None with why.

The passes in order: gather, columns, parameters and readings, standing, names, money,
benefits, the chain; then checks that only look: figures, completeness, cliffs, order.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.diagnostics import Diagnostics
from jiugao.policy import benefits as benefits_pass
from jiugao.policy import model
from jiugao.policy.bounds import check_locked
from jiugao.policy.carrying import accumulating, read_carried, warn_of_carrying
from jiugao.policy.chain import check_columns, check_paid_twice, in_chain_order
from jiugao.policy.choices import (
    by_standing_together,
    check_choices,
    in_order_of,
    read_choices,
)
from jiugao.policy.classes import by_class, check_by_class
from jiugao.policy.cliffs import warn_of_cliffs
from jiugao.policy.code_lists import read_code_lists
from jiugao.policy.completeness import (
    check_deducted,
    check_lists,
    check_parameters,
    check_pools,
    check_reached,
    check_use,
)
from jiugao.policy.examples import read_examples
from jiugao.policy.figure_checks import check_figures, check_subsidies
from jiugao.policy.files import ListFiles
from jiugao.policy.fund_checks import check_funds
from jiugao.policy.funds import read_funds
from jiugao.policy.gather import Gathered, gather
from jiugao.policy.group_indicators import read_group_indicators
from jiugao.policy.head import read_force, read_not_computed, read_year
from jiugao.policy.identities import warn_of_identities
from jiugao.policy.indicators import read_warnings
from jiugao.policy.inputs import Columns, read_columns
from jiugao.policy.money import (
    read_expenses,
    read_paid,
    read_shared_limits,
    without_absent,
)
from jiugao.policy.names import (
    check_column_names,
    check_declared_once,
    expense_names,
    limit_names,
    places,
    terms,
)
from jiugao.policy.order import order_dependent
from jiugao.policy.parameters import read_parameters
from jiugao.policy.parts import with_moving
from jiugao.policy.payees import check_payees
from jiugao.policy.scope import INSTITUTION_COLUMN, TOTAL_COLUMN, Scope
from jiugao.policy.standing import Who, read_standing
from jiugao.policy.subsidies import read_subsidies
from jiugao.policy.terms import read_terms
from jiugao.policy.walk import inputs_in, policy_expressions
from jiugao.syntax import tree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


NO_LISTS = ListFiles()


@dataclass(frozen=True)
class Names:
    """What the first passes make: columns, lists, and what the caller sets."""

    columns: Columns
    lists: Mapping[str, model.CodeList]
    settings: Mapping[str, str]


@dataclass(frozen=True)
class Money:
    """What the middle passes make: the chain and what it is made of."""

    expenses: tuple[model.Expense, ...]
    paid: tuple[model.Paid, ...]
    limits: tuple[model.SharedLimit, ...]
    live: tuple[model.Benefit, ...]
    left_out: tuple[model.Benefit, ...]
    choices: tuple[model.Choice, ...]
    absent: frozenset[str]
    given: tuple[model.Expense | model.Paid, ...]  # also payments that are computed


def check(
    documents: Sequence[tree.Document],
    profile: tree.Profile,
    settings: Mapping[str, str],
    lists: ListFiles = NO_LISTS,
) -> tuple[model.Policy | None, Diagnostics]:
    """The checked policy; None where an error leaves it without a meaning.

    `lists` holds the texts of the lists that come from files.
    """
    found = Diagnostics()
    gathered = gather(documents, profile, lists.every, found)
    if gathered is None:
        return None, found
    check_declared_once(gathered, found)
    columns = read_columns(gathered, found)
    check_column_names(gathered, columns, found)
    for placed in gathered.of(tree.CodeList):
        check_locked(placed, settings.get(placed.node.name.text), found)
    code_lists = read_code_lists(gathered, lists.by_list, found)
    names = Names(columns, code_lists, settings)
    scope, who = read_names(gathered, names, found)
    force = read_force(gathered, scope, found)
    middle = read_money(gathered, columns, scope, force, found)
    force = counted_force(force, middle[1].live)
    policy = assembled(gathered, columns, who, force, middle, found)
    if policy is not None:
        check_by_class(policy, found)
        check_parameters(policy, found)
        check_lists(policy, found)
        check_use(gathered, found)
    if policy is None or found.errors:
        return None, found
    check_deducted(policy, found)
    warn_of_identities(gathered, columns.people, found)
    warn_of_carrying(policy, found)
    warn_of_cliffs(policy.benefits, policy.force, found)
    dependent = order_dependent(policy.benefits, policy.choices, policy.force, found)
    return replace(policy, order_dependent=dependent), found


def read_names(
    gathered: Gathered, names: Names, found: Diagnostics
) -> tuple[Scope, Who]:
    """Every name of the policy, with the readings chosen."""
    columns = names.columns
    scope = Scope(columns.claims, columns.enrolment, columns.lists, names.lists)
    parameters = read_parameters(gathered, names.settings, found)
    scope = replace(
        scope,
        parameters=parameters.by_name,
        points=parameters.points,
        unread=parameters.unread,
        readings=parameters.readings,
        expenses=expense_names(gathered),
        limits=limit_names(gathered),
        terms=terms(gathered),
        places=places(gathered),
    )
    year_by, years = read_year(gathered, columns, scope, found)
    scope = replace(scope, year_by=year_by, years=years)
    who = read_standing(gathered, columns, scope, found)
    people = columns.people
    scope = replace(
        scope,
        standing=who.standing,
        standing_name=who.name,
        classes=who.classes,
        identities=who.identities,
        identity_input=people.name if people else None,
    )
    return scope, who


def read_money(
    gathered: Gathered,
    columns: Columns,
    scope: Scope,
    force: model.Force | None,
    found: Diagnostics,
) -> tuple[Scope, Money]:
    """Expenses, payments, limits and the chain of benefits, checked."""
    computed, absent = benefits_pass.replaced_payments(gathered, scope, found)
    payments = benefits_pass.payment_names(gathered, computed, absent)
    scope = with_classes(gathered, replace(scope, payments=payments), absent)
    expenses = read_expenses(gathered, scope, found)
    paid = read_paid(gathered, scope, found)
    limits = read_shared_limits(gathered, scope, found)
    read = benefits_pass.read_benefits(gathered, scope, absent, found)
    gone = frozenset(b.name for b in read.absent)
    kept = tuple(p for p in paid if p.name not in computed)
    live = benefits_pass.with_columns(read.live, paid, computed, columns)
    live = benefits_pass.with_institution(live, columns, found)
    if force is not None:
        live = benefits_pass.with_counting(live, force, computed, found)
    expenses_now = tuple(without_absent(e, gone) for e in expenses)
    written = read_choices(gathered, live, found)
    chosen = {name: c.span for c in written for name in c.benefits}
    classed = by_class(live, chosen, scope, found)
    choices = (*written, *classed.choices)
    chain = in_chain_order(classed.benefits, expenses_now, choices, found)
    chain = with_moving(by_standing_together(choices, chain))
    choices = in_order_of(chain, choices)
    everything = (*live, *read.absent)
    check_choices(written, live, found)
    check_payees(chain, choices, scope.standing, found)
    check_columns(chain, kept, found)
    if not found.errors:
        # What could not be read is no ground for saying what meets or is never met.
        check_paid_twice(chain, expenses_now, choices, found)
        check_pools(everything, limits, found)
        if force is not None:
            check_reached(live, force, found)
    if force is not None:
        check_figures(everything, force, found)
    given: tuple[model.Expense | model.Paid, ...] = (*expenses, *paid)
    left_out = tuple(read.absent)
    return scope, Money(
        expenses_now, kept, limits, chain, left_out, choices, gone, given
    )


def with_classes(gathered: Gathered, scope: Scope, absent: frozenset[str]) -> Scope:
    """The scope in which a benefit chosen by class stands for all its alternatives.

    Which those are shows once the benefits are read; what is wrong in them is told when
    they are read again.
    """
    standing = scope.standing
    if standing is None or standing.best_of is None:
        return scope
    read = benefits_pass.read_benefits(gathered, scope, absent, Diagnostics())
    classed = by_class(read.live, {}, scope, Diagnostics())
    return replace(scope, payments=classed.payments(scope.payments))


def counted_force(
    force: model.Force | None, benefits: Sequence[model.Benefit]
) -> model.Force | None:
    """The force, with the first day that any benefit counts."""
    if force is None:
        return None
    days = (b.counted_from for b in benefits)
    first = min((day for day in days if day is not None), default=None)
    return replace(force, counted_from=first)


def assembled(
    gathered: Gathered,
    columns: Columns,
    who: Who,
    force: model.Force | None,
    middle: tuple[Scope, Money],
    found: Diagnostics,
) -> model.Policy | None:
    """The policy, once every part of it could be read."""
    scope, money = middle
    subsidies = read_subsidies(gathered, scope, found)
    warnings = read_warnings(gathered, scope, money.absent, found)
    funds = read_funds(gathered, scope, money.absent, found)
    indicators = read_group_indicators(gathered, scope, money.absent, found)
    if force is not None:
        check_subsidies(subsidies, force, found)
        check_funds(funds, force, found)
    given = (money.given, money.choices)
    there = accumulating(gathered, money.live, money.choices, money.limits)
    carried = read_carried(gathered, scope, there, found)
    examples = read_examples(gathered, scope, *given, found)
    if found.errors or force is None or scope.year_by is None:
        return None
    people = columns.people
    policy = model.Policy(
        name=gathered.main.name.text,
        code=gathered.main.code,
        cited=gathered.cited or model.Cited("", (), gathered.main.name.span),
        force=force,
        year_by=scope.year_by,
        years=scope.years,
        identities=who.identities,
        identity_codes=dict(people.codes) if people else {},
        standing=who.standing,
        inputs=(),
        parameters=tuple({p.name: p for p in scope.parameters.values()}.values()),
        lists=tuple(scope.code_lists.values()),
        expenses=money.expenses,
        paid=money.paid,
        shared_limits=money.limits,
        benefits=money.live,
        subsidies=subsidies,
        warnings=warnings,
        funds=funds,
        indicators=indicators,
        fund_columns=columns.funds,
        examples=examples,
        not_computed=read_not_computed(gathered),
        sources=gathered.sources,
        order_dependent=(),
        choices=money.choices,
        terms=read_terms(gathered, scope, found),
        left_out=money.left_out,
        carried=carried,
    )
    if found.errors:
        return None
    return replace(policy, inputs=inputs_of(policy, columns))


def inputs_of(policy: model.Policy, columns: Columns) -> tuple[model.Input, ...]:
    """The columns that rules read and the ones that every settlement needs."""
    always = (TOTAL_COLUMN, INSTITUTION_COLUMN)
    read = [columns.claims[name] for name in always if name in columns.claims]
    read += [policy.year_by, *policy.fund_columns]
    for expression in policy_expressions(policy):
        read.extend(inputs_in(expression))
    read.extend(c for benefit in policy.benefits for c in benefit.actual)
    outlays = (p.reimburses for benefit in policy.benefits for p in benefit.payees)
    read.extend(c for c in outlays if c is not None)
    read.extend(c for subsidy in policy.subsidies for c in subsidy.actual)
    return tuple({(i.table, i.column): i for i in read}.values())
