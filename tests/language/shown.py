"""A small policy is checked; what its expressions say goes out in lines that tests compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.compile import Options, check_sources
from jiugao.policy import model
from jiugao.source import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jiugao.diagnostics import Diagnostics


def checked_text(
    text: str, settings: Mapping[str, str] | None = None
) -> tuple[model.Policy | None, Diagnostics]:
    """The policy that the text says, if it is one, and what was found."""
    return check_sources([Source("-", text)], Options(settings or {}))


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
