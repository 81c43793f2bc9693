"""The funds folder of an earlier year comes in; the figures it states go out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from jiugao.claims.findings import DataError
from jiugao.funds.folders import Group
from jiugao.results.folder import MANIFEST
from jiugao.results.manifest import read_manifest

if TYPE_CHECKING:
    from pathlib import Path

    from jiugao.funds.amounts import Key

Stated = dict[tuple[str, str, int], dict["Key", Fraction]]  # fund, area, year


@dataclass
class Earlier:
    """Figures of statements by fund, area and year; totals of indicators by group."""

    statements: Stated = field(default_factory=dict)
    totals: dict[str, dict[Group, dict[str, Fraction]]] = field(default_factory=dict)

    def years(self, fund: str) -> set[int]:
        """Years for which a fund has statements."""
        return {year for code, _, year in self.statements if code == fund}

    def before(self, fund: str, area: str, year: int) -> dict[Key, Fraction] | None:
        """The figures of the year before; nothing for an area that is new; else None."""
        if year - 1 not in self.years(fund):
            return None
        return self.statements.get((fund, area, year - 1), {})


def read_earlier(folder: Path | None) -> Earlier:
    """What an earlier `jiugao funds` wrote; DataError for anything else."""
    found = Earlier()
    if folder is None:
        return found
    path = folder / MANIFEST
    if not path.is_file() or read_manifest(folder).get("verb") != "funds":
        raise DataError("D991", file=folder.name)
    figures: dict[tuple[str, str, int], dict[Key, Fraction]]
    figures = defaultdict(lambda: defaultdict(Fraction))
    for row in pq.read_table(folder / "statement.parquet").to_pylist():
        stated = figures[row["fund"], row["area"], row["year"]]
        exact = Fraction(row["exact"])
        if row["bearer"]:
            stated["bearer", row["bearer"]] += exact
        else:
            sort = "benefit" if row["sort"] == "benefit" else "row"
            stated[sort, row["item"]] = exact
    found.statements = {key: dict(stated) for key, stated in figures.items()}
    for row in pq.read_table(folder / "totals.parquet").to_pylist():
        group = Group(row["institution"], row["area"], row["subject"], row["period"])
        groups = found.totals.setdefault(row["indicator"], {})
        groups.setdefault(group, {})[row["total"]] = Fraction(row["exact"])
    return found
