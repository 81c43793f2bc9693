"""A checked fund and the figures of a year come in; who bears what, in fen, goes out.

Written from language.md 3.9: a shared amount below 0 counts 0; bands are marginal on the
stated base; shares sum to the amount, the residual fen to the last. Figures are asked for
by name, and each is worked out when it is asked for.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction
from numbers import Rational
from typing import TYPE_CHECKING

from jiugao.policy import fund_model, model
from jiugao.syntax.tree import Operator
from tests.oracle.expressions import in_force
from tests.oracle.years import last_day, year_of

if TYPE_CHECKING:
    from collections.abc import Mapping

HALF = Fraction(1, 2)


@dataclass
class Year:
    """One fund in one year: figures given (heads, what benefits paid, rows set by hand),
    and those of the year before."""

    policy: model.Policy
    fund: fund_model.Fund
    year: int
    given: Mapping[str, Fraction]
    before: Mapping[str, Fraction]
    known: dict[str, Fraction] = field(default_factory=dict)

    @property
    def day(self) -> dt.date:
        """Whose dated figures hold: the last day of the year in force."""
        end = self.policy.force.end or dt.date.max
        return min(last_day(self.policy.years, self.year), end)

    def row(self, name: str) -> Fraction:
        """Heads, an amount, or the whole of a share."""
        if name not in self.known:
            (row,) = (r for r in self.fund.rows if r.name == name)
            if isinstance(row, fund_model.Headcount):
                self.known[name] = self.given.get(name, Fraction(0))
            else:
                exact = self.given.get(name)
                exact = self.worth(row.amount) if exact is None else exact
                if isinstance(row, fund_model.Share):
                    exact = Fraction(max(0, half_up(exact)))
                self.known[name] = exact
        return self.known[name]

    def borne(self, name: str) -> dict[str, int]:
        """What each bearer bears of a share."""
        (share,) = (r for r in self.fund.shares if r.name == name)
        whole = self.row(name)
        base = (
            Fraction(1) if share.of is None else max(self.worth(share.of), Fraction(0))
        )
        exact = dict.fromkeys(share.bearers, Fraction(0))
        for band in share.bands:
            low = self.worth(band.lower) * base
            high = whole if band.upper is None else self.worth(band.upper) * base
            within = min(whole, high) - min(whole, low)
            for part in band.parts:
                given = self.worth(part.share)
                rate = part.share.kind is model.Kind.RATE
                exact[part.bearer] += given * within if rate else given
        *others, last = exact
        found: dict[str, int] = {}
        for bearer in others:
            open_ = int(whole) - sum(found.values())
            found[bearer] = min(half_up(exact[bearer]), open_)
        return {**found, last: int(whole) - sum(found.values())}

    def worth(self, expression: model.Expression) -> Fraction:
        """An amount of the year."""
        value = self.value(expression)
        assert isinstance(value, Fraction)
        return value

    def value(self, expression: model.Expression) -> Fraction | bool:
        """An amount or a condition."""
        match expression:
            case model.Const(value=bool() as flag):
                return flag
            case model.Const(value=Fraction() as constant):
                return constant
            case model.ParameterRef(parameter=parameter, last_year=before):
                earlier = last_day(self.policy.years, self.year - 1)
                day = earlier if before else self.day
                found = in_force(parameter, day)
                assert isinstance(found, Rational)
                return Fraction(found)
            case model.YearFigure(of="row", name=name, last_year=False):
                return self.row(name)
            case model.YearFigure(name=name, last_year=before):
                source = self.before if before else self.given
                return source.get(name, Fraction(0))
            case model.Smaller():
                return min(self.worth(expression.left), self.worth(expression.right))
            case model.Excess():
                over = self.worth(expression.left) - self.worth(expression.right)
                return max(Fraction(0), over)
            case model.Conditional():
                held = self.value(expression.condition)
                return self.worth(expression.value) if held else Fraction(0)
            case model.Binary():
                return self.joined(expression)
            case _:
                raise TypeError(expression)

    def joined(self, node: model.Binary) -> Fraction | bool:
        """Arithmetic and comparisons."""
        left, right = self.worth(node.left), self.worth(node.right)
        match node.operator:
            case Operator.ADD:
                return left + right
            case Operator.SUB:
                return left - right
            case Operator.MUL:
                return left * right
            case Operator.OVER:
                return left > right
            case Operator.NOT_OVER:
                return left <= right
            case Operator.AT_LEAST:
                return left >= right
            case Operator.BELOW:
                return left < right
            case _:
                raise TypeError(node.operator)


def half_up(exact: Fraction) -> int:
    """To the fen, a half away from nothing."""
    sign = -1 if exact < 0 else 1
    return sign * int(sign * exact + HALF)


def differences(policy: model.Policy, example: fund_model.ExampleFund) -> list[str]:
    """Where the fund of an example is not what the example expects."""
    (fund,) = (f for f in policy.funds if f.name == example.fund)
    number = example.year or year_of(policy.years, policy.force.start)
    year = Year(policy, fund, number, example.given, example.last_year)
    rows = [row.name for row in fund.rows]
    found: list[str] = []
    for (name, part), (due, _) in example.expected.items():
        if part is not None:
            got: Fraction | int = year.borne(name)[part]
        elif name in rows:
            got = year.row(name)
        else:
            got = sum(year.borne(s.name).get(name, 0) for s in fund.shares)
        if got != due:
            found.append(
                f"{fund.name} {name} {part or ''}: {due} expected, {got} found"
            )
    return found
