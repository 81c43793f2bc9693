"""Small claim files for tests: rows as dicts, written as a user's files would be."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from jiugao.results.options import Files, Options
from jiugao.results.run import Outcome, run

POLICY = Path(__file__).parents[2] / "rules" / "liaocheng_2022"
ROW = {
    "psn_no": "P1",
    "setl_id": "S1",
    "setl_time": "2023-03-01 08:00:00",
    "med_type": "21",
    "medfee_sumamt": "10000.00",
    "inscp_scp_amt": "10000.00",
    "hifp_pay": "4000.00",
}


def row(**changes: str) -> dict[str, str]:
    """A claim: inpatient, 10,000 yuan in scope, 4,000 paid by the basic fund."""
    return {**ROW, **changes}


@dataclass
class Year:
    """Files of one year in a folder; `settle` runs them through everything."""

    folder: Path
    options: Options = field(default_factory=Options)
    people: list[dict[str, str]] = field(
        default_factory=lambda: [
            {
                "psn_no": "P1",
                "psn_idet_type": "特困人员",
                "begndate": "2020-01-01",
                "enddate": "",
            }
        ]
    )

    def write(
        self, name: str, rows: list[dict[str, str]], encoding: str = "utf-8"
    ) -> Path:
        """A CSV with the columns of all rows together."""
        path = self.folder / name
        columns = list(dict.fromkeys(c for r in rows for c in r))
        with path.open("w", encoding=encoding, newline="") as stream:
            writer = csv.DictWriter(stream, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return path

    def settle(
        self, rows: list[dict[str, str]] | None = None, claims: Path | None = None
    ) -> Outcome:
        """Settle rows (or a file that is there) with the folder's people."""
        path = claims or self.write("claims.csv", rows or [])
        people = self.write("people.csv", self.people)
        files = Files((str(path),), (str(people),))
        return run(POLICY, files, self.folder / "out", self.options)

    def settlements(self) -> pa.Table:
        """settlements.parquet of the last run."""
        return pq.read_table(self.folder / "out" / "settlements.parquet")

    def rejects(self) -> list[dict[str, str]]:
        """rejects.csv of the last run."""
        path = self.folder / "out" / "rejects.csv"
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))
