"""Changes of the checker, tried on tests/language: `python -m tests.mutants.checker`.

cosmic-ray makes the changes, a seed draws them. Each is tried in a copy of the tree, on the
tests that run the changed line, in a process of its own: a fork in which the functions get
their changed bodies; where that finds nothing, one that imports the changed file. What is
missed is told as a diff.
Changes of annotations and of what is imported for them are left out. So is what can never
land since mypy or ruff refuses it (refused.py): told as unviable, tried on no test, and
neither in the sample nor in the score.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import json
import os
import random
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import CodeType
from typing import Any

from tests.mutants.bodies import changed, put
from tests.mutants.refused import refusal

ROOT = Path(__file__).parents[2]
CHECKER = Path("python/jiugao/policy")
# Without those of the parser and the layout, those that drive the machine, and those that
# try a thousand texts for one change.
OTHERS = ("format", "lexing", "meaning", "syntax", "test_robust.py")
TESTS = ("tests/language", *(f"--ignore=tests/language/{name}" for name in OTHERS))
SECONDS = 120  # of the processor, for one change
OVERTIME = {-9, -24}  # how a process ends that takes longer


@dataclass(frozen=True)
class Change:
    """One place of one file, and the file with it changed."""

    path: Path
    line: int
    kind: str
    text: str

    def diff(self, root: Path) -> str:
        """What is changed, in lines."""
        before = (root / self.path).read_text("utf-8").splitlines()
        after = self.text.splitlines()
        lines = difflib.unified_diff(before, after, lineterm="", n=0)
        return "\n".join([line for line in lines if line[:3] not in {"---", "+++"}])


def evaluated(text: str) -> str | None:
    """What Python makes of the text, without what is for types. None: it is none."""
    try:
        tree = ast.parse(text)
    except SyntaxError:  # another operator between the patterns of a case
        return None
    nothing = ast.Constant(None)
    for node in ast.walk(tree):
        match node:
            case ast.AnnAssign():
                node.annotation = nothing
            case ast.arg():
                node.annotation = None
            case ast.FunctionDef():
                node.returns = None
            case ast.If(test=ast.UnaryOp(operand=ast.Name("TYPE_CHECKING") as typing)):
                node.test = typing
            case _:
                pass
    return ast.dump(tree)


def changes(root: Path, seed: int) -> Iterator[Change]:
    """All changes that Python sees, in an order that the seed says."""
    from cosmic_ray.ast import ast_nodes, get_ast  # noqa: PLC0415  for `make mutants` only
    from cosmic_ray.mutating import mutate_code  # noqa: PLC0415
    from cosmic_ray.plugins import get_operator, operator_names  # noqa: PLC0415

    places: list[tuple[Path, int, str, int]] = []
    for path in sorted((root / CHECKER).rglob("*.py")):
        nodes = list(ast_nodes(get_ast(path.read_text("utf-8"))))
        for name in sorted(operator_names()):
            kind = get_operator(name)
            if kind.arguments():
                continue
            found = (p for node in nodes for p in kind().mutation_positions(node))
            for n, (start, _) in enumerate(found):
                places.append((path, start[0], name, n))
    random.Random(seed).shuffle(places)
    for path, line, name, n in places:
        before = path.read_text("utf-8")
        after = mutate_code(before, get_operator(name)(), n)
        if after is not None and evaluated(after) not in {None, evaluated(before)}:
            yield Change(path.relative_to(root), line, name.partition("/")[2], after)


def forked(work: Callable[[], int], seconds: int = resource.RLIM_INFINITY) -> int:
    """How a process of its own ended that did the work: its status, or less than 0."""
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        status = 99
        try:
            status = work()
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(ended)


def afresh(change: Change, tests: Sequence[str]) -> int:
    """How pytest ends with the changed file, in a process that imports everything."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
    command += ["-W", "ignore::SyntaxWarning"]  # `is not 1`: a change like others
    before = change.path.read_text("utf-8")
    change.path.write_text(change.text, "utf-8")
    try:
        return subprocess.run(
            [*command, *tests],
            check=False,
            capture_output=True,
            env={
                **os.environ,
                "PYTHONPATH": "python:.",
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            preexec_fn=lambda: resource.setrlimit(
                resource.RLIMIT_CPU, (SECONDS, SECONDS)
            ),
        ).returncode
    finally:
        change.path.write_text(before, "utf-8")


def reached(kept: Path) -> int:
    """Write which tests run which line of the checker."""
    import coverage  # noqa: PLC0415  for `make mutants` only
    import pytest  # noqa: PLC0415

    watch = coverage.Coverage(data_file=None, include=[f"{CHECKER.absolute()}/*"])

    class Contexts:
        """Lines belong to the test that runs."""

        def pytest_runtest_setup(self, item: Any) -> None:
            watch.switch_context(item.nodeid)

    watch.start()
    status = int(pytest.main(["-q", "-p", "no:cacheprovider", *TESTS], [Contexts()]))
    watch.stop()
    data = watch.get_data()
    lines = {
        str(Path(name).relative_to(Path.cwd())): data.contexts_by_lineno(name)
        for name in data.measured_files()
    }
    kept.write_text(json.dumps(lines), "utf-8")
    return status


def copied(out: Path) -> Path:
    """The tree, where it may be changed."""
    tree = out / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    for name in ("python", "tests", "rules", "docs", "rust/program/isa.toml"):
        if (ROOT / name).is_dir():
            skip = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, tree / name, ignore=skip)
        else:
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tree / name)
    shutil.copy(ROOT / "pyproject.toml", tree)
    return tree


