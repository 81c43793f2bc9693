"""The tables of a fund year come in; summary.html, which needs nothing else, goes out."""

from __future__ import annotations

from html import escape
from itertools import cycle, islice
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from jiugao.report.charts import COLOURS, Bar, stacks
from jiugao.report.funds_tables import shown_tables, text
from jiugao.report.page import STYLE, html_table
from jiugao.report.words import word

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from jiugao.report.funds_tables import Parts

MOST = 500  # rows of each table on the page
MOST_SHARES = 120  # parts of shared amounts in the chart; all are in the table


def write_page(head: tuple[str, str], parts: Parts, path: Path, language: str) -> None:
    """Write the page; `head` is the policy's name and the program's digest."""
    path.write_text(page(head, parts, language), "utf-8")


def page(head: tuple[str, str], parts: Parts, language: str) -> str:
    """The page as text."""
    name, digest = head
    title = escape(f"{name} · {word('funds_title', language)}")
    made = [
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{title}</title><style>{STYLE}</style></head><body>",
        f'<h1>{title}</h1><p class="note">{word("yuan", language)}</p>',
    ]
    made.append(_shares(parts[0], language))
    for shown in shown_tables(parts, language):
        if not shown.count:
            continue
        headings = list(zip(shown.headings, shown.numbers, strict=True))
        rows = [
            [escape(text(cell)) for cell in row] for row in islice(shown.rows(), MOST)
        ]
        made.append(f"<h2>{word(shown.key, language)}</h2>")
        made.append(html_table(headings, rows))
        left = shown.count - len(rows)
        if left > 0:
            file = f"{shown.key}.parquet"
            told = word("more_in", language).format(count=f"{left:,}", file=file)
            made.append(f'<p class="note">{told}</p>')
    made.append(
        f'<p class="note">{word("program", language)} {digest}</p></body></html>\n'
    )
    return "".join(made)


def _shares(statement: pa.Table, language: str) -> str:
    """Who bears what of every shared amount: surplus, loss, premium, each as one bar."""
    part = pc.equal(statement["sort"], "part")
    rows = statement.filter(pc.and_(part, pc.not_equal(statement["amount"], 0)))
    bars = [
        Bar(
            f"{row['fund_name']} {row['year']} {row['area'] or ''} · {row['item']}",
            row["bearer"],
            int(row["amount"].scaleb(2)),
        )
        for row in rows.slice(0, MOST_SHARES).to_pylist()
    ]
    if not bars:
        return ""
    bearers = dict.fromkeys(bar.kind for bar in bars)
    drawn = stacks(bars, dict(zip(bearers, cycle(COLOURS), strict=False)), money=True)
    return (
        f'<h2>{word("shares", language)}</h2><p class="note">{word("shares_note", language)}</p>'
        f"<figure>{drawn}</figure>"
    )
