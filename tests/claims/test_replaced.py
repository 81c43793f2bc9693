"""A policy replaced inside a year: what the old one accumulated goes on under the new one."""

from __future__ import annotations

import datetime as dt
import json
from fractions import Fraction
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from jiugao.claims.carrying import fitted, new_name
from jiugao.claims.findings import DataError
from jiugao.cli.group import jiugao
from jiugao.compile import compile_policy
from jiugao.explain import as_json, as_text
from jiugao.program.body import Carried, CarriedTotal, Place
from jiugao.reconcile.run import reconcile
from jiugao.results.accounts import accounts
from jiugao.results.manifest import read_manifest
from jiugao.results.options import Files, Options
from jiugao.results.policy import load_policy
from jiugao.results.run import run
from jiugao.results.totals import write_totals
from jiugao.results.verify import verify
from tests.claims.claim_files import row
from tests.oracle import Held, Opening, evaluate

if TYPE_CHECKING:
    from pathlib import Path

    from jiugao.results.run import Outcome
    from tests.claims.claim_files import Year

JUNE = dt.date(2023, 6, 30)
RULES = """\
方案 {name} ({code}) {{
  依据 "{name}" 条款 T-1
  施行 {days}
  年度 自然年度 按 结算时间{carries}
  身份 类别 就高不重复 {{ 一类: 特困人员；二类: 低保边缘家庭成员 }}
  费用 政策范围内 = 符合政策范围金额
  限额 {limit} 20000元 每人每年
  待遇 {benefit} ({called}) {{
    依据 "一" 条款 T-2
    基数 政策范围内
    按 类别 {{
      一类: 年度起付线 1000元，比例 {rate}，限额 {limit}
      二类: 年度起付线 3000元，比例 50%，限额 {limit}
    }}
    支付方 医疗救助基金
    实付 医疗救助基金支出
  }}
}}
"""


WORDS = {"benefit": "救助", "called": "assistance", "limit": "合计限额", "carries": ""}
OLD = {**WORDS, "name": "旧办法", "code": "old", "days": "2023-01-01 至 2023-06-30"}
NEW = {**WORDS, "name": "新办法", "code": "new", "days": "2023-07-01 起"}
CARRIES = "\n  承接 旧办法 (old) {{ {} }}"
SAME = CARRIES.format("救助 = assistance；合计限额 = 合计限额")


def written(folder: Path, words: dict[str, str], rate: str) -> Path:
    path = folder / f"{words['code']}.rules"
    path.write_text(RULES.format(**words, rate=rate), "utf-8")
    return path


@pytest.fixture
def policies(tmp_path: Path) -> tuple[Path, Path]:
    """60 % up to June, 80 % from July; deductible and limit are of the year."""
    old = written(tmp_path, OLD, "60%")
    return old, written(tmp_path, {**NEW, "carries": SAME}, "80%")


def stay(number: int, day: str, yuan: str, paid: str) -> dict[str, str]:
    return row(
        setl_id=f"S{number}", setl_time=f"{day} 08:00:00", medfee_sumamt=yuan,
        inscp_scp_amt=yuan, hifp_pay="0.00", maf_pay=paid,
    )  # fmt: skip


# Old: 10,800 − 1,000 at 60 % = 5,880. New: 15,000 at 80 % = 12,000, then 20,000 − 17,880.
FIRST = [stay(1, "2023-03-01", "800.00", "0.00"), stay(2, "2023-06-30", "10000.00", "5880.00")]  # fmt: skip
SECOND = [stay(3, "2023-07-01", "15000.00", "12000.00"), stay(4, "2023-12-01", "9000.00", "2120.00")]  # fmt: skip


