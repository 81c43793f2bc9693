"""The Liaocheng package: every clause, every reading, the circular's own figures."""

from __future__ import annotations

import itertools
import tomllib
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pyarrow as pa
import pytest

from jiugao import engine
from jiugao.compile import Compiled, compile_policy, compile_sources
from jiugao.diagnostics import RulesError
from jiugao.explain import clauses
from jiugao.source import Source
from jiugao.syntax import parse
from jiugao.syntax.format import Keywords, format_document
from jiugao.testing import lines, run_examples

FOLDER = Path(__file__).parents[2] / "rules/liaocheng_2022"
CLAUSES = [
    "LC-0",
    *(f"LC-2.{n}" for n in range(1, 5)),
    *(f"LC-3.{n}" for n in range(1, 9)),
    *(f"LC-4.{n}" for n in range(1, 6)),
    *(f"LC-5.{n}" for n in range(1, 4)),
    "LC-6.1",
]
NOT_COMPUTED = ["LC-0", "LC-4.5", "LC-5.2", "LC-5.3"]
SAMPLE = tomllib.loads((FOLDER / "parameters.sample.toml").read_text("utf-8"))


@cache
def compiled() -> Compiled:
    return compile_policy(FOLDER)


def test_compiles_without_settings_and_without_errors() -> None:
    assert compiled().policy.code == "liaocheng_2022"
    assert [b.code for b in compiled().policy.benefits] == [
        "assistance",
        "reassistance",
    ]


def test_every_clause_has_a_rule_or_a_reason() -> None:
    found = clauses(compiled().policy)
    assert [c.clause for c in found] == CLAUSES
    assert [c.clause for c in found if c.reason is not None] == NOT_COMPUTED
    assert all(bool(c.rules) != bool(c.reason) for c in found)


def test_every_pair_of_readings_compiles() -> None:
    readings = {p.name: p.options for p in compiled().policy.parameters if p.options}
    assert len(readings) == 8
    others = [(name, o) for name, options in readings.items() for o in options[1:]]
    for pair in itertools.combinations(others, 2):
        compile_policy(FOLDER, settings={**SAMPLE, **dict(pair)})
    compile_policy(FOLDER, settings={**SAMPLE, **dict(others)})


@pytest.mark.parametrize(
    ("name", "reading", "open_figures"),
    [
        ("参保资助口径", "按标准", {"定额资助标准"}),
        (
            "大病保险来源",
            "测算",
            {
                "职工大额起付线",
                "职工大额比例",
                "职工大额限额",
                "特药起付线",
                "特药比例",
                "特药限额",
            },
        ),
    ],
)
def test_a_reading_that_needs_open_figures_asks_for_them(
    name: str, reading: str, open_figures: set[str]
) -> None:
    with pytest.raises(RulesError) as refused:
        compile_policy(FOLDER, settings={name: reading})
    asked = {d.arguments["name"] for d in refused.value.diagnostics.errors}
    assert asked == open_figures
    assert {d.code for d in refused.value.diagnostics.errors} == {"E607"}


def test_the_sample_gives_every_open_figure_and_says_it_is_invented() -> None:
    settings = {"大病保险来源": "测算", "参保资助口径": "按标准", **SAMPLE}
    policy = compile_policy(FOLDER, settings=settings).policy
    assert {p.name for p in policy.parameters if p.to_be_set} == set(SAMPLE)
    text = (FOLDER / "parameters.sample.toml").read_text("utf-8")
    assert text.count("invented for the sample") == len(SAMPLE)


def test_all_examples_pass() -> None:
    report = run_examples(compiled())
    assert report.passed, "\n".join(lines(report, "zh"))
    assert len(report.cases) >= 60


def test_examples_reach_everything_that_can_be_reached() -> None:
    report = run_examples(compiled())
    assert report.coverage is not None
    assert [(t.part, t.owner, t.what) for t in report.coverage.missed] == []


