"""Snippets of the pages compile or are refused as they say; tables are as generated."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.docs.snippets import Snippet, lists, snippets

from jiugao.compile import compile_sources, example_settings
from jiugao.diagnostics import RulesError
from jiugao.source import Source
from jiugao.syntax.keywords import KEYWORDS, Role

ROOT = Path(__file__).parents[2]
PAGES = {
    ROOT / "docs/language.md": "en",
    ROOT / "docs/language.zh.md": "zh",
    **dict.fromkeys(sorted(ROOT.glob("rules/*/README*.md")), "zh"),
    ROOT / "README.md": "zh",
    ROOT / "README.zh.md": "zh",
}
ALL = [
    pytest.param(snippet, spelling, id=snippet.name)
    for page, spelling in PAGES.items()
    for snippet in snippets(page)
]


@pytest.mark.parametrize(("snippet", "spelling"), ALL)
def test_snippet_compiles_or_is_refused_as_it_says(
    snippet: Snippet, spelling: str
) -> None:
    source = Source(snippet.name, snippet.file(spelling))
    sources = [source, *lists(snippet.page)]
    settings = example_settings(sources)
    if snippet.error is None:
        compile_sources(sources, settings=settings)
        return
    with pytest.raises(RulesError) as refused:
        compile_sources(sources, settings=settings)
    codes = [d.code for d in refused.value.diagnostics.errors]
    assert codes == [snippet.error] if snippet.error else codes


def test_the_reference_has_snippets_of_each_kind() -> None:
    for page in list(PAGES)[:2]:
        found = snippets(page)
        assert {s.kind for s in found} == {"", "policy", "benefit"}
        assert {s.error for s in found} >= {None, "E406", "E302"}


def test_both_pages_show_the_same_kinds_of_snippets_in_the_same_order() -> None:
    english, chinese = (snippets(page) for page in list(PAGES)[:2])
    assert [(s.kind, s.error) for s in english] == [(s.kind, s.error) for s in chinese]


def test_generated_tables_are_current() -> None:
    command = [sys.executable, ROOT / "docs/generate.py", "--check"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize("page", list(PAGES)[:2], ids=lambda p: p.name)
def test_every_keyword_of_this_version_is_explained_outside_the_table(
    page: Path,
) -> None:
    text = page.read_text("utf-8").split("<!-- generated: keywords -->")[0]
    index = 0 if PAGES[page] == "zh" else 1
    missing = [
        (k.zh, k.en)[index]
        for k in KEYWORDS
        if k.role is not Role.LATER and not any(w in text for w in (k.zh, k.en)[index])
    ]
    assert missing == []