def test_deductible_and_limit_go_on(year: Year, policies: tuple[Path, Path]) -> None:
    old, new = policies
    people = year.write("people.csv", year.people)
    first = year.write("first.csv", FIRST)
    second = year.write("second.csv", SECOND)
    table = year.folder / "totals.csv"
    before = Files((str(first),), (str(people),))
    written = write_totals(old, before, JUNE, table, Options())
    assert written.persons == 1
    assert "合计限额.used,5880.00" in table.read_text("utf-8")
    after = Files((str(second),), (str(people),), opening=(str(table),))
    done = run(new, after, year.folder / "out", Options())
    paid = pq.read_table(done.folder / "settlements.parquet")["assistance"].to_pylist()
    assert [str(fen) for fen in paid] == ["12000.00", "2120.00"]
    (record,) = pq.read_table(done.folder / "years.parquet").to_pylist()
    assert (str(record["合计限额.used"]), str(record["合计限额.left"])) == (
        "20000.00",
        "0.00",
    )
    assert verify(done.folder) == []
    for policy, files, folder in ((old, before, "r1"), (new, after, "r2")):
        held = reconcile(policy, files, year.folder / folder, Options())
        found = pq.read_table(held.outcome.folder / "adjustments.parquet")
        assert found.num_rows == 0
    scratch = year.folder / "scratch"
    scratch.mkdir()
    told = accounts(load_policy(new, {}), after, Options(), scratch, settlement="S4")
    text = as_text(told.claims[0], "zh")
    assert "期初余额 合计限额已用" in text
    assert "5,880.00" in text


def test_the_second_evaluator_says_the_same(policies: tuple[Path, Path]) -> None:
    _, new = policies
    begun = Opening(
        "P1",
        2023,
        {
            "assistance.base": Fraction(10800_00),
            "assistance.paid": Fraction(5880_00),
            "合计限额.used": Fraction(5880_00),
        },
        JUNE,
    )
    claims = [
        {
            "psn_no": "P1", "setl_id": c["setl_id"], "init_setl_id": None,
            "setl_time": dt.datetime.fromisoformat(c["setl_time"]),
            "medfee_sumamt": int(float(c["medfee_sumamt"]) * 100),
            "inscp_scp_amt": int(float(c["inscp_scp_amt"]) * 100),
        }
        for c in SECOND
    ]  # fmt: skip
    found = evaluate(
        compile_policy(new).policy, claims, [Held("P1", "特困人员")], (), [begun]
    )
    assert [one.payments["assistance"] for one in found.rows] == [12000_00, 2120_00]


def test_from_nothing_the_new_one_takes_its_deductible_again(
    year: Year, policies: tuple[Path, Path]
) -> None:
    people = year.write("people.csv", year.people)
    second = year.write("second.csv", SECOND)
    files = Files((str(second),), (str(people),))
    done = run(policies[1], files, year.folder / "out", Options())
    paid = pq.read_table(done.folder / "settlements.parquet")["assistance"].to_pylist()
    assert [str(fen) for fen in paid] == ["11200.00", "7200.00"]


def halves(year: Year) -> tuple[Path, Path, Path]:
    """People, the claims up to June, those from July."""
    people = year.write("people.csv", year.people)
    return people, year.write("first.csv", FIRST), year.write("second.csv", SECOND)


def cut(year: Year, old: Path, new: Path) -> Outcome:
    """The first half under the old policy, its totals, the second under the new."""
    people, first, second = halves(year)
    before = Files((str(first),), (str(people),))
    run(old, before, year.folder / "before", Options())
    table = year.folder / "totals.csv"
    write_totals(old, before, JUNE, table, Options())
    after = Files((str(second),), (str(people),), opening=(str(table),))
    return run(new, after, year.folder / "out", Options())


def paid_by(folder: Path) -> dict[str, str]:
    """Settlement -> what its one benefit paid."""
    table = pq.read_table(folder / "settlements.parquet")
    (code,) = [n for n in table.column_names if n in ("assistance", "aid")]
    pairs = zip(table["setl_id"].to_pylist(), table[code].to_pylist(), strict=True)
    return {claim: str(amount) for claim, amount in pairs}


