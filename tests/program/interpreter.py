"""A program and one person's claims come in; what its instructions say goes out.

Word by word from docs/machine.md, in Python integers and one claim at a time, so that the
lowering is tested without the engine. Without applications and reversals: what those add
is the engine's business and no instruction's.
"""

from __future__ import annotations

from collections import defaultdict
from copy import deepcopy
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from jiugao.program.isa import SPECS, Op
from tests.program.accounts import Account, Facts, PartAccount, Year
from tests.program.reckoning import (
    added,
    book,
    part_added,
    room,
    rounded,
    taken_off,
    yearly,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiugao.program.body import Benefit, Choice, Figures, Program, Words


def run(
    program: Program, code: Sequence[Words], facts: Facts, year: Year
) -> list[tuple[str, int, int]]:
    """Every register of a section as kind, scale and value; the year moves on."""
    registers: list[tuple[str, int, int]] = []
    for op, *operands in code:
        spec = SPECS[Op(op)]
        named: dict[str, Any] = {}
        for (name, kind), word in zip(spec.operands, operands, strict=True):
            named[name] = registers[word] if kind == "register" else word
        if spec.has_result:
            assert named["d"] == len(registers)
        result = step(program, Op(op), named, facts, year)
        if spec.has_result:
            assert result is not None
            registers.append(result)
    return registers


def index(value: tuple[str, int, int]) -> int:
    """A register as an index: codes and classes count from -1."""
    return value[2] + 1 if value[0] in ("code", "class") else value[2]


def step(  # noqa: PLR0915  one arm for each instruction
    program: Program, op: Op, named: dict[str, Any], facts: Facts, year: Year
) -> tuple[str, int, int] | None:
    """One instruction's result."""
    a, b = named.get("a"), named.get("b")
    if isinstance(a, tuple) and isinstance(b, tuple) and op is not Op.RADIX:
        assert a[:2] == b[:2], (op, a, b)
    match op:
        case Op.MONEY:
            return ("money", named["scale"], named["amount"])
        case Op.COUNT | Op.ROW | Op.FLAG:
            return (op.name.lower(), 0, named["value"])
        case Op.DATE:
            return ("day", 0, named["day"])
        case Op.INPUT:
            kind = program.inputs[named["input"]].kind
            return ("code" if kind == "text" else kind, 0, facts.inputs[named["input"]])
        case Op.DAY:
            return ("day", 0, facts.day)
        case Op.CLASS:
            return ("class", 0, facts.standing)
        case Op.HOLDS:
            return ("flag", 0, int(facts.held & named["mask"] != 0))
        case Op.REGIME:
            dates = program.dates[named["dates"]]
            return ("row", 0, sum(day <= facts.day for day in dates))
        case Op.ADD | Op.SUB | Op.MIN | Op.MAX:
            return (*a[:2], ARITHMETIC[op](a[2], b[2]))
        case Op.MULTIPLY:
            return ("money", a[1] + named["scale_added"], a[2] * named["numerator"])
        case Op.TIMES:
            return ("money", a[1] + named["scale_added"], a[2] * named["count"][2])
        case Op.RESCALE:
            return ("money", a[1] + named["power"], a[2] * 10 ** named["power"])
        case Op.SHIFT:
            return ("day", 0, a[2] + named["days"])
        case Op.ABOVE_ZERO:
            return (*a[:2], max(0, a[2]))
        case Op.LT | Op.LE | Op.EQ | Op.NE | Op.AND | Op.OR:
            return ("flag", 0, int(TRUTH[op](a[2], b[2])))
        case Op.NOT:
            return ("flag", 0, 1 - a[2])
        case Op.IN_SET:
            return ("flag", 0, int(a[2] in program.sets[named["set"]]))
        case Op.LISTED:
            day = named["day"][2]
            rows = program.lists[named["list"]].rows
            periods = [(first, last) for code, first, last in rows if code == a[2]]
            held = any(
                (first is None or first <= day) and (last is None or day <= last)
                for first, last in periods
            )
            return ("flag", 0, int(held))
        case Op.CHOOSE:
            return a if named["flag"][2] else b
        case Op.RADIX:
            assert index(b) < named["n"]
            return ("row", 0, index(a) * named["n"] + index(b))
        case Op.LOOKUP:
            table = program.tables[named["table"]]
            return (table.kind, table.scale, table.values[index(a)])
        case Op.ROUND:
            mode = ("half_up", "half_even", "truncate")[named["mode"]]
            amount = Fraction(a[2], 10 ** a[1])
            return ("money", 0, rounded(amount, mode, named["unit"]))
        case Op.TALLY:
            slot = named["tally"]
            assert program.tallies[slot] == a[1]
            year.tallies[slot] = year.tallies.get(slot, 0) + a[2]
            return None
        case Op.YEAR_TALLY:
            slot = named["tally"]
            return ("money", program.tallies[slot], year.tallies.get(slot, 0))
        case Op.OFFER | Op.TAKE:
            return of_choice(program, op, named, year)
        case Op.SETTLE | Op.DEFER | Op.CLOSE:
            return settle(program, op, named, year)
        case Op.CAP_BY_YEAR:
            if named["row"][2] == 0:
                return (*a[:2], 0)
            first, second = year.caps.get(named["slot"], (0, 0))
            after = (first + a[2], second + max(0, b[2]))
            year.caps[named["slot"]] = after
            return (*a[:2], min(after) - min(first, second))
        case Op.PART:
            benefit = program.benefits[named["benefit"]]
            assert named["base"][1] == benefit.base_scale
            year.bases[named["benefit"], named["part"]] = named["base"][2]
            return None
        case Op.SETTLE_PARTS:
            return ("money", 0, settle_parts(program, named, year))
        case Op.PART_PAID:
            key = (named["benefit"], named["part"])
            return ("money", 0, year.part_pays[key])


ARITHMETIC = {
    Op.ADD: lambda a, b: a + b,
    Op.SUB: lambda a, b: a - b,
    Op.MIN: min,
    Op.MAX: max,
}
TRUTH = {
    Op.LT: lambda a, b: a < b,
    Op.LE: lambda a, b: a <= b,
    Op.EQ: lambda a, b: a == b,
    Op.NE: lambda a, b: a != b,
    Op.AND: lambda a, b: a and b,
    Op.OR: lambda a, b: a or b,
}


def settle(
    program: Program, op: Op, named: dict[str, Any], year: Year
) -> tuple[str, int, int] | None:
    """SETTLE, DEFER and CLOSE."""
    benefit = program.benefits[named["benefit"]]
    row = named["row"][2]
    none = None if op is Op.DEFER else ("money", 0, 0)
    if row == 0:
        return none
    figures = benefit.figures[row - 1]
    account = year.account(named["benefit"])
    if op is Op.CLOSE:
        assert named["left"][:2] == named["uncovered"][:2] == ("money", 0)
        cap = most_at_close(program, named, year)
        amount = close(benefit, figures, account, cap, year)
        year.closed[named["benefit"]] = amount
        return ("money", 0, amount)
    assert named["base"][1] == benefit.base_scale
    account.applied = True
    base = named["base"][2] if benefit.signed else max(0, named["base"][2])
    if op is Op.DEFER:
        account.base += base
        return none
    paid = pay(benefit, figures, account, base, max(0, named["uncovered"][2]), year)
    return ("money", 0, paid)


def of_choice(
    program: Program, op: Op, named: dict[str, Any], year: Year
) -> tuple[str, int, int] | None:
    """OFFER and TAKE; the first TAKE of a choice makes it."""
    benefit = named["benefit"]
    if op is Op.OFFER:
        offered = (named["base"][2], named["row"][2], named["uncovered"][2])
        year.offers[benefit] = offered
        return None
    choice = next(c for c in program.choices if benefit in c.benefits)
    if benefit == choice.benefits[0]:
        choose(program, choice, year)
    return ("money", 0, year.taken[benefit])


def choose(program: Program, choice: Choice, year: Year) -> None:
    """The best of a choice's offers is taken."""
    year.taken.update(dict.fromkeys(choice.benefits, 0))
    able = [b for b in choice.benefits if year.offers[b][1]]

    def paid(benefit: int, account: Account, of: Year) -> int:
        base, row, uncovered = year.offers[benefit]
        found = program.benefits[benefit]
        figures = found.figures[row - 1]
        base = base if found.signed else max(0, base)
        return pay(found, figures, account, base, max(0, uncovered), of)

    if choice.by == "claim":
        would = {}
        for benefit in able:
            copied = deepcopy(year)
            would[benefit] = paid(benefit, copied.account(benefit), copied)
        for benefit in able:
            if benefit == max(able, key=would.__getitem__):
                taken = paid(benefit, year.account(benefit), year)
                year.taken[benefit] = taken
            else:
                base = year.offers[benefit][0]
                signed = program.benefits[benefit].signed
                year.account(benefit).base += base if signed else max(0, base)
        return
    for benefit in able:
        paid(benefit, year.alone[benefit], Year())
    winner = best(choice, year)
    if winner in able:
        so_far = sum(year.account(b).paid for b in choice.benefits)
        due = year.alone[winner].paid - so_far
        year.taken[winner] = min(due, max(0, year.offers[winner][2]))
        year.account(winner).paid += year.taken[winner]


def best(choice: Choice, year: Year) -> int:
    """The alternative with the best year so far."""
    return max(choice.benefits, key=lambda b: year.alone[b].paid)


def moved(program: Program, year: Year) -> dict[int, int]:
    """What the end of a year moves to the winners of choices by year, by benefit."""
    found: dict[int, int] = defaultdict(int)
    for choice in program.choices:
        if choice.by == "year":
            winner = best(choice, year)
            for benefit in choice.benefits:
                found[benefit] -= year.account(benefit).paid
                found[winner] += year.account(benefit).paid
    return found


def settle_parts(program: Program, named: dict[str, Any], year: Year) -> int:
    """SETTLE_PARTS."""
    number, row = named["benefit"], named["row"][2]
    benefit = program.benefits[number]
    keys = [(number, part) for part in range(len(benefit.parts))]
    year.part_pays.update(dict.fromkeys(keys, 0))
    if row == 0:
        return 0
    figures, how = benefit.figures[row - 1], benefit.rounding
    unit = 10 ** (benefit.base_scale + benefit.rate_scale)
    parts = [year.parts.setdefault(key, PartAccount()) for key in keys]
    bases = [year.bases[key] for key in keys]
    bases = bases if benefit.signed else [max(0, base) for base in bases]
    added = part_added(figures, [part.base for part in parts], bases)
    account = year.account(number)
    rooms = [room(limit, account, year) for limit in figures.limits]
    left = max(0, min(rooms)) if rooms else None
    wanted = [
        max(Fraction(0), part.accrued + more)
        for part, more in zip(parts, added, strict=True)
    ]
    if left is not None:
        most = Fraction((account.paid + left) * unit)
        taken_off(wanted, [part.paid * unit for part in parts], most)
    since = [part.paid * unit if how.each else 0 for part in parts]
    own = [exact - was for exact, was in zip(wanted, since, strict=True)]
    sums = [sum(own[:n], Fraction(0)) / unit for n in range(len(own) + 1)]
    whole = [rounded(amount, how.mode, how.unit) for amount in sums]
    pays = [Fraction(late - early) for early, late in pairwise(whole)]
    if not how.each:
        pays = [pay - part.paid for pay, part in zip(pays, parts, strict=True)]
    nothing = [0] * len(pays)
    if sum(added) >= 0:
        if sum(pays) < 0:
            pays = [Fraction(0) for _ in pays]
        in_fen = 10**benefit.base_scale
        for n, (part, base) in enumerate(zip(parts, bases, strict=True)):
            has = -(-(part.base + base) // in_fen) - part.paid
            pays[n] = min(pays[n], Fraction(max(0, has)))
        here = sum(-(-max(0, base) // in_fen) for base in bases)
        taken_off(pays, nothing, Fraction(here))
    if left is not None:
        taken_off(pays, nothing, Fraction(left))
    uncovered = max(0, named["uncovered"][2])
    covered = sum(pays) > uncovered
    taken_off(pays, nothing, Fraction(uncovered))
    for key, part, base, exact, pay in zip(
        keys, parts, bases, wanted, pays, strict=True
    ):
        part.base += base
        part.paid += int(pay)
        part.accrued = Fraction(part.paid * unit) if covered or how.each else exact
        year.part_pays[key] = int(pay)
    total = int(sum(pays))
    account.base += sum(bases)
    account.paid += total
    account.applied = True
    book(figures, total, year)
    return total


def pay(
    benefit: Benefit,
    figures: Figures,
    account: Account,
    base: int,
    uncovered: int,
    year: Year,
) -> int:
    """What a claim pays."""
    unit = 10 ** (benefit.base_scale + benefit.rate_scale)
    accrued = account.accrued + added(figures, account.base, base)
    rooms = [room(limit, account, year) for limit in figures.limits]
    left = max(0, min(rooms)) if rooms else None
    if left is not None:
        accrued = min(accrued, (account.paid + left) * unit)
    accrued = max(0, accrued)
    how = benefit.rounding
    since = account.accrued if how.each else 0
    total = rounded(Fraction(accrued - since, unit), how.mode, how.unit)
    total += account.paid if how.each else 0
    if left is not None:
        total = min(total, account.paid + left)
    if added(figures, account.base, base) >= 0:
        total = max(total, account.paid)
        own = 10**benefit.base_scale
        if figures.gate is not None and figures.gate[2] == "year":
            total = min(total, max(account.paid, -(-(account.base + base) // own)))
        else:
            total = min(total, account.paid - (-max(0, base) // own))
    if total - account.paid > uncovered:
        total = account.paid + uncovered
        accrued = total * unit
    if how.each:
        accrued = total * unit
    paid = total - account.paid
    account.base, account.accrued, account.paid = account.base + base, accrued, total
    book(figures, paid, year)
    return paid


def most_at_close(program: Program, named: dict[str, Any], year: Year) -> int:
    """What expense and bill leave after the benefits closed before."""
    expense = program.benefits[named["benefit"]].expense
    same = sum(
        amount
        for earlier, amount in year.closed.items()
        if program.benefits[earlier].expense == expense
    )
    every = sum(year.closed.values())
    return max(0, min(named["left"][2] - same, named["uncovered"][2] - every))


def close(
    benefit: Benefit, figures: Figures, account: Account, cap: int, year: Year
) -> int:
    """The year-end amount."""
    if not account.applied:
        return 0
    unit = 10 ** (benefit.base_scale + benefit.rate_scale)
    target = Fraction(yearly(figures, account.base), unit)
    for limit in figures.limits:
        match limit:
            case ("shared", *_):
                left = max(0, room(limit, account, year))
                target = min(target, Fraction(account.paid + left))
            case ("year", amount):
                target = min(target, Fraction(int(amount)))
            case _:
                pass
    amount = (
        rounded(target, benefit.rounding.mode, benefit.rounding.unit) - account.paid
    )
    if amount < 0 and not benefit.claw_back:
        return 0
    amount = min(amount, cap)
    account.paid += amount
    book(figures, amount, year)
    return amount
