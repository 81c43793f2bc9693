"""Examples: a case, line by line, with its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.syntax import tree
from jiugao.syntax.build.funds import year_of
from jiugao.syntax.build.items import file_name
from jiugao.syntax.build.members import (
    Context,
    End,
    Expected,
    Facts,
    Members,
    Names,
    Part,
    Start,
)  # fmt: skip
from jiugao.syntax.keywords import PLACE_WORDS

if TYPE_CHECKING:
    from jiugao.source import Span


def example(_: Context, span: Span, members: Members) -> tree.Example:
    """算例 "title" { lines }."""
    title = members.token("TEXT")
    lines = tuple(m for m in members if isinstance(m, tree.ExampleLine))
    return tree.Example(span, title.text if title else "", lines)


def example_identity(_: Context, span: Span, members: Members) -> tree.ExampleIdentity:
    """身份 a、b [自 day] [至 day]."""
    start, end = members.maybe(Start), members.maybe(End)
    return tree.ExampleIdentity(
        span,
        members.one(Names).items,
        start.date if start else None,
        end.date if end else None,
    )


def application(_: Context, span: Span, members: Members) -> tree.ExampleApplication:
    """申请 day identity."""
    return tree.ExampleApplication(span, members.one(tree.Date), members.one(tree.Name))


def claim(_: Context, span: Span, members: Members) -> tree.ExampleClaim:
    """结算 ["label"] day facts [应得 …]."""
    label = members.token("TEXT")
    facts, expected = members.maybe(Facts), members.maybe(Expected)
    return tree.ExampleClaim(
        span,
        label.text if label else None,
        members.one(tree.Date),
        facts.items if facts else (),
        expected.items if expected else (),
    )


def reversal(_: Context, span: Span, members: Members) -> tree.ExampleReversal:
    """撤销 "label" day [应得 …]."""
    label = members.token("TEXT")
    expected = members.maybe(Expected)
    return tree.ExampleReversal(
        span,
        label.text if label else "",
        members.one(tree.Date),
        expected.items if expected else (),
    )


def enrolment(_: Context, span: Span, members: Members) -> tree.ExampleEnrolment:
    """参保 day，facts [应得 …]."""
    facts, expected = members.maybe(Facts), members.maybe(Expected)
    return tree.ExampleEnrolment(
        span,
        members.one(tree.Date),
        facts.items if facts else (),
        expected.items if expected else (),
    )


def expectation(_: Context, span: Span, members: Members) -> tree.ExampleExpectation:
    """应得 answers over all rows."""
    answers = members.every(tree.Assignment)
    return tree.ExampleExpectation(span, year_end=False, year=None, expected=answers)


def year_end(context: Context, span: Span, members: Members) -> tree.ExampleExpectation:
    """年终 [2023年] 应得 answers."""
    year = year_of(context, members)
    answers = members.every(tree.Assignment)
    return tree.ExampleExpectation(span, year_end=True, year=year, expected=answers)


def example_setting(_: Context, span: Span, members: Members) -> tree.ExampleSetting:
    """参数 name = value."""
    name, value = members.expressions()
    assert isinstance(name, tree.Name)
    return tree.ExampleSetting(span, name, value)


def shared_setting(_: Context, span: Span, members: Members) -> tree.ExampleSetting:
    """算例 参数 name = value, for every case of the policy."""
    return example_setting(_, span, members)


def example_list(context: Context, span: Span, members: Members) -> tree.ExampleList:
    """名录 name 来自 "file"."""
    file = file_name(context, members)
    assert file is not None
    return tree.ExampleList(span, members.one(tree.Name), file)


def shared_list(context: Context, span: Span, members: Members) -> tree.ExampleList:
    """算例 名录 name 来自 "file", for every case of the policy."""
    return example_list(context, span, members)


def example_carried(_: Context, span: Span, members: Members) -> tree.ExampleCarried:
    """承接 [code] 至 day，totals."""
    return tree.ExampleCarried(
        span,
        members.maybe(tree.Name),
        members.one(End).date,
        members.every(tree.ExampleTotal),
    )


def example_total(_: Context, span: Span, members: Members) -> tree.ExampleTotal:
    """A total in quotes, and its amount."""
    token = members.token("TEXT")
    (amount,) = members.expressions()
    return tree.ExampleTotal(span, token.text if token else "", amount)


def facts(_: Context, __: Span, members: Members) -> Facts:
    """普通住院，政策范围内 1万元."""
    return Facts(
        tuple(m for m in members if isinstance(m, tree.Name | tree.Assignment))
    )


def expected(_: Context, __: Span, members: Members) -> Expected:
    """应得 answers, on the row itself."""
    return Expected(members.every(tree.Assignment))


def assignment(_: Context, span: Span, members: Members) -> tree.Assignment:
    """[上年] name value; the person's part is 个人 in the tree."""
    name, part = members.one(tree.Name), members.maybe(Part)
    if part is not None:
        return tree.Assignment(span, name, part.value, part.name)
    value = members.expressions()[1]
    if name.text == "person" and not name.quoted:
        name = tree.Name(name.span, PLACE_WORDS[name.text])
    return tree.Assignment(span, name, value, last_year=members.has("LAST_YEAR"))


def expected_payee(context: Context, span: Span, members: Members) -> tree.Assignment:
    """收款方 name: to whom the row is paid."""
    return _told(context, span, members, "PAYEE", members.one(tree.Name))


def expected_due(context: Context, span: Span, members: Members) -> tree.Assignment:
    """期限 day: by when the row is to be paid."""
    return _told(context, span, members, "DUE_BY", members.one(tree.Date))


def _told(
    context: Context,
    span: Span,
    members: Members,
    word: str,
    value: tree.Name | tree.Date,
) -> tree.Assignment:
    token = members.token(word)
    assert token is not None
    name = tree.Name(context.span(token), tree.ANSWERED[word])
    return tree.Assignment(span, name, value)


def share_of(_: Context, __: Span, members: Members) -> Part:
    """Bearer and amount, after the name of a fund's share."""
    name, value = members.expressions()
    assert isinstance(name, tree.Name)
    return Part(name, value)
