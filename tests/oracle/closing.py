"""A person's time comes in; what each book pays when its year is closed goes out."""

from __future__ import annotations

import datetime as dt
from math import floor
from typing import TYPE_CHECKING

from jiugao.policy import model
from tests.oracle.accrual import consume, due_at_close
from tests.oracle.expressions import Moment
from tests.oracle.years import first_day, last_day

if TYPE_CHECKING:
    from tests.oracle.accrual import Book
    from tests.oracle.figures import Figures
    from tests.oracle.shape import Number
    from tests.oracle.world import Key, Settled, World


def close(world: World) -> dict[Key, dict[str, int]]:
    """Year-end amounts of every book, benefits in chain order."""
    world.open_applications(dt.date.max)
    found: dict[Key, dict[str, int]] = {}
    for key, book in world.books.items():
        uncovered = sum(s.uncovered for s in world.settled if belongs(world, s, key))
        uncovered += sum(o.uncovered for o in world.person.openings if o.year == key)
        given: dict[str, int] = {}
        found[key] = {}
        for benefit in world.rules.benefits:
            amount = 0
            if benefit.settle is not model.SettleMode.PER_CLAIM:
                left = rest(world, benefit.expense, key)
                left -= given.get(benefit.expense, 0)
                amount = top_up(world, benefit, key, book, min(left, uncovered))
            given[benefit.expense] = given.get(benefit.expense, 0) + amount
            found[key][benefit.code] = amount
            uncovered -= amount
        world.moved(book, found[key])
    return found


def belongs(world: World, one: Settled, key: Key) -> bool:
    """Whether a claim's uncovered rest bounds a book's year-end amounts."""
    if isinstance(key, int):
        counted_only = not one.in_force and world.person.counted(one.claim.day)
        if counted_only and one.counted is None:
            return False  # from before payments begin
        return world.year(one.claim.day) == key
    return one.counted == key


def rest(world: World, expense: str, key: Key) -> Number:
    """What the claims of a book leave of an expense, none more than its bill does."""
    before = (o.left(expense) for o in world.person.openings if o.year == key)
    total: Number = sum(before)
    for one in world.settled:
        if belongs(world, one, key):
            amounts = one.amounts if isinstance(key, int) else one.applied
            assert amounts is not None
            total += min(one.uncovered, world.rules.rest(expense, amounts))
    return total


def top_up(
    world: World, benefit: model.Benefit, key: Key, book: Book, left: Number
) -> int:
    """max(0, min(gφ(S), Lφ) − P) with φ of the last entitled day of the year."""
    figures = last_figures(world, benefit, key)
    if figures is None or benefit.code not in book.accounts:
        return 0
    account = book.account(benefit.code)
    amount = due_at_close(figures, book, account, benefit.rounding) - account.paid
    if amount < 0 and not benefit.claw_back:
        return 0
    amount = min(amount, floor(max(0, left)))
    consume(figures, book, account, amount)
    return amount


def last_figures(world: World, benefit: model.Benefit, key: Key) -> Figures | None:
    """The benefit's figures on the last day of the year that entitles."""
    if not isinstance(key, int):
        held = world.person.identities(key.day)
        return world.rules.figures[benefit.code].at(
            Moment(None, key.day, held, key.klass.name, {})
        )
    for moment in backwards(world, key):
        if moment.standing in world.rules.can_be_paid[benefit.code]:
            return world.rules.figures[benefit.code].at(moment)
    return None


def backwards(world: World, year: int) -> list[Moment]:
    """The days of a year from the last, as far as they can differ."""
    carried = [s.claim for s in world.settled if world.year(s.claim.day) == year]
    if any(claim.identities is not None for claim in carried):
        days = [
            (claim.day, claim.identities or frozenset()) for claim in reversed(carried)
        ]
    else:
        first = first_day(world.rules.policy.years, year)
        last_of_year = last_day(world.rules.policy.years, year)
        edges = {last_of_year}
        edges |= {
            h.end for h in world.person.held if h.end and first <= h.end <= last_of_year
        }
        day_before = dt.timedelta(days=1)
        edges |= {
            h.start - day_before
            for h in world.person.held
            if h.start and first < h.start <= last_of_year
        }
        for last in (world.rules.policy.force.end, world.rules.known_until):
            if last is not None and first <= last <= last_of_year:
                edges = {min(day, last) for day in edges}
        days = [
            (day, world.person.identities(day)) for day in sorted(edges, reverse=True)
        ]
    return [
        Moment(None, day, held, by_identity(world, held), {})
        for day, held in days
        if world.person.in_force(day) and world.person.known(day)
    ]


def by_identity(world: World, held: frozenset[str]) -> str | None:
    """The standing that identities alone give (no class on application)."""
    for klass in world.rules.classes:
        named = not held.isdisjoint(klass.identities)
        excepted = not held.isdisjoint(klass.excepted)
        if klass.on_application is None and named and not excepted:
            return klass.name
    return None
