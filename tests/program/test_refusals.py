"""What a program cannot hold is refused with a code, words in both languages, a way out."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from jiugao.diagnostics import Diagnostic, RulesError
from jiugao.engine import Program
from jiugao.policy import model
from jiugao.program import encode, lower
from jiugao.program.caps import CAPS
from jiugao.program.days import At, worth
from jiugao.syntax.tree import Operator, Period
from tests.oracle import hand

ROOT = Path(__file__).parents[2]
SPAN = hand.SPAN
PLAIN = hand.leaf(hand.rate(50))
NO_LIMIT = hand.leaf(())
NO_DEDUCTIBLE = hand.leaf(hand.deductible(None))
ONE = (hand.klass("one", "destitute"),)


def policy_of(**settings: object) -> model.Policy:
    given = {
        "deductible": NO_DEDUCTIBLE,
        "rates": PLAIN,
        "limits": NO_LIMIT,
        "standing": False,
        **settings,
    }
    return hand.policy(ONE, (hand.benefit("aid", **given),))  # type: ignore[arg-type]


def refused(policy: model.Policy) -> str:
    with pytest.raises(RulesError) as raised:
        lower(policy)
    (found,) = raised.value.diagnostics
    for language in ("zh", "en"):
        assert "{" not in found.cause(language) + found.way_out(language)
    return found.code


def coded(name: str, count: int) -> model.InputRef:
    codes = {str(number): f"{name}{number}" for number in range(count)}
    column = model.Input(name, name, model.Kind.CODE, "claims", True, None, codes)
    return hand.of(column)


def by_code(subject: model.InputRef, inside: model.Figure | None = None) -> model.Table:
    arms = tuple(
        model.Arm(
            frozenset({code}),
            False,
            inside or hand.leaf(hand.rate(number % 90 + 1)),
            SPAN,
        )
        for number, code in enumerate(subject.input.codes)
    )
    return model.Table(subject, arms, SPAN)


def test_plain_policies_are_not_refused() -> None:
    assert lower(policy_of()).benefits[0].figures


def test_too_many_identities() -> None:
    names = tuple(f"i{number}" for number in range(63))
    policy = hand.policy((hand.klass("one", *names),), ())
    assert refused(policy) == "E480"
    assert lower(hand.policy((hand.klass("one", *names[:62]),), ())).classes[0].any_of


def test_caps_are_those_of_the_verifier() -> None:
    held = (ROOT / "rust/program/src/caps.rs").read_text("utf-8")
    named = re.findall(r"const (\w+): \w+ = ([\d_]+);", held)
    theirs = {name: int(most.replace("_", "")) for name, most in named}
    assert {name: theirs[name] for name in CAPS} == CAPS


def test_too_many_benefits() -> None:
    def many(count: int) -> model.Policy:
        one = policy_of().benefits[0]
        benefits = (
            replace(one, name=f"aid{n}", code=f"aid{n}", applies=None)
            for n in range(count)
        )
        return replace(policy_of(), benefits=tuple(benefits))

    assert refused(many(65)) == "E480"
    assert Program.load(encode(lower(many(64))))


def test_too_many_bands_and_limits_in_a_row() -> None:
    def banded(count: int) -> model.Policy:
        edges = [hand.fen(n * 100) for n in range(count)]
        ends = [*edges[1:], None]
        half = hand.rate(50).bands[0].rate
        bands = tuple(
            model.Band(low, high, half, SPAN)
            for low, high in zip(edges, ends, strict=True)
        )
        return policy_of(rates=hand.leaf(model.Rates(bands, Period.YEAR, SPAN)))

    assert refused(banded(66)) == "E480"
    assert lower(banded(64))


def test_too_many_rows() -> None:
    wide = by_code(coded("a", 300), by_code(coded("b", 300)))
    assert refused(policy_of(rates=wide)) == "E481"
    narrow = by_code(coded("a", 200), by_code(coded("b", 150)))
    assert len(lower(policy_of(rates=narrow)).benefits[0].figures) > 200


def test_codes_that_are_alike_cost_one_row() -> None:
    yes = model.Arm(frozenset({"7", "8"}), False, hand.leaf(hand.rate(60)), SPAN)
    rest = model.Arm(frozenset(), True, hand.leaf(hand.rate(50)), SPAN)
    inner = model.Table(coded("b", 500), (yes, rest), SPAN)
    outer = model.Table(coded("a", 500), (yes, replace(rest, body=inner)), SPAN)
    program = lower(policy_of(rates=outer))
    assert max(len(table.values) for table in program.tables) <= 501
    assert sorted(r.bands[0][2] for r in program.benefits[0].figures) == [5, 6, 6]


def test_too_fine() -> None:
    share = model.Const(model.Kind.RATE, Fraction(1, 3), SPAN)
    third = model.Rates(
        (model.Band(hand.fen(0), None, share, SPAN),), Period.YEAR, SPAN
    )
    assert refused(policy_of(rates=hand.leaf(third))) == "E482"
    line = hand.leaf(hand.deductible("0.000001"))
    fine = hand.rate("33.333")
    assert refused(policy_of(deductible=line, rates=hand.leaf(fine))) == "E482"


def test_lifetime() -> None:
    limit = model.Limit(hand.fen(1), Period.LIFETIME, None, SPAN)
    assert refused(policy_of(limits=hand.leaf((limit,)))) == "E483"
    line = hand.deductible(5, Period.LIFETIME)
    assert refused(policy_of(deductible=hand.leaf(line))) == "E483"


def test_year_end_that_looks_at_a_claim() -> None:
    rates = by_code(coded("a", 3))
    mode = model.SettleMode.YEAR_END
    assert refused(policy_of(rates=rates, settle=mode)) == "E484"


def test_periods_that_mean_nothing_together() -> None:
    by_claim = hand.leaf(hand.deductible(100, Period.CLAIM))
    gate = model.Gate(hand.fen(500), Operator.AT_LEAST, Period.YEAR, SPAN)
    assert refused(policy_of(deductible=by_claim, gate=hand.leaf(gate))) == "E485"
    mode = model.SettleMode.PER_CLAIM_YEAR_END_TOP_UP
    assert refused(policy_of(deductible=by_claim, settle=mode)) == "E485"
    per_claim = replace(gate, period=Period.CLAIM)
    assert lower(policy_of(deductible=by_claim, gate=hand.leaf(per_claim)))


def test_part_of_a_fen_as_a_limit() -> None:
    assert refused(policy_of(limits=hand.leaf(hand.limits("0.005")))) == "E486"


def test_too_large() -> None:
    assert refused(policy_of(limits=hand.leaf(hand.limits(10**17)))) == "E487"
    big = model.Binary(
        model.Kind.MONEY,
        Operator.ADD,
        hand.of(hand.SCOPE),
        hand.fen(10**18),
        SPAN,
    )
    policy = policy_of()
    expense = replace(policy.expenses[0], amount=big)
    assert refused(replace(policy, expenses=(expense,))) == "E487"


def dated(*values: model.Dated) -> model.ParameterRef:
    found = model.Parameter(
        "line", model.Kind.MONEY, values, (), None, False, hand.CITED, SPAN
    )
    return model.ParameterRef(model.Kind.MONEY, found, SPAN)


def test_a_parameter_that_begins_late() -> None:
    start = hand.dt.date(2023, 2, 1)
    late = dated(model.Dated(start, None, Fraction(100), None, SPAN))
    line = model.Deductible(late, Period.YEAR, SPAN)
    assert refused(policy_of(deductible=hand.leaf(line))) == "E488"


def test_a_parameter_that_ends_bounds_the_claims() -> None:
    end = hand.dt.date(2024, 6, 30)
    ends = dated(model.Dated(None, end, Fraction(100), None, SPAN))
    line = model.Deductible(ends, Period.YEAR, SPAN)
    program = lower(policy_of(deductible=hand.leaf(line)))
    assert program.known_until.claim == (end - hand.dt.date(1970, 1, 1)).days
    assert program.known_until.watch is None
    assert not program.dates  # nothing changes on the days that can be judged


def test_what_no_instruction_computes() -> None:
    product = model.Binary(
        model.Kind.MONEY,
        Operator.DIV,
        hand.of(hand.SCOPE),
        model.Const(model.Kind.COUNT, Fraction(3), SPAN),
        SPAN,
    )
    policy = policy_of()
    expense = replace(policy.expenses[0], amount=product)
    assert refused(replace(policy, expenses=(expense,))) == "E489"
    text = hand.of(hand.column("words", model.Kind.TEXT))
    compared = model.Binary(model.Kind.FLAG, Operator.IS, text, text, SPAN)
    assert refused(policy_of(applies=compared)) == "E489"


def test_damaged_files_are_told_in_both_languages() -> None:
    for number in range(801, 811):
        found = Diagnostic(f"P{number}", None, {"place": "head"})
        for language in ("zh", "en"):
            assert "head" in found.cause(language)
            assert found.way_out(language)


def test_a_day_after_the_last_of_the_calendar() -> None:
    last = model.Const(model.Kind.DATE, dt.date(9999, 12, 31), SPAN)
    for count in (1, 10**12):
        days = model.Const(model.Kind.COUNT, Fraction(count), SPAN)
        later = model.Binary(model.Kind.DATE, Operator.ADD, last, days, SPAN)
        with pytest.raises(RulesError) as raised:
            worth(later, At(dt.date(2023, 1, 1)))
        assert [found.code for found in raised.value.diagnostics] == ["E314"]
