"""The enrolled come in under the numbers that they had, and go out one person under one number.

As the results were made: by certificates first, those of the claims included, which the
results' persons.parquet has told already. Heads are counted by person.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jiugao.claims.people import joined_people, links_of
from jiugao.claims.persons import (
    CERTIFICATE,
    LINK,
    NOBODY,
    OWN,
    Joined,
    Links,
    PersonsBy,
    forget_links,
    joined_numbers,
    under_one_number,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jiugao.funds.enrolled import Enrolled
    from jiugao.funds.folders import Results

PERSONS = "persons.parquet"
NUMBERS = pa.schema([("psn_no", pa.string()), (OWN, pa.string())])
# Stands for a certificate between the numbers that a run has found to be one person's.
FOUND = "found by a run: "


@dataclass(frozen=True)
class Persons:
    """Who had several numbers; `numbers`: each of them and the one it counts under."""

    joined: Joined = NOBODY
    numbers: pa.Table = field(default_factory=NUMBERS.empty_table)


def joined_enrolled(enrolled: Enrolled, results: Results) -> tuple[Enrolled, Persons]:
    """The enrolled and their identities under one number a person."""
    told = (m.get("options", {}).get("persons") for m in results.manifests)
    if any(by != str(PersonsBy.CERTIFICATE) for by in told):
        return enrolled, Persons()  # the results tell persons by their numbers alone
    beside = [links_of(columns_of(enrolled.table)), *found_before(results.folders)]
    people = enrolled.people
    connection = people.intervals.connection if people else duckdb.connect()
    if people is None:
        forget_links(connection)
    joined = Links(connection, beside).join()
    if not joined.persons:
        return enrolled, Persons(joined)
    table = under_one_number(connection, enrolled.table)
    if people is not None:
        people, _ = joined_people(people)
    numbers = joined_numbers(connection).read_all()
    return replace(enrolled, table=table, people=people), Persons(joined, numbers)


def columns_of(table: pa.Table) -> dict[str, pa.ChunkedArray]:
    """Numbers and certificates of a table."""
    return {name: table[name] for name in LINK.names}


def found_before(folders: Sequence[Path]) -> list[pa.Table]:
    """Numbers that runs have joined, under a certificate that only they have."""
    found = []
    for path in (folder / PERSONS for folder in folders):
        if path.is_file():
            numbers = pq.read_table(path)
            person = numbers["psn_no"].cast(pa.string())
            mark = pc.binary_join_element_wise(pa.scalar(FOUND), person, "")
            pairs = {"psn_no": numbers[OWN].cast(pa.string()), CERTIFICATE: mark}
            found.append(pa.table(pairs, schema=LINK))
    return found
