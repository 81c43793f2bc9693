"""Trees as short text for expectations: `Rate(7/10)`, without places.

Money and rates are shown as they would be written, names bare, what is absent left out.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from enum import Enum
from fractions import Fraction

from jiugao.syntax import tree


def bare(node: object) -> object:
    """A tree as plain tuples without places and comments, for comparing."""
    if dataclasses.is_dataclass(node) and not isinstance(node, type):
        fields = [f.name for f in dataclasses.fields(node)]
        kept = [f for f in fields if f not in {"span", "comments"}]
        return (type(node).__name__, *((f, bare(getattr(node, f))) for f in kept))
    if isinstance(node, tuple):
        return tuple(bare(n) for n in node)
    return node


def show(node: object) -> str:
    """One node with what it holds."""
    match node:
        case tree.Name():
            return f"「{node.text}」" if node.quoted else node.text
        case tree.Literal():
            return amount(node)
        case tree.Date():
            return node.value.isoformat()
        case tree.Duration():
            return f"{node.count} {node.unit}"
        case tuple():
            return f"[{', '.join(show(n) for n in node)}]"
        case Enum():
            return str(node.value)
        case dt.date() | str() | int() | Fraction():
            return str(node)
    assert dataclasses.is_dataclass(node), node
    held = []
    for f in dataclasses.fields(node):
        value = getattr(node, f.name)
        if f.name in {"span", "comments"} or value is None or value in ((), False):
            continue
        held.append(f"{f.name}={value}" if value is True else show(value))
    return f"{type(node).__name__}({', '.join(held)})"


def amount(node: tree.Literal) -> str:
    """5000 yuan, 7/10, 1/20 points, 12, "text", yes."""
    match node.unit:
        case tree.Unit.MONEY:
            return f"{node.value} yuan"
        case tree.Unit.POINTS:
            return f"{node.value} points"
        case tree.Unit.TEXT:
            return f'"{node.value}"'
        case tree.Unit.FLAG:
            return "yes" if node.value else "no"
        case tree.Unit.RATE | tree.Unit.COUNT:
            return str(node.value)
