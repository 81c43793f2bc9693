"""A changed file comes in; what the gate says against it before any test is run comes out.

What mypy refuses as configured, or ruff by a rule about what code does, can never land:
such a change is left out, as one in Rust that does not compile. Rules about how code is
written do not count: what they refuse could be written otherwise and mean the same.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# Pyflakes (`is` a literal), pylint's errors, `== None`, `== True`, types compared.
MEANING = "F,PLE,E711,E712,E721"


def refusal(path: Path, text: str, cache: Path) -> str:
    """What is said first against a file of the tree that one stands in; empty: nothing."""
    return by_ruff(path, text) or by_mypy(path, text, cache)


def by_ruff(path: Path, text: str) -> str:
    """Of the file alone."""
    command = ["ruff", "check", "--no-cache", "--quiet", "--output-format", "concise"]
    command += ["--select", MEANING, "--stdin-filename", str(path), "-"]
    return first(command, text)


def by_mypy(path: Path, text: str, cache: Path) -> str:
    """Of the whole package: a change may be refused where its name is used."""
    before = path.read_text("utf-8")
    path.write_text(text, "utf-8")
    try:
        return first(["mypy", "--no-error-summary", "--cache-dir", str(cache)])
    finally:
        path.write_text(before, "utf-8")


def first(command: list[str], text: str = "") -> str:
    """The first line of what a tool of this environment says where it refuses."""
    ran = subprocess.run(
        [sys.executable, "-m", *command],
        check=False,
        capture_output=True,
        input=text,
        text=True,
    )
    if ran.returncode > 1 or (ran.returncode and not ran.stdout):
        raise RuntimeError(ran.stderr)
    return ran.stdout.partition("\n")[0]
