"""A run that is killed, or out of disk, leaves nothing half written, and can go on."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pytest

from jiugao.claims.findings import DataError
from jiugao.claims.ordered import Ordered, Range
from jiugao.cli import endings
from jiugao.reconcile import search
from jiugao.reconcile.run import reconcile
from jiugao.results import prepare
from jiugao.results.folder import LOCK, OURS, result_folder
from jiugao.results.options import Files, Options
from jiugao.results.run import run
from jiugao.results.verify import verify
from jiugao.sample.generate import Wanted, sample

POLICY = Path(__file__).parents[2] / "rules" / "liaocheng_2022"
TABLES = ("claims", "people", "institutions", "applications")
COMMAND = [sys.executable, "-c", "from jiugao.cli import main; main()"]
MOMENTS = 50  # of the long run; the gate tries a few


@dataclass(frozen=True)
class Whole:
    """A year's files, and what an undisturbed run makes of them in how many seconds."""

    year: Path
    result: dict[str, bytes]
    seconds: float

    def files(self) -> Files:
        return Files(*((str(self.year / f"{t}.csv"),) for t in TABLES))

    def call(self, out: Path, *more: str) -> list[str]:
        tables = [a for t in TABLES for a in (f"--{t}", str(self.year / f"{t}.csv"))]
        return [*COMMAND, "reconcile", str(POLICY), *tables, "-o", str(out), *more]

    def check(self, out: Path) -> None:
        """Byte for byte what the undisturbed run made, and nothing beside it."""
        assert contents(out) == self.result
        assert {p.name for p in out.iterdir()} == {*self.result, "run.log"}
        assert verify(out) == []


def contents(folder: Path) -> dict[str, bytes]:
    return {
        p.name: p.read_bytes()
        for p in folder.iterdir()
        if p.is_file() and p.name not in ("run.log", ".jiugao.lock")
    }


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp("interrupted")
    sample(POLICY, Wanted(800, 8, 0.5), folder / "year")
    begun = Whole(folder / "year", {}, 0)
    started = time.monotonic()
    done = subprocess.run(begun.call(folder / "out"), check=False, capture_output=True)
    seconds = time.monotonic() - started
    assert done.returncode in (0, 4), done.stderr
    return replace(begun, result=contents(folder / "out"), seconds=seconds)


def stopped(
    whole: Whole, out: Path, number: int, after: float, *, at_work: bool = False
) -> tuple[int, str]:
    """Begin a run and send it a signal some seconds later: its exit code, what it said.

    `at_work`: counted from when it has its folder; before Python has come to our code a
    signal ends the process in Python's own way.
    """
    process = subprocess.Popen(whole.call(out), stderr=subprocess.PIPE, text=True)
    while at_work and process.poll() is None and not (out / LOCK).exists():
        time.sleep(0.01)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(number)
    _, said = process.communicate(timeout=60)
    return process.returncode, said


def nothing_half_written(whole: Whole, out: Path) -> None:
    """What stands under a final name is whole; a manifest is there only with all the rest."""
    if not out.exists():
        return
    there = contents(out)
    assert {p.name for p in out.iterdir()} <= OURS
    for name, data in there.items():
        assert data == whole.result[name], name
    if "manifest.json" in there:
        assert there == whole.result


def goes_on(whole: Whole, out: Path) -> None:
    again = whole.call(out, "--resume")
    done = subprocess.run(again, check=False, capture_output=True, text=True)
    assert done.returncode in (0, 4), done.stderr
    whole.check(out)


