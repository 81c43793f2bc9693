"""Trees of any shape that a file could hold, for writing and reading back.

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
from jiugao.syntax.tree import Operator, Period, Unit

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
periods = st.sampled_from((None, *Period))
operators = st.sampled_from((Operator.AT_LEAST, Operator.OVER))
keys = st.lists(
    names
    | literals
    | dates
    | st.builds(tree.LevelRange, st.just(HERE), names, st.booleans()),
    max_size=3,
).map(tuple)
keys = named(keys)


def limit(
    shared: bool,
    amount: tree.Expression | None,
    period: Period | None,
    names: tuple[tree.Name, ...],
) -> tree.Limit:
    if shared:
        return tree.Limit(HERE, None, None, names)
    # A name without a period is a shared limit.
    bare = period is None and isinstance(amount, tree.Name)
    return tree.Limit(HERE, amount, Period.YEAR if bare else period)


limits = st.builds(limit, st.booleans(), st.none() | expressions, periods, some_names)
limits = named(limits)
sharings = st.sampled_from(("pro_rata", "by_date")).map(lambda w: tree.Sharing(HERE, w)) | (
    st.lists(names, min_size=2, max_size=3).map(
        lambda parts: tree.Sharing(HERE, "in_order", tuple(parts))
    )
)  # fmt: skip


def deductible(
    amount: tree.Expression | None, period: Period | None, sharing: tree.Sharing | None
) -> tree.Deductible:
    return tree.Deductible(
        HERE, amount, period, sharing if amount is not None else None
    )


part_rates = st.lists(
    st.builds(tree.PartRate, st.just(HERE), names, rates | expressions),
    min_size=1, max_size=3,
).map(lambda rates: tree.PartRates(HERE, tuple(rates)))  # fmt: skip
figures = (
    st.builds(deductible, st.none() | expressions, periods, st.none() | sharings)
    | st.builds(tree.Gate, st.just(HERE), expressions, operators, periods)
    | st.builds(tree.Rate, st.just(HERE), expressions)
    | part_rates
    | limits
    | st.builds(tree.Fixed, st.just(HERE), expressions)
)
figures = named(figures)
# An edge and a rate stand at the level of sums.
edges = st.none() | money | names
bands = st.builds(
    tree.Bands, st.just(HERE), st.sampled_from((None, Period.YEAR, Period.CLAIM)),
    st.lists(st.builds(tree.Band, st.just(HERE), edges, edges, expressions), max_size=4).map(tuple),
)  # fmt: skip
bands = named(bands)
edits = st.builds(
    lambda figure, change, amount, period: tree.TiltEdit(
        HERE, figure, change, None if change == "none" else amount, period
    ),
    st.sampled_from(("deductible", "bands", "rate", "limit")),
    st.sampled_from(("raised", "lowered", "none", "set")), expressions, periods,
)  # fmt: skip


def base(
    amount: tree.Expression, less: tuple[tree.Name, ...], by_year: bool
) -> tree.Base:
    return tree.Base(HERE, amount, less, by_year and isinstance(amount, tree.AtMost))


bases = st.builds(base, expressions, st.just(()) | some_names, st.booleans())
bases = named(bases)
base_parts = st.lists(st.builds(tree.BasePart, st.just(HERE), names, bases), max_size=3).map(
    lambda parts: tree.BaseParts(HERE, tuple(parts))
)  # fmt: skip
plain_settings = (
    figures | bands | bases | base_parts
    | st.builds(tree.Counting, st.just(HERE), dates, st.none() | expressions)
    | st.builds(tree.Applies, st.just(HERE), expressions)
    | st.just(tree.NotEntitled(HERE))
    | st.builds(tree.Tilt, st.just(HERE), some_names, st.lists(edits, max_size=3).map(tuple), cited)
    | st.builds(
        tree.Settle, st.just(HERE),
        st.sampled_from(("per_claim", "year_end", "per_claim_year_end_top_up")), st.booleans(),
    )
    | st.builds(
        tree.Rounding, st.just(HERE), st.sampled_from(("half_up", "half_even", "truncate")),
        st.booleans(), st.sampled_from(("fen", "yuan")),
    )
    | st.builds(tree.Payer, st.just(HERE), names)
    | st.builds(tree.Payee, st.just(HERE), names, st.none(), st.just(False), st.none() | expressions)
    | st.builds(tree.Payee, st.just(HERE), names, names, st.booleans(), st.none() | expressions)
    | st.builds(tree.DueBy, st.just(HERE), expressions, st.none() | expressions)
    | st.builds(tree.Actual, st.just(HERE), expressions)
    | st.builds(tree.Replaces, st.just(HERE), names, expressions)
    | st.builds(tree.BestOf, st.just(HERE), st.sampled_from((None, Period.YEAR, Period.CLAIM)))
)  # fmt: skip


def with_period(node: tree.Setting, period: Period | None) -> tree.Setting:
    """A figure's setting as a row of its table holds it: the head has the period."""
    match node:
        case tree.Deductible(amount=amount, sharing=sharing):
            return tree.Deductible(HERE, amount, period, sharing)
        case tree.Gate(amount=amount, operator=operator):
            return tree.Gate(HERE, amount, operator, period)
        case tree.Limit(amount=amount, shared=shared):
            if shared and period is not None:
                return tree.Limit(
                    HERE, tree.Literal(HERE, Unit.MONEY, Fraction(1)), period
                )
            return limit(bool(shared), amount, period, shared)
        case _:
            return node


