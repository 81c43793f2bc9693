"""A checked expression comes in; what it says goes out in a line, as tests compare it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.policy import model

if TYPE_CHECKING:
    from jiugao.diagnostics import Diagnostics


def errors(found: Diagnostics) -> list[tuple[str, str]]:
    """Codes of mistakes with the text at which each is told; no warnings."""
    told = [d for d in found if d.code.startswith("E")]
    return [(d.code, d.span.text if d.span else "") for d in told]


def shown(one: model.Expression | None) -> str:
    """The expression in words and brackets."""
    match one:
        case None:
            return "none"
        case model.Const(value=value):
            return str(value)
        case model.InputRef(input=column):
            return column.name
        case model.ParameterRef(parameter=parameter, last_year=last):
            return f"last {parameter.name}" if last else parameter.name
        case model.AmountRef(of=of, name=name):
            return f"{of} {name}"
        case model.YearFigure(of=of, name=name, last_year=last):
            return f"last {of} {name}" if last else f"{of} {name}"
        case model.StandingRef():
            return "standing"
        case model.DayRef():
            return "day"
        case model.HoldsIdentity(identities=held):
            return f"holds {' '.join(held)}"
        case model.InSet(operand=operand, members=members):
            return f"{shown(operand)} in {' '.join(sorted(members))}"
        case model.InList(operand=operand, listed=listed):
            return f"{shown(operand)} on {listed.name}"
        case model.Not(operand=operand):
            return f"not {shown(operand)}"
        case model.Binary(operator=operator, left=left, right=right):
            return f"({shown(left)} {operator.name} {shown(right)})"
        case model.Conditional(value=value, condition=condition):
            return f"({shown(value)} if {shown(condition)})"
        case model.Smaller(left=left, right=right):
            return f"smaller({shown(left)}, {shown(right)})"
        case model.Excess(left=left, right=right):
            return f"excess({shown(left)}, {shown(right)})"
