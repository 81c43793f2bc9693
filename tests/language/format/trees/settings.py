"""Benefits of any shape: their settings, and tables of them."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st
from tests.language.format.trees.expressions import (
    HERE,
    citations,
    cited,
    codes,
    dates,
    expressions,
    literals,
    money,
    named,
    names,
    rates,
    some_names,
)

from jiugao.syntax import tree
from jiugao.syntax.tree import Operator, Period, Unit

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
        HERE, figure, change, None if change is tree.Change.NONE else amount, period
    ),
    st.sampled_from(("deductible", "bands", "rate", "limit")),
    st.sampled_from(tree.Change), expressions, periods,
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
