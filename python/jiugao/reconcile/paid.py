"""Benefits and the columns a file has come in; what is held against what goes out."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from jiugao.results.policy import Policy


@dataclass(frozen=True)
class Held:
    """Benefits whose due is held, together, against the sum of `columns`.

    More than one benefit where the file has no column of its own for one of them: its
    payment is then inside the column of the benefit before it, of the same payer.
    """

    benefits: tuple[str, ...]
    payer: str
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name in adjustments: the benefit, or several joined by +."""
        return "+".join(self.benefits)


def held(policy: Policy, present: AbstractSet[str]) -> tuple[Held, ...]:
    """Group the benefits by the columns that say what was really paid.

    A benefit without any column of its own or of an earlier one of its payer is left out:
    there is nothing to hold it against.
    """
    groups: list[Held] = []
    actual = policy.actual_columns()
    for benefit in policy.body.benefits:
        columns = tuple(c for c in actual[benefit.code] if c in present)
        shared = next((g for g in groups if set(g.columns) & set(columns)), None)
        if not columns and actual[benefit.code]:
            shared = next(
                (g for g in reversed(groups) if g.payer == benefit.payer), None
            )
        if shared is not None:
            merged = tuple(dict.fromkeys((*shared.columns, *columns)))
            grown = Held((*shared.benefits, benefit.code), shared.payer, merged)
            groups[groups.index(shared)] = grown
        elif columns:
            groups.append(Held((benefit.code,), benefit.payer, columns))
    return tuple(groups)
