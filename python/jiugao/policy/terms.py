"""Named conditions (条件) come in; what they cite goes out, each read once by itself.

Rules that name one read it in their own place; here a mistake in one that nothing names is
found too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.policy import model
from jiugao.policy.expressions import Typing
from jiugao.policy.scope import Place
from jiugao.syntax import tree

if TYPE_CHECKING:
    from jiugao.diagnostics import Diagnostics
    from jiugao.policy.gather import Gathered
    from jiugao.policy.scope import Scope


def read_terms(
    gathered: Gathered, scope: Scope, found: Diagnostics
) -> tuple[model.Term, ...]:
    """Every named condition of the policy."""
    typing = Typing(scope, found, Place.CLAIM)
    read: list[model.Term] = []
    for placed in gathered.of(tree.Term):
        node = placed.node
        if typing.name(node.name) is not None:
            cited = placed.cited(node.citation)
            read.append(model.Term(node.name.text, cited, node.span))
    return tuple(read)
