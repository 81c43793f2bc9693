"""Our `dataclass` is the standard library's to whoever uses one."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field, replace
from typing import Any

import pytest

import jiugao.dataclass
from jiugao.source import Source, Span

Maker = Callable[..., Any]
MAKERS: list[Maker] = [dataclasses.dataclass, jiugao.dataclass.dataclass]
BOTH = pytest.mark.parametrize("dataclass", MAKERS, ids=["standard", "ours"])


def frozen(dataclass: Maker) -> Any:
    """A class with every kind of field."""

    @dataclass(frozen=True)
    class Point:
        x: int
        y: int = 2
        seen: list[int] = field(default_factory=list, repr=False)

    return Point


@BOTH
def test_values_are_compared_shown_and_hashed(dataclass: Maker) -> None:
    point = frozen(dataclass)
    assert point(1) == point(1, 2, [])
    assert point(1) != point(2)
    assert point(1) != frozen(dataclass)(1)
    assert repr(point(1)).endswith("Point(x=1, y=2)")
    key = point(1, seen=())
    assert {key: "a"}[point(1, 2, ())] == "a"
    with pytest.raises(TypeError):
        hash(point(1))  # of a list


@BOTH
def test_fields_without_a_default_are_asked_for(dataclass: Maker) -> None:
    point = frozen(dataclass)
    for given, named in (((), {}), ((1, 2, [], 4), {}), ((1,), {"z": 3})):
        with pytest.raises(TypeError):
            point(*given, **named)
    assert point(1).seen is not point(1).seen
    assert point(y=5, x=4).y == 5


@BOTH
def test_frozen_instances_do_not_change(dataclass: Maker) -> None:
    one = frozen(dataclass)(1)
    with pytest.raises(FrozenInstanceError):
        one.x = 2
    with pytest.raises(FrozenInstanceError):
        one.z = 2
    with pytest.raises(FrozenInstanceError):
        del one.x
    assert one.x == 1


@BOTH
def test_copies_parts_and_patterns(dataclass: Maker) -> None:
    point = frozen(dataclass)
    one = replace(point(1), y=3)
    assert (one.x, one.y) == (1, 3)
    assert [f.name for f in dataclasses.fields(one)] == ["x", "y", "seen"]
    assert dataclasses.asdict(one) == {"x": 1, "y": 3, "seen": []}
    assert copy.copy(one) == one
    match one:
        case point(x, y, _):
            assert (x, y) == (1, 3)
        case _:
            pytest.fail("a pattern by place")


@BOTH
def test_what_changes_has_no_hash(dataclass: Maker) -> None:
    @dataclass
    class Sum:
        parts: list[int] = field(default_factory=list)
        total: int = field(init=False)

        def __post_init__(self) -> None:
            self.total = sum(self.parts)

    one = Sum([1, 2])
    assert one.total == 3
    one.total = 4
    assert one != Sum([1, 2])
    with pytest.raises(TypeError):
        hash(one)


@BOTH
def test_named_only_inherited_and_written_out(dataclass: Maker) -> None:
    @dataclass(frozen=True, kw_only=True)
    class Base:
        a: int
        b: int = 1

        def __repr__(self) -> str:
            return "mine"

    @dataclass(frozen=True)
    class More(Base):
        c: int

    class Same(More):
        """Nothing of its own."""

    with pytest.raises(TypeError):
        Base(1)
    assert repr(Base(a=1)) == "mine"
    for kind in (More, Same):
        one = kind(7, a=1)
        assert (one.a, one.b, one.c) == (1, 1, 7)
    assert More(7, a=1) != Same(7, a=1)


def test_a_span_goes_through_pickle() -> None:
    span = Span(Source("a", "text"), 0, 2)
    assert pickle.loads(pickle.dumps(span)) == span
