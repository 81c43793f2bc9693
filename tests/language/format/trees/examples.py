"""Lines of examples of any shape."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st
from tests.language.format.trees.expressions import (
    HERE,
    dates,
    durations,
    literal,
    literals,
    maybe_dates,
    named,
    names,
    some_names,
    texts,
)

from jiugao.syntax import tree
from jiugao.syntax.tree import Unit

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
    | st.builds(
        tree.ExampleCarried, st.just(HERE), st.none() | names, dates,
        st.lists(
            st.builds(tree.ExampleTotal, st.just(HERE), texts, amounts_of_funds), min_size=1, max_size=3,
        ).map(tuple),
    )
)  # fmt: skip
lines = named(lines)