KINDS = {
    "deductible": tree.Deductible, "gate": tree.Gate,
    "rate": tree.Rate | tree.PartRates, "limit": tree.Limit, "fixed": tree.Fixed,
}  # fmt: skip


@st.composite
def figure_tables(
    draw: st.DrawFn,
    figure: str | None = None,
    period: Period | None = None,
    deep: bool = True,
) -> tree.By:
    if figure is None:
        figure = draw(st.sampled_from(sorted(KINDS)))
        with_one = figure in {"deductible", "gate", "limit"}
        period = draw(st.sampled_from(list(Period))) if with_one else None
    kind = KINDS[figure]
    rows = []
    for _ in range(draw(st.integers(1, 3))):
        setting: tree.Setting
        if deep and draw(st.integers(0, 4)) == 0:
            setting = draw(figure_tables(figure, period, deep=False))
        elif draw(st.integers(0, 5)) == 0 and rows:
            setting = tree.NotEntitled(HERE)
        else:
            drawn = draw(figures.filter(lambda f: isinstance(f, kind)))
            setting = with_period(drawn, period)
        rows.append(tree.ByRow(HERE, draw(keys), (setting,), draw(cited)))
    return tree.By(HERE, figure, draw(expressions), tuple(rows))


def tables(inner: st.SearchStrategy[tree.Setting]) -> st.SearchStrategy[tree.Setting]:
    rows = st.builds(
        tree.ByRow,
        st.just(HERE),
        keys,
        st.lists(inner, min_size=1, max_size=3).map(tuple),
        cited,
    )
    return st.builds(
        tree.By, st.just(HERE), st.none(), expressions,
        st.lists(rows, max_size=3).map(tuple),
    )  # fmt: skip


settings = named(
    st.recursive(named(plain_settings) | figure_tables(), tables, max_leaves=4)
)
benefits = st.builds(
    tree.Benefit, st.just(HERE), names, st.none() | codes,
    st.none() | st.just(tree.Name(HERE, "参保")),
    st.lists(settings | citations, max_size=4).map(tuple),
)  # fmt: skip
benefits = named(benefits)

# --- items -------------------------------------------------------------------------------


def force(
    start: tree.Date, end: tree.Date | None, back: tree.Date | None,
    condition: tree.Expression | None, citation: tree.Citation | None, ids: tuple[str, ...],
    counted: tree.Date | None,
) -> tree.Force:  # fmt: skip
    held = citation.clauses if citation else ids
    return tree.Force(HERE, start, end, back, held, condition, citation, counted)


@st.composite
def standing_rows(draw: st.DrawFn) -> tree.StandingRow:
    months = draw(st.none() | st.integers(1, 36))
    return tree.StandingRow(
        HERE,
        name=draw(names),
        identities=draw(some_names),
        excepted=draw(st.just(()) | some_names),
        on_application=draw(st.booleans()),
        lookback_months=months,
        once_a_year=draw(st.booleans()),
        citation=draw(cited),
        condition=draw(st.none() | expressions),
        # It says something of the months only.
        unclassed_only=months is not None and draw(st.booleans()),
        lifetime=draw(st.booleans()),
    )


input_codes = st.builds(
    tree.Code, st.just(HERE), st.sampled_from(("11", "0101", "A1", "a-1", "一")), names
)
inputs = st.builds(
    tree.Input, st.just(HERE), names, codes,
    st.sampled_from(("金额", "是否", "代码", "日期", "数", "文本")).map(lambda k: tree.Name(HERE, k)),
    st.none() | names | literals | dates,
    st.none() | st.sampled_from(("机构", "参保", "人员", "结算")).map(lambda t: tree.Name(HERE, t)),
    st.lists(input_codes, max_size=3).map(tuple), cited,
    st.just(()) | st.just(("other",)), st.booleans(), st.none() | names,
)  # fmt: skip
inputs = named(inputs)


