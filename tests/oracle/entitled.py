"""A benefit and a standing come in; whether it can pay anyone of that standing goes out."""

from __future__ import annotations

from typing import assert_never

from jiugao.policy import model
from jiugao.syntax.tree import Operator


def may_pay(benefit: model.Benefit, standing: str | None) -> bool:
    """Whether some claim of a person of this standing could be paid."""
    if benefit.applies is not None and truth(benefit.applies, standing) is False:
        return False
    figures = (benefit.deductible, benefit.gate, benefit.rates, benefit.limits)
    return all(may_lead(figure, standing) for figure in figures if figure is not None)


def may_lead(figure: model.Figure, standing: str | None) -> bool:
    """Whether the tables lead anywhere but to 不享受 for the standing."""
    match figure:
        case model.NotEntitled():
            return False
        case model.Leaf():
            return True
        case model.Table(subject=model.StandingRef()):
            if standing is None:
                return False
            arms = [arm for arm in figure.arms if standing in arm.keys]
            arms = arms or [arm for arm in figure.arms if arm.others]
            return any(may_lead(arm.body, standing) for arm in arms)
        case model.Table():
            known = truth(figure.subject, standing)
            return any(
                may_lead(arm.body, standing)
                for arm in figure.arms
                if known is None or arm.others or known in arm.keys
            )
    assert_never(figure)


def truth(condition: model.Expression, standing: str | None) -> bool | None:
    """What the standing alone decides of a condition; None: nothing."""
    match condition:
        case model.Not(operand=operand):
            value = truth(operand, standing)
            return None if value is None else not value
        case model.InSet(operand=model.StandingRef(), members=members):
            return standing in members
        case model.Binary(
            operator=Operator.IS, left=model.StandingRef(), right=model.Const(value=v)
        ):
            return standing == v
        case model.Binary(operator=Operator.AND, left=left, right=right):
            both = (truth(left, standing), truth(right, standing))
            return False if False in both else True if both == (True, True) else None
        case model.Binary(operator=Operator.OR, left=left, right=right):
            both = (truth(left, standing), truth(right, standing))
            return True if True in both else False if both == (False, False) else None
        case _:
            return None
