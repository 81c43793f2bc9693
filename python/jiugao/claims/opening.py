"""Tables of opening balances come in; what each person's year begins with goes out, exactly.

One row is one total: person, benefit year, accumulator (a name of the program), amount. A
person any of whose rows cannot be used has no opening balance at all: settled from nothing,
the same money would be paid twice. Claims of such a person are rejected by the engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from jiugao.claims.carrying import Heir, renamed
from jiugao.claims.files import DataFile
from jiugao.claims.findings import Reason
from jiugao.claims.rejects import Rejects
from jiugao.claims.source import small_table
from jiugao.program.dates import date
from jiugao.years import Years

if TYPE_CHECKING:
    from jiugao.program.body import Program

TABLE = "opening"
LAST_YEAR = 9999
PASSED = pa.schema(
    [
        ("psn_no", pa.string()),
        ("benefit_year", pa.int32()),
        ("accumulator", pa.string()),
        ("amount", pa.string()),
        ("until", pa.date32()),
        ("broken", pa.bool_()),
    ]
)
ORDER = [(n, "ascending") for n in ("psn_no", "benefit_year", "accumulator")]

# What a row says of itself. `value`: yuan, NULL where it is a fraction.
ROWS = r"""
CREATE OR REPLACE TEMP TABLE told AS
SELECT r.*, a.name IS NOT NULL AS named, a.decimals, a.signed, a.kind, a.benefit, a.account,
       regexp_full_match(r.amount, '[+-]?[0-9]+(\.[0-9]+)?') AS plain,
       a.fraction AND regexp_full_match(r.amount, '-?[0-9]+/[0-9]*[1-9][0-9]*') AS parts,
       length(rtrim(regexp_extract(r.amount, '\.([0-9]+)$', 1), '0')) AS places,
       TRY_CAST(r.amount AS DECIMAL(38, 12)) AS value,
       count(*) OVER (PARTITION BY r.psn_no, r.benefit_year, r.accumulator) AS times,
       count(DISTINCT coalesce(r.until, DATE '0001-01-01')) OVER (PARTITION BY r.psn_no, r.benefit_year) AS untils
