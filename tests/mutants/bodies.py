"""A file's text before and after a change comes in; its functions do what the second says.

So a change can be tried without importing everything again. Only where nothing but bodies
of functions changed; what a module does while it is imported is not done again.
"""

from __future__ import annotations

import gc
import inspect
import warnings
from types import CodeType, FunctionType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# Run where they stand, not when they are called.
AT_ONCE = {"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"}


def is_body(code: CodeType) -> bool:
    """Whether it is a function's, not a module's or a class's or run at once."""
    return bool(code.co_flags & inspect.CO_OPTIMIZED) and code.co_name not in AT_ONCE


def around(code: CodeType) -> tuple[object, ...]:
    """What a module or class does outside of the bodies of its functions."""
    inner: list[object] = []
    for constant in code.co_consts:
        if not isinstance(constant, CodeType):
            inner.append((type(constant), constant))
        elif is_body(constant):
            inner.append(constant.co_name)
        else:
            inner.append(around(constant))
    return (code.co_code, code.co_names, code.co_varnames, *inner)


def paired(before: CodeType, after: CodeType) -> dict[CodeType, CodeType]:
    """Which body became which, inner ones too."""
    found: dict[CodeType, CodeType] = {}
    for old, new in zip(before.co_consts, after.co_consts, strict=False):
        if isinstance(old, CodeType) and isinstance(new, CodeType) and old != new:
            if is_body(old):
                found[old] = new
            found |= paired(old, new)
    return found


def changed(before: str, after: str) -> dict[CodeType, CodeType] | None:
    """Which body became which; None where more was changed than bodies."""
    with warnings.catch_warnings():  # `is not 1`: a change like others
        warnings.simplefilter("ignore", SyntaxWarning)
        old, new = compile(before, "before", "exec"), compile(after, "after", "exec")
    return paired(old, new) if around(old) == around(new) else None


def put(path: Path, bodies: dict[CodeType, CodeType]) -> bool:
    """Give the living functions of a file their new bodies; whether there were any."""
    found = 0
    for one in gc.get_objects():
        if not isinstance(one, FunctionType) or one.__code__ not in bodies:
            continue
        if one.__code__.co_filename == str(path):
            one.__code__ = bodies[one.__code__]
            found += 1
    return found > 0
