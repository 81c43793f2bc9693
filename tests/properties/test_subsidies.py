"""Premium subsidies by the machine are those of the second evaluator."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pyarrow as pa
import pytest

from jiugao import _core
from jiugao.compile import compile_policy
from tests.oracle import Held
from tests.oracle.person import conflict
from tests.oracle.rules import Rules
from tests.oracle.subsidies import subsidise

TEXT = """方案 资助 (premium) {{
  依据 "随机方案" 条款 R-1
  施行 2023-01-01 起
  年度 自然年度 按 结算时间
  参数 标准 {{ 自 2022-01-01 至 2023-06-30: {first}元；自 2023-07-01: {second}元 }}
  身份 类别 就高不重复 {{ 一类: 身份甲、身份乙{one}；二类: 身份丙{two} }}
  费用 范围内 = 符合政策范围金额
  已付 基本医保 从 范围内 = 统筹基金支出
  待遇 救助 (assistance) {{ 基数 范围内 扣除 基本医保，比例 70%，年度限额 不设，支付方 救助基金 }}
  待遇 资助 (subsidy) 按 参保 {{
    {applies}
    基数 个人缴费
    择优
    按 身份 {{ {rows} }}
    {rounding}
    支付方 救助基金
  }}
}}"""


def policy_text(draw: random.Random) -> str:
    """A policy with one subsidy."""
    kinds = ("比例 100%", "比例 33.33%", "比例 0%", "定额 标准", "定额 180元")
    rows = "；".join(f"身份{c}: {draw.choice(kinds)}" for c in "甲乙丙")
    return TEXT.format(
        first=draw.choice(("0.01", "100", "199.99")),
        second=draw.choice(("50", "380", "380.01")),
        one=draw.choice(("", " 终身")),
        two=draw.choice(("", " 终身")),
        applies=draw.choice(("", "适用 参保险种 是 城乡居民")),
        rows=rows,
        rounding=draw.choice(("", "舍入 截位", "舍入 四舍五入 到元")),
    )


@pytest.mark.parametrize("seed", range(12))
def test_subsidies_agree(seed: int) -> None:
    hold(random.Random(seed), notices=1.0)


@pytest.mark.parametrize("notices", [0.5, 0.0])
def test_without_a_notice_the_begin_day_counts(notices: float) -> None:
    hold(random.Random(0), notices=notices)


def test_without_either_day_the_row_is_rejected() -> None:
    program = _core.Program(compile_policy(policy_text(random.Random(0))).program_bytes)
    day = dt.date(2023, 5, 1)
    rows = pa.table(
        {
            "psn_no": ["a", "b", "c"],
            "begndate": pa.array([day, None, None], pa.date32()),
            "notice_date": pa.array([None, None, day], pa.date32()),
            "insutype": ["390"] * 3,
            "psn_contribution": pa.array([100] * 3, pa.int64()),
        }
    )
    found = pa.RecordBatchReader.from_stream(_core.subsidies(program, rows)).read_all()
    assert found["reject"].to_pylist() == [None, "D951", None]


def hold(draw: random.Random, *, notices: float) -> None:
    """Compare 400 rows, of which this part has a notice day."""
    compiled = compile_policy(policy_text(draw))
    rows: list[dict[str, Any]] = []
    held: list[Held] = []
    for number in range(400):
        person = f"p{number:05}"
        day = dt.date(2023, 1, 1) + dt.timedelta(days=draw.randrange(400))
        notice = day + dt.timedelta(days=draw.randrange(-40, 40))
        rows.append(
            {
                "psn_no": person,
                "begndate": day,
                "notice_date": notice if draw.random() < notices else None,
                "insutype": draw.choice(("310", "390")),
                "psn_contribution": draw.choice((0, 1, 38_000, 18_000, 12_345)),
            }
        )
        for _ in range(draw.randrange(4)):
            start = day + dt.timedelta(days=draw.randrange(-30, 30))
            end = start + dt.timedelta(days=draw.randrange(60))
            held.append(
                Held(person, draw.choice(compiled.policy.identities), start, end)
            )
    table = pa.table(
        {
            "psn_no": pa.array([r["psn_no"] for r in rows]),
            "begndate": pa.array([r["begndate"] for r in rows], pa.date32()),
            "notice_date": pa.array([r["notice_date"] for r in rows], pa.date32()),
            "insutype": pa.array([r["insutype"] for r in rows]),
            "psn_contribution": pa.array([r["psn_contribution"] for r in rows]),
        }
    )
    people = pa.table(
        {
            "psn_no": pa.array([h.person for h in held], pa.string()),
            "psn_idet_type": pa.array([h.identity for h in held], pa.string()),
            "begndate": pa.array([h.start for h in held], pa.date32()),
            "enddate": pa.array([h.end for h in held], pa.date32()),
        }
    )
    stream = _core.subsidies(
        _core.Program(compiled.program_bytes), table, people=people
    )
    found = pa.RecordBatchReader.from_stream(stream).read_all().to_pylist()
    due = subsidise(compiled.policy, rows, held)
    rules = Rules(compiled.policy)
    for row in found:
        mine = [h.identity for h in held if h.person == row["psn_no"]]
        assert row["reject"] == ("D976" if conflict(rules, mine) else None)
    paid = [int(row["subsidy"].scaleb(2)) for row in found]
    wrong = [
        (row, [h for h in held if h.person == row["psn_no"]], got, want["subsidy"])
        for row, got, want in zip(rows, paid, due, strict=True)
        if got != want["subsidy"]
    ]
    assert not wrong, (compiled.policy.sources[0].text, wrong[0])
    assert any(paid)
