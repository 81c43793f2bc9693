"""Suspicions come in; for each differing row its cause, as evaluation shows it, goes out.

The payer's year is worked out again under every suspicion, by the same engine; the one
under which due equals paid is the cause. A row that the suspicion itself touches has that
cause; a later row that then also agrees is a consequence of the touched one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from jiugao.claims.database import one
from jiugao.claims.persons import OWN
from jiugao.claims.staging import SETTLED
from jiugao.engine import Options, Tables, settle
from jiugao.reconcile.causes import Cause
from jiugao.reconcile.paid import Held
from jiugao.reconcile.suspects import PLAIN, Suspicion
from jiugao.results.policy import Policy

ROW_COST = 10
UNEXPLAINED = 1000


@dataclass(frozen=True)
class Verdict:
    """Why one row of one group differs; root is the row that it follows from, or empty."""

    rid: int
    group: int
    cause: Cause
    root: str


class Court:
    """Settles suspicions and keeps what each would have paid, row by row."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        groups: Sequence[Held],
        columns: Sequence[str],
    ) -> None:
        self._connection = connection
        self._groups = groups
        self._columns = [c for c in columns if c not in ("psn_no", "setl_id", SETTLED)]
        self._number = 0
        amounts = ", ".join(f"w{g} BIGINT" for g in range(len(groups)))
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE would (case_no BIGINT, rid BIGINT, touched BOOLEAN, {amounts})"
        )
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE cases (case_no BIGINT, psn_no VARCHAR, cause VARCHAR, cost INT)"
        )

    def hear(self, suspicion: Suspicion, policy: Policy) -> int:
        """Settle every person's case of a suspicion; how many cases there were."""
        return self._settle(suspicion, policy, whole=suspicion.apart)

    def hear_program(self, policy: Policy, cause: Cause, cost: int) -> int:
        """Settle everybody's claims by another program: all rows are touched."""
        suspicion = Suspicion("another program", cause, cost, PLAIN)
        return self._settle(suspicion, policy, whole=True)

    def _settle(self, suspicion: Suspicion, policy: Policy, *, whole: bool) -> int:
        run = self._connection.execute
        run(
            "CREATE OR REPLACE TEMP TABLE seen AS SELECT v.*, coalesce(v.rid, o.rid) AS pattern"
            f" FROM ({suspicion.sql}) v LEFT JOIN (SELECT setl_id, min(rid) AS rid FROM subset GROUP BY setl_id) o"
            " ON o.setl_id = rtrim(v.setl_id, '~')"
        )
        run(
            "CREATE OR REPLACE TEMP TABLE fresh AS SELECT who, any_value(s.psn_no) AS psn_no,"
            f" {self._number} + row_number() OVER (ORDER BY who) AS case_no"
            " FROM seen JOIN subset s USING (rid) GROUP BY who"
        )
        run(
            f"INSERT INTO cases SELECT case_no, psn_no, '{suspicion.cause}',"
            f" {int(suspicion.cost)} FROM fresh"
        )
        cases = one(self._connection, "SELECT count(*) FROM fresh")
        if not cases:
            return 0
        self._number += cases
        amounts = self._amounts(policy, apart=suspicion.apart)
        self._connection.register("amounts", amounts)
        sums = ", ".join(
            f"coalesce(sum(a.w{g}), 0)::BIGINT" for g in range(len(self._groups))
        )
        touched = "TRUE" if whole else self._touched()
        run(
            f"INSERT INTO would SELECT f.case_no, s.rid, {touched}, {sums}"
            " FROM fresh f JOIN subset s ON s.psn_no = f.psn_no"
            " LEFT JOIN amounts a ON a.case_no = f.case_no AND a.rid = s.rid"
            " LEFT JOIN (SELECT who, rid, any_value(setl_time) AS setl_time, any_value(held) AS held,"
            " count(*) AS times FROM seen WHERE rid IS NOT NULL GROUP BY who, rid) e"
            " ON e.who = f.who AND e.rid = s.rid"
            " LEFT JOIN (SELECT DISTINCT who, rtrim(setl_id, '~') AS setl_id FROM seen WHERE rid IS NULL) x"
            " ON x.who = f.who AND x.setl_id = s.setl_id"
            " GROUP BY f.case_no, s.rid, s.setl_time, s.held, e.who, e.setl_time, e.held, e.times, x.who"
        )
        self._connection.unregister("amounts")
        return cases

    @staticmethod
    def _touched() -> str:
        return (
            "(e.who IS NULL OR e.times > 1 OR x.who IS NOT NULL"
            " OR e.setl_time <> s.setl_time OR e.held IS DISTINCT FROM s.held)"
        )

    def _amounts(self, policy: Policy, *, apart: bool) -> pa.Table:
        """What the engine pays on the rows as the payer may have seen them.

        `apart`: every number of a person is a person of the engine's.
        """
        who = "lpad(f.case_no::VARCHAR, 12, '0')"
        of_row, of_request = (f" || {t}.{OWN}" if apart else "" for t in "sa")
        rest = ", ".join(f's."{c}"' for c in self._columns if c not in ("rid", "held"))
        day = policy.day_column
        by_day = "" if day == SETTLED else f's."{day}", '
        claims = self._connection.sql(
            f"SELECT {who}{of_row} AS psn_no, e.setl_id, e.setl_time, coalesce(e.held, '') AS psn_idet_type,"
            f" f.case_no, e.rid AS rid, {rest}"
            " FROM seen e JOIN fresh f USING (who)"
            " JOIN subset s ON s.rid = e.pattern"
            f" ORDER BY 1, {by_day}e.setl_time, e.setl_id"
        ).to_arrow_table()
        asked = self._connection.sql(
            f"SELECT {who}{of_request} AS psn_no, a.apply_date, a.psn_idet_type"
            " FROM asked a JOIN fresh f ON f.psn_no = a.psn_no"
            " ORDER BY 1, a.apply_date"
        ).to_arrow_table()
        begun = self._begun(who, apart=apart)
        settled = (
            settle(
                policy.program,
                Tables(claims, applications=asked, opening=begun),
                Options(years=False, passthrough=("case_no", "rid")),
            )
            .table()
            .unify_dictionaries()
        )
        self._connection.register("settled", settled)
        sums = ", ".join(
            f"(({' + '.join(quoted(code) for code in g.benefits)}) * 100)::BIGINT AS w{n}"
            for n, g in enumerate(self._groups)
        )
        made = self._connection.sql(
            f"SELECT case_no, rid, {sums} FROM settled"
        ).to_arrow_table()
        self._connection.unregister("settled")
        return made

    def _begun(self, who: str, *, apart: bool) -> pa.Table | None:
        """What every case's year begins with; days do not count where days are in doubt."""
        table, number = ("own_begun", f" || b.{OWN}") if apart else ("begun", "")
        found = self._connection.sql(
            f"SELECT {who}{number} AS psn_no, b.benefit_year, b.accumulator, b.amount, b.broken"
            f" FROM {table} b JOIN fresh f ON f.psn_no = b.psn_no"
        ).to_arrow_table()
        return found if found.num_rows else None

    def verdicts(self) -> list[Verdict]:
        """The cause of every differing row and group."""
        groups = range(len(self._groups))
        bare = " UNION ALL ".join(self._cells(g) for g in groups)
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE cells AS {bare}")
        self._connection.execute(CHOSEN)
        found = self._connection.sql(VERDICTS).to_arrow_table().to_pylist()
        return [
            Verdict(v["rid"], v["grp"], Cause(v["cause"]), v["root"] or "")
            for v in found
        ]

    def _cells(self, g: int) -> str:
        """Every row of group g under every case: agrees, or is a payment missing or double."""
        return (
            f"SELECT w.case_no, s.psn_no, s.rid, s.setl_id, {g} AS grp, w.touched, s.due{g} <> s.paid{g} AS differs,"
            f" w.w{g} = s.paid{g} AS agrees,"
            f" CASE WHEN s.paid{g} = 0 AND w.w{g} <> 0 AND s.init_setl_id IS NULL THEN 'missing_payment'"
            f" WHEN s.paid{g} = 2 * w.w{g} AND w.w{g} <> 0 THEN 'double_payment'"
            f" WHEN s.init_setl_id IS NOT NULL THEN 'reversal' END AS alone"
            f" FROM would w JOIN subset s ON s.rid = w.rid WHERE s.accepted"
        )


