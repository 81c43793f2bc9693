"""The figures of a run come in; the goals set beforehand go out, each met or not."""

from __future__ import annotations

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
    """Against reading and writing the same bytes, and by the clock."""
    bytes_only = {r["claims"]: r["ns"] for r in rows if r["who"] == "bytes"}
    for one in rows:
        if one["who"] != "jiugao":
            continue
        where = f"{one['claims']:,} claims, Parquet to Parquet, 2 threads"
        times = one["ns"] / bytes_only[one["claims"]]
        yield row("at most 1.1 times the same bytes", where, times, 1.1, "x")
        yield row("at most 60 ns a claim", where, one["ns"], 60, " ns")
        yield row("at most 400 MiB", where, one["peak_mib"], 400, " MiB")