FROM given r LEFT JOIN known a ON a.name = r.accumulator
"""
FAULTS = """
CREATE OR REPLACE TEMP TABLE faults AS
SELECT file, row, psn_no, fault.column AS "column", fault.code AS code, fault.value AS value FROM (
    SELECT file, row, psn_no, CASE
        WHEN NOT named THEN {'column': 'accumulator', 'code': '$unknown', 'value': accumulator}
        WHEN benefit_year NOT BETWEEN $first AND $last
            THEN {'column': 'benefit_year', 'code': '$days', 'value': benefit_year::VARCHAR}
        WHEN $year_of_until <> benefit_year OR untils > 1
            THEN {'column': 'until', 'code': '$days', 'value': coalesce(until::VARCHAR, '')}
        WHEN NOT coalesce(plain, false) AND NOT coalesce(parts, false) OR plain AND abs(value) >= 1e15 OR plain AND value IS NULL
            THEN {'column': 'amount', 'code': '$money', 'value': amount}
        WHEN plain AND places > decimals
            THEN {'column': 'amount', 'code': if(decimals = 2, '$decimals', '$money'), 'value': amount}
        WHEN NOT signed AND (value < 0 OR parts AND amount LIKE '-%')
            THEN {'column': 'amount', 'code': '$negative', 'value': amount}
        WHEN times > 1 THEN {'column': 'accumulator', 'code': '$twice', 'value': accumulator}
    END AS fault FROM told
) WHERE fault IS NOT NULL
"""
# What the rows of a year say together, where none is wrong by itself: no more paid than there
# was to pay from, nothing left out without which the rest would be read wrongly.
TOGETHER = """
INSERT INTO faults
WITH told AS (
    SELECT * FROM told t WHERE psn_no NOT IN (SELECT psn_no FROM faults)
    AND NOT EXISTS (SELECT 1 FROM unread u WHERE u.psn_no = t.psn_no)
),
sums AS (
    SELECT psn_no, benefit_year, account, any_value(signed) AS signed, arg_min(file, (file, row)) AS file, arg_min(row, (file, row)) AS row,
           coalesce(sum(value) FILTER (WHERE kind = 'paid'), 0) AS paid,
           coalesce(sum(value) FILTER (WHERE kind = 'base'), 0) AS base
    FROM told WHERE account IS NOT NULL GROUP BY ALL
),
begun AS (SELECT DISTINCT psn_no, benefit_year, benefit, "from", file, row FROM told WHERE benefit IS NOT NULL AND value <> 0),
missing AS (
    SELECT b.psn_no, b.benefit_year, n.name, min((b.file, b.row)) AS place
    FROM begun b JOIN needs n USING (benefit)
    WHERE (b."from", n.name) NOT IN (SELECT (policy, name) FROM unused) AND NOT EXISTS (SELECT 1 FROM told t WHERE t.psn_no = b.psn_no AND t.benefit_year = b.benefit_year AND t.accumulator = n.name)
    GROUP BY ALL
)
SELECT file, row, psn_no, 'amount', '$sums', account || '.paid ' || paid::DECIMAL(38, 2)::VARCHAR
FROM sums WHERE NOT signed AND paid * 100 > ceil(base * 100) AND account IN (SELECT account FROM known WHERE kind = 'base')
UNION ALL
SELECT place[1], place[2], psn_no, 'accumulator', '$sums', name FROM missing
"""
OTHERS = """
INSERT INTO faults
SELECT file, row, psn_no, 'psn_no', '$other', psn_no FROM given g
WHERE psn_no IN (SELECT psn_no FROM barred) AND NOT EXISTS (SELECT 1 FROM faults f WHERE f.file = g.file AND f.row = g.row)
"""
BARRED = """
CREATE OR REPLACE TEMP TABLE barred AS
SELECT psn_no FROM faults UNION SELECT psn_no FROM unread WHERE psn_no IS NOT NULL
"""
USED = """
SELECT g.psn_no, g.benefit_year::INT AS benefit_year, g.accumulator, g.amount, g.until, false AS broken, g.file, g.row, g.origin
FROM given g WHERE psn_no NOT IN (SELECT psn_no FROM barred)
UNION ALL
SELECT psn_no, 0, '', '0', NULL, true, 0, 0, '' FROM barred
"""
JOINED = """
SELECT psn_no, benefit_year, accumulator, list(amount) AS amounts, max(until) AS until, bool_or(broken) AS broken,
       min(file) AS file, min(row) AS row, min(origin) AS origin
FROM rows_in GROUP BY ALL
"""


@dataclass(frozen=True)
class Known:
    """An accumulator of the program, as `Program.accumulators` tells it."""

    name: str
    decimals: int
    fraction: bool
    signed: bool
    kind: str
    benefit: str | None
    needed_by: tuple[str, ...]

    @property
    def account(self) -> str | None:
        """What S, E and P of one thing have in common."""
        return self.name.rpartition(".")[0] if self.benefit else None


@dataclass(frozen=True)
class Opening:
    """What years begin with, by person; `broken` rows name persons whose totals are no use.

    `rows`: every row that counts, as it came (joined numbers apart) but for the names of a
    replaced policy, which are in `origin`; `read`: rows of the files. `left`: by replaced
    policy and accumulator, rows that do not go on.
    """

    table: pa.Table
    rows: pa.Table
    read: int
    left: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def of(self, persons: pa.Array | pa.ChunkedArray) -> Opening:
        """That of some persons."""
        mine = pc.is_in(self.table["psn_no"], value_set=persons)
        return replace(self, table=self.table.filter(mine))

    def without(self, persons: pa.Array) -> Opening:
        """That of all others."""

        def others(table: pa.Table) -> pa.Table:
            return table.filter(pc.invert(pc.is_in(table["psn_no"], value_set=persons)))

        return replace(self, table=others(self.table), rows=others(self.rows))

    @property
    def passed(self) -> pa.Table:
        """As the engine takes it."""
        return self.table.select(PASSED.names)

    def paid(self, known: Sequence[Known]) -> dict[str, int]:
        """What benefits had paid, in fen."""
        of = {
            k.name: k.benefit
            for k in known
            if k.kind == "paid" and k.benefit and not k.name.endswith(".alone.paid")
        }
        found = dict.fromkeys((b for b in of.values()), 0)
        mine = self.table.filter(
            pc.is_in(self.table["accumulator"], value_set=pa.array(list(of)))
        )
        yuan = mine["amount"].cast(pa.decimal128(38, 12))
        sums = pa.table({"name": mine["accumulator"], "yuan": yuan})
        for row in sums.group_by("name").aggregate([("yuan", "sum")]).to_pylist():
            found[of[row["name"]]] += int(row["yuan_sum"] * 100)
        return found


def known_accumulators(told: Sequence[Mapping[str, Any]]) -> tuple[Known, ...]:
    """The accumulators of a program's description."""
    return tuple(
        Known(
            str(one["name"]),
            int(one["decimals"]),
            bool(one["fraction"]),
            bool(one["signed"]),
            str(one["kind"]),
            one["benefit"],
            tuple(one["needed_by"]),
        )
        for one in told
    )


