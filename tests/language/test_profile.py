"""The standard columns: what policies may name, in step with what readers read."""

from __future__ import annotations

import tomllib
from pathlib import Path

from jiugao import claims
from jiugao.diagnostics import Diagnostics
from jiugao.policy import model
from jiugao.policy.gather import Gathered
from jiugao.policy.inputs import Columns, read_columns
from jiugao.profile import standard
from jiugao.source import Source, Span
from jiugao.syntax import tree

READ = tomllib.loads(Path(claims.__file__).with_name("columns.toml").read_text("utf-8"))
KINDS = {
    model.Kind.MONEY: {"money"}, model.Kind.FLAG: {"flag"},
    model.Kind.DATE: {"day", "time"}, model.Kind.CODE: {"text", "code"},
    model.Kind.TEXT: {"text"},
}  # fmt: skip


def columns() -> Columns:
    nowhere = Span(Source("-", ""), 0, 0)
    main = tree.Policy(nowhere, tree.Name(nowhere, "-"), "-", None, ())
    found = Diagnostics()
    read = read_columns(Gathered(main, None, (), (standard(),), ()), found)
    assert not list(found)
    return read


def test_columns_agree_with_the_readers() -> None:
    read = columns()
    known = {**read.claims, **{f"enrolment {k}": v for k, v in read.enrolment.items()}}
    for one in {id(i): i for i in known.values()}.values():
        rows = {row["name"]: row for row in READ[one.table]["columns"]}
        if one.column in ("in_county", "in_city"):  # worked out from region codes
            continue
        row = rows[one.column]
        assert row["kind"] in KINDS[one.kind], one.column
        assert tuple(row.get("spellings", ())) == one.alternatives, one.column
        assert bool(row.get("required")) <= one.required, one.column


def test_funds_are_those_of_the_readers() -> None:
    funds = {row["name"] for row in READ["claims"]["columns"] if row.get("fund")}
    assert {i.column for i in columns().funds} == funds


def test_every_amount_that_may_be_absent_counts_as_nought() -> None:
    needed = {"medfee_sumamt", "inscp_scp_amt"}
    money = {
        i.column: i.default
        for i in columns().claims.values()
        if i.kind is model.Kind.MONEY
    }
    assert {c for c, default in money.items() if default is None} == needed
    assert {default for c, default in money.items() if c not in needed} == {0}


def test_inpatient_codes() -> None:
    read = columns()
    kind = read.claims["med_type"]
    labels = {m.text for m in read.lists["住院类"].members}
    codes = {code for code, label in kind.codes.items() if label in labels}
    assert codes == {"21", "22", "23", "24", "28", "52", "5302"}


def test_levels_run_from_low_to_high() -> None:
    read = columns()
    assert list(read.claims["medins_admin_level"].codes) == [
        "township", "county", "city", "province",
    ]  # fmt: skip
    assert list(read.claims["hosp_lv"].codes) == [f"{n:02}" for n in range(11, 0, -1)]
