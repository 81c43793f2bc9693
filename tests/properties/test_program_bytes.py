"""Damaged program files are refused, each with a code; none crashes or runs unverified."""

from __future__ import annotations

import hashlib
import json
import random
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from jiugao import _core
from tests.properties import machine
from tests.properties.cases import LONG, draw_policy
from tests.properties.years import draw_years

if TYPE_CHECKING:
    from jiugao.compile import Compiled

HEAD = b"JIUGAO-RULESC 1\n"
EACH = 20_000 if LONG else 600
NUMBERS = (
    0,
    1,
    -1,
    2,
    7,
    255,
    65_535,
    65_536,
    2**31,
    2**62,
    2**63 - 1,
    -(2**63),
    2**63,
)


def program(seed: int) -> Compiled:
    """A compiled random policy."""
    return draw_policy(f"bytes {seed}").policy


def sealed(body: bytes) -> bytes:
    """A program file around a body, its digest right."""
    return HEAD + hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def refusal(data: bytes) -> tuple[str, str] | None:
    """The fault and code with which the bytes are refused, or None where they load."""
    try:
        _core.Program(data)
    except _core.Refused as refused:
        fault, code, _ = refused.args
        return fault, code
    return None


@pytest.mark.parametrize("seed", range(3))
def test_any_changed_byte_is_refused(seed: int) -> None:
    data = program(seed).program_bytes
    draw = random.Random(seed)
    for _ in range(EACH):
        place = draw.randrange(len(data))
        changed = bytearray(data)
        kind = draw.randrange(4)
        if kind == 0:
            changed[place] ^= 1 << draw.randrange(8)
        elif kind == 1:
            del changed[place : place + draw.randrange(1, 9)]
        elif kind == 2:
            changed[place:place] = bytes(draw.randrange(256) for _ in range(3))
        else:
            del changed[place:]
        if bytes(changed) == data:
            continue
        found = refusal(bytes(changed))
        assert found is not None
        assert found[0] == "program", found
        assert found[1].startswith("P8"), found


def places(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where a body can be changed."""
    found = [path]
    if isinstance(value, dict):
        for key in value:
            found += places(value[key], (*path, key))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            found += places(part, (*path, number))
    return found


def mutated(body: object, path: tuple[Any, ...], draw: random.Random) -> None:
    """Change the value at a place."""
    holder: Any = body
    for step in path[:-1]:
        holder = holder[step]
    last = path[-1]
    value = holder[last]
    choice = draw.randrange(5)
    if (choice == 0 and isinstance(holder, list)) or choice == 0:
        del holder[last]
    elif choice == 1 and isinstance(holder, list):
        holder.insert(last, value)
    elif isinstance(value, bool) or value is None:
        holder[last] = draw.choice((True, False, None, 0, "x"))
    elif isinstance(value, int):
        holder[last] = draw.choice((*NUMBERS, value + 1, value - 1, -value))
    elif isinstance(value, str):
        holder[last] = draw.choice(("", value + "x", "claim", 5))
    else:
        holder[last] = draw.choice((None, [], {}, 3, [value]))


@pytest.mark.parametrize("seed", range(4))
def test_a_changed_body_is_refused_or_runs_without_a_crash(seed: int) -> None:
    policy = program(seed)
    body = policy.program_bytes[len(HEAD) + 65 :]
    original = json.loads(body)
    executed = [
        path
        for path in places(original)
        if path and path[0] not in {"sources", "debug", "parameters", "settings"}
    ]
    draw = random.Random(seed)
    years = draw_years(policy.policy, seed, 40)
    loaded = 0
    for _ in range(EACH):
        changed = json.loads(body)
        for _ in range(draw.choice((1, 1, 2))):
            try:
                mutated(changed, draw.choice(executed), draw)
            except (KeyError, IndexError, TypeError):
                continue  # the first change took the second's place away
        data = sealed(
            json.dumps(
                changed, ensure_ascii=False, sort_keys=True, separators=(",", ":")
            ).encode()
        )
        found = refusal(data)
        if found is not None:
            assert found[0] == "program", found
            assert found[1].startswith("P8"), found
            continue
        loaded += 1
        try:
            machine.run(data, policy.policy, years)
        except (machine.StoppedError, _core.Refused, KeyError, pa.ArrowInvalid):
            continue  # an amount too large, a column that is not there: said, not crashed
    assert loaded
