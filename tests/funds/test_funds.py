"""`jiugao funds` on small files: statements, indicators, subsidies, what is refused."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from jiugao.cli.group import jiugao
from jiugao.cli.options import file_settings
from jiugao.funds.run import benefits_of
from jiugao.results.policy import load_policy

RULES = Path(__file__).parents[2] / "rules"
GOOD = Path(__file__).parents[1] / "language/funds/good"
CLAIMS = """\
psn_no,setl_id,setl_time,med_type,medfee_sumamt,inscp_scp_amt,hifp_pay,fulamt_ownpay_amt,fixmedins_code,insu_admdvs,init_setl_id,in_county
p1,s1,2018-03-01 10:00:00,21,1000.00,900.00,500.00,100.00,H1,410322,,1
p1,s2,2018-04-01 10:00:00,11,500.00,500.00,100.00,0.00,H2,410322,,1
p2,s3,2018-03-05 10:00:00,21,3000.00,2500.00,1000.00,500.00,H1,410323,,1
p2,s4,2018-05-05 10:00:00,21,-3000.00,-2500.00,-1000.00,-500.00,H1,410323,s3,1
p3,s5,2018-06-05 10:00:00,21,2000.00,1500.00,1000.00,100.00,H2,410323,,1
p1,t1,2019-03-01 10:00:00,21,2000.00,1800.00,600.00,100.00,H1,410322,,1
p3,t2,2019-03-01 10:00:00,21,2000.00,1800.00,900.00,300.00,H1,410323,,1
"""
PEOPLE = """\
psn_no,psn_idet_type,begndate,enddate
p1,建档立卡贫困人口,2017-01-01,
p2,建档立卡贫困人口,2017-01-01,
p3,建档立卡贫困人口,2017-01-01,
p1,留存贫困人口,2017-01-01,
p3,留存贫困人口,2017-01-01,
"""
INSTITUTIONS = """\
fixmedins_code,medins_admin_level,designated,in_area
H1,county,1,1
H2,township,1,0
"""
# On the day of the list 2018-07-11 are p1 and p2; p3 and p4 are notified later.
ENROLMENT = """\
psn_no,insutype,insu_admdvs,begndate,enddate,notice_date,psn_contribution,subsidy_paid
p1,390,410322,2018-01-01,2019-12-31,2018-01-01,200.00,100.00
p2,390,410323,2018-01-01,2018-12-31,,200.00,0.00
p3,390,410323,2018-01-01,2019-12-31,2018-10-01,200.00,90.00
p4,390,410323,2018-07-12,2018-12-31,2018-09-01,200.00,0.00
"""
BAD_ROWS = """\
p5,390,410323,2018-07-12,2018-01-31,2018-09-01,200.00,0.00
p6,390,410323,2018-07-x,2018-12-31,2018-09-01,200.00,0.00
"""


def call(*arguments: str | Path, code: int = 0) -> Result:
    result = CliRunner().invoke(jiugao, [str(a) for a in arguments])
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def year(tmp_path: Path) -> Path:
    names = {
        "claims": CLAIMS, "people": PEOPLE, "institutions": INSTITUTIONS,
        "enrolment": ENROLMENT,
    }  # fmt: skip
    for name, text in names.items():
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    return tmp_path


def settled(year: Path, policy: str) -> Path:
    out = year / f"result_{policy}"
    call(
        "run", GOOD / f"{policy}.rules", "--claims", year / "claims.csv", "--people",
        year / "people.csv", "--institutions", year / "institutions.csv", "-o", out,
    )  # fmt: skip
    return out


def funded(year: Path, policy: str, *more: str | Path, code: int = 0) -> Path:
    results, out = settled(year, policy), year / "funds"
    call(
        "funds", GOOD / f"{policy}.rules", "--results", results, "--enrolment",
        year / "enrolment.csv", "--people", year / "people.csv", "-o", out, *more,
        code=code,
    )  # fmt: skip
    return out


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def stated(folder: Path) -> dict[tuple[str, str, str, str], str]:
    """Year, area, item and bearer -> amount, or the exact number."""
    return {
        (r["year"], r["area"], r["item"], r["bearer"]): r["amount"] or r["exact"]
        for r in rows(folder, "statement")
    }


def test_a_statement_by_year_and_county(year: Path) -> None:
    found = stated(funded(year, "corridor"))
    # 410322: one head; claims (900 + 500) × 60 % = 840 of which the bill leaves 500 + 300
    assert found["2018", "410322", "参保人数", ""] == "1"
    assert found["2018", "410322", "赔付", ""] == "800.00"
    assert found["2018", "410322", "保费", ""] == "110.00"
    assert found["2018", "410322", "超支", ""] == "690.00"
    # 10 % of 110 is 11, and half of the other 679
    assert found["2018", "410322", "超支", "承保机构"] == "350.50"
    assert found["2018", "410322", "超支", "县政府"] == "339.50"
    # p2 is on the list, p3 and p4 come later and count in full; p2's claim was undone
    assert found["2018", "410323", "参保人数", ""] == "3"
    assert found["2018", "410323", "赔付", ""] == "900.00"
    assert found["2019", "410323", "参保人数", ""] == "1"


def test_what_was_paid_before_the_results_begin_is_said(year: Path) -> None:
    policy, whole = GOOD / "corridor.rules", settled(year, "corridor")
    tables = (
        "--claims", year / "claims.csv", "--people", year / "people.csv",
        "--institutions", year / "institutions.csv",
    )  # fmt: skip
    table, later = year / "opening.csv", year / "later"
    call("totals", policy, *tables, "--until", "2018-05-31", "-o", table)
    call("run", policy, *tables, "--opening", table, "-o", later, code=4)
    before = json.loads((later / "manifest.json").read_text("utf-8"))["opening"]["paid"]
    assert any(amount != "0.00" for amount in before.values())
    for results, opened in ((whole, {}), (later, before)):
        out = year / f"funds_{results.name}"
        told = call(
            "funds", policy, "--results", results, "--enrolment",
            year / "enrolment.csv", "--people", year / "people.csv", "-o", out,
        )  # fmt: skip
        manifest = json.loads((out / "manifest.json").read_text("utf-8"))
        paid = {code: amount for code, amount in opened.items() if amount != "0.00"}
        assert manifest.get("opening_paid", {}) == paid
        assert ("D807" in told.output) is bool(paid)
        if paid:
            whole_sum = f"{sum(map(Decimal, paid.values())):,}"
            assert whole_sum in told.output.replace("\n", "")


def test_the_folder_verifies_and_a_changed_fen_is_found(year: Path) -> None:
    out = funded(year, "corridor")
    call("verify", out)
    table = pq.read_table(out / "statement.parquet")
    assert table.schema.field("amount").type.scale == 2
    text = (out / "statement.csv").read_text("utf-8").replace("339.50", "339.51", 1)
    (out / "statement.csv").write_text(text, "utf-8")
    call("verify", out, code=3)


def test_all_tables_in_one_file(year: Path) -> None:
    out = funded(year, "indicators", "--duckdb")
    call("verify", out)
    with duckdb.connect(out / "results.duckdb", read_only=True) as connection:
        for path in out.glob("*.parquet"):
            told = connection.execute(f"FROM {path.stem}").fetchall()
            assert told == connection.execute(f"FROM '{path}'").fetchall()
    with duckdb.connect(out / "results.duckdb") as connection:
        connection.execute("UPDATE indicators SET value = value + 0.0001")
    call("verify", out, code=3)


def test_indicators_are_exact_and_held_against_their_targets(year: Path) -> None:
    found = {
        (r["indicator"], r["institution"], r["area"], r["period"]): (
            r["exact"], r["value"], r["state"]
        )
        for r in rows(funded(year, "indicators"), "indicators")
    }  # fmt: skip
    # The undone claim of March is taken back in March.
    assert found["outside", "H1", "", "2018-03"] == ("1/10", "0.1000", "met")
    assert found["outside", "H2", "", "2018-06"] == ("1/20", "0.0500", "met")
    assert ("outside", "H1", "", "2018-05") not in found
    assert found["outside_by_level", "H2", "", "2018"] == ("1/25", "0.0400", "met")
    assert found["outside_open", "", "", "2018"][2] == "pending"
    assert found["growth", "", "", "2018"] == ("", "", "no_value")
    assert found["growth", "", "", "2019"] == ("46/251", "0.1833", "missed")
    assert found["mean", "H2", "", "2018"] == ("125000", "1250.0000", "pending")
    assert found["subsidised", "", "410322", "2018"] == ("1", "1.0000", "met")
    assert found["subsidised", "", "410323", "2018"][2] == "missed"


def test_subsidies_due_against_paid(year: Path) -> None:
    found = rows(funded(year, "indicators"), "subsidies")
    told = [(r["psn_no"], r["due"], r["paid"], r["difference"]) for r in found]
    assert told == [
        ("p1", "100.00", "100.00", "0.00"),
        ("p3", "100.00", "90.00", "10.00"),
    ]


def test_rejected_rows_are_accounted_for(year: Path) -> None:
    (year / "enrolment.csv").write_text(ENROLMENT + BAD_ROWS, "utf-8")
    out = funded(year, "corridor", code=4)
    assert [r["code"] for r in rows(out, "rejects")] == ["D962", "D954"]
    call("verify", out)


def test_results_of_another_program_are_refused(year: Path) -> None:
    results = settled(year, "indicators")
    told = call(
        "funds", GOOD / "corridor.rules", "--results", results, "--enrolment",
        year / "enrolment.csv", "-o", year / "out", code=3,
    )  # fmt: skip
    assert "D987" in told.output
    assert not (year / "out" / "manifest.json").exists()


def test_a_figure_that_indicators_alone_read_may_be_given_later(year: Path) -> None:
    results = settled(year, "indicators")
    given = (
        "funds", GOOD / "indicators.rules", "--results", results, "--enrolment",
        year / "enrolment.csv", "--people", year / "people.csv",
    )  # fmt: skip
    call(*given, "--set", "占比目标=1%", "-o", year / "out")
    open_before = {
        r["state"]
        for r in rows(funded(year, "indicators"), "indicators")
        if r["indicator"] == "outside_open"
    }
    now = {
        r["state"]
        for r in rows(year / "out", "indicators")
        if r["indicator"] == "outside_open"
    }
    assert open_before == {"pending"}
    assert now == {"missed"}


def test_rules_that_pay_otherwise_are_refused_though_the_policy_is_the_same(
    year: Path,
) -> None:
    results = settled(year, "indicators")
    text = (GOOD / "indicators.rules").read_text("utf-8")
    (year / "indicators.rules").write_text(
        text.replace("比例 70%", "比例 71%"), "utf-8"
    )
    told = call(
        "funds", year / "indicators.rules", "--results", results, "--enrolment",
        year / "enrolment.csv", "-o", year / "out", code=3,
    )  # fmt: skip
    assert "D987" in told.output


def test_files_in_local_words_are_read_through_a_mapping(year: Path) -> None:
    plain = rows(funded(year, "corridor"), "statement")
    local = ENROLMENT.replace("psn_no", "个人编号", 1).replace(
        ",insutype", ",险种代码", 1
    )
    (year / "enrolment.csv").write_text(local.replace(",390,", ",居民,"), "utf-8")
    (year / "local.toml").write_text(
        '[enrolment.columns]\n"个人编号" = "psn_no"\n"险种代码" = "insutype"\n'
        '[enrolment.codes.insutype]\n"居民" = "390"\n[claims.columns]\n"流水" = "setl_id"\n',
        "utf-8",
    )
    given = (
        "funds", GOOD / "corridor.rules", "--results", year / "result_corridor",
        "--enrolment", year / "enrolment.csv", "--people", year / "people.csv",
        "--mapping", year / "local.toml",
    )  # fmt: skip
    call(*given, "-o", year / "mapped")
    assert rows(year / "mapped", "statement") == plain
    manifest = json.loads((year / "mapped" / "manifest.json").read_text("utf-8"))
    assert manifest["options"]["mapping"]


@pytest.mark.parametrize(
    ("language", "name"), [("en", "inpatient"), ("zh", "住院再保险")]
)
def test_benefits_are_called_as_on_other_screens(
    year: Path, language: str, name: str
) -> None:
    results = settled(year, "corridor")
    told = call(
        "--lang", language, "funds", GOOD / "corridor.rules", "--results", results,
        "--enrolment", year / "enrolment.csv", "-o", year / "funds",
    )  # fmt: skip
    assert name in told.output


def test_a_fund_shows_what_its_own_benefits_paid() -> None:
    """What institutions bear of Xianning's cost is none of the city's account."""
    folder = RULES / "xianning_2017"
    settings = file_settings(folder / "parameters.sample.toml", "en")
    funds = load_policy(folder, settings).body.funds
    named = {fund.code: benefits_of(fund) for fund in funds}
    assert named["city_fund"] == {"补充保险"}
    assert named["county_contributions"] == frozenset()


def test_claims_that_the_results_were_not_made_from_are_refused(year: Path) -> None:
    results = settled(year, "corridor")
    other = year / "other.csv"
    other.write_text(CLAIMS.replace("1000.00", "1001.00"), "utf-8")
    told = call(
        "funds", GOOD / "corridor.rules", "--results", results, "--claims", other,
        "--enrolment", year / "enrolment.csv", "-o", year / "out", code=3,
    )  # fmt: skip
    assert "D989" in told.output


CARRIED = """\
psn_no,setl_id,setl_time,med_type,medfee_sumamt,inscp_scp_amt,hifp_pay,insu_admdvs
p1,a1,2017-06-01 10:00:00,21,20000.00,18000.00,0.00,410322
"""
NEXT = """\
psn_no,setl_id,setl_time,med_type,medfee_sumamt,inscp_scp_amt,hifp_pay,insu_admdvs
p3,b1,2018-06-01 10:00:00,21,5000.00,4000.00,0.00,410323
"""
LISTED = """\
psn_no,insutype,insu_admdvs,begndate,enddate,notice_date,psn_contribution,subsidy_paid
p1,390,410322,2017-01-01,2018-12-31,2017-01-01,200.00,0.00
p3,390,410323,2017-01-01,2018-12-31,2017-10-05,200.00,0.00
"""


def test_a_loss_is_carried_into_the_next_year(year: Path) -> None:
    (year / "enrolment.csv").write_text(LISTED, "utf-8")
    policy = GOOD / "fee_loss_bond.rules"
    for name, text in (("one", CARRIED), ("two", NEXT)):
        (year / f"{name}.csv").write_text(text, "utf-8")
        call(
            "run", policy, "--claims", year / f"{name}.csv", "--people",
            year / "people.csv", "-o", year / f"result_{name}",
        )  # fmt: skip

    def fund(
        out: str, results: tuple[str, ...], *more: str | Path, code: int = 0
    ) -> Result:
        given = [a for name in results for a in ("--results", year / f"result_{name}")]
        return call(
            "funds", policy, *given, "--enrolment", year / "enrolment.csv", "-o",
            year / out, *more, code=code,
        )  # fmt: skip

    fund("first", ("one",))
    first = stated(year / "first")
    # (18,000 − 3,000) × 90 % = 13,500; heads 1 + 3/12; premium 125; fee 6.25
    assert first["2017", "4103", "参保人数", ""] == "5/4"
    assert first["2017", "4103", "保费", ""] == "125.00"
    assert first["2017", "4103", "政策性亏损", ""] == "13381.25"
    assert first["2017", "4103", "政策性亏损", "下年度保费"] == "12043.12"
    assert "D985" in fund("alone", ("two",), code=3).output
    fund("second", ("two",), "--last-year", year / "first")
    fund("together", ("one", "two"))
    second, together = stated(year / "second"), stated(year / "together")
    assert second["2018", "4103", "应付保费", ""] == "12243.12"
    assert {k: v for k, v in together.items() if k[0] == "2018"} == second
    for out in ("first", "second", "together"):
        call("verify", year / out)


def test_an_open_figure_is_asked_for_with_its_clause(year: Path) -> None:
    text = (GOOD / "fee_loss_bond.rules").read_text("utf-8")
    text = text.replace(
        "人均标准 (standard) = 100元", "人均标准 (standard) = 待定 (金额)"
    )
    policy = year / "open.rules"
    policy.write_text(text, "utf-8")
    (year / "one.csv").write_text(CARRIED, "utf-8")
    call(
        "run", policy, "--claims", year / "one.csv", "--people", year / "people.csv",
        "-o", year / "result",
    )  # fmt: skip
    told = call(
        "funds", policy, "--results", year / "result", "--enrolment",
        year / "enrolment.csv", "-o", year / "out", code=1,
    )  # fmt: skip
    assert "E607" in told.output
    assert "XN-3.1" in told.output


# Numbers that one certificate joins: p1 and q1 on the list itself, p3 and q3 in the people
# table (15 digits there), p2 and q2 in the claims only. All six are on the list.
CERTIFIED = """\
psn_no,certno,insutype,insu_admdvs,begndate,enddate,notice_date,psn_contribution,subsidy_paid
p1,41032219500101001X,390,410322,2018-01-01,2019-12-31,2018-01-01,200.00,100.00
q1,41032219500101001X,390,410322,2018-01-01,2019-12-31,2018-01-01,200.00,0.00
p2,,390,410323,2018-01-01,2018-12-31,,200.00,0.00
q2,,390,410323,2018-01-01,2018-12-31,,200.00,0.00
p3,,390,410323,2018-01-01,2019-12-31,2018-10-01,200.00,90.00
q3,410323195202020026,390,410323,2018-01-01,2019-12-31,2018-01-01,200.00,0.00
"""


def with_certificates(year: Path) -> None:
    (year / "enrolment.csv").write_text(CERTIFIED, "utf-8")
    head, *lines = PEOPLE.splitlines()
    told = [f"{line}," + ("410323520202002" if "p3" in line else "") for line in lines]
    (year / "people.csv").write_text(
        "\n".join([f"{head},certno", *told]) + "\n", "utf-8"
    )
    head, *lines = CLAIMS.splitlines()
    told = [
        f"{line}," + ("410323195303030038" if line[:2] == "p2" else "")
        for line in lines
    ]
    told.append(
        "q2,u1,2018-09-01 10:00:00,21,10.00,0.00,0.00,0.00,H1,410323,,1,410323195303030038"
    )
    (year / "claims.csv").write_text(
        "\n".join([f"{head},certno", *told]) + "\n", "utf-8"
    )


def test_heads_are_persons_whatever_their_numbers(year: Path) -> None:
    with_certificates(year)
    out = funded(year, "corridor")
    found = stated(out)
    assert found["2018", "410322", "参保人数", ""] == "1"
    assert found["2018", "410322", "保费", ""] == "110.00"
    assert found["2018", "410323", "参保人数", ""] == "2"
    numbers = pq.read_table(out / "persons.parquet").to_pylist()
    assert {(n["psn_no"], n["own_no"]) for n in numbers} == {
        ("p1", "p1"), ("p1", "q1"), ("p2", "p2"), ("p2", "q2"), ("p3", "p3"), ("p3", "q3"),
    }  # fmt: skip
    call("verify", out)


def test_heads_are_numbers_where_the_results_tell_persons_so(year: Path) -> None:
    with_certificates(year)
    policy, results, out = GOOD / "corridor.rules", year / "by_number", year / "funds"
    call(
        "run", policy, "--claims", year / "claims.csv", "--people", year / "people.csv",
        "--institutions", year / "institutions.csv", "--persons", "psn_no", "-o", results,
    )  # fmt: skip
    call(
        "funds", policy, "--results", results, "--enrolment", year / "enrolment.csv",
        "--people", year / "people.csv", "-o", out,
    )  # fmt: skip
    found = stated(out)
    assert found["2018", "410322", "参保人数", ""] == "2"
    assert found["2018", "410323", "参保人数", ""] == "4"
    assert not (out / "persons.parquet").exists()


def test_funds_know_what_the_results_knew(year: Path) -> None:
    text = (GOOD / "corridor.rules").read_text("utf-8")
    lines = text.splitlines()
    dated = "  参数 另数 { 自 2018-01-01 至 2018-12-31: 1元；自 2019-01-01: 2元 公布 2020-06-01 }"
    lines.insert(next(n for n, line in enumerate(lines) if "年度" in line) + 1, dated)
    policy, results, out = year / "dated.rules", year / "known", year / "funds"
    policy.write_text("\n".join(lines) + "\n", "utf-8")
    call(
        "run", policy, "--claims", year / "claims.csv", "--people", year / "people.csv",
        "--institutions", year / "institutions.csv", "--known-on", "2020-01-01",
        "-o", results,
    )  # fmt: skip
    call(
        "funds", policy, "--results", results, "--enrolment", year / "enrolment.csv",
        "--people", year / "people.csv", "-o", out,
    )  # fmt: skip
    assert stated(out)["2018", "410322", "赔付", ""] == "800.00"
