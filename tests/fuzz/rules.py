"""The fuzzer of `.rules`: `python -m tests.fuzz.rules --seconds 3600 --found DIR`.

With atheris (the libFuzzer of Python) it is led by what of `jiugao` an input reaches, and
what reaches something new is kept and changed further. Without it, changes of the seeds
are drawn: what the gate does for some seconds.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import signal
import sys
import time
import traceback
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SLOW = 20  # seconds of the processor after which an input counts as one that hangs
LONGEST = 40_000  # characters of an input


class HangError(Exception):
    """An input took longer than SLOW."""


@dataclass
class Counts:
    """What a run saw."""

    executions: int = 0
    by_end: dict[str, int] = field(default_factory=dict)
    slowest: float = 0.0  # seconds of the processor
    faults: dict[str, Path] = field(default_factory=dict)
    begun: float = field(default_factory=time.monotonic)

    def __str__(self) -> str:
        seconds = time.monotonic() - self.begun
        rate = self.executions / max(seconds, 1e-9)
        ends = ", ".join(f"{n} {end}" for end, n in sorted(self.by_end.items()))
        return f"{self.executions} executions in {seconds:.0f} s ({rate:.1f}/s): {ends}; slowest {self.slowest:.2f} s; {len(self.faults)} faults"


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise HangError in what takes longer."""

    def stop(_number: int, _frame: object) -> None:
        raise HangError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def place_of(error: BaseException) -> str:
    """Where an error was raised, in our own code: faults are told apart by it."""
    frames = [
        f
        for f in traceback.extract_tb(error.__traceback__)
        if "jiugao" in f.filename or "tests" in f.filename
    ]
    last = frames[-1] if frames else None
    return f"{type(error).__name__} {Path(last.filename).name if last else '?'}:{last.lineno if last else 0}"


def tried(data: bytes, counts: Counts, found: Path) -> None:
    """Try an input; the first of every fault is written into a folder."""
    from tests.fuzz.whole_way import attempt  # noqa: PLC0415  instrumented before

    start = time.process_time()
    try:
        with deadline(SLOW):
            end = attempt(data)
    except (Exception, RecursionError) as error:  # noqa: BLE001  any is a fault
        end, place = "faults", place_of(error)
        if place not in counts.faults:
            name = hashlib.sha256(data).hexdigest()[:12]
            counts.faults[place] = found / f"{name}.rules"
            found.mkdir(parents=True, exist_ok=True)
            counts.faults[place].write_bytes(data)
            told = "".join(traceback.format_exception(error))[-3000:]
            (found / f"{name}.txt").write_text(told, "utf-8")
            print(f"FAULT {place}: {counts.faults[place]}", flush=True)  # noqa: T201
    counts.executions += 1
    counts.by_end[end] = counts.by_end.get(end, 0) + 1
    counts.slowest = max(counts.slowest, time.process_time() - start)


def drawn(seconds: float, seed: int, found: Path, *, rounds: int = 0) -> Counts:
    """Changes of every seed in turn, for some seconds or so many rounds.

    What is drawn for one seed does not hang on the others: a case that is added anywhere
    changes nothing for the rest.
    """
    from tests.fuzz import seeds, writing  # noqa: PLC0415  instrumented before

    counts = Counts()
    texts = [text for text in seeds.texts() if len(text) <= LONGEST]
    number = 0
    while number < rounds or time.monotonic() - counts.begun < seconds:
        for text in texts:
            draw = random.Random(f"{seed} {number} {text}")
            theirs = (text,) if rounds else texts
            changed = writing.changed(text, theirs, draw)
            tried(changed.encode("utf-8", "surrogatepass"), counts, found)
        number += 1
    return counts


def led(seconds: float, seed: int, found: Path, corpus: Path) -> None:
    """Led by coverage; ends with the process, as libFuzzer does."""
    import atheris  # noqa: PLC0415  installed by `make fuzz`

    with atheris.instrument_imports(include=["jiugao"]):
        from tests.fuzz import seeds, whole_way, writing  # noqa: F401, PLC0415

    texts = [text for text in seeds.texts() if len(text) <= LONGEST]
    corpus.mkdir(parents=True, exist_ok=True)
    for text in texts:
        data = text.encode()
        (corpus / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    counts = Counts()
    told = time.monotonic()

    def one(data: bytes) -> None:
        nonlocal told
        tried(data, counts, found)
        if time.monotonic() - told > 60:
            told = time.monotonic()
            print(counts, flush=True)  # noqa: T201

    def mutator(data: bytes, most: int, number: int) -> bytes:
        draw = random.Random(number)
        if number % 12 == 0:
            return atheris.Mutate(data, most)
        text = writing.changed(data.decode("utf-8", "replace"), texts, draw)
        return text.encode("utf-8", "replace")[:most]

    arguments = [
        sys.argv[0], f"-max_total_time={int(seconds)}", f"-seed={seed}", f"-max_len={LONGEST * 2}", "-timeout=300",
        "-rss_limit_mb=4096", "-print_final_stats=1", str(corpus),
    ]  # fmt: skip
    atheris.Setup(arguments, one, custom_mutator=mutator, enable_python_coverage=True)
    import atexit  # noqa: PLC0415

    atexit.register(lambda: print(counts, flush=True))  # noqa: T201
    atheris.Fuzz()


def main() -> None:
    """Read the words of the call."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--seconds", type=float, default=60)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--found", type=Path, default=Path("fuzz/found"))
    words.add_argument("--corpus", type=Path, help="led by coverage, with this corpus")
    given = words.parse_args()
    if given.corpus is not None:
        led(given.seconds, given.seed, given.found, given.corpus)
    else:
        print(drawn(given.seconds, given.seed, given.found))  # noqa: T201


if __name__ == "__main__":
    main()
