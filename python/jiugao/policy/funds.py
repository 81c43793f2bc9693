"""Written funds (基金) come in; funds whose rows can be worked out in order go out."""

from __future__ import annotations

from dataclasses import field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from jiugao.dataclass import dataclass
from jiugao.diagnostics import Related
from jiugao.policy import fund_model, model
from jiugao.policy.expressions import Typing
from jiugao.policy.fold import folded, known, left_open
from jiugao.policy.nearest import report_unknown
from jiugao.policy.scope import Place
from jiugao.syntax import tree

if TYPE_CHECKING:
    from jiugao.diagnostics import Diagnostics
    from jiugao.policy.gather import Gathered, Placed
    from jiugao.policy.scope import Scope
    from jiugao.source import Span

Kind = model.Kind
POOLINGS = {"县": fund_model.Pooling.COUNTY, "市": fund_model.Pooling.CITY}
LATER = {
    "全额": fund_model.Later.FULL,
    "按月": fund_model.Later.BY_MONTH,
    "按日": fund_model.Later.BY_DAY,
    "不计": fund_model.Later.NOT_COUNTED,
}


def read_funds(
    gathered: Gathered, scope: Scope, absent: frozenset[str], found: Diagnostics
) -> tuple[fund_model.Fund, ...]:
    """Every fund."""
    read = [
        Reader(placed, scope, absent, found).fund() for placed in gathered.of(tree.Fund)
    ]
    return tuple(fund for fund in read if fund is not None)


