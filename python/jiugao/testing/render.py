"""A report comes in; lines for people go out, in Chinese or English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiugao.explain.words import money
from jiugao.testing.report import Part, Where

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from jiugao.testing.report import CaseResult, Coverage, Difference, Report

PARTS = {
    Part.CLASS: ("类别", "class"),
    Part.ROW: ("分支", "branch"),
    Part.BAND: ("分段", "band"),
    Part.DEDUCTIBLE: ("起付线或门槛", "deductible or gate"),
    Part.LIMIT: ("限额", "limit"),
    Part.REGIME: ("时段", "stretch of time from"),
    Part.READING: ("口径", "reading"),
    Part.WARNING: ("预警", "warning"),
    Part.SUBSIDY: ("资助", "subsidy"),
    Part.FUND: ("基金分担", "fund share"),
    Part.CARRIED: ("承接", "carried total"),
}
WHERE = {
    Where.ROW: ("", ""),
    Where.TOTAL: ("合计", "total"),
    Where.YEAR_END: ("年终", "year end"),
    Where.ENROLMENT: ("参保", "enrolment"),
    Where.FUND: ("基金", "fund"),
}


def lines(report: Report, language: str) -> Iterable[str]:
    """The whole report: failures row by row, the count, coverage with what is missed."""
    zh = language == "zh"
    for case in report.cases:
        yield from case_lines(case, language)
    answers = sum(c.answers for c in report.cases)
    good = len(report.cases) - len(report.failures)
    if zh:
        yield f"{report.policy}：算例 {len(report.cases)} 个，通过 {good} 个；比较 {answers} 个数"
    else:
        yield (
            f"{report.policy}: {good} of {len(report.cases)} examples pass; "
            f"{answers} amounts compared"
        )
    if report.coverage is not None:
        yield from coverage_lines(report.coverage, language)


def case_lines(case: CaseResult, language: str) -> Iterable[str]:
    """One example: nothing if it passes without a word, else each difference."""
    zh = language == "zh"
    line, column = case.span.line_column
    place = f"{case.span.source.name}:{line}:{column}"
    if case.passed:
        for refusal in case.rejections:
            note = "被退回，按不付计" if zh else "rejected, counts as unpaid"
            yield f"  {place} “{case.title}” {refusal.line} {refusal.code} {note}"
        return
    yield f"{'不通过' if zh else 'FAILED'} {place} “{case.title}”"
    if case.error is not None:
        yield f"  {case.error}"
    for difference in case.differences:
        yield difference_line(difference, language)
    for refusal in case.rejections:
        yield f"  {refusal.line} {'被退回' if zh else 'rejected'} {refusal.code}"


def difference_line(difference: Difference, language: str) -> str:
    """Expected and got, with the place of the line."""
    zh = language == "zh"
    line, _ = difference.span.line_column
    where = WHERE[difference.where][0 if zh else 1]
    head = " ".join(filter(None, (where, difference.line, difference.name)))
    expected = amount(difference.expected, difference, language)
    got = amount(difference.got, difference, language)
    if zh:
        return f"  第 {line} 行 {head}：应得 {expected}，算得 {got}"
    return f"  line {line} {head}: expected {expected}, got {got}"


def amount(fen: int | Fraction | str, difference: Difference, language: str) -> str:
    """An amount, the yes or no of a warning, or a payee or a deadline as it is."""
    if isinstance(fen, str):
        return fen or ("没有" if language == "zh" else "none")
    if difference.warning:
        yes, no = ("是", "否") if language == "zh" else ("yes", "no")
        return yes if fen else no
    if difference.number:
        return str(fen)
    return money(int(fen), language)


def coverage_lines(coverage: Coverage, language: str) -> Iterable[str]:
    """How much is reached by kind, then everything that is missed."""
    index = 0 if language == "zh" else 1
    parts = []
    for part, names in PARTS.items():
        targets = [t for t in coverage.targets if t.part is part]
        if targets:
            reached = sum(1 for t in targets if t.hits)
            parts.append(f"{names[index]} {reached}/{len(targets)}")
    comma = "，" if index == 0 else ", "
    yield ("覆盖：" if index == 0 else "coverage: ") + comma.join(parts)
    for target in coverage.missed:
        words = " ".join(
            filter(None, (PARTS[target.part][index], target.owner, target.what))
        )
        yield ("  没有算例走到：" if index == 0 else "  no example reaches: ") + words
