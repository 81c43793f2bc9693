"""Items are made ahead by a thread: all of them, in order, and what breaks comes after them."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from jiugao.claims.ahead import AHEAD, ahead


def test_all_items_in_order() -> None:
    """More than may wait."""
    assert list(ahead(iter(range(AHEAD * 5)))) == list(range(AHEAD * 5))
    assert list(ahead(iter(()))) == []


def test_what_breaks_comes_after_what_was_made() -> None:
    """The error is the maker's own."""

    def items() -> Iterator[int]:
        yield 1
        yield 2
        raise KeyError("broken")

    taken: list[int] = []
    with pytest.raises(KeyError, match="broken"):
        taken.extend(ahead(items()))
    assert taken == [1, 2]


def test_whoever_leaves_early_ends_the_thread() -> None:
    """Nothing goes on reading a file that nobody reads."""
    made = []

    def items() -> Iterator[int]:
        for number in range(1_000):
            made.append(number)
            yield number

    before = threading.active_count()
    several = ahead(items())
    assert next(several) == 0
    several.close()  # type: ignore[attr-defined]  it is a generator
    assert threading.active_count() == before
    assert len(made) <= AHEAD + 2
