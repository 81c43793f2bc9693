"""Every kind of broken row: how it is broken, and what must be said of it. One table.

Each case has a person of its own, with one good claim that must count (`good`), and the
rows that the case adds. All of them stand in one year of files, so that nothing that is
wrong with one case may touch another.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Row = dict[str, str]
SHORT, LONG = "short", "long"  # a CSV line with a field less or more


@dataclass(frozen=True)
class Case:
    """`expect`: (table, which of the rows added to it, column, code); row -1 is the good one.

    `claims` and the other tables: what is changed of a good row. `warned`: the row counts
    and stands in warnings.csv. `csv_only`: says something that only text can say.
    """

    name: str
    expect: tuple[tuple[str, int, str, str], ...]
    claims: tuple[Row, ...] = ()
    people: tuple[Row, ...] = ()
    institutions: tuple[Row, ...] = ()
    applications: tuple[Row, ...] = ()
    warned: bool = False
    good: bool = True
    csv_only: bool = False
    broken: str = ""
    settled: int = 0  # rows of the case's own that count, beside the good one
    undone: dict[str, str] = field(default_factory=dict)  # changes of the good claim


def cell(name: str, column: str, value: str, code: str) -> Case:
    """One cell of a claim that cannot be taken."""
    expect = (("claims", 0, column, code),)
    return Case(name, expect, ({column: value},))


def odd(name: str, column: str, code: str, **changes: str) -> Case:
    """A claim that counts and contradicts itself."""
    expect = (("claims", 0, column, code),)
    return Case(name, expect, (changes,), warned=True, settled=1)


def beside(name: str, table: str, column: str, value: str, code: str) -> Case:
    """One cell of another table."""
    rows: dict[str, tuple[Row, ...]] = {table: ({column: value},)}
    return Case(name, ((table, 0, column, code),), **rows)  # type: ignore[arg-type]


MINUS = {
    "medfee_sumamt": "-1000.00", "inscp_scp_amt": "-1000.00", "hifp_pay": "-400.00", "fund_pay_sumamt": "-400.00",
    "psn_part_amt": "-600.00", "psn_cash_pay": "-600.00", "setl_time": "2023-08-01 08:00:00", "refd_setl_flag": "1",
}  # fmt: skip
GOOD = "GOOD"  # stands for the settlement id of the case's good claim
FIRST = "FIRST"  # and this for that of the first row added

CASES = (
    # a value that is missing
    cell("no person", "psn_no", "", "D951"),
    cell("no settlement", "setl_id", "", "D951"),
    cell("a settlement of blanks", "setl_id", "   ", "D951"),
    cell("no time", "setl_time", "", "D951"),
    cell("no kind of care", "med_type", "", "D951"),
    cell("no total", "medfee_sumamt", "", "D951"),
    cell("nothing in scope", "inscp_scp_amt", "", "D951"),
    # amounts
    cell("three decimals", "medfee_sumamt", "1000.001", "D953"),
    cell("words for an amount", "medfee_sumamt", "一千元", "D952"),
    cell("an exponent", "medfee_sumamt", "1e3", "D952"),
    cell("thousands separators", "medfee_sumamt", "1,000.00", "D952"),
    cell("a currency sign", "medfee_sumamt", "¥1000.00", "D952"),
    cell("not a number", "medfee_sumamt", "NaN", "D952"),
    cell("infinite", "medfee_sumamt", "inf", "D952"),
    cell("two points", "medfee_sumamt", "1.000.00", "D952"),
    cell("a hexadecimal number", "medfee_sumamt", "0x3E8", "D952"),
    cell("a formula", "medfee_sumamt", "=1000+0", "D952"),
    cell("an error of a spreadsheet", "medfee_sumamt", "#REF!", "D952"),
    cell("more than 64 bits hold", "medfee_sumamt", "99999999999999999999.00", "D952"),
    cell("words for a fund's payment", "hifp_pay", "无", "D952"),
    cell("three decimals of a fund", "maf_pay", "0.005", "D953"),
    cell("below zero and no original", "medfee_sumamt", "-1000.00", "D958"),
    cell("a fund below zero and no original", "hifp_pay", "-400.00", "D958"),
    # days and times
    cell("a day that is none", "setl_time", "2023-02-30 08:00:00", "D954"),
    cell("an hour that is none", "setl_time", "2023-03-01 25:00:00", "D954"),
    cell("words for a day", "setl_time", "去年三月", "D954"),
    cell("day and month changed about", "setl_time", "13/03/2023", "D954"),
    cell("a spreadsheet's number of a day", "setl_time", "44986", "D954"),
    Case("before the policy", (("claims", 0, "setl_time", "D966"),),
         ({"setl_time": "2022-12-31 23:59:59", "year": "2022", "begndate": "2022-12-20", "enddate": "2022-12-31"},)),
    # codes and flags
    cell("a kind of care that is none", "med_type", "777", "D957"),
    cell("marked invalid", "vali_flag", "0", "D963"),
    cell("an institution that is not in the table", "fixmedins_code", "H99999", "D972"),
    # what a row says of others
    cell("flagged as refunded, and nothing undoes it", "refd_setl_flag", "1", "D965"),
    Case("undoes what is not there", (("claims", 0, "init_setl_id", "D967"),), ({**MINUS, "init_setl_id": "S-nowhere"},)),
    Case(
        "undone twice", (("claims", 1, "init_setl_id", "D968"),),
        ({**MINUS, "init_setl_id": GOOD}, {**MINUS, "init_setl_id": GOOD, "setl_time": "2023-09-01 08:00:00"}),
        undone={"refd_setl_flag": "1"}, settled=1,
    ),
    Case(
        "undone before it was made", (("claims", 0, "init_setl_id", "D969"),),
        ({**MINUS, "init_setl_id": GOOD, "setl_time": "2023-01-02 08:00:00", "begndate": "2023-01-01"},), undone={"refd_setl_flag": "1"},
    ),
    Case(
        "undone with other amounts", (("claims", 0, "init_setl_id", "D973"),),
        ({**MINUS, "init_setl_id": GOOD, "medfee_sumamt": "-999.00", "inscp_scp_amt": "-999.00", "psn_part_amt": "-599.00",
          "psn_cash_pay": "-599.00"},), undone={"refd_setl_flag": "1"},
    ),
    Case(
        "undoes what was itself undoing", (("claims", 1, "init_setl_id", "D974"),),
        ({**MINUS, "init_setl_id": GOOD}, {**MINUS, "init_setl_id": FIRST, "setl_time": "2023-09-01 08:00:00"}),
        undone={"refd_setl_flag": "1"}, settled=1,
    ),
    Case("copies that differ", (("claims", 0, "hifp_pay", "D959"), ("claims", 1, "hifp_pay", "D959")),
         ({"setl_id": "S-copy"}, {"setl_id": "S-copy", "hifp_pay": "401.00", "fund_pay_sumamt": "401.00",
                                  "psn_part_amt": "599.00", "psn_cash_pay": "599.00"})),
    # lines
    Case("a field too few", (("claims", 0, "", "D960"),), ({},), broken=SHORT, csv_only=True),
    Case("a field too many", (("claims", 0, "", "D960"),), ({},), broken=LONG, csv_only=True),
    # people
    Case("an identity that runs backwards", (("people", 0, "enddate", "D962"), ("claims", -1, "psn_no", "D961")),
         people=({"begndate": "2023-05-01", "enddate": "2023-04-30"},), good=False),
    beside("an identity of nobody", "people", "psn_no", "", "D951"),
    beside("no identity", "people", "psn_idet_type", "", "D951"),
    beside("an identity code that no list has", "people", "psn_idet_type", "A07", "D964"),
    beside("an identity from a day that is none", "people", "begndate", "2023-13-01", "D954"),
    beside("an identity to a day that is none", "people", "enddate", "长期", "D954"),
    # institutions
    beside("an institution without a code", "institutions", "fixmedins_code", "", "D951"),
    beside("neither designated nor not", "institutions", "designated", "也许", "D955"),
    beside("neither here nor elsewhere", "institutions", "in_area", "2", "D955"),
    # applications
    beside("an application of nobody", "applications", "psn_no", "", "D951"),
    beside("an application without a day", "applications", "apply_date", "", "D951"),
    beside("an application on a day that is none", "applications", "apply_date", "2023-06-31", "D954"),
    beside("an application for nothing", "applications", "psn_idet_type", "", "D951"),
    # rows that count, and contradict themselves
    odd("the person's part is another", "psn_part_amt", "D977", psn_part_amt="500.00", psn_cash_pay="500.00"),
    odd("cash is another", "psn_cash_pay", "D978", psn_cash_pay="500.00"),
    odd("the funds do not add up", "fund_pay_sumamt", "D979", fund_pay_sumamt="500.00", psn_part_amt="500.00", psn_cash_pay="500.00"),
    odd("more in scope than there is", "inscp_scp_amt", "D980", inscp_scp_amt="900.00"),
    odd("the year of another day", "year", "D983", year="2022"),
    odd("a stay that ends before it begins", "enddate", "D993", begndate="2023-02-20", enddate="2023-02-10"),
    odd("settled before the visit", "setl_time", "D994", begndate="2023-07-02", enddate="2023-07-03"),
    odd("words for cash", "psn_cash_pay", "D952", psn_cash_pay="无", acct_pay=""),
    odd("words for the day of admission", "begndate", "D954", begndate="上周"),
)  # fmt: skip
