"""A program survives its file; the file is the same every time and refuses damage."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest

from jiugao.compile import compile_policy
from jiugao.explain.clauses import clauses
from jiugao.program import ProgramFileError, body, decode, digest, encode, lower
from jiugao.program.listing import listing
from jiugao.years import Years
from tests.program.goldens import POLICIES, program_of
from tests.program.written import checked
from tests.properties.policies import policy_text

ROOT = Path(__file__).parents[2]
CARRIES = ROOT / "tests" / "language" / "carries" / "good"


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_round_trip(path: Path) -> None:
    program = program_of(path)
    data = encode(program)
    assert decode(data) == program
    assert encode(decode(data)) == data


def test_round_trip_of_random_policies() -> None:
    count = 0
    for seed in range(60):
        policy = checked(policy_text(random.Random(f"file {seed}").randrange))
        if policy is not None:
            program = lower(policy, {"口径": "甲"})
            assert decode(encode(program)) == program
            count += 1
    assert count > 50


def test_what_is_carried_is_written_where_there_is_something() -> None:
    assert b'"carried"' not in encode(program_of(POLICIES[0]))
    text = (CARRIES / "renamed.rules").read_text("utf-8")
    made = compile_policy(text)
    program = decode(made.program_bytes)
    (one,) = program.carried
    assert (one.code, one.name, one.place.clauses) == ("old_2020", "旧办法", ("N-12",))
    assert [(t.sort, t.new, t.old) for t in one.totals] == [
        ("benefit", "assistance", "aid"),
        ("benefit", "reassistance", "aid_again"),
        ("limit", "合计限额", "封顶线"),
        ("expense", "政策范围内", "合规费用"),
    ]
    assert encode(program) == made.program_bytes
    line = "承接 旧办法 (old_2020): assistance = aid, reassistance = aid_again, 合计限额 = 封顶线"
    assert line in listing(program, "zh")
    assert line.replace("承接", "carries", 1) in listing(program, "en")
    (carrying,) = (c for c in clauses(made.policy) if c.clause == "N-12")
    assert [(r.kind, r.name) for r in carrying.rules] == [("carries", "旧办法")]


def test_each_class_of_a_choice_is_carried_and_a_reading_may_carry_nothing() -> None:
    text = (CARRIES / "by_class.rules").read_text("utf-8")
    (one,) = decode(compile_policy(text).program_bytes).carried
    pairs = [(t.new, t.old) for t in one.totals]
    codes = [b.code for b in compile_policy(text).policy.benefits]
    assert [new for new, _ in pairs] == codes
    assert [old for _, old in pairs] == [c.replace("assistance", "aid") for c in codes]
    assert len(codes) == 2
    text = (CARRIES / "by_reading.rules").read_text("utf-8")
    for chosen, count in (("接着算", 1), ("重新起算", 0)):
        made = compile_policy(text, settings={"衔接口径": chosen})
        assert len(decode(made.program_bytes).carried) == count


def test_a_day_that_begins_years_is_written_where_it_is_not_1_january() -> None:
    program = program_of(POLICIES[0])
    assert b"year_begins" not in encode(program)
    other = replace(program, years=Years(7, 1))
    written = encode(other)
    assert b'"year_begins":{"day":1,"month":7}' in written
    assert decode(written) == other
    assert digest(other) != digest(program)


def test_head_names_the_body() -> None:
    program = program_of(POLICIES[0])
    magic, named, written = encode(program).split(b"\n", 2)
    assert magic == b"JIUGAO-RULESC 1"
    assert named.decode() == hashlib.sha256(written).hexdigest() == digest(program)
    tree = json.loads(written)
    known = {f.name for f in fields(body.Program)} - {"carried", "years"}
    assert list(tree) == sorted(tree) == sorted(known)
    assert (
        written
        == json.dumps(
            tree, ensure_ascii=False, sort_keys=True, separators=(",", ":")
        ).encode()
    )


def test_digest_is_the_same_in_another_process() -> None:
    line = (
        "from tests.program.goldens import *; from jiugao.program import digest;"
        "print(*(digest(program_of(p)) for p in POLICIES))"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", line],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT}/python:{ROOT}"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.split() == [digest(program_of(path)) for path in POLICIES]


def resealed(tree: object) -> bytes:
    written = json.dumps(
        tree, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()
    return (
        b"JIUGAO-RULESC 1\n"
        + hashlib.sha256(written).hexdigest().encode()
        + b"\n"
        + written
    )


def test_damage_is_named() -> None:
    data = encode(program_of(POLICIES[0]))
    tree = json.loads(data.split(b"\n", 2)[2])
    shapes = [
        ({**tree, "more": 1}, "body"),
        ({key: part for key, part in tree.items() if key != "claim"}, "body"),
        ({**tree, "classes": {}}, "classes"),
        ({**tree, "day_input": "2"}, "day_input"),
        ({**tree, "day_input": True}, "day_input"),
        (
            {**tree, "tables": [{"kind": "row", "scale": 0, "values": [1, 0.5]}]},
            "tables[0].values[1]",
        ),
        ([], "body"),
    ]
    damaged = [
        (b"", "P801", "head"),
        (data.replace(b"RULESC 1", b"RULESC 2", 1), "P801", "head"),
        (data[:40], "P802", "digest"),
        (data[:-1], "P802", "digest"),
        (data + b" ", "P802", "digest"),
        *((resealed(shape), "P803", place) for shape, place in shapes),
    ]
    assert decode(resealed(tree)) == program_of(POLICIES[0])
    for bad, code, place in damaged:
        with pytest.raises(ProgramFileError) as raised:
            decode(bad)
        assert (raised.value.code, raised.value.place) == (code, place)
