"""`columns.toml` comes in; the tables of the column contract go out, typed."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from jiugao.packaged import packaged


class ColumnKind(StrEnum):
    """How a cell is read; money is yuan as written and fen inside."""

    TEXT = "text"
    TIME = "time"
    DAY = "day"
    MONEY = "money"
    CODE = "code"
    FLAG = "flag"
    COUNT = "count"


@dataclass(frozen=True)
class Column:
    """One column of a table. `names`: every spelling, the contract's own first.

    `codes`: the only values taken (a policy's coded input); empty means any.
    `default`: what a missing column or a blank cell means, as it would be written.
    """

    name: str
    kind: ColumnKind
    required: bool = False
    spellings: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    default: str | None = None
    fund: bool = False
    zh: str = ""
    en: str = ""
    called: tuple[str, ...] = ()  # by offices, in their own words

    @property
    def names(self) -> tuple[str, ...]:
        """Every spelling, the contract's own first."""
        return (self.name, *self.spellings)

    def label(self, language: str) -> str:
        """What people call the column, in `zh` or `en`."""
        return (self.zh if language == "zh" else self.en) or self.name


@dataclass(frozen=True)
class TableContract:
    """One table: its columns in written order."""

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column | None:
        """The column of this name or spelling, if the contract knows it."""
        return next((c for c in self.columns if name in c.names), None)

    def label(self, language: str) -> str:
        """What people call the table, in `zh` or `en`."""
        return self.zh if language == "zh" else self.en


@cache
def tables() -> dict[str, TableContract]:
    """The contract: table name -> table."""
    text = packaged("claims/columns.toml")
    return {
        name: TableContract(
            name,
            raw["label"]["zh"],
            raw["label"]["en"],
            tuple(_column(c) for c in raw["columns"]),
        )
        for name, raw in tomllib.loads(text).items()
    }


def _column(raw: dict[str, object]) -> Column:
    spellings, called = raw.get("spellings", []), raw.get("called", [])
    assert isinstance(spellings, list)
    assert isinstance(called, list)
    return Column(
        name=str(raw["name"]),
        kind=ColumnKind(str(raw["kind"])),
        required=bool(raw.get("required", False)),
        spellings=tuple(str(s) for s in spellings),
        fund=bool(raw.get("fund", False)),
        zh=str(raw.get("zh", "")),
        en=str(raw.get("en", "")),
        called=tuple(str(s) for s in called),
    )
