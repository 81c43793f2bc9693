"""The account's dataclasses come in; the JSON Schema of its JSON goes out."""

from __future__ import annotations

import datetime as dt
import types
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from jiugao.explain import model
from jiugao.explain.as_json import PLAIN, RATES, VERSION

Schema = dict[str, Any]


def schema() -> Schema:
    """JSON Schema (2020-12) of what `as_json` writes."""
    parts: dict[str, Schema] = {}
    account = part_of(model.Account, "", parts)
    text = {"type": "string"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "jiugao.explain",
        "type": "object",
        "additionalProperties": False,
        "required": ["account", "schema", "sentence", "version"],
        "properties": {
            "schema": {"const": "jiugao.explain"},
            "version": {"const": VERSION},
            "account": account,
            "sentence": {
                "type": "object",
                "required": ["en", "zh"],
                "properties": {"zh": text, "en": text},
            },
        },
        "$defs": {
            **parts,
            "yuan": {"type": "string", "pattern": r"^≈?-?[0-9]+\.[0-9]{2,}$"},
            "rate": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
            "day": {"type": "string", "format": "date"},
        },
    }


def part_of(hint: object, name: str, parts: dict[str, Schema]) -> Schema:
    """The schema of a field of this type; dataclasses are kept under $defs."""
    if is_dataclass(hint):
        made = cast("type", hint)
        if made.__name__ not in parts:
            parts[made.__name__] = {}
            parts[made.__name__] = object_of(made, parts)
        return {"$ref": f"#/$defs/{made.__name__}"}
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is tuple:
        if arguments[-1] is Ellipsis:
            return {"type": "array", "items": part_of(arguments[0], name, parts)}
        items = [part_of(a, name, parts) for a in arguments]
        return {"type": "array", "prefixItems": items, "items": False}
    if origin in (Union, types.UnionType):
        return {"anyOf": [part_of(a, name, parts) for a in arguments]}
    return plain_part(hint, name)


def plain_part(hint: object, name: str) -> Schema:
    """Text, days, counts, amounts, rates, nothing."""
    if hint is str:
        return {"type": "string"}
    if hint is bool:
        return {"type": "boolean"}
    if hint is type(None):
        return {"type": "null"}
    if hint is dt.date:
        return {"$ref": "#/$defs/day"}
    if hint is int and name in PLAIN:
        return {"type": "integer"}
    if hint in (int, Fraction):
        return {"$ref": "#/$defs/rate" if name in RATES else "#/$defs/yuan"}
    raise TypeError(f"no schema for {hint!r}")


def object_of(made: type, parts: dict[str, Schema]) -> Schema:
    """The schema of a dataclass: all its fields, no others."""
    hints = get_type_hints(made, {**vars(model), "dt": dt, "Fraction": Fraction})
    names = [f.name for f in fields(made)]
    return {
        "type": "object",
        "additionalProperties": False,
        "required": sorted(names),
        "properties": {n: part_of(hints[n], n, parts) for n in names},
    }
