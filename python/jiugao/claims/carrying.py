"""Opening balances under the names of a replaced policy come in; under those of its heir, out.

The heir's text (承接) says which totals go on as what; the others begin at nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from jiugao.claims.findings import DataError

if TYPE_CHECKING:
    from jiugao.claims.files import DataFile
    from jiugao.program.body import Carried, Program

YEAR = "year."
LEFT = "year.left."
EXACT = frozenset({"base", "accrued"})  # kinds that have more decimals than money


@dataclass(frozen=True)
class Heir:
    """The policy that reads the table: its code and name, and which policies it carries."""

    code: str
    name: str
    carried: Mapping[str, Carried] = field(default_factory=dict)

    @staticmethod
    def of(program: Program) -> Heir:
        """That of a program."""
        head = program.policy
        return Heir(head.code, head.name, {c.code: c for c in program.carried})

    def at_nothing(self, limits: Sequence[str]) -> list[tuple[str, str]]:
        """(policy, accumulator) of shared limits that begin unused, as the text has it."""
        return [
            (code, f"{limit}.used")
            for code, carried in self.carried.items()
            for limit in limits
            if limit not in {t.new for t in carried.totals if t.sort == "limit"}
        ]


@dataclass(frozen=True)
class Renamed:
    """The rows with their new names, with `origin` (policy and old name, empty: its own).

    `left`: by policy and accumulator, rows of totals that do not go on.
    """

    rows: pa.Table
    left: Mapping[str, Mapping[str, int]]


def renamed(
    rows: pa.Table,
    heir: Heir,
    decimals: Mapping[str, tuple[int, str]],
    files: Sequence[DataFile],
) -> Renamed:
    """What a table of opening balances says, in the heir's names.

    `decimals`: of each accumulator of the heir, with its kind. Raises DataError (D801) for
    rows of a policy that the heir does not carry.
    """
    told = rows["policy"].fill_null("")
    own = pc.or_(pc.equal(told, ""), pc.equal(told, heir.code))
    rows = rows.drop_columns(["policy"])
    nothing = pa.array([""] * len(rows), pa.string())
    if pc.all(own).as_py() is not False:
        same = rows.append_column("origin", nothing).append_column("from", nothing)
        return Renamed(same, {})
    whole = rows.append_column("policy", told)
    strange = whole.filter(pc.invert(pc.is_in(told, value_set=_known(heir))))
    if len(strange):
        names = {file.number: file.name for file in files}
        first = strange.slice(0, 1).to_pylist()[0]
        raise DataError(
            "D801", file=names.get(first["file"], ""), row=str(first["row"]),
            policy=first["policy"], name=heir.name,
        )  # fmt: skip
    parts = [_own(whole.filter(own))] if pc.any(own).as_py() else []
    left: dict[str, dict[str, int]] = {}
    for code in heir.carried:
        mine = whole.filter(pc.equal(whole["policy"], code))
        names = pc.unique(mine["accumulator"]).to_pylist()
        new = {name: new_name(heir.carried[code], name, decimals) for name in names}
        going = pa.array([n for n, to in new.items() if to is not None], pa.string())
        goes = pc.is_in(mine["accumulator"], value_set=going)
        counts = mine.filter(pc.invert(goes)).group_by("accumulator")
        counted = counts.aggregate([([], "count_all")]).sort_by("accumulator")
        if len(counted):
            left[code] = dict(zip(*(c.to_pylist() for c in counted.columns), strict=True))  # fmt: skip
        parts.append(_carried(mine.filter(goes), code, new, decimals))
    schema = _own(whole.slice(0, 0)).schema
    plain = pa.schema([(f.name, f.type) for f in schema])
    return Renamed(pa.concat_tables([p.cast(plain) for p in parts]), left)


def _known(heir: Heir) -> pa.Array:
    return pa.array(["", heir.code, *heir.carried])


def _own(rows: pa.Table) -> pa.Table:
    nothing = pa.array([""] * len(rows), pa.string())
    rows = rows.drop_columns(["policy"])
    return rows.append_column("origin", nothing).append_column("from", nothing)


def new_name(
    carried: Carried, name: str, known: Mapping[str, tuple[int, str]]
) -> str | None:
    """What an accumulator of the replaced policy is here; None: it does not go on.

    Totals of the year's bills go on under their own names, as far as they are known here.
    """
    head, _, rest = name.rpartition(".") if name.startswith(YEAR) else name.partition(".")  # fmt: skip
    for total in carried.totals:
        match total.sort:
            case "limit" if name == f"{total.old}.used":
                return f"{total.new}.used"
            case "indicator" if name == f"{total.old}.sum":
                return f"{total.new}.sum"
            case "expense" if name == LEFT + total.old:
                return LEFT + total.new
            case "benefit" if head == total.old and rest != "used":
                return f"{total.new}.{rest}"
            case _:
                pass
    renamed_to = {LEFT + t.new for t in carried.totals if t.sort == "expense"}
    goes = name.startswith(YEAR) and name in known and name not in renamed_to
    return name if goes else None


def _carried(
    rows: pa.Table,
    code: str,
    new: Mapping[str, str | None],
    known: Mapping[str, tuple[int, str]],
) -> pa.Table:
    old = rows["accumulator"].to_pylist()
    names = [new[name] or name for name in old]
    amounts = [
        fitted(amount, *known.get(name, (0, "")))
        for amount, name in zip(rows["amount"].to_pylist(), names, strict=True)
    ]
    columns = {
        **{n: rows[n] for n in rows.column_names if n != "policy"},
        "accumulator": pa.array(names, pa.string()),
        "amount": pa.array(amounts, pa.string()),
        "origin": pa.array([f"{code} {name}" for name in old], pa.string()),
        "from": pa.array([code] * len(rows), pa.string()),
    }
    return pa.table(columns)


def fitted(amount: str, decimals: int, kind: str) -> str:
    """An exact total with no more decimals than are counted here, half up.

    The replaced policy's rates may have had more. Anything else stays as it is written.
    """
    short = "/" not in amount and len(amount.rpartition(".")[2]) <= decimals
    if kind not in EXACT or short:
        return amount
    try:
        exact = Fraction(amount) * 10**decimals
    except (ValueError, ZeroDivisionError):
        return amount
    if exact.denominator == 1:
        return amount
    units = int(abs(exact) + Fraction(1, 2))
    sign = "-" if exact < 0 else ""
    return f"{sign}{units // 10**decimals}.{units % 10**decimals:0{decimals}d}"
