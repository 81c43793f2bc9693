"""Files in an office's own words, read through a mapping."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from jiugao.claims.findings import DataError
from jiugao.claims.local import read_mapping
from jiugao.claims.persons import PersonsBy
from jiugao.cli.group import jiugao
from jiugao.results.manifest import read_manifest
from jiugao.results.options import Files, Options
from jiugao.results.person import only
from jiugao.results.run import run
from tests.claims.claim_files import POLICY, Year, row

MAPPING = """
[claims.columns]
"个人编号" = "psn_no"
"就诊类型" = "med_type"
"总费用" = "medfee_sumamt"
"业务流水号" = "setl_id"
[claims.codes.med_type]
"住院" = "21"
[people.columns]
"个人编号" = "psn_no"
[people.codes.psn_idet_type]
"五保" = "特困人员"
"""
LOCAL = {"psn_no": "个人编号", "med_type": "就诊类型", "medfee_sumamt": "总费用", "setl_id": "业务流水号"}  # fmt: skip


def spoken(contract: dict[str, str]) -> dict[str, str]:
    """A row in the office's words."""
    codes = {"21": "住院", "特困人员": "五保"}
    return {LOCAL.get(k, k): codes.get(v, v) for k, v in contract.items()}


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "mapping.toml"
    path.write_text(MAPPING, "utf-8")
    return path


def files_of(year: Year, mapping: Path, claims: Path) -> Files:
    people = year.write("people.csv", [spoken(p) for p in year.people])
    return Files((str(claims),), (str(people),), local=read_mapping(mapping))


def test_a_file_in_local_words_settles_as_one_in_the_contracts(
    year: Year, mapping: Path
) -> None:
    year.settle([row(), row(setl_id="S2", setl_time="2023-05-01 00:00:00")])
    told = year.settlements()
    second = row(setl_id="S2", setl_time="2023-05-01 00:00:00")
    claims = year.write("local.csv", [spoken(row()), spoken(second)])
    out = year.folder / "again"
    run(POLICY, files_of(year, mapping, claims), out, Options())
    assert pq.read_table(out / "settlements.parquet").equals(told)
    assert read_manifest(out)["options"]["mapping"] is not None
    assert read_manifest(year.folder / "out")["options"]["mapping"] is None


def test_parquet_in_order_in_local_words(year: Year, mapping: Path) -> None:
    claims = year.folder / "local.parquet"
    pq.write_table(pa.Table.from_pylist([spoken(row())]), claims)
    out = year.folder / "out"
    done = run(POLICY, files_of(year, mapping, claims), out, Options())
    assert done.tally.benefits["assistance"] == 420000


def test_an_input_that_this_reading_leaves_unread_is_known(
    year: Year, mapping: Path
) -> None:
    """Special drugs count only where the critical-illness layer is worked out."""
    unread = '"个人编号" = "psn_no"\n"特药费" = "special_drug_amt"\n"就诊类型"'
    mapping.write_text(
        MAPPING.replace('"个人编号" = "psn_no"\n"就诊类型"', unread), "utf-8"
    )
    claims = year.write("local.csv", [spoken(row()) | {"特药费": "100.00"}])
    done = run(POLICY, files_of(year, mapping, claims), year.folder / "out", Options())
    assert done.tally.benefits["assistance"] == 420000


def test_values_without_a_translation_stay(year: Year, mapping: Path) -> None:
    strange = {**spoken(row()), "就诊类型": "不知"}
    claims = year.write(
        "local.csv", [strange, {**spoken(row(setl_id="S2")), "就诊类型": "21"}]
    )
    done = run(POLICY, files_of(year, mapping, claims), year.folder / "out", Options())
    assert done.tally.rows_balance
    assert [(r["column"], r["value"]) for r in year.rejects()] == [("med_type", "不知")]


def test_one_person_in_local_words(year: Year, mapping: Path) -> None:
    claims = year.write(
        "local.csv", [spoken(row()), spoken(row(psn_no="P2", setl_id="S2"))]
    )
    files = only(
        files_of(year, mapping, claims), "P1", PersonsBy.CERTIFICATE, year.folder
    )
    assert run(POLICY, files, year.folder / "out", Options()).tally.read == 1


def test_one_person_whose_codes_are_a_dictionary(year: Year, mapping: Path) -> None:
    claims = year.folder / "local.parquet"
    table = pa.Table.from_pylist([spoken(row())])
    at = table.column_names.index("就诊类型")
    words = table["就诊类型"].dictionary_encode()
    pq.write_table(table.set_column(at, "就诊类型", words), claims)
    files = only(
        files_of(year, mapping, claims), "P1", PersonsBy.CERTIFICATE, year.folder
    )
    done = run(POLICY, files, year.folder / "out", Options())
    assert done.tally.benefits["assistance"] == 420000


def test_a_broken_line_does_not_hide_a_person(year: Year) -> None:
    claims = year.write("claims.csv", [row(), row(setl_id="S2")])
    lines = claims.read_text("utf-8").splitlines()
    short = lines[1].rpartition(",")[0].replace("S1", "S3")
    claims.write_text("\n".join([lines[0], lines[1], short, lines[2]]) + "\n", "utf-8")
    files = only(Files((str(claims),)), "P1", PersonsBy.CERTIFICATE, year.folder)
    assert run(POLICY, files, year.folder / "out", Options()).tally.read == 2


