"""A policy's path comes in; its program, read back from the bytes that will run, goes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from jiugao.claims.contract import Column, ColumnKind, tables
from jiugao.compile import compile_policy
from jiugao.engine import Program
from jiugao.policy.files import is_list_file
from jiugao.policy.inputs import declared_columns
from jiugao.program.body import Input
from jiugao.program.body import Program as Body
from jiugao.program.encode import decode
from jiugao.source import Source
from jiugao.syntax import parse

KINDS = {
    "money": ColumnKind.MONEY,
    "flag": ColumnKind.FLAG,
    "code": ColumnKind.CODE,
    "day": ColumnKind.DAY,
    "count": ColumnKind.COUNT,
    "text": ColumnKind.TEXT,
}


@dataclass(frozen=True)
class Policy:
    """A program file's bytes and what they say."""

    data: bytes
    body: Body

    @cached_property
    def program(self) -> Program:
        """The verified program."""
        return Program.load(self.data)

    @property
    def day_column(self) -> str:
        """The claims column that decides day, order and benefit year."""
        return self.body.inputs[self.body.day_input].column

    def columns(self, table: str) -> tuple[Column, ...]:
        """What the policy reads of a table, as contract columns."""
        return tuple(self._column(i) for i in self.body.inputs if i.table == table)

    def declared(self, table: str) -> frozenset[str]:
        """Columns of a table that the rules declare; no rule need read them.

        A program holds what its rules read under their readings, and their texts.
        """
        texts = (Source(s.name, s.text) for s in self.body.sources)
        documents = (parse(text)[0] for text in texts if not is_list_file(text.name))
        named = (declared_columns(d, table) for d in documents if d is not None)
        return frozenset().union(*named)

    def _column(self, source: Input) -> Column:
        known = tables()["claims"].column(source.column)
        spellings = (*source.alternatives, *(known.names if known else ()))
        kind = KINDS[source.kind]
        if source.column == self.day_column:
            kind = ColumnKind.TIME
        return Column(
            name=source.column,
            kind=kind,
            required=source.required and source.table == "claims",
            spellings=tuple(dict.fromkeys(s for s in spellings if s != source.column)),
            codes=tuple(source.codes) if source.kind == "code" else (),
            zh=source.label,
            en=known.en if known else source.column,
        )

    @property
    def identities(self) -> frozenset[str]:
        """Every identity by label and by code."""
        return frozenset(self.body.identities) | frozenset(self.body.identity_codes)

    @property
    def benefit_codes(self) -> tuple[str, ...]:
        """Code names of the benefits in chain order."""
        return tuple(b.code for b in self.body.benefits)

    @property
    def paid_codes(self) -> tuple[str, ...]:
        """Columns of what is paid: a benefit with classes, then each of those."""
        wholes = {
            c.benefits[0]: c.whole.code
            for c in self.body.choices
            if c.whole is not None
        }
        both = ((wholes.get(n), code) for n, code in enumerate(self.benefit_codes))
        return tuple(code for pair in both for code in pair if code is not None)

    def rules(self) -> list[dict[str, object]]:
        """The rules files that the program was made of, an overlay's and its base's."""
        rules = (s for s in self.body.sources if not is_list_file(s.name))
        return [{"file": s.name, "sha256": s.sha256} for s in rules]

    def lists(self) -> list[dict[str, object]]:
        """The lists that the program asks, each with the file it came from."""
        named = sorted({(one.name, one.source) for one in self.body.lists})
        return [
            {"name": name, "file": source.name, "sha256": source.sha256}
            for name, source in ((n, self.body.sources[s]) for n, s in named)
        ]

    @property
    def grouped(self) -> bool:
        """Whether funds or indicators need more of each row than what it was paid."""
        return bool(self.body.funds or self.body.indicators)

    def measure_names(self, section: str) -> tuple[str, ...]:
        """Columns that the rows of a section show beside their results."""
        return tuple(m.name for m in self.body.measures if m.section == section)

    def actual_columns(self) -> dict[str, tuple[str, ...]]:
        """Benefit code -> the columns whose sum was really paid."""
        return {
            b.code: tuple(self.body.inputs[i].column for i in b.actual)
            for b in self.body.benefits
        }


def load_policy(
    path: Path, settings: Mapping[str, str], known_on: dt.date | None = None
) -> Policy:
    """Compile rules, or take a program file as it is unless settings or a day change it.

    `known_on`: without figures that were published after that day.

    Raises RulesError, or the engine's ProgramError for a damaged program file.
    """
    if path.suffix == ".rulesc" and not settings and known_on is None:
        data = path.read_bytes()
        Program.load(data)
    else:
        given = dict(settings)
        data = compile_policy(path, settings=given, known_on=known_on).program_bytes
    return Policy(data, decode(data))
