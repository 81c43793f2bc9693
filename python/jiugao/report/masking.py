"""A number of a person comes in; what a report shows of it, unless asked for all, goes out."""

from __future__ import annotations

ENDS = 4  # signs left at both ends of a long number
LONG = 12


def masked(number: str) -> str:
    """The ends of a number, which tell one from another, and stars between them."""
    ends = ENDS if len(number) >= LONG else min(1, len(number) // 3)
    hidden = len(number) - 2 * ends
    return number[:ends] + "*" * hidden + number[len(number) - ends :]
