"""A benefit's settings come in; those that a reading decides go out beside the others.

In a table by a reading (口径) a row may hold any setting: the row of the chosen option is
as if written in the benefit itself. Figures stay in their table.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.policy.tables import Row, resolve
from jiugao.syntax import tree

if TYPE_CHECKING:
    from jiugao.policy.expressions import Typing

STAY = (
    tree.Citation, tree.Deductible, tree.Gate, tree.Rate, tree.PartRates, tree.Bands,
    tree.Limit, tree.Fixed, tree.By, tree.NotEntitled, tree.Tilt, tree.Replaces, tree.BestOf,
)  # fmt: skip


@dataclass(frozen=True)
class Lifted:
    """The settings under the chosen readings, and those of the rows not chosen.

    `lost`: a table had findings, so what the benefit says is not all here.
    """

    settings: tuple[tree.Setting, ...]
    others: tuple[tree.Setting, ...] = ()
    lost: bool = False


def lifted(typing: Typing, written: tuple[tree.Setting, ...]) -> Lifted:
    """All settings of a benefit, tables by readings taken apart."""
    settings: list[tree.Setting] = []
    others: list[tree.Setting] = []
    lost = False
    for setting in written:
        if isinstance(setting, tree.By) and by_reading(typing, setting):
            apart = taken_apart(typing, setting)
            settings += apart.settings
            others += apart.others
            lost = lost or apart.lost
        else:
            settings.append(setting)
    return Lifted(tuple(settings), tuple(others), lost)


def by_reading(typing: Typing, by: tree.By) -> bool:
    """Whether a table looks at a reading and has rows with more than figures.

    A name that is not known may be a reading's, misspelt.
    """
    subject = by.subject
    if not isinstance(subject, tree.Name):
        return False
    scope = typing.scope
    parameter = scope.parameters.get(subject.text)
    more = any(not isinstance(s, STAY) for row in by.rows for s in row.settings)
    if parameter is None:
        return more and scope.what(subject.text) in (None, "@parameter")
    return more and bool(parameter.options)


def taken_apart(typing: Typing, by: tree.By) -> Lifted:
    """The chosen row's own settings, and the table that is left of the figures."""
    rows = [Row(row.keys, row.span) for row in by.rows]
    resolved = resolve(typing, by.subject, rows, by.span)
    if resolved is None or resolved.chosen is None:
        every = (s for row in by.rows for s in row.settings)
        return Lifted((), tuple(every), lost=True)
    more = [tuple(s for s in r.settings if not isinstance(s, STAY)) for r in by.rows]
    chosen = more[resolved.chosen]
    others = [s for i, own in enumerate(more) if i != resolved.chosen for s in own]
    kept = tuple(
        replace(row, settings=tuple(s for s in row.settings if isinstance(s, STAY)))
        for row in by.rows
    )
    if not any(row.settings for row in kept):
        return Lifted(chosen, tuple(others))
    return Lifted((*chosen, replace(by, rows=kept)), tuple(others))
