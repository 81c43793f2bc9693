"""The listings of the policies beside this file.

`python -m tests.program.goldens` rewrites them.
"""

from __future__ import annotations

from pathlib import Path

from jiugao.compile import Options, check_sources
from jiugao.policy.files import shelf_of
from jiugao.program import Program, listing, lower
from jiugao.source import Source

HERE = Path(__file__).parent
POLICIES = sorted((HERE / "policies").glob("*.rules"))
LANGUAGES = ("zh", "en")


def program_of(path: Path) -> Program:
    """The program of one policy."""
    source = Source(path.name, path.read_text("utf-8"))
    policy, found = check_sources([source], Options(shelf=shelf_of(path, [])))
    assert policy is not None, [finding.cause("en") for finding in found.errors]
    return lower(policy)


def golden(path: Path, language: str) -> Path:
    """Where a listing is kept."""
    return HERE / "listings" / f"{path.stem}.{language}.txt"


def rewrite() -> None:
    """Write every listing anew."""
    for path in POLICIES:
        for language in LANGUAGES:
            target = golden(path, language)
            target.parent.mkdir(exist_ok=True)
            target.write_text(listing(program_of(path), language), "utf-8")


if __name__ == "__main__":
    rewrite()