def quoted(name: str) -> str:
    """A name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


CHOSEN = f"""
CREATE OR REPLACE TEMP TABLE chosen AS
WITH weighed AS (
    SELECT c.case_no, c.psn_no,
           {UNEXPLAINED} * count(*) FILTER (WHERE NOT c.agrees AND c.alone IS NULL)
           + {ROW_COST} * count(DISTINCT c.rid) FILTER (WHERE NOT c.agrees) + any_value(k.cost) AS cost,
           count(*) FILTER (WHERE c.touched AND c.differs) AS reach
    FROM cells c JOIN cases k USING (case_no) GROUP BY c.case_no, c.psn_no
)
SELECT psn_no, arg_min(case_no, (cost, reach, case_no)) AS case_no FROM weighed GROUP BY psn_no
"""

VERDICTS = """
WITH mine AS (
    SELECT c.*, k.cause AS whole FROM cells c JOIN chosen USING (psn_no, case_no) JOIN cases k USING (case_no)
),
first_touched AS (
    SELECT psn_no, min(rid) FILTER (WHERE touched AND differs) AS differing, min(rid) FILTER (WHERE touched) AS any_row,
           min(rid) FILTER (WHERE differs AND agrees) AS first
    FROM mine GROUP BY psn_no
)
SELECT m.rid, m.grp,
    CASE WHEN NOT m.agrees THEN coalesce(m.alone, 'other')
         WHEN m.touched OR (t.differing IS NULL AND m.rid = t.first) THEN m.whole
         ELSE 'consequence' END AS cause,
    CASE WHEN NOT m.agrees OR m.touched THEN ''
         WHEN t.differing IS NULL THEN (SELECT setl_id FROM subset s WHERE s.rid = t.any_row)
         ELSE (SELECT setl_id FROM subset s WHERE s.rid = t.differing) END AS root
FROM mine m JOIN first_touched t USING (psn_no)
WHERE m.differs ORDER BY m.rid, m.grp
"""
