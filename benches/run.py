"""`make bench`: every contender in one run; writes RESULTS.md with machine, versions and date.

`python benches/run.py [--claims N ...] [--rounds R] [--end-to-end N ...] [--people N ...]
[--as-built] [--large]`.
Builds two copies of this project, one for any machine (as published) and one for this
processor, in environments of their own under benches/.venv and benches/.venv-native, with
the peers. A peer that cannot be installed is left out, and RESULTS.md says so. `--large`:
only the runs of many rows (large.py), into their own section of RESULTS.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from large import large
from report import many_rows, report
from sections import carried_over, with_section

HERE = Path(__file__).parent
ROOT = HERE.parent
DATA = ROOT / "target" / "bench"
RESULTS = HERE / "RESULTS.md"
BUILDS = {"published": "", "native": "-C target-cpu=native"}
PEERS = ("numpy", "numba", "polars", "duckdb", "pyarrow")
LARGE_YEAR = 200_000  # people of the sample year that is copied
LEFT_OUT = ("numba", "polars")  # may be missing: nothing else here needs them


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


def environment(build: str, *, as_built: bool) -> Path:
    """The Python of one build's environment, brought up to date unless it is to stay."""
    folder = HERE / (".venv" if build == "published" else f".venv-{build}")
    python = folder / "bin" / "python"
    if as_built:
        return python
    if not python.exists():
        call(sys.executable, "-m", "venv", folder)
        wanted = (HERE / "requirements.txt").read_text().split("\n")
        names = [x for line in wanted if (x := line.partition("#")[0].strip())]
        needed = [n for n in names if n not in LEFT_OUT]
        call(python, "-m", "pip", "install", "-q", *needed)
        for name in LEFT_OUT:
            install = [python, "-m", "pip", "install", "-q", name]
            if subprocess.run(install, capture_output=True, check=False).returncode:
                print(f"{name} could not be installed: left out", flush=True)
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
    """One result of compute.py for each build, size and thread count.

    Peers do not depend on the build: beside the published one stand our own forms alone,
    and at the least size only.
    """
    results = []
    for size in sizes:
        for threads in (1, 2):
            for build, python in pythons.items():
                if build == "published" and size > min(sizes):
                    continue
                told = f"compute: {size:,} claims, {threads} thread(s), {build} build"
                print(told, flush=True)
                own = ["own"] if build == "published" else []
                done = call(python, HERE / "compute.py", size, threads, rounds, *own)
                results.append({"build": build, **json.loads(done)})
    return results


def interleaved(
    calls: dict[str, list[object]], rounds: int, *, warm: bool = True
) -> list[dict]:
    """Medians of programs that print one JSON line, run in turns.

    What one has written is on the disk before the next begins: else the kernel would write
    it in the other's time, and most of it in the time of whoever comes after the largest.
    """
    seen: dict[str, list[dict]] = {who: [] for who in calls}
    for _ in range(rounds + warm):
        for who, command in calls.items():
            os.sync()
            seen[who].append(json.loads(call(*command)))
    results = []
    for who, every in seen.items():
        counted = every[warm:]
        rows = counted[0]["rows"]
        seconds = [one["seconds"] for one in counted]
        results.append({
            "who": who, "claims": rows,
            "ns": statistics.median(seconds) * 1e9 / rows,
            "min": min(seconds) * 1e9 / rows, "max": max(seconds) * 1e9 / rows,
            "cpu": statistics.median(one["cpu"] for one in counted) * 1e9 / rows,
            "start": statistics.median(one.get("start", 0.0) for one in counted),
            "peak_mib": max(one["peak_mib"] for one in counted),
        })  # fmt: skip
    return results


def end_to_end(python: Path, sizes: list[int], rounds: int) -> dict:
    """Interleaved runs of end_to_end.py, Parquet to Parquet, two threads; each column alone."""
    results, floor = [], []
    for size in sizes:
        print(f"end to end: {size:,} claims", flush=True)
        source = DATA / f"claims-{size}.parquet"
        applications = DATA / f"applications-{size}.parquet"
        if not (source.exists() and applications.exists()):
            call(python, HERE / "write_workload.py", size, source, applications)
        program = [python, HERE / "end_to_end.py", source, applications]
        calls = {who: [*program, who, 2] for who in ("jiugao", "bytes")}
        results += interleaved(calls, rounds)
        floor = json.loads(call(*program, "floor", 2))
    return {"rows": results, "floor": floor}


