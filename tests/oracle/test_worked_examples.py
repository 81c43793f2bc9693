"""The worked examples of the field, against policies put together by hand."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from jiugao.policy import model
from jiugao.syntax.tree import Operator, Period
from tests.oracle import Application, Held, evaluate, hand

JAN, FEB, MAR, AUG = (dt.date(2023, month, 10) for month in (1, 2, 3, 8))


def claim(
    settlement: str, day: dt.date, amount: str | int, **more: object
) -> dict[str, object]:
    """A claim wholly in scope, in yuan."""
    paid = int(hand.yuan(amount))
    return {
        "psn_no": "p", "setl_id": settlement, "init_setl_id": None, "setl_time": day,
        "medfee_sumamt": paid, "inscp_scp_amt": paid, "hifp_pay": 0, **more,
    }  # fmt: skip


def reversal(settlement: str, day: dt.date, original: str) -> dict[str, object]:
    """A row that undoes another."""
    return {**claim(settlement, day, 0), "init_setl_id": original}


def paid(result: object, code: str) -> list[Fraction]:
    """What every row paid of one benefit, in yuan."""
    return [Fraction(row.payments[code], 100) for row in result.rows]  # type: ignore[attr-defined]


ONE, TWO = Held("p", "特困"), Held("p", "低保边缘")


@pytest.mark.parametrize(
    ("amount", "assistance", "reassistance", "person"),
    [
        ("16666.66", "11666.66", "0", "5000.00"),
        ("16666.67", "11666.67", "0", "5000.00"),
        ("20000", "14000", "700", "5300"),
    ],
)
def test_e22_exactly_at_the_line(
    amount: str, assistance: str, reassistance: str, person: str
) -> None:
    result = evaluate(hand.liaocheng(), [claim("1", MAR, amount)], [ONE])
    assert paid(result, "assistance") == [Fraction(assistance)]
    assert paid(result, "reassistance") == [Fraction(reassistance)]
    assert result.rows[0].burden == hand.yuan(person)


def test_e25_two_claims_under_the_same_limits() -> None:
    result = evaluate(
        hand.liaocheng(), [claim("1", MAR, 40000), claim("2", AUG, 10000)], [ONE]
    )
    assert paid(result, "assistance") == [28000, 2000]
    assert paid(result, "reassistance") == [4900, 5600]
    assert sum(row.burden for row in result.rows) == hand.yuan(9500)


def test_e27_standing_rises_in_the_year() -> None:
    held = [
        Held("p", "监测", dt.date(2023, 1, 1), dt.date(2023, 6, 30)),
        Held("p", "低保", dt.date(2023, 7, 1), None),
    ]
    claims = [claim("1", MAR, 10000), claim("2", AUG, 10000)]
    result = evaluate(hand.liaocheng(), claims, held, close_year=True)
    assert paid(result, "assistance") == [3500, 7000]
    assert paid(result, "reassistance") == [0, 2100]
    (year,) = result.years
    assert year.year_end == {"assistance": 0, "reassistance": hand.yuan(1050)}


def test_e27_mirror_standing_falls_in_the_year() -> None:
    held = [
        Held("p", "低保", dt.date(2023, 1, 1), dt.date(2023, 6, 30)),
        Held("p", "监测", dt.date(2023, 7, 1), None),
    ]
    claims = [claim("1", MAR, 10000), claim("2", AUG, 10000)]
    result = evaluate(hand.liaocheng(), claims, held, close_year=True)
    assert paid(result, "assistance") == [7000, 5000]
    assert result.years[0].year_end["reassistance"] == 0


@pytest.mark.parametrize(("amount", "warned"), [("18780", False), ("18780.01", True)])
def test_e28_exactly_at_the_threshold_is_not_over(amount: str, warned: bool) -> None:
    result = evaluate(hand.liaocheng(), [claim("1", MAR, amount)], [TWO])
    assert result.years[0].warned == {"warning": warned}
    assert result.years[0].sums == {"warning": hand.yuan(amount)}


def test_meaning_3_4_a_rise_in_standing_takes_nothing_back() -> None:
    held = [
        Held("p", "低保边缘", None, dt.date(2023, 6, 30)),
        Held("p", "低保", dt.date(2023, 7, 1), None),
    ]
    result = evaluate(
        hand.liaocheng(), [claim("1", MAR, 50000), claim("2", AUG, 10000)], held
    )
    assert paid(result, "assistance") == [15000, 7000]


def test_meaning_3_8_reversal_after_the_limit() -> None:
    claims = [
        claim("1", JAN, 30000), claim("2", FEB, 20000), claim("3", MAR, 10000),
        reversal("4", AUG, "1"),
    ]  # fmt: skip
    result = evaluate(hand.liaocheng(), claims, [ONE])
    assert paid(result, "assistance") == [21000, 9000, 0, -9000]
    assert [row.role for row in result.rows] == [
        "reversed",
        "settled",
        "settled",
        "reversal",
    ]
    assert sum(row.burden for row in result.rows) + sum(
        sum(row.payments.values()) for row in result.rows
    ) == hand.yuan(30000)


def test_a_claim_is_reversed_once_and_only_after_it() -> None:
    claims = [
        reversal("0", JAN, "1"), claim("1", FEB, 100), reversal("2", MAR, "1"),
        reversal("3", MAR, "1"), reversal("4", MAR, "2"), reversal("5", MAR, "x"),
    ]  # fmt: skip
    result = evaluate(hand.liaocheng(), claims, [ONE])
    assert [row.role for row in result.rows] == [
        "rejected", "reversed", "reversal", "rejected", "rejected", "rejected",
    ]  # fmt: skip


def supplement() -> model.Policy:
    """Xianning, class two, in-catalogue: above 3,000 a year at 70 %."""
    one = hand.benefit(
        "supplement",
        deductible=hand.leaf(hand.deductible(3000)),
        rates=hand.leaf(hand.rate(70)),
        limits=hand.leaf(()),
        standing=False,
    )
    return hand.policy((hand.klass("二类", "二类"),), (one,))


def test_e20_crossing_and_reversal() -> None:
    claims = [
        claim("1", JAN, 1200), claim("2", FEB, 1500), claim("3", MAR, 900),
        reversal("4", AUG, "2"),
    ]  # fmt: skip
    result = evaluate(supplement(), claims)
    assert paid(result, "supplement") == [0, 0, 420, -420]
    assert sum(row.burden for row in result.rows[:3]) == hand.yuan(3180)
    assert sum(row.burden for row in result.rows) == hand.yuan(2100)


@pytest.mark.parametrize(
    ("first", "outpatient", "inpatient"), [("O", 6000, 14000), ("I", 2000, 18000)]
)
def test_e11_shared_limits_in_claim_order(
    first: str, outpatient: int, inpatient: int
) -> None:
    kind = hand.column("kind", model.Kind.CODE)

    def of_kind(code: str) -> model.Expression:
        return model.InSet(model.Kind.FLAG, hand.of(kind), frozenset({code}), hand.SPAN)

    shares = tuple(
        model.SharedLimit(name, hand.fen(amount), Period.YEAR, None, hand.SPAN)
        for name, amount in (("special", 6000), ("major", 20000))
    )
    out = hand.benefit(
        "outpatient",
        deductible=hand.leaf(hand.deductible(None)),
        rates=hand.leaf(hand.rate(60)),
        limits=hand.leaf(hand.shared("special", "major")),
        applies=of_kind("O"),
        standing=False,
    )
    stay = hand.benefit(
        "inpatient",
        deductible=hand.leaf(hand.deductible(None)),
        rates=hand.leaf(hand.rate(45)),
        limits=hand.leaf(hand.shared("major")),
        applies=of_kind("I"),
        standing=False,
    )
    policy = hand.policy(
        (hand.klass("参保", "参保"),), (stay, out), shared_limits=shares
    )
    amounts = {"O": 12000, "I": 40000}
    order = [first, "I" if first == "O" else "O"]
    claims = [
        claim(str(n), day, amounts[k], kind=k)
        for n, (k, day) in enumerate(zip(order, (JAN, FEB), strict=True))
    ]
    result = evaluate(policy, claims)
    assert sum(paid(result, "outpatient")) == outpatient
    assert sum(paid(result, "inpatient")) == inpatient
    assert result.years[0].used["major"] == hand.yuan(20000)


def test_look_back_pays_one_sum_booked_to_the_year_of_the_application() -> None:
    claims = [
        claim("1", dt.date(2023, 2, 1), 8000),  # before the window
        claim("2", dt.date(2023, 4, 1), 8000),
        claim("3", dt.date(2024, 1, 5), 12000),
        claim("4", dt.date(2024, 4, 20), 5000),  # the application day itself
        claim("5", dt.date(2024, 12, 31), 30000),
        claim("6", dt.date(2025, 1, 1), 30000),
    ]
    asked = [Application("p", dt.date(2024, 4, 20), "因病致贫")]
    result = evaluate(hand.liaocheng(), claims, [], asked)
    assert paid(result, "assistance") == [0, 0, 0, 3000, 11000, 0]
    lumps = [year for year in result.years if year.application]
    assert [year.look_back["assistance"] for year in lumps] == [hand.yuan(6000)]
    assert lumps[0].benefit_year == 2024
    assert [row.standing for row in result.rows] == [
        None,
        None,
        None,
        "three",
        "three",
        None,
    ]


def test_a_claim_paid_under_another_class_is_out_of_the_window() -> None:
    held = [Held("p", "低保边缘", dt.date(2023, 1, 1), dt.date(2023, 3, 31))]
    claims = [
        claim("1", JAN, 2000),  # class two, below its deductible: counts
        claim("2", FEB, 5000),  # class two, paid: out
        claim("3", dt.date(2023, 4, 1), 15000),
    ]
    asked = [Application("p", dt.date(2023, 5, 10), "因病致贫")] * 2
    result = evaluate(hand.liaocheng(), claims, held, asked)
    assert paid(result, "assistance") == [0, 2000, 0]
    (lump,) = [year for year in result.years if year.application]
    assert lump.look_back["assistance"] == hand.yuan(4200)


def test_never_more_than_the_bill_has_uncovered() -> None:
    claims = [claim("1", JAN, 10000, medfee_sumamt=200000), claim("2", FEB, 1000)]
    claims[0]["medfee_sumamt"] = 200000  # 2,000 yuan in all
    result = evaluate(hand.liaocheng(), claims, [ONE])
    assert paid(result, "assistance") == [2000, 700]
    assert result.rows[0].burden == 0


@pytest.mark.parametrize(
    ("operator", "amount", "expected"),
    [
        (Operator.AT_LEAST, "5000", "3500"),
        (Operator.OVER, "5000", "0"),
        (Operator.OVER, "5000.01", "3500.01"),
    ],
)
def test_a_gate_pays_all_or_nothing(
    operator: Operator, amount: str, expected: str
) -> None:
    one = hand.benefit(
        "gated",
        deductible=hand.leaf(hand.deductible(None)),
        rates=hand.leaf(hand.rate(70)),
        limits=hand.leaf(()),
        gate=hand.leaf(model.Gate(hand.fen(5000), operator, Period.YEAR, hand.SPAN)),
        standing=False,
    )
    policy = hand.policy((hand.klass("二类", "二类"),), (one,))
    assert paid(evaluate(policy, [claim("1", JAN, amount)]), "gated") == [
        Fraction(expected)
    ]


def test_rounding_is_of_the_cumulative_amount() -> None:
    tiny = [claim(str(n), JAN, "0.01") for n in range(10)]
    rows = evaluate(hand.liaocheng(), tiny, [ONE]).rows
    assert [row.payments["assistance"] for row in rows] == [
        1,
        0,
        1,
        1,
        1,
        0,
        1,
        1,
        0,
        1,
    ]
