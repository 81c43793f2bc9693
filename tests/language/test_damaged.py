"""What the checker makes of each good case, and of it with any one thing broken.

It stands beside the case: `15:8 970% E405@15:8` has 970% in line 15, column 8; `16 -` is
without line 16; `(x2)` has all two of a sort changed. Where nothing is wrong with it (W704
aside), the sum of what it means is there; `python -m tests.language.test_damaged CASE`
prints what a case means, to be compared.
JIUGAO_GOLDEN=write pytest tests/language/test_damaged.py     writes all again
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from tests.language.damage import Damage, with_other_words, without_lines
from tests.language.test_cases import GOOD, named, options, read

from jiugao.compile import Options, check_sources, example_settings
from jiugao.diagnostics import Diagnostics
from jiugao.policy import model
from jiugao.source import Source, Span


def meaning(node: object, own: str) -> str:
    """A tree as text, with places in its own file; what a field is by default is not said."""
    match node:
        case Enum():
            return node.name
        case Span():
            return "{}:{}".format(*node.line_column) if node.source.name == own else "-"
        case Source():
            return node.name
        case tuple():
            return f"[{', '.join(meaning(item, own) for item in node)}]"
        case frozenset():
            return f"{{{', '.join(sorted(meaning(item, own) for item in node))}}}"
        case Mapping():
            pairs = (f"{key}: {meaning(value, own)}" for key, value in node.items())
            return f"{{{', '.join(pairs)}}}"
        case _ if is_dataclass(node):
            values = [(field, getattr(node, field.name)) for field in fields(node)]
            said = (f"{f.name}={meaning(v, own)}" for f, v in values if v != default(f))
            return f"{type(node).__name__}({', '.join(said)})"
        case _:
            return str(node)


def default(field: Field[Any]) -> object:
    made = field.default_factory
    return field.default if made is MISSING else made()


@cache
def given(path: Path) -> Options:
    """What a case is checked with."""
    source, settings = read(path)
    return options(path, {**example_settings([source]), **settings})


def checked(path: Path, text: str) -> tuple[model.Policy | None, Diagnostics]:
    return check_sources([Source(path.name, text)], given(path))


def told(path: Path, text: str) -> str:
    """The codes with the first place of each and how often they come, or the meaning."""
    policy, found = checked(path, text)
    assert (policy is None) == bool(found.errors)
    count = Counter(finding.code for finding in found)
    count.pop("W704", None)
    if not count and policy is not None:
        return sha256(meaning(policy, path.name).encode()).hexdigest()[:8]
    first = {f.code: f.span for f in reversed(list(found))}
    return " ".join(
        f"{code}@{meaning(first[code], path.name)}" + (f"x{times}" if times > 1 else "")
        for code, times in sorted(count.items())
    )


@cache
def damages() -> Mapping[Path, list[Damage]]:
    """Those of each case; of a path through the tree, those of the first of a folder."""
    found: dict[Path, list[Damage]] = {}
    tried: dict[Path, set[tuple[str, ...]]] = {}
    for path in GOOD:
        text = path.read_text("utf-8")
        words = with_other_words(text, tried.setdefault(path.parent, set()))
        found[path] = [*without_lines(text), *words]
    return found


def lines(path: Path) -> Iterator[str]:
    yield f"as it is {told(path, path.read_text('utf-8'))}"
    for damage in damages()[path]:
        yield f"{damage.place} {damage.instead} {told(path, damage.text)}"


@pytest.mark.parametrize("path", GOOD, ids=named)
def test_what_is_made_of_each_damage(path: Path) -> None:
    golden = path.with_suffix(".damaged.txt")
    made = "\n".join(chain(lines(path), [""]))
    if os.environ.get("JIUGAO_GOLDEN") == "write":
        golden.write_text(made, "utf-8")
    assert made == golden.read_text("utf-8")


if __name__ == "__main__":
    for case in map(Path, sys.argv[1:]):
        policy, _ = checked(case, case.read_text("utf-8"))
        sys.stdout.write(meaning(policy, case.name).replace("), ", "),\n") + "\n")