@dataclass
class Reader:
    """One fund; a row is read when another first names it, so cycles are seen."""

    placed: Placed[tree.Fund]
    scope: Scope
    absent: frozenset[str]
    found: Diagnostics
    rows: dict[str, fund_model.Row | None] = field(default_factory=dict)
    path: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.node = self.placed.node
        self.written: dict[str, tree.Headcount | tree.Reckoned | tree.Share] = {}
        for row in self.node.rows:
            if isinstance(row, tree.Pooled):
                continue
            first = self.written.setdefault(row.name.text, row)
            if first is not row:
                place = Related(first.name.span, "first")
                self.found.add("E204", row.name.span, place, name=row.name.text)
        self.bearers = dict.fromkeys(
            part.name.text
            for row in self.node.rows
            if isinstance(row, tree.Share)
            for band in row.bands
            for part in band.parts
        )
        self.typing = FundTyping(self.scope, self.found, Place.FIGURE, reader=self)

    def fund(self) -> fund_model.Fund | None:
        """The fund, or None after findings without which it has no meaning."""
        node = self.node
        cited = self.placed.cited(node.citation)
        if cited is None and any(row.citation is None for row in self.written.values()):
            self.found.add("E601", node.name.span, name=node.name.text)
            return None
        pooled = self.pooling()
        for name in self.written:
            self.row(name)
        rows = tuple(row for row in self.rows.values() if row is not None)
        if not any(isinstance(row, tree.Share) for row in node.rows):
            self.found.add("E440", node.name.span, name=node.name.text)
        if len(rows) < len(self.written):
            return None
        return fund_model.Fund(
            node.name.text,
            node.code or node.name.text,
            pooled,
            rows,
            cited or rows[0].cited,
            node.span,
        )

    def pooling(self) -> fund_model.Pooling:
        """统筹 按 县 | 市, of which one is in force."""
        live: list[tree.Pooled] = []
        readings = Typing(self.scope, self.found, Place.READING)
        for row in self.node.rows:
            if not isinstance(row, tree.Pooled):
                continue
            if row.condition is None or known(readings.condition(row.condition)):
                live.append(row)
        for again in live[1:]:
            first = Related(live[0].span, "first")
            self.found.add("E204", again.span, first, name=again.span.text)
        if not live:
            return fund_model.Pooling.ALL
        level = live[0].level
        if level.text not in POOLINGS:
            report_unknown(self.found, level.span, level.text, POOLINGS)
        return POOLINGS.get(level.text, fund_model.Pooling.ALL)

    def row(self, name: str) -> fund_model.Row | None:
        """A row of the fund, read once; E441 where it needs itself."""
        if name in self.rows:
            return self.rows[name]
        written = self.written[name]
        if name in self.path:
            cycle = " → ".join([*self.path[self.path.index(name) :], name])
            self.found.add("E441", written.span, names=cycle)
            self.rows[name] = None
            return None
        self.path.append(name)
        cited = self.placed.cited(written.citation or self.node.citation)
        read = None if cited is None else self.read(written, cited)
        self.path.pop()
        if name not in self.rows:
            self.rows[name] = read
        return self.rows[name]

    def read(
        self,
        written: tree.Headcount | tree.Reckoned | tree.Share,
        cited: model.Cited,
    ) -> fund_model.Row | None:
        """One row."""
        match written:
            case tree.Headcount():
                return self.headcount(written, cited)
            case tree.Reckoned():
                amount = self.typing.inferred(written.amount)
                if amount is None:
                    return None
                whole = folded(amount, self.absent)
                return fund_model.Amount(written.name.text, whole, cited, written.span)
            case tree.Share():
                return self.share(written, cited)

    def headcount(
        self, written: tree.Headcount, cited: model.Cited
    ) -> fund_model.Headcount | None:
        """计数 name 于 day 当 condition 后续 …."""
        day = condition = None
        if written.as_of is not None:
            figures = Typing(self.scope, self.found, Place.FIGURE)
            day = figures.typed(written.as_of, Kind.DATE)
            if day is None:
                return None
        if written.condition is not None:
            rows = Typing(self.scope, self.found, Place.ENROLMENT)
            condition = rows.condition(written.condition)
            if condition is None:
                return None
        later = written.later
        if later is not None and later.text not in LATER:
            report_unknown(self.found, later.span, later.text, LATER)
        way = LATER.get(later.text) if later else None
        return fund_model.Headcount(
            written.name.text,
            day,
            left_open(condition),
            way or fund_model.Later.FULL,
            cited,
            written.span,
        )

    def share(self, written: tree.Share, cited: model.Cited) -> fund_model.Share | None:
        """分担 name = amount [占 base] { … }."""
        amount = self.typing.typed(written.amount, Kind.MONEY)
        base = self.typing.typed(written.of, Kind.MONEY) if written.of else None
        if amount is None or (written.of is not None and base is None):
            return None
        edges = Kind.RATE if written.of is not None else Kind.MONEY
        if written.of is not None and not written.bands[0].edged:
            self.found.add("E442", written.of.span, name=written.name.text)
            return None
        bands: list[fund_model.Band] = []
        before: model.Expression | None = model.Const(
            edges, Fraction(0), written.name.span
        )
        for band in written.bands:
            if before is None and band.lower is None:
                self.found.add("E404", band.span, text=band.span.text)
                return None
            lower = self.typing.typed(band.lower, edges) if band.lower else before
            upper = self.typing.typed(band.upper, edges) if band.upper else None
            parts = self.parts(band)
            if lower is None or (band.upper and upper is None) or parts is None:
                return None
            bands.append(fund_model.Band(lower, upper, parts, band.span))
            before = upper
        last = bands[-1].upper
        if last is not None:
            self.found.add("E403", bands[-1].span, text=last.span.text)
            return None
        whole = folded(amount, self.absent)
        return fund_model.Share(
            written.name.text, whole, base, tuple(bands), cited, written.span
        )

    def parts(self, band: tree.ShareBand) -> tuple[fund_model.Part, ...] | None:
        """Who bears what of a band: rates, or amounts."""
        read: list[fund_model.Part] = []
        for part in band.parts:
            share = self.typing.inferred(part.share)
            if share is None:
                return None
            if share.kind not in (Kind.RATE, Kind.MONEY):
                self.typing.report_kind(part.share, share, Kind.RATE)
                return None
            if read and share.kind is not read[0].share.kind:
                first = Related(read[0].span, "first")
                self.found.add("E443", part.span, first)
                return None
            if share.kind is Kind.MONEY and band.edged:
                self.typing.report_kind(part.share, share, Kind.RATE)
                return None
            if any(part.name.text == other.bearer for other in read):
                self.found.add("E204", part.span, name=part.name.text)
                return None
            if part.name.text in self.written:
                place = Related(self.written[part.name.text].name.span, "first")
                self.found.add("E204", part.name.span, place, name=part.name.text)
                return None
            read.append(fund_model.Part(part.name.text, folded(share), part.span))
        return tuple(read)

    # --- what its amounts may name ---

    def named(self, node: tree.Name) -> model.Expression | None:
        """A row of the fund, or what a benefit paid in the year."""
        text, span = node.text, node.span
        if text in self.written:
            row = self.row(text)
            if row is None:
                return None
            return model.YearFigure(row.kind, "row", text, span)
        return self.paid(text, span)

    def paid(self, text: str, span: Span) -> model.Expression | None:
        """What a benefit paid; 0 for one that the readings leave out."""
        if text not in self.scope.payments:
            return None
        paid = self.scope.payments[text]
        refs = [
            model.YearFigure(Kind.MONEY, "benefit", p.name, span)
            for p in paid
            if p.computed and p.name not in self.absent
        ]
        if not all(p.computed for p in paid):
            return None
        whole: model.Expression = model.Const(Kind.MONEY, Fraction(0), span)
        for ref in refs:
            add = tree.Operator.ADD
            whole = folded(model.Binary(Kind.MONEY, add, whole, ref, span))
        return whole

    def before(self, node: tree.LastYear) -> model.Expression | None:
        """上年 name: a row or a bearer of the year before."""
        text = node.name.text
        if text in self.bearers:
            of, kind = "bearer", Kind.MONEY
        elif text in self.written:
            row = self.written[text]
            of = "row"
            match row:
                case tree.Headcount():
                    kind = Kind.COUNT
                case tree.Share():
                    kind = Kind.MONEY
                case tree.Reckoned():
                    read = None if text in self.path else self.row(text)
                    kind = read.kind if read else Kind.MONEY
        elif (paid := self.paid(text, node.span)) is not None:
            return before_of(paid)
        else:
            return None
        return model.YearFigure(kind, of, text, node.span, last_year=True)

    def names(self) -> list[str]:
        """Every name that may stand in an amount."""
        paid = [
            n for n, p in self.scope.payments.items() if all(one.computed for one in p)
        ]
        return [*self.written, *paid, *self.scope.parameters]


