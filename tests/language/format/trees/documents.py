"""Whole files of any shape, for writing and reading back."""

from __future__ import annotations

from hypothesis import strategies as st
from tests.language.format.trees.examples import file_names, lines
from tests.language.format.trees.expressions import (
    HERE,
    citations,
    cited,
    clause_ids,
    codes,
    dates,
    expressions,
    literals,
    maybe_dates,
    money,
    named,
    names,
    rates,
    some_ids,
    some_names,
    texts,
)
from tests.language.format.trees.settings import benefits, keys

from jiugao.syntax import tree
from jiugao.syntax.tree import Operator, Period


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
    | st.builds(
        tree.Carried, st.just(HERE), names, codes,
        st.lists(st.builds(tree.CarriedTotal, st.just(HERE), names, names), max_size=3).map(tuple),
        st.none() | expressions, cited,
    )
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
