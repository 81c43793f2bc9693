"""Any bytes come in; they go the whole way of a `.rules` file, or an AssertionError tells.

Text -> findings in words of both languages, or a tree that is written and read back the
same in both spellings, a checked policy, a program that the verifier takes, its listing.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, get_args

from jiugao.compile import Options, check_sources
from jiugao.diagnostics import Diagnostics, RulesError, render_json, render_text
from jiugao.engine import Program
from jiugao.policy.files import Shelf, lists_among
from jiugao.program.encode import encode
from jiugao.program.listing import listing
from jiugao.program.lowering import lower
from jiugao.source import Source
from jiugao.syntax import parse
from jiugao.syntax.format import Keywords, format_document
from jiugao.syntax.format.comments import tidy
from tests.language.notation import bare

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jiugao.syntax import tree

# Several files of a policy in one input, lists among them.
FILE = re.compile(r"^#=== *(\S[^\n\r]*?) *\r?\n", re.MULTILINE)
SETTING = re.compile(r"^# --set ([^=\n]+)=([^\n\r]*)", re.MULTILINE)
SPELLINGS = get_args(Keywords)


def attempt(data: bytes) -> str:
    """How far the bytes came: unreadable | refused | compiled."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "unreadable"  # E691 and the file is not looked at
    sources = sources_of(text)
    given = dict(SETTING.findall(text))
    turn = len(data)  # what is long goes one way or another, not every way each time
    for source in sources:
        if not source.name.endswith(".csv"):
            written_and_read(source, SPELLINGS[turn % len(SPELLINGS)])
    shelf = Shelf(None, lists_among(sources))
    policy, found = check_sources(sources, Options(given, shelf=shelf))
    assert (policy is None) == bool(found.errors)
    told(found)
    if policy is None:
        return "refused"
    try:
        program = lower(policy, given)
    except RulesError as error:
        told(error.diagnostics)
        return "refused"
    Program.load(encode(program))
    assert listing(program, ("zh", "en")[turn % 2])
    return "compiled"


def sources_of(text: str) -> list[Source]:
    """The files of an input."""
    first, *rest = FILE.split(text)
    files = [Source(*pair) for pair in zip(rest[::2], rest[1::2], strict=True)]
    return [Source("a.rules", first), *files] if first.strip() or not files else files


def told(found: Diagnostics) -> None:
    """Every finding can be said, in both languages and as JSON."""
    for language in ("zh", "en"):
        assert bool(render_text(found, language)) == bool(list(found))
    assert render_json(found)


def written_and_read(source: Source, spelling: Keywords) -> None:
    """A file that is read is the same when it was written in either spelling."""
    document, found = parse(source)
    assert (document is None) == bool(found.errors)
    if document is None:
        return
    once = format_document(document, spelling)
    again, mistakes = parse(Source("again.rules", once))
    assert again is not None, f"{render_text(mistakes, 'en')}\n{once}"
    assert bare(again) == bare(document), once
    assert remarks(again) == remarks(document), once
    assert format_document(again, spelling) == once, once


def remarks(document: tree.Document) -> Mapping[str, int]:
    """The comments, wherever they stand."""
    return Counter(tidy(comment.text) for comment in document.comments)
