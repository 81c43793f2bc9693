"""Parsed files and a day come in; the files without figures published after it go out.

A replay "as known on" a day uses no figure that nobody knew then: where it would begin,
the figure is not known, as before its announcement. Rows without 公布 were always known.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jiugao.syntax import tree

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from jiugao.diagnostics import Diagnostics


def known_by(
    documents: Iterable[tree.Document],
    day: dt.date,
    settings: Mapping[str, str],
    found: Diagnostics,
) -> list[tree.Document]:
    """The files as they could have been written on the day.

    A figure of which nothing was published yet is a finding; one that is set stands.
    """

    def known_block(block: tree.Block) -> tree.Block:
        match block:
            case tree.Policy(items=items) | tree.Overlay(items=items):
                return replace(block, items=tuple(map(known_item, items)))
            case _:
                return block

    def known_item(item: tree.Item) -> tree.Item:
        if not isinstance(item, tree.Parameter) or item.name.text in settings:
            return item
        known = tuple(row for row in item.values if not later(row, day))
        if item.values and not known:
            name, span = item.name.text, item.name.span
            found.add("E694", span, name=name, day=day.isoformat())
        return replace(item, values=known)

    return [
        replace(document, policies=tuple(map(known_block, document.policies)))
        for document in documents
    ]


def later(row: tree.DatedValue, day: dt.date) -> bool:
    """Whether a figure was published after a day."""
    return row.published is not None and row.published.value > day
