"""Where a rule is written, as the messages about it tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jiugao.diagnostics import Argument
    from jiugao.policy import model
    from jiugao.syntax import tree


def cited_words(written: model.Cited | tree.Citation | None) -> dict[str, Argument]:
    """The arguments `clauses` and `text`."""
    if written is None:
        return {"clauses": (), "text": "—"}
    return {"clauses": written.clauses, "text": written.text}
