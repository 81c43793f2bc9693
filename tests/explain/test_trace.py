"""The trace and the run are one program: every row of random years, step by step."""

from __future__ import annotations

import random
import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from jiugao import engine
from jiugao.compile import compile_policy
from jiugao.explain import account, as_html, as_json, as_text
from jiugao.explain.trace import Row, read_trace
from jiugao.program.encode import decode

FOLDER = Path(__file__).parents[2] / "rules/liaocheng_2022"
SAMPLE = tomllib.loads((FOLDER / "parameters.sample.toml").read_text("utf-8"))
SETTINGS = {
    "given": {},
    "computed": {"大病保险来源": "测算", **SAMPLE},
    "other": {"困境儿童口径": "二类", "先行自付口径": "计入", "其他医保口径": "不扣"},
}
IDENTITIES = [
    "特困人员",
    "孤儿",
    "低保对象",
    "低保边缘家庭成员",
    "防止返贫监测帮扶对象",
]
FIRST_DAY = 19_358  # 2023-01-01
MONEY = [
    "medfee_sumamt", "inscp_scp_amt", "preselfpay_amt", "hifp_pay", "hifmi_pay",
    "cvlserv_pay", "oth_pay", "hosp_part_amt", "special_drug_amt",
]  # fmt: skip


def claim(chance: random.Random, person: int, number: int, day: int) -> dict[str, Any]:
    total = chance.choice(
        [1, 300_000, 1_000_000, 6_357_143, chance.randrange(20_000_000)]
    )
    parts = dict.fromkeys(MONEY, 0)
    scope = total - chance.randrange(total + 1) // 5
    parts |= {"medfee_sumamt": total, "inscp_scp_amt": scope}
    for name in MONEY[2:]:
        if chance.random() < 0.4:
            parts[name] = chance.randrange(scope // 3 + 1)
    return {
        "psn_no": person,
        "setl_id": f"{number:03}",
        "init_setl_id": None,
        "setl_time": day,
        "med_type": chance.choice(["21", "21", "14", "11"]),
        "insutype": chance.choice(["390", "310"]),
        **parts,
    }


def tables(seed: int) -> engine.Tables:
    chance = random.Random(seed)
    claims, held, asked = [], [], []
    for person in range(8):
        for _ in range(chance.randrange(3)):
            start = FIRST_DAY + chance.randrange(-200, 300)
            end = None if chance.random() < 0.5 else start + chance.randrange(200)
            held.append((person, chance.choice(IDENTITIES), start, end))
        if chance.random() < 0.5:
            asked.append((person, FIRST_DAY + chance.randrange(360)))
        days = sorted(FIRST_DAY + chance.randrange(-250, 360) for _ in range(7))
        rows = [claim(chance, person, n, day) for n, day in enumerate(days)]
        for n, original in enumerate(rows[:3]):
            if chance.random() < 0.3:
                undone = {**original, "setl_id": f"9{n}", "setl_time": days[-1]}
                undone |= {name: -original[name] for name in MONEY}
                rows.append({**undone, "init_setl_id": original["setl_id"]})
        claims += rows
    schema = pa.schema(
        [
            ("psn_no", pa.int64()),
            ("setl_id", pa.string()),
            ("init_setl_id", pa.string()),
        ]
        + [("setl_time", pa.date32()), ("med_type", pa.string())]
        + [("insutype", pa.string())]
        + [(name, pa.int64()) for name in MONEY]
    )
    table = {
        f.name: pa.array(
            [c[f.name] for c in claims], pa.int32() if f.type == pa.date32() else f.type
        ).cast(f.type)
        for f in schema
    }
    day = pa.int32()
    people = {
        "psn_no": pa.array([h[0] for h in held], pa.int64()),
        "psn_idet_type": pa.array([h[1] for h in held], pa.string()),
        "begndate": pa.array([h[2] for h in held], day).cast(pa.date32()),
        "enddate": pa.array([h[3] for h in held], day).cast(pa.date32()),
    }
    applications = {
        "psn_no": pa.array([a[0] for a in asked], pa.int64()),
        "apply_date": pa.array([a[1] for a in asked], day).cast(pa.date32()),
        "psn_idet_type": pa.array(["因病致贫重病患者"] * len(asked), pa.string()),
    }
    return engine.Tables(pa.table(table), pa.table(people), pa.table(applications))


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("seed", range(4))
def test_every_row_is_traced_as_it_is_settled(settings: str, seed: int) -> None:
    compiled = compile_policy(FOLDER, settings=SETTINGS[settings])
    body = decode(compiled.program_bytes)
    program = engine.Program.load(compiled.program_bytes)
    given = tables(seed)
    settled = engine.settle(program, given).table().to_pylist()
    roles = set()
    for place, row in enumerate(settled):
        place_of = Row(str(row["psn_no"]), row["setl_id"])
        told = account(body, read_trace(engine.trace(program, given, place), place_of))
        roles.add(told.role)
        assert told.role == row["role"]
        assert told.who.standing == row["standing"]
        assert Decimal(told.burden) / 100 == row["psn_burden"]
        assert Decimal(told.excess) / 100 == row["excess"]
        paid = {b.code: b.paid for b in told.benefits}
        if told.role == "reversal":
            paid = {
                b.code: u.after - u.before
                for b, u in zip(body.benefits, told.undone, strict=True)
            }
        for benefit in body.benefits:
            due = row[benefit.code]
            assert Decimal(paid.get(benefit.code, 0)) / 100 == due, benefit.code
        for benefit in told.benefits:
            accrued = sum((s.pays for s in benefit.slices), Fraction(0))
            assert accrued == benefit.accrues
            total = sum((p.amount for p in benefit.base_of), Fraction(0))
            if benefit.outcome != "not_applicable":
                assert benefit.base == max(Fraction(0), total)
        for language in ("zh", "en"):
            assert as_text(told, language)
            assert as_html(told, language)
        assert as_json(told)
    assert "settled" in roles


def test_the_seeds_meet_every_role() -> None:
    program = engine.Program.load(compile_policy(FOLDER).program_bytes)
    rows = [
        row
        for seed in range(4)
        for row in engine.settle(program, tables(seed)).table().to_pylist()
    ]
    assert {r["role"] for r in rows} == {"settled", "reversed", "reversal", "rejected"}
    assert {r["standing"] for r in rows} == {None, "一类", "二类", "三类"}
