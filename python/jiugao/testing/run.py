"""A compiled policy comes in; its examples go through the engine; a report goes out.

Examples with the same settings of their own are settled in one run.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiugao import engine
from jiugao.claims.findings import DataError
from jiugao.compile import Compiled, compile_sources
from jiugao.diagnostics import RulesError
from jiugao.program.encode import decode
from jiugao.testing.answers import Answers, read_answers
from jiugao.testing.carried import Begun, begun
from jiugao.testing.cases import CaseTables, case_tables, settlement_id
from jiugao.testing.coverage import coverage_of
from jiugao.testing.fund_cases import answer, stated
from jiugao.testing.report import (
    CaseResult,
    Coverage,
    Difference,
    Rejection,
    Report,
    Where,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jiugao.diagnostics import Diagnostic
    from jiugao.funds.statement import Statement
    from jiugao.policy.fund_model import ExampleFund
    from jiugao.policy.model import Example
    from jiugao.source import Span

PERSON = "个人"


@dataclass(frozen=True)
class Group:
    """Examples that run on one program."""

    compiled: Compiled
    tables: CaseTables
    answers: Answers
    statements: dict[tuple[int, int], Statement]  # by case and line
    places: tuple[int, ...]  # of the examples in the policy
    begun: Begun

    @property
    def examples(self) -> list[Example]:
        """The examples, by case."""
        return [self.compiled.policy.examples[place] for place in self.places]


def run_examples(
    compiled: Compiled, *, coverage: bool = True, language: str = "zh"
) -> Report:
    """Run every example of the policy and compare to the fen."""
    examples = compiled.policy.examples
    by_settings: dict[tuple[tuple[str, str], ...], list[int]] = defaultdict(list)
    for place, example in enumerate(examples):
        by_settings[tuple(sorted(example.settings.items()))].append(place)
    results: dict[int, CaseResult] = {}
    groups: list[Group] = []
    for settings, places in by_settings.items():
        try:
            group = run_group(compiled, dict(settings), places)
        except (RulesError, engine.CoreError, DataError) as error:
            text = told(error, language)
            for place in places:
                results[place] = refused(examples[place], text)
            continue
        groups.append(group)
        for case, (place, example) in enumerate(
            zip(places, group.examples, strict=True)
        ):
            if case in group.begun.faults:
                text = told_of_total(*group.begun.faults[case], language)
                results[place] = refused(example, text)
            else:
                results[place] = compare(example, case, group)
    found: Coverage | None = coverage_of(compiled, groups) if coverage else None
    cases = tuple(results[place] for place in range(len(examples)))
    return Report(compiled.policy.name, cases, found)


def told(error: RulesError | engine.CoreError | DataError, language: str) -> str:
    """What stopped a group of examples, in words."""
    match error:
        case RulesError(diagnostics=found):
            return "; ".join(d.cause(language) for d in found.errors)
        case _:
            return error.diagnostic.cause(language)


def told_of_total(value: str, diagnostic: Diagnostic, language: str) -> str:
    """What is wrong with what a year begins with, in words."""
    cause, way = diagnostic.cause(language), diagnostic.way_out(language)
    if language == "zh":
        return f"{value}：{cause}（{diagnostic.code}）；{way}"
    return f"{value}: {cause} ({diagnostic.code}); {way}"


def refused(example: Example, text: str) -> CaseResult:
    """The result of an example that could not be run."""
    return CaseResult(example.title, example.span, (), (), 0, text)


def run_group(
    compiled: Compiled, settings: Mapping[str, str], places: list[int]
) -> Group:
    """Settle the examples at these places with one program."""
    if settings:
        merged = {**compiled.settings, **settings}
        compiled = compile_sources(compiled.policy.sources, settings=merged)
    examples = [compiled.policy.examples[p] for p in places]
    begins = begun(compiled, examples)
    tables = case_tables(compiled.policy, examples, begins.table)
    answers = read_answers(compiled, tables)
    statements: dict[tuple[int, int], Statement] = {}
    if any(example.funds for example in examples):
        program = decode(compiled.program_bytes)
        for case, example in enumerate(examples):
            for line, fund in enumerate(example.funds):
                statements[case, line] = stated(program, fund)
    return Group(compiled, tables, answers, statements, tuple(places), begins)


def compare(example: Example, case: int, group: Group) -> CaseResult:
    """One example's answers against those expected."""
    answers = group.answers
    differences: list[Difference] = []
    rejections: list[Rejection] = []
    count = 0

    def check(  # one answer
        where: Where, line: str, name: str, expected: object, got: int | str, span: Span
    ) -> None:
        nonlocal count
        count += 1
        wanted = expected if isinstance(expected, str) else int(expected)  # type: ignore[call-overload]
        if wanted != got:
            watched = name in answers.warning_names
            differences.append(
                Difference(where, line, name, wanted, got, watched, span)
            )

    for index, row in enumerate(example.rows):
        line = " ".join(filter(None, (row.label, row.day.isoformat())))
        settled = answers.row(case, settlement_id(index))
        if settled.reject is not None:
            rejections.append(Rejection(line, settled.reject, row.span))
        for name, expected in row.expected.items():
            got = settled.amount(name)
            check(Where.ROW, line, name, expected, got, row.span)
        for name, told in (("收款方", row.payee), ("期限", row.due_by)):
            if told is not None:
                found = settled.payee if name == "收款方" else settled.due_by
                check(Where.ROW, line, name, str(told), str(found or ""), row.span)
    for index, enrolled in enumerate(example.enrolments):
        line = enrolled.day.isoformat()
        for name, expected in enrolled.expected.items():
            got = answers.subsidy(case, index, name)
            check(Where.ENROLMENT, line, name, expected, got, enrolled.span)
    for name, (expected, span) in example.expected.items():
        check(Where.TOTAL, "", name, expected, answers.total(case, name), span)
    for (year, name), (expected, span) in example.year_end.items():
        got = answers.year_end(case, year, name)
        line = "" if year is None else str(year)
        check(Where.YEAR_END, line, name, expected, got, span)
    for index, fund in enumerate(example.funds):
        count += len(fund.expected)
        statement = group.statements[case, index]
        differences.extend(fund_differences(fund, statement))
    return CaseResult(
        example.title, example.span, tuple(differences), tuple(rejections), count
    )


def fund_differences(fund: ExampleFund, statement: Statement) -> Iterator[Difference]:
    """Where a fund's statement is not what its line expects."""
    money = {line.row.name: line.row.kind == "money" for line in statement.lines}
    for (name, part), (expected, span) in fund.expected.items():
        got = answer(statement, name, part)
        if got != expected:
            words = " ".join(filter(None, (name, part)))
            number = part is None and not money.get(name, True)
            yield Difference(
                Where.FUND, fund.fund, words, expected, got, False, span, number
            )  # fmt: skip
