"""What random policies are made of: choices, and the lines written so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")


@dataclass
class Written:
    """The lines of a policy so far and the names that later lines may use."""

    items: list[str] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    entitled: list[str] = field(default_factory=list)  # classes not on application
    identities: list[str] = field(default_factory=list)
    shared: list[str] = field(default_factory=list)
    figures: int = 0
    told: bool = False  # a benefit names a payee or a deadline

    def text(self) -> str:
        """The whole file."""
        inside = "\n".join(
            f"  {line}" for item in self.items for line in item.split("\n")
        )
        return f"方案 随机 (random) {{\n{inside}\n}}\n"


class Draw:
    """Choices, each made by one pick: `pick(n)` is a number from 0 up to n, excluded."""

    def __init__(self, pick: Callable[[int], int]) -> None:
        self._pick = pick

    def one(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self._pick(len(options))]

    def number(self, least: int, most: int) -> int:
        """From least to most, both included."""
        return least + self._pick(most - least + 1)

    def once_in(self, times: int) -> bool:
        """Now and then; no is plainer."""
        return self._pick(times) == times - 1

    def some(self, options: Sequence[T], most: int) -> list[T]:
        """One or more different ones, in the order given."""
        count = self.number(1, min(most, len(options)))
        left = list(range(len(options)))
        chosen = {left.pop(self._pick(len(left))) for _ in range(count)}
        return [option for n, option in enumerate(options) if n in chosen]
