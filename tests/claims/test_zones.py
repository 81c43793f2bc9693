"""Parquet as Spark writes it: times are instants, and days those of China's clock."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jiugao.results.options import Files, Options
from jiugao.results.run import run
from tests.claims.claim_files import POLICY, Year, row

CHINA = dt.timezone(dt.timedelta(hours=8))
TIMES = [dt.datetime(2023, 1, 1), dt.datetime(2023, 8, 15, 0, 30)]
HELD = {"psn_idet_type": "低保对象", "begndate": dt.datetime(2023, 8, 15)}


def instants(wall: list[dt.datetime], zone: str) -> pa.Array:
    return pa.array(
        [t.replace(tzinfo=CHINA) for t in wall], pa.timestamp("us", tz=zone)
    )


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "UTC"])
def test_instants_are_taken_in_chinas_time(tmp_path: Path, zone: str) -> None:
    amount = {"medfee_sumamt": "40000.00", "inscp_scp_amt": "40000.00", "hifp_pay": "0"}
    rows = [row(setl_id=f"S{n}", **amount) for n in (1, 2)]
    claims = pa.Table.from_pylist(rows)
    at = claims.schema.get_field_index("setl_time")
    claims = claims.set_column(at, "setl_time", instants(TIMES, zone))
    people = pa.table(
        {
            "psn_no": ["P1"],
            "psn_idet_type": [HELD["psn_idet_type"]],
            "begndate": instants([dt.datetime(2023, 8, 15)], zone),
            "enddate": instants([dt.datetime(2023, 8, 15)], zone),
        }
    )
    paths = [tmp_path / "claims.parquet", tmp_path / "people.parquet"]
    for table, path in zip((claims, people), paths, strict=True):
        pq.write_table(table, path)
    files = Files((str(paths[0]),), (str(paths[1]),))
    run(POLICY, files, tmp_path / "out", Options())
    year = Year(tmp_path)
    settled = year.settlements().sort_by("setl_id").to_pylist()
    assert year.rejects() == []
    assert [s["benefit_year"] for s in settled] == [2023, 2023]
    assert [s["standing"] for s in settled] == [None, "一类"]
    assert [str(s["assistance"]) for s in settled] == ["0.00", "28000.00"]


@pytest.mark.parametrize(
    ("first", "second", "held"),
    [
        ("2023-01-01T00:00:00+08:00", "2023-08-15T00:30:00+08:00", "2023-08-15"),
        ("2022-12-31T16:00:00Z", "2023-08-14 16:30:00+0000", "2023-08-14T16:00:00Z"),
    ],
)
def test_text_with_an_offset_is_an_instant_too(
    tmp_path: Path, first: str, second: str, held: str
) -> None:
    year = Year(tmp_path)
    year.people = [
        {"psn_no": "P1", "psn_idet_type": "低保对象", "begndate": held, "enddate": held}
    ]
    amount = {"medfee_sumamt": "40000.00", "inscp_scp_amt": "40000.00", "hifp_pay": "0"}
    rows = [
        row(setl_id=f"S{n}", setl_time=time, **amount)
        for n, time in ((1, first), (2, second))
    ]
    files = Files(
        (str(year.write("claims.csv", rows)),),
        (str(year.write("people.csv", year.people)),),
    )
    run(POLICY, files, tmp_path / "out", Options())
    settled = year.settlements().sort_by("setl_id").to_pylist()
    assert year.rejects() == []
    assert [s["benefit_year"] for s in settled] == [2023, 2023]
    assert [s["standing"] for s in settled] == [None, "一类"]