def value(
    start: tree.Date | None, end: tree.Date | None, amount: tree.Expression,
    published: tree.Date | None, citation: tree.Citation | None,
) -> tree.DatedValue:  # fmt: skip
    return tree.DatedValue(HERE, start, end, amount, published, citation)


locks = st.none() | st.sampled_from(tree.Lock)
bounds = st.sampled_from(
    (
        (),
        (Operator.AT_LEAST,),
        (Operator.NOT_OVER,),
        (Operator.AT_LEAST, Operator.NOT_OVER),
    )
).flatmap(
    lambda operators: st.tuples(
        *(st.builds(tree.Bound, st.just(HERE), st.just(o), literals) for o in operators)
    )
)


@st.composite
def parameters(draw: st.DrawFn) -> tree.Parameter:
    amounts = st.builds(value, dates, maybe_dates, expressions, maybe_dates, cited)
    way = draw(st.sampled_from(("given", "rows", "open")))
    options: tuple[tree.Name, ...] = ()
    kind = None
    if way == "given":
        one = st.builds(
            value, maybe_dates, maybe_dates, expressions, maybe_dates, st.none()
        )
        values = (draw(one),)
        options = draw(st.just(()) | some_names)
    elif way == "rows":
        values = tuple(draw(st.lists(amounts, min_size=2, max_size=3)))
    else:
        values = ()
        kind = (
            tree.Name(HERE, draw(st.sampled_from(("金额", "比例", "日期"))))
            if draw(st.booleans())
            else None
        )
        options = draw(st.just(()) | some_names)
    why = draw(st.none() | texts)
    return tree.Parameter(
        HERE,
        draw(names),
        draw(st.none() | codes),
        values,
        kind,
        options,
        why,
        draw(cited),
        draw(bounds),
        draw(locks),
        draw(st.none() | st.builds(tree.Advice, st.just(HERE), texts)),
    )