def sample_year(python: Path, persons: int) -> Path:
    """A year of `jiugao sample`, made where it is not there; its claims sorted too."""
    year = DATA / f"year-{persons}"
    if not (year / "sorted.parquet").exists():
        rules = ROOT / "rules" / "liaocheng_2022"
        sample = [python.with_name("jiugao"), "sample", rules, "-o", year]
        call(*sample, "--people", persons, "--seed", 7)
        call(python, HERE / "contract.py", year, "sort", DATA / "contract" / "sort")
    return year


def only_large(python: Path) -> None:
    """The runs of many rows, into their section of RESULTS.md."""
    rows = large(python, sample_year(python, LARGE_YEAR), DATA)
    section = many_rows(f"{machine()}.  \n{versions(python)}", rows)
    write_section(section)


def write_section(section: str) -> None:
    """A run of its own puts its section where RESULTS.md has it."""
    RESULTS.write_text(with_section(RESULTS.read_text("utf-8"), section), "utf-8")
    print(section)


def contract(python: Path, people: list[int], rounds: int) -> list[dict]:
    """Files in the national format: contract.py on sample years; of larger ones one round."""
    results = []
    for number, persons in enumerate(people):
        print(f"national format: {persons:,} people", flush=True)
        year = sample_year(python, persons)
        program = [python, HERE / "contract.py", year]
        out = DATA / "contract"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        turns = {
            ("run", "bytes"): rounds,
            ("run-csv", "duckdb-csv"): max(rounds // 2, 1),
        }
        if number:
            turns = {("run", "bytes"): 1}
        for pair, many in turns.items():
            calls = {who: [*program, who, out / who] for who in pair}
            results += interleaved(calls, many, warm=not number)
    return results


def embedding(python: Path) -> list[dict]:
    """pytest-benchmark's medians, in microseconds."""
    file = DATA / "embedding.json"
    call(python, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", HERE, HERE / "python",
         f"--benchmark-json={file}")  # fmt: skip
    results = []
    for one in json.loads(file.read_text())["benchmarks"]:
        us = 1e6 / one["extra_info"].get("divide", 1)
        median, least = one["stats"]["median"] * us, one["stats"]["min"] * us
        results.append({"name": one["name"], "us": median, "min": least})
    return results


def without_python(python: Path) -> str:
    """The machine beside the hand-written forms: by criterion, then all in turns."""
    call(python, HERE / "write_raw.py", 1_000_000, DATA / "raw")
    told = [
        call(
            "cargo", "bench", "-p", "jiugao_benches", "--bench", bench, "--", *options,
            RUSTFLAGS=BUILDS["native"], CARGO_TARGET_DIR=str(ROOT / "target" / "native"),
            JIUGAO_BENCH_DATA=str(DATA / "raw"),
        )
        for bench, *options in (("settle", "--quiet"), ("beside", 60))
    ]  # fmt: skip
    return "\n".join(told)


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
        "import importlib.metadata as m, platform\n"
        "def v(p):\n"
        "    try: return m.version(p)\n"
        "    except m.PackageNotFoundError: return 'not installed'\n"
        f"print('Python', platform.python_version(), *[f'· {{p}} {{v(p)}}' for p in {PEERS!r}])"
    )
    return f"{call(python, '-c', code).strip()} · {call('rustc', '--version').strip()}"


def main() -> None:
    """Build, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--claims", type=int, nargs="*", default=[1_000_000, 10_000_000]
    )
    parser.add_argument(
        "--end-to-end", type=int, nargs="*", default=[1_000_000, 10_000_000]
    )
    parser.add_argument("--people", type=int, nargs="*", default=[200_000])
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument(
        "--as-built", action="store_true", help="do not build the wheels again"
    )
    parser.add_argument("--large", action="store_true", help="only the many rows")
    options = parser.parse_args()
    DATA.mkdir(parents=True, exist_ok=True)
    if options.large:
        only_large(environment("native", as_built=options.as_built))
        return
    handwritten()
    pythons = {b: environment(b, as_built=options.as_built) for b in BUILDS}
    native = pythons["native"]
    measured = {
        "compute": compute(pythons, options.claims, options.rounds),
        "end_to_end": end_to_end(native, options.end_to_end, options.rounds),
        "contract": contract(native, options.people, options.rounds),
        "without_python": without_python(native),
        "embedding": embedding(native),
    }
    (DATA / "results.json").write_text(json.dumps(measured))
    text = report(f"{machine()}.  \n{versions(native)}", measured)
    if RESULTS.exists():
        text = carried_over(text, RESULTS.read_text("utf-8"))
    RESULTS.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
