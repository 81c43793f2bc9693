"""An account comes in; JSON of a stated version goes out.

Money is yuan as decimal text, so that no reader rounds it; docs/explain.schema.json says
every key.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from jiugao.explain.sentence import sentence
from jiugao.explain.words import decimal, yuan

if TYPE_CHECKING:
    from jiugao.explain.model import Account

VERSION = 1
RATES = frozenset({"rate"})
PLAIN = frozenset({"year", "line", "unit", "row"})


def as_json(told: Account) -> str:
    """The account, with the sentence in both languages."""
    tree = {
        "schema": "jiugao.explain",
        "version": VERSION,
        "account": plain(told, ""),
        "sentence": {"zh": sentence(told, "zh"), "en": sentence(told, "en")},
    }
    return json.dumps(tree, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def plain(value: object, name: str) -> object:
    """Dataclasses as objects, days as text, money as yuan, rates as decimals."""
    if is_dataclass(value):
        return {f.name: plain(getattr(value, f.name), f.name) for f in fields(value)}
    match value:
        case tuple():
            return [plain(part, name) for part in value]
        case dt.date():
            return value.isoformat()
        case bool() | str() | None:
            return value
        case int() if name in PLAIN:
            return value
        case int() | Fraction() if name in RATES:
            return ungrouped(decimal(Fraction(value)))
        case int() | Fraction():
            return ungrouped(yuan(value))
        case _:
            raise TypeError(f"not for an account: {value!r}")


def ungrouped(text: str) -> str:
    """A number as machines read it: no thousands marks."""
    return text.replace(",", "")
