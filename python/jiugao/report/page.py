"""A summary comes in; summary.html, one file that needs nothing else, goes out."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from jiugao.report.charts import BACK, OURS, Bar, pairs, yuan
from jiugao.report.pictures import Picture, pictures
from jiugao.report.summary import Line, Summary
from jiugao.report.words import cause_word, word
from jiugao.report.workbook import FIGURES, shown

SHOWN = 500  # adjustments on the page; all of them are in the workbook and in Parquet
CHARTED_MOST = 20  # bars of a chart; all lines are in its table
CHARTED = ("cause", "benefit", "standing", "area")
LISTED = ("payer", "benefit", "standing", "area", "institution", "year", "cause")
STYLE = """
body{font:15px/1.5 "Noto Sans CJK SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1c2733;background:#fff}
h1{font-size:1.6rem;margin-bottom:.2rem}h2{font-size:1.15rem;margin-top:2.2rem;border-bottom:2px solid #dde6ed;padding-bottom:.2rem}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{padding:.25rem .6rem;border-bottom:1px solid #e4eaf0;text-align:left}
th{background:#f2f6f9;position:sticky;top:0}td.n,th.n{text-align:right}.bad{color:#b00020;font-weight:600}.note{color:#5b6b7a}
figure{margin:.6rem 0}svg{max-width:100%;height:auto}
@media (prefers-color-scheme:dark){body{color:#dfe7ee;background:#151b21}th{background:#222b34}th,td{border-color:#2d3843}h2{border-color:#2d3843}.note,svg text{color:#9fb0bf;fill:#9fb0bf}}
@media (max-width:55rem){table{font-size:.82rem}th,td{padding:.2rem .3rem;overflow-wrap:anywhere}}
@media print{th{position:static}}
"""


def write_page(summary: Summary, path: Path, language: str) -> None:
    """Write the page: control totals, charts, tables, the first adjustments."""
    path.write_text(page(summary, language), "utf-8")


def page(summary: Summary, language: str) -> str:
    """The page as text."""
    title = escape(f"{summary.policy} · {word('title', language)}")
    parts = [
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{title}</title><style>{STYLE}</style></head><body>",
        f'<h1>{title}</h1><p class="note">{escape(summary.citation)} · {word("yuan", language)}</p>',
        _overview(summary, language),
        _balances(summary, language),
        *(_picture(picture, language) for picture in pictures(summary, language)),
    ]
    for split in LISTED:
        lines: tuple[Line, ...] = getattr(summary, f"by_{split}")
        if lines:
            parts.append(_section(summary, split, lines, language))
    parts.append(_adjustments(summary, language))
    parts.append(
        f'<p class="note">{word("program", language)} {summary.program}</p></body></html>\n'
    )
    return "".join(parts)


def html_table(
    headings: Sequence[tuple[str, bool]], rows: Sequence[Sequence[str]]
) -> str:
    """A table; headings say which columns are numbers. Cells are HTML already."""
    head = "".join(
        f"<th{' class=n' if number else ''}>{escape(h)}</th>" for h, number in headings
    )
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{' class=n' if number else ''}>{cell}</td>"
            for cell, (_, number) in zip(row, headings, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _overview(summary: Summary, language: str) -> str:
    cells = [(word(k, language), f"{n:,}") for k, n in summary.rows.items()]
    cells += [
        (word("charge", language), yuan(summary.charge)),
        (word("burden", language), yuan(summary.burden)),
    ]
    headings = [(name, True) for name, _ in cells]
    table = html_table(headings, [[value for _, value in cells]])
    left = summary.figures.burden
    if left == summary.burden:
        return table
    later = word("burden_later", language).format(left=yuan(left))
    return f'{table}<p class="note">{later}</p>'


def _balances(summary: Summary, language: str) -> str:
    keys = ("due", "paid", "difference", "rounding", "before")
    headings = [
        (word("benefit", language), False),
        (word("payer", language), False),
        *((word(k, language), True) for k in keys),
        (word("holds", language), False),
    ]
    rows = []
    for b in summary.balances:
        state = (
            word("yes", language)
            if b.holds
            else f'<span class="bad">{word("no", language)}</span>'
        )
        figures = [
            yuan(f) for f in (b.due, b.paid, b.adjustments, b.rounding, b.before)
        ]
        name = shown(summary, "benefit", b.benefit, language)
        rows.append([escape(name), escape(b.payer), *figures, state])
    return f"<h2>{word('balances', language)}</h2>" + html_table(headings, rows)


def _picture(picture: Picture, language: str) -> str:
    headings = [(h, n > 0) for n, h in enumerate(picture.headings)]
    told = yuan if picture.money else "{:,}".format
    rows = [
        [escape(name), *(told(figure) for figure in figures)]
        for name, figures in picture.rows
    ]
    title = word(picture.key, language)
    note = word(f"{picture.key}_note", language)
    return (
        f'<h2>{title}</h2><p class="note">{note}</p><figure>{picture.draw()}</figure>'
        f"{html_table(headings, rows)}"
    )


def _section(summary: Summary, split: str, lines: Sequence[Line], language: str) -> str:
    headings = [
        (word("name", language), False),
        *((word(k, language), True) for k in FIGURES),
    ]
    names = [shown(summary, split, line.name, language) for line in lines]
    rows = [
        [
            escape(name),
            *(
                f"{getattr(line, k):,}" if k == "count" else yuan(getattr(line, k))
                for k in FIGURES
            ),
        ]
        for name, line in zip(names, lines, strict=True)
    ]
    chart = ""
    if split in CHARTED:
        owed, owing = word("owed", language), word("owing", language)
        bars = [
            Bar(name, kind, fen)
            for name, line in list(zip(names, lines, strict=True))[:CHARTED_MOST]
            for kind, fen in ((owed, line.owed), (owing, line.owing))
        ]
        drawn = pairs(bars, {owed: OURS, owing: BACK})
        chart = f"<figure>{drawn}</figure>"
    return (
        f"<h2>{word(f'by_{split}', language)}</h2>{chart}{html_table(headings, rows)}"
    )


def _adjustments(summary: Summary, language: str) -> str:
    keys = (
        "setl_id",
        "psn_no",
        "benefit_year",
        "benefit",
        "due",
        "paid",
        "difference",
        "cause",
        "root_setl_id",
    )
    headings = [(word(k, language), k in ("due", "paid", "difference")) for k in keys]
    rows = [
        [
            escape(a.setl_id),
            escape(a.psn_no),
            str(a.benefit_year),
            escape(shown(summary, "benefit", a.benefit, language)),
            yuan(a.due),
            yuan(a.paid),
            yuan(a.difference),
            escape(cause_word(a.cause, language)),
            escape(a.root_setl_id),
        ]
        for a in summary.adjustments[:SHOWN]
    ]
    left = len(summary.adjustments) - len(rows)
    more = (
        f'<p class="note">{word("more", language).format(count=left)}</p>'
        if left > 0
        else ""
    )
    return f"<h2>{word('adjustments', language)}</h2>{html_table(headings, rows)}{more}"