@dataclass
class Trying:
    """A plugin of pytest: in place of running the tests it tries the changes on them.

    The tests are collected once; each change is tried in a fork of this process.
    """

    lines: dict[str, dict[str, list[str]]]  # which tests run which line of which file
    seed: int
    sample: int
    whole: bool
    types: Path  # what mypy keeps

    def pytest_runtestloop(self, session: Any) -> bool:
        """Draw, try, tell."""
        count = {"caught": 0, "missed": 0, "endless": 0, "unviable": 0}
        drawn = changes(Path.cwd(), self.seed)
        judged = 0
        while judged < self.sample and (change := next(drawn, None)):
            refused = refusal(change.path, change.text, self.types)
            found = "unviable" if refused else self.noticed(change, session.items)
            count[found] += 1
            judged = sum(count.values()) - count["unviable"]
            place = f"{change.path}:{change.line}: {change.kind}"
            shown = refused or (change.diff(Path.cwd()) if found == "missed" else "")
            score = 100 - 100 * count["missed"] / max(judged, 1)
            told = [f"{found} {place}", *shown.splitlines(), f"  {count} {score:.1f} %"]
            sys.stdout.write("\n".join(told) + "\n")
            sys.stdout.flush()
        return True

    def noticed(self, change: Change, items: Sequence[Any]) -> str:
        """Whether some test fails with the change: caught, missed, or endless."""
        before = change.path.read_text("utf-8")
        known = self.reaching(change.path, [change.line])
        bodies = changed(before, change.text)
        status = 0
        if bodies and "" not in known:  # empty: a line that is run by importing
            own = self.chosen(items, known)
            status = forked(partial(tested, change.path, bodies, own), SECONDS)
        if not status:  # what stands on several lines may be run without this one
            known = self.reaching(change.path, function_at(before, change.line))
            status = afresh(change, [one.nodeid for one in self.chosen(items, known)])
        if status in OVERTIME:
            return "endless"
        return "caught" if status else "missed"

    def reaching(self, path: Path, lines: Iterable[int]) -> set[str]:
        """The tests that run one of the lines; empty: importing does."""
        known = self.lines.get(str(path), {})
        return {test for line in lines for test in known.get(str(line), [])}

    def chosen(self, items: Sequence[Any], known: set[str]) -> list[Any]:
        """These tests in any order, or all of them."""
        names = {one for one in known if one and not self.whole}
        own = [item for item in items if item.nodeid in names] or list(items)
        random.Random(0).shuffle(own)  # neighbours try much the same
        return own


def function_at(text: str, line: int) -> Iterable[int]:
    """The lines of the innermost function around a line; of none, the line."""
    found: Iterable[int] = [line]
    for node in ast.walk(ast.parse(text)):  # from the outside in
        if isinstance(node, ast.FunctionDef):
            last = node.end_lineno or node.lineno
            if node.lineno <= line <= last:
                found = range(node.body[0].lineno, last + 1)
    return found


def tested(path: Path, bodies: dict[CodeType, CodeType], items: Sequence[Any]) -> int:
    """Whether a test fails with other bodies; 0 where none does or none can be put in."""
    if not put(path.absolute(), bodies):
        return 0
    session = items[0].session
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return 1
    return 0


def main() -> int:
    """Draw, try, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=100, help="how many are judged")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("fuzz/mutants/checker"))
    parser.add_argument("--whole", action="store_true", help="all tests for each")
    given = parser.parse_args()
    kept = given.out.absolute() / "reached.json"
    tree = copied(given.out.absolute())
    os.chdir(tree)
    sys.dont_write_bytecode = True
    sys.path[:0] = [str(tree / "python"), str(tree)]
    if not kept.exists() and forked(partial(reached, kept)):
        sys.stderr.write("the tests fail without any change\n")
        return 1
    lines = json.loads(kept.read_text("utf-8"))
    types = given.out.absolute() / "types"
    trying = Trying(lines, given.seed, given.sample, given.whole, types)
    import pytest  # noqa: PLC0415  not before `reached` has watched everything imported

    return int(pytest.main(["-q", "-s", "-p", "no:cacheprovider", *TESTS], [trying]))


if __name__ == "__main__":
    sys.exit(main())
