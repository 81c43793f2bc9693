"""The Python lines of pages run as they are shown, from the repository's root."""

from __future__ import annotations

import doctest
import re
import shlex
from importlib import import_module
from pathlib import Path

import click
import pytest

from jiugao.cli.group import taken_language

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", "README.zh.md"]
EMBEDDING = ["docs/python.md", "docs/python.zh.md"]


def python_of(page: str) -> str:
    """The ```python blocks of a page, one after another."""
    text = (ROOT / page).read_text("utf-8")
    return "\n".join(
        re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    )


@pytest.mark.parametrize("page", [*PAGES, *EMBEDDING])
def test_python_lines_do_what_the_page_shows(
    page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    case = doctest.DocTestParser().get_doctest(python_of(page), {}, page, page, 0)
    assert len(case.examples) >= 6
    told: list[str] = []
    doctest.DocTestRunner(verbose=False).run(case, out=told.append)
    assert told == []


@pytest.mark.parametrize("pages", [PAGES, EMBEDDING])
def test_both_pages_show_the_same_lines(pages: list[str]) -> None:
    assert python_of(pages[0]) == python_of(pages[1])


@pytest.mark.parametrize("page", [*PAGES, *EMBEDDING])
def test_links_inside_the_repository_lead_somewhere(page: str) -> None:
    path = ROOT / page
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text("utf-8"))
    assert links
    for link in links:
        assert (path.parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES)
def test_it_names_the_two_commands(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for command in ("demo", "test"):
        assert f"make {command} " in text
        assert re.search(rf"^{command}:", makefile, re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_command_lines_are_ones_that_the_verbs_take(page: str) -> None:
    """Parsed as typed; what the files hold is not looked at."""
    text = (ROOT / page).read_text("utf-8")
    lines = re.findall(r"^    \.venv/bin/jiugao (.*?)(?:\s+#.*)?$", text, re.MULTILINE)
    assert len(lines) >= 6
    for line in lines:
        _, (verb, *words) = taken_language(shlex.split(line))
        command = import_module(f"jiugao.cli.{verb}_verb").command("en")
        for parameter in command.params:
            if isinstance(parameter.type, click.Path):
                parameter.type.exists = False  # its reader has the files
        command.make_context(verb, words)
