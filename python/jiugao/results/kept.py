"""What decides a run comes in; finished stages of an interrupted one, for the next, go out.

A run of equal inputs, options and program does the same thing: what one of them finished, the
next may take up. Stages lie in the run's work folder under their names; each appears there by
a rename, whole or not at all. Without a stage that is finished, the next run begins anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

from jiugao.claims.database import DATABASE

KEY = "key"
STAGED = "staged.json"  # the claims lie in order in the run's database


class Kept:
    """Finished stages of the run that `key` names; those of any other run are dropped.

    The key is asked for once there is one to compare it with, or something to keep: it
    holds the digests of all inputs.
    """

    def __init__(self, work: Path, key: Callable[[], dict[str, Any]]) -> None:
        self._key = key
        self._folder = work / "kept"
        named = self._folder / KEY
        same = named.is_file() and named.read_text("utf-8") == self._digest()
        staged = same and (self._folder / STAGED).is_file()
        empty(work, {"kept"} if same else set(), DATABASE if staged else None)
        self._folder.mkdir(exist_ok=True)
        self.taken_up: list[str] = []

    def find(self, name: str) -> Path | None:
        """The stage of this name, if a run finished it."""
        path = self._folder / name
        if not path.exists():
            return None
        self.taken_up.append(name)
        return path

    def keep(self, name: str, write: Callable[[Path], object]) -> None:
        """Write a stage, by a function of the file's path."""
        if not (self._folder / KEY).exists():
            self._put(KEY, lambda path: path.write_text(self._digest(), "utf-8"))
        self._put(name, write)

    def _digest(self) -> str:
        text = json.dumps(self._key(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def _put(self, name: str, write: Callable[[Path], object]) -> None:
        beside = self._folder / f".{name}.{os.getpid()}"
        write(beside)
        beside.replace(self._folder / name)


def empty(folder: Path, names: AbstractSet[str], database: str | None) -> None:
    """Remove whatever is in a folder, but for these names and a database's files."""
    for path in folder.iterdir():
        if path.name in names or (database and path.name.startswith(database)):
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
