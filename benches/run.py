"""`make bench`: every contender in one run; writes RESULTS.md with machine, versions and date.

`python benches/run.py [--claims N ...] [--rounds R] [--end-to-end N ...]`. Builds two copies
of this project, one for any machine (as published) and one for this processor, in
environments of their own under benches/.venv and benches/.venv-native, with the peers.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
DATA = ROOT / "target" / "bench"
BUILDS = {"published": "", "native": "-C target-cpu=native"}
PEERS = ("numpy", "numba", "polars", "duckdb", "pyarrow")


def call(*command: object, **environment: str) -> str:
    """Run a command, show it where it fails, give what it printed."""
    done = subprocess.run(
        [str(c) for c in command],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def environment(build: str) -> Path:
    """The Python of one build's environment, made and brought up to date."""
    folder = HERE / (".venv" if build == "published" else f".venv-{build}")
    python = folder / "bin" / "python"
    if not python.exists():
        call(sys.executable, "-m", "venv", folder)
        call(python, "-m", "pip", "install", "-q", "-r", HERE / "requirements.txt")
    wheels = DATA / f"wheel-{build}"
    for old in wheels.glob("*.whl"):
        old.unlink()
    target = ROOT / "target" if build == "published" else ROOT / "target" / build
    call(
        ROOT / ".venv" / "bin" / "maturin", "build", "--profile", "wheel", "--out", wheels,
        "--interpreter", python, RUSTFLAGS=BUILDS[build], CARGO_TARGET_DIR=str(target),
    )  # fmt: skip
    wheel = next(wheels.glob("*.whl"))
    call(python, "-m", "pip", "install", "-q", "--force-reinstall", "--no-deps", wheel)
    call(python, "-m", "pip", "install", "-q", wheel)
    return python


def handwritten() -> None:
    """The hand-written peers, for this processor."""
    call("cargo", "build", "--release", "-p", "jiugao_benches", RUSTFLAGS=BUILDS["native"],
         CARGO_TARGET_DIR=str(ROOT / "target" / "native"))  # fmt: skip


def compute(pythons: dict[str, Path], sizes: list[int], rounds: int) -> list[dict]:
    """One result of compute.py for each build, size and thread count."""
    results = []
    for size in sizes:
        for threads in (1, 2):
            for build, python in pythons.items():
                print(
                    f"compute: {size:,} claims, {threads} thread(s), {build} build",
                    flush=True,
                )
                done = json.loads(
                    call(python, HERE / "compute.py", size, threads, rounds)
                )
                results.append({"build": build, **done})
    return results


def end_to_end(python: Path, sizes: list[int], rounds: int) -> list[dict]:
    """Medians of interleaved runs of end_to_end.py, Parquet to Parquet, two threads."""
    results = []
    for size in sizes:
        print(f"end to end: {size:,} claims", flush=True)
        source, applications = (
            DATA / f"{size}.parquet",
            DATA / f"{size}.applications.parquet",
        )
        if not source.exists():
            call(python, HERE / "write_workload.py", size, source, applications)
        runs: dict[str, list[dict]] = {"jiugao": [], "bytes": []}
        for _ in range(rounds + 1):
            for who, seen in runs.items():
                done = call(
                    python, HERE / "end_to_end.py", source, applications, who, 2
                )
                seen.append(json.loads(done))
        for who, seen in runs.items():
            counted = seen[1:]
            seconds = [one["seconds"] for one in counted]
            rows = counted[0]["rows"]
            results.append({
                "who": who, "claims": rows,
                "ns": statistics.median(seconds) * 1e9 / rows,
                "min": min(seconds) * 1e9 / rows, "max": max(seconds) * 1e9 / rows,
                "peak_mib": max(one["peak_mib"] for one in counted),
            })  # fmt: skip
    return results


def embedding(python: Path) -> list[dict]:
    """pytest-benchmark's medians, in microseconds."""
    file = DATA / "embedding.json"
    call(python, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", HERE, HERE / "python",
         f"--benchmark-json={file}")  # fmt: skip
    return [
        {
            "name": one["name"],
            "us": one["stats"]["median"] * 1e6,
            "min": one["stats"]["min"] * 1e6,
        }
        for one in json.loads(file.read_text())["benchmarks"]
    ]


