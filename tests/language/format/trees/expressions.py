"""Names, figures and expressions of any shape that a file could hold.

Places are those of an empty source, so that everything is written from the tree alone.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TypeVar

from hypothesis import strategies as st

from jiugao.source import Source, Span
from jiugao.syntax import tree
from jiugao.syntax.keywords import TOKEN_OF
from jiugao.syntax.tokens import plain_name
from jiugao.syntax.tree import Operator, Unit

HERE = Span(Source("tree", ""), 0, 0)

T = TypeVar("T")


def named(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T]:
    """The same strategy behind a short repr (hypothesis warns of long ones)."""

    @st.composite
    def tree_part(draw: st.DrawFn) -> T:
        return draw(strategy)

    return tree_part()


TEXTS = (
    "甲", "一类", "政策范围内", "大病保险", "in_scope", "A", "重大疾病33种", "年度费用", "参保",
    "33种重大疾病", "县级以上", "不扣除", "门诊慢特病（含特药）", "a b", "五千元", "个人", "身份",
    *list(TOKEN_OF)[::7],
)  # fmt: skip


def name_of(text: str, quoted: bool) -> tree.Name:
    # The words for a person's part and for identities have a meaning without quotes.
    special = text in {"个人", "身份", "person", "standing"}
    return tree.Name(HERE, text, quoted or special or not plain_name(text))


names = st.builds(name_of, st.sampled_from(TEXTS), st.booleans())
names = named(names)
codes = st.sampled_from(("a", "assistance", "x1", "base"))
some_names = st.lists(names, min_size=1, max_size=3).map(tuple)
texts = st.sampled_from(
    ("三（四）", "“等”字", "a, b； c # d", "", "《办法》", "，  空 ")
)
CLAUSES = st.sampled_from(("LC-3.5", "XN-Y1", "ZZ-3.2d", "A-0"))
clause_ids = st.lists(CLAUSES, max_size=2).map(tuple)
some_ids = st.lists(CLAUSES, min_size=1, max_size=3).map(tuple)
dates = st.dates(dt.date(1990, 1, 1), dt.date(2040, 12, 31)).map(
    lambda d: tree.Date(HERE, d)
)
maybe_dates = st.none() | dates
citations = st.builds(tree.Citation, st.just(HERE), texts, clause_ids)
cited = st.none() | citations
cited = named(cited)
fen = st.integers(0, 10**9).map(lambda n: Fraction(n, 100))


def literal(
    unit: Unit, values: st.SearchStrategy[Fraction]
) -> st.SearchStrategy[tree.Literal]:
    return values.map(lambda v: tree.Literal(HERE, unit, v))


money = literal(Unit.MONEY, fen | st.sampled_from((Fraction(15000), Fraction(10**8))))
rates = literal(Unit.RATE, st.integers(0, 10**5).map(lambda n: Fraction(n, 10**5)))
points = literal(Unit.POINTS, st.integers(0, 999).map(lambda n: Fraction(n, 1000)))
counts = literal(Unit.COUNT, st.integers(0, 5000).map(Fraction))
flags = st.booleans().map(lambda b: tree.Literal(HERE, Unit.FLAG, b))
quoted_texts = texts.map(lambda t: tree.Literal(HERE, Unit.TEXT, t))
durations = st.builds(
    tree.Duration,
    st.just(HERE),
    st.integers(1, 400),
    st.sampled_from(("day", "month", "year")),
)
literals = money | rates | points | counts | flags | quoted_texts
atoms = (
    names | literals | dates | durations | names.map(lambda n: tree.LastYear(HERE, n))
)

ARITHMETIC = (Operator.ADD, Operator.SUB, Operator.MUL, Operator.DIV)
LOGIC = (Operator.AND, Operator.OR)
COMPARING = tuple(set(Operator) - {*ARITHMETIC, *LOGIC, Operator.IN})


def binary(
    operators: tuple[Operator, ...], inner: st.SearchStrategy[tree.Expression]
) -> st.SearchStrategy[tree.Expression]:
    return st.builds(
        tree.Binary, st.just(HERE), st.sampled_from(operators), inner, inner
    )


def bigger(
    inner: st.SearchStrategy[tree.Expression],
) -> st.SearchStrategy[tree.Expression]:
    members = st.lists(names | literals, min_size=1, max_size=3).map(
        lambda items: tree.Members(HERE, tuple(items))
    )
    among = st.builds(
        tree.Binary, st.just(HERE), st.just(Operator.IN), inner, names | members
    )
    return (
        binary(ARITHMETIC, inner) | binary(LOGIC, inner) | binary(COMPARING, inner) | among
        | st.builds(tree.Not, st.just(HERE), inner)
        | st.builds(tree.When, st.just(HERE), inner, inner)
        | st.builds(tree.AtMost, st.just(HERE), inner, inner)
        | st.builds(tree.Total, st.just(HERE), st.just(False), inner)
        | st.builds(tree.Total, st.just(HERE), st.just(True), st.none() | inner)
        | st.builds(tree.YearOnYear, st.just(HERE), inner)
        | st.builds(tree.InExcessOf, st.just(HERE), inner, inner)
    )  # fmt: skip


expressions = named(st.recursive(named(atoms), bigger, max_leaves=6))