@dataclass(frozen=True)
class Begins:
    """What years of a policy may begin with.

    `years`: the first and the last benefit year of the policy; `begin`: when years begin.
    """

    known: tuple[Known, ...]
    years: tuple[int, int]
    begin: Years
    heir: Heir

    @staticmethod
    def of(body: Program, told: Sequence[Mapping[str, Any]]) -> Begins:
        """Those of a program; `told`: its accumulators, as the engine describes them."""
        force, begin = body.force, body.years
        first = force.claims_from if force.counts_from is None else force.counts_from
        last = LAST_YEAR if force.end is None else begin.of(date(force.end))
        years = begin.of(date(first)), last
        return Begins(known_accumulators(told), years, begin, Heir.of(body))


def read_opening(
    files: Sequence[DataFile], begins: Begins, rejects: Rejects
) -> Opening:
    """Read opening balances."""
    columns, read = small_table(TABLE, files, rejects)
    return opening_in(pa.table(columns), read, begins, rejects, files)


def opening_in(
    rows: pa.Table,
    read: int,
    begins: Begins,
    rejects: Rejects,
    files: Sequence[DataFile] = (),
) -> Opening:
    """Opening balances from rows of their columns, with file and row; `read`: how many."""
    known, heir = begins.known, begins.heir
    exact = {k.name: (k.decimals, "" if k.fraction else k.kind) for k in known}
    given = renamed(rows, heir, exact, files)
    limits = [k.name.removesuffix(".used") for k in known if k.kind == "used"]
    unused = heir.at_nothing(limits)
    found = rejects.table()
    unread = found.filter(pc.equal(found["table"], TABLE)).select(["psn_no"])
    with duckdb.connect() as connection:
        connection.register("given", given.rows)
        connection.register("unused", _pairs(unused, "policy", "name"))
        connection.register("unread", unread)
        connection.register("known", _known(known))
        connection.register("needs", _needs(known))
        words = {
            "$year_of_until": begins.begin.sql("until"),
            "$first": str(begins.years[0]),
            "$last": str(begins.years[1]),
            "$unknown": Reason.UNKNOWN_TOTAL,
            "$days": Reason.OPENING_DAYS,
            "$money": Reason.MONEY,
            "$decimals": Reason.DECIMALS,
            "$negative": Reason.NEGATIVE_TOTAL,
            "$twice": Reason.TOTAL_TWICE,
            "$sums": Reason.TOTALS_DISAGREE,
            "$other": Reason.PERSON_OPENING,
        }
        for query in (ROWS, FAULTS, TOGETHER, BARRED, OTHERS):
            connection.execute(_with(query, words))
        faults = connection.sql("SELECT * FROM faults").to_arrow_table()
        table = connection.sql(USED).to_arrow_table()
    _reject(faults, rejects)
    table = table.sort_by(ORDER)
    rows = table.filter(pc.invert(table["broken"]))
    return Opening(table, rows, read, given.left)


def _with(query: str, words: Mapping[str, str]) -> str:
    for word, text in words.items():
        query = query.replace(word, text)
    return query


