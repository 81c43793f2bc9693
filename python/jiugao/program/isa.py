"""The instruction set. Written by rust/program/generate.py from isa.toml."""

# fmt: off
from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Op(IntEnum):
    """Opcodes: the first number of every instruction."""

    MONEY = 1
    COUNT = 2
    ROW = 3
    FLAG = 4
    DATE = 5
    INPUT = 10
    DAY = 11
    CLASS = 12
    HOLDS = 13
    REGIME = 14
    ADD = 20
    SUB = 21
    MULTIPLY = 22
    TIMES = 23
    RESCALE = 24
    MIN = 25
    MAX = 26
    ABOVE_ZERO = 27
    SHIFT = 28
    LT = 30
    LE = 31
    EQ = 32
    NE = 33
    AND = 40
    OR = 41
    NOT = 42
    IN_SET = 43
    LISTED = 45
    CHOOSE = 44
    RADIX = 50
    LOOKUP = 51
    SETTLE = 60
    DEFER = 61
    OFFER = 63
    TAKE = 64
    TALLY = 62
    CAP_BY_YEAR = 66
    PART = 67
    SETTLE_PARTS = 68
    PART_PAID = 69
    YEAR_TALLY = 70
    CLOSE = 71
    ROUND = 80


@dataclass(frozen=True)
class Spec:
    """Where an instruction may stand and what its numbers are."""

    sections: tuple[str, ...]
    operands: tuple[tuple[str, str], ...]  # name and type, in file order
    zh: str
    en: str

    @property
    def has_result(self) -> bool:
        """Whether the first operand is the register that receives a result."""
        return self.operands[:1] == (("d", "result"),)


