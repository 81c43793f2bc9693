"""Errors planted in a sample are found, all of them, with their causes, and nothing else."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from jiugao.reconcile.run import Reconciled, reconcile
from jiugao.results.options import Files, Options
from jiugao.results.verify import verify
from jiugao.sample.generate import Wanted, sample

POLICY = Path(__file__).parents[2] / "rules" / "liaocheng_2022"
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Case:
    """A sample and its reconciliation."""

    year: Path
    out: Path
    done: Reconciled

    def planted(self) -> dict[Key, dict[str, str]]:
        with (self.year / "planted_errors.csv").open(
            encoding="utf-8", newline=""
        ) as stream:
            return {
                (r["setl_id"], r["psn_no"], r["benefit_year"], r["benefit"]): r
                for r in csv.DictReader(stream)
            }

    def found(self) -> dict[Key, dict[str, object]]:
        table = pq.read_table(self.out / "adjustments.parquet")
        return {
            (r["setl_id"], r["psn_no"], str(r["benefit_year"]), r["benefit"]): r
            for r in table.to_pylist()
        }


def files(year: Path, ending: str = "csv", **more: tuple[str, ...]) -> Files:
    names = ("claims", "people", "institutions", "applications")
    return Files(*((str(year / f"{n}.{ending}"),) for n in names), **more)


def made(folder: Path, wanted: Wanted, options: Options | None = None) -> Case:
    year, out = folder / "year", folder / "out"
    sample(POLICY, wanted, year)
    done = reconcile(POLICY, files(year, wanted.file_format), out, options or Options())
    return Case(year, out, done)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return made(tmp_path_factory.mktemp("planted"), Wanted(20_000, 11, 0.25))


def test_every_planted_error_is_found_and_nothing_else(case: Case) -> None:
    planted, found = case.planted(), case.found()
    assert len(planted) > 500
    assert set(found) == set(planted)
    for key, row in planted.items():
        assert (row["due"], row["paid"]) == (
            str(found[key]["due"]),
            str(found[key]["paid"]),
        )


def test_the_causes_are_right(case: Case) -> None:
    planted, found = case.planted(), case.found()
    wrong = [k for k, row in planted.items() if found[k]["cause"] != row["cause"]]
    assert len(wrong) <= len(planted) // 100, [
        (planted[k], found[k]["cause"]) for k in wrong
    ]
    roots = [
        k
        for k, row in planted.items()
        if found[k]["root_setl_id"] != row["root_setl_id"]
    ]
    assert len(roots) <= len(planted) // 100


def test_every_kind_is_planted(case: Case) -> None:
    causes = {r["cause"] for r in case.planted().values()}
    assert causes == {
        "identity", "late_claim", "reversal", "duplicate", "double_payment", "limit", "cross_year",
        "missing_payment", "consequence", "year_end", "lookback", "split_person",
    }  # fmt: skip


def test_control_totals_balance(case: Case) -> None:
    assert case.done.summary.holds
    assert verify(case.out) == []
    for balance in case.done.summary.balances:
        assert balance.due - balance.paid == balance.adjustments
    tally = case.done.outcome.tally
    assert tally.rows_balance
    assert tally.money_balances


def test_splits_add_up(case: Case) -> None:
    summary = case.done.summary
    total = sum(a.difference for a in summary.adjustments)
    for split in (
        "payer",
        "benefit",
        "standing",
        "institution",
        "area",
        "year",
        "cause",
    ):
        lines = getattr(summary, f"by_{split}")
        assert sum(line.adjusted for line in lines) == total, split
        assert all(line.owed + line.owing == line.adjusted for line in lines)


def test_settled_corrections_are_never_paid_twice(case: Case, tmp_path: Path) -> None:
    earlier = str(case.out / "adjustments.parquet")
    again = reconcile(
        POLICY, files(case.year, adjusted=(earlier,)), tmp_path / "out", Options()
    )
    assert pq.read_table(tmp_path / "out" / "adjustments.parquet").num_rows == 0
    assert again.summary.holds
    before = sum(b.before for b in again.summary.balances)
    assert before == sum(a.difference for a in case.done.summary.adjustments)


def test_a_year_without_errors_has_only_open_amounts(tmp_path: Path) -> None:
    case = made(tmp_path, Wanted(3_000, 5, 0.0))
    assert {r["cause"] for r in case.found().values()} <= {"year_end", "lookback"}
    assert set(case.found()) == set(case.planted())


def test_parquet_and_order_give_the_same(tmp_path: Path) -> None:
    one = made(tmp_path / "csv", Wanted(3_000, 6, 0.4))
    two = made(tmp_path / "parquet", Wanted(3_000, 6, 0.4, file_format="parquet"))
    assert one.found() == two.found()
    assert one.found()


def test_equal_seeds_equal_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        sample(POLICY, Wanted(500, 9, 0.2), tmp_path / name)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
    sample(POLICY, Wanted(500, 10, 0.2), tmp_path / "c")
    assert (tmp_path / "c" / "claims.csv").read_bytes() != (
        tmp_path / "a" / "claims.csv"
    ).read_bytes()


def test_control_equations_of_the_sample(case: Case) -> None:
    """domain 2.2: the sums of every row."""
    with (case.year / "claims.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            fen = {
                k: round(float(v) * 100)
                for k, v in row.items()
                if k.endswith(("pay", "amt", "sumamt"))
            }
            funds = sum(
                fen[c]
                for c in (
                    "hifp_pay",
                    "cvlserv_pay",
                    "hifes_pay",
                    "hifmi_pay",
                    "hifob_pay",
                    "hifdm_pay",
                    "maf_pay",
                    "oth_pay",
                    "reassistance_pay",
                )
            )
            assert fen["fund_pay_sumamt"] == funds
            assert (
                fen["psn_part_amt"]
                == fen["medfee_sumamt"] - funds - fen["hosp_part_amt"]
            )
            assert fen["psn_cash_pay"] == fen["psn_part_amt"] - fen["acct_pay"]
            parts = (
                fen["fulamt_ownpay_amt"]
                + fen["preselfpay_amt"]
                + round(float(row["overlmt_selfpay"]) * 100)
            )
            assert fen["inscp_scp_amt"] == fen["medfee_sumamt"] - parts


def test_reassistance_inside_the_assistance_column(tmp_path: Path) -> None:
    """Without reassistance_pay, maf_pay is held against assistance and re-assistance."""
    year = tmp_path / "year"
    sample(POLICY, Wanted(3_000, 6, 0.4), year)
    table = pa.csv.read_csv(
        year / "claims.csv",
        convert_options=pa.csv.ConvertOptions(
            column_types={c: pa.string() for c in MERGED}
        ),
    )
    rows = table.to_pylist()
    for row in rows:
        both = round(float(row["maf_pay"]) * 100) + round(
            float(row["reassistance_pay"]) * 100
        )
        row["maf_pay"] = (
            f"{'-' if both < 0 else ''}{abs(both) // 100}.{abs(both) % 100:02d}"
        )
        del row["reassistance_pay"]
    with (year / "claims.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    done = reconcile(POLICY, files(year), tmp_path / "out", Options())
    assert [b.benefit for b in done.summary.balances] == ["assistance+reassistance"]
    assert done.summary.holds
    planted = Case(year, tmp_path / "out", done).planted()
    found = Case(year, tmp_path / "out", done).found()
    assert {(s, p) for s, p, _, _ in found} <= {(s, p) for s, p, _, _ in planted}
    kept = {(s, p) for s, p, _, _ in found}
    lost = {(s, p) for s, p, _, _ in planted} - kept
    for settlement, person in lost:
        parts = [
            r for (s, p, _, _), r in planted.items() if (s, p) == (settlement, person)
        ]
        assert (
            sum(round((float(r["due"]) - float(r["paid"])) * 100) for r in parts) == 0
        )


MERGED = [
    "psn_no", "setl_id", "setl_time", "med_type", "refd_setl_flag", "vali_flag", "insutype", "begndate", "enddate",
    "year", "hosp_lv", "out_flag", "pay_loc", "setl_type", "manl_reim_rea", "insu_admdvs", "fix_blng_admdvs",
    "updt_time", "medfee_sumamt", "inscp_scp_amt", "fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt",
    "act_pay_dedc", "hifp_pay", "cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay", "hifdm_pay", "maf_pay",
    "oth_pay", "hosp_part_amt", "fund_pay_sumamt", "psn_part_amt", "acct_pay", "psn_cash_pay", "reassistance_pay",
    "certno", "mdtrt_id", "init_setl_id", "fixmedins_code",
]  # fmt: skip