@pytest.mark.parametrize("renamed", [False, True])
def test_cut_in_june_under_two_policies_is_the_whole_year(
    year: Year, renamed: bool
) -> None:
    """Policies of the same figures, with the same names and with others."""
    people, first, second = halves(year)
    alone = written(
        year.folder, {**OLD, "code": "alone", "days": "2023-01-01 起"}, "60%"
    )
    both = Files((str(first), str(second)), (str(people),))
    whole = run(alone, both, year.folder / "whole", Options())
    words = {"benefit": "帮扶", "called": "aid", "limit": "封顶"} if renamed else {}
    old = written(year.folder, {**OLD, **words}, "60%")
    lines = (
        "救助 = aid；合计限额 = 封顶"
        if renamed
        else "救助 = assistance；合计限额 = 合计限额"
    )
    new = written(year.folder, {**NEW, "carries": CARRIES.format(lines)}, "60%")
    done = cut(year, old, new)
    assert verify(done.folder) == []
    parts = {**paid_by(year.folder / "before"), **paid_by(done.folder)}
    assert parts == paid_by(whole.folder)
    assert sorted(parts) == ["S1", "S2", "S3", "S4"]
    (one,) = pq.read_table(whole.folder / "years.parquet").to_pylist()
    (two,) = pq.read_table(done.folder / "years.parquet").to_pylist()
    assert two["合计限额.used"] == one["合计限额.used"] > 0


def test_without_its_word_another_policys_totals_are_refused(year: Year) -> None:
    old = written(year.folder, OLD, "60%")
    for carries in (
        "",
        CARRIES.format("救助 = assistance").replace("(old)", "(older)"),
    ):
        new = written(year.folder, {**NEW, "carries": carries}, "80%")
        with pytest.raises(DataError) as caught:
            cut(year, old, new)
        told = caught.value.diagnostic
        assert told.code == "D801"
        assert "totals.csv" in told.cause("zh")
        assert "old" in told.cause("en")
        assert "(old)" in told.way_out("zh")
        assert not (year.folder / "out" / "manifest.json").exists()


def test_its_own_totals_go_on_without_a_word(year: Year) -> None:
    """A table by this policy's own code, and one that names no policy."""
    new = written(year.folder, {**NEW, "days": "2023-01-01 起"}, "60%")
    done = cut(year, new, new)
    assert paid_by(done.folder) == {"S3": "9000.00", "S4": "5120.00"}
    table = year.folder / "totals.csv"
    lines = table.read_text("utf-8").splitlines()
    assert lines[0] == "psn_no,benefit_year,accumulator,amount,until,policy"
    assert all(line.endswith(",new") for line in lines[1:])
    bare = "\n".join(line.rpartition(",")[0] for line in lines) + "\n"
    table.write_text(bare, "utf-8")
    people, _, second = halves(year)
    files = Files((str(second),), (str(people),), opening=(str(table),))
    again = run(new, files, year.folder / "again", Options())
    assert paid_by(again.folder) == paid_by(done.folder)


def test_what_is_not_named_begins_at_nothing_and_is_told(year: Year) -> None:
    """The limit is new: the benefit goes on above its deductible, under an unused limit."""
    old = written(year.folder, OLD, "60%")
    carries = CARRIES.format("救助 = assistance")
    new = written(year.folder, {**NEW, "carries": carries}, "80%")
    assert {d.code for d in compile_policy(new).diagnostics} == {"W703", "W713"}
    done = cut(year, old, new)
    assert paid_by(done.folder) == {"S3": "12000.00", "S4": "7200.00"}
    begun = read_manifest(done.folder)["opening"]
    assert begun["not_carried"] == {"old": {"合计限额.used": 1}}
    assert begun["read"] == begun["used"] + begun["rejected"] + 1
    assert begun["paid"] == {"assistance": "5880.00"}
    assert verify(done.folder) == []
    args = ["run", str(new), "--claims", str(year.folder / "second.csv"), "--people"]
    args += [
        str(year.folder / "people.csv"),
        "--opening",
        str(year.folder / "totals.csv"),
    ]
    said = CliRunner().invoke(jiugao, [*args, "-o", str(year.folder / "cli")])
    assert "不承接" in said.output
    assert "合计限额.used" in said.output