def killed(whole: Whole, tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    out = tmp_path / "out"
    for _ in range(draw.choice((1, 1, 2))):  # some are killed again when they go on
        after = draw.uniform(0.1, 1.02) * whole.seconds
        stopped(whole, out, signal.SIGKILL, after)
        nothing_half_written(whole, out)
    goes_on(whole, out)


def test_sorted_in_ranges_that_memory_breaks_off_it_is_the_same(
    whole: Whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few hundred rows at a time, and memory that does not do for every fourth range."""
    sort, begun = Ordered._sorted, []

    def now_and_then(self: Ordered, part: Range) -> Iterator[pa.RecordBatch]:
        begun.append(part)
        for batch in sort(self, part):
            yield batch.slice(0, 40)
            if len(begun) % 4 == 0:
                raise OSError("Out of Memory Error")
            yield batch.slice(40)

    monkeypatch.setattr(Ordered, "_sortable", lambda _: 300)
    monkeypatch.setattr(Ordered, "_sorted", now_and_then)
    reconcile(POLICY, whole.files(), tmp_path / "out", Options())
    whole.check(tmp_path / "out")
    assert len(begun) > 10
    assert any(part.done for part in begun)


@pytest.mark.parametrize("seed", range(2))
def test_killed(whole: Whole, tmp_path: Path, seed: int) -> None:
    killed(whole, tmp_path, seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 100 + MOMENTS))
def test_killed_at_many_moments(whole: Whole, tmp_path: Path, seed: int) -> None:
    killed(whole, tmp_path, seed)


def told_to_stop(whole: Whole, tmp_path: Path, number: int, share: float) -> None:
    out = tmp_path / "out"
    code, said = stopped(whole, out, number, share * whole.seconds, at_work=True)
    assert "Traceback" not in said
    if code == 130:
        assert "--resume" in said
    else:  # it was done: a stop while the interpreter leaves ends it by the signal
        assert code in (0, 4, -number), said
        assert (out / "manifest.json").exists()
    nothing_half_written(whole, out)
    goes_on(whole, out)


@pytest.mark.parametrize(
    ("number", "share"), [(signal.SIGINT, 0.2), (signal.SIGTERM, 0.5)]
)
def test_told_to_stop(whole: Whole, tmp_path: Path, number: int, share: float) -> None:
    told_to_stop(whole, tmp_path, number, share)


@pytest.mark.long
@pytest.mark.parametrize("share", [0.03 * n for n in range(24)])
def test_told_to_stop_at_many_moments(
    whole: Whole, tmp_path: Path, share: float
) -> None:
    told_to_stop(whole, tmp_path, signal.SIGINT, share)


class Deaf:
    """Is told to stop where nothing can be raised."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


def dropped_and_waited() -> None:
    deaf = Deaf()
    del deaf
    time.sleep(20)


def test_a_stop_that_cannot_be_raised_comes_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(KeyboardInterrupt), endings.told_to_stop():
        dropped_and_waited()
    assert capsys.readouterr().err == ""


class Stop(BaseException):
    """As a killed process: nobody handles it."""


def broken_off(
    monkeypatch: pytest.MonkeyPatch, place: object, name: str, calls: int
) -> None:
    """Let a function be called so often and stop at the next call."""
    real: Callable[..., object] = getattr(place, name)
    left = [calls]

    def counted(*given: object, **named: object) -> object:
        if not left[0]:
            raise Stop
        left[0] -= 1
        return real(*given, **named)

    monkeypatch.setattr(place, name, counted)


def test_finished_stages_are_not_done_again(
    whole: Whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    monkeypatch.setattr(search, "AT_ONCE", 5)
    broken_off(monkeypatch, search, "_search_some", 3)
    with pytest.raises(Stop):
        reconcile(POLICY, whole.files(), out, Options())
    assert contents(out) == {}
    monkeypatch.undo()
    monkeypatch.setattr(search, "AT_ONCE", 5)
    broken_off(monkeypatch, prepare, "stage", 0)  # claims are not read again
    done = reconcile(POLICY, whole.files(), out, Options(resume=True))
    assert sum(n.startswith("causes-") for n in done.outcome.taken_up) == 3
    assert contents(out).keys() == whole.result.keys()
    # Parts of other sizes are parts all the same: adjustments are equal.
    assert contents(out)["adjustments.parquet"] == whole.result["adjustments.parquet"]
    whole.check(out)


def test_without_resume_a_run_begins_anew(
    whole: Whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    broken_off(monkeypatch, search, "_search_some", 0)
    with pytest.raises(Stop):
        reconcile(POLICY, whole.files(), out, Options())
    monkeypatch.undo()
    assert reconcile(POLICY, whole.files(), out, Options()).outcome.taken_up == ()
    whole.check(out)


def test_other_inputs_or_options_take_up_nothing(
    whole: Whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, temp = tmp_path / "out", tmp_path / "temp"
    broken_off(monkeypatch, search, "_search_some", 0)
    with pytest.raises(Stop):
        reconcile(POLICY, whole.files(), out, Options(temp=temp))
    monkeypatch.undo()
    less = replace(whole.files(), institutions=())
    done = reconcile(POLICY, less, out, Options(temp=temp, resume=True))
    assert done.outcome.taken_up == ()
    assert list(temp.iterdir()) == []


def test_a_run_goes_on_too(
    whole: Whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jiugao.results import run as running  # noqa: PLC0415  the module is the subject

    run(POLICY, whole.files(), tmp_path / "undisturbed", Options())
    broken_off(monkeypatch, running, "finish", 0)
    with pytest.raises(Stop):
        run(POLICY, whole.files(), tmp_path / "out", Options())
    monkeypatch.undo()
    done = run(POLICY, whole.files(), tmp_path / "out", Options(resume=True))
    assert done.taken_up
    assert contents(tmp_path / "out") == contents(tmp_path / "undisturbed")


def test_a_second_run_into_a_folder_is_refused(whole: Whole, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with result_folder(out) as (_, _):
        done = subprocess.run(
            whole.call(out), check=False, capture_output=True, text=True
        )
        assert done.returncode == 3
        assert "D920" in done.stderr
        (out / ".writing" / "manifest.json").write_text("{}")
    assert {p.name for p in out.iterdir()} == {"manifest.json"}


def test_a_lock_of_the_run_before_is_no_lock(tmp_path: Path) -> None:
    """Before a lock is taken, the run that had it may have ended and removed it."""
    import fcntl  # noqa: PLC0415  only here

    out = tmp_path / "out"
    real = fcntl.flock

    def too_late(stream: object, how: int) -> None:
        real(stream, how)  # type: ignore[arg-type]
        (out / ".jiugao.lock").unlink()
        (out / ".jiugao.lock").touch()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fcntl, "flock", too_late)
        with pytest.raises(DataError) as caught, result_folder(out):
            pass
    assert caught.value.diagnostic.code == "D920"


@pytest.mark.parametrize("most", [20_000, 400_000])
def test_a_file_that_cannot_grow(whole: Whole, tmp_path: Path, most: int) -> None:
    """No file may grow beyond that, as on a disk that is full: said, and cleared."""
    out = tmp_path / "out"

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    done = subprocess.run(
        whole.call(out), check=False, capture_output=True, text=True, preexec_fn=limited
    )
    assert done.returncode == 3, (done.returncode, done.stderr)
    assert "D917" in done.stderr
    assert "Traceback" not in done.stderr
    assert contents(out) == {}
    assert list(out.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
@pytest.mark.parametrize("kib", [64, 256])
def test_a_full_disk(whole: Whole, tmp_path: Path, kib: int) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kib}k", "none", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no disk may be mounted here")
    try:
        done = subprocess.run(
            whole.call(disk / "out", "--temp", str(tmp_path / "temp")),
            check=False, capture_output=True, text=True,
        )  # fmt: skip
        left = list((disk / "out").iterdir())
        assert done.returncode in (0, 3, 4), done.stderr
        assert "Traceback" not in done.stderr
        if done.returncode == 3:
            assert "D917" in done.stderr
            assert left == []
        else:
            whole.check(disk / "out")
    finally:
        subprocess.run(["umount", str(disk)], check=True)
