"""Every policy of `rules/`: no clause forgotten, every reading shown, worked examples there.

What they must hold is data: packages.py. Liaocheng has tests of its own beside these.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.oracle import examples as oracle
from tests.rules.packages import PACKAGES, Package, Switch

from jiugao.cli.group import jiugao
from jiugao.cli.options import file_settings
from jiugao.compile import Compiled, compile_policy, compile_sources
from jiugao.diagnostics import RulesError
from jiugao.explain import clauses
from jiugao.source import Source
from jiugao.syntax import parse
from jiugao.syntax.format import Keywords, format_document
from jiugao.testing import Report, lines, run_examples

RULES = Path(__file__).parents[2] / "rules"
packages = pytest.mark.parametrize("package", PACKAGES, ids=lambda p: p.folder)
switches = pytest.mark.parametrize(
    ("package", "switch"),
    [
        pytest.param(p, s, id=f"{p.folder}-{s.name}-{s.other}")
        for p in PACKAGES
        for s in p.switches
    ],
)
SOURCES_OF_VALUES = (
    "假定，凭记忆，未核对 assumption, recollected, unconfirmed",
    "为样例编造 invented for the sample",
)


@cache
def compiled(package: Package) -> Compiled:
    return compile_policy(RULES / package.folder, for_examples=True)


@cache
def report(package: Package) -> Report:
    return run_examples(compiled(package))


def sample(package: Package) -> Mapping[str, str]:
    given = RULES / package.folder / "parameters.sample.toml"
    return file_settings(given, "en") if given.exists() else {}


@packages
def test_every_clause_has_a_rule_or_a_reason(package: Package) -> None:
    found = clauses(compiled(package).policy)
    assert sorted(c.clause for c in found) == sorted(package.clauses)
    reasons = {c.clause for c in found if c.reason is not None}
    assert reasons == set(package.not_computed)
    assert all(bool(c.rules) != bool(c.reason) for c in found)


@packages
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_clause_table_prints(package: Package, language: str) -> None:
    """Every kind of rule that carries a clause has a word."""
    call = ["--lang", language, "clauses", str(RULES / package.folder)]
    printed = CliRunner().invoke(jiugao, call)
    assert printed.exit_code == 0, printed.output
    assert all(clause in printed.output for clause in package.clauses)


@packages
def test_the_benefits_have_the_code_names_of_the_contract(package: Package) -> None:
    settings = {**sample(package), **dict(package.computed)}
    policy = compile_policy(RULES / package.folder, settings=settings).policy
    codes = {b.code for b in (*policy.benefits, *policy.subsidies)}
    assert codes == set(package.benefits)


@packages
def test_clauses_name_the_benefits_that_the_readings_leave_out(
    package: Package,
) -> None:
    settings = {**sample(package), **dict(package.computed)}
    everything = compile_policy(RULES / package.folder, settings=settings).policy
    told = clauses(compiled(package).policy)
    named = {r.name for c in told for r in c.rules if r.kind == "benefit"}
    assert {b.name for b in everything.benefits} <= named


@packages
def test_open_figures_are_asked_for_by_clause(package: Package) -> None:
    """Without them nothing compiles; each is asked for with the clause that is silent."""
    if not package.required:
        compile_policy(RULES / package.folder)
        return
    with pytest.raises(RulesError) as refused:
        compile_policy(RULES / package.folder)
    errors = refused.value.diagnostics.errors
    assert {d.code for d in errors} <= {"E607", "E658"}  # a figure, a list
    assert {d.arguments["name"] for d in errors} <= set(package.required)
    named = [c for d in errors for c in d.arguments["clauses"]]
    assert set(named) <= set(package.clauses)
    given = {n: v for n, v in sample(package).items() if n in package.required}
    compile_policy(RULES / package.folder, settings=given)


@packages
def test_the_sample_gives_every_open_figure_and_says_where_from(
    package: Package,
) -> None:
    policy = compiled(package).policy
    open_ = {p.name for p in policy.parameters if p.to_be_set}
    open_ |= {one.name for one in policy.lists}  # none is given by a circular
    assert open_ == set(sample(package))
    if not open_:
        return
    text = (RULES / package.folder / "parameters.sample.toml").read_text("utf-8")
    for line in text.splitlines():
        if line.startswith('"'):
            assert any(source in line for source in SOURCES_OF_VALUES), line


@packages
def test_all_examples_pass_and_reach_everything(package: Package) -> None:
    found = report(package)
    assert found.passed, "\n".join(lines(found, "zh"))
    assert not any(case.rejections for case in found.cases)
    assert found.coverage is not None
    assert [(t.part, t.owner, t.what) for t in found.coverage.missed] == []


@packages
def test_the_second_evaluator_agrees_with_every_example(package: Package) -> None:
    whole = compiled(package)
    for place, example in enumerate(whole.policy.examples):
        if example.enrolments or not example.rows:  # not of claims
            continue
        settings = {**whole.settings, **example.settings}
        own = compile_policy(RULES / package.folder, settings=settings).policy
        assert oracle.differences(own, own.examples[place]) == [], example.title


@packages
def test_the_worked_examples_are_there(package: Package) -> None:
    titles = [e.title for e in compiled(package).policy.examples]
    for worked in package.worked:
        assert any(title.startswith(f"{worked} ") for title in titles), worked


def said(name: tuple[str, str | None]) -> str:
    """A row of a fund, or what a bearer bears of it, in the words of an example."""
    return " ".join(filter(None, name))


@switches
def test_a_switch_has_its_default_and_the_other_reading_its_amount(
    package: Package, switch: Switch
) -> None:
    policy = compiled(package).policy
    reading = next(p for p in policy.parameters if p.name == switch.name)
    assert reading.values[0].value == switch.default
    assert switch.other in reading.options
    example = next(e for e in policy.examples if e.title == switch.example)
    assert example.settings[switch.name] == switch.other
    asked = [row.expected for row in example.rows]
    asked.append({name: fen for name, (fen, _) in example.expected.items()})
    amounts = {e[switch.benefit] for e in asked if switch.benefit in e}
    for case in example.funds:
        amounts |= {
            f for n, (f, _) in case.expected.items() if said(n) == switch.benefit
        }
    assert Fraction(switch.yuan) * 100 in amounts
    assert report(package).passed  # the engine gives what the example expects


@packages
def test_every_pair_of_readings_compiles(package: Package) -> None:
    readings = {p.name: p.options for p in compiled(package).policy.parameters}
    others = [(name, o) for name, options in readings.items() for o in options[1:]]
    for pair in itertools.combinations(others, 2):
        settings = {**sample(package), **dict(pair)}
        compile_policy(RULES / package.folder, settings=settings)


@packages
def test_the_readme_has_every_clause_and_every_reading(package: Package) -> None:
    for name in ("README.md", "README.zh.md"):
        text = (RULES / package.folder / name).read_text("utf-8")
        for clause in package.clauses:
            assert f"| {clause} |" in text, clause
        for parameter in compiled(package).policy.parameters:
            for option in parameter.options:
                default = option == parameter.values[0].value
                written = f"**{option}**" if default else option
                row = next(r for r in text.splitlines() if f"`{parameter.name}` =" in r)
                assert written in row, (name, parameter.name, option)


def reformatted(source: Source, keywords: Keywords) -> Source:
    document, found = parse(source)
    assert document is not None, list(found)
    return Source(source.name, format_document(document, keywords))


def rules(package: Package) -> list[Source]:
    """The files that are rules; lists are CSV."""
    sources = compiled(package).policy.sources
    return [s for s in sources if s.name.endswith(".rules")]


@packages
def test_the_files_are_in_the_canonical_layout(package: Package) -> None:
    assert rules(package)
    for source in rules(package):
        assert reformatted(source, "keep").text == source.text, source.name


@packages
def test_english_keywords_mean_the_same(package: Package) -> None:
    english = [reformatted(s, "en") for s in rules(package)]
    lists = [s for s in compiled(package).policy.sources if s not in rules(package)]
    again = compile_sources([*english, *lists], settings=compiled(package).settings)
    found = run_examples(again, coverage=False)
    assert found.passed, "\n".join(lines(found, "en"))


@packages
def test_no_identity_is_taken_for_a_misspelt_one(package: Package) -> None:
    told = {d.code for d in compiled(package).diagnostics}
    assert not told & {"W714", "W715"}
