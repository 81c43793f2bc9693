"""What nobody knows is told: columns, kinds of amounts, identities."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

import jiugao
from jiugao.engine import StreamError
from tests.border.ground import RULES, claims, fen, program, run

CLAIM: dict[str, int | str] = {
    "med_type": "21",
    "medfee_sumamt": 1_000_000,
    "inscp_scp_amt": 1_000_000,
}


@pytest.mark.parametrize(
    "more",
    [{"constants": {"hipf_pay": "30000"}}, {"columns": {"hipf_pay": "medfee_sumamt"}}],
)
def test_a_column_that_nobody_knows_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(StreamError) as refused:
        jiugao.evaluate(RULES, claims(), **more)
    assert refused.value.code == "D811"
    assert "hifp_pay" in refused.value.diagnostic.way_out("en")
    with pytest.raises(StreamError) as again:
        jiugao.explained(RULES, claims(), "s1", **more)
    assert again.value.code == "D811"


def test_names_of_the_contract_and_of_the_policy_are_known() -> None:
    columns = {"psn_no": "psn_no", "inscp_amt": "inscp_scp_amt"}
    constants = {"certno": "1", "hifp_pay": "1000.00"}
    settled = jiugao.evaluate(RULES, claims(), columns=columns, constants=constants)
    assert fen(settled.table())[0] == 630_000


def test_a_constant_may_have_either_spelling() -> None:
    table = claims(inscp_scp_amt=None)
    settled = run(table, constants={"inscp_amt": "10000.00"}).table()
    assert fen(settled)[0] == 700_000


def test_a_mapping_to_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(StreamError) as refused:
        run(claims(), columns={"hifp_pay": "统筹支付"})
    assert refused.value.code == "D903"
    assert refused.value.diagnostic.arguments["column"] == "统筹支付"


def test_the_counter_refuses_a_column_that_nobody_knows() -> None:
    mine = jiugao.Counter(program()).account([("特困人员", None, None)])
    with pytest.raises(StreamError) as refused:
        mine.settle("2023-03-01", "1", CLAIM | {"hipf_pay": 300_000})
    assert refused.value.code == "D811"
    assert "hifp_pay" in refused.value.diagnostic.way_out("zh")
    paid = mine.settle("2023-03-01", "1", CLAIM | {"hifp_pay": 300_000, "certno": "1"})
    assert paid.benefits == {"aid": 490_000}


@pytest.mark.parametrize(
    "amount", [1000.0, None, Decimal("10000.00"), True, False, b"1", 10**30]
)
def test_amounts_of_another_kind_are_told(amount: Any) -> None:
    mine = jiugao.Counter(program()).account([("特困人员", None, None)])
    with pytest.raises(StreamError) as refused:
        mine.settle("2023-03-01", "1", CLAIM | {"medfee_sumamt": amount})
    assert refused.value.code == "D812"
    assert "fen" in refused.value.diagnostic.cause("en")
    assert repr(amount) in refused.value.diagnostic.cause("zh")
    assert mine.settle("2023-03-01", "1", CLAIM).benefits == {"aid": 700_000}


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())]
)
def test_identities_that_the_policy_does_not_name_are_counted(
    kind: pa.DataType,
) -> None:
    names = ["外星人", "特困人员、军人", "低保对象", None, "外星人", " "]
    cells = pa.array(names, pa.string())
    people = pa.table(
        {
            "psn_no": ["a", "a", "b", "c", "d", "e"],
            "psn_idet_type": cells.cast(kind),
            "begndate": ["2023-01-01"] * 6,
            "enddate": pa.nulls(6, pa.string()),
        }
    )
    settlement = run(claims(psn_idet_type=None), people=people)
    settlement.table()
    assert list(settlement.unnamed_identities().items()) == [("外星人", 2), ("军人", 1)]


def test_codes_as_numbers_are_counted_too() -> None:
    people = pa.table(
        {
            "psn_no": ["a", "b", "c"],
            "psn_idet_type": pa.array([7131, 9999, None], pa.int64()),
            "begndate": ["2023-01-01"] * 3,
            "enddate": pa.nulls(3, pa.string()),
        }
    )
    settlement = run(claims(psn_idet_type=None), people=people)
    settlement.table()
    assert settlement.unnamed_identities() == {"9999": 1}


def test_entries_of_dictionaries_are_there_once() -> None:
    settled = run(claims(), constants={"hifp_pay": "0"}).table()
    for column in settled.columns:
        if pa.types.is_dictionary(column.type):
            for chunk in column.chunks:
                entries = chunk.dictionary.to_pylist()
                assert len(set(entries)) == len(entries)
                assert "" not in entries
