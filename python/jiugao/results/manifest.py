"""Everything that decides a run comes in; `manifest.json`, equal for equal runs, goes out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from jiugao.claims.files import DataFile
from jiugao.results.folder import MANIFEST

FORMAT = 1
RESULTS_DATABASE = "results.duckdb"  # known by what it holds, not by its bytes


def digest(path: Path) -> str:
    """SHA-256 of a file, as hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def described(files: Mapping[str, Sequence[DataFile]]) -> list[dict[str, Any]]:
    """The input files: table, number, own name and digest (never a path)."""
    return [
        {"table": table, "file": f.number, "name": f.name, "sha256": f.digest}
        for table, group in sorted(files.items())
        for f in group
    ]


def write_manifest(folder: Path, content: dict[str, Any]) -> None:
    """Write the manifest over the files that are in the folder now.

    run.log apart, and the database, which `content` describes by what it holds.
    """
    paths = [
        p
        for p in sorted(folder.iterdir())
        if p.is_file() and p.name not in (MANIFEST, "run.log", RESULTS_DATABASE)
    ]
    with ThreadPoolExecutor(2) as two:  # hashing leaves the interpreter's lock free
        outputs = dict(
            zip((p.name for p in paths), two.map(digest, paths), strict=True)
        )
    whole = {"manifest": FORMAT, **content, "outputs": outputs}
    text = json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", "utf-8")


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a result folder."""
    content: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    return content


def yuan_text(fen: int) -> str:
    """Fen as yuan with two decimals, exactly."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def fen_of(text: str) -> int:
    """Yuan with two decimals as fen: the inverse of `yuan_text`."""
    sign = -1 if text.startswith("-") else 1
    whole, _, part = text.lstrip("-").partition(".")
    return sign * (int(whole) * 100 + int(part))
