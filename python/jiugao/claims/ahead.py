"""Items come in; the same items go out, made by a thread of its own a few ahead.

Decoding a file leaves the interpreter's lock free: while rows are settled, the next ones
are read.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")
AHEAD = 2  # batches of rows: some megabytes


def ahead(items: Iterator[Item], most: int = AHEAD) -> Iterator[Item]:
    """The items in their order. What breaks their making breaks off here, after them.

    `most`: how many may wait.

    The thread has ended when this has ended, or was closed before its end.
    """
    line: _Line[Item] = _Line(most)
    maker = threading.Thread(target=line.make, args=(items,), daemon=True)
    maker.start()
    try:
        yield from line.take()
    finally:
        line.leave()
        maker.join()


class _Line(Generic[Item]):
    """Items between two threads. A maker that had to wait goes on when half are taken.

    Threads that handed over one item at a time and slept in between were seen to share one
    core, so that nothing overlapped: long stretches of work let the kernel part them.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._items: deque[Item] = deque()
        self._turn = threading.Condition()
        self._ended = False
        self._left = False
        self._broken: BaseException | None = None

    def make(self, items: Iterator[Item]) -> None:
        """Put every item in line, until nobody takes them."""
        try:
            for item in items:
                if not self._put(item):
                    break
        except BaseException as error:  # noqa: BLE001  shown by whoever takes
            self._broken = error
        with self._turn:
            self._ended = True
            self._turn.notify_all()

    def _put(self, item: Item) -> bool:
        with self._turn:
            self._items.append(item)
            self._turn.notify_all()
            if len(self._items) >= self._most:
                self._turn.wait_for(self._room)
            return not self._left

    def _room(self) -> bool:
        return self._left or len(self._items) <= self._most // 2

    def take(self) -> Iterator[Item]:
        """Every item, in order."""
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._items or self._ended)
                if not self._items:
                    break
                item = self._items.popleft()
                self._turn.notify_all()
            yield item
        if self._broken is not None:
            raise self._broken

    def leave(self) -> None:
        """Nobody takes any more."""
        with self._turn:
            self._left = True
            self._turn.notify_all()
