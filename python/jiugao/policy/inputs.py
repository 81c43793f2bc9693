"""Declared columns come in (the profile's and the policy's own); inputs by name go out.

A policy's own declaration stands in place of the profile's of the same name.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.diagnostics import Diagnostics, Related
from jiugao.policy import model
from jiugao.policy.gather import Gathered, cite
from jiugao.policy.literals import KINDS, kind_word
from jiugao.policy.nearest import report_unknown
from jiugao.policy.scope import FUND_LIST
from jiugao.syntax import tree

if TYPE_CHECKING:
    from collections.abc import Iterable

TABLES = {
    "结算": "claims", "claims": "claims",
    "机构": "institutions", "institutions": "institutions",
    "参保": "enrolment", "enrolment": "enrolment",
    "人员": "people", "people": "people",
}  # fmt: skip

Default = Fraction | str | bool | dt.date | None


@dataclass(frozen=True)
class Columns:
    """All inputs: on claims (with institutions'), on enrolment, and identity codes."""

    claims: dict[str, model.Input]  # by label and by column
    enrolment: dict[str, model.Input]
    people: model.Input | None
    lists: dict[str, tree.NameList]
    funds: tuple[model.Input, ...]


def read_columns(gathered: Gathered, found: Diagnostics) -> Columns:
    """Inputs of the profiles, then the policy's own over them."""
    claims: dict[str, model.Input] = {}
    enrolment: dict[str, model.Input] = {}
    people: model.Input | None = None
    own = {p.node.name.text: p.node for p in gathered.of(tree.Input)}
    standard = [i for p in gathered.profiles for i in p.items]
    for node in (*(i for i in standard if isinstance(i, tree.Input)), *own.values()):
        read = read_input(node, found, claims.get(node.column))
        if read is None:
            continue
        if read.table == "people":
            people = read
            continue
        into = enrolment if read.table == "enrolment" else claims
        for spelling in (read.name, read.column, *read.alternatives):
            into[spelling] = read
    lists = {i.name.text: i for i in standard if isinstance(i, tree.NameList)}
    lists.update({p.node.name.text: p.node for p in gathered.of(tree.NameList)})
    funds = lists.get(FUND_LIST)
    members = funds.members if funds else ()
    columns = tuple(claims[m.text] for m in members if m.text in claims)
    return Columns(claims, enrolment, people, lists, columns)


def declared_columns(document: tree.Document, table: str) -> frozenset[str]:
    """Columns of a table that a file declares, whether or not some rule reads them."""
    items = (item for policy in document.policies for item in policy.items)
    own = (i for i in items if isinstance(i, tree.Input))
    of_table = (
        i for i in own if (TABLES.get(i.table.text) if i.table else "claims") == table
    )
    return frozenset(n for i in of_table for n in (i.column, *i.alternatives))


def read_input(
    node: tree.Input, found: Diagnostics, standard: model.Input | None
) -> model.Input | None:
    """One column with its kind, table, default and codes.

    Codes of institutions that are not written are those of the `standard` column of that
    name.
    """
    kind = KINDS.get(node.kind.text)
    if kind is None:
        report_unknown(found, node.kind.span, node.kind.text, KINDS)
        return None
    table = TABLES.get(node.table.text) if node.table else "claims"
    if table is None:
        assert node.table is not None
        report_unknown(found, node.table.span, node.table.text, TABLES)
        return None
    codes: dict[str, str] = {}
    for code in node.codes:
        if code.value in codes:
            found.add("E204", code.span, name=code.value)
        codes[code.value] = code.label.text
    ascending = node.ascending and kind is model.Kind.CODE
    if standard is not None and standard.kind is kind and not codes:
        same = table == standard.table == "institutions"
        codes = dict(standard.codes) if same else codes
        ascending = ascending or (same and standard.ascending)
    default = read_default(node, kind, codes, found)
    check_input(node, kind, table, found)
    return model.Input(
        name=node.name.text,
        column=f"{node.via.text}.{node.column}" if node.via else node.column,
        kind=kind,
        table=table,
        required=node.default is None,
        default=default,
        codes=codes,
        span=node.span,
        cited=cite(node.citation),
        alternatives=() if node.via else node.alternatives,
        ascending=ascending,
    )


def check_input(
    node: tree.Input, kind: model.Kind, table: str, found: Diagnostics
) -> None:
    """由低到高 is for codes that are listed; 按 a code is for institutions."""
    if node.ascending and (kind is not model.Kind.CODE or len(node.codes) < 2):  # noqa: PLR2004
        found.add("E311", node.kind.span, name=node.name.text)
    if node.via is not None and table != "institutions":
        found.add("E312", node.via.span, name=node.name.text)


def read_default(
    node: tree.Input, kind: model.Kind, codes: dict[str, str], found: Diagnostics
) -> Default:
    """What an absent column or an empty cell means."""
    match node.default, kind:
        case None, _:
            return None
        case tree.Literal(unit=tree.Unit.MONEY, value=Fraction() as yuan), (
            model.Kind.MONEY
        ):
            return yuan * 100
        case tree.Literal(unit=tree.Unit.COUNT, value=Fraction() as count), (
            model.Kind.COUNT
        ):
            return count
        case tree.Literal(unit=tree.Unit.FLAG, value=bool() as flag), model.Kind.FLAG:
            return flag
        case tree.Literal(unit=tree.Unit.TEXT, value=str() as text), model.Kind.TEXT:
            return text
        case tree.Date(value=day), model.Kind.DATE:
            return day
        case tree.Name(text=label), model.Kind.CODE:
            for code, known in codes.items():
                if label in (code, known):
                    return code
            report_unknown(found, node.default.span, label, codes.values())
        case _:
            span = node.default.span
            related = Related(node.kind.span, "here")
            wanted, written = f"@{kind.value}", kind_word(node.default)
            found.add("E301", span, related, wanted=wanted, found=written)
    return None


def codes_of(coded: model.Input, label: str) -> frozenset[str]:
    """The codes that a label or a code text stands for; empty: none."""
    if label in coded.codes:
        return frozenset((label,))
    return frozenset(code for code, known in coded.codes.items() if known == label)


def spellings(coded: model.Input) -> Iterable[str]:
    """What may be written for a value of a coded input."""
    return (*coded.codes.values(), *coded.codes)