def test_an_account_says_from_where_a_total_comes(year: Year) -> None:
    words = {"benefit": "帮扶", "called": "aid"}
    old = written(year.folder, {**OLD, **words}, "60%")
    lines = CARRIES.format("救助 = aid；合计限额 = 合计限额")
    new = written(year.folder, {**NEW, "carries": lines}, "80%")
    cut(year, old, new)
    people, _, second = halves(year)
    table = year.folder / "totals.csv"
    files = Files((str(second),), (str(people),), opening=(str(table),))
    scratch = year.folder / "scratch"
    scratch.mkdir()
    policy = load_policy(new, {})
    told = accounts(policy, files, Options(), scratch, settlement="S4").claims[0]
    assert "期初余额 救助已付" in as_text(told, "zh")
    assert "，承接旧办法 aid.paid" in as_text(told, "zh")
    assert ", carried from 旧办法 aid.paid" in as_text(told, "en")
    found = {b["accumulator"]: b["carried"] for b in json.loads(as_json(told))["account"]["opening"]}  # fmt: skip
    assert found["assistance.paid"] == "旧办法 aid.paid"


def test_carried_twice_in_a_year(year: Year) -> None:
    """A third policy goes on from what the second has, which it had from the first."""
    old = written(year.folder, OLD, "60%")
    new = written(year.folder, {**NEW, "carries": SAME}, "60%")
    people, first, second = halves(year)
    one, two = year.folder / "one.csv", year.folder / "two.csv"
    write_totals(old, Files((str(first),), (str(people),)), JUNE, one, Options())
    middle = Files((str(second),), (str(people),), opening=(str(one),))
    write_totals(new, middle, dt.date(2023, 7, 31), two, Options())
    carries = CARRIES.format("救助 = assistance；合计限额 = 合计限额").replace("旧办法 (old)", "新办法 (new)")  # fmt: skip
    last = {**NEW, "code": "last", "name": "末办法", "days": "2023-08-01 起", "carries": carries}  # fmt: skip
    third = written(year.folder, last, "60%")
    december = year.write("third.csv", SECOND[1:])
    files = Files((str(december),), (str(people),), opening=(str(two),))
    done = run(third, files, year.folder / "out", Options())
    assert paid_by(done.folder) == {"S4": "5120.00"}


LINES = Carried(
    "old",
    "旧办法",
    (
        CarriedTotal("benefit", "assistance", "aid"),
        CarriedTotal("limit", "合计限额", "封顶"),
        CarriedTotal("expense", "政策范围内", "合规"),
        CarriedTotal("indicator", "warned", "seen"),
    ),
    Place(None, "", ()),
)
KNOWN = {"year.left.政策范围内": (2, "total"), "year.uncovered": (2, "total")}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("aid.base", "assistance.base"),
        ("aid.目录内.paid", "assistance.目录内.paid"),
        ("aid.alone.accrued", "assistance.alone.accrued"),
        ("aid.share1.left", "assistance.share1.left"),
        ("封顶.used", "合计限额.used"),
        ("seen.sum", "warned.sum"),
        ("year.left.合规", "year.left.政策范围内"),
        ("year.uncovered", "year.uncovered"),
        ("year.left.政策范围内", None),  # another expense of the same name
        ("year.left.目录外", None),
        ("assistance.base", None),
        ("aid2.base", None),
        ("合计限额.used", None),
        ("seen.base", None),
    ],
)
def test_names(old: str, new: str | None) -> None:
    assert new_name(LINES, old, KNOWN) == new


@pytest.mark.parametrize(
    ("amount", "decimals", "kind", "fits"),
    [
        ("1.23455", 4, "accrued", "1.2346"),
        ("1.23454999", 4, "accrued", "1.2345"),
        ("-1.23455", 4, "accrued", "-1.2346"),
        ("1.234500", 4, "accrued", "1.234500"),
        ("10/3", 4, "accrued", "3.3333"),
        ("10/3", 0, "", "10/3"),  # a fraction is held here
        ("1.234", 2, "paid", "1.234"),  # no money has three decimals: told
        ("12", 4, "base", "12"),
        ("x.99999", 4, "base", "x.99999"),
        ("1/0", 4, "base", "1/0"),
    ],
)
def test_no_more_decimals_than_the_new_policy_counts(
    amount: str, decimals: int, kind: str, fits: str
) -> None:
    assert fitted(amount, decimals, kind) == fits
