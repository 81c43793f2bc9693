"""What was measured comes in; the text of RESULTS.md goes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from goals import HEADS, goals
from sections import MANY

NOTES = Path(__file__).with_name("NOTES.md")
ABOUT = """Nanoseconds a claim, medians of interleaved rounds (min–max behind). The ratio is to the better of the two
hand-written Rust forms in the same run, built for this processor. Every contender's three columns were compared with
the hand-written loop's, row by row. What each file asks: [README.md](README.md)."""


def report(machine: str, measured: dict) -> str:
    """All tables, then the notes."""
    parts = [
        "# What was measured\n",
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, by `make bench`. {machine}.\n",
        f"{ABOUT}\n",
        *absent(measured["compute"]),
        *(text for one in measured["compute"] for text in compute(one)),
        *end_to_end(measured["end_to_end"]),
        *contract(measured["contract"]),
        *machine_alone(measured["without_python"]),
        *embedding(measured["embedding"]),
        "## Held against the goals set beforehand\n",
        table(HEADS, list(goals(measured))),
    ]
    if NOTES.exists():
        parts.append(NOTES.read_text("utf-8"))
    return "\n".join(parts)


def absent(runs: list[dict]) -> Iterator[str]:
    """Peers that were not installed."""
    names = sorted({name for one in runs for name in one["missing"]})
    if names:
        yield f"Not installed here, and so not measured: {', '.join(names)}.\n"


def table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Markdown: the first column words, the others numbers."""
    lines = [heads, ("---", *("---:" for _ in heads[1:])), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def compute(one: dict) -> Iterator[str]:
    """Columns in memory to columns in memory."""
    yield (
        f"## Compute: {one['claims']:,} claims, {one['threads']} thread(s), {one['build']} build\n"
    )
    yield table(
        ("contender", "ns a claim", "min–max", "ratio"),
        [
            (
                r["who"],
                f"{r['ns']:.2f}",
                f"{r['min']:.2f}–{r['max']:.2f}",
                f"{r['ratio']:.2f}",
            )
            for r in one["rows"]
        ],
    )


def timed(row: dict) -> tuple[str, ...]:
    """A row of a table of programs."""
    spread = f"{row['min']:.1f}–{row['max']:.1f}"
    times = (f"{row['ns']:.1f}", spread, f"{row['cpu']:.1f}")
    return (row["who"], f"{row['claims']:,}", *times, f"{row['peak_mib']:.0f}")


TIMED = ("contender", "claims", "ns a claim", "min–max", "processor ns", "peak MiB")


def end_to_end(measured: dict) -> Iterator[str]:
    """Parquet to Parquet on the workload's own columns."""
    rows = measured["rows"]
    if not rows:
        return
    yield "## Parquet to Parquet, sorted, two threads, native build\n"
    yield (
        "`bytes` reads the same columns and writes the same results (kept in memory) with the machine taken out, with"
        "\nthe same settings. The clock starts when modules are loaded and the policy is compiled.\n"
    )
    yield table(TIMED, [timed(row) for row in rows])
    yield from ratios(rows, "jiugao", "bytes")
    yield "Each column alone on one thread, at the larger size: what the processor cannot do without.\n"
    yield table(
        ("what", "ns a claim", "processor ns"),
        [
            (r["what"], f"{r['ns']:.1f}", f"{r['cpu_ns']:.1f}")
            for r in measured["floor"]
        ],
    )


def ratios(rows: list[dict], one: str, other: str) -> Iterator[str]:
    """How many times `other` the contender `one` took, at each size."""
    theirs = {row["claims"]: row for row in rows if row["who"] == other}
    for row in rows:
        if row["who"] == one and (beside := theirs.get(row["claims"])):
            clock, processor = row["ns"] / beside["ns"], row["cpu"] / beside["cpu"]
            yield (
                f"{row['claims']:,} claims: {one} took {clock:.2f} times {other} by the clock, "
                f"{processor:.2f} times of the processor.\n"
            )


def contract(rows: list[dict]) -> Iterator[str]:
    """Files in the national format."""
    if not rows:
        return
    yield "## Files in the national format, all columns, two threads, native build\n"
    yield (
        "`run` is `jiugao run` on sorted Parquet, `bytes` our own reader and writer with the machine taken out;"
        "\n`run-csv` is `jiugao run` on unsorted CSV within 1 GiB, `duckdb-csv` DuckDB reading, sorting and writing the"
        "\nsame rows within the same memory. Years of `jiugao sample`, with people, institutions and applications.\n"
    )
    yield table(TIMED, [timed(row) for row in rows])
    yield from ratios(rows, "run", "bytes")
    yield from ratios(rows, "run-csv", "duckdb-csv")


PROVINCE = 250_000_000


def many_rows(machine: str, rows: list[dict]) -> str:
    """The runs of large.py: each way at its least and at its most; the province computed."""
    day = f"{dt.datetime.now(dt.UTC):%Y-%m-%d}"
    lines = [
        (
            row["who"],
            f"{row['claims']:,}",
            *(f"{row[n]:,.1f}" for n in ("seconds", "ns", "cpu")),
            *(f"{row[n]:,.0f}" for n in ("peak_mib", "spill_mib")),
        )
        for row in rows
    ]
    parts = [
        MANY,
        f"{day}, by `python benches/run.py --large`. {machine}.\n",
        (
            "Two threads, native build; of short runs the median of three. Years of the national format beyond the first"
            "\nare copies of it with numbers of their own. Spill: the most that lay in the run's work folder.\n"
        ),
        table(MANY_HEADS, lines),
        *(grown(less, more) for less, more in zip(rows[::2], rows[1::2], strict=True)),
    ]
    return "\n".join(parts)


MANY_HEADS = (
    "what",
    "claims",
    "seconds",
    "ns a claim",
    "processor ns",
    "peak MiB",
    "spill MiB",
)


def grown(less: dict, more: dict) -> str:
    """How the cost of a claim grew, and what a province would take."""
    clock, processor = more["ns"] / less["ns"], more["cpu"] / less["cpu"]
    minutes = more["ns"] * PROVINCE / 60e9
    return (
        f"{more['who']}: {more['claims']:,} claims cost {clock:.2f} times as much a claim as {less['claims']:,} by the"
        f" clock, {processor:.2f} times of the processor. Computed from it, not measured: {PROVINCE:,} claims,"
        f" {minutes:.1f} minutes.\n"
    )


def machine_alone(text: str) -> Iterator[str]:
    """What criterion printed, and `beside`."""
    yield "## The machine without Python and Arrow: 1,000,000 claims, criterion, then all in turns, native build\n"
    yield f"```text\n{text[text.find('settle/') :].strip()}\n```\n"


def embedding(rows: list[dict]) -> Iterator[str]:
    """Medians of pytest-benchmark."""
    yield "## What an embedder feels (pytest-benchmark, native build)\n"
    yield table(
        ("what", "median µs", "least µs"),
        [(r["name"], f"{r['us']:,.1f}", f"{r['min']:,.1f}") for r in rows],
    )
