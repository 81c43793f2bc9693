"""`input 属于 …` over texts and lists from files comes in; what is tested goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.policy import model
from jiugao.policy.members import values
from jiugao.policy.nearest import report_unknown
from jiugao.syntax import tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiugao.diagnostics import Diagnostics
    from jiugao.policy.scope import Scope
    from jiugao.source import Span


def list_named(scope: Scope, item: tree.Expression) -> model.CodeList | None:
    """The list from a file that a member names."""
    if isinstance(item, tree.Name):
        return scope.code_lists.get(item.text)
    return None


def membership(
    scope: Scope,
    found: Diagnostics,
    left: model.InputRef,
    items: Sequence[tree.Expression],
    span: Span,
) -> model.Expression | None:
    """Whether a text or a code is one of those written or on one of the lists."""
    tests: list[model.Expression] = []
    members: set[str] = set()
    for item in items:
        listed = list_named(scope, item)
        if listed is not None:
            check_codes(left.input, listed, found)
            tests.append(model.InList(model.Kind.FLAG, left, listed, span))
            continue
        written = written_member(scope, found, left, item)
        if written is None:
            return None
        members |= written
    if members:
        tests.append(model.InSet(model.Kind.FLAG, left, frozenset(members), span))
    whole = tests[0]
    for test in tests[1:]:
        either = tree.Operator.OR
        whole = model.Binary(model.Kind.FLAG, either, whole, test, span)
    return whole


def written_member(
    scope: Scope, found: Diagnostics, left: model.InputRef, item: tree.Expression
) -> frozenset[str] | None:
    """A text as written, or the codes that a label stands for."""
    if left.kind is model.Kind.CODE:
        return values(scope, found, left, item)
    match item:
        case tree.Literal(unit=tree.Unit.TEXT, value=str() as text):
            return frozenset((text,))
        case tree.Name():
            report_unknown(found, item.span, item.text, scope.code_lists)
        case _:
            found.add("E301", item.span, wanted="@text", found="@other")
    return None


def check_codes(
    column: model.Input, listed: model.CodeList, found: Diagnostics
) -> None:
    """E659: a code of the list that a coded column cannot have."""
    if column.kind is not model.Kind.CODE or listed.source is None:
        return
    for row in listed.rows:
        if row.code not in column.codes:
            words = {
                "row": str(row.row),
                "file": listed.source.name,
                "listed": row.code,
            }
            found.add("E659", row.span, input=column.name, **words)
