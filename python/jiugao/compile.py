"""A policy's files come in; the checked policy and its program file go out.

Read, parse, check, lower, encode; an error raises `RulesError` with all that was found.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from jiugao.diagnostics import Diagnostics, RulesError
from jiugao.policy import check, model
from jiugao.policy.bases import with_base
from jiugao.policy.examples import setting_text
from jiugao.policy.files import (
    Shelf,
    is_list_file,
    lists_among,
    read_bytes,
    read_list_files,
    read_sources,
    shelf_of,
)
from jiugao.policy.overlays import overlaid
from jiugao.policy.published import known_by
from jiugao.profile import standard
from jiugao.program.encode import decode, encode
from jiugao.program.lowering import lower
from jiugao.source import Source
from jiugao.syntax import parse, tree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PROGRAM_FILE = ".rulesc"
NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Options:
    """Everything that a compile depends on besides the text."""

    settings: Mapping[str, str] = field(default_factory=lambda: NO_SETTINGS)
    language: str = "zh"  # of exceptions' messages
    shelf: Shelf = field(default_factory=Shelf)  # where list files are
    known_on: dt.date | None = None  # without figures that were published later


@dataclass(frozen=True)
class Compiled:
    """A policy ready to run. `diagnostics` holds warnings only."""

    policy: model.Policy
    program_bytes: bytes
    diagnostics: Diagnostics
    settings: Mapping[str, str]


def compile_policy(
    path_or_text: Path | str,
    *,
    settings: Mapping[str, str] = NO_SETTINGS,
    language: str = "zh",
    for_examples: bool = False,
    known_on: dt.date | None = None,
) -> Compiled:
    """Compile a `.rules` file, a folder of them (not sub-folders), or a policy's text.

    A string with a brace is text. A `.rulesc` is compiled anew from the sources that it
    carries, with its settings under those given. `for_examples`: with what the policy
    sets for its examples (算例 参数 …); `known_on`: without figures that were published
    (公布) after that day. Raises `RulesError`, or `ProgramFileError` for a
    damaged `.rulesc`.
    """
    found = Diagnostics()
    if str(path_or_text).endswith(PROGRAM_FILE):
        data = read_bytes(Path(path_or_text), found)
        program = decode(data) if data is not None else None
        sources = [Source(s.name, s.text) for s in program.sources] if program else []
        own = program.settings if program else {}
        sources = [s for s in sources if not anew(s, own, settings)]
        settings = {**own, **settings}
    else:
        sources = read_sources(path_or_text, found)
    shelf = shelf_of(path_or_text, sources)
    sources, shelf = with_base(sources, shelf, found)
    if found.errors:
        raise RulesError(found, language)
    if for_examples:
        settings = {**example_settings(sources), **settings}
    options = Options(dict(settings), language, shelf, known_on)
    return compiled(sources, options)


def anew(source: Source, own: Mapping[str, str], given: Mapping[str, str]) -> bool:
    """Whether a list's text that came along is to be read again: the caller names it."""
    named = {name for name, value in own.items() if value == source.name}
    return is_list_file(source.name) and bool(named & set(given))


def example_settings(sources: Sequence[Source]) -> Mapping[str, str]:
    """What a policy sets for all its examples, by parameter."""
    rules = (s for s in sources if not is_list_file(s.name))
    documents = [document for document, _ in map(parse, rules) if document]
    documents = overlaid(documents, Diagnostics())
    items = [i for d in documents for p in d.policies for i in p.items]
    return {
        item.name.text: setting_text(item)
        for item in items
        if isinstance(item, tree.ExampleSetting | tree.ExampleList)
    }


def compile_sources(
    sources: Sequence[Source],
    *,
    settings: Mapping[str, str] = NO_SETTINGS,
    language: str = "zh",
) -> Compiled:
    """Compile texts that are already read, lists among them; as `compile_policy`."""
    options = Options(dict(settings), language, Shelf(None, lists_among(sources)))
    return compiled(sources, options)


def compiled(sources: Sequence[Source], options: Options) -> Compiled:
    """The passes in order."""
    policy, found = check_sources(sources, options)
    if policy is None:
        raise RulesError(found, options.language)
    program = encode(lower(policy, options.settings))
    return Compiled(policy, program, found, options.settings)


def findings(sources: Sequence[Source], options: Options) -> Diagnostics:
    """All that a compile would find: of the rules, then of the program made of them."""
    policy, found = check_sources(sources, options)
    if policy is not None:
        try:
            lower(policy, options.settings)
        except RulesError as refused:
            found.extend(refused.diagnostics)
    return found


def check_sources(
    sources: Sequence[Source], options: Options
) -> tuple[model.Policy | None, Diagnostics]:
    """Parse and check; with a syntax error anywhere nothing is checked."""
    found, documents = Diagnostics(), []
    sources, shelf = with_base(sources, options.shelf, found)
    rules = (s for s in sources if not is_list_file(s.name))
    for document, mistakes in map(parse, rules):
        found.extend(mistakes)
        documents += [document] if document is not None else []
    if found.errors:
        return None, found
    documents = overlaid(documents, found)
    if options.known_on is not None:
        given = options.settings
        documents = known_by(documents, options.known_on, given, found)
    lists = read_list_files(documents, options.settings, shelf, found)
    if found.errors:
        return None, found
    policy, findings = check(documents, standard(), options.settings, lists)
    found.extend(findings)
    return policy, found
