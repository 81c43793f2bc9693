"""The account of one claim out of streams of any library."""

from __future__ import annotations

from pathlib import Path

import polars as pl

import jiugao

POLICY = Path(__file__).parents[2] / "rules" / "liaocheng_2022"


def test_a_polars_frame_is_explained() -> None:
    claims = pl.DataFrame(
        {
            "psn_no": ["A", "B", "A"],
            "setl_id": ["1", "9", "2"],
            "setl_time": ["2023-03-01", "2023-03-01", "2023-08-15"],
            "med_type": ["21", "21", "14"],
            "medfee_sumamt": ["40000.00", "1.00", "10000.00"],
            "inscp_scp_amt": ["40000.00", "1.00", "10000.00"],
        }
    )
    people = pl.DataFrame(
        {
            "psn_no": ["A"],
            "psn_idet_type": ["低保对象"],
            "begndate": ["2023-01-01"],
            "enddate": [""],
        }
    )
    why = jiugao.explained(str(POLICY), claims, "2", people=people)
    paid = {benefit.name: benefit.paid for benefit in why.benefits}
    assert paid["医疗救助"] == 200_000
