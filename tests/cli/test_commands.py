"""The command line as a user meets it: help, exit codes, words in both languages."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from jiugao.cli.group import VERBS, jiugao, wrapped
from jiugao.cli.words import Place, say, table

POLICY = Path(__file__).parents[2] / "rules" / "liaocheng_2022"
CLAIMS = (
    "psn_no,setl_id,setl_time,med_type,medfee_sumamt,inscp_scp_amt,hifp_pay,maf_pay,reassistance_pay\n"
    "P1,S1,2023-03-01 08:00:00,21,10000.00,10000.00,4000.00,4200.00,0.00\n"
    "P1,S2,2023-04-01 08:00:00,21,10000.00,10000.00,4000.00,0.00,0.00\n"
)
PEOPLE = "psn_no,psn_idet_type,begndate,enddate\nP1,特困人员,2020-01-01,\n"


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(jiugao, [str(a) for a in arguments])


@pytest.fixture
def year(tmp_path: Path) -> Path:
    (tmp_path / "claims.csv").write_text(CLAIMS, "utf-8")
    (tmp_path / "people.csv").write_text(PEOPLE, "utf-8")
    return tmp_path


def tables_of(year: Path) -> tuple[str | Path, ...]:
    return "--claims", year / "claims.csv", "--people", year / "people.csv"


@pytest.mark.parametrize("form", ["text", "html"])
def test_a_persons_years_are_told_after_the_claims(year: Path, form: str) -> None:
    given = ("explain", POLICY, *tables_of(year), "--format", form)
    done = call("--lang", "en", *given, "--person", "P1")
    assert done.exit_code == 0
    last = done.output[done.output.rindex("S2") :]
    assert "annual limit" in last
    assert "used 8,400.00, 21,600.00 left" in last
    one = call("--lang", "en", *given, "--settlement", "S2")
    assert "8,400.00 yuan in all" in last
    assert "8,400.00 yuan in all" not in one.output
    closed = call("--lang", "en", *given, "--person", "P1", "--close-year")
    assert closed.exit_code == 0


def test_a_claim_is_explained_as_it_was_known(year: Path) -> None:
    head, first, second = CLAIMS.splitlines()
    lines = [f"{head},updt_time", f"{first},2023-03-02", f"{second},2023-05-02"]
    (year / "claims.csv").write_text("\n".join(lines), "utf-8")
    given = ("explain", POLICY, *tables_of(year), "--person", "P1")
    early = call("--lang", "en", *given, "--known-on", "2023-04-30").output
    late = call("--lang", "en", *given, "--known-on", "2023-05-02").output
    assert "used 4,200.00, 25,800.00 left" in early
    assert "S2" not in early
    assert "used 8,400.00, 21,600.00 left" in late


def test_rejects_stand_apart_by_table(year: Path) -> None:
    with (year / "people.csv").open("a", encoding="utf-8") as more:
        more.write("P2,A07,2020-01-01,\nP3,优抚对象,2020-01-01,\n")
    with (year / "claims.csv").open("a", encoding="utf-8") as more:
        more.write("P1,S3,2023-04-01 08:00:00,21,x,1.00,0.00,0.00,y\n")
    done = call("--lang", "en", "run", POLICY, *tables_of(year), "-o", year / "out")
    assert done.exit_code == 4
    lines = [line.strip() for line in done.output.splitlines()]
    claims = "claims: 1 row (a row may have several faults: 2 reasons in all)"
    at = lines.index(claims)
    assert lines[at + 1] == "D952 not an amount: 2"
    assert lines[at + 2] == "way out: write 1234.56"
    at = lines.index("people: 1 entry")
    assert lines[at + 1].startswith("D964 ")
    assert lines[at + 1].endswith(": 1")
    assert lines[at + 2].startswith("way out: ")
    assert "identities not named by this policy: 1 row (优抚对象 1)" in lines


@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_lists_every_verb_with_all_of_its_words(language: str) -> None:
    told = "".join(call("--lang", language, "--help").output.split())
    for verb in VERBS:
        assert verb + "".join(say(verb, language).split()) in told
    assert "..." not in told.partition("Commands:")[2]


def test_lines_of_help_fit_and_are_closed_where_they_should_be() -> None:
    lines = wrapped("写出（甲.csv）每一笔及原因，和汇总。", 12)
    assert lines == ["写出（甲.csv）", "每一笔及原因，", "和汇总。"]
    assert wrapped("写出来（甲.csv）每一笔", 9) == ["写出来", "（甲.csv）", "每一笔"]
    assert wrapped("one two three", 8) == ["one two", "three"]


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "1 row"), (0, "0 rows"), (1200, "1,200 rows"), ("1", "1 row")],
)
def test_a_number_takes_the_word_that_goes_by_it(count: object, said: str) -> None:
    assert f"{Place(count):row|rows}" == said


def test_offices_words_are_read_and_none_twice(year: Path) -> None:
    head = "psn_no,结算日期,结算时间,总费用,出院时间,结束日期\n"
    line = "P1,2023-03-01,2023-03-01,10.00,2023-02-01,2023-02-01\n"
    (year / "claims.csv").write_text(head + line, "utf-8")
    given = ("profile", POLICY, "--claims", year / "claims.csv")
    assert call(*given, "-o", year / "m.toml").exit_code == 0
    drafted = (year / "m.toml").read_text("utf-8").splitlines()
    assert drafted[3:] == [
        '# ? "结算日期" = "setl_time"',
        '"结算时间" = "setl_time"',
        '"总费用" = "medfee_sumamt"',
        '# ? "出院时间" = "enddate"',
        '"结束日期" = "enddate"',
    ]
    (year / "claims.csv").write_text("结算日期\n2023-03-01\n", "utf-8")
    assert call(*given, "-o", year / "m.toml").exit_code == 0
    assert '\n"结算日期" = "setl_time"' in (year / "m.toml").read_text("utf-8")


def test_progress_for_schedulers_is_a_line_of_json(year: Path) -> None:
    given = ("run", POLICY, *tables_of(year))
    done = call(*given, "--progress", "json", "-o", year / "out")
    assert done.exit_code == 0
    *_, last = done.stderr.splitlines()
    told = json.loads(last)
    assert set(told) == {"rows", "expected", "rows_per_second", "seconds_left"}
    assert (told["rows"], told["expected"]) == (2, 3)  # by lines: the header is one
    for quiet in (("-q",), ("--progress", "none"), ()):
        assert call(*given, *quiet, "-o", year / "quiet").stderr == ""
    (year / "claims.sql").write_text(
        f"SELECT * FROM read_csv('{year / 'claims.csv'}', all_varchar = true)", "utf-8"
    )
    named = (POLICY, "--claims", year / "claims.sql")
    done = call("run", *named, "--progress", "json", "-o", year / "query")
    assert json.loads(done.stderr.splitlines()[-1])["expected"] is None


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(("language", "heading"), [("zh", "例"), ("en", "Example")])
def test_every_verb_has_help_with_an_example(
    verb: str, language: str, heading: str
) -> None:
    done = call("--lang", language, verb, "--help")
    assert done.exit_code == 0
    assert f"{heading}:" in done.output
    assert f"jiugao {verb} " in done.output


def test_language_may_stand_anywhere() -> None:
    assert (
        call("verify", "--help", "--lang", "en").output
        == call("--lang=en", "verify", "--help").output
    )
    assert call("--lang", "fr", "verify", "--help").exit_code == 2


def test_every_word_has_both_languages() -> None:
    for key, words in table().items():
        assert set(words) - {"example"} == {"zh", "en"}, key


@pytest.mark.parametrize("language", ["zh", "en"])
def test_messages_have_no_stack_trace(year: Path, language: str) -> None:
    (year / "claims.csv").write_bytes(CLAIMS.encode("utf-16"))
    done = call("--lang", language, "run", POLICY, *tables_of(year), "-o", year / "out")
    assert done.exit_code == 3
    assert "D902" in done.stderr
    assert "Traceback" not in done.output + done.stderr
    assert not (year / "out" / "manifest.json").exists()


def test_a_file_of_parameters_and_set_over_it(year: Path) -> None:
    chosen = year / "chosen.toml"
    chosen.write_text('"困境儿童口径" = "二类"\n', "utf-8")
    (year / "people.csv").write_text(PEOPLE.replace("特困人员", "孤儿"), "utf-8")
    given = (POLICY, *tables_of(year), "--parameters", chosen)
    done = call("run", *given, "-o", year / "two")
    assert "4,500.00" in done.output  # (12,000 - 3,000) x 50 %, as class two
    done = call("run", *given, "--set", "困境儿童口径=不救助", "-o", year / "none")
    assert done.exit_code == 0
    assert "4,500.00" not in done.output


def test_lists_of_a_parameter_file_stand_beside_it(tmp_path: Path) -> None:
    rules = Path(__file__).parents[1] / "language/lists/good/dated.rules"
    (tmp_path / "given.csv").write_text("code,from,to\nD7,,\n", "utf-8")
    chosen = tmp_path / "chosen.toml"
    assert call("check", rules).exit_code == 1  # the list is to be set
    chosen.write_text('[lists]\n"特药" = "given.csv"\n', "utf-8")
    assert call("check", rules, "--parameters", chosen).exit_code == 0
    chosen.write_text('[lists]\n"特药" = 7\n', "utf-8")
    assert call("check", rules, "--parameters", chosen).exit_code == 2
    chosen.write_text('lists = "given.csv"\n', "utf-8")
    assert call("check", rules, "--parameters", chosen).exit_code == 2


@pytest.mark.parametrize("text", ["困境儿童口径 = 二类", '"困境儿童口径" = 2'])
def test_a_file_of_parameters_of_another_shape_is_a_wrong_call(
    year: Path, text: str
) -> None:
    (year / "bad.toml").write_text(text, "utf-8")
    done = call("check", POLICY, "--parameters", year / "bad.toml")
    assert done.exit_code == 2
    assert "bad.toml" in done.stderr


def test_run_then_verify(year: Path) -> None:
    done = call("run", POLICY, *tables_of(year), "-o", year / "out")
    assert done.exit_code == 0, done.output
    assert "8,400.00" in done.output
    assert {p.name for p in (year / "out").iterdir()} == {
        "settlements.parquet", "years.parquet", "measures.parquet", "rejects.csv", "manifest.json", "run.log",
    }  # fmt: skip
    assert call("verify", year / "out").exit_code == 0
    (year / "out" / "rejects.csv").write_text("x", "utf-8")
    changed = call("verify", year / "out")
    assert changed.exit_code == 3
    assert "D913" in changed.stderr


def test_done_with_rejects(year: Path) -> None:
    (year / "claims.csv").write_text(CLAIMS + "P1,S3,x,21,1.00,1.00,0,0,0\n", "utf-8")
    done = call("--lang", "en", "run", POLICY, *tables_of(year), "-o", year / "out")
    assert done.exit_code == 4
    assert "D954" in done.output
    text = (year / "out" / "rejects.csv").read_text("utf-8-sig")
    assert (
        'claims,claims.csv,4,S3,P1,setl_time,D954,not a date,x,"write 2023-01-31, 2023-01-31 08:30:00'
        in text
    )


def test_wrong_rules(year: Path) -> None:
    rules = year / "bad.rules"
    rules.write_text("方案 甲 (a) {", "utf-8")
    for verb in ("check", "test"):
        assert call(verb, rules).exit_code == 1
    assert call("run", rules, *tables_of(year), "-o", year / "out").exit_code == 1
    found = json.loads(call("check", rules, "--format", "json").output)
    assert found["diagnostics"]


def test_check_with_warnings_alone_ends_with_how_many() -> None:
    rules = Path(__file__).parents[1] / "language" / "terms/bad/W709_unused.rules"
    done = call("check", rules)
    assert done.exit_code == 0
    assert done.output.splitlines()[-1] == "没有错误，警告 1 条"


def test_check_tells_what_no_program_holds(year: Path) -> None:
    def text(count: int) -> str:
        lines = ["方案 多 (many) {", '依据 "x" 条款 A-1', "施行 2022-01-01 起"]
        lines += ["年度 自然年度 按 结算时间", "费用 内 = 符合政策范围金额"]
        for n in range(count):
            less = " 扣除 " + "、".join(f"项{m}" for m in range(n)) if n else ""
            lines += [f"待遇 项{n} (aid{n}) {{", f"基数 内{less}", "起付线 不设"]
            lines += ["比例 50%", "年度限额 不设", "支付方 救助基金", "}"]
        return "\n".join([*lines, "}"])

    rules = year / "many.rules"
    rules.write_text(text(65), "utf-8")
    found = json.loads(call("check", rules, "--format", "json").output)["diagnostics"]
    assert [d["code"] for d in found if d["severity"] == "error"] == ["E480"]
    assert call("check", rules).exit_code == 1
    rules.write_text(text(64), "utf-8")
    assert call("check", rules).exit_code == 0


def test_wrong_calls(year: Path) -> None:
    assert call("run", POLICY).exit_code == 2
    assert call("nothing").exit_code == 2
    assert (
        call(
            "run", year / "nowhere.rules", *tables_of(year), "-o", year / "out"
        ).exit_code
        == 2
    )
    assert (
        call(
            "run", POLICY, *tables_of(year), "--set", "x", "-o", year / "out"
        ).exit_code
        == 2
    )
    assert (
        call(
            "run", POLICY, *tables_of(year), "--memory", "much", "-o", year / "out"
        ).exit_code
        == 2
    )
    assert call("explain", POLICY, *tables_of(year)).exit_code == 2


def test_settings_reach_the_rules(year: Path) -> None:
    (year / "people.csv").write_text(PEOPLE.replace("特困人员", "孤儿"), "utf-8")
    arguments = ("run", POLICY, *tables_of(year), "-o", year / "out")
    assert "8,400.00" in call(*arguments).output
    assert "8,400.00" not in call(*arguments, "--set", "困境儿童口径=不救助").output
    unknown = call(*arguments, "--set", "没有这个=1")
    assert unknown.exit_code == 1


def test_a_program_file_runs_like_its_rules(year: Path) -> None:
    program = year / "p.rulesc"
    assert call("compile", POLICY, "-o", program).exit_code == 0
    listed = call("listing", program)
    assert listed.exit_code == 0
    assert "SETTLE" in listed.output
    call("run", POLICY, *tables_of(year), "-o", year / "one")
    call("run", program, *tables_of(year), "-o", year / "two")
    for name in ("settlements.parquet", "manifest.json"):
        assert (year / "one" / name).read_bytes() == (year / "two" / name).read_bytes()
    program.write_bytes(program.read_bytes()[:-1])
    damaged = call("run", program, *tables_of(year), "-o", year / "three")
    assert damaged.exit_code == 1
    assert "P8" in damaged.stderr


def test_reconcile_and_sign(year: Path) -> None:
    out = year / "out"
    done = call("reconcile", POLICY, *tables_of(year), "-o", out)
    assert done.exit_code == 0, done.output
    assert "漏付" in done.output
    assert "4,200.00" in done.output
    assert {p.name for p in out.iterdir()} >= {
        "adjustments.parquet",
        "summary.xlsx",
        "summary.html",
    }
    assert call("verify", out, "--sign", "张三").exit_code == 0
    again = call("--lang", "en", "reconcile", POLICY, *tables_of(year), "-o", out)
    assert again.exit_code == 3
    assert "D911" in again.stderr
    assert call("verify", out).exit_code == 0


def test_foreign_files_in_the_way(year: Path) -> None:
    out = year / "out"
    out.mkdir()
    (out / "mine.txt").write_text("x", "utf-8")
    done = call("run", POLICY, *tables_of(year), "-o", out)
    assert done.exit_code == 3
    assert "D918" in done.stderr
    assert (out / "mine.txt").read_text("utf-8") == "x"


def test_an_earlier_result_is_replaced_whole(year: Path) -> None:
    out = year / "out"
    call("reconcile", POLICY, *tables_of(year), "-o", out)
    call("run", POLICY, *tables_of(year), "-o", out)
    assert not (out / "adjustments.parquet").exists()
    assert call("verify", out).exit_code == 0


def test_verify_of_nothing(tmp_path: Path) -> None:
    done = call("verify", tmp_path)
    assert done.exit_code == 3
    assert "D912" in done.stderr


def test_nothing_to_hold_against(year: Path) -> None:
    rows = [line.split(",")[:7] for line in CLAIMS.splitlines()]
    (year / "claims.csv").write_text(
        "\n".join(",".join(r) for r in rows) + "\n", "utf-8"
    )
    done = call("reconcile", POLICY, *tables_of(year), "-o", year / "out")
    assert done.exit_code == 3
    assert "D921" in done.stderr


def test_a_sample_of_the_command_line(tmp_path: Path) -> None:
    arguments = (
        "sample",
        POLICY,
        "--people",
        "200",
        "--seed",
        "3",
        "-o",
        tmp_path / "year",
    )
    assert call(*arguments).exit_code == 0
    assert {p.name for p in (tmp_path / "year").iterdir()} == {
        "claims.csv", "people.csv", "institutions.csv", "applications.csv", "enrolment.csv", "planted_errors.csv",
    }  # fmt: skip
    (tmp_path / "year" / "other").write_text("x", "utf-8")
    assert call(*arguments).exit_code == 3


def test_plain_output_when_not_a_terminal(year: Path) -> None:
    done = call("run", POLICY, *tables_of(year), "-o", year / "out")
    assert "\x1b" not in done.output
    assert done.stderr == ""


def test_completion_names_the_verbs() -> None:
    context = click.Context(jiugao)
    assert jiugao.list_commands(context) == list(VERBS)


# --- sample.toml beside a policy ---


def described(folder: Path, text: str) -> Path:
    """The policy in a folder of its own with this description of a sample."""
    place = folder / "place"
    shutil.copytree(POLICY, place)
    (place / "sample.toml").write_text(text, "utf-8")
    return place


def test_a_sample_is_invented_as_described(tmp_path: Path) -> None:
    place = described(
        tmp_path,
        'year = 2024\nareas = ["120101"]\nassisted = 100\n[identities]\n"低保对象" = 1\n'
        "[columns]\ndise_no = \"CASE WHEN stay THEN 'M01' END\"\n"
        'special_drug_amt = "medfee_sumamt // 10"\n'
        "[enrolment]\nwho = \"insutype = '390'\"\nnotice_date = \"DATE '2024-02-03'\"\n",
    )
    out = tmp_path / "year"
    told = call("sample", place, "--people", "60", "-o", out)
    assert told.exit_code == 0, told.output
    with (out / "claims.csv").open(encoding="utf-8", newline="") as stream:
        claims = list(csv.DictReader(stream))
    assert {c["insu_admdvs"] for c in claims} == {"120101"}
    assert {c["setl_time"][:4] for c in claims} <= {"2023", "2024", "2025"}
    assert {bool(c["dise_no"]) for c in claims if c["med_type"] == "21"} == {True}
    assert any(c["special_drug_amt"] != "0.00" for c in claims)
    with (out / "people.csv").open(encoding="utf-8", newline="") as stream:
        assert {p["psn_idet_type"] for p in csv.DictReader(stream)} == {"低保对象"}
    with (out / "enrolment.csv").open(encoding="utf-8", newline="") as stream:
        listed = {(e["insutype"], e["notice_date"]) for e in csv.DictReader(stream)}
    assert listed == {("390", "2024-02-03")}


def test_the_assisted_go_as_often_as_described(tmp_path: Path) -> None:
    rows = []
    for visits in (2, 20):
        place = described(
            tmp_path / str(visits), f"assisted = 100\nvisits_of_assisted = {visits}\n"
        )
        out = tmp_path / f"year{visits}"
        assert call("sample", place, "--people", "100", "-o", out).exit_code == 0
        rows.append(len((out / "claims.csv").read_text("utf-8").splitlines()))
    assert rows[0] * 5 < rows[1]


def test_labels_for_life_never_change(tmp_path: Path) -> None:
    place = described(tmp_path, "year = 2024\nassisted = 100\nlabels_for_life = true\n")
    out = tmp_path / "year"
    assert call("sample", place, "--people", "300", "-o", out).exit_code == 0
    with (out / "people.csv").open(encoding="utf-8", newline="") as stream:
        held = list(csv.DictReader(stream))
    assert len(held) == 300 == len({p["psn_no"] for p in held})
    assert {(p["begndate"], p["enddate"]) for p in held} == {("2022-01-01", "")}
    assert len({p["psn_idet_type"] for p in held}) > 1


@pytest.mark.parametrize(
    "text",
    ["year = ", "yaer = 2023", 'year = "soon"', 'labels_for_life = "yes"', "[lower]\nx = 1", '[columns]\na = "no_such"',
     '[enrolment]\nwho = "no_such"', '[enrolment]\nno_such = "1"'],
)  # fmt: skip
def test_a_description_with_a_mistake_is_told(tmp_path: Path, text: str) -> None:
    place = described(tmp_path, text)
    done = call("sample", place, "--people", "20", "-o", tmp_path / "year")
    assert done.exit_code == 3
    assert "D948" in done.stderr
