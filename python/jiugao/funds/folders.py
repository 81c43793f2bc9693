"""Folders of results come in; what benefits paid, totals of groups and warnings go out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import duckdb

from jiugao.claims.findings import DataError
from jiugao.diagnostics import RulesError
from jiugao.funds.enrolled import DIGITS
from jiugao.results.folder import MANIFEST
from jiugao.results.manifest import read_manifest
from jiugao.results.measures import NAME as MEASURES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from jiugao.program.body import Indicator, Program
    from jiugao.results.policy import Policy

    Settings = Mapping[str, str]

Paid = dict[tuple[int, str], dict[str, int]]  # year and area -> benefit code -> fen
PER_CLAIM = "per_claim"


@dataclass(frozen=True)
class Group:
    """One group of an indicator; `period`: 2018, or 2018-03."""

    institution: str
    area: str
    subject: str
    period: str

    @property
    def year(self) -> int:
        """The year of the period."""
        return int(self.period[:4])

    def before(self) -> Group:
        """The same group a year before."""
        period = f"{self.year - 1}{self.period[4:]}"
        return Group(self.institution, self.area, self.subject, period)


Totals = dict[Group, dict[str, Fraction]]


class Results:
    """Folders that one program made, each settlement once.

    `compiled`: the policy under other settings.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        policy: Policy,
        compiled: Callable[[Settings], Policy],
    ) -> None:
        self.folders, self.policy, self.compiled = folders, policy, compiled
        self.manifests = [self._manifest(folder) for folder in folders]
        self._check_settlements()

    def _manifest(self, folder: Path) -> dict[str, Any]:
        """A folder's manifest, if the program is ours and its years are closed."""
        path = folder / MANIFEST
        if not path.is_file():
            raise DataError("D912", folder=str(folder))
        found = read_manifest(folder)
        program = found.get("program", {})
        ours = program.get("sha256") == self.policy.program.digest
        if not ours and not self._settles_alike(program):
            raise DataError("D987", folder=str(folder))
        ends = any(b.settle != PER_CLAIM for b in self.policy.body.benefits)
        closed = found.get("options", {}).get("close_year", False)
        if ends and not closed and found.get("verb") == "run":
            raise DataError("D988", folder=str(folder))
        if self.policy.grouped and not (folder / MEASURES).is_file():
            raise DataError("D987", folder=str(folder))
        return found

    def _settles_alike(self, program: Mapping[str, Any]) -> bool:
        """Whether the folder's program is of our rules, and settles as ours does.

        A figure that funds and indicators alone read may be given here for the first time.
        """
        try:
            theirs = self.compiled(program.get("settings", {}))
        except RulesError:
            return False
        same_rules = theirs.program.digest == program.get("sha256")
        return same_rules and settling(theirs.body) == settling(self.policy.body)

    def _check_settlements(self) -> None:
        if len(self.folders) < 2:  # noqa: PLR2004  a folder has each once
            return
        sql = """SELECT min(setl_id) FROM (
            SELECT setl_id FROM read_parquet($files) GROUP BY setl_id HAVING count(*) > 1)"""
        with duckdb.connect() as connection:
            files = [str(f / "settlements.parquet") for f in self.folders]
            (twice,) = connection.execute(sql, {"files": files}).fetchall()[0]
        if twice is not None:
            raise DataError("D990", setl_id=twice)

    @property
    def opened(self) -> dict[str, int]:
        """By benefit, fen that opening balances say were paid before the results begin."""
        found: dict[str, int] = {}
        for manifest in self.manifests:
            for code, yuan in manifest.get("opening", {}).get("paid", {}).items():
                if fen := int(Decimal(yuan) * 100):
                    found[code] = found.get(code, 0) + fen
        return found

    def check_claims(self, digests: Mapping[str, str]) -> None:
        """Every file of claims (name -> digest) is one that the results were made from."""
        known = {
            given["sha256"]
            for manifest in self.manifests
            for given in manifest.get("inputs", ())
            if given["table"] == "claims"
        }
        for name, digest in digests.items():
            if digest not in known:
                raise DataError("D989", file=name)

    @property
    def years(self) -> list[int]:
        """Benefit years of the results."""
        sql = "SELECT DISTINCT benefit_year FROM read_parquet($files) ORDER BY 1"
        files = [str(folder / "years.parquet") for folder in self.folders]
        with duckdb.connect() as connection:
            return [y for (y,) in connection.execute(sql, {"files": files}).fetchall()]

    def paid(self, pooled: str) -> Paid:
        """What benefits paid by year and area: rows, back-payments and year ends.

        What is of a person and year, not of a row, goes to the area of its last row.
        """
        codes = self.policy.benefit_codes
        found: Paid = defaultdict(lambda: dict.fromkeys(codes, 0))
        digits = DIGITS[pooled]
        rows = ", ".join(f'(sum("{c}") * 100)::HUGEINT' for c in codes)
        late = ", ".join(
            f'(sum(y."{c}.year_end" + y."{c}.lookback") * 100)::HUGEINT' for c in codes
        )
        area = f"coalesce(left(insu_admdvs, {digits}), '')"
        of_rows = f"""SELECT benefit_year, {area}, {rows} FROM read_parquet($measures)
            GROUP BY ALL"""
        of_years = f"""
            WITH last AS (
                SELECT psn_no, benefit_year, arg_max({area}, file_row_number) AS area
                FROM read_parquet($measures, file_row_number = true) GROUP BY ALL)
            SELECT y.benefit_year, coalesce(last.area, ''), {late}
            FROM read_parquet($years) y LEFT JOIN last USING (psn_no, benefit_year)
            GROUP BY ALL"""
        for folder in self.folders:
            files = {"measures": str(folder / MEASURES)}
            with duckdb.connect() as connection:
                added = connection.execute(of_rows, files).fetchall() if codes else []
                files["years"] = str(folder / "years.parquet")
                added += connection.execute(of_years, files).fetchall() if codes else []
            for year, where, *fen in added:
                paid = found[year, where]
                for code, amount in zip(codes, fen, strict=True):
                    paid[code] += int(amount)
        return dict(found)

    def totals(self, indicator: Indicator) -> Totals:
        """The totals of an indicator over claims, by group."""
        scales = {m.name: m.scale for m in self.policy.body.measures}
        period = {
            "month": "strftime(month, '%Y-%m')",
            "year": "benefit_year::VARCHAR",
        }["month" if "month" in indicator.by else "year"]
        where = [
            "coalesce(fixmedins_code, '')" if "institution" in indicator.by else "''",
            "coalesce(insu_admdvs, '')" if "area" in indicator.by else "''",
            f'"{indicator.subject}"' if indicator.subject else "-1",
            period,
        ]
        sums = ", ".join(f'sum("{name}")::HUGEINT' for name in indicator.totals)
        sql = f"""SELECT {", ".join(where)}, {sums} FROM read_parquet($files)
            GROUP BY ALL ORDER BY ALL"""
        files = [str(folder / MEASURES) for folder in self.folders]
        with duckdb.connect() as connection:
            rows = connection.execute(sql, {"files": files}).fetchall()
        return grouped(indicator, rows, scales)

    def warnings(self) -> list[dict[str, Any]]:
        """Every person and year that misses a target of an indicator by person."""
        found: list[dict[str, Any]] = []
        for warning in self.policy.body.warnings:
            sql = f"""SELECT psn_no::VARCHAR AS psn_no, benefit_year,
                    ("{warning.code}.sum" * 100)::HUGEINT AS fen
                FROM read_parquet($files) WHERE "{warning.code}.warned"
                ORDER BY ALL"""
            files = [str(folder / "years.parquet") for folder in self.folders]
            with duckdb.connect() as connection:
                rows = connection.execute(sql, {"files": files}).fetchall()
            found += [
                {
                    "indicator": warning.code,
                    "psn_no": p,
                    "benefit_year": y,
                    "sum": int(f),
                }
                for p, y, f in rows
            ]
        return found


def settling(program: Program) -> Program:
    """A program without what no claim is settled by."""
    return replace(
        program, settings={}, parameters=(), funds=(), indicators=(), debug=()
    )


def grouped(
    indicator: Indicator, rows: Sequence[Sequence[Any]], scales: Mapping[str, int]
) -> Totals:
    """Rows of institution, area, subject, period and sums as exact totals."""
    found: Totals = {}
    for institution, area, subject, period, *sums in rows:
        code = indicator.codes[subject] if 0 <= subject < len(indicator.codes) else ""
        group = Group(institution, area, code, period)
        found[group] = {
            name: Fraction(int(total), 10 ** scales[name])
            for name, total in zip(indicator.totals, sums, strict=True)
        }
    return found
