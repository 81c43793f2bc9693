"""Written examples (算例) come in; rows of column values with expected payments go out.

What an example sets is checked when it is compiled with it.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.policy import model
from jiugao.policy.fund_examples import FundNames, fund_names, read_example_fund
from jiugao.policy.group_indicators import by_person
from jiugao.policy.inputs import codes_of, spellings
from jiugao.policy.literals import UNITS, fen_of, kind_word, literal_value
from jiugao.policy.nearest import report_unknown
from jiugao.policy.scope import IN_SCOPE_COLUMN, TOTAL_COLUMN, Scope
from jiugao.policy.walk import inputs_in
from jiugao.syntax import tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jiugao.diagnostics import Diagnostics
    from jiugao.policy.fund_model import ExampleFund
    from jiugao.policy.gather import Gathered
    from jiugao.source import Span

PERSON = ("个人", "person")
Fact = Fraction | str | bool | dt.date


@dataclass(frozen=True)
class Known:
    """What the facts of examples may name, and what may be expected.

    An expense or a payment stands for the first input behind it.
    """

    scope: Scope
    behind: Mapping[str, model.Input]
    expected: Mapping[str, str]
    warnings: frozenset[str]
    funds: dict[str, tuple[str, FundNames]]
    carried: Mapping[str, str | None]  # codes of policies, the own one as None
    found: Diagnostics

    def unread(self, name: str) -> bool:
        """Whether something of the name is declared, and may be gone by a finding.

        The benefit of one class (甲救助·一类) is there once its benefit could be read.
        """
        benefit, _, row = name.partition("·")
        places = self.scope.places
        declared = name in places or (benefit in places and row in self.scope.classes)
        return bool(self.found.errors) and declared


def read_examples(
    gathered: Gathered,
    scope: Scope,
    amounts: Iterable[model.Expense | model.Paid],
    choices: Iterable[model.Choice],
    found: Diagnostics,
) -> tuple[model.Example, ...]:
    """Every example of the policy."""
    behind: dict[str, model.Input] = {}
    for one in amounts:
        first = next(iter(inputs_in(one.amount)), None)
        if first is not None:
            behind[one.name] = behind[one.code] = first
    expected = dict.fromkeys(PERSON, "个人")
    for benefit in gathered.of(tree.Benefit):
        name = benefit.node.name.text
        expected |= {name: name, benefit.node.code or name: name}
    for whole in (c.whole for c in choices if c.whole is not None):
        for row, alternative in whole.classes.items():
            expected |= {f"{whole.name}·{row}": alternative, alternative: alternative}
    for indicator in gathered.of(tree.Indicator):
        if not by_person(indicator.node):
            continue
        name = indicator.node.name.text
        expected |= {name: name, indicator.node.code or name: name}
    indicators = (p.node for p in gathered.of(tree.Indicator))
    warnings = frozenset(i.name.text for i in indicators if by_person(i))
    funds = fund_names(gathered, scope)
    former = {p.node.code: p.node.code for p in gathered.of(tree.Carried)}
    carried = {**former, gathered.main.code: None}
    facts = Known(scope, behind, expected, warnings, funds, carried, found)
    shared: dict[str, str] = {}
    for setting in gathered.of(tree.ExampleSetting):
        read_setting(setting.node, facts, shared)
    for given in gathered.of(tree.ExampleList):
        read_list(given.node, facts, shared)
    cases = gathered.of(tree.Example)
    return tuple(read_example(p.node, facts, shared) for p in cases)


def read_example(
    node: tree.Example, facts: Known, shared: Mapping[str, str]
) -> model.Example:
    """One case; `shared` is set where it sets nothing itself."""
    identities: list[model.ExampleIdentity] = []
    applications: list[tuple[dt.date, str]] = []
    rows: list[model.ExampleRow] = []
    enrolments: list[model.ExampleEnrolment] = []
    funds: list[ExampleFund] = []
    carried: list[model.ExampleCarried] = []
    expected: dict[str, tuple[Fraction, Span]] = {}
    year_end: dict[tuple[int | None, str], tuple[Fraction, Span]] = {}
    settings = dict(shared)
    for line in node.lines:
        match line:
            case tree.ExampleIdentity(identities=held, start=start, end=end):
                days = (start.value if start else None, end.value if end else None)
                identities += [model.ExampleIdentity(i.text, *days) for i in held]
            case tree.ExampleApplication(date=date, identity=identity):
                applications.append((date.value, identity.text))
            case tree.ExampleClaim():
                rows.append(read_row(line, facts, len(rows) + 1))
            case tree.ExampleReversal():
                rows.append(read_reversal(line, facts, rows))
            case tree.ExampleEnrolment():
                enrolments.append(read_enrolment(line, facts))
            case tree.ExampleExpectation(year=year):
                for name, amount, span in expectations(line.expected, facts):
                    if line.year_end:
                        year_end[year, name] = (amount, span)
                    else:
                        expected[name] = (amount, span)
            case tree.ExampleSetting():
                read_setting(line, facts, settings)
            case tree.ExampleList():
                read_list(line, facts, settings)
            case tree.ExampleFund():
                funded = read_example_fund(line, facts.funds, facts.found)
                funds += [funded] if funded is not None else []
            case tree.ExampleCarried():
                carried.append(read_carried(line, facts))
    return model.Example(
        node.title, tuple(identities), tuple(applications), tuple(rows),
        tuple(enrolments), tuple(funds), expected, year_end, settings, node.span,
        tuple(carried),
    )  # fmt: skip


def read_setting(
    node: tree.ExampleSetting, facts: Known, settings: dict[str, str]
) -> None:
    """参数 name = value, as a caller would set it."""
    name, parameters = node.name, facts.scope.parameters
    parameter = parameters.get(name.text)
    if parameter is None:
        if name.text not in facts.scope.unread:
            report_unknown(facts.found, name.span, name.text, parameters)
        return
    settings[parameter.name] = setting_text(node)


def setting_text(node: tree.ExampleSetting | tree.ExampleList) -> str:
    """A value, or a list's file, as a caller would write it."""
    if isinstance(node, tree.ExampleList):
        return node.file.text
    value = node.value
    text = value.value if isinstance(value, tree.Literal) else None
    return text if isinstance(text, str) else value.span.text


