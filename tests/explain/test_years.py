"""What a person's years came to: counter, lump, year end, limits, warnings."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jiugao import engine
from jiugao.compile import Compiled, compile_policy
from jiugao.explain import YearAccount, year_accounts, year_sentence, year_text
from jiugao.program.encode import decode
from jiugao.testing.cases import case_tables

ROOT = Path(__file__).parents[2]


@cache
def liaocheng() -> Compiled:
    return compile_policy(ROOT / "rules/liaocheng_2022")


def years(title: str) -> tuple[YearAccount, ...]:
    compiled = liaocheng()
    example = next(e for e in compiled.policy.examples if e.title == title)
    tables = case_tables(compiled.policy, [example])
    settlement = engine.settle(
        engine.Program.load(compiled.program_bytes),
        engine.Tables(tables.claims, tables.people, tables.applications),
        engine.Options(close_year=True),
    )
    settlement.table()
    records = settlement.years().table().to_pylist()
    return year_accounts(decode(compiled.program_bytes), records)


def test_the_year_end_is_told_apart_from_the_counter() -> None:
    (told,) = years("年中由监测对象转为低保")
    again = told.benefits[1]
    assert (again.on_claims, again.year_end) == (210_000, 105_000)
    assert (again.limit_used, again.limit_left) == (315_000, 1_685_000)
    assert told.total == 1_365_000
    assert year_sentence(told, "zh") == (
        "2023年：医疗救助按次10,500.00元；再救助按次2,100.00元、年终1,050.00元；共13,650.00元。"
    )
    assert year_sentence(told, "en") == (
        "2023: 医疗救助 10,500.00 yuan on claims; 再救助 2,100.00 yuan on claims, "
        "1,050.00 yuan at year end; 13,650.00 yuan in all."
    )


def test_an_application_has_an_account_of_its_own() -> None:
    before, during, applied = years("依申请跨两年追溯")
    assert (before.year, before.total) == (2022, 0)
    assert year_sentence(before, "zh") == "2022年：没有支付。"
    assert year_sentence(before, "en") == "2022: nothing was paid."
    assert during.total == 300_000
    assert applied.benefits[0].look_back == 780_000
    assert applied.benefits[0].limit_left == 920_000
    text = year_text(applied, "zh")
    assert text.startswith("【2023年5月10日的申请】")
    assert "追溯补付  7,800.00" in text
    assert "application of 2023-05-10" in year_text(applied, "en")


def test_a_warning_is_told_with_its_sum_and_passage() -> None:
    (told,) = years("预警线上一分")
    (warning,) = told.warnings
    assert (warning.total, warning.given) == (1_878_001, True)
    row = next(r for r in year_text(told, "zh").splitlines() if "因病返贫预警" in r)
    assert "18,780.01" in row
    assert "预警 四（二） [LC-4.3]" in row
    (calm,) = years("预警线上")
    assert not calm.warnings[0].given
