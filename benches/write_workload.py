"""`python write_workload.py CLAIMS FILE APPLICATIONS`: the workload as sorted Parquet."""

from __future__ import annotations

import sys

import pyarrow.parquet as pq

from end_to_end import INPUTS, options
from workload import chunks


def main() -> None:
    """Write both files."""
    claims, file, applications = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    writers: list[pq.ParquetWriter] = []
    for part in chunks(claims):
        tables = (part.claims.select(list(INPUTS)), part.applications)
        if not writers:
            writers = [
                pq.ParquetWriter(path, table.schema, **options(table.schema))
                for path, table in zip((file, applications), tables, strict=True)
            ]
        for writer, table in zip(writers, tables, strict=True):
            writer.write_table(table, row_group_size=1 << 20)
    for writer in writers:
        writer.close()


if __name__ == "__main__":
    main()
