"""The figures of a run come in; the goals set beforehand go out, each met or not."""

from __future__ import annotations

import re
from collections.abc import Iterator

OURS = "jiugao, from the .rules file"
PEERS = {"duckdb, one window": 25, "polars, running-sum trick": 8, "numba": 1.8}
"""How many times slower than we are each is to be."""
HEADS = ("goal", "workload", "measured", "met")
Row = tuple[str, str, str, str]


def goals(measured: dict) -> Iterator[Row]:
    """Every goal that this run can be held against."""
    for one in measured["compute"]:
        yield from compute(one)
    yield from end_to_end(measured["end_to_end"]["rows"])
    yield from contract(measured["contract"])
    yield from changing(measured["without_python"])
    yield from embedding(measured["embedding"])


def row(goal: str, workload: str, value: float, most: float, unit: str) -> Row:
    """A goal of at most `most`."""
    return (goal, workload, f"{value:.2f}{unit}", "yes" if value <= most else "no")


def compute(one: dict) -> Iterator[Row]:
    """Against the better hand-written form, and against the peers."""
    ns = {r["who"]: r["ns"] for r in one["rows"]}
    ours, published = ns[OURS], one["build"] == "published"
    best = min(value for who, value in ns.items() if who.startswith("hand-written"))
    where = f"{one['claims']:,} claims, {one['threads']} thread(s), {one['build']}"
    most = 2.0 if published else 1.7
    yield row(f"at most {most} times hand-written Rust", where, ours / best, most, "x")
    for who, times in PEERS.items():
        if who in ns and one["threads"] == 1:
            faster = ns[who] / ours
            met = "yes" if faster >= times else "no"
            yield (f"{times} times faster than {who}", where, f"{faster:.2f}x", met)


def end_to_end(rows: list[dict]) -> Iterator[Row]:
    """Parquet to Parquet on the workload's columns: by the clock, and the memory."""
    for one in rows:
        if one["who"] != "jiugao":
            continue
        where = f"{one['claims']:,} claims, Parquet to Parquet, 2 threads"
        yield row("at most 60 ns a claim", where, one["ns"], 60, " ns")
        yield row("at most 400 MiB", where, one["peak_mib"], 400, " MiB")


FILES = (
    ("run", "bytes", 1.1, "sorted Parquet"),
    ("run-csv", "duckdb-csv", 1.5, "unsorted CSV"),
)


def contract(rows: list[dict]) -> Iterator[Row]:
    """Files in the national format against the same rows without the machine."""
    for who, other, most, files in FILES:
        ns = {(r["who"], r["claims"]): r["ns"] for r in rows}
        for (name, claims), ours in ns.items():
            if name == who and (theirs := ns.get((other, claims))):
                where = f"{claims:,} claims, national format, {files}"
                goal = f"at most {most} times {other}"
                yield row(goal, where, ours / theirs, most, "x")


def changing(told: str) -> Iterator[Row]:
    """Identities that change within the year, from the line of `beside`."""
    found = re.search(r"^changing: machine .* peer +([0-9.]+)$", told, re.MULTILINE)
    if found:
        goal, where = "at most 4 times hand-written Rust", "identities that change"
        yield row(goal, where, float(found[1]), 4, "x")


EMBEDDED = {
    "test_one_claim_at_a_counter": ("one claim at a counter", 3, "µs", 1),
    "test_import": ("import jiugao", 100, "ms", 1000),
    "test_check_of_five_policies": (
        "jiugao check of all five policies",
        500,
        "ms",
        1000,
    ),
}


def embedding(rows: list[dict]) -> Iterator[Row]:
    """What an embedder feels."""
    for one in rows:
        if one["name"] in EMBEDDED:
            where, most, unit, size = EMBEDDED[one["name"]]
            goal = f"at most {most} {unit}"
            yield row(goal, where, one["us"] / size, most, f" {unit}")
