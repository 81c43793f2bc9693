"""Changes of a crate, tried on the Rust tests: `python -m tests.mutants.rust CRATE`.

cargo-mutants lists all changes and tries those that a seed draws. What is caught, missed,
endless or does not compile stays in `OUT/CRATE/mutants.out`; `--again` tries only those
that an earlier run missed.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import sys
from pathlib import Path

# The crates' tests draw thousands of programs: made faster, at little cost in building.
FAST = (
    "profile.dev.debug=false",
    "profile.dev.opt-level=1",
    'profile.dev.package."*".opt-level=2',
)
MISSED = 2  # how cargo-mutants ends where something was missed
ENDLESS = 3  # and where something took too long


def every_change(crate: str) -> list[str]:
    """The names of all changes, in the order of the text."""
    listed = subprocess.run(
        ["cargo", "mutants", "--list", "-p", crate],
        check=True,
        capture_output=True,
        text=True,
    )
    return listed.stdout.splitlines()


def drawn(changes: list[str], sample: int, seed: int) -> list[str]:
    """As many of them, the same for the same seed; all where 0 are asked for."""
    if not sample or sample >= len(changes):
        return changes
    kept = set(random.Random(seed).sample(range(len(changes)), sample))
    return [change for n, change in enumerate(changes) if n in kept]


def names(out: Path, which: str) -> list[str]:
    """The changes that ended so: caught, missed, timeout, unviable."""
    found = out / "mutants.out" / f"{which}.txt"
    return found.read_text(encoding="utf-8").splitlines() if found.exists() else []


def tried(crate: str, tests: list[str], changes: list[str], out: Path) -> int:
    """Try the changes one after another; how cargo-mutants ended."""
    command = ["cargo", "mutants", "-p", crate, "--baseline", "skip", "-o", str(out)]
    command += ["--timeout", "120", "--build-timeout", "600", "--shuffle"]
    for package in tests or [crate]:
        command += ["--test-package", package]
    for setting in FAST:
        command += ["--cargo-arg", f"--config={setting}"]
    # cargo-mutants 27 tries what it deletes of a struct whatever the names asked for.
    for file in sorted({change.split(":")[0] for change in changes}):
        command += ["--file", file]
    for change in changes:
        command += ["--re", f"^{re.escape(change)}$"]
    return subprocess.run(
        command, check=False, env={**os.environ, "CARGO_BUILD_JOBS": "1"}
    ).returncode


def told(crate: str, sample: str, changes: list[str], out: Path) -> str:
    """A line of the table in benches/RELIABILITY.md, then what was missed.

    Of the changes drawn: what else was tried says nothing of the sample.
    """
    tried = {
        which: [name for name in names(out, which) if name in changes]
        for which in ("caught", "timeout", "missed", "unviable")
    }
    count = {which: len(found) for which, found in tried.items()}
    noticed = count["caught"] + count["timeout"]
    judged = noticed + count["missed"]
    score = f"{100 * noticed / judged:.1f} %" if judged else "nothing to judge"
    line = f"{crate}: {sample}: {judged} changes ({count['unviable']} more do not compile), {noticed} noticed ({count['timeout']} without end), {count['missed']} missed: {score}"
    return "\n".join([line, *(f"  {name}" for name in tried["missed"])])


def main() -> int:
    """Draw, try, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("crate")
    parser.add_argument("--tests", action="append", default=[], help="other crates")
    parser.add_argument("--sample", type=int, default=0, help="how many; 0: all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("fuzz/mutants"))
    parser.add_argument("--again", action="store_true", help="what was missed before")
    given = parser.parse_args()
    out = given.out / given.crate
    if given.again:
        changes, sample = names(out, "missed"), "those missed before"
    else:
        every = every_change(given.crate)
        changes = drawn(every, given.sample, given.seed)
        sample = f"{len(changes)} of {len(every)}, seed {given.seed}"
    out.mkdir(parents=True, exist_ok=True)
    ended = tried(given.crate, given.tests, changes, out) if changes else 0
    sys.stdout.write(told(given.crate, sample, changes, out) + "\n")
    return 0 if ended in {0, MISSED, ENDLESS} else ended


if __name__ == "__main__":
    sys.exit(main())