targets = st.builds(
    tree.Target, st.just(HERE),
    st.sampled_from((Operator.OVER, Operator.NOT_OVER, Operator.AT_LEAST, Operator.BELOW)),
    expressions,
)  # fmt: skip
no_target = st.just(tree.Target(HERE, Operator.NOT_OVER, None))
pending = st.just(tree.Target(HERE, Operator.NOT_OVER, None, pending=True))
target_tables = st.builds(
    tree.TargetTable, st.just(HERE), expressions,
    st.lists(st.builds(tree.TargetRow, st.just(HERE), keys, targets | no_target | pending), max_size=3).map(tuple),
)  # fmt: skip
target_tables = named(target_tables)
signed = literal(Unit.MONEY, st.integers(-(10**7), -1).map(lambda n: Fraction(n, 100)))
person = st.just(tree.Name(HERE, "个人"))
amounts_of_funds = (literals | signed).filter(
    lambda value: not (isinstance(value, tree.Literal) and value.unit is tree.Unit.FLAG)
)
assignments = st.builds(
    tree.Assignment,
    st.just(HERE),
    names | person,
    names | literals | dates | durations | signed,
)
assignments = named(assignments)
told = st.builds(
    tree.Assignment, st.just(HERE), st.just(tree.Name(HERE, "收款方")), names
) | st.builds(tree.Assignment, st.just(HERE), st.just(tree.Name(HERE, "期限")), dates)
answers = st.lists(assignments | told, min_size=1, max_size=3).map(tuple)
answers = named(answers)
facts = st.lists(names | assignments, max_size=3).map(tuple)
facts = named(facts)
no_answers = st.just(())
file_names = st.builds(tree.FileName, st.just(HERE), texts)
lines = (
    st.builds(tree.ExampleIdentity, st.just(HERE), some_names, maybe_dates, maybe_dates)
    | st.builds(tree.ExampleApplication, st.just(HERE), dates, names)
    | st.builds(tree.ExampleClaim, st.just(HERE), st.none() | texts, dates, facts, no_answers | answers)
    | st.builds(tree.ExampleReversal, st.just(HERE), texts, dates, no_answers | answers)
    | st.builds(tree.ExampleEnrolment, st.just(HERE), dates, facts, no_answers | answers)
    | st.builds(
        lambda year, expected: tree.ExampleExpectation(HERE, year is not None, year or None, expected),
        st.sampled_from((None, 0, 2023)), answers,
    )
    | st.builds(tree.ExampleSetting, st.just(HERE), names, names | literals | dates)
    | st.builds(tree.ExampleList, st.just(HERE), names, file_names)
    | st.builds(
        tree.ExampleFund, st.just(HERE), names, st.none() | st.just(2023),
        st.lists(st.builds(
            lambda name, value, last: tree.Assignment(HERE, name, value, None, last),
            names, amounts_of_funds, st.booleans(),
        ), max_size=2).map(tuple),
        st.lists(st.builds(
            tree.Assignment, st.just(HERE), names, amounts_of_funds, st.none() | names,
        ), max_size=2).map(tuple),
    )
)  # fmt: skip
lines = named(lines)
choosing = st.sampled_from((Period.CLAIM, Period.YEAR))
parts = st.lists(
    st.builds(tree.SharePart, st.just(HERE), names, expressions), min_size=1, max_size=3
).map(tuple)
share_edges = st.none() | names | money | rates
share_bands = st.lists(
    st.builds(tree.ShareBand, st.just(HERE), st.just(True), share_edges, share_edges, parts),
    min_size=1, max_size=3,
).map(tuple) | parts.map(lambda p: (tree.ShareBand(HERE, False, None, None, p),))  # fmt: skip
fund_rows = (
    st.builds(
        tree.Pooled, st.just(HERE), st.sampled_from(("县", "市")).map(lambda t: tree.Name(HERE, t)),
        st.none() | expressions,
    )
    | st.builds(
        tree.Headcount, st.just(HERE), names, st.none() | expressions, st.none() | expressions,
        st.none() | st.sampled_from(("全额", "按月")).map(lambda t: tree.Name(HERE, t)), cited,
    )
    | st.builds(tree.Reckoned, st.just(HERE), names, expressions, cited)
    | st.builds(tree.Share, st.just(HERE), names, expressions, st.none() | expressions, share_bands, cited)
)  # fmt: skip
fund_rows = named(fund_rows)
funds = st.builds(
    tree.Fund, st.just(HERE), names, st.none() | codes,
    st.lists(fund_rows, max_size=4).map(tuple), cited,
)  # fmt: skip
funds = named(funds)
items = (
    citations | parameters() | inputs | benefits | funds
    | st.builds(force, dates | names, maybe_dates | names, maybe_dates, st.none() | expressions, cited, clause_ids, maybe_dates)
    | st.builds(tree.Year, st.just(HERE), maybe_dates | names, names, st.none() | expressions)
    | st.builds(
        tree.Standing, st.just(HERE), names, st.booleans(),
        st.lists(standing_rows(), max_size=3).map(tuple), cited,
    )
    | st.builds(
        tree.Standing, st.just(HERE), names, st.just(False),
        st.lists(standing_rows(), max_size=3).map(tuple), cited, choosing,
    )
    | st.builds(tree.Choice, st.just(HERE), choosing, some_names, cited)
    | st.builds(tree.NameList, st.just(HERE), names, some_names, cited)
    | st.builds(tree.CodeList, st.just(HERE), names, st.none() | file_names, cited, locks)
    | st.builds(tree.Term, st.just(HERE), names, expressions, cited)
    | st.builds(tree.Expense, st.just(HERE), names, st.none() | codes, st.none() | names, expressions, cited)
    | st.builds(tree.Paid, st.just(HERE), names, st.none() | codes, names, expressions, cited)
    | st.builds(
        tree.SharedLimit, st.just(HERE), names, st.none() | money | names, st.sampled_from(list(Period)), cited
    )
    | st.builds(
        tree.Indicator, st.just(HERE), names, st.none() | codes,
        st.lists(names | st.sampled_from(("人", "年")).map(lambda t: tree.Name(HERE, t)), min_size=1, max_size=2).map(tuple),
        expressions, targets | target_tables | pending, cited,
    )
    | st.builds(
        tree.NotComputed, st.just(HERE), some_ids, texts
    )
    | st.builds(tree.Example, st.just(HERE), texts, st.lists(lines, max_size=4).map(tuple))
    | st.builds(tree.ExampleSetting, st.just(HERE), names, names | literals | dates)
    | st.builds(tree.ExampleList, st.just(HERE), names, file_names)
)  # fmt: skip
items = named(items)
policies = st.builds(
    tree.Policy,
    st.just(HERE),
    names,
    codes,
    st.none() | codes,
    st.lists(items, max_size=4).map(tuple),
)
policies = named(policies)
profiles = st.builds(
    tree.Profile, st.just(HERE), names, codes,
    st.lists(inputs | st.builds(tree.NameList, st.just(HERE), names, some_names, cited), max_size=3).map(tuple),
)  # fmt: skip
profiles = named(profiles)
overlays = st.builds(
    tree.Overlay, st.just(HERE), names, codes, names | file_names,
    st.lists(items, max_size=4).map(tuple),
)  # fmt: skip
overlays = named(overlays)
documents = st.builds(
    tree.Document,
    st.just(HERE),
    st.lists(policies | profiles | overlays, max_size=2).map(tuple),
    st.just(()),
)
documents = named(documents)
