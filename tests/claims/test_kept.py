"""What a run keeps for the next, and the digests by which it knows it again."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from jiugao.claims.files import DataFile, hashed_beside
from jiugao.results.kept import Kept


def test_the_key_is_asked_for_only_with_something_to_keep_or_compare(
    tmp_path: Path,
) -> None:
    asked = []

    def key() -> dict[str, Any]:
        asked.append(1)
        return {"inputs": "these"}

    kept = Kept(tmp_path, key)
    assert kept.find("stage") is None
    assert not asked
    kept.keep("stage", lambda path: path.write_text("whole"))
    assert asked
    again = Kept(tmp_path, key).find("stage")
    assert again is not None
    assert again.read_text() == "whole"


def test_stages_of_another_key_are_dropped(tmp_path: Path) -> None:
    Kept(tmp_path, lambda: {"inputs": "these"}).keep("stage", lambda path: path.touch())
    (tmp_path / "spilt").touch()
    other = Kept(tmp_path, lambda: {"inputs": "others"})
    assert other.find("stage") is None
    assert not (tmp_path / "spilt").exists()
    other.keep("stage", lambda path: path.touch())
    assert Kept(tmp_path, lambda: {"inputs": "these"}).find("stage") is None


def test_a_stage_without_its_key_is_nobodys(tmp_path: Path) -> None:
    """A run is killed between the two: the key comes first."""
    kept = Kept(tmp_path, lambda: {"inputs": "these"})

    def fails(_: Path) -> None:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        kept.keep("stage", fails)
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["key"]


def test_files_are_hashed_beside(tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_bytes(b"psn_no\n")
    file = DataFile(1, path)
    hashed_beside([file]).join()
    path.unlink()
    assert file.digest == sha256(b"psn_no\n").hexdigest()


def test_a_file_that_cannot_be_hashed_says_so_to_whoever_asks(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = DataFile(1, tmp_path / "gone.csv")
    hashed_beside([file]).join()
    assert capfd.readouterr().err == ""
    with pytest.raises(FileNotFoundError):
        _ = file.digest