def _known(known: Sequence[Known]) -> pa.Table:
    return pa.table(
        {
            "name": pa.array([k.name for k in known], pa.string()),
            "decimals": pa.array([k.decimals for k in known], pa.int64()),
            "fraction": pa.array([k.fraction for k in known], pa.bool_()),
            "signed": pa.array([k.signed for k in known], pa.bool_()),
            "kind": pa.array([k.kind for k in known], pa.string()),
            "benefit": pa.array([k.benefit for k in known], pa.string()),
            "account": pa.array([k.account for k in known], pa.string()),
        }
    )


def _needs(known: Sequence[Known]) -> pa.Table:
    pairs = [(k.name, benefit) for k in known for benefit in k.needed_by]
    return _pairs(pairs, "name", "benefit")


def _pairs(pairs: Sequence[tuple[str, str]], first: str, second: str) -> pa.Table:
    return pa.table(
        {
            first: pa.array([one for one, _ in pairs], pa.string()),
            second: pa.array([other for _, other in pairs], pa.string()),
        }
    )


def _reject(faults: pa.Table, rejects: Rejects) -> None:
    if faults.num_rows:
        whole = faults.combine_chunks()
        rejects.add(
            TABLE,
            _one(whole["file"]),
            _one(whole["row"]),
            _one(whole["column"]),
            _one(whole["code"]),
            _one(whole["value"]),
            None,
            _one(whole["psn_no"]),
        )


def _one(column: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(column.chunks)


def refuse(
    opening: Opening,
    persons: pa.Array,
    reason: Reason,
    rejects: Rejects,
    because: Mapping[str, str] | None = None,
) -> Opening:
    """The same without some persons' rows, which are rejected; their claims are too.

    `because`: by person what is told as the value, where it is not the number.
    """
    bad = opening.rows.filter(pc.is_in(opening.rows["psn_no"], value_set=persons))
    if not bad.num_rows:
        return opening
    faults = bad.select(["file", "row", "psn_no"])
    faults = faults.append_column("column", pa.array(["psn_no"] * len(bad)))
    faults = faults.append_column("code", pa.array([str(reason)] * len(bad)))
    value = bad["psn_no"]
    if because is not None:
        told = [because[number] for number in value.to_pylist()]
        value = pa.chunked_array([pa.array(told, pa.string())])
    _reject(faults.append_column("value", value), rejects)
    left = opening.without(persons)
    barred = pa.table({"psn_no": pc.unique(bad["psn_no"])})
    count = len(barred)
    broken = pa.table(
        {
            **{n: pa.nulls(count, t.type) for n, t in zip(PASSED.names, PASSED, strict=True)},
            "psn_no": barred["psn_no"],
            "benefit_year": pa.array([0] * count, pa.int32()),
            "accumulator": pa.array([""] * count),
            "amount": pa.array(["0"] * count),
            "broken": pa.array([True] * count),
            "file": pa.array([0] * count, left.table.schema.field("file").type),
            "row": pa.array([0] * count, left.table.schema.field("row").type),
            "origin": pa.array([""] * count),
        }
    )  # fmt: skip
    whole = pa.concat_tables([left.table, broken.select(left.table.column_names)])
    return replace(left, table=whole.sort_by(ORDER))


def joined_opening(opening: Opening, table: pa.Table) -> Opening:
    """Of persons under several numbers: totals of all numbers together.

    `table`: the same rows under the numbers that persons count under.
    """
    with duckdb.connect() as connection:
        connection.register("rows_in", table)
        whole = connection.sql(JOINED).to_arrow_table()
    amounts = [
        parts[0] if len(parts) == 1 else _together(parts)
        for parts in whole["amounts"].to_pylist()
    ]
    at = whole.column_names.index("amounts")
    whole = whole.set_column(at, "amount", pa.array(amounts, pa.string()))
    names = opening.table.column_names
    rows = table.filter(pc.invert(table["broken"])).select(names)
    return replace(opening, table=whole.select(names).sort_by(ORDER), rows=rows)


def _together(amounts: Sequence[str]) -> str:
    total = sum((Fraction(amount) for amount in amounts), Fraction(0))
    ten = 10**12
    if (total * ten).denominator == 1:
        units = abs(int(total * ten))
        sign = "-" if total < 0 else ""
        return f"{sign}{units // ten}.{units % ten:012d}"
    return f"{total.numerator}/{total.denominator}"
