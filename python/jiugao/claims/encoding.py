"""A text file comes in; its encoding and whether it has blank lines go out.

UTF-8 (with or without BOM) and GB18030, which takes in GBK and GB2312, are told apart by
trying: text of more than a few Chinese characters is hardly ever valid as both.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jiugao.claims.findings import DataError

BLOCK = 8 << 20
ENCODINGS = ("utf-8", "gb18030")


@dataclass(frozen=True)
class Look:
    """What a text file is written in. `blank`: it has blank lines."""

    encoding: str
    blank: bool


def look(path: Path) -> Look:
    """Read the whole file once: also columns that nobody asks for must be text.

    Raises DataError D902, naming the line that is text in neither encoding.
    """
    stat = path.stat()
    return _look(path, stat.st_size, stat.st_mtime_ns)


@cache
def _look(path: Path, size: int, changed: int) -> Look:
    del size, changed  # a file that was written anew is looked at anew
    for encoding in ENCODINGS:
        blank = _decoded(path, encoding)
        if blank is not None:
            return Look(encoding, blank)
    raise DataError("D902", file=path.name, line=str(_bad_line(path)))


def _decoded(path: Path, encoding: str) -> bool | None:
    """Whether there are blank lines; None where the text is not in that encoding.

    No byte after the first of a GB18030 character is a line's end, so bytes can be
    searched for it. A NUL is text in no export: UTF-16 would pass for GB18030 by it.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    blank, before = False, b""
    with path.open("rb") as stream:
        try:
            while block := stream.read(BLOCK):
                if b"\x00" in block:
                    return None
                decoder.decode(block)
                around = before[-2:] + block
                blank = blank or b"\n\n" in around or b"\n\r" in around
                before = block
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return None
    return blank


def _bad_line(path: Path) -> int:
    """The line at which the last of the encodings fails, the file having failed all."""
    reached = 1
    for encoding in ENCODINGS:
        with path.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                try:
                    line.decode(encoding)
                except UnicodeDecodeError:
                    reached = max(reached, number)
                    break
                if b"\x00" in line:
                    reached = max(reached, number)
                    break
    return reached


def blank_lines(path: Path) -> list[int]:
    """The numbers of the blank lines, which pyarrow passes over without counting."""
    with path.open("rb") as stream:
        return [n for n, line in enumerate(stream, 1) if not line.rstrip(b"\r\n")]
