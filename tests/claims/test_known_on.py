"""A year as it was known on a day: what came later is left out, and nothing is lost."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jiugao.compile import compile_policy
from jiugao.diagnostics import RulesError
from jiugao.results.options import Files, Options
from jiugao.results.run import Outcome, run
from jiugao.results.totals import write_totals
from jiugao.results.verify import verify
from jiugao.sample.generate import Wanted, sample
from tests.claims.claim_files import POLICY, Year, row

MINUS = {
    "medfee_sumamt": "-10000.00",
    "inscp_scp_amt": "-10000.00",
    "hifp_pay": "-4000.00",
}


def known(year: Year, day: str, rows: list[dict[str, str]] | None = None, claims: Path | None = None) -> dict[str, str]:  # fmt: skip
    """What each settlement was due, as known on the day; counts and money balance."""
    year.options = replace(year.options, known_on=dt.date.fromisoformat(day))
    return due(year, year.settle(rows, claims))


def due(year: Year, done: Outcome) -> dict[str, str]:
    assert done.tally.rows_balance
    assert done.tally.money_balances
    assert verify(done.folder) == []
    table = year.settlements()
    amounts = (str(a) for a in table["assistance"].to_pylist())
    return dict(zip(table["setl_id"].to_pylist(), amounts, strict=True))


LATE = [
    row(setl_id="S1", updt_time="2023-03-01 09:00:00"),
    row(setl_id="S2", updt_time="2023-06-01 00:00:00"),
]


@pytest.mark.parametrize(
    ("day", "ids"),
    [("2023-02-28", []), ("2023-05-31", ["S1"]), ("2023-06-01", ["S1", "S2"])],
)
def test_a_claim_counts_from_the_day_it_was_known(
    year: Year, day: str, ids: list[str]
) -> None:
    assert list(known(year, day, LATE)) == ids


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_rows_not_known_are_counted(year: Year, form: str) -> None:
    path = None
    if form == "parquet":
        path = year.folder / "claims.parquet"
        pq.write_table(pa.Table.from_pylist(LATE), path)
    assert list(known(year, "2023-05-31", LATE, path)) == ["S1"]
    assert '"later": 1' in (year.folder / "out" / "manifest.json").read_text("utf-8")


def test_without_a_time_of_update_that_of_the_settlement_counts(year: Year) -> None:
    rows = [row(setl_id="S1"), row(setl_id="S2", setl_time="2023-06-01 08:00:00")]
    assert list(known(year, "2023-05-31", rows)) == ["S1"]


def test_the_newest_copy_that_was_known(year: Year) -> None:
    rows = [
        row(updt_time="2023-03-01 09:00:00"),
        row(updt_time="2023-04-01 09:00:00", hifp_pay="5000.00"),
        row(updt_time="2023-05-01 09:00:00", hifp_pay="6000.00"),
    ]
    assert known(year, "2023-03-31", rows) == {"S1": "4200.00"}
    assert known(year, "2023-04-30", rows) == {"S1": "3500.00"}
    assert known(year, "2023-05-01", rows) == {"S1": "2800.00"}


def test_before_its_undoing_was_known_a_claim_stood(year: Year) -> None:
    rows = [
        row(refd_setl_flag="1"),
        row(setl_id="S2", init_setl_id="S1", refd_setl_flag="1", setl_time="2023-05-01 08:00:00", **MINUS),
    ]  # fmt: skip
    assert known(year, "2023-04-30", rows) == {"S1": "4200.00"}
    assert known(year, "2023-05-01", rows) == {"S1": "4200.00", "S2": "-4200.00"}


def test_a_flag_that_no_row_at_all_explains_stays_a_reject(year: Year) -> None:
    assert known(year, "2023-04-30", [row(refd_setl_flag="1")]) == {}
    assert [r["code"] for r in year.rejects()] == ["D965"]


def test_an_identity_counts_from_the_day_it_was_known(year: Year) -> None:
    year.people[0]["known_from"] = "2023-05-01"
    assert known(year, "2023-04-30", [row()]) == {"S1": "0.00"}
    assert known(year, "2023-05-01", [row()]) == {"S1": "4200.00"}


def test_an_application_counts_from_its_day(year: Year) -> None:
    rows = [
        row(medfee_sumamt="30000.00", inscp_scp_amt="30000.00", psn_no="P2"),
        row(setl_id="S2", psn_no="P2", setl_time="2023-08-01 08:00:00"),
    ]
    asked = [{"psn_no": "P2", "apply_date": "2023-07-01", "psn_idet_type": "因病致贫重病患者"}]  # fmt: skip
    claims = year.write("claims.csv", rows)
    files = Files((str(claims),), applications=(str(year.write("asked.csv", asked)),))

    def on(day: dt.date) -> dict[str, str]:
        return due(year, run(POLICY, files, year.folder / "out", Options(known_on=day)))

    assert on(dt.date(2023, 6, 30)) == {"S1": "0.00"}
    assert on(dt.date(2023, 8, 1))["S2"] != "0.00"


def test_as_known_at_last_is_the_year(tmp_path: Path) -> None:
    sample(POLICY, Wanted(1_500, 3, 0.4), tmp_path / "year")
    tables = ("claims", "people", "institutions", "applications")
    files = Files(*((str(tmp_path / "year" / f"{t}.csv"),) for t in tables))
    made = []
    for name, day in (("plain", None), ("last", dt.date(2030, 1, 1))):
        done = run(POLICY, files, tmp_path / name, Options(known_on=day))
        assert done.tally.later == 0
        made.append(pq.read_table(tmp_path / name / "settlements.parquet"))
    assert made[0].equals(made[1])
    half = run(POLICY, files, tmp_path / "half", Options(known_on=dt.date(2023, 6, 30)))
    assert 0 < half.tally.later < half.tally.read
    assert half.tally.rows_balance
    assert half.tally.money_balances
    assert verify(tmp_path / "half") == []


DATED = """\
方案 样例 (sample) {
  依据 "样例文件"
  施行 2023-01-01 起
  年度 自然年度 按 结算时间
  参数 线 {
    自 2023-01-01 至 2023-12-31: 3000元 公布 2022-12-01
    自 2024-01-01: 4000元 公布 2024-02-15
  }
  费用 政策范围内 = 符合政策范围金额
  待遇 救助 (assistance) {
    依据 "三"
    基数 政策范围内
    年度起付线 线，比例 70%
    支付方 救助基金
  }
}
"""
OPEN = DATED.replace("公布 2022-12-01", "公布 2024-02-01")


def replayed(year: Year, policy: Path, day: str | None) -> dict[str, str]:
    rows = [
        row(setl_id="S1", setl_time="2023-06-01 10:00:00", updt_time=""),
        row(setl_id="S2", setl_time="2024-01-10 10:00:00", updt_time=""),
    ]
    files = Files((str(year.write("claims.csv", rows)),))
    known_on = dt.date.fromisoformat(day) if day else None
    options = replace(year.options, known_on=known_on)
    return due(year, run(policy, files, year.folder / "out", options))


@pytest.mark.parametrize("ending", ["rules", "rulesc"])
def test_a_figure_is_used_from_the_day_it_was_published(
    year: Year, tmp_path: Path, ending: str
) -> None:
    policy = tmp_path / f"policy.{ending}"
    if ending == "rules":
        policy.write_text(DATED, "utf-8")
    else:
        policy.write_bytes(compile_policy(DATED).program_bytes)
    assert replayed(year, policy, None) == {"S1": "4900.00", "S2": "4200.00"}
    assert replayed(year, policy, "2024-02-15") == {"S1": "4900.00", "S2": "4200.00"}
    # Nobody knew the line of 2024 yet: that claim cannot be worked out, and says so.
    assert replayed(year, policy, "2024-02-14") == {"S1": "4900.00"}
    assert [r["code"] for r in year.rejects()] == ["D975"]


def test_a_figure_that_nobody_knew_yet_is_asked_for(year: Year, tmp_path: Path) -> None:
    policy = tmp_path / "policy.rules"
    policy.write_text(OPEN, "utf-8")
    year.options = replace(year.options, settings={"线": "3000元"})
    assert replayed(year, policy, "2024-01-31") == {"S1": "4900.00", "S2": "4900.00"}
    year.options = replace(year.options, settings={})
    with pytest.raises(RulesError) as raised:
        replayed(year, policy, "2024-01-31")
    assert [found.code for found in raised.value.diagnostics.errors] == ["E694"]


@pytest.mark.parametrize(("day", "lost"), [("2024-02-14", 1), ("2024-02-15", 0)])
def test_totals_know_what_a_run_knows(
    year: Year, tmp_path: Path, day: str, lost: int
) -> None:
    policy = tmp_path / "policy.rules"
    policy.write_text(DATED, "utf-8")
    rows = [row(setl_id="S2", setl_time="2024-01-10 10:00:00", updt_time="")]
    files = Files((str(year.write("claims.csv", rows)),))
    options = replace(year.options, known_on=dt.date.fromisoformat(day))
    until = dt.date(2024, 6, 30)
    done = write_totals(policy, files, until, tmp_path / "totals.csv", options)
    assert sum(done.rejects.get("claims", {}).values()) == lost