SPECS: Mapping[Op, Spec] = {
    Op.MONEY: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("amount", "integer"), ("scale", "scale")),
        zh="常数金额",
        en="a constant amount",
    ),
    Op.COUNT: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("value", "integer")),
        zh="常数个数",
        en="a constant count",
    ),
    Op.ROW: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("value", "numerator")),
        zh="常数行号；界为值加一",
        en="a constant row number; its bound is the value plus one",
    ),
    Op.FLAG: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("value", "flag")),
        zh="常数是否",
        en="a constant truth value",
    ),
    Op.DATE: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("day", "day")),
        zh="常数日期",
        en="a constant day",
    ),
    Op.INPUT: Spec(
        sections=("claim", "enrolment"),
        operands=(("d", "result"), ("input", "input")),
        zh="本行的输入列：报销段读结算和机构的列，参保段读参保的列",
        en="this row’s value of an input: of claims and institutions in the claim section, of enrolment in the enrolment section",
    ),
    Op.DAY: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"),),
        zh="据以判断的日期（见“四个段”）",
        en="the day by which things are judged (see “The four sections”)",
    ),
    Op.CLASS: Spec(
        sections=("claim", "year", "watch"),
        operands=(("d", "result"),),
        zh="该日的身份类别；没有类别为 -1",
        en="the standing class on that day; -1 for none",
    ),
    Op.HOLDS: Spec(
        sections=("claim", "year", "enrolment"),
        operands=(("d", "result"), ("mask", "mask")),
        zh="该日是否持有所列身份之一",
        en="whether the person holds any of these identities on that day",
    ),
    Op.REGIME: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("dates", "dates")),
        zh="日期表中有几个不晚于该日；界为表长加一",
        en="how many days of the list are not after that day; its bound is the length of the list plus one",
    ),
    Op.ADD: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("a", "register"), ("b", "register")),
        zh="a + b",
        en="a + b",
    ),
    Op.SUB: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("a", "register"), ("b", "register")),
        zh="a − b",
        en="a − b",
    ),
    Op.MULTIPLY: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("a", "register"), ("numerator", "numerator"), ("scale_added", "scale")),
        zh="a × numerator，小数位数加 scale_added（70% 是 7 和 1）",
        en="a × numerator, the scale raised by scale_added (70 % is 7 and 1)",
    ),
    Op.TIMES: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("a", "register"), ("count", "register"), ("scale_added", "scale")),
        zh="a × 个数，小数位数加 scale_added（有日期的比例也如此相乘）",
        en="a × count, the scale raised by scale_added (a dated rate is multiplied this way too)",
    ),
    Op.RESCALE: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("a", "register"), ("power", "power")),
        zh="a × 10^power，同一金额写成更多小数位",
        en="a × 10^power: the same amount at a finer scale",
    ),
    Op.MIN: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("a", "register"), ("b", "register")),
        zh="a、b 中小的",
        en="the smaller of a and b",
    ),
    Op.MAX: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("a", "register"), ("b", "register")),
        zh="a、b 中大的",
        en="the larger of a and b",
    ),
    Op.ABOVE_ZERO: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("a", "register")),
        zh="a，小于 0 时为 0",
        en="a, or 0 where a is below 0",
    ),
    Op.SHIFT: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("a", "register"), ("days", "integer")),
        zh="a 之后 days 日（负数是之前）",
        en="the day so many days after a (before it, where below 0)",
    ),
    Op.LT: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("a", "register"), ("b", "register")),
        zh="a < b",
        en="a < b",
    ),
    Op.LE: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("a", "register"), ("b", "register")),
        zh="a ≤ b",
        en="a ≤ b",
    ),
    Op.EQ: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("a", "register"), ("b", "register")),
        zh="a = b",
        en="a = b",
    ),
    Op.NE: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("a", "register"), ("b", "register")),
        zh="a ≠ b",
        en="a ≠ b",
    ),
    Op.AND: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("a", "register"), ("b", "register")),
        zh="a 且 b",
        en="a and b",
    ),
    Op.OR: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("a", "register"), ("b", "register")),
        zh="a 或 b",
        en="a or b",
    ),
    Op.NOT: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("a", "register")),
        zh="非 a",
        en="not a",
    ),
    Op.IN_SET: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("a", "register"), ("set", "set")),
        zh="代码或类别 a 是否在集合中（-1 不在任何集合中）",
        en="whether the code or class a is in the set (-1 is in no set)",
    ),
    Op.LISTED: Spec(
        sections=("claim", "enrolment"),
        operands=(("d", "result"), ("a", "register"), ("day", "register"), ("list", "list")),
        zh="代码 a 在 day 那天是否在名录中（-1 不在任何名录中）",
        en="whether the code a is on the list on that day (-1 is on no list)",
    ),
    Op.CHOOSE: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("flag", "register"), ("a", "register"), ("b", "register")),
        zh="flag 为是取 a，否则取 b；行号的界取两者中大的",
        en="a where flag holds, else b; of rows the larger bound",
    ),
    Op.RADIX: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("a", "register"), ("n", "radix"), ("b", "register")),
        zh="a × n + b（代码和类别先加一）；b 的界不大于 n，结果的界为 a 的界 × n，不大于 65536",
        en="a × n + b (codes and classes count from -1, so one is added first); the bound of b is at most n, that of the result is the bound of a times n, at most 65536",
    ),
    Op.LOOKUP: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("a", "register"), ("table", "table")),
        zh="表的第 a 项（代码和类别先加一）；a 的界不大于表长；行号表的界为最大值加一",
        en="entry a of the table (for a code or class, entry a + 1); the bound of a is at most the table’s length; of a table of rows the bound is its greatest value plus one",
    ),
    Op.SETTLE: Spec(
        sections=("claim",),
        operands=(("d", "result"), ("base", "register"), ("row", "register"), ("uncovered", "register"), ("benefit", "benefit")),
        zh="按 row 行的数字在本次费用上结算一项待遇，结果是支付额（见“结算”）",
        en="settle a benefit on this claim by the figures of that row; the result is the payment (see “Settling”)",
    ),
    Op.DEFER: Spec(
        sections=("claim",),
        operands=(("base", "register"), ("row", "register"), ("benefit", "benefit")),
        zh="年终结算的待遇：本次只累计基数",
        en="a benefit settled at year end: the claim only adds its base",
    ),
    Op.OFFER: Spec(
        sections=("claim",),
        operands=(("base", "register"), ("row", "register"), ("uncovered", "register"), ("benefit", "benefit")),
        zh="择优中的一项待遇：本次的基数、数字行和账单余额（见“择优”）",
        en="an alternative of a choice: its base, row of figures and what the bill has left (see “Choosing”)",
    ),
    Op.TAKE: Spec(
        sections=("claim",),
        operands=(("d", "result"), ("benefit", "benefit")),
        zh="择优之后这项待遇的支付额；没有选中的是 0",
        en="what an alternative pays once the choice is made; 0 where another was chosen",
    ),
    Op.TALLY: Spec(
        sections=("claim",),
        operands=(("a", "register"), ("tally", "tally")),
        zh="把 a 加进本人本年的合计",
        en="add a to the total of the person’s year",
    ),
    Op.CAP_BY_YEAR: Spec(
        sections=("claim",),
        operands=(("d", "result"), ("a", "register"), ("b", "register"), ("row", "register"), ("benefit", "benefit"), ("slot", "numerator")),
        zh="本年 a 的合计与 b 的合计中小的，本次使它增加的部分；row 为 0 时不计入合计，结果为 0（见“各部分”）",
        en="by how much this claim raises the lesser of the year’s totals of a and of b; where row is 0 nothing is added and the result is 0 (see “Parts”)",
    ),
    Op.PART: Spec(
        sections=("claim",),
        operands=(("base", "register"), ("benefit", "benefit"), ("part", "numerator")),
        zh="分部分的待遇：一个部分的基数",
        en="a benefit in parts: the base of one part",
    ),
    Op.SETTLE_PARTS: Spec(
        sections=("claim",),
        operands=(("d", "result"), ("row", "register"), ("uncovered", "register"), ("benefit", "benefit")),
        zh="按 row 行的数字结算分部分的待遇，结果是各部分支付额之和（见“各部分”）",
        en="settle a benefit in parts by the figures of that row; the result is the sum of what the parts are paid (see “Parts”)",
    ),
    Op.PART_PAID: Spec(
        sections=("claim",),
        operands=(("d", "result"), ("benefit", "benefit"), ("part", "numerator")),
        zh="一个部分在本次的支付额",
        en="what one part is paid on this claim",
    ),
    Op.YEAR_TALLY: Spec(
        sections=("year", "watch"),
        operands=(("d", "result"), ("tally", "tally")),
        zh="本人本年的合计",
        en="the total of the person’s year",
    ),
    Op.CLOSE: Spec(
        sections=("year",),
        operands=(("d", "result"), ("row", "register"), ("left", "register"), ("uncovered", "register"), ("benefit", "benefit")),
        zh="年终结算：按 row 行的数字算出年终金额（见“年终”）",
        en="the year-end amount of a benefit by the figures of that row (see “Closing a year”)",
    ),
    Op.ROUND: Spec(
        sections=("claim", "year", "watch", "enrolment"),
        operands=(("d", "result"), ("a", "register"), ("mode", "mode"), ("unit", "unit")),
        zh="把 a 舍入到 unit 分",
        en="a rounded to unit fen",
    ),
}
