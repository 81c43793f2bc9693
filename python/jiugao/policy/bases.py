"""An overlay's file comes in; the files of its base go out with it.

`继承 code` is a policy among the files beside the overlay, `继承 "path"` a file or a
folder, from the overlay's folder on.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from jiugao.policy.files import (
    Shelf,
    is_list_file,
    is_overlay,
    read_folder,
    read_source,
)
from jiugao.policy.overlays import base_of, overlays_in
from jiugao.syntax import parse, tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiugao.diagnostics import Diagnostics
    from jiugao.source import Source


def with_base(
    sources: Sequence[Source], shelf: Shelf, found: Diagnostics
) -> tuple[list[Source], Shelf]:
    """The sources and, for an overlay without its base, those of the base."""
    rules = [s for s in sources if not is_list_file(s.name)]
    if shelf.folder is None or not rules or not all(map(is_overlay, rules)):
        return list(sources), shelf
    documents = [d for d, _ in map(parse, rules) if d is not None]
    overlays = overlays_in(documents)
    if not overlays:
        return list(sources), shelf
    base = overlays[0].base
    folder, read = read_base(base, shelf.folder, found)
    folders = dict.fromkeys(read, folder)
    return [*sources, *read], replace(shelf, folders=folders)


def read_base(
    base: tree.Name | tree.FileName, beside: Path, found: Diagnostics
) -> tuple[Path, list[Source]]:
    """The files of a base and the folder that they are in."""
    if isinstance(base, tree.Name):
        files = [s for s in read_folder(beside, found) if not is_overlay(s)]
        return beside, [s for s in files if belongs(s, base.text)]
    path = beside / base.text
    if path.is_dir():
        return path, [s for s in read_folder(path, found) if not is_overlay(s)]
    source = read_source(path, found, span=base.span)
    return path.parent, [] if source is None or is_overlay(source) else [source]


def belongs(source: Source, code: str) -> bool:
    """Whether a file is the policy of this code or a part of it.

    One that cannot be read as rules is taken too, so that what is wrong is told.
    """
    document, _ = parse(source)
    if document is None:
        return True
    main = base_of([document])
    parts = (p for p in document.policies if isinstance(p, tree.Policy))
    return (main is not None and main.code == code) or any(
        p.part_of == code for p in parts
    )
