"""A sample year many times over: each copy's people and settlements have numbers of their own.

`python write_copies.py YEAR FOLDER COPIES sorted|csv`: the tables beside the claims, and
`sorted.parquet`, a folder of files in order, or an unsorted `claims.csv` in which the rows
of all copies alternate.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import duckdb

PLACES = {"psn_no": 7, "setl_id": 2, "init_setl_id": 2, "mdtrt_id": 2, "certno": 1}
"""Where the three digits are that become the copy's number."""
PERSONS = ("people", "applications")


def numbered(names: list[str], copy: str) -> str:
    """The columns, numbers with those of the copy that the expression gives."""
    shown = []
    for name in names:
        at = PLACES.get(name)
        digits = f"lpad(({copy} + 100)::VARCHAR, 3, '0')"
        parts = f"{name}[:{(at or 1) - 1}] || {digits} || {name}[{(at or 1) + 3}:]"
        shown.append(f"{parts} AS {name}" if at else name)
    return ", ".join(shown)


def main() -> None:
    """Write the tables."""
    year, folder = Path(sys.argv[1]), Path(sys.argv[2])
    copies, form = int(sys.argv[3]), sys.argv[4]
    folder.mkdir(parents=True, exist_ok=True)
    run = duckdb.connect().execute
    run("SET memory_limit = '2GiB'")
    run(f"SET temp_directory = '{folder / 'spill'}'")

    def columns(source: str) -> list[str]:
        return [row[0] for row in run(f"DESCRIBE FROM {source}").fetchall()]

    def csv(name: str) -> str:
        return f"read_csv('{year / name}.csv', all_varchar = true)"

    def write_csv(name: str) -> None:
        made = numbered(columns(csv(name)), "range")
        run(
            f"COPY (SELECT {made} FROM {csv(name)}, range({copies}))"
            f" TO '{folder / name}.csv' (FORMAT csv, HEADER)"
        )

    shutil.copy(year / "institutions.csv", folder)
    for name in PERSONS:
        write_csv(name)
    if form == "csv":
        write_csv("claims")
        return
    source = f"'{year / 'sorted.parquet'}'"
    (folder / "sorted.parquet").mkdir(exist_ok=True)
    for copy in range(copies):
        part = folder / "sorted.parquet" / f"part-{copy:03}.parquet"
        made = numbered(columns(source), str(copy))
        run(
            f"COPY (SELECT {made} FROM {source}) TO '{part}'"
            " (FORMAT parquet, COMPRESSION zstd)"
        )


if __name__ == "__main__":
    main()
