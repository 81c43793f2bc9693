"""The workload that every contender is given: seeded, sorted by (person, date).

Amounts are fen in int64. `kind` is 1, 2, 3 (60/30/10 % of persons), constant in the year.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

YEAR_START = 19358  # 2023-01-01 in days since 1970-01-01
IDENTITIES = ["特困人员", "低保边缘家庭成员"]
ON_APPLICATION = "因病致贫重病患者"
CHUNK_PERSONS = 125_000


@dataclass(frozen=True)
class Workload:
    """Claims (person, date, kind, identity, in_scope, basic, critical) and applications."""

    claims: pa.Table
    applications: pa.Table


def chunk(first_person: int, persons: int, seed: int) -> Workload:
    """Claims of `persons` persons numbered from `first_person` on."""
    random = np.random.default_rng([seed, first_person])
    counts = np.clip(random.geometric(1 / 8, persons), 1, 40)
    total = int(counts.sum())
    person = np.repeat(np.arange(first_person, first_person + persons), counts)
    kinds = random.choice(np.array([1, 2, 3], np.int8), persons, p=[0.6, 0.3, 0.1])
    kind = np.repeat(kinds, counts)
    day = random.integers(0, 365, total)
    order = np.lexsort((day, person))
    day = (YEAR_START + day[order]).astype(np.int32)
    in_scope = np.clip(random.lognormal(np.log(6_000), 1.0, total), 1, 300_000)
    in_scope = (in_scope * 100).astype(np.int64)
    basic = (in_scope * random.integers(40, 80, total)) // 100
    left = in_scope - basic
    critical = np.where(
        random.random(total) < 0.2, left * random.integers(0, 60, total) // 100, 0
    )
    codes = pa.array(np.where(kind == 3, 0, kind - 1).astype(np.int8), mask=kind == 3)
    claims = pa.table(
        {
            "person": person.astype(np.int64),
            "date": pa.array(day, pa.int32()).cast(pa.date32()),
            "kind": kind,
            "identity": pa.DictionaryArray.from_arrays(codes, IDENTITIES),
            "in_scope": in_scope,
            "basic": basic,
            "critical": critical.astype(np.int64),
        }
    )
    applicants = np.arange(first_person, first_person + persons)[kinds == 3]
    applications = pa.table(
        {
            "psn_no": applicants.astype(np.int64),
            "apply_date": pa.array(np.full(len(applicants), YEAR_START, np.int32)).cast(
                pa.date32()
            ),
            "psn_idet_type": pa.array([ON_APPLICATION] * len(applicants)),
        }
    )
    return Workload(claims, applications)


def chunks(claims: int, seed: int = 1):
    """Chunks of about `claims` claims in all, persons ascending."""
    persons = max(claims // 8, 1)
    for first in range(0, persons, CHUNK_PERSONS):
        yield chunk(first + 1, min(CHUNK_PERSONS, persons - first), seed)


def workload(claims: int, seed: int = 1) -> Workload:
    """About `claims` claims in memory."""
    parts = list(chunks(claims, seed))
    table = pa.concat_tables([p.claims for p in parts]).combine_chunks()
    return Workload(
        table, pa.concat_tables([p.applications for p in parts]).combine_chunks()
    )


RAW = ("person", "kind", "date", "in_scope", "basic", "critical")


def raw(claims: pa.Table, folder: Path) -> None:
    """The columns as little-endian bytes, one file a column, for the Rust programs."""
    for column in RAW:
        values = claims[column].cast("int32") if column == "date" else claims[column]
        (folder / column).write_bytes(values.to_numpy().tobytes())
