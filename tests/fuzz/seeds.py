"""Nothing comes in; texts of rules of every kind go out, in both spellings, to begin from."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jiugao.source import Source
from jiugao.syntax import parse
from jiugao.syntax.format import format_document
from tests.language.test_cases import BAD, GOOD
from tests.properties.cases import draw_policy
from tests.properties.lists import CONDITIONS, DRUGS

ROOT = Path(__file__).parents[2]
DRAWN = 60
EVERY = 6  # of the bad cases, so many are left out for one that is taken


@cache
def texts() -> tuple[str, ...]:
    """Every text; most of them are right."""
    found = [with_lists(path) for path in (*GOOD, *BAD[::EVERY])]
    lists = "".join(f"#=== {s.name}\n{s.text}" for s in (CONDITIONS, DRUGS))
    found += [f"{draw_policy(f'fuzz {n}').text}\n{lists}" for n in range(DRAWN)]
    found += whole()
    return tuple(dict.fromkeys((*found, *map(in_english, found))))


def with_lists(path: Path) -> str:
    """A file, behind it the lists that it names."""
    text = path.read_text("utf-8-sig")
    lists = (p for p in sorted(path.parent.glob("*.csv")) if p.name in text)
    return text + "".join(part(p.name, p) for p in lists)


def part(name: str, path: Path) -> str:
    """A file as a part of an input."""
    return f"\n#=== {name}\n{path.read_text('utf-8-sig')}\n"


def whole() -> list[str]:
    """Every policy of `rules` with its lists; each of its files with them too."""
    found = []
    for folder in sorted(ROOT.glob("rules/*/")):
        files = [p for p in sorted(folder.glob("*.rules")) if ".sample." not in p.name]
        lists = sorted(folder.rglob("*.csv"))
        names = {p: p.relative_to(folder).as_posix() for p in (*files, *lists)}
        found.append("".join(part(names[p], p) for p in (*files, *lists)))
    return found


def in_english(text: str) -> str:
    """A text with English keywords, where it can be read and is one file."""
    document, _ = parse(Source("seed.rules", text))
    return text if document is None else format_document(document, "en")
