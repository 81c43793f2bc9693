"""A program comes in; what it does, line by line in a reader's language, goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.program.dates import date
from jiugao.program.encode import digest
from jiugao.program.isa import SPECS, Op
from jiugao.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jiugao.program.body import (
        Benefit,
        Figures,
        PartFigures,
        Place,
        Program,
        Words,
    )

WORDS: Mapping[str, tuple[str, str]] = {
    "program": ("程序", "program"),
    "inputs": ("输入", "inputs"),
    "classes": ("类别", "classes"),
    "figures": ("数字", "figures"),
    "claim": ("每次结算", "each claim"),
    "year": ("年终", "year end"),
    "years": ("年度起始日", "years begin on"),
    "carries": ("承接", "carries"),
    "watch": ("指标", "indicators"),
    "enrolment": ("参保资助", "enrolment"),
    "tables": ("表", "tables"),
    "deductible": ("起付线", "deductible"),
    "gate": ("门槛", "gate"),
    "limit": ("限额", "limit"),
    "shared": ("共用", "shared"),
    "at_least": ("达到", "at least"),
    "over": ("超过", "over"),
    "each_claim": ("每次", "each claim"),
    "each_year": ("年度", "year"),
    "input": ("输入", "input"),
    "expense": ("费用", "expense"),
    "left": ("费用剩余", "expense left"),
    "paid": ("已付", "paid"),
    "base": ("基数", "base"),
    "row": ("数字行", "row"),
    "uncovered": ("未补偿", "uncovered"),
    "pay": ("支付", "payment"),
    "part": ("部分", "part"),
    "part_paid": ("部分的支付", "payment of a part"),
    "burden": ("个人负担", "burden"),
    "excess": ("超付", "excess"),
    "standing": ("身份类别", "standing"),
    "holds": ("持有身份", "holds"),
    "day": ("日期", "day"),
    "regime": ("时段", "regime"),
    "figure": ("数值", "figure"),
    "listed": ("名录", "list"),
    "condition": ("条件", "condition"),
    "group": ("分组", "group"),
    "step": ("", ""),
    "watched": ("观察额", "watched"),
    "sum": ("年合计", "year’s sum"),
    "target": ("目标", "target"),
    "warned": ("预警", "warned"),
    "close": ("年终支付", "year-end payment"),
    "alternative": ("可选", "alternative"),
    "outlay": ("垫付", "laid out"),
    "reimbursing": ("是否归垫", "makes good"),
    "covers": ("减少账单", "off the bill"),
    "payee": ("收款方", "payee"),
    "due": ("期限", "deadline"),
    "payee_excess": ("超出垫付", "beyond the outlay"),
    "outlay_replaced": ("顶替垫付", "outlay replaced"),
    "offer": ("择优备选", "alternative offered"),
}


def listing(program: Program, language: str = "zh") -> str:
    """A readable disassembly, `zh` or `en`."""
    return "\n".join(Listing(program, language).lines()) + "\n"


class Listing:
    """One program in one language."""

    def __init__(self, program: Program, language: str) -> None:
        self.program = program
        self.column = 0 if language == "zh" else 1
        self.sources = [Source(s.name, s.text) for s in program.sources]

    def word(self, key: str) -> str:
        """A word of the listing."""
        return WORDS[key][self.column]

    def lines(self) -> Iterator[str]:
        """All lines."""
        program = self.program
        head = program.policy
        yield f"{self.word('program')} {head.name} ({head.code})  {digest(program)}"
        if not program.years.calendar:
            begin = program.years
            yield f"{self.word('years')} {begin.month:02}-{begin.day:02}"
        for carried in program.carried:
            lines = (f"{t.new} = {t.old}" for t in carried.totals)
            named = f"{self.word('carries')} {carried.name} ({carried.code})"
            yield f"{named}: {', '.join(lines)}"
        yield from self.named("inputs", self.inputs())
        yield from self.named("classes", (c.name for c in program.classes))
        for position, benefit in enumerate(program.benefits):
            yield f"\n{self.word('figures')} {position} {benefit.name} ({benefit.code})"
            for row, figures in enumerate(benefit.figures, start=1):
                yield f"  {row}  {self.row(benefit, figures)}"
        yield from self.named("tables", self.tables())
        yield from self.section("claim", "claim", program.claim.code)
        for year in program.year:
            name = program.benefits[year.benefit].name
            yield from self.section("year", f"year:{year.benefit}", year.code, name)
        yield from self.section("watch", "watch", program.watch.code)
        yield from self.section("enrolment", "enrolment", program.enrolment.code)

    def named(self, key: str, lines: Iterator[str]) -> Iterator[str]:
        """A heading and numbered lines; nothing where there are none."""
        for number, line in enumerate(lines):
            if number == 0:
                yield f"\n{self.word(key)}"
            yield f"  {number}  {line}"

    def inputs(self) -> Iterator[str]:
        """Each input with its kind."""
        for found in self.program.inputs:
            yield f"{found.column}  {found.label}  {found.kind}"

    def tables(self) -> Iterator[str]:
        """Each table with its values."""
        for found in self.program.tables:
            scale = f"({found.scale})" if found.kind == "money" else ""
            yield f"{found.kind}{scale}  {' '.join(map(str, found.values))}"

    # --- figures ---

    def row(self, benefit: Benefit, figures: Figures) -> str:
        """One row of figures."""
        base, rate = benefit.base_scale, benefit.rate_scale
        parts = [figures.note] if figures.note else []
        if figures.deductible:
            amount, period = figures.deductible
            parts.append(
                f"{self.word('deductible')} {self.each(period)} {yuan(amount, base)}"
            )
        if figures.gate:
            amount, operator, period = figures.gate
            parts.append(
                f"{self.word('gate')} {self.each(period)}"
                f" {self.word(str(operator))} {yuan(amount, base)}"
            )
        for lower, upper, share in figures.bands:
            span = f"{yuan(lower or 0, base)}–{'' if upper is None else yuan(upper, base)}: "
            plain = len(figures.bands) == 1
            parts.append(("" if plain else span) + percent(share or 0, rate))
        if figures.parts is not None:
            parts.append(self.part_rates(benefit, figures.parts, rate))
        for limit in figures.limits:
            name = self.each(limit[0])
            if limit[0] == "shared":
                name = (
                    f"{self.word('shared')} {self.program.limits[int(limit[1])].name}"
                )
            parts.append(f"{self.word('limit')} {name} {yuan(limit[-1], 0)}")
        return "  ".join(parts)

    def part_rates(self, benefit: Benefit, shares: PartFigures, scale: int) -> str:
        """The rates of the parts, in the order in which they use up the deductible."""
        order = shares.order or range(len(shares.rates))
        rates = ", ".join(
            f"{benefit.parts[n].name} {percent(shares.rates[n], scale)}" for n in order
        )
        return f"{shares.sharing}: {rates}" if shares.sharing else rates

    def each(self, period: str | int) -> str:
        """The word of a period."""
        return self.word("each_claim" if period == "claim" else "each_year")

    # --- instructions ---

    def section(
        self, key: str, section: str, code: tuple[Words, ...], name: str = ""
    ) -> Iterator[str]:
        """A section's instructions with what each is and where it is written."""
        if not code:
            return
        yield f"\n{self.word(key)} {name}".rstrip()
        debug = {d.index: d for d in self.program.debug if d.section == section}
        for index, words in enumerate(code):
            found = debug[index]
            label = f"{self.word(found.role)} {found.label}".strip()
            yield f"{self.instruction(words):42}{label}  {self.place(found.place)}".rstrip()

    def instruction(self, words: Words) -> str:
        """Result, name and operands."""
        op, *operands = words
        spec = SPECS[Op(op)]
        shown = [
            self.operand(kind, value)
            for value, (_, kind) in zip(operands, spec.operands, strict=True)
        ]
        result = f"{shown.pop(0):>4} = " if spec.has_result else " " * 7
        return f"{result}{Op(op).name} {' '.join(shown)}".rstrip()

    def operand(self, kind: str, value: int) -> str:
        """An operand with what it points to."""
        match kind:
            case "register" | "result":
                return f"r{value}"
            case "input":
                return self.program.inputs[value].column
            case "benefit":
                return self.program.benefits[value].code
            case "mask":
                names = self.program.identities
                return "、".join(n for i, n in enumerate(names) if value >> i & 1)
            case "set":
                return "{" + ",".join(map(str, self.program.sets[value])) + "}"
            case "list":
                return f"「{self.program.lists[value].name}」"
            case "dates":
                return ",".join(map(day, self.program.dates[value]))
            case "table" | "tally":
                return f"{kind}[{value}]"
            case "day":
                return day(value)
            case _:
                return str(value)

    def place(self, place: Place) -> str:
        """Passage, clauses and source line."""
        parts = [place.text, ", ".join(place.clauses)]
        if place.span is not None:
            source, start, _ = place.span
            line, _ = self.sources[source].line_column(start)
            parts.append(f"{self.sources[source].name}:{line}")
        return "  ".join(filter(None, parts))


def yuan(amount: int | str, scale: int) -> str:
    """An amount of a scale as a decimal of yuan."""
    places = scale + 2
    digits = str(abs(int(amount))).rjust(places + 1, "0")
    cut = f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")
    return ("-" if int(amount) < 0 else "") + cut


def percent(numerator: int, scale: int) -> str:
    """A rate as a percentage."""
    return yuan(numerator * 10 ** max(0, 4 - scale), max(0, scale - 4)) + "%"


def day(number: int) -> str:
    """A day as 2023-01-01."""
    return date(number).isoformat()
