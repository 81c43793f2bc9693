"""The evaluator's fractions: Python's own, or the same in C where quicktions is installed.

Only the long run is meant to have quicktions; what either gives is the same number.
"""

from __future__ import annotations

import fractions
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING or find_spec("quicktions") is None:
    from fractions import Fraction
else:
    from quicktions import Fraction

__all__ = ["Fraction", "own", "plain"]


def plain(value: object) -> object:
    """A whole fraction as an int, for speed; anything else unchanged."""
    if isinstance(value, Fraction) and value.denominator == 1:
        return value.numerator
    return value


def own(value: object) -> object:
    """A value of the policy: a fraction as one of the evaluator's; else unchanged."""
    return plain(Fraction(value) if isinstance(value, fractions.Fraction) else value)