def criterion(python: Path) -> str:
    """What criterion printed of the machine beside the hand-written forms, without Python."""
    call(python, HERE / "write_raw.py", 1_000_000, DATA / "raw")
    return call(
        "cargo", "bench", "-p", "jiugao_benches", "--", "--quiet",
        RUSTFLAGS=BUILDS["native"], CARGO_TARGET_DIR=str(ROOT / "target" / "native"),
        JIUGAO_BENCH_DATA=str(DATA / "raw"),
    )  # fmt: skip


def machine() -> str:
    """Processor, cores, memory, kernel."""
    lines = (
        Path("/proc/cpuinfo").read_text().splitlines()
        if Path("/proc/cpuinfo").exists()
        else []
    )
    model = next(
        (x.split(":")[1].strip() for x in lines if x.startswith("model name")), "?"
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    wide = "with AVX-512" if any("avx512f" in x for x in lines) else "without AVX-512"
    return f"{model} ({wide}), {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.release()}"


def versions(python: Path) -> str:
    """Python, Rust and the peers."""
    code = (
        "import importlib.metadata as m, platform; print('Python', platform.python_version(), *"
        f"[f'· {{p}} {{m.version(p)}}' for p in {PEERS!r}])"
    )
    return f"{call(python, '-c', code).strip()} · {call('rustc', '--version').strip()}"


def report(python: Path, measured: dict) -> str:
    """RESULTS.md."""
    computed, copied = measured["compute"], measured["end_to_end"]
    lines = [
        "# What was measured",
        "",
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, by `make bench`. {machine()}.  ",
        f"{versions(python)}.",
        "",
        (
            "Nanoseconds a claim, medians of interleaved rounds (min–max behind). The ratio is to the better of the two "
            "hand-written Rust forms in the same run, built for this processor. Every contender's three columns were "
            "compared with the hand-written loop's, row by row. What each file asks: [README.md](README.md)."
        ),
        "",
    ]
    for one in computed:
        lines += [
            f"## Compute: {one['claims']:,} claims, {one['threads']} thread(s), {one['build']} build",
            "",
            "| contender | ns a claim | min–max | ratio |",
            "| --- | ---: | ---: | ---: |",
            *(
                f"| {r['who']} | {r['ns']:.2f} | {r['min']:.2f}–{r['max']:.2f} | {r['ratio']:.2f} |"
                for r in one["rows"]
            ),
            "",
        ]
    if copied:
        lines += [
            "## Parquet to Parquet, sorted, two threads, native build",
            "",
            "`bytes` reads the same columns and writes the same results (kept in memory) with the machine taken out.",
            "",
            "| contender | claims | ns a claim | min–max | peak MiB |",
            "| --- | ---: | ---: | ---: | ---: |",
            *(
                f"| {r['who']} | {r['claims']:,} | {r['ns']:.1f} | {r['min']:.1f}–{r['max']:.1f} | {r['peak_mib']:.0f} |"
                for r in copied
            ),
            "",
        ]
    lines += [
        "## The machine without Python and Arrow: 1,000,000 claims, criterion, native build",
        "",
        "```text",
        measured["criterion"][measured["criterion"].find("settle/") :].strip(),
        "```",
        "",
        "## What an embedder feels (pytest-benchmark, native build)",
        "",
        "| what | median µs | least µs |",
        "| --- | ---: | ---: |",
        *(
            f"| {one['name']} | {one['us']:,.1f} | {one['min']:,.1f} |"
            for one in measured["embedding"]
        ),
        "",
    ]
    notes = HERE / "NOTES.md"
    if notes.exists():
        lines.append(notes.read_text("utf-8"))
    return "\n".join(lines)


def main() -> None:
    """Build, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--claims", type=int, nargs="*", default=[1_000_000, 10_000_000]
    )
    parser.add_argument(
        "--end-to-end", type=int, nargs="*", default=[1_000_000, 10_000_000]
    )
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    DATA.mkdir(parents=True, exist_ok=True)
    handwritten()
    pythons = {build: environment(build) for build in BUILDS}
    native = pythons["native"]
    measured = {
        "compute": compute(pythons, options.claims, options.rounds),
        "end_to_end": end_to_end(native, options.end_to_end, options.rounds),
        "criterion": criterion(native),
        "embedding": embedding(native),
    }
    (DATA / "results.json").write_text(json.dumps(measured))
    text = report(native, measured)
    (HERE / "RESULTS.md").write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
