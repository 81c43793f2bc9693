"""Two results of the same years come in; every difference, in words, goes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jiugao.policy.model import Rounding
from tests.oracle.accrual import rounded
from tests.properties.years import Years

if TYPE_CHECKING:
    from tests.oracle import Result, YearRow

Differs = Callable[[Years], list[str]]


def differences(machine: Result, oracle: Result) -> list[str]:
    """Every row and every account, to the fen; empty: they agree."""
    found: list[str] = []
    if len(machine.rows) != len(oracle.rows):
        return [
            f"{len(machine.rows)} rows by the machine, {len(oracle.rows)} by the oracle"
        ]
    for one, other in zip(machine.rows, oracle.rows, strict=True):
        where = f"{other.person} {other.settlement}"
        _hold(found, where, "settlement", one.settlement, other.settlement)
        _hold(found, where, "role", one.role, other.role)
        if other.role == "rejected" or one.role == "rejected":
            continue
        _hold(found, where, "benefit_year", one.benefit_year, other.benefit_year)
        if other.role != "reversal":
            _hold(found, where, "standing", one.standing, other.standing)
            _hold(found, where, "excess", one.excess, rounded(other.excess, Rounding()))
        for code, due in other.payments.items():
            _hold(found, where, code, one.payments.get(code), due)
        _hold(found, where, "psn_burden", one.burden, other.burden)
        _hold(found, where, "paying", one.paying, other.paying)
        if other.role in ("settled", "reversed"):
            for code, due in other.offered.items():
                _hold(found, where, f"offered {code}", one.offered[code], due)
        for name, amount in other.measures.items():
            _hold(found, where, name, one.measures.get(name), amount)
    _accounts(found, machine, oracle)
    return found


def _hold(
    found: list[str], where: str, what: str, machine: object, oracle: object
) -> None:
    if machine != oracle:
        found.append(f"{where}: {what}: machine {machine}, oracle {oracle}")


def _by_account(result: Result) -> dict[tuple[object, ...], YearRow]:
    """Accounts by whose they are; two applications of one day are told as one."""
    found: dict[tuple[object, ...], YearRow] = {}
    for year in result.years:
        key = (year.person, year.benefit_year, year.application)
        first = found.setdefault(key, year)
        if first is not year:
            for part in ("rows", "paid", "year_end", "look_back", "used"):
                total = Counter(getattr(first, part))
                total.update(getattr(year, part))
                found[key] = replace(first, **{part: dict(total)})
                first = found[key]
    return found


def _accounts(found: list[str], machine: Result, oracle: Result) -> None:
    by_machine, by_oracle = _by_account(machine), _by_account(oracle)
    for key in sorted(by_machine.keys() | by_oracle.keys(), key=str):
        one, other = by_machine.get(key), by_oracle.get(key)
        where = f"{key[0]} year {key[1]}" + (f" application {key[2]}" if key[2] else "")
        if one is None or other is None:
            rest = one or other
            assert rest is not None
            if any(
                (
                    *rest.rows.values(),
                    *rest.year_end.values(),
                    *rest.look_back.values(),
                    *rest.sums.values(),
                )
            ):
                found.append(
                    f"{where}: only by the {'machine' if one else 'oracle'}: {rest}"
                )
            continue
        for name, amount in one.paid.items():
            due = other.paid.get(name, 0)
            _hold(found, where, f"under its own limit {name}", amount, due)
        for part in ("rows", "year_end", "look_back", "used"):
            mine: dict[str, Any] = getattr(one, part)
            due: dict[str, Any] = getattr(other, part)
            for name in mine.keys() | due.keys():
                _hold(
                    found, where, f"{part} {name}", mine.get(name, 0), due.get(name, 0)
                )
        if key[2] is None:
            for name, amount in other.sums.items():
                _hold(
                    found,
                    where,
                    f"sum {name}",
                    one.sums[name],
                    rounded(amount, Rounding()),
                )
                _hold(
                    found, where, f"warned {name}", one.warned[name], other.warned[name]
                )


def smallest(years: Years, differs: Differs) -> Years:
    """Fewer people, claims, identities and smaller bills that still differ."""
    for person in dict.fromkeys(c["psn_no"] for c in years.claims):
        alone = years.of({person})
        if differs(alone):
            years = alone
            break
    again = True
    while again:
        again = False
        for shorter in _shorter(years):
            if differs(shorter):
                years, again = shorter, True
                break
    return years


def _shorter(years: Years) -> list[Years]:
    claims, held, asked = years.claims, years.held, years.applications
    found = []
    size = len(claims) // 2
    while size:
        cuts = range(0, len(claims), size)
        found += [Years(claims[:at] + claims[at + size :], held, asked) for at in cuts]
        size //= 2
    found += [Years(claims, held[:n] + held[n + 1 :], asked) for n in range(len(held))]
    found += [
        Years(claims, held, asked[:n] + asked[n + 1 :]) for n in range(len(asked))
    ]
    for n, claim in enumerate(claims):
        for column, value in claim.items():
            plainer: list[Any] = []
            if isinstance(value, bool):
                plainer = [False] if value else []
            elif isinstance(value, int) and value:
                plainer = [0, value // 10000 * 10000, value // 100 * 100]
            for other in plainer:
                if other != value:
                    changed = {**claim, column: other}
                    found.append(
                        Years([*claims[:n], changed, *claims[n + 1 :]], held, asked)
                    )
    return [y for y in found if y.claims]


def shown(years: Years, machine: Result | None, oracle: Result) -> str:
    """The case as a person reads it."""
    lines = ["claims:"]
    for claim in years.claims:
        told = {k: v for k, v in claim.items() if v not in (0, None, False)}
        lines.append("  " + ", ".join(f"{k}={v}" for k, v in told.items()))
    lines += ["identities:", *(f"  {h}" for h in years.held)]
    lines += ["applications:", *(f"  {a}" for a in years.applications)]
    for name, result in (("machine", machine), ("oracle", oracle)):
        if result is None:
            continue
        lines.append(f"{name}:")
        for row in result.rows:
            paid = ", ".join(f"{k} {v}" for k, v in row.payments.items())
            lines.append(
                f"  {row.settlement} {row.role} {row.reason} {row.benefit_year} {row.standing}:"
                f" {paid}; burden {row.burden}, excess {row.excess}"
            )
        lines += [f"  {year}" for year in result.years]
    return "\n".join(lines)
