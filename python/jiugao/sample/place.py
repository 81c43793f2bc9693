"""A number of people and a seed come in; an invented year of a place goes out, in DuckDB.

Every draw is a hash of (salt, row, seed): the same call gives the same rows whatever the
number of threads. Floating point draws lots and lengths only; amounts are whole fen from
then on.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

import duckdb

COMMON = {
    "低保对象": 45,
    "防止返贫监测帮扶对象": 18,
    "低保边缘家庭成员": 16,
    "特困人员": 12,
    "返贫致贫人口": 5,
    "事实无人抚养儿童": 2,
    "孤儿": 1,
    "重点困境儿童": 1,
}
"""How often an identity is met, of 100 assisted persons (others are drawn evenly)."""


def invent(
    connection: duckdb.DuckDBPyConnection,
    people: int,
    seed: int,
    year: int,
    identities: Sequence[str],
    applied: str | None,
) -> None:
    """Fill the connection with persons, identities, institutions, applications, `base`.

    `identities`: those that a person can hold; `applied`: the one that is applied for.
    """
    connection.execute(
        "CREATE OR REPLACE MACRO u(salt, k) AS"
        f" ((hash(salt, k, {int(seed)}::BIGINT) >> 11)::DOUBLE / 9007199254740992.0)"
    )
    _weights(connection, identities)
    for name in ("population.sql", "claims.sql"):
        text = (files("jiugao.sample") / name).read_text("utf-8")
        for statement in _statements(text):
            used = {"n": people, "year": year, "applied": applied}
            chosen = {k: v for k, v in used.items() if f"${k}" in statement}
            connection.execute(statement, chosen or None)


def _statements(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if not line.strip().startswith("--")]
    return [s for part in "\n".join(lines).split(";") if (s := part.strip())]


def _weights(connection: duckdb.DuckDBPyConnection, identities: Sequence[str]) -> None:
    total = sum(COMMON.get(i, 5) for i in identities) or 1
    connection.execute(
        "CREATE OR REPLACE TABLE weights (identity VARCHAR, low DOUBLE, high DOUBLE)"
    )
    below = 0
    for identity in identities:
        above = below + COMMON.get(identity, 5)
        connection.execute(
            "INSERT INTO weights VALUES (?, ?, ?)",
            [identity, below / total, 1.0 if above == total else above / total],
        )
        below = above
