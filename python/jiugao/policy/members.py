"""A value of a table or of 属于 comes in; the codes or classes it stands for go out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.policy import model
from jiugao.policy.inputs import codes_of, spellings
from jiugao.policy.literals import option_name
from jiugao.policy.nearest import report_unknown
from jiugao.syntax import tree

if TYPE_CHECKING:
    from jiugao.diagnostics import Diagnostics
    from jiugao.policy.scope import Scope


def values(
    scope: Scope, found: Diagnostics, subject: model.Expression, item: tree.Expression
) -> frozenset[str] | None:
    """The codes or classes that a label, a code or a list stands for."""
    if isinstance(item, tree.LevelRange):
        return levels(scope, found, subject, item)
    text = option_name(item) or item.span.text
    group = scope.lists.get(text)
    match subject:
        case model.StandingRef():
            if text in scope.classes:
                return frozenset((text,)) & classes_in_force(scope)
            known: tuple[str, ...] = scope.classes
        case model.InputRef(input=coded):
            codes = codes_of(coded, text)
            if codes:
                return codes
            known = (*spellings(coded), *scope.lists)
            if not coded.codes and isinstance(item, tree.Literal):
                return frozenset((text,))
        case _:
            known = ()
    if group is None:
        report_unknown(found, item.span, text, known)
        return None
    members: set[str] = set()
    for member in group.members:
        covered = values(scope, found, subject, member)
        if covered is None:
            return None
        members |= covered
    return frozenset(members)


def levels(
    scope: Scope, found: Diagnostics, subject: model.Expression, item: tree.LevelRange
) -> frozenset[str] | None:
    """县级以上: the code named and those after it in the input's list.

    A list of that very name comes first. The codes must be said to stand in order.
    """
    group = scope.lists.get(item.span.text)
    if group is not None:
        name = tree.Name(item.span, item.span.text)
        return values(scope, found, subject, name)
    if not isinstance(subject, model.InputRef):  # classes have no 以上
        report_unknown(found, item.span, item.span.text, scope.classes)
        return None
    named = values(scope, found, subject, item.level)
    if named is None:
        return None
    if not subject.input.ascending:
        found.add("E313", item.span, name=subject.input.name, text=item.span.text)
        return None
    codes = list(subject.input.codes)
    place = min(codes.index(code) for code in named)
    return frozenset(codes[place:] if item.upward else codes[: place + 1])


def classes_in_force(scope: Scope) -> frozenset[str]:
    """The classes of the standing table under the chosen readings."""
    standing = scope.standing
    return frozenset(c.name for c in standing.classes) if standing else frozenset()