def before_of(expression: model.Expression) -> model.Expression:
    """The same figures of the year before."""
    match expression:
        case model.YearFigure():
            return replace(expression, last_year=True)
        case model.Binary():
            left, right = before_of(expression.left), before_of(expression.right)
            return replace(expression, left=left, right=right)
        case model.Smaller() | model.Excess():
            left, right = before_of(expression.left), before_of(expression.right)
            return replace(expression, left=left, right=right)
        case _:
            return expression


@dataclass(frozen=True, kw_only=True)
class FundTyping(Typing):
    """Amounts of a fund: its rows, benefits, parameters and constants."""

    reader: Reader

    def name(self, node: tree.Name) -> model.Expression | None:
        """A row or a benefit, else what may stand in any figure."""
        reader = self.reader
        if node.text in reader.written or node.text in self.scope.payments:
            read = reader.named(node)
            if read is not None or node.text in reader.written:
                return read
        return super().name(node)

    def misplaced(self, node: tree.Name, wanted: str) -> None:
        """A name that no amount of a fund may hold."""
        text = node.text
        if text in self.scope.unread:
            return
        if text in self.reader.bearers:
            what = "@bearer"
        else:
            found = self.scope.what(text)
            if found is None:
                report_unknown(self.found, node.span, text, self.reader.names())
                return
            what = found
        del wanted
        self.found.add("E306", node.span, name=text, what=what, wanted="@fund_name")

    def last_year(self, node: tree.LastYear) -> model.Expression | None:
        """上年 name: of the fund, else a dated figure."""
        read = self.reader.before(node)
        if read is not None:
            return read
        if node.name.text in self.scope.parameters:
            return super().last_year(node)
        known_names = [*self.reader.bearers, *self.reader.names()]
        report_unknown(self.found, node.name.span, node.name.text, known_names)
        return None
