"""Checked policies put together by hand, so that the oracle is tested before any parser."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING

from jiugao.policy import model
from jiugao.source import Source, Span
from jiugao.syntax.tree import Operator, Period

if TYPE_CHECKING:
    from collections.abc import Mapping

SPAN = Span(Source("by hand", ""), 0, 0)
CITED = model.Cited("by hand", (), SPAN)
MONEY, RATE, STANDING = model.Kind.MONEY, model.Kind.RATE, model.Kind.STANDING


def yuan(amount: str | int) -> Fraction:
    """An amount in yuan as fen."""
    return Fraction(amount) * 100


def fen(amount: str | int) -> model.Const:
    """An amount in yuan as a constant."""
    return model.Const(MONEY, yuan(amount), SPAN)


def column(name: str, kind: model.Kind = MONEY) -> model.Input:
    """A claims column, 0 where missing."""
    default = Fraction(0) if kind is MONEY else None
    return model.Input(name, name, kind, "claims", default is None, default)


def of(source: model.Input) -> model.InputRef:
    """The claim's value of a column."""
    return model.InputRef(source.kind, source, SPAN)


TOTAL = column("medfee_sumamt")
SCOPE = column("inscp_scp_amt")
BASIC = column("hifp_pay")
DAY = column("setl_time", model.Kind.DATE)


def by_standing(rows: Mapping[str, model.Value | None]) -> model.Table:
    """A table by class; None is 不享受."""
    arms = tuple(
        model.Arm(
            frozenset({name}),
            False,
            model.NotEntitled(SPAN) if value is None else model.Leaf(value, SPAN),
            SPAN,
        )
        for name, value in rows.items()
    )
    return model.Table(model.StandingRef(STANDING, SPAN), arms, SPAN)


def deductible(
    amount: str | int | None, period: Period = Period.YEAR
) -> model.Deductible:
    """起付线."""
    return model.Deductible(None if amount is None else fen(amount), period, SPAN)


def rate(percent: str | int) -> model.Rates:
    """比例."""
    share = model.Const(RATE, Fraction(percent) / 100, SPAN)
    return model.Rates((model.Band(fen(0), None, share, SPAN),), Period.YEAR, SPAN)


def limits(*amounts: str | int) -> tuple[model.Limit, ...]:
    """年度限额."""
    return tuple(model.Limit(fen(a), Period.YEAR, None, SPAN) for a in amounts)


def shared(*names: str) -> tuple[model.Limit, ...]:
    """限额 by name."""
    return tuple(model.Limit(None, Period.YEAR, name, SPAN) for name in names)


def benefit(
    code: str,
    *,
    deductible: model.Figure,
    rates: model.Figure,
    limits: model.Figure,
    less: tuple[str, ...] = (),
    expense: str = "in_scope",
    settle: model.SettleMode = model.SettleMode.PER_CLAIM,
    gate: model.Figure | None = None,
    applies: model.Expression | None = None,
    rounding: model.Rounding | None = None,
    standing: bool = True,
) -> model.Benefit:
    """A benefit, name and code alike."""
    return model.Benefit(
        code, code, applies, expense, less, None, deductible, gate, rates, limits, settle, False,
        rounding or model.Rounding(), "fund", (), standing, CITED, SPAN,
    )  # fmt: skip


def leaf(value: model.Value) -> model.Leaf:
    """A figure without a table."""
    return model.Leaf(value, SPAN)


def klass(name: str, *identities: str, lookback: int | None = None) -> model.Class:
    """A class of the standing table."""
    asked = None if lookback is None else model.OnApplication(lookback, True, False)
    return model.Class(name, identities, (), asked, CITED, SPAN)


def policy(
    classes: tuple[model.Class, ...],
    benefits: tuple[model.Benefit, ...],
    *,
    paid: tuple[model.Paid, ...] = (),
    expenses: tuple[model.Expense, ...] = (),
    shared_limits: tuple[model.SharedLimit, ...] = (),
    warnings: tuple[model.Warning_, ...] = (),
) -> model.Policy:
    """A policy of 2023 on."""
    in_scope = model.Expense("in_scope", "in_scope", None, of(SCOPE), CITED, SPAN)
    return model.Policy(
        "by hand", "by_hand", CITED,
        model.Force(dt.date(2023, 1, 1), None, dt.date(2023, 1, 1), (), SPAN),
        DAY, tuple(i for k in classes for i in k.identities), {},
        model.Standing("who", classes, CITED, SPAN),
        (TOTAL, SCOPE, BASIC, DAY), (), (in_scope, *expenses), paid, shared_limits,
        benefits, (), warnings, (), (), (BASIC,), (), (), (), (),
    )  # fmt: skip


def liaocheng() -> model.Policy:
    """Assistance and re-assistance of Liaocheng with the monitoring warning."""
    basic = model.Paid("basic", "basic", "in_scope", of(BASIC), CITED, SPAN)
    assistance = benefit(
        "assistance",
        deductible=by_standing(
            {
                "one": deductible(None),
                "two": deductible(3000),
                "three": deductible(10000),
            }
        ),
        rates=by_standing({"one": rate(70), "two": rate(50), "three": rate(60)}),
        limits=by_standing(
            {"one": limits(30000), "two": limits(15000), "three": limits(20000)}
        ),
        less=("basic",),
    )
    reassistance = benefit(
        "reassistance",
        deductible=by_standing(
            {"one": deductible(5000), "two": deductible(10000), "three": None}
        ),
        rates=by_standing({"one": rate(70), "two": rate(70), "three": None}),
        limits=by_standing({"one": limits(20000), "two": limits(15000), "three": None}),
        less=("basic", "assistance"),
        settle=model.SettleMode.PER_CLAIM_YEAR_END_TOP_UP,
    )
    burden = model.Binary(
        MONEY,
        Operator.SUB,
        of(TOTAL),
        model.AmountRef(MONEY, "paid", "basic", SPAN),
        SPAN,
    )
    watched = model.Threshold(Operator.NOT_OVER, fen("18780"), SPAN)
    unwatched = model.Threshold(Operator.NOT_OVER, None, SPAN)
    warning = model.Warning_(
        "warning", "warning", burden,
        model.ThresholdTable({"two": watched, "one": unwatched}, None, SPAN), CITED, SPAN,
    )  # fmt: skip
    classes = (
        klass("one", "特困", "低保"),
        klass("two", "监测", "低保边缘"),
        klass("three", "因病致贫", lookback=12),
    )
    return policy(
        classes, (assistance, reassistance), paid=(basic,), warnings=(warning,)
    )
