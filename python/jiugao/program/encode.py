"""A program comes in, the bytes of its file go out, and back; equal programs, equal bytes.

The JSON follows the dataclasses of `body` field by field, so the two cannot drift apart.
"""

from __future__ import annotations

import hashlib
import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from jiugao.program import body
from jiugao.program.body import Program

MAGIC = b"JIUGAO-RULESC 1\n"
DIGITS = 64


class ProgramFileError(Exception):
    """Bytes that are no program file; `code` is a diagnostic code (P8...)."""

    def __init__(self, code: str, place: str) -> None:
        self.code = code
        self.place = place
        super().__init__(f"{code}: {place}")


def encode(program: Program) -> bytes:
    """The program file, head and digest included."""
    written = canonical(program)
    return MAGIC + hashlib.sha256(written).hexdigest().encode() + b"\n" + written


def digest(program: Program) -> str:
    """SHA-256 of the body, as hex: the program's name in results."""
    return hashlib.sha256(canonical(program)).hexdigest()


def decode(data: bytes) -> Program:
    """The program of a file; `ProgramFileError` if it is none."""
    if not data.startswith(MAGIC):
        raise ProgramFileError("P801", "head")
    named = data[len(MAGIC) : len(MAGIC) + DIGITS]
    rest = data[len(MAGIC) + DIGITS :]
    if rest[:1] != b"\n" or hashlib.sha256(rest[1:]).hexdigest().encode() != named:
        raise ProgramFileError("P802", "digest")
    try:
        return cast("Program", read(Program, json.loads(rest[1:])))
    except ShapeError as error:
        raise ProgramFileError("P803", error.path or "body") from error
    except ValueError as error:
        raise ProgramFileError("P803", "body") from error


class ShapeError(Exception):
    """A part that is not of its type; `path` leads to it from the body."""

    def __init__(self, path: str = "") -> None:
        self.path = path
        super().__init__(path)

    def inside(self, step: str) -> ShapeError:
        """The same, seen from one part further out."""
        joint = "." if self.path and not self.path.startswith("[") else ""
        return ShapeError(f"{step}{joint}{self.path}")


def canonical(program: Program) -> bytes:
    """The body: keys sorted, no blanks, no floats."""
    tree = written(program)
    text = json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def written(value: object) -> object:
    """The JSON tree of a part of a program."""
    if is_dataclass(value):
        made: type = type(value)
        left = omitted(made)
        return {
            key: written(part)
            for name, key in keys(made)
            if (part := getattr(value, name)) != left.get(key, MISSING)
        }
    if isinstance(value, Mapping):
        return {str(key): written(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [written(part) for part in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    raise TypeError(f"not for a program file: {value!r}")


def read(hint: Any, tree: Any) -> object:  # noqa: ANN401  type hints have no common type
    """The part of a program that a JSON tree writes, by its type."""
    if is_dataclass(hint):
        return read_fields(cast("type", hint), tree)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is tuple and isinstance(tree, list):
        hints = arguments
        if arguments[-1] is Ellipsis:
            hints = (arguments[0],) * len(tree)
        if len(hints) != len(tree):
            raise ShapeError
        return tuple(
            read_part(h, t, f"[{i}]")
            for i, (h, t) in enumerate(zip(hints, tree, strict=True))
        )
    if origin is Mapping and isinstance(tree, dict):
        return {key: read_part(arguments[1], part, key) for key, part in tree.items()}
    if origin in (Union, types.UnionType):
        return read_one_of(arguments, tree)
    if type(tree) is hint:
        return tree
    raise ShapeError


def read_part(hint: Any, tree: Any, step: str) -> object:  # noqa: ANN401
    """A part one step further in."""
    try:
        return read(hint, tree)
    except ShapeError as error:
        raise error.inside(step) from None


def read_one_of(hints: tuple[Any, ...], tree: Any) -> object:  # noqa: ANN401
    """A value of the one of several types that it is."""
    if tree is None and type(None) in hints:
        return None
    for hint in hints:
        listed = get_origin(hint) is tuple and isinstance(tree, list)
        made = is_dataclass(hint) and isinstance(tree, dict)
        if type(tree) is hint or listed or made:
            return read(hint, tree)
    raise ShapeError


def read_fields(made: type, tree: Any) -> object:  # noqa: ANN401
    """A dataclass from an object that has its keys and no others."""
    if not isinstance(tree, dict):
        raise ShapeError
    known = {key for _, key in keys(made)}
    if not known - omitted(made).keys() <= set(tree) <= known:
        raise ShapeError
    hints = field_hints(made)
    there = ((n, key) for n, key in keys(made) if key in tree)
    return made(**{n: read_part(hints[n], tree[key], key) for n, key in there})


@cache
def keys(made: type) -> tuple[tuple[str, str], ...]:
    """Field names of a dataclass with their keys in JSON."""
    return tuple((f.name, f.metadata.get("key", f.name)) for f in fields(made))


@cache
def omitted(made: type) -> Mapping[str, object]:
    """Keys that are not written where they say what stands here."""
    return {
        f.metadata.get("key", f.name): f.default
        for f in fields(made)
        if f.metadata.get("omitted")
    }


@cache
def field_hints(made: type) -> Mapping[str, object]:
    """Types of a dataclass's fields."""
    return get_type_hints(made, {**vars(body), "Mapping": Mapping})
