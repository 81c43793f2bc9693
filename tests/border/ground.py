"""A small policy and claims in every shape that a caller may bring."""

from __future__ import annotations

import datetime as dt
import random
from functools import cache
from typing import Any

import pyarrow as pa

from jiugao.compile import compile_policy
from jiugao.engine import Options, Program, Settlement, Tables, settle

RULES = """
方案 边界 (border) {
  依据 "边界" 条款 BD-1
  施行 2023-01-01 起
  年度 自然年度 按 结算时间
  身份 类别 就高不重复 {
    一类: 特困人员
    二类: 低保对象
    三类: 因病致贫重病患者 依申请 追溯 12个月 每年一次
  }
  输入 人员身份类别 (psn_idet_type): 代码 来自 人员 { 7131 特困人员；7010 低保对象 }
  费用 政策范围内 = 符合政策范围金额
  已付 基本医保 从 政策范围内 = 统筹基金支出
  待遇 救助 (aid) {
    适用 医疗类别 属于 (住院类)
    基数 政策范围内 扣除 基本医保
    按 类别 {
      一类: 起付线 不设，比例 70%，年度限额 3万元
      二类: 年度起付线 3000元，比例 50%，年度限额 1.5万元
      三类: 年度起付线 1万元，比例 60%，年度限额 2万元
    }
    支付方 医疗救助基金
  }
}
"""


TABLES = ("people", "applications", "columns", "constants", "people_in_order")


@cache
def program() -> Program:
    return Program.load(compile_policy(RULES).program_bytes)


def claims(**changed: Any) -> pa.Table:
    """Three claims of two persons; columns changed or (None) left out."""
    columns: dict[str, Any] = {
        "psn_no": ["a", "a", "b"],
        "setl_id": ["s1", "s2", "s3"],
        "setl_time": [dt.date(2023, 3, 1), dt.date(2023, 4, 1), dt.date(2023, 5, 1)],
        "med_type": ["21", "21", "21"],
        "medfee_sumamt": pa.array([1_000_000, 4_000_000, 2_000_000], pa.int64()),
        "inscp_scp_amt": pa.array([1_000_000, 4_000_000, 2_000_000], pa.int64()),
        "psn_idet_type": ["特困人员", "特困人员", "7010"],
    }
    columns |= changed
    return pa.table({k: v for k, v in columns.items() if v is not None})


PAID = [700_000, 2_300_000, 850_000]
"""Fen of `aid` on `claims()`: 70 % up to 30,000; 50 % above 3,000."""


def run(table: Any, **more: Any) -> Settlement:
    tables = {k: more.pop(k) for k in TABLES if k in more}
    return settle(program(), Tables(table, **tables), Options(**more))


def fen(table: pa.Table, column: str = "aid") -> list[int]:
    return [int(v.scaleb(2)) for v in table[column].to_pylist()]


def year(persons: int, seed: int) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Claims in order with reversals, identities that change, applications."""
    chance = random.Random(seed)
    rows: list[dict[str, Any]] = []
    people: list[dict[str, Any]] = []
    applications: list[dict[str, Any]] = []
    first = dt.datetime(2023, 1, 1)
    for person in range(persons):
        name = f"p{person:06}"
        times = sorted(
            chance.randrange(730 * 86400) for _ in range(chance.randint(1, 9))
        )
        mine: list[dict[str, Any]] = []
        for n, seconds in enumerate(times):
            amount = chance.choice([0, chance.randrange(10_000_000)])
            row = {
                "psn_no": name,
                "setl_id": f"{name}-{n:02}",
                "init_setl_id": None,
                "setl_time": first + dt.timedelta(seconds=seconds),
                "med_type": chance.choice(["21", "21", "11"]),
                "medfee_sumamt": amount,
                "inscp_scp_amt": amount,
                "hifp_pay": amount // 3,
            }
            if mine and chance.random() < 0.1:
                undone = chance.choice(mine)
                row["init_setl_id"] = undone["setl_id"]
                for column in ("medfee_sumamt", "inscp_scp_amt", "hifp_pay"):
                    row[column] = -undone[column]
            mine.append(row)
        rows += mine
        for _ in range(chance.randint(0, 2)):
            start = dt.date(2023, 1, 1) + dt.timedelta(days=chance.randrange(700))
            end = chance.choice(
                [None, start + dt.timedelta(days=chance.randrange(400))]
            )
            identity = chance.choice(["7131", "低保对象", "别处的身份"])
            people.append(
                {
                    "psn_no": name,
                    "psn_idet_type": identity,
                    "begndate": start,
                    "enddate": end,
                }
            )
        if chance.random() < 0.2:
            day = dt.date(2023, 2, 1) + dt.timedelta(days=chance.randrange(600))
            applications.append(
                {"psn_no": name, "apply_date": day, "psn_idet_type": "因病致贫重病患者"}
            )
    chance.shuffle(people)
    chance.shuffle(applications)
    money = [(c, pa.int64()) for c in ("medfee_sumamt", "inscp_scp_amt", "hifp_pay")]
    text = [(c, pa.string()) for c in ("psn_no", "setl_id", "init_setl_id")]
    schema = pa.schema(
        [*text, ("setl_time", pa.timestamp("us")), ("med_type", pa.string()), *money]
    )
    held = pa.schema(
        [
            ("psn_no", pa.string()),
            ("psn_idet_type", pa.string()),
            ("begndate", pa.date32()),
            ("enddate", pa.date32()),
        ]
    )
    asked = pa.schema(
        [
            ("psn_no", pa.string()),
            ("apply_date", pa.date32()),
            ("psn_idet_type", pa.string()),
        ]
    )
    return (
        pa.Table.from_pylist(rows, schema),
        pa.Table.from_pylist(people, held),
        pa.Table.from_pylist(applications, asked),
    )