def read_list(node: tree.ExampleList, facts: Known, settings: dict[str, str]) -> None:
    """名录 name 来自 "file"."""
    name, known = node.name, facts.scope.code_lists
    if name.text not in known:
        report_unknown(facts.found, name.span, name.text, known)
    settings[name.text] = setting_text(node)


def read_row(line: tree.ExampleClaim, facts: Known, number: int) -> model.ExampleRow:
    """One settlement; without a total charge the in-scope amount is the total."""
    values: dict[str, Fact] = {}
    for fact in line.facts:
        put_fact(fact, facts, facts.scope.inputs, values)
    if TOTAL_COLUMN not in values:
        values[TOTAL_COLUMN] = values.get(IN_SCOPE_COLUMN, Fraction(0))
    year_by = facts.scope.year_by
    if year_by is not None:
        values[year_by.column] = line.date.value
    told, answers = answered(line.expected)
    expected = {n: amount for n, amount, _ in expectations(answers, facts)}
    label, day = line.label or str(number), line.date.value
    return model.ExampleRow(label, day, values, None, expected, line.span, *told)


def read_reversal(
    line: tree.ExampleReversal, facts: Known, rows: Sequence[model.ExampleRow]
) -> model.ExampleRow:
    """撤销 "甲" day: the row that undoes another."""
    labels = [row.label for row in rows]
    if line.label not in labels:
        report_unknown(facts.found, line.span, line.label, labels)
    told, answers = answered(line.expected)
    expected = {n: amount for n, amount, _ in expectations(answers, facts)}
    label, day = f"撤销 {line.label}", line.date.value
    return model.ExampleRow(label, day, {}, line.label, expected, line.span, *told)


def read_carried(line: tree.ExampleCarried, facts: Known) -> model.ExampleCarried:
    """承接 old_code 至 day，totals."""
    code = line.code
    if code is not None and code.text not in facts.carried:
        report_unknown(facts.found, code.span, code.text, facts.carried)
    totals: dict[str, Fraction] = {}
    for total in line.totals:
        if total.name in totals:
            facts.found.add("E434", total.span, name=total.name)
        match total.amount:
            case tree.Literal(unit=tree.Unit.MONEY, value=Fraction() as yuan):
                totals[total.name] = yuan * 100
            case amount:
                words = {"wanted": "@money", "found": kind_word(amount)}
                facts.found.add("E301", amount.span, **words)
    former = facts.carried.get(code.text) if code is not None else None
    return model.ExampleCarried(former, line.until.value, totals, line.span)


def answered(
    written: Sequence[tree.Assignment],
) -> tuple[tuple[str | None, dt.date | None], tuple[tree.Assignment, ...]]:
    """收款方 and 期限 of a row, and the answers that are amounts."""
    payee: str | None = None
    due_by: dt.date | None = None
    rest: list[tree.Assignment] = []
    for one in written:
        match one:
            case tree.Assignment(
                name=tree.Name(text="收款方", quoted=False), value=tree.Name(text=name)
            ):
                payee = name
            case tree.Assignment(
                name=tree.Name(text="期限", quoted=False), value=tree.Date(value=day)
            ):
                due_by = day
            case _:
                rest.append(one)
    return (payee, due_by), tuple(rest)