def test_the_readme_has_every_clause_and_every_reading() -> None:
    for name in ("README.md", "README.zh.md"):
        text = (FOLDER / name).read_text("utf-8")
        for clause in CLAUSES:
            assert f"| {clause} |" in text, clause
        for parameter in compiled().policy.parameters:
            for option in parameter.options:
                default = option == parameter.values[0].value
                written = f"**{option}**" if default else option
                row = next(r for r in text.splitlines() if f"`{parameter.name}` =" in r)
                assert written in row, (parameter.name, option)


# --- the circular's annual functions, written here in closed form ---------------------------


def class_one(x: Fraction) -> tuple[Fraction, Fraction]:
    assistance = min(Fraction(30000), Fraction(7, 10) * x)
    rest = Fraction(7, 10) * max(Fraction(0), x - assistance - 5000)
    return assistance, min(Fraction(20000), rest)


def class_two(x: Fraction) -> tuple[Fraction, Fraction]:
    assistance = min(Fraction(15000), Fraction(1, 2) * max(Fraction(0), x - 3000))
    rest = Fraction(7, 10) * max(Fraction(0), x - assistance - 10000)
    return assistance, min(Fraction(15000), rest)


CLASSES = {"低保对象": class_one, "防止返贫监测帮扶对象": class_two}
EDGES = ["3000", "10000", "16666.67", "17000", "33000", "46428.57", "63571.43"]


@pytest.mark.parametrize("identity", CLASSES)
def test_one_claim_pays_the_annual_function(identity: str) -> None:
    fen = {int(Decimal(e) * 100) + d for e in EDGES for d in (-1, 0, 1)}
    amounts = sorted(fen | set(range(1, 12_000_000, 77_777)))
    rows = len(amounts)
    claims = pa.table(
        {
            "psn_no": pa.array(range(rows), pa.int64()),
            "setl_id": pa.array(["1"] * rows),
            "setl_time": pa.array([19_420] * rows, pa.int32()).cast(pa.date32()),
            "med_type": pa.array(["21"] * rows),
            "medfee_sumamt": pa.array(amounts, pa.int64()),
            "inscp_scp_amt": pa.array(amounts, pa.int64()),
        }
    )
    people = pa.table(
        {
            "psn_no": pa.array(range(rows), pa.int64()),
            "psn_idet_type": pa.array([identity] * rows),
            "begndate": pa.nulls(rows, pa.date32()),
            "enddate": pa.nulls(rows, pa.date32()),
        }
    )
    program = engine.Program.load(compiled().program_bytes)
    settled = engine.settle(program, engine.Tables(claims, people)).table().to_pylist()
    for amount, row in zip(amounts, settled, strict=True):
        x = Fraction(amount, 100)
        first, _ = CLASSES[identity](x)
        paid = Fraction(row["assistance"])
        assert abs(paid - first) <= Fraction(1, 200), amount
        # Re-assistance works on what assistance paid, rounded to the fen.
        left = x - paid - (5000 if identity == "低保对象" else 10000)
        cap = 20000 if identity == "低保对象" else 15000
        due = min(Fraction(cap), Fraction(7, 10) * max(Fraction(0), left))
        again = Fraction(row["reassistance"])
        assert abs(again - due) <= Fraction(1, 200), amount
        assert Fraction(row["psn_burden"]) == x - paid - again


def reformatted(source: Source, keywords: Keywords) -> Source:
    document, found = parse(source)
    assert document is not None, list(found)
    return Source(source.name, format_document(document, keywords))


def test_the_files_are_in_the_canonical_layout() -> None:
    for source in compiled().policy.sources:
        assert reformatted(source, "keep").text == source.text, source.name


def test_english_keywords_mean_the_same() -> None:
    english = [reformatted(source, "en") for source in compiled().policy.sources]
    assert "benefit 医疗救助" in "".join(source.text for source in english)
    report = run_examples(compile_sources(english), coverage=False)
    assert report.passed, "\n".join(lines(report, "en"))
