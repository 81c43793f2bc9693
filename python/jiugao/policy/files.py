"""A path or a text comes in; the sources of one policy go out.

Files that cannot be read, or are not UTF-8, are findings.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jiugao.source import Source

if TYPE_CHECKING:
    from jiugao.diagnostics import Diagnostics

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_sources(path_or_text: Path | str, found: Diagnostics) -> list[Source]:
    """The text itself, one file, or all `.rules` files of a folder by name."""
    if isinstance(path_or_text, str) and "{" in path_or_text:
        return [Source("—", path_or_text)]
    path = Path(path_or_text)
    if path.is_dir():
        files = sorted(path.glob("*.rules"))
        if not files:
            found.add("E693", None, file=str(path))
    else:
        files = [path]
    sources = (read_source(file, found) for file in files)
    return [s for s in sources if s is not None]


def read_bytes(path: Path, found: Diagnostics) -> bytes | None:
    """What a file holds, or E692."""
    try:
        return path.read_bytes()
    except OSError as error:
        found.add("E692", None, file=str(path), detail=error.strerror or str(error))
        return None


def read_source(path: Path, found: Diagnostics) -> Source | None:
    """One `.rules` file, in UTF-8 with or without BOM."""
    data = read_bytes(path, found)
    if data is None:
        return None
    try:
        return Source(path.name, data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        found.add("E691", None, file=str(path), encoding=encoding_of(data))
        return None


def encoding_of(data: bytes) -> str:
    """The likely encoding of bytes that are not UTF-8."""
    if data.startswith(UTF16_MARKS):
        return "UTF-16"
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return "?"
    return "GB18030"
