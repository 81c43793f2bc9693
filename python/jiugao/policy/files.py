"""A path or a text comes in; the sources of one policy go out, lists in files included.

Files that cannot be read, or are not UTF-8, are findings.
"""

from __future__ import annotations

import re
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.source import Source, Span
from jiugao.syntax import tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jiugao.diagnostics import Diagnostics

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
LIST_ENDING = ".csv"
OVERLAY = re.compile(r"(?:\s|#[^\n]*)*(?:细则|overlay)\s")


@dataclass(frozen=True)
class ListFiles:
    """Texts of lists: by the list that each is for, and all that rules and examples name."""

    by_list: Mapping[str, Source] = field(default_factory=dict)
    every: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Shelf:
    """Where list files are: those carried along by name, then the rules' folder."""

    folder: Path | None = None
    carried: Mapping[str, Source] = field(default_factory=dict)
    folders: Mapping[Source, Path] = field(default_factory=dict)  # of a base elsewhere

    def beside(self, file: tree.FileName) -> Path:
        """Where a file is that rules name: from the folder of those rules."""
        return (self.folders.get(file.span.source, self.folder) or Path()) / file.text

    def find(
        self, name: str, path: Path, span: Span, found: Diagnostics
    ) -> Source | None:
        """The text of a list under the name that it is asked for by."""
        if name in self.carried:
            return self.carried[name]
        if not is_list_file(name):
            found.add("E660", span, file=name)
            return None
        return read_source(path, found, name=name, span=span)


def shelf_of(path_or_text: Path | str, sources: Sequence[Source]) -> Shelf:
    """The shelf of rules at a path, with the lists that came along."""
    carried = lists_among(sources)
    if isinstance(path_or_text, str) and "{" in path_or_text:
        return Shelf(None, carried)
    path = Path(path_or_text)
    return Shelf(path if path.is_dir() else path.parent, carried)


def read_sources(path_or_text: Path | str, found: Diagnostics) -> list[Source]:
    """The text itself, one file, or all `.rules` files of a folder by name."""
    if isinstance(path_or_text, str) and "{" in path_or_text:
        return [Source("—", path_or_text)]
    path = Path(path_or_text)
    if path.is_dir():
        return read_folder(path, found)
    source = read_source(path, found)
    return [] if source is None else [source]


def read_folder(path: Path, found: Diagnostics) -> list[Source]:
    """The rules of a folder; overlays beside a policy are asked for by their file."""
    files = sorted(path.glob("*.rules"))
    if not files:
        found.add("E693", None, file=str(path))
    read = (read_source(file, found) for file in files)
    sources = [s for s in read if s is not None]
    return [s for s in sources if not is_overlay(s)] or sources


def is_overlay(source: Source) -> bool:
    """Whether the first word of a file says that it is a local overlay."""
    return OVERLAY.match(source.text) is not None


def read_bytes(
    path: Path, found: Diagnostics, span: Span | None = None
) -> bytes | None:
    """What a file holds, or E692."""
    try:
        return path.read_bytes()
    except OSError as error:
        words = {"file": str(path), "detail": error.strerror or str(error)}
        found.add("E692", span, **words)
        return None


def read_source(
    path: Path,
    found: Diagnostics,
    *,
    name: str | None = None,
    span: Span | None = None,
) -> Source | None:
    """One file in UTF-8 with or without BOM; `span` is where the rules name it."""
    data = read_bytes(path, found, span)
    if data is None:
        return None
    try:
        return Source(name or path.name, data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        found.add("E691", span, file=str(path), encoding=encoding_of(data))
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


def read_list_files(
    documents: Sequence[tree.Document],
    settings: Mapping[str, str],
    shelf: Shelf,
    found: Diagnostics,
) -> ListFiles:
    """The files of all lists; a file that the caller sets stands in place of one named.

    Paths in the rules start from the rules' folder, those of settings from where the
    caller stands.
    """
    by_list: dict[str, Source] = {}
    every: dict[str, Source] = {}
    nodes = tuple(list_nodes(documents))
    for node in nodes:
        if node.file is None or (is_set(node, settings)):
            continue
        beside = shelf.beside(node.file)
        source = shelf.find(node.file.text, beside, node.file.span, found)
        if source is not None:
            if every.get(source.name, source) != source:
                found.add("E661", node.file.span, file=source.name)
            every[source.name] = source
            if isinstance(node, tree.CodeList):
                by_list[node.name.text] = source
    for node in (n for n in nodes if is_set(n, settings)):
        given = settings[node.name.text]
        known = every.get(given)  # what an example gives stands beside the rules
        if known is None or (given not in shelf.carried and Path(given).is_file()):
            source = shelf.find(given, Path(given), node.span, found)
            if known is not None and source != known:
                found.add("E661", node.span, file=given)
            known = source
        if known is not None:
            every[known.name] = by_list[node.name.text] = known
    return ListFiles(by_list, tuple(every.values()))


def is_set(node: tree.CodeList | tree.ExampleList, settings: Mapping[str, str]) -> bool:
    """Whether the caller gives a list that the rules declare."""
    return isinstance(node, tree.CodeList) and node.name.text in settings


def list_nodes(
    documents: Sequence[tree.Document],
) -> Iterator[tree.CodeList | tree.ExampleList]:
    """Every place that names a list's file."""
    for policy in (p for d in documents for p in d.policies):
        for item in policy.items:
            if isinstance(item, tree.CodeList | tree.ExampleList):
                yield item
            elif isinstance(item, tree.Example):
                lines = (n for n in item.lines if isinstance(n, tree.ExampleList))
                yield from lines


def lists_among(sources: Sequence[Source]) -> dict[str, Source]:
    """The sources that hold lists, by name."""
    return {s.name: s for s in sources if is_list_file(s.name)}


def is_list_file(name: str) -> bool:
    """Whether a source holds a list, not rules."""
    return name.lower().endswith(LIST_ENDING)