def read_enrolment(line: tree.ExampleEnrolment, facts: Known) -> model.ExampleEnrolment:
    """One enrolment row."""
    values: dict[str, Fact] = {}
    for fact in line.facts:
        put_fact(fact, facts, facts.scope.enrolment, values)
    expected = {n: amount for n, amount, _ in expectations(line.expected, facts)}
    return model.ExampleEnrolment(line.date.value, values, expected, line.span)


def put_fact(
    fact: tree.Name | tree.Assignment,
    facts: Known,
    inputs: Mapping[str, model.Input],
    values: dict[str, Fact],
) -> None:
    """A bare name is a code's label or a true flag; else a name with its value."""
    if isinstance(fact, tree.Assignment):
        put_assignment(fact, facts, inputs, values)
        return
    match inputs.get(fact.text):
        case model.Input(kind=model.Kind.FLAG) as flag:
            put(fact.span, flag, True, facts, values)
            return
        case _:
            pass
    coded = {i.column: i for i in inputs.values() if fact.text in i.codes.values()}
    match list(coded.values()):
        case [column]:
            code = min(codes_of(column, fact.text))
            put(fact.span, column, code, facts, values)
        case []:
            distinct = {i.column: i for i in inputs.values()}.values()
            labels = [label for i in distinct for label in i.codes.values()]
            flags = [i.name for i in distinct if i.kind is model.Kind.FLAG]
            report_unknown(facts.found, fact.span, fact.text, [*labels, *flags])
        case _:
            columns = tuple(i.name for i in coded.values())
            facts.found.add("E433", fact.span, name=fact.text, inputs=columns)


def put_assignment(
    fact: tree.Assignment,
    facts: Known,
    inputs: Mapping[str, model.Input],
    values: dict[str, Fact],
) -> None:
    """`name amount`: an input, or an expense or payment for the input behind it."""
    name = fact.name.text
    column = inputs.get(name) or facts.behind.get(name)
    if column is None:
        if not facts.unread(name):
            known = [*inputs, *facts.behind]
            report_unknown(facts.found, fact.name.span, name, known)
        return
    value = fact_value(fact.value, column, facts.found)
    if value is not None:
        put(fact.span, column, value, facts, values)


def put(
    span: Span, column: model.Input, value: Fact, facts: Known, values: dict[str, Fact]
) -> None:
    """One value for a column; two facts about one column are a finding."""
    if column.column in values:
        facts.found.add("E434", span, name=column.name)
    values[column.column] = value


def fact_value(
    value: tree.Expression, column: model.Input, found: Diagnostics
) -> Fact | None:
    """A literal of the column's kind; a code by its label."""
    match value, column.kind:
        case tree.Literal(unit=unit), kind if UNITS[unit] is kind:
            return literal_value(value, found)
        case tree.Date(value=day), model.Kind.DATE:
            return day
        case tree.Name(text=label), model.Kind.CODE:
            return code_of(value, label, column, found)
        case tree.Name(text=text), model.Kind.TEXT:
            return text
        case tree.Literal(unit=tree.Unit.COUNT), model.Kind.CODE:
            return code_of(value, value.span.text, column, found)
        case tree.Literal(unit=tree.Unit.TEXT, value=str() as text), model.Kind.CODE:
            return code_of(value, text, column, found)
        case tree.Literal(unit=tree.Unit.COUNT), model.Kind.TEXT:
            return value.span.text
        case _:
            wanted, written = f"@{column.kind.value}", kind_word(value)
            found.add("E301", value.span, wanted=wanted, found=written)
            return None


def code_of(
    value: tree.Expression, written: str, column: model.Input, found: Diagnostics
) -> str | None:
    """The code that a label or a code's own text stands for; None: a finding."""
    codes = codes_of(column, written) if column.codes else frozenset((written,))
    if codes:
        return min(codes)
    report_unknown(found, value.span, written, spellings(column))
    return None


def expectations(
    written: Sequence[tree.Assignment], facts: Known
) -> Iterable[tuple[str, Fraction, Span]]:
    """Benefits (or 个人) with the amount expected, in fen; a warning as 1 or 0."""
    for one in written:
        name = facts.expected.get(one.name.text)
        if name is None:
            text = one.name.text
            if not facts.unread(text):
                report_unknown(facts.found, one.name.span, text, facts.expected)
            continue
        match one.value:
            case tree.Literal(unit=tree.Unit.MONEY):
                yield name, fen_of(one.value, facts.found), one.span
            case tree.Literal(value=bool() as warned) if name in facts.warnings:
                yield name, Fraction(warned), one.span
            case _:
                words = {"wanted": "@money", "found": kind_word(one.value)}
                facts.found.add("E301", one.value.span, **words)
