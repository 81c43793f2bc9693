"""Instants, however they are written, are told by China's clock."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from jiugao.engine import Counter
from tests.border.ground import PAID, claims, fen, program, run

CHINA = dt.timezone(dt.timedelta(hours=8))
ZONES = ("Asia/Shanghai", "UTC", "America/New_York")
MIDNIGHT = [
    dt.datetime(2023, 1, 1, 0, 0),
    dt.datetime(2023, 8, 15, 0, 30),
    dt.datetime(2023, 12, 31, 23, 59, 59),
]


def instants(wall: list[dt.datetime], unit: str, zone: str) -> pa.Array:
    """Times of China's clock as instants that are shown in a zone."""
    utc = [
        t.replace(tzinfo=CHINA).astimezone(dt.UTC).replace(tzinfo=None) for t in wall
    ]
    return pa.array(utc, pa.timestamp(unit, tz=zone))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_days_and_years_are_those_of_the_clock_in_china(unit: str, zone: str) -> None:
    settled = run(claims(setl_time=instants(MIDNIGHT, unit, zone))).table()
    assert settled["role"].to_pylist() == ["settled"] * 3
    assert settled["benefit_year"].to_pylist() == [2023] * 3
    assert fen(settled) == PAID


@pytest.mark.parametrize("zone", ZONES)
def test_days_of_identities_are_too(zone: str) -> None:
    held = pa.table(
        {
            "psn_no": ["a", "b"],
            "psn_idet_type": ["特困人员", "低保对象"],
            "begndate": instants([dt.datetime(2023, 1, 1)] * 2, "us", zone),
            "enddate": instants([dt.datetime(2023, 8, 14), MIDNIGHT[2]], "us", zone),
        }
    )
    table = claims(psn_idet_type=None, setl_time=instants(MIDNIGHT, "us", zone))
    assert fen(run(table, people=held).table()) == [PAID[0], 0, PAID[2]]


def test_times_without_a_zone_stay_as_they_are() -> None:
    table = claims(setl_time=pa.array(MIDNIGHT, pa.timestamp("us")))
    assert fen(run(table).table()) == PAID


def test_at_the_counter_too() -> None:
    mine = Counter(program()).account([("特困人员", "2023-08-15", None)])
    values: dict[str, int | str] = {"med_type": "21", "medfee_sumamt": 1_000_000}
    values["inscp_scp_amt"] = 1_000_000
    when = MIDNIGHT[1].replace(tzinfo=CHINA).astimezone(dt.UTC)
    assert mine.settle(when, "s1", values).benefits == {"aid": 700_000}