def test_a_profile_of_files_with_other_columns_through_a_mapping(
    year: Year, mapping: Path
) -> None:
    claims = year.write("a.csv", [spoken(row())])
    other = year.folder / "b.parquet"
    pq.write_table(pa.Table.from_pylist([row(hifes_pay="0.00", 备注="x")]), other)
    draft = year.folder / "draft.toml"
    profiled(
        POLICY, "--claims", claims, "--claims", other, "--mapping", mapping,
        "-o", draft,
    )  # fmt: skip
    text = draft.read_text("utf-8")
    assert '"总费用" = "medfee_sumamt"' in text
    assert '"住院" = "21"' in text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[claims.columns]\n总费用 = ", "D944"),
        ('claims = "medfee"', "D944"),
        ('[claims.columns]\n"总费用" = 3', "D944"),
        ('[claims]\ncodes = "x"', "D944"),
        ('[claim.columns]\n"总费用" = "medfee_sumamt"', "D945"),
        ('[claims.column]\n"总费用" = "medfee_sumamt"', "D945"),
        ('[claims.columns]\n"总费用" = "medfee_sumant"', "D946"),
        ('[claims.codes.med_typ]\n"住院" = "21"', "D946"),
        ('[claims.columns]\n"总 费用" = "medfee_sumamt"', "D947"),
        ('[claims.columns]\n"个人编号" = "setl_id"', "D910"),
    ],
)
def test_mistakes_in_a_mapping(
    year: Year, tmp_path: Path, text: str, code: str
) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text, "utf-8")
    claims = year.write("c.csv", [{**row(), "总费用": "1.00", "个人编号": "P1"}])

    def settle() -> None:
        files = Files((str(claims),), local=read_mapping(path))
        run(POLICY, files, year.folder / "out", Options())

    with pytest.raises(DataError) as caught:
        settle()
    assert caught.value.diagnostic.code == code
    assert caught.value.diagnostic.way_out("zh")


# --- jiugao profile ---


OFFICE = [
    {"个人编号": "P1", "结算ID": "S1", "结算时间": "2023-03-01", "医疗类别": "普通住院",
     "医疗费总额（元）": "10000.00", "符合政策范围金额": "10000.00", "HIFP_PAY": "4000.00", "备注": "无"},
    {"个人编号": "P1", "结算ID": "S2", "结算时间": "2023-04-01", "医疗类别": "慢特病",
     "医疗费总额（元）": "100.00", "符合政策范围金额": "100.00", "HIFP_PAY": "", "备注": "无"},
]  # fmt: skip


def profiled(*arguments: object, answers: str = "") -> str:
    done = CliRunner().invoke(
        jiugao, ["profile", *map(str, arguments)], input=answers, catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return done.output


def test_a_profile_drafts_what_is_certain_and_marks_what_is_not(year: Year) -> None:
    claims = year.write("export.csv", OFFICE, encoding="gb18030")
    draft = year.folder / "mapping.toml"
    said = profiled(POLICY, "--claims", claims, "-o", draft)
    lines = draft.read_text("utf-8").splitlines()[1:]
    assert lines == [
        "",
        "[claims.columns]",
        '# ? "个人编号" = "psn_no"',
        '"结算ID" = "setl_id"',
        '"结算时间" = "setl_time"',
        '"医疗类别" = "med_type"',
        '"医疗费总额（元）" = "medfee_sumamt"',
        '"符合政策范围金额" = "inscp_scp_amt"',
        '"HIFP_PAY" = "hifp_pay"',
        "",
        "[claims.codes.med_type]",
        '"普通住院" = "21"',
        '# ? "慢特病" = "14"',
    ]
    assert "GB18030" in said
    assert "缺少必需的列：psn_no" in said
    assert "慢特病" in said


def test_a_draft_once_settled_can_be_run(year: Year) -> None:
    claims = year.write("export.csv", OFFICE, encoding="gb18030")
    draft = year.folder / "mapping.toml"
    profiled(POLICY, "--claims", claims, "-o", draft)
    draft.write_text(draft.read_text("utf-8").replace("# ? ", ""), "utf-8")
    people = year.write("people.csv", year.people)
    files = Files((str(claims),), (str(people),), local=read_mapping(draft))
    done = run(POLICY, files, year.folder / "out", Options())
    assert not done.rejects
    assert done.tally.benefits["assistance"] == 427000


def test_asking_settles_the_rest(year: Year) -> None:
    claims = year.write("export.csv", OFFICE)
    draft = year.folder / "mapping.toml"
    # Enter takes the guess for the person and the code; nothing is meant by the remark.
    profiled(POLICY, "--claims", claims, "--ask", "-o", draft, answers="\n\n\n\n\n")
    text = draft.read_text("utf-8")
    assert '\n"个人编号" = "psn_no"' in text
    assert '\n"慢特病" = "14"' in text
    assert "备注" not in text


def test_people_by_their_offices_words(year: Year) -> None:
    people = [{**year.people[0], "psn_idet_type": word} for word in ("低保", "孤儿")]
    claims = year.write("claims.csv", [row()])
    path = year.write("people.csv", people)
    said = profiled(POLICY, "--claims", claims, "--people", path)
    assert "psn_idet_type 有不认得的代码：低保" in said


def test_the_way_of_reversals_is_told(year: Year) -> None:
    back = row(setl_id="S2", init_setl_id="S1", medfee_sumamt="-10000.00")
    assert "--reversals negative" in profiled(
        POLICY, "--claims", year.write("a.csv", [row(), back])
    )
    back["medfee_sumamt"] = "10000.00"
    assert "--reversals flags" in profiled(
        POLICY, "--claims", year.write("b.csv", [row(), back])
    )


def test_names_are_told_as_the_language_tells_lists(year: Year) -> None:
    claims = year.write("few.csv", [{"备注": "无"}])
    assert "缺少必需的列：psn_no、setl_id、" in profiled(POLICY, "--claims", claims)
    told = profiled(POLICY, "--claims", claims, "--lang", "en")
    assert "columns missing: psn_no, setl_id, " in told
