"""Records that are much alike come in; what they say in common is said once.

A field that has its usual value is left out of a record; the usual values stand by the
path of the record (`benefits.figures`), and whoever reads them puts them back.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Defaults = dict[str, dict[str, Any]]


def text(value: object) -> str:
    """A value as JSON, without a space."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def records(value: object, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every record within a value, with its path."""
    match value:
        case dict():
            yield path, value
            for name, one in value.items():
                yield from records(one, f"{path}.{name}" if path else name)
        case list():
            for one in value:
                yield from records(one, path)
        case _:
            pass


def usual(bodies: Sequence[object]) -> Defaults:
    """What each field of each kind of record mostly is, where it is always there."""
    count: dict[str, dict[str, Counter[str]]] = defaultdict(
        lambda: defaultdict(Counter)
    )
    seen: Counter[str] = Counter()
    for body in bodies:
        for path, record in records(body):
            seen[path] += 1
            for name, value in record.items():
                count[path][name][text(value)] += 1
    return {
        path: {
            name: json.loads(values.most_common(1)[0][0])
            for name, values in sorted(fields.items())
            if values.total() == seen[path] and values.most_common(1)[0][1] > 1
        }
        for path, fields in sorted(count.items())
    }


def without(value: object, defaults: Defaults, path: str = "") -> object:
    """The value without the fields that are as usual."""
    match value:
        case dict():
            own = defaults.get(path, {})
            return {
                name: without(one, defaults, f"{path}.{name}" if path else name)
                for name, one in value.items()
                if name not in own or text(own[name]) != text(one)
            }
        case list():
            return [without(one, defaults, path) for one in value]
        case _:
            return value
